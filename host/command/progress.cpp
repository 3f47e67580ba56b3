#include "host/command/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "host/command/output.hpp"
#include "host/command/whole_number.hpp"
#include "results/show/table.hpp"

namespace longwatch {

namespace {

constexpr auto bar_pause = std::chrono::milliseconds(100);
constexpr auto line_pause = std::chrono::seconds(5);
constexpr int widest_bar = 40;

// The bar takes the columns the text leaves, and goes first where the terminal is narrow.
std::string fitted_bar(std::string const& text, double done_frac, int columns)
{
    int const room = std::min(columns - static_cast<int>(text.size()) - 4, widest_bar);
    if (room < 5) { return text.substr(0, static_cast<std::size_t>(std::max(columns - 1, 0))); }
    auto const full = static_cast<std::size_t>(done_frac * room);
    auto const empty = static_cast<std::size_t>(room) - full;
    return "[" + std::string(full, '#') + std::string(empty, '.') + "] " + text;
}

int terminal_columns()
{
    winsize size{};
    bool const known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

}  // namespace

ProgressStyle progress_style(bool quiet)
{
    if (quiet) { return ProgressStyle::none; }
    auto const* const terminal = std::getenv("TERM");
    bool const draws = terminal != nullptr && std::string_view(terminal) != "dumb";
    return isatty(STDERR_FILENO) && draws ? ProgressStyle::bar : ProgressStyle::lines;
}

std::string progress_text(std::int64_t done, std::int64_t total, double elapsed_s)
{
    auto text = fmt::format("{:3.0f} %  {} of {} flights",
                            100.0 * static_cast<double>(done) / static_cast<double>(total),
                            grouped(done), grouped(total));
    if (done <= 0 || elapsed_s <= 0) { return text; }
    double const rate_per_s = static_cast<double>(done) / elapsed_s;
    auto const left_s =
        static_cast<std::uint64_t>(std::lround(static_cast<double>(total - done) / rate_per_s));
    text += fmt::format("  {}/s", grouped(rate_per_s));
    return text + (left_s < 3600 ? fmt::format("  {}:{:02} left", left_s / 60, left_s % 60)
                                 : fmt::format("  {}:{:02}:{:02} left", left_s / 3600,
                                               left_s / 60 % 60, left_s % 60));
}

ProgressDisplay::ProgressDisplay(std::int64_t total, ProgressStyle style)
    : total_(total), style_(style), start_(Clock::now()), last_shown_(start_)
{
}

ProgressDisplay::~ProgressDisplay()
{
    if (bar_is_drawn_) { tell("\r\033[K"); }
}

double ProgressDisplay::elapsed_s() const
{
    return std::chrono::duration<double>(Clock::now() - start_).count();
}

void ProgressDisplay::update(std::int64_t done)
{
    if (style_ == ProgressStyle::none || done >= total_) { return; }
    auto const instant = Clock::now();
    bool const is_bar = style_ == ProgressStyle::bar;
    auto const pause = is_bar ? Clock::duration(bar_pause) : Clock::duration(line_pause);
    if (instant - last_shown_ < pause) { return; }
    last_shown_ = instant;
    auto const text = progress_text(done, total_, elapsed_s());
    if (is_bar) {
        double const done_frac = static_cast<double>(done) / static_cast<double>(total_);
        tell("\r" + fitted_bar(text, done_frac, terminal_columns()) + "\033[K");
        bar_is_drawn_ = true;
    } else {
        tell(text + "\n");
    }
}

}  // namespace longwatch
