// The tables of engagements: arms, leakers, batteries, arm against arm.
#pragma once

#include <string>

#include "results/statistics/estimates.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

/// "" where no flight may be taken by any battery. Names are fit for a terminal.
std::string engagement_tables(Estimates const& e, ResultNames const& names, int raid_size);

}  // namespace longwatch
