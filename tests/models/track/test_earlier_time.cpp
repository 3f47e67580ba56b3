#include <catch2/catch.hpp>

#include "models/track/fusion.hpp"

using namespace longwatch;

TEST_CASE("an instant sought backwards is the one that is found forwards", "[track]")
{
    int later = 0;
    for (int low = 0; low < 30; low += 7) {
        for (int met = 0; met <= 70; ++met) {
            // Enough from the instant `met` on; 60 s and later is beyond the end.
            auto const enough = [&](double t_s) { return t_s >= met; };
            double const forwards = earliest_time_s<double>(enough, double(low), 60.0);
            for (double const known : {60.0, 59.75, met + 0.25, met + 13.0, never_s}) {
                if (known < met || known <= low || (known > 60 && known < never_s)) { continue; }
                for (double const wanted : {-5.0, met - 0.25, met + 0.0, met + 7.1, never_s}) {
                    double const backwards =
                        earlier_time_s<double>(enough, double(low), 60.0, known, wanted);
                    INFO("low " << low << ", met " << met << ", known " << known << ", wanted "
                                << wanted);
                    CHECK(backwards == (forwards <= wanted ? forwards : known));
                    later += known > backwards ? 1 : 0;
                }
            }
        }
    }
    CHECK(later > 100);
}
