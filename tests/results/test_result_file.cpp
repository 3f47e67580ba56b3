// What a result says of itself is held together before anybody sees it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <string>

#include "results/store/result_file.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {

namespace {

/// A sound result of some flights, two of which failed.
ResultFile with_failures()
{
    auto result = made_result({.flights = 20});
    auto& cells = result.tally.cells;
    auto const& layout = result.tally.layout;
    auto const at = [&](Fate fate) { return static_cast<std::size_t>(layout.fate(0, fate)); };
    auto const failed_before = failed_flights(result.tally);
    REQUIRE(failed_before == result.failures.size());
    cells[at(Fate::non_finite)] += 2;
    result.flight_count += 2;
    for (std::int64_t i : {20, 21}) {
        result.failures.push_back({result.first_flight + i, Fate::non_finite});
    }
    return result;
}

std::vector<std::string> problems_after(std::function<void(ResultFile&)> const& change)
{
    auto result = with_failures();
    change(result);
    return result_problems(result);
}

}  // namespace

TEST_CASE("a result that contradicts itself is told", "[results]")
{
    CHECK(problems_after([](ResultFile&) {}).empty());
    struct Case {
        std::function<void(ResultFile&)> change;
        char const* told;
    };
    Case const cases[] = {
        {[](ResultFile& r) { r.first_flight = -7; }, "a number that no flight has"},
        {[](ResultFile& r) { r.flight_count = -5; }, "it holds -5 flights"},
        {[](ResultFile& r) { r.failures.back().flight = 10'000; }, "failures listed"},
        {[](ResultFile& r) { r.failures.back().flight = -1; }, "failures listed"},
        {[](ResultFile& r) { r.failures.back().flight = INT64_MAX; }, "failures listed"},
        {[](ResultFile& r) { r.failures.back() = r.failures.front(); }, "failures listed"},
        {[](ResultFile& r) { r.failures.back().fate = Fate::impact; }, "failures listed"},
        {[](ResultFile& r) { r.failures.back().fate = Fate::arc_full; }, "failures listed"},
        {[](ResultFile& r) { r.failures.resize(failed_flights(r.tally) + 1, r.failures.back()); },
         "failures listed"},
        {[](ResultFile& r) { r.names.arms[1] = r.names.arms[0]; }, "are called '"},
        {[](ResultFile& r) { r.names.threats[1] = r.names.threats[0]; }, "are called '"},
        {[](ResultFile& r) { r.sampling = "<b>"; }, "its sampling"},
    };
    for (auto const& one : cases) {
        INFO(one.told);
        auto const problems = problems_after(one.change);
        CHECK(std::ranges::any_of(problems, [&](std::string const& problem) {
            return problem.find(one.told) != std::string::npos;
        }));
    }
}

TEST_CASE("a ground track lies where flights are", "[results]")
{
    auto const told_of = [](std::function<void(GroundTrack&)> const& change) {
        auto result = made_result({.flights = 20});
        GroundTrack track;
        std::vector<double> const zeros(GroundTrack::points, 0.0);
        track.t_s = track.latitude_deg = track.longitude_deg = track.altitude_km = zeros;
        result.tracks.assign(result.names.threats.size(), track);
        change(result.tracks.back());
        return !result_problems(result).empty();
    };
    CHECK_FALSE(told_of([](GroundTrack& track) { track.latitude_deg[3] = -90; }));
    CHECK(told_of([](GroundTrack& track) { track.latitude_deg[3] = 90.1; }));
    CHECK(told_of([](GroundTrack& track) { track.longitude_deg[3] = 1e308; }));
    CHECK(told_of([](GroundTrack& track) { track.altitude_km[3] = -1e7; }));
    CHECK(told_of([](GroundTrack& track) { track.t_s[3] = std::nan(""); }));
}

}  // namespace longwatch::test
