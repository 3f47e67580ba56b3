#include "results/placement/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "results/statistics/quantiles.hpp"

namespace longwatch {

namespace {

/// A value, and per group how far the group pulls it: the value is known up to the spread of their sum.
struct Influenced {
    double value = 0;
    std::vector<double> pull;
};

std::vector<double> sums_of(std::vector<std::int64_t> const& cells, std::size_t first, int groups,
                            double unit)
{
    std::vector<double> out;
    for (int g = 0; g < groups; ++g) {
        out.push_back(unit * static_cast<double>(cells[first + static_cast<std::size_t>(g)]));
    }
    return out;
}

double total(std::vector<double> const& x) { return std::accumulate(x.begin(), x.end(), 0.0); }

Influenced ratio(std::vector<double> const& sums, std::vector<double> const& counts)
{
    double const n = total(counts);
    Influenced out{total(sums) / n, std::vector<double>(sums.size())};
    for (std::size_t g = 0; g < sums.size(); ++g) {
        out.pull[g] = (sums[g] - out.value * counts[g]) / n;
    }
    return out;
}

Influenced average(std::vector<Influenced> const& parts)
{
    Influenced out{0, std::vector<double>(parts.front().pull.size())};
    auto const share = 1 / static_cast<double>(parts.size());
    for (Influenced const& part : parts) {
        out.value += share * part.value;
        for (std::size_t g = 0; g < out.pull.size(); ++g) { out.pull[g] += share * part.pull[g]; }
    }
    return out;
}

Influenced difference(Influenced const& a, Influenced const& b)
{
    Influenced out = a;
    out.value -= b.value;
    for (std::size_t g = 0; g < out.pull.size(); ++g) { out.pull[g] -= b.pull[g]; }
    return out;
}

/// What flights can tell where every group says the same: of a fraction, as if one more flight said otherwise on either side; of a
/// time, that nothing bounds it if there are few.
Estimate without_spread(double value, double trials, bool is_fraction)
{
    auto const n = static_cast<std::int64_t>(trials);
    if (is_fraction && n > 0) {
        auto const bounds = paired_difference(0, 0, n);
        return {value, value + bounds.low, value + bounds.high};
    }
    bool const few = n < spread_count_min;
    return {value, value, value, few, few};
}

/// `trials` flights in so many groups that hold any.
struct Basis {
    double trials = 0;
    int groups = 0;
    bool is_fraction = false;
};

Estimate estimate_of(Influenced const& x, Basis const& basis)
{
    double squares = 0;
    for (double const pull : x.pull) { squares += pull * pull; }
    if (basis.groups < 2 || squares == 0) {
        auto out = without_spread(x.value, basis.trials, basis.is_fraction);
        if (basis.groups < 2) { out.low_open = out.high_open = true; }
        return out;
    }
    auto const groups = static_cast<double>(basis.groups);
    double const error = std::sqrt(groups / (groups - 1) * squares);
    double const half = students_half_width(error, groups - 1, result_confidence);
    return {x.value, x.value - half, x.value + half};
}

Estimate cut(Estimate e, double low, double high)
{
    e.low = std::fmax(e.low, low);
    e.high = std::fmin(e.high, high);
    return e;
}

int used(std::vector<double> const& counts)
{
    return static_cast<int>(
        std::count_if(counts.begin(), counts.end(), [](double n) { return n > 0; }));
}

/// Means and objectives, from the sums of the groups.
class Groups {
public:
    Groups(PlacementTally const& tally, PlacementAim const& aim) : tally_(tally), aim_(aim)
    {
        for (int n = 0; n < tally.shape.consumers; ++n) {
            counts_.push_back(sums_of(tally.concerned, tally.of_group(0, n, 0), groups(), 1));
            usable_.push_back(
                sums_of(tally.usable_us, tally.of_group(0, n, 0), groups(), time_quantum_s));
            at_least_.push_back(sums_of(tally.at_least, tally.of_group(0, n, 0), groups(), 1));
        }
        for (int const n : aim.consumers) {
            if (concerned(n) > 0) { counted_.push_back(n); }
        }
    }

    int groups() const { return tally_.shape.groups; }
    double concerned(int n) const { return total(counts_[static_cast<std::size_t>(n)]); }
    bool has_objective() const { return !counted_.empty(); }

    Estimate gain(int candidate, int n) const
    {
        return estimate_of(ratio(gains(candidate, n), counts(n)), basis(n, false));
    }
    Estimate more_at_least(int candidate, int n) const
    {
        auto const sums =
            sums_of(tally_.more_at_least, tally_.of_group(candidate, n, 0), groups(), 1);
        return cut(estimate_of(ratio(sums, counts(n)), basis(n, true)), -1, 1);
    }
    /// Of a candidate, or of the present (-1); over the present, where it is a gain.
    Estimate objective_estimate(int candidate, bool is_gain) const
    {
        bool const fraction = is_probability(aim_.objective);
        // The consumer with fewest flights says least.
        Basis least = basis(counted_.front(), fraction);
        for (int const n : counted_) {
            auto const one = basis(n, fraction);
            least.trials = std::fmin(least.trials, one.trials);
            least.groups = std::min(least.groups, one.groups);
        }
        auto const x =
            is_gain ? difference(objective(candidate), objective(-1)) : objective(candidate);
        auto const e = estimate_of(x, least);
        return fraction ? cut(e, is_gain ? -1 : 0, 1) : e;
    }
    Estimate coverage(int candidate) const
    {
        auto const flights = sums_of(tally_.in_group, 0, groups(), 1);
        int const row = candidate * groups();
        auto const first = static_cast<std::size_t>(row);
        auto const tracked = sums_of(tally_.tracked, first, groups(), 1);
        auto const x = ratio(tracked, flights);
        auto const hits = static_cast<std::int64_t>(total(tracked));
        auto const trials = static_cast<std::int64_t>(total(flights));
        if (hits == 0 || hits == trials) {
            auto const bounds = wilson(hits, trials);
            return {x.value, bounds.low, bounds.high};
        }
        return cut(estimate_of(x, {total(flights), used(flights), true}), 0, 1);
    }

    /// Of a candidate, or of the present (-1).
    Influenced objective(int candidate) const
    {
        std::vector<Influenced> parts;
        for (int const n : counted_) {
            parts.push_back(ratio(objective_sums(candidate, n), counts(n)));
        }
        if (aim_.objective != PlacementObjective::worst_consumer) { return average(parts); }
        return *std::min_element(parts.begin(), parts.end(),
                                 [](auto const& a, auto const& b) { return a.value < b.value; });
    }

    /// Sums per group of what the objective counts, for each consumer that counts: [consumer][group].
    std::vector<std::vector<double>> all_objective_sums(int candidate) const
    {
        std::vector<std::vector<double>> out;
        for (int const n : counted_) { out.push_back(objective_sums(candidate, n)); }
        return out;
    }
    std::vector<std::vector<double>> all_counts() const
    {
        std::vector<std::vector<double>> out;
        for (int const n : counted_) { out.push_back(counts(n)); }
        return out;
    }

private:
    Basis basis(int n, bool is_fraction) const
    {
        return {concerned(n), used(counts(n)), is_fraction};
    }
    std::vector<double> const& counts(int n) const { return counts_[static_cast<std::size_t>(n)]; }
    std::vector<double> gains(int candidate, int n) const
    {
        return sums_of(tally_.gain_us, tally_.of_group(candidate, n, 0), groups(), time_quantum_s);
    }
    std::vector<double> objective_sums(int candidate, int n) const
    {
        bool const counts_flights = is_probability(aim_.objective);
        auto const& present = counts_flights ? at_least_ : usable_;
        auto sums = present[static_cast<std::size_t>(n)];
        if (candidate < 0) { return sums; }
        auto const& more = counts_flights ? tally_.more_at_least : tally_.gain_us;
        auto const added = sums_of(more, tally_.of_group(candidate, n, 0), groups(),
                                   counts_flights ? 1 : time_quantum_s);
        for (std::size_t g = 0; g < sums.size(); ++g) { sums[g] += added[g]; }
        return sums;
    }

    PlacementTally const& tally_;
    PlacementAim const& aim_;
    std::vector<int> counted_;
    std::vector<std::vector<double>> counts_, usable_, at_least_;  ///< [consumer][group]
};

/// [consumer][group] sums as an objective under weights of the groups.
double weighted_objective(std::vector<std::vector<double>> const& sums,
                          std::vector<double> const& scale, std::vector<double> const& weights,
                          PlacementObjective objective)
{
    double sum = 0, least = std::numeric_limits<double>::infinity();
    for (std::size_t n = 0; n < sums.size(); ++n) {
        double const mean =
            std::inner_product(weights.begin(), weights.end(), sums[n].begin(), 0.0) * scale[n];
        sum += mean;
        least = std::fmin(least, mean);
    }
    return objective == PlacementObjective::worst_consumer ? least
                                                           : sum / static_cast<double>(sums.size());
}

void find_best(Groups const& groups, PlacementAim const& aim, PlacementEstimates& out)
{
    auto const candidates = static_cast<int>(out.candidates.size());
    std::vector<std::vector<std::vector<double>>> sums;
    for (int k = 0; k < candidates; ++k) { sums.push_back(groups.all_objective_sums(k)); }
    auto const counts = groups.all_counts();
    std::mt19937_64 random(20231219);
    std::vector<double> weights(static_cast<std::size_t>(groups.groups())), scale(counts.size());
    std::vector<double> objective(static_cast<std::size_t>(candidates));
    for (int replicate = 0; replicate < best_replicates; ++replicate) {
        for (double& w : weights) {
            w = -std::log((static_cast<double>(random() >> 11) + 0.5) * 0x1p-53);
        }
        for (std::size_t n = 0; n < counts.size(); ++n) {
            scale[n] =
                1 / std::inner_product(weights.begin(), weights.end(), counts[n].begin(), 0.0);
        }
        for (std::size_t k = 0; k < objective.size(); ++k) {
            objective[k] = weighted_objective(sums[k], scale, weights, aim.objective);
        }
        double const best = *std::max_element(objective.begin(), objective.end());
        auto const ties = std::count(objective.begin(), objective.end(), best);
        for (std::size_t k = 0; k < objective.size(); ++k) {
            if (objective[k] == best) {
                out.candidates[k].p_best += 1.0 / (static_cast<double>(ties) * best_replicates);
            }
        }
    }
}

void find_quantiles(std::vector<std::uint64_t> const& cells, ConsumerAtPlace& out)
{
    Histogram const histogram{cells, warning_bin_edge_s};
    out.p50_s = quantile_estimate(histogram, 0.5);
    out.p05_s = quantile_estimate(histogram, 0.05);
}

std::vector<std::uint64_t> present_cells(PlacementTally const& tally, int consumer)
{
    auto const first = tally.present_histogram.begin() + std::ptrdiff_t{consumer} * warning_cells;
    return {first, first + warning_cells};
}

ConsumerAtPlace at_place(PlacementTally const& tally, Groups const& groups, int candidate, int n)
{
    ConsumerAtPlace out;
    auto cells = present_cells(tally, n);
    auto const both = tally.of_consumer(candidate, n);
    auto const first = both * static_cast<std::size_t>(warning_cells);
    for (std::size_t k = 0; k < cells.size(); ++k) {
        cells[k] += static_cast<std::uint64_t>(std::int64_t{tally.histogram_change[first + k]});
    }
    find_quantiles(cells, out);
    if (groups.concerned(n) > 0) {
        out.gain_s = groups.gain(candidate, n);
        out.p_at_least_gain = groups.more_at_least(candidate, n);
    }
    out.newly_warned = tally.newly_warned[both];
    out.lost_warning = tally.lost_warning[both];
    return out;
}

}  // namespace

PlacementEstimates estimate_placement(PlacementTally const& tally, PlacementAim const& aim)
{
    Groups const groups(tally, aim);
    PlacementEstimates out;
    out.flights = tally.flights;
    for (int n = 0; n < tally.shape.consumers; ++n) {
        out.concerned.push_back(static_cast<std::int64_t>(groups.concerned(n)));
        find_quantiles(present_cells(tally, n), out.present.emplace_back());
    }
    if (groups.has_objective()) { out.present_objective = groups.objective_estimate(-1, false); }
    for (int k = 0; k < tally.shape.candidates; ++k) {
        auto& candidate = out.candidates.emplace_back();
        if (tally.flights > tally.failed) { candidate.coverage = groups.coverage(k); }
        for (int n = 0; n < tally.shape.consumers; ++n) {
            candidate.consumers.push_back(at_place(tally, groups, k, n));
        }
        if (groups.has_objective()) {
            candidate.objective = groups.objective_estimate(k, false);
            candidate.objective_gain = groups.objective_estimate(k, true);
        }
    }
    out.order.resize(out.candidates.size());
    std::iota(out.order.begin(), out.order.end(), 0);
    if (!groups.has_objective()) { return out; }
    find_best(groups, aim, out);
    auto const gain = [&](int k) {
        return out.candidates[static_cast<std::size_t>(k)].objective_gain->value;
    };
    std::stable_sort(out.order.begin(), out.order.end(),
                     [&](int a, int b) { return gain(a) > gain(b); });
    return out;
}

}  // namespace longwatch
