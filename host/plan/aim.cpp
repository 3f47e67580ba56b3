#include "host/plan/aim.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "host/plan/control_solver.hpp"
#include "models/flight/inputs.hpp"

namespace longwatch {

namespace {

constexpr double deviation_step = 1e-3;
constexpr int design_pairs = 200, check_pairs = 300;

/// Apogee of the arc of least energy over a round Earth that does not turn.
/// Source: Bate, Mueller and White, "Fundamentals of Astrodynamics" (1971), section 6.2.
double least_energy_apogee_m(double range_m)
{
    double const half = range_m / earth_mean_radius_m / 2;
    double const Q = 2 * std::sin(half) / (1 + std::sin(half));
    double const phi = (pi - 2 * half) / 4;
    double const e = std::sqrt(std::max(0.0, 1 - Q * (2 - Q) * std::cos(phi) * std::cos(phi)));
    return earth_mean_radius_m * ((1 + e) / (2 - Q) - 1);
}

/// Pair i of an evenly spread sequence over both discs: four coordinates advance by powers of the root
/// of x^5 = x + 1. Source: Roberts, "The unreasonable effectiveness of quasirandom sequences" (2018).
/// `edge` above 1/2 puts more of the pairs near the edges, where a fit needs them.
Places spread_pair(int i, double edge)
{
    constexpr double root = 1.1673039782614187;
    auto const part = [&](int k) { return std::fmod(0.5 + i * std::pow(root, -k), 1.0); };
    auto const radius = [&](double u) { return std::pow(u, 1 - edge); };
    double const launch = radius(part(1)), aim = radius(part(2));
    double const a = 2 * pi * part(3), b = 2 * pi * part(4);
    return {launch * std::sin(a), launch * std::cos(a), aim * std::sin(b), aim * std::cos(b)};
}

/// The centres, the ends of each coordinate, and pairs between.
std::vector<Places> design()
{
    std::vector<Places> out{Places::Zero()};
    for (int i = 0; i < 4; ++i) {
        for (double const side : {-1.0, 1.0}) { out.push_back(side * Places::Unit(i)); }
    }
    for (int i = 0; i < design_pairs; ++i) { out.push_back(spread_pair(i, 0.75)); }
    return out;
}

class Aimer {
public:
    Aimer(Atmosphere const& atmosphere, ThreatParams const& threat) : solver_(atmosphere, threat) {}

    AimResult run()
    {
        auto const center = solve_center();
        if (!center) { return std::move(result_); }
        std::vector<Places> const pairs = design();
        std::vector<ControlVector> solved;
        if (!solve_pairs(pairs, *center, solved)) { return std::move(result_); }
        fit(pairs, solved);
        find_responses(*center);
        check_fit();
        return std::move(result_);
    }

private:
    FlightShape shape() const { return solver_.threat().shape; }

    std::optional<Solution> solve_center()
    {
        std::optional<Solution> least;
        if (shape() != FlightShape::given_apogee) {
            least = solve_least_propellant();
            if (!least) { return std::nullopt; }
        }
        if (shape() == FlightShape::minimum_energy) {
            result_.apogee_m = result_.least_propellant_apogee_m;
            return least;
        }
        Goal const goal{Places::Zero(), solver_.threat().apogee_m};
        bool const above = goal.apogee_m > result_.least_propellant_apogee_m;
        if (least && above != (shape() == FlightShape::lofted)) {
            result_.shortfall = fmt::format(
                "the flight of least propellant has an apogee of {:.0f} km, and a {} one must go "
                "{}",
                result_.least_propellant_apogee_m / 1000, above ? "depressed" : "lofted",
                above ? "lower" : "higher");
            return std::nullopt;
        }
        auto center = solver_.from_afar(goal);
        if (!center) { result_.shortfall = solver_.shortfall(goal); }
        result_.apogee_m = goal.apogee_m;
        return center;
    }

    /// Where the cut-off no longer falls as the apogee rises: the root, by the secant method, of how
    /// the cut-off changes with the apogee when the impact is held.
    std::optional<Solution> solve_least_propellant()
    {
        auto const slope = [](Solution const& s) { return s.slopes.inverse()(2, 2); };
        Goal goal{Places::Zero(), least_energy_apogee_m(solver_.ground_range_m(Places::Zero()))};
        auto now = solver_.from_afar(goal);
        if (!now) {
            result_.shortfall = solver_.shortfall(goal);
            return std::nullopt;
        }
        double apogee_m = goal.apogee_m, step_m = 0.05 * apogee_m;
        for (int round = 0; round < 20 && std::abs(step_m) > 1e-3 * apogee_m; ++round) {
            goal.apogee_m = apogee_m + step_m;
            auto const next = solver_.newton(goal, now->controls);
            if (!next) {
                step_m /= 2;
                continue;
            }
            double const curvature = (slope(*next) - slope(*now)) / step_m;
            double const wanted_m = curvature > 0 ? -slope(*next) / curvature : step_m;
            apogee_m = goal.apogee_m;
            now = next;
            step_m = std::clamp(wanted_m, -0.2 * apogee_m, 0.2 * apogee_m);
        }
        result_.least_propellant_apogee_m = apogee_m;
        return now;
    }

    Goal goal_of(Places const& places) const
    {
        double apogee_m = result_.apogee_m;
        if (shape() == FlightShape::minimum_energy) {
            apogee_m *= least_energy_apogee_m(solver_.ground_range_m(places)) /
                        least_energy_apogee_m(solver_.ground_range_m(Places::Zero()));
        }
        return {places, apogee_m};
    }

    bool solve_pairs(std::vector<Places> const& pairs, Solution const& center,
                     std::vector<ControlVector>& solved)
    {
        std::vector<Goal> goals;
        double const center_bearing = solver_.bearing_rad(Places::Zero());
        for (Places const& places : pairs) {
            goals.push_back(goal_of(places));
            ControlVector start = center.controls;
            start.head<2>() =
                Eigen::Rotation2Dd(center_bearing - solver_.bearing_rad(places)) * start.head<2>();
            solved.push_back(start);
        }
        auto const left = solver_.solve_all(goals, center.slopes, solved);
        result_.longest_flight_s = left.longest_flight_s;
        if (left.worst_km < close_enough_km) { return true; }
        Goal const& worst = goals[left.worst_goal];
        ThreatParams const& threat = solver_.threat();
        auto const deg = [](double rad) { return rad / rad_per_deg; };
        auto const from =
            place_in_area(threat.launch, PlaceInArea<double>{worst.places[0], worst.places[1]});
        auto const to =
            place_in_area(threat.aim, PlaceInArea<double>{worst.places[2], worst.places[3]});
        result_.shortfall = fmt::format(
            "between the centres it can, but not from {:.2f} N {:.2f} E to {:.2f} N "
            "{:.2f} E within the areas: {}",
            deg(from.latitude_rad), deg(from.longitude_rad), deg(to.latitude_rad),
            deg(to.longitude_rad), solver_.shortfall(worst));
        return false;
    }

    void fit(std::vector<Places> const& pairs, std::vector<ControlVector> const& solved)
    {
        auto const rows = static_cast<Eigen::Index>(pairs.size());
        Eigen::MatrixXd terms(rows, aim_terms), values(rows, 3);
        for (Eigen::Index i = 0; i < rows; ++i) {
            Places const& x = pairs[static_cast<std::size_t>(i)];
            for (int k = 0; k < aim_terms; ++k) {
                double unit[aim_terms] = {};
                unit[k] = 1;
                terms(i, k) = polynomial(unit, PlaceInArea<double>{x[0], x[1]},
                                         PlaceInArea<double>{x[2], x[3]});
            }
            values.row(i) = solved[static_cast<std::size_t>(i)].transpose();
        }
        Eigen::MatrixXd const fitted = terms.colPivHouseholderQr().solve(values);
        for (int k = 0; k < aim_terms; ++k) {
            result_.map.lean_east_rad[k] = fitted(k, 0);
            result_.map.lean_north_rad[k] = fitted(k, 1);
            result_.map.cutoff_stages[k] = fitted(k, 2);
        }
    }

    /// The change of controls that undoes the miss of each deviation, from flights with it and its
    /// opposite.
    void find_responses(Solution const& center)
    {
        Goal const goal = goal_of(Places::Zero());
        std::vector<NominalTrial> trials;
        for (int k = 0; k < guided_deviations; ++k) {
            for (double const side : {-1.0, 1.0}) {
                NominalTrial trial = ControlSolver::trial(goal, center.controls);
                trial.deviation[k] = side * deviation_step;
                trials.push_back(trial);
            }
        }
        auto const flights = solver_.fly(trials);
        for (int k = 0; k < guided_deviations; ++k) {
            auto const i = 2 * static_cast<std::size_t>(k);
            Miss const slope =
                (solver_.miss(flights[i + 1], goal) - solver_.miss(flights[i], goal)) /
                (2 * deviation_step);
            ControlVector const response = -center.slopes.fullPivLu().solve(slope);
            result_.map.lean_east_response_rad[k] = response[0];
            result_.map.lean_north_response_rad[k] = response[1];
            result_.map.cutoff_response_stages[k] = response[2];
        }
    }

    /// Pairs that the fit has not seen, evenly over the areas as flights draw them.
    void check_fit()
    {
        std::vector<Goal> goals;
        std::vector<NominalTrial> trials;
        AimMap const& map = result_.map;
        for (int i = 0; i < check_pairs; ++i) {
            goals.push_back(goal_of(spread_pair(1000 + i, 0.5)));
            Places const& x = goals.back().places;
            PlaceInArea<double> const launch{x[0], x[1]}, aim{x[2], x[3]};
            trials.push_back(
                ControlSolver::trial(goals.back(), {polynomial(map.lean_east_rad, launch, aim),
                                                    polynomial(map.lean_north_rad, launch, aim),
                                                    polynomial(map.cutoff_stages, launch, aim)}));
        }
        auto const flights = solver_.fly(trials);
        std::vector<double> miss_m;
        for (std::size_t i = 0; i < flights.size(); ++i) {
            miss_m.push_back(1000 * solver_.miss(flights[i], goals[i]).head<2>().norm());
        }
        std::sort(miss_m.begin(), miss_m.end());
        result_.miss_99_m = miss_m[static_cast<std::size_t>(0.99 * check_pairs)];
        result_.reached = result_.miss_99_m <= aim_miss_99_max_m;
        if (!result_.reached) {
            result_.shortfall = fmt::format(
                "its areas are too wide to be aimed across: 1 flight in 100 would end more than "
                "{:.0f} km from its aim, of {:.0f} km allowed",
                result_.miss_99_m / 1000, aim_miss_99_max_m / 1000);
        }
    }

    ControlSolver solver_;
    AimResult result_;
};

}  // namespace

AimResult aim(Atmosphere const& atmosphere, ThreatParams const& threat)
{
    return Aimer(atmosphere, threat).run();
}

}  // namespace longwatch
