// ARC-2000 in lanes against other integrators, and against itself.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "kernels/arc_2000/arc_2000.hpp"
#include "kernels/arc_2000/gauss_rule.hpp"
#include "kernels/arc_2000/problem.hpp"
#include "tests/bench/arc_2000.hpp"
#include "tests/support/compared_methods.hpp"

using namespace longwatch;
using namespace longwatch::arc_2000;

namespace {

constexpr std::int64_t many = 1024;

/// 1024 flights, converged. Flown once for all cases.
Ends const& converged(Variant variant)
{
    static std::array<Ends, 3> const all = [] {
        std::array<Ends, 3> out{Ends(many), Ends(many), Ends(many)};
        for (int k = 0; k < 3; ++k) {
            Request const request{static_cast<Variant>(k), Accuracy::converged,
                                  Numbers::all_double};
            fly(flights(many), 0, many, request, out[static_cast<std::size_t>(k)]);
        }
        return out;
    }();
    return all[static_cast<std::size_t>(variant)];
}

double apart_m(Ends const& a, Ends const& b, std::size_t i)
{
    return std::hypot(a.x_m[i] - b.x_m[i], a.y_m[i] - b.y_m[i], a.z_m[i] - b.z_m[i]);
}

double farthest_apart_m(Ends const& a, Ends const& b)
{
    double out = 0;
    for (std::size_t i = 0; i < a.x_m.size(); ++i) { out = std::max(out, apart_m(a, b, i)); }
    return out;
}

double most_apart(std::vector<double> const& a, std::vector<double> const& b)
{
    double out = 0;
    for (std::size_t i = 0; i < a.size(); ++i) { out = std::max(out, std::fabs(a[i] - b[i])); }
    return out;
}

Arc2000Sample sample(FlightTable const& table, std::size_t i)
{
    auto const& c = table.column;
    return {{c[0][i], c[1][i], c[2][i]}, {c[3][i], c[4][i], c[5][i]}, c[6][i]};
}

/// By the eighth-order pair in plain numbers, which stops neither short of 2000 s nor at the ground.
Knot<double> flown_by_eighth_order(Arc2000Sample const& s, double t_end_s)
{
    Arc2000Force<double> const force{s.drag_area_per_mass_m2pkg};
    Knot<double> now{0, s.r_m, s.v_mps, force(0, s.r_m, s.v_mps)};
    double h = 10;
    while (now.t_s < t_end_s) {
        double const left = t_end_s - now.t_s, step = std::min(h, left);
        auto const next =
            Order8::step(force, now.t_s, now.r_m, now.v_mps, now.a_mps2, step, {1e-9, 1e-12});
        h = step * Order8::factor(next.error);
        if (!(next.error <= 1)) { continue; }
        now = {step == left ? t_end_s : now.t_s + step, next.r_m, next.v_mps, next.a_mps2};
    }
    return now;
}

}  // namespace

TEST_CASE("the nominal flight ends where an independent integration published its end",
          "[arc_2000]")
{
    auto const& end = converged(Variant::to_instant);
    // RK4 at 0.25 s, itself good to some um; 4 um measured.
    CHECK(std::fabs(end.x_m[0] - 435339.656736) < 2e-5);
    CHECK(std::fabs(end.y_m[0] - 5271439.922643) < 2e-5);
    CHECK(std::fabs(end.z_m[0] - 3642921.641994) < 2e-5);
}

TEST_CASE("the reference is where the eighth-order pair is", "[arc_2000]")
{
    auto const table = flights(many);
    for (std::size_t i = 0; i < 24; ++i) {
        auto const& at = converged(Variant::to_instant);
        auto const r = flown_by_eighth_order(sample(table, i), 2000).r_m;
        // Exponentials good to 2e-10 where drag moves a flight by up to 10 km.
        CHECK(std::hypot(at.x_m[i] - r.x, at.y_m[i] - r.y, at.z_m[i] - r.z) < 1e-4);

        auto const& fallen = converged(Variant::to_ground);
        auto const ground = flown_by_eighth_order(sample(table, i), fallen.t_s[i]).r_m;
        CHECK(std::hypot(fallen.x_m[i] - ground.x, fallen.y_m[i] - ground.y,
                         fallen.z_m[i] - ground.z) < 1e-4);
        CHECK(std::fabs(norm(ground) - arc_2000_radius_m) < 1e-4);
    }
}

TEST_CASE("every accuracy keeps what it says, in double and mixed", "[arc_2000]")
{
    struct Bound {
        Accuracy accuracy;
        double place_m, impact_s, radar_s;
    };
    // Measured over 4096 flights: 8.7 m, 0.63 m, 2.7 cm (mixed 3.7 cm), 0.73 mm; 0.59 ms, 0.12 ms, 8.5 us, 0.1 us;
    // 12 ms, 1.4 ms, 59 us, 35 us.
    Bound const bounds[] = {{Accuracy::ten_metres, 10, 1e-3, 0.02},
                            {Accuracy::metre, 1, 2e-4, 3e-3},
                            {Accuracy::centimetres, 0.05, 2e-5, 1e-4},
                            {Accuracy::millimetre, 1e-3, 1e-6, 1e-4}};
    auto const table = flights(many);
    for (auto const& bound : bounds) {
        for (auto const numbers : {Numbers::all_double, Numbers::mixed}) {
            for (auto const variant :
                 {Variant::to_instant, Variant::to_ground, Variant::with_radars}) {
                CAPTURE(bound.place_m, static_cast<int>(numbers), static_cast<int>(variant));
                auto const& truth = converged(variant);
                Ends ends(many);
                auto const flown = fly(table, 0, many, {variant, bound.accuracy, numbers}, ends);
                CHECK(flown.failed == 0);
                CHECK(farthest_apart_m(ends, truth) < bound.place_m);
                CHECK(most_apart(ends.t_s, truth.t_s) < bound.impact_s);
                for (std::size_t k = 0; k < 2; ++k) {
                    CHECK(most_apart(ends.rise_s[k], truth.rise_s[k]) < bound.radar_s);
                    CHECK(most_apart(ends.set_s[k], truth.set_s[k]) < bound.radar_s);
                }
            }
        }
    }
}

TEST_CASE("a flight rises and sets where its line of sight meets the mask", "[arc_2000]")
{
    auto const table = flights(many);
    auto const& over = converged(Variant::with_radars);
    for (std::size_t i = 0; i < 8; ++i) {
        for (int k = 0; k < radar_count; ++k) {
            for (double const t : {over.rise_s[k][i], over.set_s[k][i]}) {
                REQUIRE(t < over.t_s[i]);
                auto const r = flown_by_eighth_order(sample(table, i), t).r_m;
                double const turned = radar(k).longitude_rad + 7.292115e-5 * t;
                double const level = std::cos(radar(k).latitude_rad);
                Vec3<double, Eci> const up{level * std::cos(turned), level * std::sin(turned),
                                           std::sin(radar(k).latitude_rad)};
                auto const sight = r - arc_2000_radius_m * up;
                double const elevation_rad = std::asin(dot(sight, up) / norm(sight));
                // A microsecond at 1 mrad/s, and the quintic between knots.
                CHECK(std::fabs(elevation_rad - radar(k).mask_rad) < 1e-8);
            }
        }
    }
}

TEST_CASE("lanes and plain numbers fly the same arcs", "[arc_2000]")
{
    auto const table = flights(many);
    for (auto const numbers : {Numbers::all_double, Numbers::mixed}) {
        // Roots and exponentials of lanes are rounded otherwise: 0.5 um measured; 1.1 cm with forces in float.
        double const bound_m = numbers == Numbers::mixed ? 0.03 : 2e-6;
        for (auto const variant : {Variant::to_instant, Variant::to_ground}) {
            Ends lanes(many), plain(many);
            fly(table, 0, many, {variant, Accuracy::metre, numbers}, lanes);
            fly_plain(table, 0, many, {variant, Accuracy::metre, numbers}, plain);
            CHECK(farthest_apart_m(lanes, plain) < bound_m);
        }
    }
}

TEST_CASE("a flight's numbers do not depend on those beside it", "[arc_2000]")
{
    auto const table = flights(101);
    Ends whole(101), parts(101);
    for (auto const variant : {Variant::to_instant, Variant::with_radars}) {
        Request const request{variant, Accuracy::metre, Numbers::all_double};
        fly(table, 0, 101, request, whole);
        fly(table, 0, 37, request, parts);
        fly(table, 37, 64, request, parts);
        CHECK(whole.x_m == parts.x_m);
        CHECK(whole.t_s == parts.t_s);
        CHECK(whole.set_s == parts.set_s);
    }
}

TEST_CASE("flights that do not come down in one stride are flown all the same", "[arc_2000]")
{
    auto table = flights(20);
    table.column[4][3] = 8200;  // into orbit
    table.column[3][7] = 5000;  // 1400 km higher
    Ends ends(20);
    auto const flown = fly(table, 0, 20, {}, ends);
    CHECK(flown.failed == 0);
    for (std::size_t const i : {3U, 7U, 9U}) {
        CAPTURE(i);
        auto const r = flown_by_eighth_order(sample(table, i), 2000).r_m;
        CHECK(std::hypot(ends.x_m[i] - r.x, ends.y_m[i] - r.y, ends.z_m[i] - r.z) < 1);
    }
}

TEST_CASE("nine in ten lanes of the descent are of flights under way", "[arc_2000]")
{
    Ends ends(many);
    for (auto const variant : {Variant::to_instant, Variant::to_ground, Variant::with_radars}) {
        auto const flown = fly(flights(many), 0, many, {variant, Accuracy::metre}, ends);
        CHECK(static_cast<double>(flown.useful_steps) >
              0.9 * static_cast<double>(flown.lane_steps));
    }
}

TEST_CASE("Gauss's rule of seven nodes integrates the thirteenth power", "[arc_2000]")
{
    GaussRule<7> const rule;
    double sum = 0, inner_sum = 0;
    for (std::size_t j = 0; j < 7; ++j) {
        sum += rule.weight[j] * std::pow(rule.node[j], 13);
        inner_sum += rule.a[2][j] * std::pow(rule.node[j], 6);
    }
    CHECK(sum == Approx(1.0 / 14).epsilon(1e-14));
    CHECK(inner_sum == Approx(std::pow(rule.node[2], 7) / 7).epsilon(1e-12));
}
