// A salvo at a flight: what it takes from its battery, and whether it kills.
#pragma once

#include "models/engage/battery.hpp"
#include "models/engage/importance.hpp"
#include "models/limits.hpp"
#include "models/math/purpose.hpp"

namespace longwatch {

/// A salvo: of battery b at a member of the raid, a member per lane.
template <class Real>
struct Salvo {
    Real member;
    Real t_launch_s, t_intercept_s;  ///< since the raid's beginning; the first interceptor's launch
    Real ignition_s;                 ///< of the flight, likewise
    Real shots;                      ///< interceptors in it
    Real fired_before;               ///< by this battery at this flight
    Mask<Real> first;                ///< of this battery at this flight
    Mask<Real> lives;                ///< the flight does, before it
};

/// What a simulated shot came to, before its reliability.
template <class Real>
struct HomingResult {
    Mask<Real> acquired, close;
    Real miss_m;
};

/// A shot in full.
template <class Real>
struct Shot {
    Real number;  ///< of the battery's shots at the flight
    Real t_launch_s;
    HomingResult<Real> homing;
    Mask<Real> works, hits;
};

template <class Real>
LW_FUNC Mask<Real> nowhere()
{
    return Real(0) > Real(1);
}
template <class Real>
LW_FUNC Mask<Real> everywhere()
{
    return Real(0) < Real(1);
}

/// What a battery has left, and when it is free for the next salvo.
template <class Real>
class BatteryResources {
public:
    LW_FUNC void begin(BatteryParams const& battery)
    {
        left_ = Real(static_cast<double>(battery.inventory));
        launcher_free_s_ = Real(-never_s);
        channels_ = battery.fire_channels;
        for (int k = 0; k < channels_; ++k) { channel_free_s_[k] = Real(-never_s); }
    }

    LW_FUNC Real left() const { return left_; }
    LW_FUNC Real t_free_s() const { return larger(launcher_free_s_, first_free_channel().t_s); }

    LW_FUNC void occupy(BatteryParams const& battery, Salvo<Real> const& salvo,
                        Mask<Real> const& here)
    {
        auto const free = first_free_channel();
        for (int k = 0; k < channels_; ++k) {
            auto const taken = here && free.place == Real(static_cast<double>(k));
            channel_free_s_[k] = select(taken, salvo.t_intercept_s, channel_free_s_[k]);
        }
        Real const until = salvo.t_launch_s + salvo.shots * Real(battery.launch_interval_s);
        launcher_free_s_ = select(here, until, launcher_free_s_);
        left_ = select(here, left_ - salvo.shots, left_);
    }

private:
    struct Channel {
        Real place, t_s;
    };
    LW_FUNC Channel first_free_channel() const
    {
        if (channels_ == 0) { return {Real(-1), Real(-never_s)}; }
        Channel first{Real(0), channel_free_s_[0]};
        for (int k = 1; k < channels_; ++k) {
            auto const sooner = channel_free_s_[k] < first.t_s;
            first = {select(sooner, Real(static_cast<double>(k)), first.place),
                     select(sooner, channel_free_s_[k], first.t_s)};
        }
        return first;
    }

    int channels_ = 0;
    Real left_, launcher_free_s_;
    Real channel_free_s_[max_fire_channels];
};

/// Whether a salvo kills the flight: where the mask is set.
template <class Real, class World>
LW_FUNC Mask<Real> salvo_kills(BatteryParams const& battery, int b, Salvo<Real> const& salvo,
                               World& world, BiasedDraws<Real>& biased, Mask<Real> const& mask)
{
    auto const draws = world.draws(salvo.member);
    auto const first = mask && salvo.first;
    Real const u_right = draws.uniform({DrawKind::discrimination, battery.name_hash}, 0);
    Real const u_common = draws.uniform({DrawKind::common_failure, battery.name_hash}, 0);
    auto const right = biased.succeeds(battery.discrimination, u_right, first);
    auto const common = biased.succeeds(1 - battery.common_failure, u_common, first);
    InterceptorParams const& interceptor = battery.interceptor;
    typename World::Aim aimed{};
    if (interceptor.is_simulated) { aimed = world.aim(b, salvo, biased, mask); }
    auto hit = nowhere<Real>();
    for (int s = 0; s < battery.salvo; ++s) {
        auto const flies = mask && Real(static_cast<double>(s)) < salvo.shots;
        if (!any(flies)) { break; }
        Real const number = salvo.fired_before + Real(static_cast<double>(s));
        Real const u = draws.uniform_at({DrawKind::shot, battery.name_hash}, number);
        auto const works = biased.succeeds(
            interceptor.is_simulated ? interceptor.reliability : interceptor.kill_probability, u,
            flies);
        HomingResult<Real> homing{flies, flies, Real(0)};
        if (interceptor.is_simulated) { homing = world.home(b, aimed, salvo, number, flies); }
        auto const hits = flies && works && homing.close;
        Real const t_launch = salvo.t_launch_s + Real(s * battery.launch_interval_s);
        world.count(b, salvo, Shot<Real>{number, t_launch, homing, works, hits}, flies);
        hit = hit || hits;
    }
    return mask && right && common && hit;
}

/// Whether the battery takes the flight for killed after its salvo.
template <class Real, class World>
LW_FUNC Mask<Real> is_told_killed(BatteryParams const& battery, Salvo<Real> const& salvo,
                                  World& world, BiasedDraws<Real>& biased, Mask<Real> const& dead,
                                  Mask<Real> const& here)
{
    if (battery.false_kill <= 0 && battery.missed_kill <= 0) { return dead; }
    auto const draws = world.draws(salvo.member);
    Real const u = draws.uniform_at({DrawKind::assessment, battery.name_hash}, salvo.fired_before);
    auto const seen_alive = biased.succeeds(1 - battery.false_kill, u, here && !dead);
    auto const seen_dead = u < Real(1 - battery.missed_kill);
    return (dead && seen_dead) || (!dead && !seen_alive);
}

}  // namespace longwatch
