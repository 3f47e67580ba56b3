// How far a run is, told on standard error: a bar with rate and time left on a terminal, a plain line now
// and then elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace longwatch {

enum class ProgressStyle { none, lines, bar };

/// The style for standard error as it is.
ProgressStyle progress_style(bool quiet);

/// "45 %  90,000 of 200,000 flights  12,300/s  0:09 left"
std::string progress_text(std::int64_t done, std::int64_t total, double elapsed_s);

class ProgressDisplay {
public:
    ProgressDisplay(std::int64_t total, ProgressStyle style);
    /// Takes the bar away, so that what follows starts on a clean line.
    ~ProgressDisplay();
    ProgressDisplay(ProgressDisplay const&) = delete;
    ProgressDisplay& operator=(ProgressDisplay const&) = delete;

    void update(std::int64_t done);
    double elapsed_s() const;

private:
    using Clock = std::chrono::steady_clock;

    std::int64_t total_;
    ProgressStyle style_;
    Clock::time_point start_, last_shown_;
    bool bar_is_drawn_ = false;
};

}  // namespace longwatch
