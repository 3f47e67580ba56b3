// A kill vehicle's homing on CPU lanes, one thread: time per shot and error of the miss, by the step.
//   build/release/bench/homing ; build with -DLW_BENCH=ON
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "kernels/draw/philox.hpp"
#include "kernels/lanes/xsimd_lanes.hpp"
#include "models/engage/homing.hpp"
#include "models/math/normal.hpp"

using namespace longwatch;

namespace {

constexpr int shots = 4000, repeats = 5, finest = 256;

struct Case {
    char const* name;
    double closing_mps, time_s, error_m, deceleration_mps2;
    KillVehicleParams kill_vehicle;
};

/// As the catalogue has them.
std::vector<Case> cases()
{
    KillVehicleParams exo;
    exo.navigation_constant = 4;
    exo.lag_s = 0.1;
    exo.seeker_lag_s = 0.05;
    exo.acceleration_max_mps2 = 40;
    exo.divert_max_mps = 400;
    exo.noise_density_rad2s = 2.5e-11;
    exo.kill_radius_m = 0.5;
    auto upper = exo;
    upper.augmented = true;
    upper.acceleration_max_mps2 = 100;
    upper.divert_max_mps = 500;
    auto terminal = upper;
    terminal.lag_s = 0.15;
    terminal.acceleration_max_mps2 = 300;
    terminal.divert_max_mps = 0;
    terminal.noise_density_rad2s = 2.5e-9;
    terminal.kill_radius_m = 1;
    return {{"exo-atmospheric", 9000, 40, 800, 0, exo},
            {"upper tier", 4500, 20, 300, 20, upper},
            {"terminal", 3000, 6, 100, 100, terminal}};
}

struct Flown {
    std::vector<double> miss_m;
    double us_per_shot = 0;
};

Flown fly(Case const& c, int per_fold)
{
    Flown out;
    auto const start = std::chrono::steady_clock::now();
    for (int first = 0; first < shots; first += Lane<Lanes>::width) {
        FlightDraws<Lanes> const draws{
            1, Lane<Lanes>::generate([&](int lane) { return first + lane; }), 1};
        Lanes drawn[4];
        int block = -1;
        auto const noise = [&](int step, int axis) {
            if (step / 2 != block) {
                block = step / 2;
                draws.four_uniforms_at({DrawKind::seeker_noise}, Lanes(block), drawn);
            }
            return Lanes(3.4641016151377544) * (drawn[2 * (step % 2) + axis] - Lanes(0.5));
        };
        auto const error = [&](std::uint32_t axis) {
            Lanes const u = draws.uniform({DrawKind::handover}, axis);
            return Lanes(Lanes(c.error_m) * normal_quantile(u));
        };
        auto const begin = homing_start<Lanes>(
            {Lanes(-c.closing_mps), Lanes(0.0), Lanes(0.0)}, {Lanes(0.0), error(0), error(1)},
            {Lanes(c.deceleration_mps2), Lanes(c.deceleration_mps2 / 3), Lanes(0.0)},
            Lanes(c.time_s));
        HomingSteps steps;
        steps.per_fold = per_fold;
        auto const end = home(c.kill_vehicle, begin, noise, Lanes(0.0) < Lanes(1.0), steps);
        for (int lane = 0; lane < Lane<Lanes>::width; ++lane) {
            out.miss_m.push_back(Lane<Lanes>::at(end.miss_m, lane));
        }
    }
    out.us_per_shot =
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
            .count() /
        shots;
    return out;
}

double median(std::vector<double> x)
{
    std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
    return x[x.size() / 2];
}

double share_within(std::vector<double> const& miss_m, double radius_m)
{
    double n = 0;
    for (double const m : miss_m) { n += m <= radius_m ? 1 : 0; }
    return n / static_cast<double>(miss_m.size());
}

double root_mean_square(std::vector<double> const& miss_m, double radius_m)
{
    double sum = 0, n = 0;
    for (double const m : miss_m) {
        if (m > 10 * radius_m) { continue; }
        sum += m * m;
        n += 1;
    }
    return std::sqrt(sum / n);
}

}  // namespace

int main()
{
    fmt::print(
        "{} shots each, {} repeats; noise by Philox; rms over misses within ten kill radii\n",
        shots, repeats);
    fmt::print("{:16} {:>9} {:>12} {:>14} {:>14} {:>22}\n", "case", "per fold", "us per shot",
               "within radius", "rms miss, m", "without noise, error m");
    for (Case const& c : cases()) {
        auto quiet = c;
        quiet.kill_vehicle.noise_density_rad2s = 0;
        auto const reference = fly(quiet, finest);
        for (int const per_fold : {8, 16, 32, 64, finest}) {
            std::vector<double> took_us;
            Flown flown;
            for (int r = 0; r < repeats; ++r) {
                flown = fly(c, per_fold);
                took_us.push_back(flown.us_per_shot);
            }
            // Of the shots that come close without noise.
            std::vector<double> errors;
            auto const coarse = fly(quiet, per_fold);
            for (std::size_t k = 0; k < reference.miss_m.size(); ++k) {
                if (reference.miss_m[k] > 2) { continue; }
                errors.push_back(std::fabs(coarse.miss_m[k] - reference.miss_m[k]));
            }
            std::sort(errors.begin(), errors.end());
            double const most = errors[errors.size() * 99 / 100];
            double const radius = c.kill_vehicle.kill_radius_m;
            fmt::print("{:16} {:9} {:12.2f} {:14.4f} {:14.4f} {:>22}\n", c.name, per_fold,
                       median(took_us), share_within(flown.miss_m, radius),
                       root_mean_square(flown.miss_m, radius), fmt::format("{:.2g} (99 %)", most));
        }
    }
    return 0;
}
