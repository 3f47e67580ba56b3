#include "host/plan/sampling.hpp"

#include <fmt/format.h>

#include <boost/random/sobol.hpp>

namespace longwatch {

void fill_sobol_directions(SamplingParams& sampling)
{
    boost::random::sobol_engine<std::uint32_t, sobol_bits> sequence(sample_dimensions);
    // Boost's points come in the order of Gray's code and leave the first, zero, out: point m differs
    // from point m - 1 by the direction number of the lowest bit of m.
    auto const point = [&](std::uint32_t m) {
        std::vector<std::uint32_t> x(sample_dimensions, 0);
        if (m == 0) { return x; }
        sequence.seed(m - 1);
        for (auto& value : x) { value = sequence(); }
        return x;
    };
    for (int k = 0; k < sobol_bits; ++k) {
        auto const before = point((1U << k) - 1), after = point(1U << k);
        for (int d = 0; d < sample_dimensions; ++d) {
            auto const i = static_cast<std::size_t>(d);
            sampling.direction[d][k] = before[i] ^ after[i];
        }
    }
}

std::vector<std::string> sampling_remarks(Study const& study, std::int64_t flights)
{
    Scenario const& scenario = *study.scenario;
    SamplingParams const& sampling = scenario.sampling;
    std::vector<std::string> out;
    if (sampling.kind == Sampling::monte_carlo) { return out; }
    bool const sobol = sampling.kind == Sampling::sobol;
    std::vector<int> turns(static_cast<std::size_t>(scenario.threat_count), 0);
    for (int k = 0; k < scenario.mix_count; ++k) {
        turns[static_cast<std::size_t>(scenario.mix[k])] += 1;
    }
    for (std::size_t threat = 0; threat < turns.size(); ++threat) {
        auto const per_round = static_cast<std::int64_t>(turns[threat]) * flights;
        auto const divisor =
            static_cast<std::int64_t>(scenario.mix_count) * sampling.randomisations;
        auto const each = per_round / divisor;
        bool const even = per_round % divisor == 0 && each > 0 &&
                          (sobol ? (each & (each - 1)) == 0 : each % hypercube_block == 0);
        if (even) { continue; }
        out.push_back(fmt::format(
            "threat '{}' has {:.1f} flights in each of {} randomisations ({}); intervals hold, but "
            "are wider than they need be",
            study.threats[threat], static_cast<double>(per_round) / static_cast<double>(divisor),
            sampling.randomisations,
            sobol ? "a Sobol sequence is most even at a power of 2"
                  : fmt::format("a Latin hypercube is whole at multiples of {}", hypercube_block)));
    }
    return out;
}

}  // namespace longwatch
