#include "host/command/timing_file.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "host/command/text_place.hpp"
#include "results/comparison/baseline.hpp"

namespace longwatch {

TimingFile::TimingFile(std::string path) : path_(std::move(path))
{
    check_text_place(path_, OwnText::timing);
    errno = 0;
    file_.open(path_, std::ios::app);
    if (!file_) {
        throw CannotRun(fmt::format("cannot write {} ({}) give another file with --timing", path_,
                                    std::strerror(errno)));
    }
}

Elapsed Stopwatch::elapsed() const
{
    std::chrono::duration<double> const wall = std::chrono::steady_clock::now() - wall_;
    return {wall.count(), static_cast<double>(std::clock() - cpu_) / CLOCKS_PER_SEC};
}

void TimingFile::add(ResultFile const& result, std::int64_t flights, Elapsed const& elapsed)
{
    if (flights <= 0) { return; }
    auto const& from = result.provenance;
    bool const is_cpu = from.device == "cpu" && elapsed.cpu_s > 0;
    double const elapsed_s = is_cpu ? elapsed.cpu_s / from.threads : elapsed.wall_s;
    Throughput const one{from.device,
                         processor_name(),
                         from.instructions,
                         from.threads,
                         {static_cast<double>(flights) / elapsed_s}};
    file_ << timing_line(result.study.name, one) << std::flush;
    if (!file_) {
        throw CannotRun(fmt::format(
            "cannot write {} (is the disk full?) the run's result is not affected", path_));
    }
}

std::string processor_name()
{
    std::ifstream info("/proc/cpuinfo");
    std::string line;
    while (std::getline(info, line)) {
        if (line.compare(0, 10, "model name") != 0) { continue; }
        auto const colon = line.find(": ");
        if (colon != std::string::npos) { return line.substr(colon + 2); }
    }
    return "unknown";
}

}  // namespace longwatch
