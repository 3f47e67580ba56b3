// Where the time to a message goes.
#include <catch2/catch.hpp>

#include "models/warning/delay.hpp"

using namespace longwatch;

TEST_CASE("the parts of a message's delay follow one another from ignition to its arrival",
          "[warning]")
{
    // Seen at 40 s, detected at 55, firm at 75, a message 3 s later that travels 12 s, 5 of them on links. All of these, and
    // their differences, are exact in binary.
    SensorTimes<double> const sensor{40, 55, 75, 3};
    double const travel_s = 12, link_s = 5;
    auto parts = message_delay(sensor, travel_s, link_s);

    CHECK(parts[DelayPart::geometry] == 40);
    CHECK(parts[DelayPart::detection] == 15);
    CHECK(parts[DelayPart::confirmation] == 20);
    CHECK(parts[DelayPart::processing] == 3);
    CHECK(parts[DelayPart::link] == 5);
    CHECK(parts[DelayPart::release] == 7);
    CHECK(parts[DelayPart::decision] == 0);

    double sum_s = 0;
    for (double const part_s : parts.part_s) { sum_s += part_s; }
    CHECK(sum_s == sensor.t_firm_s + sensor.processing_s + travel_s);
}
