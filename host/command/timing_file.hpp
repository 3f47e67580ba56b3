// How fast a run was, for longwatch regress: a line of JSON beside the result, which itself holds no timing, so that equal
// results are equal files.
#pragma once

#include <chrono>
#include <ctime>
#include <fstream>
#include <string>

#include "results/store/result_file.hpp"

namespace longwatch {

struct Elapsed {
    double wall_s = 0;
    double cpu_s = 0;  ///< of this process, all its threads together
};

class Stopwatch {
public:
    Elapsed elapsed() const;

private:
    std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
    std::clock_t cpu_ = std::clock();
};

class TimingFile {
public:
    /// Opens it to add to. Throws CannotRun where that cannot be, or something else than timings is there.
    explicit TimingFile(std::string path);
    /// Adds the run's line for so many flights flown in that time: on a CPU flights per second of CPU time, times threads, so that what other programs take of the
    /// machine does not count; on a GPU flights per second. Throws CannotRun where it does not get onto the disk.
    void add(ResultFile const& result, std::int64_t flights, Elapsed const& elapsed);

private:
    std::string path_;
    std::ofstream file_;
};

/// The model of this machine's CPU, as Linux tells it; "unknown" where it does not.
std::string processor_name();

}  // namespace longwatch
