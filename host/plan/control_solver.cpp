#include "host/plan/control_solver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/flight/inputs.hpp"
#include "models/flight/two_body.hpp"

namespace longwatch {

namespace {

constexpr double longest_trial_s = 9000;
constexpr double earth_km = earth_mean_radius_m / 1000;
/// Steps of lean (rad) and cut-off (stages) for slopes: small against what they shape, large against the
/// integrator's error.
ControlVector const slope_step(2e-5, 2e-5, 2e-5);
/// Longer than any boost lags behind a two-body arc; the long way round takes longer still.
constexpr double longest_lag_s = 900;

Controls controls_of(ControlVector const& x) { return {x[0], x[1], x[2]}; }

double angle_between(double lat1, double lon1, double lat2, double lon2)
{
    double const s = std::sin((lat2 - lat1) / 2), t = std::sin((lon2 - lon1) / 2);
    return 2 * std::asin(std::sqrt(s * s + std::cos(lat1) * std::cos(lat2) * t * t));
}

GeodeticPoint<double> launch_of(ThreatParams const& threat, Places const& x)
{
    return place_in_area(threat.launch, PlaceInArea<double>{x[0], x[1]});
}
GeodeticPoint<double> aim_of(ThreatParams const& threat, Places const& x)
{
    return place_in_area(threat.aim, PlaceInArea<double>{x[2], x[3]});
}

void update(Eigen::Matrix3d& inverse, ControlVector const& step, Miss const& change)
{
    Eigen::Vector3d const y = inverse * change;
    double const scale = step.dot(y);
    if (std::abs(scale) > 0) { inverse += (step - y) * (step.transpose() * inverse) / scale; }
}

}  // namespace

ControlSolver::ControlSolver(Atmosphere const& atmosphere, ThreatParams const& threat)
    : atmosphere_(atmosphere), threat_(threat)
{
    threat_.max_flight_time_s = longest_trial_s;
}

std::vector<NominalFlight> ControlSolver::fly(std::vector<NominalTrial> const& trials) const
{
    return fly_nominal(atmosphere_, threat_, trials);
}

NominalTrial ControlSolver::trial(Goal const& goal, ControlVector const& x)
{
    return {goal.places[0], goal.places[1], controls_of(x), {}};
}

Miss ControlSolver::miss(NominalFlight const& flight, Goal const& goal) const
{
    if (!flight.landed) { return Miss::Constant(1e6); }
    auto const aim = aim_of(threat_, goal.places);
    double const dlon = std::remainder(flight.impact_longitude_rad - aim.longitude_rad, 2 * pi);
    return {earth_km * dlon * std::cos(aim.latitude_rad),
            earth_km * (flight.impact_latitude_rad - aim.latitude_rad),
            (flight.apogee_m - goal.apogee_m) / 1000};
}

bool ControlSolver::is_flyable(ControlVector const& x) const
{
    return x.head<2>().norm() < pi / 2 && x[2] > 0.05 && x[2] <= threat_.vehicle.stage_count;
}

double ControlSolver::ground_range_m(Places const& places) const
{
    auto const from = launch_of(threat_, places), to = aim_of(threat_, places);
    return earth_mean_radius_m *
           angle_between(from.latitude_rad, from.longitude_rad, to.latitude_rad, to.longitude_rad);
}

double ControlSolver::flown_range_m(NominalFlight const& flight, Places const& places) const
{
    auto const from = launch_of(threat_, places);
    return earth_mean_radius_m * angle_between(from.latitude_rad, from.longitude_rad,
                                               flight.impact_latitude_rad,
                                               flight.impact_longitude_rad);
}

bool ControlSolver::goes_the_short_way(NominalFlight const& flight, Places const& places) const
{
    double const angle = flown_range_m(flight, places) / earth_mean_radius_m;
    return flight.t_impact_s < two_body_arc(flight.apogee_m, angle).time_s + longest_lag_s;
}

double ControlSolver::bearing_rad(Places const& places) const
{
    auto const from = launch_of(threat_, places), to = aim_of(threat_, places);
    double const dlon = to.longitude_rad - from.longitude_rad;
    return std::atan2(std::sin(dlon) * std::cos(to.latitude_rad),
                      std::cos(from.latitude_rad) * std::sin(to.latitude_rad) -
                          std::sin(from.latitude_rad) * std::cos(to.latitude_rad) * std::cos(dlon));
}

std::vector<NominalTrial> ControlSolver::grid(Goal const& goal, int pitches, int cutoffs) const
{
    std::vector<NominalTrial> trials;
    double const all_stages = threat_.vehicle.stage_count;
    double const azimuth = bearing_rad(goal.places);
    auto const add = [&](double lean, double pitch) {
        for (int j = 0; j < cutoffs; ++j) {
            double const cutoff = all_stages - (all_stages - 0.2) * j / std::max(cutoffs - 1, 1);
            trials.push_back(trial(goal, {pitch * std::sin(lean), pitch * std::cos(lean), cutoff}));
        }
    };
    // From 0.1 to 45 deg, closer together where the flight is more sensitive.
    for (int i = 0; i < pitches; ++i) {
        add(azimuth, 0.1 * std::pow(450.0, i / (pitches - 1.0)) * rad_per_deg);
    }
    // Steep flights lean anywhere: the turning of the Earth carries them to the aim.
    if (goal.apogee_m > ground_range_m(goal.places)) {
        for (double const pitch_deg : {0.3, 1.0, 3.0}) {
            for (int k = 0; k < 6; ++k) { add(azimuth + k * pi / 3, pitch_deg * rad_per_deg); }
        }
    }
    return trials;
}

std::optional<Solution> ControlSolver::from_afar(Goal const& goal) const
{
    int const stages = threat_.vehicle.stage_count;
    auto const near = from_grid(goal, 20, 10 * stages);
    return near ? near : from_grid(goal, 40, 20 * stages);
}

std::optional<Solution> ControlSolver::from_grid(Goal const& goal, int pitches, int cutoffs) const
{
    auto const trials = grid(goal, pitches, cutoffs);
    auto const flights = fly(trials);
    double const range_m = ground_range_m(goal.places);
    std::vector<std::pair<double, ControlVector>> ranked;
    for (std::size_t i = 0; i < trials.size(); ++i) {
        NominalFlight const& f = flights[i];
        if (!f.landed || !goes_the_short_way(f, goal.places)) { continue; }
        Miss const off = miss(f, goal);
        double const apart = 1000 * off.head<2>().norm() / std::max(range_m, goal.apogee_m) +
                             1000 * std::abs(off[2]) / goal.apogee_m;
        Controls const& c = trials[i].controls;
        ranked.emplace_back(apart,
                            ControlVector{c.lean_east_rad, c.lean_north_rad, c.cutoff_stages});
    }
    std::sort(ranked.begin(), ranked.end(),
              [](auto const& a, auto const& b) { return a.first < b.first; });
    constexpr std::size_t promising = 6;
    for (std::size_t i = 0; i < std::min(ranked.size(), promising); ++i) {
        auto solution = newton(goal, ranked[i].second);
        if (solution &&
            goes_the_short_way(fly({trial(goal, solution->controls)})[0], goal.places)) {
            return solution;
        }
    }
    return std::nullopt;
}

std::optional<Solution> ControlSolver::newton(Goal const& goal, ControlVector x) const
{
    Solution out;
    Miss off = miss(fly({trial(goal, x)})[0], goal);
    for (int round = 0; round < 40; ++round) {
        std::vector<NominalTrial> trials;
        for (int k = 0; k < 3; ++k) {
            for (double const side : {-1.0, 1.0}) {
                ControlVector y = x;
                y[k] += side * slope_step[k];
                trials.push_back(trial(goal, y));
            }
        }
        auto const flights = fly(trials);
        for (int k = 0; k < 3; ++k) {
            auto const i = 2 * static_cast<std::size_t>(k);
            out.slopes.col(k) =
                (miss(flights[i + 1], goal) - miss(flights[i], goal)) / (2 * slope_step[k]);
        }
        if (off.norm() < close_enough_km) {
            out.controls = x;
            return is_flyable(x) ? std::optional(out) : std::nullopt;
        }
        ControlVector const step = -out.slopes.fullPivLu().solve(off);
        if (!step.allFinite() || !take_step(goal, x, off, step)) { return std::nullopt; }
    }
    return std::nullopt;
}

/// The longest of eight step lengths that comes nearer.
bool ControlSolver::take_step(Goal const& goal, ControlVector& x, Miss& off,
                              ControlVector const& step) const
{
    std::vector<NominalTrial> trials;
    std::vector<ControlVector> tried;
    for (int halving = 0; halving < 8; ++halving) {
        tried.push_back(x + std::ldexp(1.0, -halving) * step);
        trials.push_back(trial(goal, tried.back()));
    }
    auto const flights = fly(trials);
    for (std::size_t i = 0; i < trials.size(); ++i) {
        Miss const here = miss(flights[i], goal);
        bool const upward = tried[i].head<2>().norm() < pi / 2;
        if (upward && tried[i][2] > 0 && here.norm() < off.norm()) {
            x = tried[i];
            off = here;
            return true;
        }
    }
    return false;
}

double ControlSolver::broyden(std::vector<Goal> const& goals, Eigen::Matrix3d const& slopes,
                              std::vector<ControlVector>& x, std::vector<Miss>& off) const
{
    std::vector<Eigen::Matrix3d> inverse(goals.size(), slopes.inverse());
    std::vector<ControlVector> step(goals.size(), ControlVector::Zero());
    double longest_s = 0;
    for (int round = 0; round < 12; ++round) {
        std::vector<NominalTrial> trials;
        for (std::size_t i = 0; i < goals.size(); ++i) { trials.push_back(trial(goals[i], x[i])); }
        auto const flights = fly(trials);
        bool all_close = true;
        longest_s = 0;
        for (std::size_t i = 0; i < goals.size(); ++i) {
            longest_s = std::max(longest_s, flights[i].t_impact_s);
            Miss const here = miss(flights[i], goals[i]);
            if (round > 0) { update(inverse[i], step[i], here - off[i]); }
            off[i] = here;
            step[i].setZero();
            if (here.norm() < close_enough_km) { continue; }
            all_close = false;
            step[i] = -inverse[i] * here;
        }
        if (all_close) { break; }
        for (std::size_t i = 0; i < goals.size(); ++i) { x[i] += step[i]; }
    }
    return longest_s;
}

ControlSolver::Remainder ControlSolver::solve_all(std::vector<Goal> const& goals,
                                                  Eigen::Matrix3d const& slopes,
                                                  std::vector<ControlVector>& x) const
{
    auto const starts = x;
    std::vector<Miss> off(goals.size(), Miss::Zero());
    Remainder out;
    out.longest_flight_s = broyden(goals, slopes, x, off);
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < goals.size(); ++i) {
        if (!(off[i].norm() < close_enough_km) || !is_flyable(x[i])) { left.push_back(i); }
    }
    // The worst first: where it has no solution, the others need none.
    std::stable_sort(left.begin(), left.end(),
                     [&](std::size_t a, std::size_t b) { return off[a].norm() > off[b].norm(); });
    for (auto const i : left) {
        auto solution = newton(goals[i], starts[i]);
        if (!solution) { solution = from_afar(goals[i]); }
        if (!solution) {
            out.worst_km = std::max(off[i].norm(), close_enough_km);
            out.worst_goal = i;
            break;
        }
        x[i] = solution->controls;
    }
    return out;
}

double ControlSolver::lowest_apogee_km(Goal const& goal) const
{
    int const cutoffs = 20 * threat_.vehicle.stage_count;
    auto const flights = fly(grid(goal, 100, cutoffs));
    double const range_km = ground_range_m(goal.places) / 1000;
    double lowest_km = 1e9;
    for (std::size_t i = 0; i + 1 < flights.size(); ++i) {
        // Neighbours of one lean, the second cut off earlier.
        bool const same_lean = (i + 1) % static_cast<std::size_t>(cutoffs) != 0;
        NominalFlight const &more = flights[i], &less = flights[i + 1];
        if (!same_lean || !more.landed || !less.landed) { continue; }
        if (!goes_the_short_way(more, goal.places)) { continue; }
        double const far_km = flown_range_m(more, goal.places) / 1000;
        double const near_km = flown_range_m(less, goal.places) / 1000;
        if (far_km < range_km || near_km >= range_km) { continue; }
        double const part = (range_km - near_km) / (far_km - near_km);
        double const apogee_m = less.apogee_m + part * (more.apogee_m - less.apogee_m);
        lowest_km = std::min(lowest_km, apogee_m / 1000);
    }
    return lowest_km;
}

std::string ControlSolver::shortfall(Goal const& goal) const
{
    // Everything burnt, from steep to flat.
    auto const flights = fly(grid(goal, 200, 1));
    double const range_km = ground_range_m(goal.places) / 1000;
    double highest_km = 0, farthest_km = 0, at_apogee_km = 0;
    for (NominalFlight const& f : flights) {
        if (!f.landed || !goes_the_short_way(f, goal.places)) { continue; }
        double const flown_km = flown_range_m(f, goal.places) / 1000;
        highest_km = std::max(highest_km, f.apogee_m / 1000);
        farthest_km = std::max(farthest_km, flown_km);
        if (f.apogee_m >= goal.apogee_m) { at_apogee_km = std::max(at_apogee_km, flown_km); }
    }
    if (highest_km < goal.apogee_m / 1000) {
        return fmt::format("burning everything it rises to {:.0f} km at most: {:.0f} km too low",
                           highest_km, goal.apogee_m / 1000 - highest_km);
    }
    if (farthest_km < range_km) {
        return fmt::format(
            "the aim is {:.0f} km away, and burning everything it flies {:.0f} km "
            "at most: {:.0f} km short",
            range_km, farthest_km, range_km - farthest_km);
    }
    if (at_apogee_km < range_km) {
        return fmt::format(
            "the aim is {:.0f} km away, and burning everything over that apogee it "
            "flies {:.0f} km at most: {:.0f} km short",
            range_km, at_apogee_km, range_km - at_apogee_km);
    }
    double const lowest_km = lowest_apogee_km(goal);
    if (lowest_km < 1e9 && lowest_km > goal.apogee_m / 1000) {
        return fmt::format(
            "the lowest path found to the aim, {:.0f} km away, rises to about {:.0f} km: "
            "the apogee asked for is {:.0f} km too low",
            range_km, lowest_km, lowest_km - goal.apogee_m / 1000);
    }
    return fmt::format(
        "the aim is {:.0f} km away, within its longest flight of {:.0f} km, but the search "
        "found no flight of that shape",
        range_km, farthest_km);
}

}  // namespace longwatch
