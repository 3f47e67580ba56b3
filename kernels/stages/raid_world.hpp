// A raid in columns, as the doctrine of models/engage/engagement.hpp asks for it.
#pragma once

#include "kernels/columns/raid_place.hpp"
#include "kernels/draw/philox.hpp"
#include "kernels/stages/kill_vehicle_flight.hpp"
#include "kernels/stages/launch.hpp"
#include "models/engage/engagement.hpp"

namespace longwatch {

template <class Real>
class RaidWorld {
public:
    using Aim = Handover<Real>;

    LW_FUNC RaidWorld(Scenario const& scenario, RaidLaunch const& raids, Columns const& columns,
                      std::int64_t place, int arm)
        : scenario_(scenario), raids_(raids), c_(columns), place_(place), arm_(arm)
    {
        for (int m = 0; m < scenario.raid.size; ++m) {
            c_.shot_count.store(of(m), arm, Real(0));
            c_.is_aimed_at.store(of(m), arm, Real(0));
            for (int b = 0; b < scenario.battery_count; ++b) {
                for (Column const* column :
                     {&c_.shots_wasted, &c_.shots_acquired, &c_.shots_close, &c_.shots_hit}) {
                    column->store(of(m), at(b), Real(0));
                }
            }
        }
    }

    LW_FUNC bool may_take(int m, int b) const
    {
        return longwatch::may_take(scenario_.battery[b], raids_.threat_of(scenario_, m));
    }
    LW_FUNC Real ignition_s(int m) const { return c_.ignition_s.load<Real>(of(m)); }
    LW_FUNC Real t_commit_s(int m, int b) const { return c_.t_commit_s.load<Real>(of(m), at(b)); }
    LW_FUNC Real t_known_s(int m, int b) const
    {
        return ignition_s(m) + c_.t_quality_s.load<Real>(of(m), at(b));
    }
    struct LatestBetween;
    /// Of a battery at a member: from the column, or found anew at an instant between slots.
    struct Latest {
        RaidWorld const& world;
        int m, b;
        LW_FUNC Real at_slot(int slot) const
        {
            Columns const& c = world.c_;
            return c.latest_launch_s.load<Real>(world.of(m), b * c.battlespace_slots + slot);
        }
        LW_FUNC auto between(Real const& from_s, Real const& to_s) const
        {
            MemberColumns<Real> const member(world.c_, world.place_, Real(static_cast<double>(m)));
            return LatestBetween{*this, member, member.knots_between(from_s, to_s)};
        }
    };
    /// Within a short stretch of time.
    struct LatestBetween {
        Latest latest;
        MemberColumns<Real> member;
        KnotSpan<Real> knots;
        LW_FUNC Real at_s(Real const& t_s) const
        {
            RaidWorld const& world = latest.world;
            BatteryParams const& battery = world.scenario_.battery[latest.b];
            Real const launch = latest_launch_at(battery, world.scenario_.surface[battery.surface],
                                                 threat_point(member.state_at(t_s, knots)));
            auto const in_flight = t_s < end_of_flight_s<Real>(world.c_, world.of(latest.m));
            return select(in_flight, launch, Real(-never_s));
        }
    };
    LW_FUNC Latest latest_launch(int m, int b) const { return {*this, m, b}; }
    LW_FUNC Real load(OfPair what, int m, int b) const
    {
        return c_.of_pair.load<Real>(of(m), pair_slot(what, b));
    }
    LW_FUNC void store(OfPair what, int m, int b, Real const& x) const
    {
        c_.of_pair.store(of(m), pair_slot(what, b), x);
    }
    LW_FUNC Real load(OfFlight what, int m) const
    {
        return column(what).template load<Real>(of(m), arm_);
    }
    LW_FUNC void store(OfFlight what, int m, Real const& x) const
    {
        column(what).store(of(m), arm_, x);
    }

    LW_FUNC FlightDraws<Real> draws(Real const& member) const
    {
        Real raid = Lane<Real>::generate([&](int lane) {
            return static_cast<double>(raids_.raid_of(place_) + lane * raids_.raid_step);
        });
        return {raids_.seed, raid * Real(static_cast<double>(scenario_.raid.size)) + member,
                scenario_.raid.size};
    }

    /// The error of the track is one for all batteries, and drawn once in an arm.
    LW_FUNC Handover<Real> aim(int b, Salvo<Real> const& salvo, BiasedDraws<Real>& biased,
                               Mask<Real> const& mask) const
    {
        MemberColumns<Real> const member(c_, place_, salvo.member);
        Real const arm = Real(static_cast<double>(arm_));
        auto const first = mask && member.load(c_.is_aimed_at, arm) < Real(0.5);
        member.store(mask, c_.is_aimed_at, arm, Real(1));
        return hand_over(scenario_, b, salvo, member, Known{c_, at(b)}, draws(salvo.member), biased,
                         AimedAt<Real>{mask, first});
    }
    LW_FUNC HomingResult<Real> home(int b, Handover<Real> const& aimed, Salvo<Real> const& salvo,
                                    Real const& number, Mask<Real> const& mask) const
    {
        return fly_kill_vehicle(scenario_.battery[b], aimed, draws(salvo.member), number, mask);
    }

    LW_FUNC void count(int b, Salvo<Real> const& salvo, Shot<Real> const& shot,
                       Mask<Real> const& mask) const
    {
        add(c_.shots_acquired, b, salvo, mask && shot.homing.acquired, Real(1));
        add(c_.shots_close, b, salvo, mask && shot.homing.close, Real(1));
        add(c_.shots_hit, b, salvo, shot.hits, Real(1));
        if (scenario_.keeps_shots) { log(b, salvo, shot, mask); }
    }
    LW_FUNC void count_wasted(int b, Salvo<Real> const& salvo, Mask<Real> const& mask) const
    {
        add(c_.shots_wasted, b, salvo, mask, salvo.shots);
    }

    /// What the raid came to, beside what is kept per flight.
    LW_FUNC void store_raid(RaidEngagement<Real, RaidWorld> const& engagement,
                            Real const& weight) const
    {
        c_.raid_weight.store(place_, arm_, weight);
        for (int b = 0; b < scenario_.battery_count; ++b) {
            c_.battery_left.store(place_, at(b), engagement.left(b));
            for (int m = 0; m < scenario_.raid.size; ++m) {
                c_.battery_shots.store(of(m), at(b), load(OfPair::shots, m, b));
            }
        }
    }

private:
    LW_FUNC void add(Column const& column, int b, Salvo<Real> const& salvo, Mask<Real> const& mask,
                     Real const& more) const
    {
        if (!any(mask)) { return; }
        MemberColumns<Real> const member(c_, place_, salvo.member);
        Real const slot = Real(static_cast<double>(at(b)));
        member.store(mask, column, slot, member.load(column, slot) + more);
    }

    /// The shot among those kept of its flight, as far as there is room.
    LW_FUNC void log(int b, Salvo<Real> const& salvo, Shot<Real> const& shot,
                     Mask<Real> const& mask) const
    {
        MemberColumns<Real> const member(c_, place_, salvo.member);
        Real const count = member.load(c_.shot_count, arm_);
        auto const fits = mask && count < Real(static_cast<double>(shots_kept));
        Real const first = (Real(static_cast<double>(arm_ * shots_kept)) + count) *
                           Real(static_cast<double>(of_shot_count));
        auto const put = [&](OfShot what, Real const& x) {
            member.store(fits, c_.shot_log, first + Real(static_cast<double>(what)), x);
        };
        auto const yes = [](Mask<Real> const& m) { return select(m, Real(1), Real(0)); };
        put(OfShot::battery, Real(static_cast<double>(b)));
        put(OfShot::number, shot.number);
        put(OfShot::t_launch_s, shot.t_launch_s - salvo.ignition_s);
        put(OfShot::t_intercept_s, salvo.t_intercept_s - salvo.ignition_s);
        put(OfShot::acquired, yes(shot.homing.acquired));
        put(OfShot::miss_m, shot.homing.miss_m);
        put(OfShot::works, yes(shot.works));
        put(OfShot::hits, yes(shot.hits));
        member.store(fits, c_.shot_count, Real(static_cast<double>(arm_)), count + Real(1));
    }

    LW_FUNC std::int64_t of(int m) const { return m * c_.raid_capacity + place_; }
    LW_FUNC int at(int b) const { return arm_ * scenario_.battery_count + b; }
    LW_FUNC int pair_slot(OfPair what, int b) const
    {
        return static_cast<int>(what) * scenario_.battery_count + b;
    }
    LW_FUNC Column const& column(OfFlight what) const
    {
        return what == OfFlight::killed_by ? c_.killed_by : c_.t_kill_s;
    }

    Scenario const& scenario_;
    RaidLaunch const& raids_;
    Columns const& c_;
    std::int64_t place_;
    int arm_;
};

}  // namespace longwatch
