// A baseline: what a regression remembers of a result. A small text table, one quantity a line (JSON).
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "results/comparison/measured.hpp"

namespace longwatch {

/// Flights per second of one program on one machine, once for each repeat.
struct Throughput {
    std::string device;        ///< as in results
    std::string processor;     ///< model of the CPU
    std::string instructions;  ///< of the lanes
    int threads = 1;
    std::vector<double> flights_per_s;

    bool is_of_same_machine(Throughput const& other) const
    {
        return device == other.device && processor == other.processor &&
               instructions == other.instructions && threads == other.threads;
    }
};

struct Baseline {
    std::string study, study_hash;
    /// Each entry of the study with a number of all its values (study_entries).
    std::vector<std::pair<std::string, std::string>> entries;
    std::string code_version, git_hash, created_utc;
    std::string device, precision, instructions;
    int lanes = 1;
    std::uint64_t seed = 0;
    std::int64_t first_flight = 0, flight_count = 0;
    std::string sampling;
    int raid_size = 1;
    std::string tally_hash;  ///< SHA-256 of all cells, those of the randomisations included
    std::vector<Measured> quantities;
    std::vector<Throughput> throughput;
};

/// A file is no baseline, or cannot be read: what() is a message for the user.
struct BaselineError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// All but entries, tally_hash and throughput, which results do not know.
Baseline baseline_of(ResultFile const& result);

/// What a baseline file holds.
std::string baseline_text(Baseline const& baseline);
/// Throws BaselineError, naming the file, the key and what is wrong with it.
Baseline read_baseline(std::filesystem::path const& path);

/// Lines that longwatch run --timing has written: repeats on one machine are put together. Throws BaselineError.
std::vector<Throughput> read_timing(std::filesystem::path const& path, std::string const& study);

/// Whether a file that begins so holds such lines.
bool begins_as_timing(std::string_view head);

/// One such line, with its end.
std::string timing_line(std::string const& study, Throughput const& one);

}  // namespace longwatch
