// A small, complete study without a catalogue, and ways to read a changed copy of it.
#pragma once

#include <catch2/catch.hpp>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/study/study.hpp"
#include "host/study/study_error.hpp"
#include "tests/support/folder.hpp"

namespace longwatch::test {

inline char const small_study[] = R"(question = "Who is warned, and when?"
flights = 1000
seed = 7

[[threat]]
name = "short"
launch = { latitude_deg = 10, longitude_deg = 20, radius_km = 5 }
aim = { latitude_deg = 12, longitude_deg = 24, radius_km = 8 }
apogee_km = 150
payload_kg = 500
ballistic_coefficient_kgpm2 = 2000
vertical_rise_s = 4
pitch_over_s = 6
rcs_boost_dbsm = 10
rcs_midcourse_dbsm = 0
rcs_reentry_m2 = 0.1
stage = [{ propellant_kg = 5000, dry_kg = 600, thrust_vacuum_kn = 130, specific_impulse_vacuum_s = 250, diameter_m = 1.2 }]
drag = { mach = [0, 1.2, 5], coefficient = [0.15, 0.4, 0.15] }
dispersion = { thrust = { kind = "normal", mean = 1, sigma = 0.01 } }

[[origin]]
name = "here"
[[origin]]
name = "there"

[[node]]
name = "radars"
origin = "here"
[[node]]
name = "centre"
origin = "here"
fuses = true
fusion = { kind = "lognormal", median_s = 5, sigma_log = 0.3 }
[[node]]
name = "town"
origin = "there"
relay_min = 0.5

[[sensor]]
name = "first"
kind = "radar"
node = "radars"
latitude_deg = 11
longitude_deg = 21
reference_range_km = 800
reference_snr_db = 20
instrumented_range_km = 900
azimuth_half_width_deg = 60
elevation_min_deg = 2
look_period_s = 5
hits_required = 3
looks_considered = 5
bandwidth_mhz = 1
beamwidth_deg = 1.5
processing = { kind = "triangular", low_s = 1, mode_s = 2, high_s = 4 }
[[sensor]]
name = "second"
kind = "infrared"
node = "radars"
origin = "there"
satellite_longitude_deg = 30
cloud_top_km = 7
revisit_s = 10
probability_of_detection = 0.9
hits_required = 2
looks_considered = 3
processing_s = 10

[[link]]
name = "report"
from = "radars"
to = "centre"
latency_s = 2
[[link]]
name = "warn"
group = "outward"
from = "centre"
to = "town"
latency = { kind = "lognormal", median_s = 20, sigma_log = 0.4 }
availability = 0.99
origins = ["here"]

[[consumer]]
name = "mayor"
node = "town"
threats = ["short"]
clock = "impact"
impact_sigma_km = 100

[[battery]]
name = "guard"
node = "town"
latitude_deg = 12
longitude_deg = 24
threats = ["short"]
impact_sigma_km = 30
burnout_speed_kmps = 2
boost_s = 15
range_max_km = 100
altitude_min_km = 10
altitude_max_km = 80
kill_probability = 0.8
commit_s = 10
inventory = 4

[[arm]]
name = "alone"
links = ["report"]
[[arm]]
name = "shared"
extends = "alone"
groups = ["outward"]
release = [{ link = "warn", kinds = ["alert"], origins = ["here", "there"] }]
)";

/// The small study with the first occurrence of a text replaced.
inline std::string changed(std::string const& what, std::string const& by,
                           std::string text = small_study)
{
    auto const at = text.find(what);
    if (at == std::string::npos) { throw std::logic_error("not in the study: " + what); }
    return text.replace(at, what.size(), by);
}

/// The small study with a radar that looks all round, and so sees the flights.
inline std::string seen_from_all_sides()
{
    return changed("azimuth_half_width_deg = 60", "azimuth_half_width_deg = 180");
}

/// The 1-based line of the first occurrence of a text.
inline int line_of(std::string const& what, std::string const& text)
{
    auto const at = text.find(what);
    int line = 1;
    for (std::size_t i = 0; i < at && i < text.size(); ++i) { line += text[i] == '\n' ? 1 : 0; }
    return line;
}

inline std::filesystem::path write_study(Folder const& folder, std::string const& text)
{
    auto const path = folder.path / "study.toml";
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

inline Study study_of(std::string const& text)
{
    Folder const folder;
    return read_study(write_study(folder, text));
}

/// The problems of a study; none if it has none.
inline std::vector<StudyProblem> problems_of(std::string const& text)
{
    try {
        study_of(text);
    } catch (StudyErrors const& errors) {
        return errors.problems;
    }
    return {};
}

/// The message of the one problem that a study text has.
inline std::string only_message(std::string const& text)
{
    auto const problems = problems_of(text);
    for (auto const& problem : problems) { UNSCOPED_INFO(problem.line << ": " << problem.message); }
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].line > 0);
    return problems[0].message;
}

}  // namespace longwatch::test
