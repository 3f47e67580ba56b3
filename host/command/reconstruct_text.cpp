#include "host/command/reconstruct_text.hpp"

#include <cmath>

#include <fmt/format.h>

#include "models/math/real.hpp"
#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"

namespace longwatch {

namespace {

std::string place_text(Geodetic const& p)
{
    double const lat = p.latitude_rad / rad_per_deg, lon = p.longitude_rad / rad_per_deg;
    return fmt::format("{:.2f} {} {:.2f} {}", std::fabs(lat), lat < 0 ? 'S' : 'N', std::fabs(lon),
                       lon < 0 ? 'W' : 'E');
}

std::string seconds_text(double t_s)
{
    auto const whole = static_cast<int>(std::lround(t_s));
    return fmt::format("{:.1f} s ({}:{:02})", t_s, whole / 60, whole % 60);
}

std::string line(std::string const& what, std::string const& value)
{
    return fmt::format("{:<26}{}\n", what, value);
}

std::string times_text(Observation const& o, Reconstruction const& r)
{
    double const bound_s = r.two_body.arc.time_s;
    std::string text;
    if (r.flight) {
        text += line("flight time", fmt::format("{}, {:.1f} s over the two-body time",
                                                seconds_text(r.flight->flight_time_s),
                                                r.flight->flight_time_s - bound_s));
    }
    text += line("two-body time", seconds_text(bound_s) + ", which no flight can undercut");
    if (o.flight_time_s) {
        text += line("reported time",
                     fmt::format("{}, {:+.1f} s against the two-body time",
                                 seconds_text(*o.flight_time_s), *o.flight_time_s - bound_s));
    }
    return text;
}

std::string flight_text(ReconstructedFlight const& f)
{
    std::string text;
    text += line("burnout", fmt::format("{} at {:.1f} km", seconds_text(f.burnout_time_s),
                                        f.burnout_altitude_m / 1000));
    text += line("burnout speed",
                 fmt::format("{:.0f} m/s inertial, {:.0f} m/s over the Earth",
                             f.burnout_speed_inertial_mps, f.burnout_speed_relative_mps));
    text += line("apogee",
                 fmt::format("{:.1f} km at {}", f.apogee_m / 1000, seconds_text(f.apogee_time_s)));
    text +=
        line("impact", fmt::format("{}, {:.1f} km away", place_text(f.impact), f.range_m / 1000));
    for (SpentStage const& s : f.spent_stages) {
        text += line(fmt::format("spent stage {}", s.stage),
                     fmt::format("falls at {}, {:.0f} km away, after {}", place_text(s.impact),
                                 s.range_m / 1000, seconds_text(s.t_impact_s)));
    }
    return text;
}

std::string sure_text(CatalogThreat const& vehicle, Reconstruction const& r)
{
    auto text = fmt::format(
        "\nHow sure. The two-body time depends on the observation alone. All else is of a notional "
        "vehicle,\n{}: {}.\n",
        vehicle.name, vehicle.description);
    auto const per_km = [](std::optional<double> const& spm) {
        return spm ? fmt::format("{:+.2f} s", *spm * 1000) : std::string("unknown");
    };
    text +=
        fmt::format("Its flight time changes by {} per km of apogee and {} per km of range.\n",
                    per_km(r.flight->time_per_apogee_spm), per_km(r.flight->time_per_range_spm));
    for (OtherVehicle const& other : r.others) {
        text += other.flight_time_s
                    ? fmt::format("{} would take {:.1f} s.\n", other.name, *other.flight_time_s)
                    : fmt::format("{} cannot fly it.\n", other.name);
    }
    return text;
}

std::string seen_text(ReconstructedFlight const& f)
{
    Table table{{"First seen by", "s", "altitude km", "slant range km"}, {}};
    for (FirstSight const& s : f.first_seen) {
        auto const name = fmt::format("{} ({})", s.sensor, s.model);
        if (!s.t_s) {
            table.rows.push_back({name, "never", "-", "-"});
            continue;
        }
        table.rows.push_back(
            {name, fmt::format("{:.1f}", *s.t_s), fmt::format("{:.1f}", s.altitude_m / 1000),
             s.slant_range_m > 0 ? fmt::format("{:.0f}", s.slant_range_m / 1000) : "-"});
    }
    return "\n" + lay_out(table);
}

std::string track_text(ReconstructedFlight const& f)
{
    Table table{{"Ground track, s", "place", "altitude km", "speed over the Earth m/s"}, {}};
    // A screenful: about every twelfth of the flight, and the instants that stand by themselves.
    double const step_s = f.flight_time_s / 12;
    double next_s = 0;
    for (TrackPoint const& p : f.ground_track) {
        bool const is_event =
            p.t_s == f.burnout_time_s || p.t_s == f.apogee_time_s || p.t_s == f.flight_time_s;
        if (p.t_s < next_s && !is_event) { continue; }
        if (!is_event) { next_s = p.t_s + step_s; }
        table.rows.push_back({fmt::format("{:.1f}", p.t_s), place_text(p.place),
                              fmt::format("{:.1f}", std::fabs(p.place.altitude_m) / 1000),
                              fmt::format("{:.0f}", p.relative_speed_mps)});
    }
    return "\n" + lay_out(table);
}

}  // namespace

std::string reconstruct_text(Observation const& o, CatalogThreat const& vehicle,
                             Reconstruction const& r)
{
    std::string text =
        line("observation", fmt::format("from {}, azimuth {:.1f} deg, apogee {:.1f} km, range "
                                        "{:.1f} km",
                                        place_text(o.launch), o.azimuth_rad / rad_per_deg,
                                        o.apogee_m / 1000, o.range_m / 1000));
    text += line("vehicle", vehicle.name);
    text +=
        line("verdict", r.matches ? "a flight matches" : "no match: " + terminal_text(r.reason));
    text += times_text(o, r);
    if (r.flight) {
        text += flight_text(*r.flight) + seen_text(*r.flight) + track_text(*r.flight) +
                sure_text(vehicle, r);
    }
    return text;
}

}  // namespace longwatch
