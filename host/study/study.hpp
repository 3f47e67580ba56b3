// A study as resolved: every name, every default, everything in SI.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/study/asked_keys.hpp"
#include "host/study/placement.hpp"
#include "host/study/study_error.hpp"
#include "kernels/scenario.hpp"

namespace longwatch {

/// Ends a run at the first whole block of flights after which an interval is narrow enough.
struct StopRule {
    std::string on;  ///< one of stop_quantities(); "" for none
    double half_width = 0;
    double confidence = 0;
    int arm = -1, consumer = -1;  ///< -1: every one
};

struct Study {
    std::filesystem::path path;
    std::string name;      ///< the file's stem, fit for a terminal
    std::string question;  ///< what it asks, one sentence
    std::uint64_t seed = 0;
    std::int64_t flights = 0;
    StopRule stop;
    Placement placement;

    std::string text;      ///< the file as given
    std::string resolved;  ///< the same with every default and catalogue value, SI units, TOML
    std::string hash;      ///< SHA-256 of resolved without seed and flights, hexadecimal

    std::vector<std::string> assumptions;  ///< sentences a reader of the result must know

    std::vector<Place> threat_places;  ///< of each threat's apogee, for what aiming finds

    // Names in the order of the scenario's indices.
    std::vector<std::string> threats, sensors, origins, nodes, links, arms, consumers, batteries;
    std::vector<int> node_origins;  ///< the state that a node belongs to; -1: none is said

    /// Filled but for what preparing computes: aim maps, longest flight times, detection curves,
    /// fly-out tables.
    std::unique_ptr<Scenario> scenario;
};

struct CatalogFiles;

/// What goes with the reading of a study.
struct StudyReading {
    /// The folder of the catalogue as the user gives it, in place of the one that the study names.
    std::optional<std::filesystem::path> catalog = {};
    std::vector<AskedTable>* asked = nullptr;  ///< gets the tables read, and the keys asked of each
    CatalogFiles* kept = nullptr;              ///< keeps the catalogue's files for further studies
};

/// Reads, checks and resolves a study file. Throws StudyErrors with every problem of the study.
Study read_study(std::filesystem::path const& path, StudyReading const& with = {});
/// The same of its text in hand, as if it stood at path.
Study read_study_text(std::string text, std::filesystem::path const& path,
                      StudyReading const& with = {});

}  // namespace longwatch
