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
        for (int b = 0; b < scenario.battery_count; ++b) {
            acquired_[b] = close_[b] = hit_[b] = Real(0);
        }
    }

    LW_FUNC bool may_take(int m, int b) const
    {
        return longwatch::may_take(scenario_.battery[b], raids_.threat_of(scenario_, m));
    }
    LW_FUNC Real ignition_s(int m) const { return c_.ignition_s.load<Real>(of(m)); }
    LW_FUNC Real t_commit_s(int m, int b) const { return c_.t_commit_s.load<Real>(of(m), at(b)); }
    LW_FUNC Real latest_launch_s(int m, int b, int slot) const
    {
        return c_.latest_launch_s.load<Real>(of(m), b * c_.battlespace_slots + slot);
    }
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

    LW_FUNC Handover<Real> aim(int b, Salvo<Real> const& salvo, BiasedDraws<Real>& biased,
                               Mask<Real> const& mask) const
    {
        return hand_over(scenario_, b, salvo, MemberColumns<Real>(c_, place_, salvo.member),
                         Known{c_, at(b)}, draws(salvo.member), biased, mask);
    }
    LW_FUNC HomingResult<Real> home(int b, Handover<Real> const& aimed, Salvo<Real> const& salvo,
                                    Real const& number, Mask<Real> const& mask) const
    {
        return fly_kill_vehicle(scenario_.battery[b], aimed, draws(salvo.member), number, mask);
    }

    LW_FUNC void count(int b, HomingResult<Real> const& homing, Mask<Real> const& hit,
                       Mask<Real> const& mask)
    {
        auto const add = [](Real& sum, Mask<Real> const& where) {
            sum = sum + select(where, Real(1), Real(0));
        };
        add(acquired_[b], mask && homing.acquired);
        add(close_[b], mask && homing.close);
        add(hit_[b], hit);
    }

    /// What the raid came to, beside what is kept per flight.
    LW_FUNC void store_raid(RaidEngagement<Real, RaidWorld> const& engagement,
                            Real const& weight) const
    {
        c_.raid_weight.store(place_, arm_, weight);
        for (int b = 0; b < scenario_.battery_count; ++b) {
            c_.battery_left.store(place_, at(b), engagement.left(b));
            c_.shots_acquired.store(place_, at(b), acquired_[b]);
            c_.shots_close.store(place_, at(b), close_[b]);
            c_.shots_hit.store(place_, at(b), hit_[b]);
            for (int m = 0; m < scenario_.raid.size; ++m) {
                c_.battery_shots.store(of(m), at(b), load(OfPair::shots, m, b));
            }
        }
    }

private:
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
    Real acquired_[max_batteries], close_[max_batteries], hit_[max_batteries];
};

}  // namespace longwatch
