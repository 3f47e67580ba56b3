// How fast a run was, for longwatch regress: a line of JSON beside the result, which itself holds no timing, so that equal
// results are equal files.
#pragma once

#include <fstream>
#include <string>

#include "results/store/result_file.hpp"

namespace longwatch {

class TimingFile {
public:
    /// Opens it to add to. Throws CannotRun where that cannot be.
    explicit TimingFile(std::string path);
    /// Adds the run's line; throws CannotRun where it does not get onto the disk.
    void add(ResultFile const& result, double elapsed_s);

private:
    std::string path_;
    std::ofstream file_;
};

/// The model of this machine's CPU, as Linux tells it; "unknown" where it does not.
std::string processor_name();

}  // namespace longwatch
