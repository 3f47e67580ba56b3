#include "results/placement/choose.hpp"

#include <coin/Cbc_C_Interface.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <numeric>

namespace longwatch {

namespace {

/// Gain and bound meet, but for rounding.
constexpr double optimality_tolerance = 1e-7;
/// Fractional solutions are cut off so often at most before whole ones are asked for.
constexpr int fractional_rounds = 60;

class Watch {
public:
    double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// What is added to a set by a candidate at best, k times over.
double largest_sum(std::vector<double> additions, int k)
{
    auto const end = additions.begin() + std::min<std::ptrdiff_t>(k, std::ssize(additions));
    std::partial_sort(additions.begin(), end, additions.end(), std::greater<>());
    return std::accumulate(additions.begin(), end, 0.0);
}

/// A linear programme for CBC, over variables from 0 on.
class Programme {
public:
    Programme() : model_(Cbc_newModel(), Cbc_deleteModel)
    {
        Cbc_setLogLevel(model(), 0);
        Cbc_setObjSense(model(), -1);  // the most
    }
    void add_column(double high, double objective, bool is_whole)
    {
        Cbc_addCol(model(), "", 0, high, objective, is_whole ? 1 : 0, 0, nullptr, nullptr);
    }
    void add_row(std::vector<int> const& columns, std::vector<double> const& values, double most)
    {
        Cbc_addRow(model(), "", static_cast<int>(columns.size()), columns.data(), values.data(),
                   'L', most);
    }
    Cbc_Model* model() const { return model_.get(); }

private:
    std::unique_ptr<Cbc_Model, void (*)(Cbc_Model*)> model_;
};

/// The master problem: candidates taken or not, k of them, and per consumer a gain that the cuts hold down. Gains are in units
/// of a known one, so that the solver's tolerances are small against them.
class Master {
public:
    struct Solution {
        std::vector<double> chosen;  ///< empty where none was found in time
        double bound = 0;
    };

    Master(int candidates, std::vector<double> present, int k, PlacementObjective objective,
           double unit)
        : candidates_(candidates), present_(std::move(present)), k_(k), objective_(objective),
          unit_(unit)
    {
    }

    /// The consumer's gain <= constant + sum of what each candidate taken adds.
    void add_cut(int consumer, double constant, std::vector<double> const& of_candidate)
    {
        auto& cut = cuts_.emplace_back();
        cut.columns = {candidates_ + consumer};
        cut.values = {1};
        cut.most = constant / unit_;
        for (int j = 0; j < candidates_; ++j) {
            double const value = of_candidate[static_cast<std::size_t>(j)];
            if (value == 0) { continue; }
            cut.columns.push_back(j);
            cut.values.push_back(-value / unit_);
        }
    }

    /// With candidates taken whole, or in part as well.
    Solution solve(bool whole, double seconds_max) const
    {
        Programme programme;
        bool const worst = objective_ == PlacementObjective::worst_consumer;
        auto const consumers = static_cast<int>(present_.size());
        for (int j = 0; j < candidates_; ++j) { programme.add_column(1, 0, whole); }
        for (int n = 0; n < consumers; ++n) {
            programme.add_column(gain_max, worst ? 0 : 1.0 / consumers, false);
        }
        std::vector<int> all(static_cast<std::size_t>(candidates_));
        std::iota(all.begin(), all.end(), 0);
        programme.add_row(all, std::vector<double>(all.size(), 1), k_);
        if (worst) { add_least(programme); }
        for (Row const& cut : cuts_) { programme.add_row(cut.columns, cut.values, cut.most); }
        Cbc_setMaximumSeconds(programme.model(), std::fmax(seconds_max, 1));
        Cbc_solve(programme.model());
        double const* const values = Cbc_getColSolution(programme.model());
        bool const is_solved = Cbc_isProvenOptimal(programme.model()) != 0;
        Solution out{{}, std::numeric_limits<double>::infinity()};
        if (is_solved || whole) {
            out.bound = unit_ * (whole ? Cbc_getBestPossibleObjValue(programme.model())
                                       : Cbc_getObjValue(programme.model()));
        }
        if (values != nullptr && (is_solved || whole)) {
            out.chosen.assign(values, values + candidates_);
        }
        return out;
    }

private:
    static constexpr double gain_max = 1e6;
    struct Row {
        std::vector<int> columns;
        std::vector<double> values;
        double most = 0;
    };

    /// The least mean gains at most what each consumer's mean does.
    void add_least(Programme& programme) const
    {
        auto const consumers = static_cast<int>(present_.size());
        int const least = candidates_ + consumers;
        double const now = *std::min_element(present_.begin(), present_.end());
        programme.add_column(gain_max, 1, false);
        for (int n = 0; n < consumers; ++n) {
            double const ahead = present_[static_cast<std::size_t>(n)] - now;
            programme.add_row({least, candidates_ + n}, {1, -1}, ahead / unit_);
        }
    }

    int candidates_;
    std::vector<double> present_;
    int k_;
    PlacementObjective objective_;
    double unit_;
    std::vector<Row> cuts_;
};

/// The k candidates that a solution takes most of.
std::vector<int> taken_of(std::vector<double> const& chosen, int k)
{
    std::vector<int> order(chosen.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return chosen[static_cast<std::size_t>(a)] > chosen[static_cast<std::size_t>(b)];
    });
    order.resize(static_cast<std::size_t>(std::min<std::ptrdiff_t>(k, std::ssize(order))));
    std::sort(order.begin(), order.end());
    return order;
}

}  // namespace

KeptGains::KeptGains(PlacementTally const& tally, PlacementAim const& aim)
    : objective_(aim.objective), candidates_(tally.shape.candidates),
      flights_(std::min(tally.shape.kept_flights, tally.flights))
{
    bool const fraction = is_probability(aim.objective);
    for (int const n : aim.consumers) {
        auto const first = static_cast<std::ptrdiff_t>(tally.of_group(0, n, 0));
        auto const sum = [&](std::vector<std::int64_t> const& cells) {
            auto const at = cells.begin() + first;
            return static_cast<double>(
                std::accumulate(at, at + tally.shape.groups, std::int64_t{}));
        };
        double const concerned = sum(tally.concerned);
        if (!(concerned > 0) || flights_ == 0) { continue; }
        Measure measure;
        // As many of the kept flights concern it as of all.
        double const of_kept =
            concerned * static_cast<double>(flights_) / static_cast<double>(tally.flights);
        measure.scale = (fraction ? 1 : kept_gain_s) / of_kept;
        measure.present =
            (fraction ? sum(tally.at_least) : time_quantum_s * sum(tally.usable_us)) / concerned;
        for (std::int64_t flight = 0; flight < flights_; ++flight) {
            auto const* const row = tally.kept.data() + tally.of_kept(flight, n, 0);
            bool const gains = std::any_of(row, row + candidates_, [](auto g) { return g != 0; });
            if (gains) { measure.rows.push_back(row); }
        }
        measures_.push_back(std::move(measure));
    }
}

double KeptGains::objective_of(std::vector<double> const& gains) const
{
    if (measures_.empty()) { return 0; }
    if (objective_ != PlacementObjective::worst_consumer) {
        return std::accumulate(gains.begin(), gains.end(), 0.0) / static_cast<double>(gains.size());
    }
    double before = measures_.front().present, after = before + gains.front();
    for (std::size_t n = 1; n < gains.size(); ++n) {
        before = std::fmin(before, measures_[n].present);
        after = std::fmin(after, measures_[n].present + gains[n]);
    }
    return after - before;
}

std::vector<std::vector<std::uint16_t>> KeptGains::best_of(std::vector<int> const& set) const
{
    std::vector<std::vector<std::uint16_t>> best;
    for (Measure const& measure : measures_) {
        auto& of_rows = best.emplace_back(measure.rows.size());
        for (std::size_t r = 0; r < of_rows.size(); ++r) {
            for (int const j : set) { of_rows[r] = std::max(of_rows[r], measure.rows[r][j]); }
        }
    }
    return best;
}

std::vector<double> KeptGains::gains_of(std::vector<std::vector<std::uint16_t>> const& best) const
{
    std::vector<double> out;
    for (std::size_t n = 0; n < measures_.size(); ++n) {
        std::int64_t const sum = std::accumulate(best[n].begin(), best[n].end(), std::int64_t{});
        out.push_back(measures_[n].scale * static_cast<double>(sum));
    }
    return out;
}

double KeptGains::gain_of(std::vector<int> const& set) const
{
    return objective_of(gains_of(best_of(set)));
}

/// What each candidate would add to a set, [consumer][candidate].
std::vector<std::vector<double>> KeptGains::additions_to(
    std::vector<std::vector<std::uint16_t>> const& best) const
{
    std::vector<std::vector<double>> out;
    for (std::size_t n = 0; n < measures_.size(); ++n) {
        std::vector<std::int64_t> sums(static_cast<std::size_t>(candidates_));
        for (std::size_t r = 0; r < best[n].size(); ++r) {
            std::uint16_t const here = best[n][r];
            std::uint16_t const* const row = measures_[n].rows[r];
            for (std::size_t j = 0; j < sums.size(); ++j) {
                sums[j] += row[j] > here ? row[j] - here : 0;
            }
        }
        auto& of_consumer = out.emplace_back();
        for (auto const sum : sums) {
            of_consumer.push_back(measures_[n].scale * static_cast<double>(sum));
        }
    }
    return out;
}

Choice KeptGains::greedy(int k) const
{
    Choice out;
    out.bound = std::numeric_limits<double>::infinity();
    auto best = best_of({});
    for (int chosen = 0;; ++chosen) {
        auto const additions = additions_to(best);
        auto const gains = gains_of(best);
        std::vector<double> most;
        for (std::size_t n = 0; n < gains.size(); ++n) {
            most.push_back(gains[n] + largest_sum(additions[n], k));
        }
        if (objective_ != PlacementObjective::worst_consumer) {
            // Together, a candidate counts once for all consumers.
            std::vector<double> together(static_cast<std::size_t>(candidates_));
            for (auto const& of_consumer : additions) {
                for (std::size_t j = 0; j < together.size(); ++j) { together[j] += of_consumer[j]; }
            }
            auto const consumers = static_cast<double>(std::max<std::size_t>(gains.size(), 1));
            out.bound =
                std::fmin(out.bound, objective_of(gains) + largest_sum(together, k) / consumers);
        }
        out.bound = std::fmin(out.bound, objective_of(most));
        if (chosen == k || chosen == candidates_) { break; }
        int winner = -1;
        double winning = 0, winning_all = 0;
        for (int j = 0; j < candidates_; ++j) {
            if (std::find(out.members.begin(), out.members.end(), j) != out.members.end()) {
                continue;
            }
            auto with = gains;
            for (std::size_t n = 0; n < with.size(); ++n) {
                with[n] += additions[n][static_cast<std::size_t>(j)];
            }
            double const gain = objective_of(with);
            double const all = std::accumulate(with.begin(), with.end(), 0.0);
            if (winner < 0 || gain > winning || (gain == winning && all > winning_all)) {
                winner = j, winning = gain, winning_all = all;
            }
        }
        out.members.push_back(winner);
        best = best_of(out.members);
    }
    out.gain = objective_of(gains_of(best));
    if (objective_ != PlacementObjective::worst_consumer) {
        out.bound = std::fmin(out.bound, out.gain / (1 - std::exp(-1)));
    }
    out.is_optimal = out.bound - out.gain <= optimality_tolerance * std::fmax(out.bound, 1e-9);
    return out;
}

/// Per row the level at which the candidates chosen (in part, maybe) are used up, best ones first: the row gains at most the level and
/// what each candidate taken has above it. With equality for whole sets at `chosen`.
KeptGains::Cut KeptGains::cut_at(Measure const& measure, std::vector<double> const& chosen) const
{
    std::vector<int> support;
    for (int j = 0; j < candidates_; ++j) {
        if (chosen[static_cast<std::size_t>(j)] > 1e-9) { support.push_back(j); }
    }
    std::int64_t levels = 0;
    std::vector<std::int64_t> above(static_cast<std::size_t>(candidates_));
    for (auto const* const row : measure.rows) {
        std::sort(support.begin(), support.end(), [&](int a, int b) { return row[a] > row[b]; });
        double used = 0;
        int level = 0;
        for (int const j : support) {
            used += chosen[static_cast<std::size_t>(j)];
            if (used >= 1 - 1e-9) {
                level = row[j];
                break;
            }
        }
        levels += level;
        for (std::size_t j = 0; j < above.size(); ++j) {
            above[j] += row[j] > level ? row[j] - level : 0;
        }
    }
    Cut out{measure.scale * static_cast<double>(levels), {}};
    for (auto const sum : above) {
        out.of_candidate.push_back(measure.scale * static_cast<double>(sum));
    }
    return out;
}

Choice KeptGains::exact(int k, Choice const& start, double seconds_max) const
{
    Watch const watch;
    Choice out = start;
    std::vector<double> present;
    for (Measure const& measure : measures_) { present.push_back(measure.present); }
    if (measures_.empty() || start.is_optimal) { return out; }
    Master master(candidates_, present, k, objective_, start.bound > 0 ? start.bound : 1);
    auto const add_cuts = [&](std::vector<double> const& chosen) {
        for (std::size_t n = 0; n < measures_.size(); ++n) {
            Cut const cut = cut_at(measures_[n], chosen);
            master.add_cut(static_cast<int>(n), cut.constant, cut.of_candidate);
        }
    };
    auto const as_fractions = [&](std::vector<int> const& set) {
        std::vector<double> chosen(static_cast<std::size_t>(candidates_));
        for (int const j : set) { chosen[static_cast<std::size_t>(j)] = 1; }
        return chosen;
    };
    auto const meets = [&] {
        return out.bound - out.gain <= optimality_tolerance * std::fmax(out.bound, 1e-9);
    };
    // A bound below what is had is none.
    auto const take_bound = [&](double bound) {
        if (bound >= out.gain * (1 - 1e-6)) { out.bound = std::fmin(out.bound, bound); }
    };
    auto const try_set = [&](std::vector<int> const& set) {
        double const gain = gain_of(set);
        if (gain > out.gain) { out.gain = gain, out.members = set; }
    };
    add_cuts(as_fractions(start.members));
    double before = std::numeric_limits<double>::infinity();
    for (int round = 0; round < fractional_rounds && watch.seconds() < seconds_max / 2; ++round) {
        auto const solution = master.solve(false, seconds_max - watch.seconds());
        if (solution.chosen.empty()) { break; }
        try_set(taken_of(solution.chosen, k));
        take_bound(solution.bound);
        if (meets() || solution.bound > before * (1 - 1e-5)) { break; }
        before = solution.bound;
        add_cuts(solution.chosen);
    }
    while (!meets() && watch.seconds() < seconds_max) {
        auto const solution = master.solve(true, seconds_max - watch.seconds());
        if (solution.chosen.empty()) { break; }
        take_bound(solution.bound);
        auto const set = taken_of(solution.chosen, k);
        try_set(set);
        add_cuts(as_fractions(set));
    }
    out.is_optimal = meets();
    if (out.is_optimal) { out.bound = out.gain; }
    return out;
}

}  // namespace longwatch
