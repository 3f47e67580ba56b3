#include "results/statistics/estimates.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "results/statistics/moment.hpp"
#include "results/statistics/quantiles.hpp"

namespace longwatch {

namespace {

Histogram warning_histogram(Tally const& tally, int arm, int consumer)
{
    auto const first = static_cast<std::size_t>(tally.layout.warning_histogram(arm, consumer));
    return {std::span(tally.cells).subspan(first, warning_cells), warning_bin_edge_s};
}

std::optional<TimeEstimates> time_estimates(Tally const& tally, MomentCells const& moment,
                                            Histogram const& histogram)
{
    auto const mean = mean_estimate(read_moment(tally, moment), time_quantum_s);
    auto const p05 = quantile_estimate(histogram, 0.05);
    auto const p50 = quantile_estimate(histogram, 0.50);
    auto const p95 = quantile_estimate(histogram, 0.95);
    if (!mean || !p05 || !p50 || !p95) { return std::nullopt; }
    return TimeEstimates{*mean, *p05, *p50, *p95};
}

// From the highest threshold down, so that each bin is counted once.
std::vector<MaybeEstimate> at_least(Histogram const& histogram, std::int64_t flights)
{
    std::vector<MaybeEstimate> result(threshold_count);
    auto count = static_cast<std::int64_t>(histogram.cells.back());
    int bin = warning_bins;
    for (int i = threshold_count - 1; i >= 0; --i) {
        for (; bin > i * threshold_bins; --bin) {
            count += static_cast<std::int64_t>(histogram.cells[static_cast<std::size_t>(bin)]);
        }
        result[static_cast<std::size_t>(i)] = proportion_estimate(count, flights);
    }
    return result;
}

ConsumerEstimates estimate_consumer(Tally const& tally, int arm, int consumer)
{
    auto const& l = tally.layout;
    ConsumerEstimates e;
    e.warned = tally.count(l.warned(arm, consumer));
    e.too_late = tally.count(l.too_late(arm, consumer));
    e.none = tally.count(l.none(arm, consumer));
    e.messages = e.warned + e.too_late;
    e.flights = e.messages + e.none;
    e.p_warned = proportion_estimate(e.warned, e.flights);
    e.p_too_late = proportion_estimate(e.too_late, e.flights);
    e.p_none = proportion_estimate(e.none, e.flights);

    auto const histogram = warning_histogram(tally, arm, consumer);
    e.warning_time_s = time_estimates(tally, l.warning_time(arm, consumer), histogram);
    for (int part = 0; part < delay_count; ++part) {
        auto const first = static_cast<std::size_t>(l.delay_histogram(arm, consumer, part));
        e.delay_s[part] =
            time_estimates(tally, l.delay(arm, consumer, part),
                           {std::span(tally.cells).subspan(first, delay_cells), delay_bin_edge_s});
    }
    e.p_at_least = at_least(histogram, e.flights);
    e.precautions = tally.count(l.precaution(arm, consumer));
    auto const false_warning = read_moment(tally, l.false_warning(arm, consumer));
    e.false_warnings = false_warning.count;
    e.false_warning_s = mean_estimate(false_warning, time_quantum_s);
    e.p_precaution = proportion_estimate(e.precautions, e.messages);
    auto const all_clear = read_moment(tally, l.all_clear(arm, consumer));
    e.all_clears = all_clear.count;
    e.all_clear_s = mean_estimate(all_clear, time_quantum_s);
    return e;
}

LaunchEstimates estimate_launches(Tally const& tally, int sensor)
{
    LaunchEstimates e;
    for (int when = 0; when < 2; ++when) {
        auto const place = read_moment(tally, tally.layout.launch_place(sensor, when));
        e.flights = place.count;
        e.at[when] = {mean_estimate(place, launch_quantum_m),
                      mean_estimate(read_moment(tally, tally.layout.launch_azimuth(sensor, when)),
                                    azimuth_quantum_rad)};
    }
    return e;
}

ArmEstimates estimate_arm(Tally const& tally, int arm, bool weighted)
{
    auto const& l = tally.layout;
    ArmEstimates e;
    for (int consumer = 0; consumer < l.consumer_count; ++consumer) {
        e.consumers.push_back(estimate_consumer(tally, arm, consumer));
    }
    e.engagement = estimate_engagement(tally, arm, result_confidence, weighted);
    for (int battery = 0; battery < l.battery_count; ++battery) {
        e.batteries.push_back(estimate_battery(tally, arm, battery, weighted));
    }
    return e;
}

PairEstimates estimate_pair(Tally const& tally, int arm, int versus, ArmEstimates const& of_arm,
                            bool weighted)
{
    auto const& l = tally.layout;
    int const pair = l.pair(arm, versus);
    PairEstimates e;
    e.arm = arm;
    e.versus = versus;
    for (int consumer = 0; consumer < l.consumer_count; ++consumer) {
        PairedEstimates p;
        p.concerned = of_arm.consumers[static_cast<std::size_t>(consumer)].flights;
        p.newly_reached = tally.count(l.newly_reached(pair, consumer));
        p.lost_message = tally.count(l.lost_message(pair, consumer));
        p.newly_warned = tally.count(l.newly_warned(pair, consumer));
        p.lost_warning = tally.count(l.lost_warning(pair, consumer));
        auto const gain = read_moment(tally, l.gain(pair, consumer));
        p.flights = gain.count;
        p.gain_s = mean_estimate(gain, time_quantum_s);
        p.usable_gain_s =
            mean_estimate(read_moment(tally, l.usable_gain(pair, consumer)), time_quantum_s);
        p.p_warned_gain = paired_estimate(p.newly_warned, p.lost_warning, p.concerned);
        for (int k = 0; k < gain_threshold_count; ++k) {
            p.p_at_least_gain[k] =
                paired_estimate(tally.count(l.newly_at_least(pair, consumer, k)),
                                tally.count(l.lost_at_least(pair, consumer, k)), p.concerned);
        }
        e.consumers.push_back(p);
    }
    e.engagement = estimate_engagement_gain(tally, arm, versus, weighted);
    return e;
}

Estimates estimate_flights(Tally const& tally, bool weighted)
{
    auto const& l = tally.layout;
    Estimates e;
    for (int threat = 0; threat < l.threat_count; ++threat) {
        auto& fates = e.fates.emplace_back();
        for (int fate = 0; fate < fate_count; ++fate) {
            fates.push_back(tally.count(l.fate(threat, static_cast<Fate>(fate))));
        }
    }
    for (int s = 0; s < l.sensor_count; ++s) { e.launches.push_back(estimate_launches(tally, s)); }
    for (int arm = 0; arm < l.arm_count; ++arm) {
        e.arms.push_back(estimate_arm(tally, arm, weighted));
    }
    for (int arm = 1; arm < l.arm_count; ++arm) {
        for (int versus = 0; versus < arm; ++versus) {
            e.pairs.push_back(
                estimate_pair(tally, arm, versus, e.arms[static_cast<std::size_t>(arm)], weighted));
        }
    }
    return e;
}

/// Those of one arm's engagements.
template <class Visit>
void for_each_engagement(Estimates const& like, std::size_t a, Visit const& visit)
{
    constexpr Interval fraction{0, 1}, positive{0, HUGE_VAL};
    auto const engaged = [=](auto const& member) {
        return [=](Estimates& e) {
            auto& engagement = e.arms[a].engagement;
            return engagement ? &member(*engagement) : nullptr;
        };
    };
    using E = EngagementEstimates;
    visit(engaged([](E& e) -> Estimate& { return e.pk.estimate; }), fraction);
    visit(engaged([](E& e) -> Estimate& { return e.p_leak.estimate; }), fraction);
    visit(engaged([](E& e) -> Estimate& { return e.p_no_leaker.estimate; }), fraction);
    visit(engaged([](E& e) -> Estimate& { return e.leakers_mean; }), positive);
    visit(engaged([](E& e) -> Estimate& { return e.shots_mean; }), positive);
    for (std::size_t k = 0;
         like.arms[a].engagement && k < like.arms[a].engagement->p_leakers.size(); ++k) {
        visit(engaged([=](E& e) -> Estimate& { return e.p_leakers[k]; }), fraction);
    }
}

/// Calls visit(get, bounds) for every estimate there may be; get finds it in an Estimates, or nothing. By raids, none of
/// engagements.
template <class Visit>
void for_each_estimate(Estimates const& like, bool by_raids, Visit const& visit)
{
    constexpr Interval fraction{0, 1}, gain{-1, 1}, any{-HUGE_VAL, HUGE_VAL}, positive{0, HUGE_VAL};
    auto const maybe = [](auto& e) { return e ? &*e : nullptr; };
    for (std::size_t a = 0; a < like.arms.size(); ++a) {
        for (std::size_t c = 0; c < like.arms[a].consumers.size(); ++c) {
            auto const of = [=](Estimates& e) -> ConsumerEstimates& {
                return e.arms[a].consumers[c];
            };
            visit([=](Estimates& e) { return maybe(of(e).p_warned); }, fraction);
            visit([=](Estimates& e) { return maybe(of(e).p_too_late); }, fraction);
            visit([=](Estimates& e) { return maybe(of(e).p_none); }, fraction);
            visit([=](Estimates& e) { return maybe(of(e).p_precaution); }, fraction);
            visit([=](Estimates& e) { return maybe(of(e).all_clear_s); }, positive);
            visit([=](Estimates& e) { return maybe(of(e).false_warning_s); }, positive);
            for (auto const member : {&TimeEstimates::mean, &TimeEstimates::p05,
                                      &TimeEstimates::p50, &TimeEstimates::p95}) {
                auto const in = [=](std::optional<TimeEstimates>& times) {
                    return times ? &((*times).*member) : nullptr;
                };
                visit([=](Estimates& e) { return in(of(e).warning_time_s); }, any);
                for (int part = 0; part < delay_count; ++part) {
                    visit([=](Estimates& e) { return in(of(e).delay_s[part]); }, positive);
                }
            }
            for (std::size_t i = 0; i < threshold_count; ++i) {
                visit([=](Estimates& e) { return maybe(of(e).p_at_least[i]); }, fraction);
            }
        }
        if (!by_raids) { for_each_engagement(like, a, visit); }
        for (std::size_t b = 0; b < like.arms[a].batteries.size(); ++b) {
            using B = BatteryEstimates;
            for (auto const member : {&B::pk, &B::p_remote, &B::p_hit, &B::p_reached}) {
                visit([=](Estimates& e) { return maybe(e.arms[a].batteries[b].*member); },
                      fraction);
            }
            for (auto const member : {&B::left_mean, &B::opportunities_mean, &B::first_intercept_s,
                                      &B::last_intercept_s}) {
                visit([=](Estimates& e) { return maybe(e.arms[a].batteries[b].*member); },
                      positive);
            }
        }
    }
    for (std::size_t s = 0; s < like.launches.size(); ++s) {
        for (int when = 0; when < 2; ++when) {
            visit([=](Estimates& e) { return maybe(e.launches[s].at[when].half_axis_m); },
                  positive);
            visit([=](Estimates& e) { return maybe(e.launches[s].at[when].azimuth_rad); },
                  positive);
        }
    }
    for (std::size_t p = 0; p < like.pairs.size(); ++p) {
        for (std::size_t c = 0; c < like.pairs[p].consumers.size(); ++c) {
            visit([=](Estimates& e) { return maybe(e.pairs[p].consumers[c].gain_s); }, any);
            visit([=](Estimates& e) { return maybe(e.pairs[p].consumers[c].usable_gain_s); }, any);
            visit([=](Estimates& e) { return maybe(e.pairs[p].consumers[c].p_warned_gain); }, gain);
            for (int k = 0; k < gain_threshold_count; ++k) {
                visit(
                    [=](Estimates& e) { return maybe(e.pairs[p].consumers[c].p_at_least_gain[k]); },
                    gain);
            }
        }
        if (by_raids) { continue; }
        using G = EngagementGain;
        for (auto const member : {&G::pk, &G::p_no_leaker}) {
            visit([=](Estimates& e) { return maybe(e.pairs[p].engagement.*member); }, gain);
        }
        for (auto const member : {&G::leakers, &G::shots_saved}) {
            visit([=](Estimates& e) { return maybe(e.pairs[p].engagement.*member); }, any);
        }
    }
}

}  // namespace

Estimates estimate(Tally const& tally, std::vector<Tally> const& randomisations)
{
    bool const weighted = is_weighted(tally);
    Estimates all = estimate_flights(tally, weighted);
    if (randomisations.empty()) { return all; }
    std::vector<Estimates> each;
    for (Tally const& one : randomisations) { each.push_back(estimate_flights(one, weighted)); }
    for_each_estimate(
        all, tally.layout.raid_size > 1, [&](auto const& get, Interval const& bounds) {
            Estimate* const pooled = get(all);
            if (pooled == nullptr || pooled->value_below || pooled->value_above) { return; }
            std::vector<double> values;
            for (Estimates& one : each) {
                Estimate const* const said = get(one);
                if (said != nullptr && !said->value_below && !said->value_above) {
                    values.push_back(said->value);
                }
            }
            bool const all_say = values.size() == each.size();
            bool const all_same =
                all_say && std::equal(values.begin() + 1, values.end(), values.begin());
            if (all_same && tally.layout.raid_size > 1) {
                *pooled = widened(*pooled, tally.layout.raid_size, bounds);
                return;
            }
            *pooled = all_say ? randomised_estimate(pooled->value, values, bounds)
                              : Estimate{pooled->value, pooled->value, pooled->value, true, true};
        });
    return all;
}

}  // namespace longwatch
