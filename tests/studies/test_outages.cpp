// Sensors that are out for a flight.
#include <catch2/catch.hpp>

#include <cmath>
#include <memory>

#include "kernels/backend/backend.hpp"
#include "tests/support/shipped_study.hpp"

using namespace longwatch;

TEST_CASE("a sensor that is out sees nothing, and is out as often as said", "[studies]")
{
    // The shipped study with one radar left, or one infrared sensor.
    for (std::size_t const sensor : {std::size_t{0}, trilateral_study().sensors.size() - 1}) {
        auto scenario = std::make_unique<Scenario>(*trilateral_study().scenario);
        scenario->network.arm_count = 1;
        scenario->network.arm[0].sensors = std::uint64_t{1} << sensor;
        scenario->network.arm[0].class_count = 0;
        for (int n = 0; n < scenario->network.consumer_count; ++n) {
            for (bool& acts : scenario->network.consumer[n].acts_on) { acts = true; }
        }
        auto const messages = [&](double availability) {
            scenario->sensor[sensor].availability = availability;
            int count = 0;
            for (auto const& flight : outcomes_on_cpu(*scenario, {7, 0, 800}, {})) {
                bool any = false;
                for (double const t : flight.t_message_s) { any = any || t < never_s; }
                count += any ? 1 : 0;
            }
            return count;
        };
        int const always = messages(1);
        INFO(trilateral_study().sensors[sensor] << ": " << always);
        REQUIRE(always > 700);
        CHECK(messages(0) == 0);
        // Four standard deviations.
        CHECK(messages(0.5) == Approx(0.5 * always).margin(4 * std::sqrt(0.25 * always)));
    }
}
