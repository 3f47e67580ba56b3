// Every draw is a function of (study seed, flight, purpose, counter) and of nothing else.
#pragma once

#include <Random123/philox.h>

#include <cstdint>

#include "models/math/purpose.hpp"
#include "models/math/real.hpp"

namespace longwatch {

/// Four random words for a counter and a key: Philox4x32-10.
/// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11.
LW_FUNC r123::Philox4x32::ctr_type philox(std::uint64_t seed, std::uint64_t flight,
                                          Purpose const& purpose, std::uint32_t counter)
{
    using Generator = r123::Philox4x32;
    // The kind shares its word with the counter, which stays below 2^24.
    Generator::ctr_type const block = {
        {static_cast<std::uint32_t>(flight), static_cast<std::uint32_t>(flight >> 32),
         purpose.name_hash, (static_cast<std::uint32_t>(purpose.kind) << 24) | counter}};
    Generator::key_type const key = {
        {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
    return Generator()(block, key);
}

/// Uniform in (0, 1), both ends excluded: the middle of one of 2^52 equal parts.
LW_FUNC double uniform_from_words(std::uint32_t high, std::uint32_t low)
{
    std::uint64_t const part = (static_cast<std::uint64_t>(high) << 20) | (low >> 12);
    return (static_cast<double>(part) + 0.5) * (1.0 / 4503599627370496.0);
}

/// The flight whose number keys a draw: what is of the raid is drawn by its first flight.
template <class Real>
LW_FUNC Real keying_flight(DrawKind kind, Real const& flight, int raid_size)
{
    if (raid_size == 1 || !is_of_raid(kind)) { return flight; }
    Real const size = Real(static_cast<double>(raid_size));
    return floor(flight / size) * size;
}

/// The four words of one block per lane, as numbers. Flights below 2^53, the counter below 2^24.
template <class Real>
LW_FUNC void philox_words(std::uint64_t seed, Real const& flight, Purpose const& purpose,
                          Real const& counter, Real (&out)[4])
{
    if constexpr (Lane<Real>::has_philox) {
        double const kind = static_cast<double>(static_cast<std::uint32_t>(purpose.kind) << 24);
        Lane<Real>::philox(seed, flight, purpose.name_hash, Real(kind) + counter, out);
    } else {
        Lane<Real>::generate_four(
            [&](int lane, double(&word)[4]) {
                auto const words =
                    philox(seed, static_cast<std::uint64_t>(Lane<Real>::at(flight, lane)), purpose,
                           static_cast<std::uint32_t>(Lane<Real>::at(counter, lane)));
                for (std::size_t k = 0; k < 4; ++k) { word[k] = static_cast<double>(words[k]); }
            },
            out);
    }
}

/// As uniform_from_words: every step but the last product is exact, and that is by a power of two.
template <class Real>
LW_FUNC Real uniform_from_numbers(Real const& high, Real const& low)
{
    Real const part = high * Real(0x1p20) + floor(low * Real(0x1p-12));
    return (part + Real(0.5)) * Real(0x1p-52);
}

/// The draws of any flight per lane, by its number.
template <class Real>
struct FlightDraws {
    std::uint64_t seed = 0;
    Real flight;
    int raid_size = 1;

    LW_FUNC Real uniform(Purpose const& purpose, std::uint32_t counter) const
    {
        return uniform_at(purpose, Real(static_cast<double>(counter)));
    }

    /// Each lane its own counter.
    LW_FUNC Real uniform_at(Purpose const& purpose, Real const& counter) const
    {
        Real words[4];
        philox_words(seed, keying_flight(purpose.kind, flight, raid_size), purpose, counter, words);
        return uniform_from_numbers(words[0], words[1]);
    }

    /// Two at a time, from one block.
    LW_FUNC void two_uniforms(Purpose const& purpose, std::uint32_t counter, Real (&out)[2]) const
    {
        Real words[4];
        philox_words(seed, keying_flight(purpose.kind, flight, raid_size), purpose,
                     Real(static_cast<double>(counter)), words);
        out[0] = uniform_from_numbers(words[0], words[1]);
        out[1] = uniform_from_numbers(words[2], words[3]);
    }

    /// Four at a time, of 32 bits each, from one block.
    LW_FUNC void four_uniforms_at(Purpose const& purpose, Real const& counter, Real (&out)[4]) const
    {
        philox_words(seed, keying_flight(purpose.kind, flight, raid_size), purpose, counter, out);
        for (Real& u : out) { u = (u + Real(0.5)) * Real(0x1p-32); }
    }
};

/// The draws of one flight per lane: flight numbers first, first + step, first + 2 step, ...
template <class Real>
struct PhiloxDraws {
    std::uint64_t seed = 0;
    std::int64_t flight = 0;
    std::int64_t flight_step = 1;
    int raid_size = 1;  ///< flights raid_size n to raid_size (n + 1) - 1 are one attack

    LW_FUNC Real uniform(Purpose const& purpose, std::uint32_t counter) const
    {
        return of_flights().uniform(purpose, counter);
    }
    LW_FUNC FlightDraws<Real> of_flights() const
    {
        Real const number = Lane<Real>::generate(
            [&](int lane) { return static_cast<double>(flight + lane * flight_step); });
        return {seed, number, raid_size};
    }
};

/// What decides a radar's looks, one uniform draw each: two neighbours share a block.
template <class Real>
class LookDraws {
public:
    LW_FUNC LookDraws(PhiloxDraws<Real> const& draws, std::uint32_t sensor_hash)
        : draws_(draws.of_flights()), purpose_{DrawKind::look, sensor_hash}
    {
    }

    /// Looks asked for in turn cost half a block each.
    LW_FUNC Real of_look(std::int64_t look)
    {
        if (look / 2 != block_) {
            block_ = look / 2;
            draws_.two_uniforms(purpose_, static_cast<std::uint32_t>(block_), u_);
        }
        return u_[look % 2];
    }

private:
    FlightDraws<Real> draws_;
    Purpose purpose_;
    std::int64_t block_ = -1;
    Real u_[2];
};

}  // namespace longwatch
