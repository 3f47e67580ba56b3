// What the information of a track says, against things from outside: a sequential filter that is fed drawn
// measurements, and flights whose state at burnout is changed a little.
#include <catch2/catch.hpp>

#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "kernels/backend/backend.hpp"
#include "kernels/columns/input_columns.hpp"
#include "kernels/stages/measure_stage.hpp"
#include "kernels/stages/radar_view.hpp"
#include "models/flight/forces.hpp"
#include "tests/support/propagate.hpp"
#include "tests/support/shipped_study.hpp"

using namespace longwatch;

namespace {

using State = Eigen::Matrix<double, 6, 1>;
using Covariance = Eigen::Matrix<double, 6, 6>;
using Vec = Vec3<double, Eci>;

struct FlownColumns {
    FlownFlight flown;
    Columns c;
    explicit FlownColumns(std::int64_t flight)
        : flown(flight_on_cpu(*trilateral_study().scenario, 5, flight)),
          c(lay_out(*trilateral_study().scenario, 1, flown.memory.data()))
    {
    }
    double value(Column const& column, int slot = 0) const { return column.load<double>(0, slot); }
};

/// Of the arc, at a time.
State truth(FlownColumns const& f, double t)
{
    int k = 0;
    while (f.value(f.c.knot_t_s, k + 1) < t) { ++k; }
    auto const interval = arc_interval(load_knot(f.c, 0, double(k)), load_knot(f.c, 0, k + 1.0));
    auto const knot = knot_at(interval, fraction(interval, t));
    State x;
    x << knot.r_m.x, knot.r_m.y, knot.r_m.z, knot.v_mps.x, knot.v_mps.y, knot.v_mps.z;
    return x;
}

Eigen::Vector3d gravity_of(Eigen::Vector3d const& r)
{
    auto const a = gravity(Vec{r.x(), r.y(), r.z()});
    return {a.x, a.y, a.z};
}

/// An iterated extended Kalman filter (Bar-Shalom et al., section 10.5): state and covariance stepped by a fourth-order Runge-Kutta rule, the gradient of
/// the gravity by differences.
class Filter {
public:
    Filter(double t, State const& x, Covariance const& P) : t_(t), x_(x), P_(P) {}

    void predict(double t)
    {
        int const steps = std::max(1, static_cast<int>(std::ceil((t - t_) / 10)));
        double const h = (t - t_) / steps;
        for (int n = 0; n < steps; ++n) {
            Covariance F = Covariance::Identity();
            State const next = stepped(x_, h);
            for (int k = 0; k < 6; ++k) {
                State moved = x_;
                double const d = k < 3 ? 10 : 0.01;
                moved(k) += d;
                F.col(k) = (stepped(moved, h) - next) / d;
            }
            x_ = next;
            P_ = F * P_ * F.transpose();
        }
        t_ = t;
    }

    /// Range, azimuth and elevation from a site; sigma of range and of either angle across the line.
    void update(Eigen::Vector3d const& site, Eigen::Matrix3d const& enu, Eigen::Vector3d const& z,
                double range_sigma, double angle_sigma)
    {
        auto const h = [&](State const& x) { return measured(site, enu, x.head<3>()); };
        State const before = x_;
        Eigen::Matrix<double, 3, 6> H = Eigen::Matrix<double, 3, 6>::Zero();
        double const azimuth_sigma = angle_sigma / std::cos(z(2));
        Eigen::Vector3d const variance(range_sigma * range_sigma, azimuth_sigma * azimuth_sigma,
                                       angle_sigma * angle_sigma);
        Eigen::Matrix<double, 6, 3> K;
        // Iterated, since a range of some metres bends the surface of equal range within the angles' error.
        for (int round = 0; round < 8; ++round) {
            Eigen::Vector3d const predicted = h(x_);
            for (int k = 0; k < 3; ++k) {
                State moved = x_;
                moved(k) += 1;
                H.col(k) = h(moved) - predicted;
            }
            Eigen::Matrix3d const S =
                H * P_ * H.transpose() + Eigen::Matrix3d(variance.asDiagonal());
            K = P_ * H.transpose() * S.inverse();
            Eigen::Vector3d innovation = z - predicted - H * (before - x_);
            innovation(1) = std::remainder(innovation(1), 2 * pi);
            x_ = before + K * innovation;
        }
        Covariance const left = Covariance::Identity() - K * H;
        P_ = left * P_ * left.transpose() +
             K * Eigen::Matrix3d(variance.asDiagonal()) * K.transpose();
    }

    static Eigen::Vector3d measured(Eigen::Vector3d const& site, Eigen::Matrix3d const& enu,
                                    Eigen::Vector3d const& r)
    {
        Eigen::Vector3d const line = enu * (r - site);
        return {line.norm(), std::atan2(line.x(), line.y()), std::asin(line.z() / line.norm())};
    }

    State const& state() const { return x_; }
    Covariance const& covariance() const { return P_; }

private:
    static State rate(State const& x)
    {
        State out;
        out << x.tail<3>(), gravity_of(x.head<3>());
        return out;
    }
    static State stepped(State const& x, double h)
    {
        State const a = rate(x), b = rate(x + 0.5 * h * a), c = rate(x + 0.5 * h * b),
                    d = rate(x + h * c);
        return x + h / 6 * (a + 2 * b + 2 * c + d);
    }
    double t_;
    State x_;
    Covariance P_;
};

struct Hit {
    double t_s;
    int sensor;
    double run;  ///< of what was told before it
};

/// The hits of the free flight above the air, of all radars, in turn.
std::vector<Hit> hits_of(FlownColumns const& f)
{
    Scenario const& scenario = *trilateral_study().scenario;
    std::vector<Hit> hits;
    for (int s = 0; s < scenario.sensor_count; ++s) {
        if (scenario.sensor[s].kind != SensorKind::radar) { continue; }
        double const period = scenario.sensor[s].radar.look_period_s;
        double const t_first = f.value(f.c.look_phase_s, s) + f.value(f.c.look_first, s) * period;
        auto const count = static_cast<int>(f.value(f.c.look_count, s));
        int const first = f.c.looks[s].first;
        for (int k = 0; k < count; ++k) {
            double const t = t_first + k * period;
            bool const hit =
                f.value(f.c.cued_hits, first + k + 1) > f.value(f.c.cued_hits, first + k);
            if (hit && t >= f.value(f.c.t_burnout_s) && t < f.value(f.c.t_descend_100km_s)) {
                hits.push_back(
                    {t, s,
                     first + f.value(f.c.cued_hits, first + k) - f.value(f.c.burnout_hits, s)});
            }
        }
    }
    std::sort(hits.begin(), hits.end(), [](Hit const& a, Hit const& b) { return a.t_s < b.t_s; });
    return hits;
}

/// Our matrix of the state at burnout from one hit.
Covariance told_by(FlownColumns const& f, Hit const& hit)
{
    Covariance I;
    double before[information_size], after[information_size];
    f.c.info.load(0, hit.run, before);
    f.c.info.load(0, hit.run + 1, after);
    for (int i = 0; i < 6; ++i) {
        for (int j = 0; j <= i; ++j) {
            I(i, j) = I(j, i) = after[packed(i, j)] - before[packed(i, j)];
        }
    }
    return I;
}

/// The state at t from the state at burnout, in our units.
Covariance transition_to(FlownColumns const& f, double t)
{
    TransitionReader<double> reader(f.c, 0);
    double const since = t - f.value(f.c.t_burnout_s);
    auto const& knot = reader.before(since);
    auto const r = position_rows(knot, reader.after_s(since));
    auto const v = velocity_rows(knot, reader.after_s(since));
    Covariance out;
    for (int i = 0; i < 3; ++i) {
        for (int k = 0; k < 6; ++k) {
            out(i, k) = r.row[i][k];
            out(i + 3, k) = v.row[i][k];
        }
    }
    return out;
}

struct Outcome {
    double nees = 0;         ///< of the filter's error under our covariance
    double sigma_ratio = 0;  ///< of position, the filter's own to ours
};

/// Feeds the first hits to the filter, starting from a drawn guess that counts as information too.
Outcome filtered(FlownColumns const& f, std::vector<Hit> const& hits, std::mt19937_64& random)
{
    std::normal_distribution<double> normal;
    Scenario const& scenario = *trilateral_study().scenario;
    State sigma;
    sigma << 3000, 3000, 3000, 30, 30, 30;
    double const t_start = f.value(f.c.t_burnout_s);
    State guess = truth(f, t_start + 1e-6);
    for (int k = 0; k < 6; ++k) { guess(k) += sigma(k) * normal(random); }
    Covariance const guess_covariance = sigma.cwiseAbs2().asDiagonal();
    Filter filter(t_start, guess, guess_covariance);
    Covariance const start = transition_to(f, t_start);
    Covariance information = start.transpose() * guess_covariance.inverse() * start;
    PhaseRcs<double> const rcs(scenario.threat[f.flown.launch.threat].vehicle, f.c, 0);
    for (Hit const& hit : hits) {
        SensorParams const& sensor = scenario.sensor[hit.sensor];
        State const x = truth(f, hit.t_s);
        auto const eci = eci_from_ecef(hit.t_s, sensor.frame.position_m);
        Eigen::Vector3d const site(eci.x, eci.y, eci.z);
        Eigen::Matrix3d enu;
        Vec3<double, Ecef> const rows[] = {sensor.frame.enu_from_ecef.row_x,
                                           sensor.frame.enu_from_ecef.row_y,
                                           sensor.frame.enu_from_ecef.row_z};
        for (int i = 0; i < 3; ++i) {
            auto const row = eci_from_ecef(hit.t_s, rows[i]);
            enu.row(i) << row.x, row.y, row.z;
        }
        Eigen::Vector3d z = Filter::measured(site, enu, x.head<3>());
        double const snr =
            sensor.radar.cue_gain * signal_to_noise(sensor.radar, z(0), rcs.at(hit.t_s));
        double const range_sigma = std::sqrt(range_variance_m2(sensor.radar, snr));
        double const angle_sigma = std::sqrt(angle_variance_rad2(sensor.radar, snr));
        double const elevation = z(2);
        z(0) += range_sigma * normal(random);
        z(1) += angle_sigma / std::cos(elevation) * normal(random);
        z(2) += angle_sigma * normal(random);
        filter.predict(hit.t_s);
        filter.update(site, enu, z, range_sigma, angle_sigma);
        information += told_by(f, hit);
    }
    double const t_end = hits.back().t_s;
    Covariance const to_end = transition_to(f, t_end);
    Covariance const P = to_end * information.inverse() * to_end.transpose();
    State const error = filter.state() - truth(f, t_end);
    return {error.dot(P.ldlt().solve(error)),
            std::sqrt(filter.covariance().topLeftCorner<3, 3>().trace() /
                      P.topLeftCorner<3, 3>().trace())};
}

}  // namespace

TEST_CASE("a sequential filter errs as the information of its looks says", "[track][physics]")
{
    std::mt19937_64 random(3);
    constexpr int flights = 120;
    for (int const looks : {12, 60}) {
        double sum = 0;
        int used = 0;
        for (int flight = 0; used < flights; ++flight) {
            FlownColumns const f(flight);
            auto hits = hits_of(f);
            if (static_cast<int>(hits.size()) < looks) { continue; }
            hits.resize(static_cast<std::size_t>(looks));
            Outcome const outcome = filtered(f, hits, random);
            CHECK(outcome.sigma_ratio == Approx(1).epsilon(0.1));
            sum += outcome.nees;
            ++used;
        }
        // The sum of `used` errors of six parts each is chi-squared; 99 % of draws lie in the band.
        boost::math::chi_squared const band(6.0 * used);
        INFO(looks << " looks: mean NEES " << sum / used);
        CHECK(sum > quantile(band, 0.005));
        CHECK(sum < quantile(band, 0.995));
    }
}

TEST_CASE("a changed burnout state moves the impact as the map says", "[track][physics]")
{
    Scenario const& scenario = *trilateral_study().scenario;
    for (std::int64_t flight : {0, 1, 2, 3}) {
        FlownColumns const f(flight);
        auto const flown = load_inputs<double>(f.c, 0);
        ThreatParams const& threat = scenario.threat[f.flown.launch.threat];
        BallisticForce<double> const force{
            scenario.atmosphere, flown.inputs.air_density,
            1 / (flown.inputs.ballistic_coefficient * threat.vehicle.ballistic_coefficient_kgpm2),
            flown.inputs.weather};
        State const start = truth(f, f.value(f.c.t_burnout_s) + 1e-6);
        struct Fall {
            double t_s;
            Vec3<double, Ecef> place_m;
        };
        auto const fall = [&](State const& x) {
            Motion m{f.value(f.c.t_burnout_s), {x(0), x(1), x(2)}, {x(3), x(4), x(5)}};
            Motion before = m;
            bool down = false;
            Fall out{};
            propagate(
                force, m, f.value(f.c.t_impact_s) + 200, 2.0, [&](Motion const& now, Vec const&) {
                    double const h0 = geodetic_altitude_m(before.r_m),
                                 h1 = geodetic_altitude_m(now.r_m);
                    if (!down && now.t_s > f.value(f.c.t_apogee_s) && h1 < 0) {
                        down = true;
                        double const part = h0 / (h0 - h1);
                        out.t_s = before.t_s + part * (now.t_s - before.t_s);
                        out.place_m =
                            ecef_from_eci(out.t_s, before.r_m + part * (now.r_m - before.r_m));
                    }
                    before = now;
                });
            REQUIRE(down);
            return out;
        };
        auto const nominal = geodetic_from_ecef(fall(start).place_m);
        auto const enu = enu_from_ecef(nominal.latitude_rad, nominal.longitude_rad);
        auto const map = load_impact_map<double>(f.c, 0);
        double largest_place = 0, largest_time = 0, worst_place = 0, worst_time = 0;
        for (int k = 0; k < 6; ++k) {
            double const step = k < 3 ? 500 : 0.5;
            double const per = (k < 3 ? 1.0 : 1 / velocity_unit_s) / (2 * step);
            State plus = start, minus = start;
            plus(k) += step;
            minus(k) -= step;
            auto const a = fall(plus), b = fall(minus);
            auto const moved = per * (enu * (a.place_m - b.place_m));
            double const later = per * (a.t_s - b.t_s);
            largest_place = std::max(largest_place, std::hypot(moved.x, moved.y));
            worst_place =
                std::max(worst_place, std::hypot(moved.x - map.east[k], moved.y - map.north[k]));
            largest_time = std::max(largest_time, std::fabs(later));
            worst_time = std::max(worst_time, std::fabs(later - map.time[k]));
        }
        INFO("flight " << flight << ": " << worst_place / largest_place << " of place, "
                       << worst_time / largest_time << " of time");
        // The map falls without air from 100 km on.
        CHECK(worst_place < 0.05 * largest_place);
        CHECK(worst_time < 0.05 * largest_time);
    }
}
