// Taking things away from an arm, one at a time.
#include <catch2/catch.hpp>

#include <memory>
#include <vector>

#include "host/plan/removals.hpp"
#include "kernels/backend/backend.hpp"
#include "tests/support/shipped_study.hpp"

using namespace longwatch;

namespace {

constexpr int via_us_hub = 2;

Scenario const& scenario() { return *trilateral_study().scenario; }

std::vector<Removal> removals() { return removals_from(scenario(), via_us_hub); }

}  // namespace

TEST_CASE("everything an arm has can be taken away, and nothing else", "[studies][value]")
{
    ArmParams const& arm = scenario().network.arm[via_us_hub];
    int links = 0, sensors = 0;
    for (Removal const& r : removals()) {
        if (r.kind == Removal::Kind::link) {
            ++links;
            CHECK(arm.link[r.index].present);
        } else {
            ++sensors;
            CHECK((arm.sensors >> r.index & 1U) != 0);
        }
    }
    CHECK(sensors == scenario().sensor_count);
    CHECK(links > 15);
    CHECK(links < scenario().network.link_count);  // the direct links belong to another arm
}

TEST_CASE("each arm made lacks its one thing, and the first lacks nothing", "[studies][value]")
{
    auto const all = removals();
    std::vector<Removal> const some{all[0], all[3], all.back()};
    auto const made = without_each(scenario(), via_us_hub, some);
    ArmParams const& whole = scenario().network.arm[via_us_hub];
    REQUIRE(made->network.arm_count == 4);
    for (int a = 0; a < 4; ++a) {
        ArmParams const& arm = made->network.arm[a];
        for (int l = 0; l < scenario().network.link_count; ++l) {
            bool const taken = (a == 1 && l == all[0].index) || (a == 2 && l == all[3].index);
            CHECK(arm.link[l].present == (whole.link[l].present && !taken));
        }
        std::uint64_t const taken = a == 3 ? std::uint64_t{1} << all.back().index : 0;
        CHECK(arm.sensors == (whole.sensors & ~taken));
    }
    // The arm as it is gives the same numbers wherever it stands.
    FlightRange const range{.seed = 5, .first = 0, .count = 64};
    auto const here = outcomes_on_cpu(*made, range, {});
    auto const there = outcomes_on_cpu(scenario(), range, {});
    auto const consumers = static_cast<std::size_t>(scenario().network.consumer_count);
    for (std::size_t f = 0; f < here.size(); ++f) {
        for (std::size_t c = 0; c < consumers; ++c) {
            CHECK(here[f].t_message_s[c] == there[f].t_message_s[via_us_hub * consumers + c]);
        }
    }
}

TEST_CASE("nothing taken away warns anybody earlier, in any flight", "[studies][value][invariant]")
{
    auto const all = removals();
    auto const consumers = static_cast<std::size_t>(scenario().network.consumer_count);
    std::int64_t later = 0;
    for (std::size_t first = 0; first < all.size(); first += removals_at_once) {
        auto const count = std::min<std::size_t>(removals_at_once, all.size() - first);
        auto const made =
            without_each(scenario(), via_us_hub, std::span(all).subspan(first, count));
        for (auto const& flight :
             outcomes_on_cpu(*made, {.seed = 6, .first = 0, .count = 200}, {})) {
            for (std::size_t m = consumers; m < flight.t_message_s.size(); ++m) {
                REQUIRE(flight.t_message_s[m] >= flight.t_message_s[m % consumers]);
                later += flight.t_message_s[m] > flight.t_message_s[m % consumers] ? 1 : 0;
            }
        }
    }
    CHECK(later > 1000);
}
