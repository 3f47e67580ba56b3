// An exercise as its folder has it: who takes part, where, under which study. Written by the exercise, read by every node.
//
//   DIR/exercise.json      this plan
//   DIR/certificates.json  of every member, so that makers' signatures can be checked
//   DIR/NODE/              a node's own: key.pem, identity.pem, permissions.p7s, ca.pem, governance.p7s; script.msgpack; journal; messages.csv; log
//   DIR/messages.csv, .h5  every message, when it is over
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "host/exercise/wire.hpp"
#include "host/study/study.hpp"

namespace longwatch {

inline constexpr char const* conductor_name = "conductor";
inline constexpr char const* message_rows_file = "messages.csv";

struct ExercisePlan {
    std::string exercise;    ///< its own name, of random letters
    std::string study_hash;  ///< of the study that it plays
    std::uint64_t seed = 0;
    std::string arm;
    std::vector<std::int64_t> flights;
    int base_port = 0;
    std::vector<WirePlace> places;  ///< of all members; the conductor is the first
};

/// Throws std::system_error.
void write_plan(std::filesystem::path const& folder, ExercisePlan const& plan);
/// Throws std::runtime_error, which names the file, where it is no plan, or another study's. Its texts are fit for paths and for XML.
ExercisePlan read_plan(std::filesystem::path const& folder, Study const& study);

/// Four numbers with points between: nothing that would have to be looked up.
bool is_address(std::string const& text);

/// The member's part of the network: its links in the plan's arm, its neighbours, and the conductor.
WireSettings wire_settings(ExercisePlan const& plan, std::filesystem::path const& folder,
                           Study const& study, std::string const& member);

/// Nodes that take part in an arm: that have a sensor, a link, a consumer or a battery there.
std::vector<int> nodes_of_arm(Study const& study, int arm);

}  // namespace longwatch
