// The numbers of the kinds of draws, which every stored result rests on.
#include <catch2/catch.hpp>

#include <set>
#include <vector>

#include "models/math/purpose.hpp"

using namespace longwatch;

TEST_CASE("a kind of draw keeps the number it was given", "[draw]")
{
    // As given out, in order: another number would change every older draw of its kind.
    std::vector<DrawKind> const given = {DrawKind::launch_place,
                                         DrawKind::aim_place,
                                         DrawKind::thrust,
                                         DrawKind::specific_impulse,
                                         DrawKind::drag,
                                         DrawKind::ballistic_coefficient,
                                         DrawKind::air_density,
                                         DrawKind::rcs,
                                         DrawKind::look_phase,
                                         DrawKind::look,
                                         DrawKind::cloud_top,
                                         DrawKind::processing,
                                         DrawKind::link_latency,
                                         DrawKind::link_availability,
                                         DrawKind::relay,
                                         DrawKind::fusion,
                                         DrawKind::decision,
                                         DrawKind::commit,
                                         DrawKind::shot,
                                         DrawKind::wind_east,
                                         DrawKind::wind_north,
                                         DrawKind::density_profile,
                                         DrawKind::scramble,
                                         DrawKind::stratum,
                                         DrawKind::link_release,
                                         DrawKind::link_slot,
                                         DrawKind::link_repair,
                                         DrawKind::link_loss,
                                         DrawKind::sensor_availability,
                                         DrawKind::orbit,
                                         DrawKind::break_up,
                                         DrawKind::track_loss,
                                         DrawKind::patrol,
                                         DrawKind::link_queue,
                                         DrawKind::node_release,
                                         DrawKind::precaution,
                                         DrawKind::fusion_wait,
                                         DrawKind::ignition,
                                         DrawKind::battery_availability,
                                         DrawKind::discrimination,
                                         DrawKind::common_failure,
                                         DrawKind::handover,
                                         DrawKind::seeker_noise,
                                         DrawKind::assessment,
                                         DrawKind::importance};
    for (std::size_t k = 0; k < given.size(); ++k) {
        CHECK(static_cast<std::size_t>(given[k]) == k + 1);
    }
}

TEST_CASE("flights of a raid share weather, outages, places of ships and orbits, and nothing else",
          "[draw]")
{
    std::set<DrawKind> const shared = {DrawKind::link_availability,
                                       DrawKind::link_repair,
                                       DrawKind::sensor_availability,
                                       DrawKind::patrol,
                                       DrawKind::orbit,
                                       DrawKind::cloud_top,
                                       DrawKind::air_density,
                                       DrawKind::wind_east,
                                       DrawKind::wind_north,
                                       DrawKind::density_profile,
                                       DrawKind::ignition,
                                       DrawKind::battery_availability,
                                       DrawKind::importance};
    for (int k = 1; k <= static_cast<int>(DrawKind::importance); ++k) {
        auto const kind = static_cast<DrawKind>(k);
        CAPTURE(k);
        CHECK(is_of_raid(kind) == (shared.count(kind) == 1));
    }
}
