// Parts of a run: which flights they hold, and that they add up to the whole.
#include <catch2/catch.hpp>

#include <algorithm>
#include <stdexcept>

#include "results/show/spans_text.hpp"
#include "results/store/flown_part.hpp"
#include "results/store/store.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {
namespace {

/// The flights of a made-up result from one on, as a part of their own.
FlownPart rest_of(ResultFile const& whole, ResultFile const& first)
{
    auto rest = part_of(whole);
    for (std::size_t i = 0; i < rest.tally.cells.size(); ++i) {
        rest.tally.cells[i] -= first.tally.cells[i];
    }
    rest.spans = {{first.flight_count, whole.flight_count - first.flight_count}};
    std::erase_if(rest.failures,
                  [&](ListedFailure const& one) { return one.flight < first.flight_count; });
    return rest;
}

/// A made-up result in four randomisations.
ResultFile randomised()
{
    auto result = made_result({.flights = 400});
    result.tally = Tally(result.tally.layout);
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        result.randomisations.push_back(made_result({.flights = 100, .seed = seed}).tally);
        result.tally.merge(result.randomisations.back());
    }
    return result;
}

}  // namespace

TEST_CASE("spans of flights are put in order, and those that touch become one", "[results]")
{
    CHECK(joined({}).empty());
    CHECK(joined({{5, 0}}).empty());
    CHECK(joined({{20, 5}, {0, 10}, {10, 3}}) == FlightSpans{{0, 13}, {20, 5}});
    CHECK(joined({{0, 10}, {2, 3}, {8, 4}}) == FlightSpans{{0, 12}});
    CHECK(count_of({{0, 12}, {20, 5}}) == 17);
}

TEST_CASE("what spans lack of a range, and what two have in common, is found", "[results]")
{
    FlightSpans const spans = {{10, 10}, {30, 5}};
    CHECK(missing_from({0, 40}, spans) == FlightSpans{{0, 10}, {20, 10}, {35, 5}});
    CHECK(missing_from({10, 10}, spans).empty());
    CHECK(missing_from({12, 20}, spans) == FlightSpans{{20, 10}});
    CHECK(missing_from({0, 5}, spans) == FlightSpans{{0, 5}});
    CHECK(missing_from({50, 5}, spans) == FlightSpans{{50, 5}});
    CHECK(missing_from({0, 0}, {}).empty());
    CHECK_FALSE(first_overlap(spans, {{0, 10}, {20, 10}, {35, 100}}));
    CHECK(first_overlap(spans, {{0, 5}, {25, 7}}) == FlightSpan{30, 2});
    CHECK(first_overlap({{0, 100}}, spans) == FlightSpan{10, 10});
}

TEST_CASE("spans are told in words", "[results]")
{
    CHECK(spans_text({}) == "no flights");
    CHECK(spans_text({{7, 1}}) == "flight 7");
    CHECK(spans_text({{0, 100000}}) == "flights 0 to 99,999");
    CHECK(spans_text({{0, 10}, {20, 1}, {30, 2}}) == "flights 0 to 9, 20 and 30 to 31");
    FlightSpans many;
    for (std::int64_t i = 0; i < 20; ++i) { many.push_back({i * 10, 1}); }
    CHECK(spans_text(many) ==
          "flights 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110 and 8 more stretches");
}

TEST_CASE("parts of a run add up to the whole, failures in the order of flights", "[results]")
{
    auto const whole = made_result({.flights = 2000});
    auto const first = made_result({.flights = 700});
    REQUIRE(whole.failures.size() > first.failures.size());
    auto sum = rest_of(whole, first);
    sum.add(part_of(first));
    auto const wanted = part_of(whole);
    CHECK(sum.spans == wanted.spans);
    CHECK(sum.tally.cells == wanted.tally.cells);
    CHECK(sum.failures == wanted.failures);
    CHECK_THROWS_AS(sum.add(part_of(first)), std::invalid_argument);
    auto other = part_of(made_result({.arms = 3, .flights = 10}));
    other.spans = {{5000, 10}};
    CHECK_THROWS_AS(sum.add(other), std::invalid_argument);
}

TEST_CASE("of many failures the first thousand are kept", "[results]")
{
    auto early = part_of(made_result({.flights = 10})), late = early;
    late.spans = {{10000, 900}};
    early.spans = {{0, 900}};
    early.failures.clear();
    late.failures.clear();
    for (std::int64_t i = 0; i < 900; ++i) {
        early.failures.push_back({i, Fate::timed_out});
        late.failures.push_back({10000 + i, Fate::non_finite});
    }
    late.add(early);
    REQUIRE(late.failures.size() == failures_kept);
    CHECK(late.failures[899] == ListedFailure{899, Fate::timed_out});
    CHECK(late.failures[999] == ListedFailure{10099, Fate::non_finite});
}

TEST_CASE("a result turned into a part and back is the same, with its randomisations", "[results]")
{
    auto const made = randomised();
    auto const part = part_of(made);
    CHECK(part.tally.layout.randomisation_count == 4);
    auto back = made_result({.flights = 1});
    put_into(back, part);
    CHECK(back.flight_count == made.flight_count);
    CHECK(back.tally.cells == made.tally.cells);
    REQUIRE(back.randomisations.size() == made.randomisations.size());
    for (std::size_t r = 0; r < made.randomisations.size(); ++r) {
        CHECK(back.randomisations[r].cells == made.randomisations[r].cells);
    }
}

TEST_CASE("gaps between flights come back from a file, and ones that cannot be are refused",
          "[results]")
{
    Folder const folder;
    auto const path = folder.path / "r.h5";
    auto made = made_result({.flights = 700});
    auto part = part_of(made);
    part.spans = {{100, 300}, {500, 150}, {1000, 250}};
    put_into(made, part);
    CHECK(made.gaps == FlightSpans{{400, 100}, {650, 350}});
    write_result(path, made);
    auto const read = read_result(path);
    CHECK(read.gaps == made.gaps);
    CHECK(spans_of(read) == part.spans);

    for (FlightSpans const& impossible :
         {FlightSpans{{100, 5}}, FlightSpans{{50, 5}}, FlightSpans{{400, 0}},
          FlightSpans{{400, -5}}, FlightSpans{{800, 5}}, FlightSpans{{650, 350}, {400, 100}},
          FlightSpans{{400, INT64_MAX}}, FlightSpans{{400, 100}, {500, 10}}}) {
        made.gaps = impossible;
        CHECK_THROWS_WITH(write_result(path, made), Catch::Contains("gaps do not lie between"));
    }
}

TEST_CASE("a part with flight numbers that no run has is refused", "[results]")
{
    auto made = made_result({.flights = 10});
    made.first_flight = INT64_MAX - 1;
    CHECK_THROWS_AS(part_of(made), std::invalid_argument);
    made.first_flight = -1;
    CHECK_THROWS_AS(part_of(made), std::invalid_argument);
}

}  // namespace longwatch::test
