#include "results/store/schema.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {
namespace {

/// How often each cell of a tally is an element of a dataset.
std::vector<int> times_stored(TallyLayout const& layout)
{
    std::vector<int> times(static_cast<std::size_t>(layout.cell_count()), 0);
    for (auto const& dataset : cell_datasets()) {
        std::vector<int> at(dataset.axes.size() + 1, 0);
        std::int64_t elements = 1;
        for (auto const axis : dataset.axes) { elements *= axis_size(layout, axis); }
        for (std::int64_t i = 0; i < elements; ++i) {
            auto rest = i;
            for (std::size_t k = dataset.axes.size(); k-- > 0;) {
                auto const size = axis_size(layout, dataset.axes[k]);
                at[k] = static_cast<int>(rest % size);
                rest /= size;
            }
            int const cell = dataset.cell(layout, at.data());
            if (cell < 0 || cell >= layout.cell_count()) {
                FAIL(dataset.name << " element " << i << " is cell " << cell);
            }
            ++times[static_cast<std::size_t>(cell)];
        }
    }
    return times;
}

TEST_CASE("every cell of a tally is stored, and once", "[store]")
{
    // Numbers of things that differ, so that no two indices can stand for each other.
    auto layout =
        made_result({.threats = 2, .arms = 3, .consumers = 5, .batteries = 7, .flights = 0})
            .tally.layout;
    for (int const sensors : {0, 4}) {
        for (int const raid : {1, 6}) {
            layout.sensor_count = sensors;
            layout.raid_size = raid;
            auto const times = times_stored(layout);
            auto const odd = std::find_if(times.begin(), times.end(), [](int n) { return n != 1; });
            INFO(sensors << " sensors, raids of " << raid << ", cell " << odd - times.begin());
            CHECK(odd == times.end());
        }
    }
}

TEST_CASE("a result holds up to 1024 randomisations, and no more cells than are read", "[store]")
{
    TallyLayout layout{1, 1, 1, 1};
    CHECK(too_large(layout).empty());
    layout.randomisation_count = 1024;
    CHECK(too_large(layout).empty());
    layout.randomisation_count = 1025;
    CHECK_THAT(too_large(layout), Catch::Contains("in 1025 randomisations are more than"));
    layout.randomisation_count = 0;
    CHECK_FALSE(too_large(layout).empty());
    CHECK_THAT(too_large({2, 1024, 1024, 1}), Catch::Contains("1024 arms and 1024 consumers"));
}

TEST_CASE("no two datasets have one name, and each has words and a unit", "[store]")
{
    std::set<std::string> names;
    auto const is_told = [&](auto const& dataset) {
        INFO(dataset.name);
        CHECK(names.insert(dataset.name).second);
        CHECK(std::string(dataset.description).size() > 10);
        CHECK_FALSE(std::string(dataset.unit).empty());
    };
    for (auto const& dataset : cell_datasets()) { is_told(dataset); }
    for (auto const& dataset : estimate_datasets()) {
        INFO(dataset.name);
        CHECK(std::string(dataset.description).size() > 10);
    }
}

}  // namespace
}  // namespace longwatch::test
