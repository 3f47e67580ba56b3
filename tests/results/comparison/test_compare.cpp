#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "results/comparison/compare.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {
namespace {

ComparedQuantity const* find(std::vector<ComparedQuantity> const& rows, std::string const& name)
{
    auto const found = std::find_if(rows.begin(), rows.end(),
                                    [&](auto const& row) { return row.quantity == name; });
    return found == rows.end() ? nullptr : &*found;
}

double width(MaybeEstimate const& e) { return e->high - e->low; }

/// Sixteen randomisations of so many flights each.
ResultFile grouped_result()
{
    auto result = made_result({.flights = 0});
    result.sampling = sampling_names[2];
    for (std::uint64_t r = 0; r < 16; ++r) {
        result.randomisations.push_back(made_result({.flights = 200, .seed = 100 + r}).tally);
        result.tally.merge(result.randomisations.back());
    }
    result.flight_count = 3200;
    return result;
}

}  // namespace

TEST_CASE("arms of one result are compared by their joint tallies", "[comparison]")
{
    auto const result = made_result();
    auto const c = compare({&result, 2}, {&result, 1});
    auto const pairs = estimate(result.tally).pairs;
    auto const& paired = pairs[static_cast<std::size_t>(result.tally.layout.pair(2, 1))];
    CHECK(c.pairing == Pairing::flights);
    REQUIRE(c.consumers.size() == 3);
    auto const& rows = c.consumers[1].quantities;
    CHECK(find(rows, "p_warned")->difference == paired.consumers[1].p_warned_gain);
    CHECK(find(rows, "p_at_least_300_s")->difference == paired.consumers[1].p_at_least_gain[1]);
    CHECK(find(rows, "warning_time_mean_s")->difference == paired.consumers[1].gain_s);
    CHECK(find(rows, "usable_warning_mean_s")->difference == paired.consumers[1].usable_gain_s);
    CHECK(find(c.engagement, "pk")->difference == paired.engagement.pk);
    CHECK(find(c.engagement, "leakers_per_raid")->difference == negated(paired.engagement.leakers));
    CHECK(find(c.engagement, "shots_per_raid")->difference ==
          negated(paired.engagement.shots_saved));
    CHECK(find(rows, "p_warned")->pairing == Pairing::flights);
    CHECK(find(rows, "warning_time_p50_s")->pairing == Pairing::same_flights);
}

TEST_CASE("in the reverse order every difference has the other sign", "[comparison]")
{
    auto const result = made_result();
    int const arm = GENERATE(0, 1, 2);
    auto const there = compare({&result, 3}, {&result, arm});
    auto const back = compare({&result, arm}, {&result, 3});
    int seen = 0;
    auto const check = [&](std::vector<ComparedQuantity> const& rows,
                           std::vector<ComparedQuantity> const& reversed) {
        REQUIRE(rows.size() == reversed.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            CAPTURE(rows[i].quantity);
            CHECK(rows[i].difference == negated(reversed[i].difference));
            CHECK(rows[i].one == reversed[i].other);
            CHECK(rows[i].pairing == reversed[i].pairing);
            if (rows[i].effect) {
                CHECK(rows[i].effect->value == Approx(-reversed[i].effect->value));
                ++seen;
            }
        }
    };
    for (std::size_t c = 0; c < there.consumers.size(); ++c) {
        check(there.consumers[c].quantities, back.consumers[c].quantities);
    }
    check(there.engagement, back.engagement);
    CHECK(seen > 10);
}

TEST_CASE("runs without a flight in common are two samples", "[comparison]")
{
    auto const a = made_result({.seed = 1});
    auto b = made_result({.seed = 2});
    b.seed = 2;
    auto const c = compare({&b, 1}, {&a, 1});
    CHECK(c.pairing == Pairing::independent);
    CHECK(c.why.find("seeds 2 and 1") != std::string::npos);
    auto const* row = find(c.consumers[0].quantities, "p_warned");
    CHECK(row->difference == difference_of_independent(row->one, row->other));
    // Another range of the same seed has no flight in common either.
    b.seed = a.seed;
    b.first_flight = a.flight_count;
    CHECK(compare({&b, 1}, {&a, 1}).pairing == Pairing::independent);
    b.first_flight = a.flight_count - 1;
    CHECK(compare({&b, 1}, {&a, 1}).pairing == Pairing::same_flights);
}

TEST_CASE("the same flights in two runs have an interval that holds whatever the correlation",
          "[comparison]")
{
    auto const a = made_result(), b = made_result();
    auto const apart = compare({&a, 2}, {&b, 1});
    auto const together = compare({&a, 2}, {&a, 1});
    CHECK(apart.pairing == Pairing::same_flights);
    auto const* wide = find(apart.consumers[0].quantities, "p_warned");
    auto const* narrow = find(together.consumers[0].quantities, "p_warned");
    CHECK(wide->difference->value == Approx(narrow->difference->value));
    CHECK(width(wide->difference) > width(narrow->difference));
    CHECK(width(wide->difference) == Approx(width(wide->one) + width(wide->other)));
}

TEST_CASE("randomisations of the same flights pair up", "[comparison]")
{
    auto const a = grouped_result(), b = grouped_result();
    auto const c = compare({&a, 2}, {&b, 1});
    CHECK(c.pairing == Pairing::groups);
    auto const* row = find(c.consumers[0].quantities, "p_warned");
    CHECK(row->pairing == Pairing::groups);
    // By hand: Student's interval of the sixteen differences.
    std::vector<double> of_each;
    for (std::size_t r = 0; r < 16; ++r) {
        auto const arms = estimate(a.randomisations[r]).arms;
        of_each.push_back(arms[2].consumers[0].p_warned->value -
                          arms[1].consumers[0].p_warned->value);
    }
    CHECK(*row->difference == randomised_estimate(row->difference->value, of_each, {-1, 1}));
    CHECK(width(row->difference) < width(difference_of_independent(row->one, row->other)));
}

TEST_CASE("groups pair up only where both runs flew the same flights, in the same groups",
          "[comparison]")
{
    auto const a = grouped_result();
    auto const pairing_after = [&](std::function<void(ResultFile&)> const& change) {
        auto b = grouped_result();
        change(b);
        return compare({&a, 2}, {&b, 1}).pairing;
    };
    CHECK(pairing_after([](ResultFile&) {}) == Pairing::groups);
    CHECK(pairing_after([](ResultFile& b) { b.seed += 1; }) == Pairing::independent);
    CHECK(pairing_after([](ResultFile& b) { b.first_flight += 1; }) == Pairing::same_flights);
    CHECK(pairing_after([](ResultFile& b) { b.flight_count -= 1; }) == Pairing::same_flights);
    CHECK(pairing_after([](ResultFile& b) { b.gaps = {{10, 5}}; }) == Pairing::same_flights);
    CHECK(pairing_after([](ResultFile& b) { b.sampling = sampling_names[1]; }) ==
          Pairing::same_flights);
    CHECK(pairing_after([](ResultFile& b) { b.randomisations.pop_back(); }) ==
          Pairing::same_flights);
}

TEST_CASE("consumers that only one result has are told", "[comparison]")
{
    auto const a = made_result({.consumers = 3});
    auto b = made_result({.consumers = 2, .seed = 9});
    b.seed = 9;
    auto const c = compare({&a, 0}, {&b, 0});
    CHECK(c.consumers.size() == 2);
    CHECK(c.left_out == std::vector<std::string>{a.names.consumers[2]});
}

}  // namespace longwatch::test
