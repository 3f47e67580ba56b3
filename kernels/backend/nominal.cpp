// Nominal flights, in lanes: what aiming tries out.
#include "kernels/backend/backend.hpp"
#include "kernels/lanes/xsimd_lanes.hpp"
#include "models/flight/inputs.hpp"

namespace longwatch {

namespace {

/// Aiming needs events, not arcs.
struct NoKnots {
    void add(Mask<Lanes> const&, Knot<Lanes> const&) {}
};

}  // namespace

std::vector<NominalFlight> fly_nominal(Atmosphere const& atmosphere, ThreatParams const& threat,
                                       std::vector<NominalTrial> const& trials)
{
    constexpr std::size_t width = Lane<Lanes>::width;
    std::vector<NominalFlight> out(trials.size());
    for (std::size_t first = 0; first < trials.size(); first += width) {
        // A last pack that is not full repeats its last trial.
        auto const each = [&](auto const& field) {
            return Lane<Lanes>::generate([&](int lane) {
                std::size_t const i = first + static_cast<std::size_t>(lane);
                return field(trials[i < trials.size() ? i : trials.size() - 1]);
            });
        };
        PlaceInArea<Lanes> const launch{each([](NominalTrial const& t) { return t.launch_east; }),
                                        each([](NominalTrial const& t) { return t.launch_north; })};
        auto const factor = [&](int deviation) {
            return each([=](NominalTrial const& t) { return 1 + t.deviation[deviation]; });
        };
        FlightInputs<Lanes> const inputs{
            place_in_area(threat.launch, launch),
            each([](NominalTrial const& t) { return t.controls.lean_east_rad; }),
            each([](NominalTrial const& t) { return t.controls.lean_north_rad; }),
            each([](NominalTrial const& t) { return t.controls.cutoff_stages; }),
            factor(0),
            factor(1),
            factor(2),
            Lanes(1.0),
            factor(3)};
        NoKnots knots;
        auto const end = fly(atmosphere, threat, inputs, knots);
        auto const place = geodetic_from_ecef(end.impact_m);
        for (std::size_t lane = 0; lane < width && first + lane < trials.size(); ++lane) {
            auto const at = [&](Lanes const& x) {
                return Lane<Lanes>::at(x, static_cast<int>(lane));
            };
            out[first + lane] = {Lane<Lanes>::at(end.landed && end.finite, static_cast<int>(lane)),
                                 at(end.t_burnout_s),
                                 at(end.t_impact_s),
                                 at(end.apogee_m),
                                 at(place.latitude_rad),
                                 at(place.longitude_rad)};
        }
    }
    return out;
}

}  // namespace longwatch
