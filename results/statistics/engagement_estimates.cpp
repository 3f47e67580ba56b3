#include "results/statistics/engagement_estimates.hpp"

#include <algorithm>
#include <cmath>

#include "results/statistics/moment.hpp"

namespace longwatch {

namespace {

std::int64_t count_at(Tally const& tally, int index)
{
    return static_cast<std::int64_t>(tally.cells[static_cast<std::size_t>(index)]);
}

/// A moment in units of its quantum, and its variance between raids.
struct Scaled {
    double count = 0, mean = 0, variance = 0;
};
Scaled scaled(Moment const& moment, double quantum)
{
    auto const s = spread(moment);
    return {static_cast<double>(moment.count), s.mean * quantum, s.variance * quantum * quantum};
}

/// A proportion with so many independent trials behind it as make its variance p (1 - p) / n.
Proportion proportion_of(double p, double trials, double confidence)
{
    p = std::clamp(p, 0.0, 1.0);
    auto const interval = wilson_of(p * trials, trials, confidence);
    return {{p, interval.low, interval.high}, clopper_pearson_of(p * trials, trials, confidence)};
}

Proportion counted(std::int64_t hits, std::int64_t trials, double confidence)
{
    auto const n = static_cast<double>(trials);
    return proportion_of(static_cast<double>(hits) / n, n, confidence);
}

Proportion other(Proportion const& p)
{
    Estimate const& e = p.estimate;
    return {{1 - e.value, 1 - e.high, 1 - e.low}, {1 - p.exact.high, 1 - p.exact.low}};
}

/// x per y from sums over raids: the ratio and its variance, to first order in the spreads.
/// Source: Cochran, "Sampling Techniques" (1977), section 6.3.
struct Ratio {
    double value = 0, variance = 0;
};
Ratio ratio_of(Scaled const& x, Scaled const& y, Scaled const& sum)
{
    double const covariance = (sum.variance - x.variance - y.variance) / 2;
    double const value = x.mean / y.mean;
    double const variance = x.variance + value * value * y.variance - 2 * value * covariance;
    return {value, std::max(variance, 0.0) / (x.count * y.mean * y.mean)};
}

/// Trials that a variance from so many raids is worth; with no spread to judge by, as many as `least`. Fewer raids tell
/// their variance less well: by Student's factor over the normal one. Source: Korn and Graubard, "Confidence intervals
/// for proportions with small expected number of positive counts estimated from survey data", Survey Methodology 24
/// (1998) 193-201.
double trials_of(double p, double variance, double raids, double least, double confidence)
{
    bool const tells = p > 0 && p < 1 && variance > 0 && raids > 1;
    if (!tells) { return least; }
    double const normal = normal_half_width(1, confidence);
    double const student = students_half_width(1, raids - 1, confidence);
    double const factor = normal / student;
    return p * (1 - p) / variance * factor * factor;
}

/// Value +- Student's half-width for a mean of n values with such a variance (of the mean).
Estimate with_spread(double value, double variance, double n, double low, double high,
                     double confidence)
{
    if (n < 2 || (n < static_cast<double>(spread_count_min) && !(variance > 0))) {
        return {value, value, value, value > low, value < high};
    }
    double const half = students_half_width(std::sqrt(variance), n - 1, confidence);
    return {value, std::max(value - half, low), std::min(value + half, high)};
}

/// Mean of paired differences that are mostly nought: with one more raid that gains `unit` and one that loses it, as
/// paired_difference() has, so that a few differences, or none, are not taken for certainty.
MaybeEstimate mean_gain(Moment const& moment, double quantum, double unit)
{
    if (moment.count <= 0) { return std::nullopt; }
    auto const s = spread(moment);
    auto const n = static_cast<double>(moment.count);
    double const mean = s.mean * quantum;
    double const squares =
        (s.variance * quantum * quantum * (n - 1) + n * mean * mean + 2 * unit * unit);
    double const centre = n * mean / (n + 2);
    double const variance = (squares - (n + 2) * centre * centre) / (n + 1);
    double const half =
        students_half_width(std::sqrt(variance / (n + 2)), n + 1, result_confidence);
    return Estimate{mean, centre - half, centre + half};
}

struct OfArm {
    Tally const& tally;
    int arm;

    Moment moment(RaidMoment which) const
    {
        return read_moment(tally, tally.layout.of_raid(arm, which));
    }
    Scaled in(RaidMoment which, double quantum) const { return scaled(moment(which), quantum); }
};

std::vector<Estimate> leaker_fractions(OfArm const& of, std::int64_t raids, bool weighted,
                                       double effective, double confidence)
{
    std::vector<Estimate> out;
    for (int k = 0; k <= of.tally.layout.raid_size; ++k) {
        auto const m = read_moment(of.tally, of.tally.layout.raids_with_leakers(of.arm, k));
        if (!weighted) {
            out.push_back(counted(m.count, raids, confidence).estimate);
            continue;
        }
        // Raids with another number of leakers count as nil.
        auto const n = static_cast<double>(raids);
        auto const s = scaled(m, weight_quantum);
        double const p = s.mean * s.count / n;
        double const squares = s.variance * std::max(s.count - 1, 0.0) + s.count * s.mean * s.mean;
        double const variance = (squares / n - p * p) / n;
        out.push_back(proportion_of(p, trials_of(p, variance, n, effective, confidence), confidence)
                          .estimate);
    }
    return out;
}

}  // namespace

std::optional<EngagementEstimates> estimate_engagement(Tally const& tally, int arm,
                                                       double confidence)
{
    auto const& l = tally.layout;
    OfArm const of{tally, arm};
    EngagementEstimates e;
    auto const leaked = count_at(tally, l.leaked(arm));
    e.flights = count_at(tally, l.killed(arm)) + leaked;
    e.raids = of.moment(RaidMoment::flights).count;
    if (e.flights == 0 || e.raids == 0) { return std::nullopt; }
    auto const raids = static_cast<double>(e.raids);

    auto const weight = of.in(RaidMoment::weight, weight_quantum);
    e.is_weighted = weight.variance > 0 || std::fabs(weight.mean - 1) > 1e-9;
    double const mean_square = weight.variance * (raids - 1) / raids + weight.mean * weight.mean;
    e.effective_raids = raids * weight.mean * weight.mean / mean_square;

    auto const flights = of.in(RaidMoment::flights, 1);
    double const quantum = leak_quantum(l.raid_size);
    auto const leak = ratio_of(of.in(RaidMoment::leakers, quantum), flights,
                               of.in(RaidMoment::leakers_and_flights, quantum));
    bool const plain = l.raid_size == 1 && !e.is_weighted;
    double const trials =
        trials_of(leak.value, leak.variance, raids, e.effective_raids, confidence);
    e.p_leak = plain ? counted(leaked, e.flights, confidence)
                     : proportion_of(leak.value, trials, confidence);
    e.pk = other(e.p_leak);
    if (e.is_weighted) {
        auto const any = of.in(RaidMoment::any_leaker, weight_quantum);
        double const worth =
            trials_of(any.mean, any.variance / raids, raids, e.effective_raids, confidence);
        e.p_no_leaker = other(proportion_of(any.mean, worth, confidence));
    } else {
        auto const clean = read_moment(tally, l.raids_with_leakers(arm, 0)).count;
        e.p_no_leaker = counted(clean, e.raids, confidence);
    }
    Estimate const& p = e.p_leak.estimate;
    e.leakers_mean = {p.value * flights.mean, p.low * flights.mean, p.high * flights.mean};
    auto const shots =
        plain ? *mean_estimate(read_moment(tally, l.shots(arm)), 1, confidence) : [&] {
            auto const r = ratio_of(of.in(RaidMoment::shots, shots_quantum), flights,
                                    of.in(RaidMoment::shots_and_flights, shots_quantum));
            return with_spread(r.value, r.variance, raids, 0, HUGE_VAL, confidence);
        }();
    e.shots_mean = shots;
    e.p_leakers = leaker_fractions(of, e.raids, e.is_weighted, e.effective_raids, confidence);
    return e;
}

BatteryEstimates estimate_battery(Tally const& tally, int arm, int battery)
{
    auto const& l = tally.layout;
    auto const count = [&](BatteryCount which) {
        return count_at(tally, l.battery(arm, battery, which));
    };
    auto const moment = [&](BatteryMoment which) {
        return read_moment(tally, l.battery_moment(arm, battery, which));
    };
    BatteryEstimates b;
    b.engaged = count(BatteryCount::engaged);
    b.remote = count(BatteryCount::remote);
    b.shots = count(BatteryCount::shots);
    b.wasted = count(BatteryCount::wasted);
    b.acquired = count(BatteryCount::acquired);
    b.close = count(BatteryCount::close);
    b.hit = count(BatteryCount::hit);
    b.killed = count(BatteryCount::killed);
    auto const tries = moment(BatteryMoment::opportunities);
    auto const first = moment(BatteryMoment::first_intercept_s);
    b.p_reached = proportion_estimate(first.count, tries.count);
    b.opportunities_mean = mean_estimate(tries, 1);
    b.first_intercept_s = mean_estimate(first, time_quantum_s);
    b.last_intercept_s = mean_estimate(moment(BatteryMoment::last_intercept_s), time_quantum_s);
    auto const all = estimate_engagement(tally, arm);
    if (all && !all->is_weighted) {
        b.pk = proportion_estimate(b.killed, b.engaged);
        b.p_remote = proportion_estimate(b.remote, b.engaged);
        b.p_hit = proportion_estimate(b.hit, b.shots - b.wasted);
        b.left_mean = mean_estimate(moment(BatteryMoment::left), 1);
    }
    return b;
}

EngagementGain estimate_engagement_gain(Tally const& tally, int arm, int versus)
{
    auto const& l = tally.layout;
    int const pair = l.pair(arm, versus);
    EngagementGain g;
    g.newly_killed = count_at(tally, l.newly_killed(pair));
    g.lost_kill = count_at(tally, l.lost_kill(pair));
    auto const here = estimate_engagement(tally, arm), there = estimate_engagement(tally, versus);
    if (!here || !there) { return g; }
    auto const moment = [&](RaidGain which) {
        return read_moment(tally, l.raid_gain(pair, which));
    };
    bool const weighted = here->is_weighted || there->is_weighted;
    bool const plain = l.raid_size == 1 && !weighted;
    auto const per_raid = static_cast<double>(here->flights) / static_cast<double>(here->raids);
    g.leakers = mean_gain(moment(RaidGain::killed), leak_quantum(l.raid_size), 1);
    g.pk = plain ? paired_estimate(g.newly_killed, g.lost_kill, here->flights)
                 : mean_gain(moment(RaidGain::killed), leak_quantum(l.raid_size) / per_raid,
                             1 / per_raid);
    g.p_no_leaker = weighted ? mean_gain(moment(RaidGain::no_leaker), weight_quantum, 1)
                             : paired_estimate(count_at(tally, l.newly_clean(pair)),
                                               count_at(tally, l.lost_clean(pair)), here->raids);
    g.shots_saved = mean_gain(moment(RaidGain::shots_saved), shots_quantum, 1);
    return g;
}

}  // namespace longwatch
