#include "host/plan/removals.hpp"

#include "host/plan/predicting_nodes.hpp"

namespace longwatch {

std::vector<Removal> removals_from(Scenario const& scenario, int arm)
{
    ArmParams const& from = scenario.network.arm[arm];
    std::vector<Removal> out;
    for (int l = 0; l < scenario.network.link_count; ++l) {
        OriginSet released = 0;
        for (OriginSet const origins : from.link[l].release) { released |= origins; }
        if (from.link[l].present && released != 0) { out.push_back({Removal::Kind::link, l}); }
    }
    for (int s = 0; s < scenario.sensor_count; ++s) {
        if ((from.sensors >> s & 1U) != 0) { out.push_back({Removal::Kind::sensor, s}); }
    }
    return out;
}

std::unique_ptr<Scenario> without_each(Scenario const& scenario, int arm,
                                       std::span<Removal const> removals)
{
    auto made = std::make_unique<Scenario>(scenario);
    Scenario& out = *made;
    ArmParams const whole = scenario.network.arm[arm];
    out.network.arm_count = 0;
    auto const add = [&](ArmParams const& one) { out.network.arm[out.network.arm_count++] = one; };
    add(whole);
    for (Removal const& removal : removals) {
        ArmParams less = whole;
        if (removal.kind == Removal::Kind::link) {
            less.link[removal.index].present = false;
        } else {
            less.sensors &= ~(std::uint64_t{1} << removal.index);
        }
        add(less);
    }
    for (int a = 0; a < out.network.arm_count; ++a) { find_predicting_nodes(out, a); }
    return made;
}

}  // namespace longwatch
