#include "results/statistics/engagement_estimates.hpp"

#include <algorithm>
#include <cmath>

#include "results/statistics/moment.hpp"

namespace longwatch {

namespace {

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

/// What a raid counts for, by its leakers: mean over raids and the variance of that mean. Weights have a mean of 1, so what
/// theirs strays from it by is taken off along with what it brings (a control variate, which makes what is the same in every
/// raid exact). Source: Owen, "Monte Carlo theory, methods and examples" (2013), section 8.9.
struct Counted {
    double mean = 0, variance = 0;
};
template <class Counts>
Counted counted_by_leakers(OfArm const& of, double raids, Counts const& counts)
{
    double sum = 0, squares = 0, with_weight = 0, weights = 0, weight_squares = 0;
    for (int k = 0; k <= of.tally.layout.raid_size; ++k) {
        auto const m = read_moment(of.tally, of.tally.layout.raids_with_leakers(of.arm, k));
        double const w = static_cast<double>(m.sum) * weight_quantum;
        double const w2 = static_cast<double>(m.sum_squares) * weight_quantum * weight_quantum;
        double const f = counts(k);
        sum += f * w;
        squares += f * f * w2;
        with_weight += f * w2;
        weights += w;
        weight_squares += w2;
    }
    auto const covariance = [&](double product, double a, double b) {
        return product / raids - a * b / raids / raids;
    };
    double const of_weight = covariance(weight_squares, weights, weights);
    double const both = covariance(with_weight, sum, weights);
    double const slope = of_weight > 0 ? both / of_weight : 0;
    double const own = covariance(squares, sum, sum) - slope * both;
    return {sum / raids - slope * (weights / raids - 1), std::max(own, 0.0) / raids};
}

/// The same as a proportion.
Proportion weighted_proportion(Counted const& p, double raids, double effective, double confidence)
{
    // What rounding leaves is no spread.
    double const variance = p.variance > 1e-18 ? p.variance : 0;
    if (variance > 0 && !(p.mean > 0 && p.mean < 1)) {
        double const half = students_half_width(std::sqrt(variance), raids - 1, confidence);
        Interval const ends{std::clamp(p.mean - half, 0.0, 1.0),
                            std::clamp(p.mean + half, 0.0, 1.0)};
        double const value = std::clamp(p.mean, 0.0, 1.0);
        return {{value, std::min(ends.low, value), std::max(ends.high, value)}, ends};
    }
    return proportion_of(p.mean, trials_of(p.mean, variance, raids, effective, confidence),
                         confidence);
}

}  // namespace

bool is_weighted(Tally const& tally)
{
    bool weighted = false;
    for (int arm = 0; arm < tally.layout.arm_count; ++arm) {
        auto const w = OfArm{tally, arm}.in(RaidMoment::weight, weight_quantum);
        weighted = weighted || w.variance > 0 || (w.count > 0 && std::fabs(w.mean - 1) > 1e-9);
    }
    return weighted;
}

namespace {

void estimate_plain(OfArm const& of, EngagementEstimates& e, Ratio const& leak, double confidence)
{
    auto const& l = of.tally.layout;
    auto const raids = static_cast<double>(e.raids), flights = static_cast<double>(e.flights);
    if (l.raid_size == 1) {
        e.p_leak = counted(of.tally.count(l.leaked(of.arm)), e.flights, confidence);
    } else {
        double const trials = trials_of(leak.value, leak.variance, raids, raids, confidence);
        e.p_leak = proportion_of(leak.value, std::min(trials, flights), confidence);
    }
    for (int k = 0; k <= l.raid_size; ++k) {
        auto const some = read_moment(of.tally, l.raids_with_leakers(of.arm, k)).count;
        auto const p = counted(some, e.raids, confidence);
        if (k == 0) { e.p_no_leaker = p; }
        e.p_leakers.push_back(p.estimate);
    }
}

void estimate_weighted(OfArm const& of, EngagementEstimates& e, Scaled const& flights,
                       double confidence)
{
    auto const raids = static_cast<double>(e.raids);
    auto const fraction = [&](auto const& counts) {
        return weighted_proportion(counted_by_leakers(of, raids, counts), raids, e.effective_raids,
                                   confidence);
    };
    e.p_leak = fraction([&](int k) { return k / flights.mean; });
    e.p_no_leaker = other(fraction([](int k) { return k > 0 ? 1.0 : 0.0; }));
    for (int k = 0; k <= of.tally.layout.raid_size; ++k) {
        auto const p = fraction([k](int leakers) { return leakers == k ? 1.0 : 0.0; });
        e.p_leakers.push_back(k == 0 ? e.p_no_leaker.estimate : p.estimate);
    }
}

}  // namespace

std::optional<EngagementEstimates> estimate_engagement(Tally const& tally, int arm,
                                                       double confidence, bool weighted)
{
    auto const& l = tally.layout;
    OfArm const of{tally, arm};
    EngagementEstimates e;
    e.flights = tally.count(l.killed(arm)) + tally.count(l.leaked(arm));
    e.raids = of.moment(RaidMoment::flights).count;
    auto const weight = of.in(RaidMoment::weight, weight_quantum);
    // Weights of nought tell nothing.
    if (e.flights == 0 || e.raids == 0 || !(weight.mean > 0)) { return std::nullopt; }
    auto const raids = static_cast<double>(e.raids);
    e.is_weighted = weighted;
    double const mean_square = weight.variance * (raids - 1) / raids + weight.mean * weight.mean;
    e.effective_raids = raids * weight.mean * weight.mean / mean_square;

    auto const flights = of.in(RaidMoment::flights, 1);
    if (weighted) {
        estimate_weighted(of, e, flights, confidence);
    } else {
        double const quantum = leak_quantum(l.raid_size);
        estimate_plain(of, e,
                       ratio_of(of.in(RaidMoment::leakers, quantum), flights,
                                of.in(RaidMoment::leakers_and_flights, quantum)),
                       confidence);
    }
    e.pk = other(e.p_leak);
    Estimate const& p = e.p_leak.estimate;
    e.leakers_mean = {p.value * flights.mean, p.low * flights.mean, p.high * flights.mean};
    if (l.raid_size == 1 && !weighted) {
        e.shots_mean = *mean_estimate(read_moment(tally, l.shots(arm)), 1, confidence);
    } else {
        auto const r = ratio_of(of.in(RaidMoment::shots, shots_quantum), flights,
                                of.in(RaidMoment::shots_and_flights, shots_quantum));
        e.shots_mean = with_spread(r.value, r.variance, raids, 0, HUGE_VAL, confidence);
    }
    return e;
}

std::optional<EngagementEstimates> estimate_engagement(Tally const& tally, int arm,
                                                       double confidence)
{
    return estimate_engagement(tally, arm, confidence, is_weighted(tally));
}

BatteryEstimates estimate_battery(Tally const& tally, int arm, int battery, bool weighted)
{
    auto const& l = tally.layout;
    auto const count = [&](BatteryCount which) {
        return tally.count(l.battery(arm, battery, which));
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
    if (!weighted) {
        b.pk = proportion_estimate(b.killed, b.engaged);
        b.p_remote = proportion_estimate(b.remote, b.engaged);
        b.p_hit = proportion_estimate(b.hit, b.shots - b.wasted);
        b.left_mean = mean_estimate(moment(BatteryMoment::left), 1);
    }
    return b;
}

EngagementGain estimate_engagement_gain(Tally const& tally, int arm, int versus, bool weighted)
{
    auto const& l = tally.layout;
    int const pair = l.pair(arm, versus);
    EngagementGain g;
    g.newly_killed = tally.count(l.newly_killed(pair));
    g.lost_kill = tally.count(l.lost_kill(pair));
    auto const flights = tally.count(l.killed(arm)) + tally.count(l.leaked(arm));
    auto const raids = OfArm{tally, arm}.moment(RaidMoment::flights).count;
    if (flights == 0 || raids == 0) { return g; }
    auto const moment = [&](RaidGain which) {
        return read_moment(tally, l.raid_gain(pair, which));
    };
    bool const plain = l.raid_size == 1 && !weighted;
    auto const per_raid = static_cast<double>(flights) / static_cast<double>(raids);
    g.leakers = mean_gain(moment(RaidGain::killed), leak_quantum(l.raid_size), 1);
    g.pk = plain ? paired_estimate(g.newly_killed, g.lost_kill, flights)
                 : mean_gain(moment(RaidGain::killed), leak_quantum(l.raid_size) / per_raid,
                             1 / per_raid);
    g.p_no_leaker = weighted ? mean_gain(moment(RaidGain::no_leaker), weight_quantum, 1)
                             : paired_estimate(tally.count(l.newly_clean(pair)),
                                               tally.count(l.lost_clean(pair)), raids);
    g.shots_saved = mean_gain(moment(RaidGain::shots_saved), shots_quantum, 1);
    return g;
}

}  // namespace longwatch
