// Text tables whose columns line up, and numbers with no more digits than they deserve.
#pragma once

#include <string>
#include <vector>

#include "results/statistics/estimates.hpp"

namespace longwatch {

inline constexpr std::size_t text_width_max = 98;
inline constexpr std::size_t name_width_max = 28;       ///< in a table
inline constexpr std::size_t half_name_width_max = 20;  ///< where two share a column

/// Breaks a text between words, fit for a terminal; the first line begins with `first`, the others
/// with `indent`.
std::string wrapped(std::string const& text, std::string const& first, std::string const& indent);

/// An estimate in other units; as it is where absent.
MaybeEstimate scaled(MaybeEstimate estimate, double by);

struct Table {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
};

/// First column to the left, the others to the right, two spaces between. Where that is wider than
/// `width_max`, later columns go into further tables below, each with the first column.
std::string lay_out(Table const& table, std::size_t width_max = 100);

/// 1234567 as "1,234,567".
std::string grouped(std::int64_t count);

/// "1 flight", "2,000 flights".
std::string counted(std::int64_t count, std::string const& noun);

// A number that stands for one below or above it is marked with < or >: an end that is open, a value
// beyond the range of the tally. An estimate that nothing bounds has no_bounds in its brackets.
inline constexpr char const* no_bounds = "no bounds";

/// "87.3 (87.2–87.5)" in percent; "-" where absent. Only 0 is shown as 0 and only 1 as 100.
std::string percent(MaybeEstimate const& e);
/// "+3.4 (+3.1 to +3.7)" in percentage points.
std::string percent_gain(MaybeEstimate const& e);
/// "12:34 (12:30–12:39)" in minutes and seconds.
std::string minutes(MaybeEstimate const& e);
/// The same with signs.
std::string minutes_gain(MaybeEstimate const& e);
/// "1.52 (1.51–1.53)".
std::string plain(MaybeEstimate const& e);
/// "+1.52 (+1.51 to +1.53)".
std::string plain_gain(MaybeEstimate const& e);

}  // namespace longwatch
