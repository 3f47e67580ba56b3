#include "host/study/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "models/math/real.hpp"

namespace longwatch {
namespace {

std::string rounded_text(double value)
{
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.10g", value);
    return text.data();
}

}  // namespace

std::vector<Unit> const& units_of(Dimension dimension)
{
    static std::vector<Unit> const none = {{"", 1}};
    static std::vector<Unit> const length = {{"_m", 1, false, "m"}, {"_km", 1000, false, "km"}};
    static std::vector<Unit> const angle = {{"_rad", 1, false, "rad"},
                                            {"_deg", rad_per_deg, false, "deg"}};
    static std::vector<Unit> const time = {{"_s", 1, false, "s"}, {"_min", 60, false, "min"}};
    static std::vector<Unit> const power_ratio = {{"", 1}, {"_db", 1, true, "dB"}};
    static std::vector<Unit> const area = {{"_m2", 1, false, "m2"}, {"_dbsm", 1, true, "dBsm"}};
    static std::vector<Unit> const frequency = {{"_hz", 1, false, "Hz"},
                                                {"_mhz", 1e6, false, "MHz"}};
    static std::vector<Unit> const speed = {{"_mps", 1, false, "m/s"},
                                            {"_kmps", 1000, false, "km/s"}};
    static std::vector<Unit> const acceleration = {{"_mps2", 1, false, "m/s2"}};
    static std::vector<Unit> const mass = {{"_kg", 1, false, "kg"}};
    static std::vector<Unit> const force = {{"_n", 1, false, "N"}, {"_kn", 1000, false, "kN"}};
    static std::vector<Unit> const areal_mass = {{"_kgpm2", 1, false, "kg/m2"}};
    static std::vector<Unit> const power = {{"_w", 1, false, "W"}, {"_kw", 1000, false, "kW"}};
    static std::vector<Unit> const intensity = {{"_wpsr", 1, false, "W/sr"},
                                                {"_kwpsr", 1000, false, "kW/sr"}};
    static std::vector<Unit> const temperature = {{"_k", 1, false, "K"}};
    switch (dimension) {
    case Dimension::power: return power;
    case Dimension::temperature: return temperature;
    case Dimension::intensity: return intensity;
    case Dimension::length: return length;
    case Dimension::angle: return angle;
    case Dimension::time: return time;
    case Dimension::power_ratio: return power_ratio;
    case Dimension::area: return area;
    case Dimension::frequency: return frequency;
    case Dimension::speed: return speed;
    case Dimension::acceleration: return acceleration;
    case Dimension::mass: return mass;
    case Dimension::force: return force;
    case Dimension::areal_mass: return areal_mass;
    case Dimension::none: break;
    }
    return none;
}

Unit const& usual_unit(Dimension dimension)
{
    auto const& units = units_of(dimension);
    return dimension == Dimension::time ? units.front() : units.back();
}

double to_si(Unit const& unit, double value)
{
    return unit.decibel ? std::pow(10.0, value / 10.0) : value * unit.factor;
}

double from_si(Unit const& unit, double si)
{
    return unit.decibel ? 10.0 * std::log10(si) : si / unit.factor;
}

std::string allowed_text(Bounds const& bounds, Unit const& unit)
{
    double const low = from_si(unit, bounds.low);
    double const high = from_si(unit, bounds.high);
    std::string text = "must be";
    if (std::isfinite(low)) {
        text += (bounds.above_low ? " > " : " at least ") + rounded_text(low);
    }
    if (std::isfinite(high)) {
        text += (std::isfinite(low) ? " and at most " : " at most ") + rounded_text(high);
    }
    if (text == "must be") { return "must be finite"; }
    return unit.name.empty() ? text : text + ' ' + unit.name;
}

std::string number_text(double value)
{
    if (!std::isfinite(value)) { return std::isnan(value) ? "nan" : (value > 0 ? "inf" : "-inf"); }
    double const size = std::fabs(value);
    bool const plain = value == 0 || (size >= 1e-4 && size < 1e12);
    std::array<char, 64> buffer{};
    auto const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   plain ? std::chars_format::fixed : std::chars_format::scientific)
                         .ptr;
    std::string text(buffer.data(), end);
    if (plain && text.find('.') == std::string::npos) { text += ".0"; }
    return text;
}

Unit const* suffix_of_key(std::string const& key)
{
    for (int d = static_cast<int>(Dimension::none); d <= static_cast<int>(Dimension::intensity);
         ++d) {
        for (auto const& unit : units_of(static_cast<Dimension>(d))) {
            auto const& suffix = unit.suffix;
            if (!suffix.empty() && key.size() > suffix.size() &&
                key.compare(key.size() - suffix.size(), suffix.size(), suffix) == 0) {
                return &unit;
            }
        }
    }
    return nullptr;
}

std::string without_unit(std::string const& key)
{
    auto const* const unit = suffix_of_key(key);
    return unit == nullptr ? key : key.substr(0, key.size() - unit->suffix.size());
}

Unit const& unit_of_key(std::string const& key, std::string const& base, Dimension dimension)
{
    for (auto const& unit : units_of(dimension)) {
        if (base + unit.suffix == key) { return unit; }
    }
    return usual_unit(dimension);
}

std::string spellings(std::string const& base, Dimension dimension)
{
    auto const& usual = usual_unit(dimension);
    std::string text = '\'' + base + usual.suffix + '\'';
    for (auto const& unit : units_of(dimension)) {
        if (&unit != &usual) { text += " or '" + base + unit.suffix + '\''; }
    }
    return text;
}

}  // namespace longwatch
