// The CUDA backend against the CPU backend, flight by flight and tally by tally.
#include <catch2/catch.hpp>

#include <cmath>
#include <iostream>
#include <memory>
#include <set>

#include "kernels/backend/backend.hpp"
#include "tests/support/shipped_study.hpp"

using namespace longwatch;

namespace {

// The written bound (docs/design/0001-one-source-two-backends.md). Both backends keep the same
// tolerance per step, but round differently: times of the arc agree to the integrator's accuracy, and
// messages that follow from them likewise, unless a flight lies on a threshold: then a look, a link or
// a fused prediction falls the other way.
constexpr double time_bound_s = 1e-3;
constexpr double threshold_share_max = 0.02;

// Odd on purpose: no multiple of a warp, a pack, or the mix.
constexpr FlightRange some_flights{.seed = 20231219, .first = 0, .count = 101};

bool same_time(double a, double b)
{
    if (!(a < never_s) || !(b < never_s)) { return !(a < never_s) && !(b < never_s); }
    return std::abs(a - b) <= time_bound_s;
}

bool same_times(std::vector<double> const& a, std::vector<double> const& b)
{
    bool same = a.size() == b.size();
    for (std::size_t k = 0; same && k < a.size(); ++k) { same = same_time(a[k], b[k]); }
    return same;
}

}  // namespace

TEST_CASE("a flight on the CUDA device is the flight of the CPU's lanes", "[parity][gpu]")
{
    Scenario const& scenario = *trilateral_study().scenario;
    auto const cpu = outcomes_on_cpu(scenario, some_flights, {});
    auto const cuda = outcomes_on_cuda(scenario, some_flights, {.threads = 0, .chunk = 64});
    REQUIRE(cuda.size() == cpu.size());
    int on_threshold = 0;
    for (std::size_t f = 0; f < cpu.size(); ++f) {
        INFO("flight " << f);
        FlightOutcome const& a = cpu[f];
        FlightOutcome const& b = cuda[f];
        CHECK(a.flight == b.flight);
        CHECK(a.threat == b.threat);
        CHECK(a.fate == b.fate);
        CHECK(same_time(a.t_burnout_s, b.t_burnout_s));
        CHECK(same_time(a.t_apogee_s, b.t_apogee_s));
        CHECK(same_time(a.t_impact_s, b.t_impact_s));
        CHECK(std::abs(a.apogee_m - b.apogee_m) < 5);
        CHECK(same_times(a.t_clock_end_s, b.t_clock_end_s));
        bool const same = same_times(a.t_message_s, b.t_message_s) &&
                          same_times(a.t_commit_s, b.t_commit_s) && a.shots == b.shots &&
                          a.killed == b.killed;
        if (!same) {
            ++on_threshold;
            std::cout << "on a threshold: flight " << a.flight << "\n";
        }
    }
    CHECK(on_threshold <= threshold_share_max * static_cast<double>(some_flights.count));
}

TEST_CASE("the tallies of both backends agree but for flights on a threshold", "[parity][gpu]")
{
    Scenario const& scenario = *trilateral_study().scenario;
    auto const cpu = fly_on_cpu(scenario, some_flights, {}, {});
    auto const cuda = fly_on_cuda(scenario, some_flights, {.threads = 0, .chunk = 50}, {});
    CHECK(cuda.failures.size() == cpu.failures.size());
    TallyLayout const& l = cpu.tally.layout;
    double const allowed = threshold_share_max * static_cast<double>(some_flights.count);
    auto const close = [&](int cell) {
        auto const c = static_cast<std::size_t>(cell);
        auto const a = static_cast<std::int64_t>(cpu.tally.cells[c]);
        auto const b = static_cast<std::int64_t>(cuda.tally.cells[c]);
        return std::abs(static_cast<double>(a - b)) <= allowed;
    };
    for (int threat = 0; threat < l.threat_count; ++threat) {
        for (int fate = 0; fate < fate_count; ++fate) {
            CHECK(close(l.fate(threat, static_cast<Fate>(fate))));
        }
    }
    for (int arm = 0; arm < l.arm_count; ++arm) {
        for (int n = 0; n < l.consumer_count; ++n) {
            CHECK(close(l.warned(arm, n)));
            CHECK(close(l.too_late(arm, n)));
            CHECK(close(l.none(arm, n)));
        }
        CHECK(close(l.killed(arm)));
    }
}

TEST_CASE("chunks do not change a tally of the CUDA device by one bit", "[parity][gpu]")
{
    Scenario const& scenario = *trilateral_study().scenario;
    FlightRange const range{.seed = 11, .first = 3, .count = 37};
    auto const one = fly_on_cuda(scenario, range, {.threads = 0, .chunk = 37}, {});
    auto const many = fly_on_cuda(scenario, range, {.threads = 0, .chunk = 10}, {});
    CHECK(one.tally.cells == many.tally.cells);
}

TEST_CASE("flights that fail on the CUDA device are named as on the CPU", "[parity][gpu]")
{
    // Too little time for the flights of one threat, so that all of them fail, and others do not.
    auto const scenario = std::make_unique<Scenario>(*trilateral_study().scenario);
    scenario->threat[scenario->mix[1]].max_flight_time_s = 300;
    auto const cpu = fly_on_cpu(*scenario, some_flights, {}, {}).failures;
    // Chunks whose flights fail beside such as have none.
    for (int const chunk : {101, 10, 1}) {
        auto const cuda =
            fly_on_cuda(*scenario, some_flights, {.threads = 0, .chunk = chunk}, {}).failures;
        REQUIRE(cuda.size() == cpu.size());
        for (std::size_t n = 0; n < cpu.size(); ++n) {
            CHECK(cuda[n].flight == cpu[n].flight);
            CHECK(cuda[n].fate == cpu[n].fate);
        }
    }
    CHECK(cpu.size() > 20);
    CHECK(cpu.size() < 80);
}

TEST_CASE("every stage of a flight takes time on the CUDA device", "[parity][gpu]")
{
    auto const times = stage_times_on_cuda(*layered_study().scenario, {3, 0, 40}, {});
    std::vector<std::string> names;
    for (StageTime const& time : times) {
        names.push_back(time.stage);
        CHECK(time.time_ms > 0);
    }
    CHECK(names == std::vector<std::string>{"fly", "clock", "observe", "measure", "share",
                                            "battlespace", "engage", "tally"});
}

TEST_CASE("a flight replayed on the CUDA device is the device's own run in every bit",
          "[parity][gpu][replay]")
{
    Scenario const& scenario = *trilateral_study().scenario;
    FlightRange const range{.seed = 11, .first = 3, .count = 37};
    auto const run = outcomes_on_cuda(scenario, range, {.threads = 0, .chunk = 37});
    for (std::size_t f : {0, 1, 17, 36}) {
        auto alone = flight_on_cuda(scenario, range.seed, run[f].flight);
        Columns const columns = lay_out(scenario, 1, alone.memory.data());
        auto const replayed = read_outcome(scenario, alone.launch, columns, 0);
        INFO("flight " << run[f].flight);
        CHECK(replayed.flight == run[f].flight);
        CHECK(replayed.threat == run[f].threat);
        CHECK(replayed.t_impact_s == run[f].t_impact_s);
        CHECK(replayed.impact_latitude_rad == run[f].impact_latitude_rad);
        CHECK(replayed.t_clock_end_s == run[f].t_clock_end_s);
        CHECK(replayed.t_message_s == run[f].t_message_s);
        CHECK(replayed.t_commit_s == run[f].t_commit_s);
        CHECK(replayed.shots == run[f].shots);
        CHECK(replayed.killed == run[f].killed);
    }
}

TEST_CASE("a raid on the CUDA device is the raid of the CPU's lanes", "[parity][gpu]")
{
    // Shots flown, shooters shared: what one flight on a threshold changes, the rest of its raid may feel.
    Scenario const& scenario = *layered_study().scenario;
    FlightRange const range{.seed = 3, .first = 20, .count = 60};
    auto const cpu = outcomes_on_cpu(scenario, range, {});
    auto const cuda = outcomes_on_cuda(scenario, range, {.threads = 0, .chunk = 40});
    REQUIRE(cuda.size() == cpu.size());
    std::set<std::int64_t> on_threshold;
    int shots = 0;
    for (std::size_t f = 0; f < cpu.size(); ++f) {
        FlightOutcome const& a = cpu[f];
        FlightOutcome const& b = cuda[f];
        CHECK(a.flight == b.flight);
        CHECK(same_time(a.t_impact_s, b.t_impact_s));
        shots += a.shots[0];
        if (same_times(a.t_message_s, b.t_message_s) && same_times(a.t_commit_s, b.t_commit_s) &&
            a.shots == b.shots && a.killed == b.killed) {
            continue;
        }
        on_threshold.insert(a.flight / scenario.raid.size);
        std::cout << "on a threshold: flight " << a.flight << "\n";
    }
    CHECK(shots > 40);
    CHECK(on_threshold.size() <= 1);
    auto const one = fly_on_cuda(scenario, range, {.threads = 0, .chunk = 60}, {});
    auto const many = fly_on_cuda(scenario, range, {.threads = 0, .chunk = 10}, {});
    CHECK(one.tally.cells == many.tally.cells);
    auto alone = flight_on_cuda(scenario, range.seed, 37);
    Columns const columns = lay_out(scenario, 1, alone.memory.data());
    auto const replayed = read_outcome(scenario, alone.launch, columns, 0);
    CHECK(replayed.flight == 37);
    CHECK(replayed.shots == cuda[17].shots);
    CHECK(replayed.killed == cuda[17].killed);
}
