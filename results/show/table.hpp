// Text tables whose columns line up, and numbers with no more digits than they deserve.
#pragma once

#include <string>
#include <vector>

#include "results/statistics/estimates.hpp"

namespace longwatch {

struct Table {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
};

/// First column to the left, the others to the right, two spaces between. Where that is wider than
/// `width_max`, later columns go into further tables below, each with the first column.
std::string lay_out(Table const& table, std::size_t width_max = 100);

/// Columns that a UTF-8 text takes, one per code point.
std::size_t text_width(std::string const& text);

/// 1234567 as "1,234,567".
std::string grouped(std::int64_t count);

// An interval end that is open is marked with < or >.

/// "87.3 (87.2–87.5)" in percent; "-" where absent.
std::string percent(MaybeEstimate const& e);
/// "+3.4 (+3.1 to +3.7)" in percentage points.
std::string percent_gain(MaybeEstimate const& e);
/// "12:34 (12:30–12:39)" in minutes and seconds.
std::string minutes(MaybeEstimate const& e);
/// The same with signs.
std::string minutes_gain(MaybeEstimate const& e);
/// "1.52 (1.51–1.53)".
std::string plain(MaybeEstimate const& e);

}  // namespace longwatch
