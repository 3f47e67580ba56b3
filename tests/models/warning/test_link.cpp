// How long a link takes, against the distributions that its parts are declared to have.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "models/flight/raid.hpp"
#include "models/warning/link.hpp"

using namespace longwatch;

namespace {

constexpr int draws = 20000;

std::vector<double> latencies_s(LinkParams const& link, double behind_s = 0)
{
    std::mt19937_64 random(16);
    std::uniform_real_distribution<double> uniform(1e-12, 1);
    std::vector<double> out;
    for (int i = 0; i < draws; ++i) {
        LinkDraws<double> const u{uniform(random), uniform(random), uniform(random),
                                  uniform(random), uniform(random), uniform(random)};
        out.push_back(link_latency_s(link, behind_s, 0.0, u));
    }
    return out;
}

double mean(std::vector<double> const& x)
{
    double sum = 0;
    for (double const v : x) { sum += v; }
    return sum / static_cast<double>(x.size());
}

double part_above(std::vector<double> const& x, double least)
{
    return static_cast<double>(
               std::count_if(x.begin(), x.end(), [&](double v) { return v >= least; })) /
           static_cast<double>(x.size());
}

/// Four standard deviations of a proportion.
double chance(double p) { return 4 * std::sqrt(p * (1 - p) / draws); }

LinkParams with_latency(double seconds)
{
    LinkParams link;
    link.latency_s = constant(seconds);
    return link;
}

}  // namespace

TEST_CASE("a plain link takes its latency", "[warning]")
{
    for (double const t : latencies_s(with_latency(3))) { REQUIRE(t == 3); }
}

TEST_CASE(
    "one slot in a frame of 12 s makes messages wait 6 s in the mean and never longer than 12",
    "[warning]")
{
    // Link 16: 1536 slots of 7.8125 ms to a frame, one of them ours.
    auto link = with_latency(0);
    link.slot_period_s = 1536 * 7.8125e-3;
    auto const waits = latencies_s(link);
    CHECK(mean(waits) == Approx(6).margin(4 * 12 / std::sqrt(12.0 * draws)));
    CHECK(*std::max_element(waits.begin(), waits.end()) <= 12);
    CHECK(*std::min_element(waits.begin(), waits.end()) >= 0);
}

TEST_CASE("a link that is out is so for good, or until it is repaired", "[warning]")
{
    auto link = with_latency(1);
    link.availability = 0.9;
    CHECK(part_above(latencies_s(link), never_s) == Approx(0.1).margin(chance(0.1)));
    link.repair_mean_s = 60;
    auto const times = latencies_s(link);
    CHECK(part_above(times, never_s) == 0);
    CHECK(part_above(times, 1 + 1e-9) == Approx(0.1).margin(chance(0.1)));
    // Exponential: a part 1/e of the outages lasts longer than the mean.
    double const lasts = 0.1 * std::exp(-1);
    CHECK(part_above(times, 61) == Approx(lasts).margin(chance(lasts)));
}

TEST_CASE("a lossy link sends again until a transmission arrives", "[warning]")
{
    auto link = with_latency(1);
    link.loss = 0.2;
    link.retransmit_s = 4;
    auto const times = latencies_s(link);
    for (int lost = 1; lost <= 4; ++lost) {
        double const p = std::pow(0.2, lost);
        CHECK(part_above(times, 1 + 4 * lost - 1e-9) == Approx(p).margin(chance(p)));
    }
    // Mean of a geometric number: p / (1 - p) = 0.25.
    CHECK(mean(times) == Approx(2).margin(4 * 4 * std::sqrt(0.2 / 0.64 / draws)));
}

TEST_CASE("a busy link makes messages wait as a queue that is simulated does", "[warning]")
{
    auto link = with_latency(0);
    link.service_s = 2;
    link.load = 0.6;
    // Customers one by one: wait(n + 1) = max(0, wait(n) + service(n) - interval(n)) (Lindley 1952).
    std::mt19937_64 random(4);
    std::exponential_distribution<double> service(1 / link.service_s),
        interval(link.load / link.service_s);
    std::vector<double> waits;
    double wait = 0;
    for (int n = 0; n < 400000; ++n) {
        if (n >= 1000) { waits.push_back(wait); }
        wait = std::fmax(0, wait + service(random) - interval(random));
    }
    auto took = latencies_s(link);
    for (double& t : took) { t -= link.service_s; }
    CHECK(mean(took) == Approx(mean(waits)).epsilon(0.05));
    for (double const t : {0.01, 2.0, 6.0, 12.0}) {
        // Neighbouring customers wait alike, so the simulated queue is no better known than the draws.
        CHECK(part_above(took, t) ==
              Approx(part_above(waits, t)).margin(2 * chance(part_above(waits, t))));
    }
}

TEST_CASE("a raid's messages go one after the other", "[warning]")
{
    auto link = with_latency(1);
    link.service_s = 0.5;
    for (double const t : latencies_s(link)) { REQUIRE(t == 1.5); }
    for (double const t : latencies_s(link, 0.75)) { REQUIRE(t == 2.25); }
}

TEST_CASE("a message waits for what is left of those of earlier ignitions", "[warning]")
{
    RaidParams raid;
    raid.size = 5;
    double const ignitions[] = {0, 0, 1, 1.5, 20};
    std::copy(std::begin(ignitions), std::end(ignitions), raid.ignition_s);
    RaidQueue<double> queue{2.0};
    std::vector<double> waits;
    struct None {
        double uniform(Purpose const&, std::uint32_t) const { return 0.5; }
    };
    each_ignition<double>(raid, 4, None{}, [&](int m, double t) {
        queue.next(m, t);
        waits.push_back(queue.waits_s);
    });
    // Two seconds each: the second leaves at 4, the third at 6, the fourth at 8; by 20 the link is free.
    CHECK(waits == std::vector<double>{0, 2, 3, 4.5, 0});
}

TEST_CASE("ignitions follow one another by drawn intervals, the same whoever asks", "[warning]")
{
    RaidParams raid;
    raid.size = 4;
    raid.has_interval = true;
    raid.interval_s = uniform(10, 20);
    struct Numbered {
        double uniform(Purpose const& p, std::uint32_t counter) const
        {
            return p.kind == DrawKind::ignition ? 0.1 * counter : 0.0;
        }
    };
    for (int last = 0; last < 4; ++last) {
        double t = -1;
        each_ignition<double>(raid, last, Numbered{}, [&](int, double at) { t = at; });
        double const wanted[] = {0, 11, 23, 36};
        CHECK(t == Approx(wanted[last]));
    }
}

TEST_CASE("who ignites later waits for less of a link's repair", "[warning]")
{
    auto link = with_latency(1);
    link.availability = 0;
    link.repair_mean_s = 100;
    LinkDraws<double> draws{0.5, 0.5, 0.5, std::exp(-2.0), 0.5, 0.5};  // repaired after 200 s
    CHECK(link_latency_s(link, 0.0, 0.0, draws) == Approx(201));
    CHECK(link_latency_s(link, 0.0, 150.0, draws) == Approx(51));
    CHECK(link_latency_s(link, 0.0, 300.0, draws) == Approx(1));
    link.repair_mean_s = 0;
    CHECK(link_latency_s(link, 0.0, 300.0, draws) >= never_s);
}
