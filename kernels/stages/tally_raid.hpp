// tally of a raid: its flights one by one, and its engagement as a whole.
#pragma once

#include "kernels/stages/tally_stage.hpp"

namespace longwatch {

template <class Sink>
class EngagementTally {
public:
    LW_FUNC EngagementTally(Scenario const& scenario, RaidLaunch const& raids,
                            Columns const& columns, TallyLayout const& layout, std::int64_t place,
                            Sink& sink)
        : scenario_(scenario), raids_(raids), c_(columns), layout_(layout), place_(place),
          sink_(sink)
    {
    }

    LW_FUNC void run()
    {
        OfArm arms[max_arms];
        for (int arm = 0; arm < layout_.arm_count; ++arm) {
            arms[arm] = of_arm(arm);
            if (arms[arm].flights == 0) { return; }  // the same in every arm
            add_arm(arm, arms[arm]);
            for (int b = 0; b < layout_.battery_count; ++b) { add_battery(arm, b); }
            for (int versus = 0; versus < arm; ++versus) {
                add_pair(layout_.pair(arm, versus), arm, versus, arms[arm], arms[versus]);
            }
        }
    }

private:
    struct OfArm {
        int flights, leakers, shots;
        double weight;
    };

    LW_FUNC double value(Column const& column, int member, int slot) const
    {
        return column.load<double>(member * c_.raid_capacity + place_, slot);
    }
    LW_FUNC bool counts(int m) const
    {
        return is_defended(scenario_, raids_.threat_of(scenario_, m)) &&
               static_cast<int>(value(c_.fate, m, 0)) == static_cast<int>(Fate::impact);
    }
    LW_FUNC bool is_killed(int m, int arm) const { return value(c_.killed_by, m, arm) >= 0; }

    LW_FUNC OfArm of_arm(int arm) const
    {
        OfArm out{0, 0, 0, value(c_.raid_weight, 0, arm)};
        for (int m = 0; m < layout_.raid_size; ++m) {
            if (!counts(m)) { continue; }
            int shots = 0;
            for (int b = 0; b < layout_.battery_count; ++b) {
                shots +=
                    static_cast<int>(value(c_.battery_shots, m, arm * layout_.battery_count + b));
            }
            out.flights += 1;
            out.leakers += is_killed(m, arm) ? 0 : 1;
            out.shots += shots;
            sink_.add(is_killed(m, arm) ? layout_.killed(arm) : layout_.leaked(arm), 1);
            add_value(sink_, layout_.shots(arm), std::int64_t{shots});
        }
        return out;
    }

    LW_FUNC void add(MomentCells const& cells, double x, double quantum) const
    {
        add_value(sink_, cells, quanta(x, quantum));
    }

    LW_FUNC void add_arm(int arm, OfArm const& of) const
    {
        double const q = leak_quantum(layout_.raid_size), n = of.flights;
        double const leakers = of.weight * of.leakers, shots = of.weight * of.shots;
        auto const to = [&](RaidMoment which) { return layout_.of_raid(arm, which); };
        add(to(RaidMoment::flights), n, 1);
        add(to(RaidMoment::leakers), leakers, q);
        add(to(RaidMoment::leakers_and_flights), leakers + n, q);
        add(to(RaidMoment::weight), of.weight, weight_quantum);
        add(to(RaidMoment::shots), shots, shots_quantum);
        add(to(RaidMoment::shots_and_flights), shots + n, shots_quantum);
        add(layout_.raids_with_leakers(arm, of.leakers), of.weight, weight_quantum);
    }

    LW_FUNC void add_battery(int arm, int b) const
    {
        int const slot = arm * layout_.battery_count + b;
        auto const count = [&](BatteryCount which, double n) {
            sink_.add(layout_.battery(arm, b, which), static_cast<std::uint64_t>(n));
        };
        auto const moment = [&](BatteryMoment which) {
            return layout_.battery_moment(arm, b, which);
        };
        for (int m = 0; m < layout_.raid_size; ++m) {
            if (!counts(m) || !may_take(scenario_.battery[b], raids_.threat_of(scenario_, m))) {
                continue;
            }
            double const shots = value(c_.battery_shots, m, slot);
            double const wasted = value(c_.shots_wasted, m, slot);
            bool const fired = shots > wasted;
            bool const by_this = static_cast<int>(value(c_.killed_by, m, arm)) == b;
            count(BatteryCount::engaged, fired ? 1 : 0);
            count(BatteryCount::remote, fired ? value(c_.is_remote, m, slot) : 0);
            count(BatteryCount::shots, shots);
            count(BatteryCount::wasted, wasted);
            count(BatteryCount::acquired, value(c_.shots_acquired, m, slot));
            count(BatteryCount::close, value(c_.shots_close, m, slot));
            count(BatteryCount::hit, value(c_.shots_hit, m, slot));
            count(BatteryCount::killed, by_this ? 1 : 0);
            double const tries = value(c_.opportunities, m, slot);
            add(moment(BatteryMoment::opportunities), tries, 1);
            if (tries > 0) {
                add(moment(BatteryMoment::first_intercept_s),
                    value(c_.t_first_intercept_s, m, slot), time_quantum_s);
                add(moment(BatteryMoment::last_intercept_s), value(c_.t_last_intercept_s, m, slot),
                    time_quantum_s);
            }
        }
        add(moment(BatteryMoment::left), value(c_.battery_left, 0, slot), 1);
    }

    LW_FUNC void add_pair(int pair, int arm, int versus, OfArm const& here,
                          OfArm const& there) const
    {
        for (int m = 0; m < layout_.raid_size; ++m) {
            if (!counts(m) || is_killed(m, arm) == is_killed(m, versus)) { continue; }
            sink_.add(is_killed(m, arm) ? layout_.newly_killed(pair) : layout_.lost_kill(pair), 1);
        }
        if ((here.leakers > 0) != (there.leakers > 0)) {
            sink_.add(there.leakers > 0 ? layout_.newly_clean(pair) : layout_.lost_clean(pair), 1);
        }
        auto const leaks = [](OfArm const& of) { return of.leakers > 0 ? of.weight : 0; };
        add(layout_.raid_gain(pair, RaidGain::killed),
            there.weight * there.leakers - here.weight * here.leakers,
            leak_quantum(layout_.raid_size));
        add(layout_.raid_gain(pair, RaidGain::no_leaker), leaks(there) - leaks(here),
            weight_quantum);
        add(layout_.raid_gain(pair, RaidGain::shots_saved),
            there.weight * there.shots - here.weight * here.shots, shots_quantum);
    }

    Scenario const& scenario_;
    RaidLaunch const& raids_;
    Columns const& c_;
    TallyLayout const& layout_;
    std::int64_t place_;
    Sink& sink_;
};

/// All of a raid.
template <class Sink>
LW_FUNC void tally_raid(Scenario const& scenario, RaidLaunch const& raids, Columns const& c,
                        TallyLayout const& layout, std::int64_t place, Sink& sink)
{
    for (int m = 0; m < layout.raid_size; ++m) {
        Launch const launch = raids.of_member(scenario, m, c.raid_capacity);
        FlightTally<Sink>(scenario, launch, c, layout, m * c.raid_capacity + place, sink).run();
    }
    Launch const first = raids.of_member(scenario, 0, c.raid_capacity);
    RandomisationSink<Sink> of_one{sink, layout.randomisation_first(randomisation_of(
                                             scenario, first, first.flight_of(place)))};
    EngagementTally<RandomisationSink<Sink>>(scenario, raids, c, layout, place, of_one).run();
}

}  // namespace longwatch
