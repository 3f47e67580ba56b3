// The units a study's keys may carry as a suffix, and what each is in SI. The first suffix of a
// dimension is the SI one, in which the resolved study is written.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace longwatch {

enum class Dimension {
    none,          ///< no suffix
    length,        ///< _m _km
    angle,         ///< _rad _deg
    time,          ///< _s _min
    power_ratio,   ///< no suffix, or _db
    area,          ///< _m2, or _dbsm
    frequency,     ///< _hz _mhz
    speed,         ///< _mps _kmps
    acceleration,  ///< _mps2
    mass,          ///< _kg
    force,         ///< _n _kn
    areal_mass,    ///< _kgpm2
    power,         ///< _w _kw
    temperature,   ///< _k
    intensity,     ///< _wpsr _kwpsr, radiant
};

struct Unit {
    std::string suffix;
    double factor = 1;      ///< SI = value * factor,
    bool decibel = false;   ///< or 10^(value / 10)
    std::string name = {};  ///< as a message writes it after a number
};

std::vector<Unit> const& units_of(Dimension dimension);
/// The unit that people write first: km, deg, s, dB.
Unit const& usual_unit(Dimension dimension);
double to_si(Unit const& unit, double value);
double from_si(Unit const& unit, double si);

/// What a value may be, in SI.
struct Bounds {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool above_low = false;  ///< low itself is not allowed
};
inline Bounds between(double low, double high) { return {low, high, false}; }
inline Bounds positive(double high) { return {0, high, true}; }
inline bool allows(Bounds const& bounds, double si)
{
    return (bounds.above_low ? si > bounds.low : si >= bounds.low) && si <= bounds.high;
}

/// "must be > 0 and at most 20000 km", in the unit.
std::string allowed_text(Bounds const& bounds, Unit const& unit);

/// The shortest decimal text that reads back as the same number, always with a point or an exponent.
std::string number_text(double value);

/// The unit whose suffix the key ends with; null if it ends with none.
Unit const* suffix_of_key(std::string const& key);

/// The key without its unit.
std::string without_unit(std::string const& key);

/// The unit of a key that gives the base.
Unit const& unit_of_key(std::string const& key, std::string const& base, Dimension dimension);

/// "'apogee_km' or 'apogee_m'", the usual unit first.
std::string spellings(std::string const& base, Dimension dimension);

}  // namespace longwatch
