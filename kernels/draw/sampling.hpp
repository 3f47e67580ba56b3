// How the inputs of a study's flights are spread over what they may be: plain Monte Carlo, Latin
// hypercube or a scrambled Sobol sequence. Parameters, and which flight is which sample.
#pragma once

#include <cstdint>

#include "models/limits.hpp"
#include "models/math/purpose.hpp"
#include "models/math/real.hpp"

namespace longwatch {

enum class Sampling : int { monte_carlo, latin_hypercube, sobol };

inline constexpr int sample_dimensions = 16;
inline constexpr int sobol_bits = 32;
/// Samples of one stratified block of a Latin hypercube.
inline constexpr int hypercube_bits = 10;
inline constexpr std::int64_t hypercube_block = std::int64_t{1} << hypercube_bits;

/// Under Monte Carlo there is one randomisation. Otherwise the samples are dealt out in turn to several
/// independent ones, whose spread is what intervals come from.
struct SamplingParams {
    Sampling kind = Sampling::monte_carlo;
    int randomisations = 1;
    /// Direction numbers of Sobol's sequence: those of index bit k, most significant bit first.
    std::uint32_t direction[sample_dimensions][sobol_bits] = {};
};

/// The dimension of a draw; none (-1) for what is always drawn by Philox. Never reordered: a new draw
/// takes the next dimension.
LW_FUNC int sample_dimension(Purpose const& purpose, std::uint32_t counter)
{
    switch (purpose.kind) {
    case DrawKind::launch_place: return counter == 0 ? 0 : 1;
    case DrawKind::aim_place: return counter == 0 ? 2 : 3;
    case DrawKind::thrust: return 4;
    case DrawKind::specific_impulse: return 5;
    case DrawKind::drag: return 6;
    case DrawKind::ballistic_coefficient: return 7;
    case DrawKind::air_density: return 8;
    case DrawKind::rcs: return 9;
    case DrawKind::wind_east: return 10;
    case DrawKind::wind_north: return 11;
    case DrawKind::density_profile: return 12;
    default: return -1;
    }
}

/// Number of a flight among the flights of its threat: the index of its sample. (The flight's own number
/// would not do: threats take flights in turn, and every n-th point of a Sobol sequence lies in a
/// part of the space.)
struct SampleNumbers {
    int mix_count = 1;
    int turns = 1;        ///< of the threat in a round of the mix
    int turn_before = 0;  ///< of these, before the turn of this launch

    LW_FUNC std::int64_t of(std::int64_t flight) const
    {
        return flight / mix_count * turns + turn_before;
    }
};

/// Of a sample: its randomisation, and its index within that.
LW_FUNC int randomisation_of(SamplingParams const& p, std::int64_t sample)
{
    return static_cast<int>(sample % p.randomisations);
}
LW_FUNC std::int64_t index_within(SamplingParams const& p, std::int64_t sample)
{
    return sample / p.randomisations;
}

}  // namespace longwatch
