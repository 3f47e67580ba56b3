// The state transition against differences of integrated flights.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/track/prediction.hpp"
#include "tests/support/propagate.hpp"

using namespace longwatch;

namespace {

using Vec = Vec3<double, Eci>;

struct FreeFall {
    Vec operator()(double, Vec const& r, Vec const&) const { return gravity(r); }
};

double& part(Motion& m, int k)
{
    double* const all[] = {&m.r_m.x, &m.r_m.y, &m.r_m.z, &m.v_mps.x, &m.v_mps.y, &m.v_mps.z};
    return *all[k];
}

/// An ICBM's burnout: 200 km up over 40 N, 6.5 km/s, 25 deg above the horizontal.
Motion burnout()
{
    double const r = 6578e3, latitude = 40 * rad_per_deg, climb = 25 * rad_per_deg;
    Vec const up{std::cos(latitude), 0, std::sin(latitude)}, north{-up.z, 0, up.x}, east{0, 1, 0};
    Vec const level = 0.8 * east + 0.6 * north;
    return {0, r * up, (6500 * std::cos(climb)) * level + (6500 * std::sin(climb)) * up};
}

/// By central differences of 100 m and 0.1 m/s.
StateRows<double> differences(double t_s)
{
    StateRows<double> out{};
    for (int k = 0; k < state_size; ++k) {
        double const step = k < 3 ? 100 : 0.1;
        auto plus = burnout(), minus = burnout();
        part(plus, k) += step;
        part(minus, k) -= step;
        auto const end = propagate(FreeFall{}, plus, t_s),
                   start = propagate(FreeFall{}, minus, t_s);
        double const scale = (k < 3 ? 1.0 : 1 / velocity_unit_s) / (2 * step);
        auto const d = scale * (end.r_m - start.r_m);
        out.row[0][k] = d.x;
        out.row[1][k] = d.y;
        out.row[2][k] = d.z;
    }
    return out;
}

double worst(StateRows<double> const& a, StateRows<double> const& b)
{
    double most = 0, size = 0;
    for (int axis = 0; axis < 3; ++axis) {
        for (int k = 0; k < state_size; ++k) {
            most = std::fmax(most, std::fabs(a.row[axis][k] - b.row[axis][k]));
            size = std::fmax(size, std::fabs(b.row[axis][k]));
        }
    }
    return most / size;
}

}  // namespace

TEST_CASE("errors of the burnout state grow as those of integrated flights do", "[track]")
{
    auto transition = transition_at_burnout(burnout().r_m);
    double t = 0;
    for (double const until : {60.0, 300.0, 900.0, 1500.0}) {
        while (t < until) {
            t += 15;
            step_transition(transition, 15.0, propagate(FreeFall{}, burnout(), t).r_m);
        }
        // J2, which the gradient leaves out, is some thousandths of it; the steps add some 1e-4.
        INFO(until << " s");
        CHECK(worst(transition.r, differences(t)) < 3e-3);
        CHECK(worst(position_rows(transition, 37.0), differences(t + 37)) < 3e-3);
        double const h = 20;
        StateRows<double> rate = differences(t + 30 + h);
        auto const before = differences(t + 30 - h);
        for (int k = 0; k < 3 * state_size; ++k) {
            double& x = rate.row[k / state_size][k % state_size];
            x = (x - before.row[k / state_size][k % state_size]) / (2 * h);
        }
        CHECK(worst(velocity_rows(transition, 30.0), rate) < 4e-3);
    }
}

namespace {

struct Fallen {
    double t_s;
    Vec3<double, Ecef> place_m;
};

/// Without air to the ellipsoid.
Fallen fallen(Motion const& start)
{
    Motion before = start;
    bool down = false;
    Fallen out{};
    propagate(FreeFall{}, start, 4000, 1.0, [&](Motion const& now, Vec const&) {
        double const h0 = geodetic_altitude_m(before.r_m), h1 = geodetic_altitude_m(now.r_m);
        if (!down && h1 < 0) {
            down = true;
            double const part = h0 / (h0 - h1);
            out.t_s = before.t_s + part * (now.t_s - before.t_s);
            out.place_m = ecef_from_eci(out.t_s, before.r_m + part * (now.r_m - before.r_m));
        }
        before = now;
    });
    REQUIRE(down);
    return out;
}

}  // namespace

TEST_CASE("an error at entry moves the impact as that of integrated falls, steep or shallow",
          "[track]")
{
    struct Case {
        double speed_mps, angle_deg;
    };
    for (Case const c :
         {Case{3000, 45}, {6000, 30}, {6900, 23}, {7200, 15}, {6000, 10}, {7200, 8}}) {
        double const angle = c.angle_deg * rad_per_deg, latitude = 40 * rad_per_deg;
        double const r = 6370e3 + 100e3;
        Vec const up{std::cos(latitude), 0, std::sin(latitude)}, north{-up.z, 0, up.x},
            east{0, 1, 0};
        Vec const level = 0.6 * east - 0.8 * north;
        Motion const entry{
            0, r * up,
            (c.speed_mps * std::cos(angle)) * level - (c.speed_mps * std::sin(angle)) * up};
        // The state at entry is the state that is known here.
        auto const t = transition_at_burnout(entry.r_m);
        auto const map = impact_map(entry.r_m, entry.v_mps, t.r, t.v);
        auto const nominal = geodetic_from_ecef(fallen(entry).place_m);
        auto const enu = enu_from_ecef(nominal.latitude_rad, nominal.longitude_rad);
        double worst_place = 0, worst_time = 0, place = 0, time = 0;
        for (int k = 0; k < state_size; ++k) {
            double const step = k < 3 ? 100 : 0.1;
            auto plus = entry, minus = entry;
            part(plus, k) += step;
            part(minus, k) -= step;
            auto const a = fallen(plus), b = fallen(minus);
            double const per = (k < 3 ? 1.0 : 1 / velocity_unit_s) / (2 * step);
            auto const moved = per * (enu * (a.place_m - b.place_m));
            place = std::fmax(place, std::hypot(moved.x, moved.y));
            worst_place =
                std::fmax(worst_place, std::hypot(moved.x - map.east[k], moved.y - map.north[k]));
            time = std::fmax(time, std::fabs(per * (a.t_s - b.t_s)));
            worst_time = std::fmax(worst_time, std::fabs(per * (a.t_s - b.t_s) - map.time[k]));
        }
        INFO(c.speed_mps << " m/s at " << c.angle_deg << " deg: " << worst_place / place << ", "
                         << worst_time / time);
        // The last step ends near the ground and not on it.
        CHECK(worst_place < 0.02 * place);
        CHECK(worst_time < 0.02 * time);
    }
}
