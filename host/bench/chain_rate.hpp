// The whole chain on this machine: flights a second of the study that benchmarks are made with.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/bench/spread.hpp"
#include "host/study/study.hpp"
#include "kernels/backend/backend.hpp"

namespace longwatch {

/// A study's text, resolved with this catalogue and prepared; the text names its catalogue "../models/catalog".
Study bench_study_with(std::string const& text, std::filesystem::path const& catalog);

/// `rounds` timings of as many flights, after one that warms up: on a CPU by CPU time, times threads, so that what other
/// programs take of the machine does not count. dealing.threads must be given.
MedianSpread chain_flights_per_s(Study const& study, bool on_cuda, Dealing const& dealing,
                                 std::int64_t flights, int rounds);

struct StageRate {
    std::string stage;
    MedianSpread us_per_flight;
};
/// On one CPU thread; the mean over the make-ups of the mix.
std::vector<StageRate> stage_rates(Study const& study, int packs_per_makeup);

/// On a CUDA device, one launch at a time: `rounds` timings after one that loads the kernels. Throws a DeviceError where the
/// flights do not fit its memory at once.
std::vector<StageRate> device_stage_rates(Study const& study, int device, std::int64_t flights,
                                          int rounds);

}  // namespace longwatch
