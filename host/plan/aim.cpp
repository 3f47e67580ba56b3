#include "host/plan/aim.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/backend/backend.hpp"
#include "models/flight/inputs.hpp"

namespace longwatch {

namespace {

/// A pair of places: fractions of the radii, as AimMap orders them.
using Places = Eigen::Vector4d;

/// How a flight misses: kilometres east and north of the aim, and of apogee too high.
using Miss = Eigen::Vector3d;
using ControlVector = Eigen::Vector3d;

constexpr double longest_trial_s = 9000;
constexpr double close_enough_km = 0.02;
/// Steps of azimuth, pitch (rad) and cut-off (fraction) for slopes: small against what they shape,
/// large against the integrator's error.
ControlVector const slope_step(1e-4, 2e-5, 2e-5);

constexpr double deviation_step = 1e-3;

ControlVector vector_of(Controls const& c) { return {c.azimuth_rad, c.pitch_rad, c.cutoff_frac}; }
Controls controls_of(ControlVector const& x) { return {x[0], x[1], x[2]}; }

double angle_between(double lat1, double lon1, double lat2, double lon2)
{
    double const s = std::sin((lat2 - lat1) / 2), t = std::sin((lon2 - lon1) / 2);
    return 2 * std::asin(std::sqrt(s * s + std::cos(lat1) * std::cos(lat2) * t * t));
}

double bearing(Geodetic const& from, Geodetic const& to)
{
    double const dlon = to.longitude_rad - from.longitude_rad;
    return std::atan2(std::sin(dlon) * std::cos(to.latitude_rad),
                      std::cos(from.latitude_rad) * std::sin(to.latitude_rad) -
                          std::sin(from.latitude_rad) * std::cos(to.latitude_rad) * std::cos(dlon));
}

class Aimer {
public:
    Aimer(Atmosphere const& atmosphere, ThreatParams const& threat)
        : atmosphere_(atmosphere), threat_(threat)
    {
        threat_.max_flight_time_s = longest_trial_s;
    }

    AimResult run()
    {
        AimResult result;
        ControlVector center;
        Eigen::Matrix3d slopes;
        if (!solve_center(center, slopes)) {
            result.shortfall = describe_best();
            return result;
        }
        std::vector<Places> const pairs = design();
        std::vector<ControlVector> solved(pairs.size(), center);
        result.reached = solve_pairs(pairs, slopes, solved, result);
        if (result.reached) {
            result.map = fit(pairs, solved);
            find_responses(center, slopes, result.map);
        }
        return result;
    }

private:
    std::vector<NominalFlight> fly(std::vector<NominalTrial> const& trials) const
    {
        return fly_nominal(atmosphere_, threat_, trials);
    }

    /// East and north by the tangent plane at the aim; an unlanded flight misses by everything.
    Miss miss(NominalFlight const& flight, Places const& x) const
    {
        if (!flight.landed) { return Miss::Constant(1e6); }
        auto const aim = place_in_area(threat_.aim, PlaceInArea<double>{x[2], x[3]});
        double const R_km = earth_mean_radius_m / 1000;
        double const dlon = std::remainder(flight.impact_longitude_rad - aim.longitude_rad, 2 * pi);
        return {R_km * dlon * std::cos(aim.latitude_rad),
                R_km * (flight.impact_latitude_rad - aim.latitude_rad),
                (flight.apogee_m - threat_.apogee_m) / 1000};
    }

    static bool is_flyable(ControlVector const& x)
    {
        return x[1] > 0 && x[1] < pi / 2 && x[2] > 0.05 && x[2] <= 1;
    }

    /// Pitch and cut-off on a grid, towards the aim: the most promising first.
    std::vector<ControlVector> promising() const
    {
        std::vector<NominalTrial> trials;
        double const azimuth = bearing(threat_.launch.center, threat_.aim.center);
        constexpr int pitches = 40, cutoffs = 20;
        for (int i = 0; i < pitches; ++i) {
            // From 0.1 to 45 deg, closer together where the flight is more sensitive.
            double const pitch = 0.1 * std::pow(450.0, i / (pitches - 1.0)) * rad_per_deg;
            for (int j = 0; j < cutoffs; ++j) {
                trials.push_back({0, 0, {azimuth, pitch, 1.0 - 0.8 * j / (cutoffs - 1.0)}, {}});
            }
        }
        auto const flights = fly(trials);
        Geodetic const& launch = threat_.launch.center;
        Geodetic const& aim = threat_.aim.center;
        double const range_rad = angle_between(launch.latitude_rad, launch.longitude_rad,
                                               aim.latitude_rad, aim.longitude_rad);
        std::vector<std::pair<double, ControlVector>> ranked;
        for (std::size_t i = 0; i < trials.size(); ++i) {
            NominalFlight const& f = flights[i];
            if (!f.landed) { continue; }
            double const flown_rad = angle_between(launch.latitude_rad, launch.longitude_rad,
                                                   f.impact_latitude_rad, f.impact_longitude_rad);
            double const off = std::abs(flown_rad - range_rad) / range_rad +
                               std::abs(f.apogee_m - threat_.apogee_m) / threat_.apogee_m;
            ranked.emplace_back(off, vector_of(trials[i].controls));
        }
        std::sort(ranked.begin(), ranked.end(),
                  [](auto const& a, auto const& b) { return a.first < b.first; });
        std::vector<ControlVector> out;
        for (std::size_t i = 0; i < std::min<std::size_t>(ranked.size(), 6); ++i) {
            out.push_back(ranked[i].second);
        }
        return out;
    }

    bool solve_center(ControlVector& x, Eigen::Matrix3d& slopes)
    {
        for (ControlVector const& start : promising()) {
            x = start;
            if (newton(x, slopes)) { return true; }
        }
        return false;
    }

    /// Newton's method with halved steps; true when the flight between the centres is close enough.
    bool newton(ControlVector& x, Eigen::Matrix3d& slopes)
    {
        Places const centers = Places::Zero();
        Miss off = miss(fly({{0, 0, controls_of(x), {}}})[0], centers);
        for (int round = 0; round < 40; ++round) {
            note(off, x);
            std::vector<NominalTrial> trials;
            for (int k = 0; k < 3; ++k) {
                for (double const side : {-1.0, 1.0}) {
                    ControlVector y = x;
                    y[k] += side * slope_step[k];
                    trials.push_back({0, 0, controls_of(y), {}});
                }
            }
            auto const flights = fly(trials);
            for (int k = 0; k < 3; ++k) {
                auto const i = 2 * static_cast<std::size_t>(k);
                slopes.col(k) = (miss(flights[i + 1], centers) - miss(flights[i], centers)) /
                                (2 * slope_step[k]);
            }
            if (off.norm() < close_enough_km) { return is_flyable(x); }
            ControlVector const step = -slopes.fullPivLu().solve(off);
            if (!step.allFinite() || !take_step(x, off, step)) { return false; }
        }
        return false;
    }

    /// The longest of eight step lengths that comes nearer.
    bool take_step(ControlVector& x, Miss& off, ControlVector const& step)
    {
        std::vector<NominalTrial> trials;
        for (int halving = 0; halving < 8; ++halving) {
            trials.push_back({0, 0, controls_of(x + std::ldexp(1.0, -halving) * step), {}});
        }
        auto const flights = fly(trials);
        for (std::size_t i = 0; i < trials.size(); ++i) {
            ControlVector const y = vector_of(trials[i].controls);
            Miss const here = miss(flights[i], Places::Zero());
            if (y[1] > 0 && y[2] > 0 && here.norm() < off.norm()) {
                x = y;
                off = here;
                return true;
            }
        }
        return false;
    }

    void note(Miss const& off, ControlVector const& x)
    {
        if (is_flyable(x) && off.norm() < best_.norm()) { best_ = off; }
    }

    std::string describe_best() const
    {
        double const horizontal_km = std::hypot(best_[0], best_[1]);
        if (!(best_.norm() < 1e5)) { return "no flight comes anywhere near"; }
        return fmt::format(
            "the best flight found ends {:.0f} km from the aim with an apogee {:.0f} km "
            "too {}",
            horizontal_km, std::abs(best_[2]), best_[2] > 0 ? "high" : "low");
    }

    /// The centres, both ends of each coordinate, and the diagonals of each pair of coordinates.
    static std::vector<Places> design()
    {
        std::vector<Places> out{Places::Zero()};
        for (int i = 0; i < 4; ++i) {
            for (double const side : {-1.0, 1.0}) { out.push_back(side * Places::Unit(i)); }
            for (int j = 0; j < i; ++j) {
                for (double const a : {-0.7, 0.7}) {
                    for (double const b : {-0.7, 0.7}) {
                        out.push_back(a * Places::Unit(i) + b * Places::Unit(j));
                    }
                }
            }
        }
        return out;
    }

    /// All pairs at once, each by Broyden's method from the slopes at the centres.
    bool solve_pairs(std::vector<Places> const& pairs, Eigen::Matrix3d const& slopes,
                     std::vector<ControlVector>& x, AimResult& result)
    {
        std::vector<Eigen::Matrix3d> inverse(pairs.size(), slopes.inverse());
        std::vector<Miss> off(pairs.size());
        std::vector<ControlVector> step(pairs.size());
        double worst_km = 0;
        for (int round = 0; round < 12; ++round) {
            std::vector<NominalTrial> trials;
            for (std::size_t i = 0; i < pairs.size(); ++i) {
                trials.push_back({pairs[i][0], pairs[i][1], controls_of(x[i]), {}});
            }
            auto const flights = fly(trials);
            worst_km = result.longest_flight_s = 0;
            for (std::size_t i = 0; i < pairs.size(); ++i) {
                Miss const here = miss(flights[i], pairs[i]);
                if (round > 0) { update(inverse[i], step[i], here - off[i]); }
                off[i] = here;
                step[i] = -inverse[i] * here;
                worst_km = std::max(worst_km, here.norm());
                result.longest_flight_s = std::max(result.longest_flight_s, flights[i].t_impact_s);
            }
            if (worst_km < close_enough_km) { break; }
            for (std::size_t i = 0; i < pairs.size(); ++i) { x[i] += step[i]; }
        }
        bool const flyable = std::all_of(x.begin(), x.end(), is_flyable);
        if (worst_km < close_enough_km && flyable) { return true; }
        result.shortfall =
            flyable
                ? fmt::format("some pairs of places in the areas are missed by {:.1f} km", worst_km)
                : "some pairs of places in the areas lie beyond its reach";
        return false;
    }

    static void update(Eigen::Matrix3d& inverse, ControlVector const& step, Miss const& change)
    {
        Eigen::Vector3d const y = inverse * change;
        double const scale = step.dot(y);
        if (std::abs(scale) > 0) { inverse += (step - y) * (step.transpose() * inverse) / scale; }
    }

    /// The change of controls that undoes the miss of each deviation, from flights with it and its
    /// opposite.
    void find_responses(ControlVector const& center, Eigen::Matrix3d const& slopes,
                        AimMap& map) const
    {
        std::vector<NominalTrial> trials;
        for (int k = 0; k < guided_deviations; ++k) {
            for (double const side : {-1.0, 1.0}) {
                NominalTrial trial{0, 0, controls_of(center), {}};
                trial.deviation[k] = side * deviation_step;
                trials.push_back(trial);
            }
        }
        auto const flights = fly(trials);
        for (int k = 0; k < guided_deviations; ++k) {
            auto const i = 2 * static_cast<std::size_t>(k);
            Miss const slope =
                (miss(flights[i + 1], Places::Zero()) - miss(flights[i], Places::Zero())) /
                (2 * deviation_step);
            ControlVector const response = -slopes.fullPivLu().solve(slope);
            map.azimuth_response_rad[k] = response[0];
            map.pitch_response_rad[k] = response[1];
            map.cutoff_response_frac[k] = response[2];
        }
    }

    static AimMap fit(std::vector<Places> const& pairs, std::vector<ControlVector> const& solved)
    {
        auto const rows = static_cast<Eigen::Index>(pairs.size());
        Eigen::MatrixXd terms(rows, aim_terms), values(rows, 3);
        for (Eigen::Index i = 0; i < rows; ++i) {
            Places const& x = pairs[static_cast<std::size_t>(i)];
            terms(i, 0) = 1;
            int next = 5;
            for (int j = 0; j < 4; ++j) {
                terms(i, 1 + j) = x[j];
                for (int k = j; k < 4; ++k) { terms(i, next++) = x[j] * x[k]; }
            }
            values.row(i) = solved[static_cast<std::size_t>(i)].transpose();
        }
        Eigen::MatrixXd const fitted = terms.colPivHouseholderQr().solve(values);
        AimMap map;
        for (int k = 0; k < aim_terms; ++k) {
            map.azimuth_rad[k] = fitted(k, 0);
            map.pitch_rad[k] = fitted(k, 1);
            map.cutoff_frac[k] = fitted(k, 2);
        }
        return map;
    }

    Atmosphere const& atmosphere_;
    ThreatParams threat_;
    Miss best_ = Miss::Constant(1e6);
};

}  // namespace

AimResult aim(Atmosphere const& atmosphere, ThreatParams const& threat)
{
    return Aimer(atmosphere, threat).run();
}

}  // namespace longwatch
