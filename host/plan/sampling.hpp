// Sampling: what a run needs beyond the study's words, and what its number of flights does to it.
#pragma once

#include <string>
#include <vector>

#include "host/study/study.hpp"

namespace longwatch {

/// Direction numbers of Sobol's sequence, as Boost.Random has them.
/// Source: Joe and Kuo, SIAM J. Sci. Comput. 30 (2008) 2635-2654.
void fill_sobol_directions(SamplingParams& sampling);

/// Sentences on flights that a randomisation cannot spread as evenly as it might.
std::vector<std::string> sampling_remarks(Study const& study, std::int64_t flights);

}  // namespace longwatch
