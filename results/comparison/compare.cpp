#include "results/comparison/compare.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "results/statistics/moment.hpp"

namespace longwatch {

namespace {

constexpr double no_end = HUGE_VAL;
constexpr Interval gain_bounds{-1, 1}, any{-no_end, no_end};

/// An arm with what its result says, as a whole and by group.
struct Side {
    ArmOf of;
    Estimates all;
    std::vector<Estimates> each;

    explicit Side(ArmOf arm) : of(arm), all(estimate(arm.result->tally, arm.result->randomisations))
    {
    }
    ArmEstimates const& arm() const { return all.arms[at()]; }
    std::size_t at() const { return static_cast<std::size_t>(of.arm); }
    Tally const& tally() const { return of.result->tally; }
    double sd_of(MomentCells const& cells, double quantum) const
    {
        return std::sqrt(spread(read_moment(tally(), cells)).variance) * quantum;
    }
};

using Get = std::function<MaybeEstimate(ArmEstimates const&)>;

/// How a quantity is got from an arm's estimates, and its effect size from the two values.
struct Quantity {
    char const* name;
    char const* unit;
    Interval bounds;  ///< of its difference
    Get one, other;
};

bool is_fraction(Quantity const& q) { return q.bounds.low == gain_bounds.low; }

bool same_flights(ResultFile const& a, ResultFile const& b)
{
    return a.seed == b.seed && a.first_flight == b.first_flight &&
           a.flight_count == b.flight_count && a.gaps == b.gaps;
}

bool share_flights(ResultFile const& a, ResultFile const& b)
{
    return a.seed == b.seed && first_overlap(spans_of(a), spans_of(b));
}

bool have_same_groups(ResultFile const& a, ResultFile const& b)
{
    return same_flights(a, b) && a.sampling == b.sampling && a.randomisations.size() > 1 &&
           a.randomisations.size() == b.randomisations.size() &&
           a.tally.layout.raid_size == b.tally.layout.raid_size;
}

Pairing pairing_of(ResultFile const& a, ResultFile const& b)
{
    if (&a == &b) { return Pairing::flights; }
    if (have_same_groups(a, b)) { return Pairing::groups; }
    return share_flights(a, b) ? Pairing::same_flights : Pairing::independent;
}

std::string why(Pairing pairing, ResultFile const& a, ResultFile const& b)
{
    switch (pairing) {
    case Pairing::flights:
        return "both arms flew the same flights in one run, which counted what each flight did "
               "in both";
    case Pairing::groups:
        return fmt::format(
            "both runs flew the same flights of seed {}; what one flight did in both was not "
            "counted, but its {} groups pair up, and intervals are of their differences",
            a.seed, a.randomisations.size());
    case Pairing::same_flights:
        return fmt::format(
            "both runs flew flights of seed {} in common, but what one flight did in both was "
            "not counted: two runs cannot be paired, and intervals hold whatever the "
            "correlation (wider than paired ones: put both arms into one study for those)",
            a.seed);
    case Pairing::independent: break;
    }
    if (a.seed != b.seed) {
        return fmt::format("the runs have no flight in common (seeds {} and {})", a.seed, b.seed);
    }
    return fmt::format(
        "the runs have no flight in common (flights from {} and from {} of one seed)",
        a.first_flight, b.first_flight);
}

/// The difference by groups; absent where they say nothing of its spread.
MaybeEstimate difference_of_groups(Quantity const& q, Side const& one, Side const& other,
                                   double value)
{
    std::vector<double> of_each;
    for (std::size_t r = 0; r < one.each.size(); ++r) {
        auto const a = q.one(one.each[r].arms[one.at()]);
        auto const b = q.other(other.each[r].arms[other.at()]);
        auto const d = difference_of_independent(a, b);
        if (!d) { return std::nullopt; }
        of_each.push_back(d->value);
    }
    if (of_each.size() < 2 ||
        std::all_of(of_each.begin(), of_each.end(), [&](double x) { return x == of_each[0]; })) {
        return std::nullopt;
    }
    return randomised_estimate(value, of_each, q.bounds);
}

ComparedQuantity compared(Quantity const& q, Side const& one, Side const& other, Pairing pairing)
{
    ComparedQuantity out{q.name, q.unit, q.one(one.arm()), q.other(other.arm()), {}, {}, pairing};
    out.difference = difference_of_independent(out.one, out.other);
    if (!out.difference) { return out; }
    if (pairing == Pairing::groups) {
        auto const by_group = difference_of_groups(q, one, other, out.difference->value);
        if (by_group) {
            out.difference = by_group;
        } else {
            out.pairing = Pairing::same_flights;
        }
    }
    if (out.pairing == Pairing::flights) { out.pairing = Pairing::same_flights; }
    if (out.pairing == Pairing::same_flights) {
        out.difference = difference_whatever_correlation(out.one, out.other);
    }
    if (is_fraction(q)) { out.effect = cohen_h(out.one->value, out.other->value); }
    return out;
}

Quantity of_consumer(char const* name, char const* unit, Interval const& bounds, std::size_t one,
                     std::size_t other,
                     std::function<MaybeEstimate(ConsumerEstimates const&)> const& get)
{
    return {name, unit, bounds, [=](ArmEstimates const& arm) { return get(arm.consumers[one]); },
            [=](ArmEstimates const& arm) { return get(arm.consumers[other]); }};
}

/// Of the times of flights with a message.
auto time_of(Estimate TimeEstimates::*which)
{
    return [which](ConsumerEstimates const& c) {
        return c.warning_time_s ? MaybeEstimate((*c.warning_time_s).*which) : std::nullopt;
    };
}

constexpr char const* at_least_names[gain_threshold_count] = {
    "p_at_least_180_s", "p_at_least_300_s", "p_at_least_600_s"};

std::vector<ComparedQuantity> compare_consumer(Side const& one, Side const& other, std::size_t c,
                                               std::size_t d, Pairing pairing)
{
    std::vector<ComparedQuantity> rows;
    auto const add = [&](char const* name, char const* unit, Interval const& bounds,
                         std::function<MaybeEstimate(ConsumerEstimates const&)> const& get) {
        rows.push_back(compared(of_consumer(name, unit, bounds, c, d, get), one, other, pairing));
    };
    add("p_warned", "1", gain_bounds, [](ConsumerEstimates const& e) { return e.p_warned; });
    for (int k = 0; k < gain_threshold_count; ++k) {
        auto const i = static_cast<std::size_t>(threshold_index(gain_threshold_s(k)));
        add(at_least_names[k], "1", gain_bounds,
            [i](ConsumerEstimates const& e) { return e.p_at_least[i]; });
    }
    add("warning_time_mean_s", "s", any, time_of(&TimeEstimates::mean));
    add("warning_time_p05_s", "s", any, time_of(&TimeEstimates::p05));
    add("warning_time_p50_s", "s", any, time_of(&TimeEstimates::p50));
    add("delay_total_mean_s", "s", any, [](ConsumerEstimates const& e) {
        return e.delay_s[delay_total] ? MaybeEstimate(e.delay_s[delay_total]->mean) : std::nullopt;
    });
    return rows;
}

/// Of means: in standard deviations of single flights.
void set_effects(std::vector<ComparedQuantity>& rows, Side const& one, Side const& other,
                 std::size_t c, std::size_t d)
{
    auto const sd = [](Side const& side, std::size_t at, bool is_delay) {
        auto const& l = side.tally().layout;
        int const consumer = static_cast<int>(at);
        return side.sd_of(is_delay ? l.delay(side.of.arm, consumer, delay_total)
                                   : l.warning_time(side.of.arm, consumer),
                          time_quantum_s);
    };
    for (auto& row : rows) {
        bool const is_delay = row.quantity == "delay_total_mean_s";
        if (!row.difference || !(is_delay || row.quantity == "warning_time_mean_s")) { continue; }
        row.effect = cohen_d(row.difference->value, sd(one, c, is_delay), sd(other, d, is_delay));
    }
}

Get of_engagement(std::function<Estimate(EngagementEstimates const&)> const& get)
{
    return [=](ArmEstimates const& arm) {
        return arm.engagement ? MaybeEstimate(get(*arm.engagement)) : std::nullopt;
    };
}

Estimate times(Estimate e, double factor)
{
    e.value *= factor;
    e.low *= factor;
    e.high *= factor;
    return e;
}

Estimate shots_per_raid(EngagementEstimates const& e)
{
    return times(e.shots_mean, static_cast<double>(e.flights) / static_cast<double>(e.raids));
}

std::vector<ComparedQuantity> compare_engagement(Side const& one, Side const& other,
                                                 Pairing pairing)
{
    if (!one.arm().engagement || !other.arm().engagement) { return {}; }
    std::vector<ComparedQuantity> rows;
    auto const add = [&](char const* name, Interval const& bounds,
                         std::function<Estimate(EngagementEstimates const&)> const& get) {
        auto const both = of_engagement(get);
        rows.push_back(compared({name, "1", bounds, both, both}, one, other, pairing));
    };
    using E = EngagementEstimates;
    add("pk", gain_bounds, [](E const& e) { return e.pk.estimate; });
    add("p_no_leaker", gain_bounds, [](E const& e) { return e.p_no_leaker.estimate; });
    add("leakers_per_raid", any, [](E const& e) { return e.leakers_mean; });
    add("shots_per_raid", any, shots_per_raid);
    return rows;
}

/// Of means per raid, in standard deviations of single raids; of weighted ones none.
void set_effects(std::vector<ComparedQuantity>& rows, Side const& one, Side const& other)
{
    if (rows.empty() || one.arm().engagement->is_weighted || other.arm().engagement->is_weighted) {
        return;
    }
    auto const sd = [](Side const& side, RaidMoment which) {
        auto const& l = side.tally().layout;
        bool const is_shots = which == RaidMoment::shots;
        return side.sd_of(l.of_raid(side.of.arm, which),
                          is_shots ? shots_quantum : leak_quantum(l.raid_size));
    };
    for (auto& row : rows) {
        bool const is_shots = row.quantity == "shots_per_raid";
        if (!row.difference || !(is_shots || row.quantity == "leakers_per_raid")) { continue; }
        auto const which = is_shots ? RaidMoment::shots : RaidMoment::leakers;
        row.effect = cohen_d(row.difference->value, sd(one, which), sd(other, which));
    }
}

/// Of two arms of one result: what the joint tallies say takes the place of what could be bounded without them.
class Paired {
public:
    Paired(Side const& one, Side const& other)
        : later_(std::max(one.of.arm, other.of.arm)), earlier_(std::min(one.of.arm, other.of.arm)),
          reversed_(one.of.arm < other.of.arm), tally_(one.tally()),
          estimates_(
              one.all.pairs[static_cast<std::size_t>(one.tally().layout.pair(later_, earlier_))])
    {
    }

    void improve_consumer(ComparedConsumer& consumer, std::size_t c) const
    {
        auto const& p = estimates_.consumers[c];
        auto& rows = consumer.quantities;
        set(rows, "p_warned", p.p_warned_gain);
        for (int k = 0; k < gain_threshold_count; ++k) {
            set(rows, at_least_names[k], p.p_at_least_gain[k]);
        }
        set(rows, "warning_time_mean_s", p.gain_s);
        auto const& l = tally_.layout;
        auto const usable = spread(
            read_moment(tally_, l.usable_gain(l.pair(later_, earlier_), static_cast<int>(c))));
        ComparedQuantity row{"usable_warning_mean_s", "s", {}, {}, {}, {}, Pairing::flights};
        row.difference = turned(p.usable_gain_s);
        double const sd = std::sqrt(usable.variance) * time_quantum_s;
        if (row.difference && sd > 0) {
            row.effect = EffectSize{"cohen_dz", row.difference->value / sd};
        }
        rows.push_back(row);
    }

    void improve_engagement(std::vector<ComparedQuantity>& rows) const
    {
        auto const& e = estimates_.engagement;
        set(rows, "pk", e.pk);
        set(rows, "p_no_leaker", e.p_no_leaker);
        set(rows, "leakers_per_raid", negated(e.leakers));
        set(rows, "shots_per_raid", negated(e.shots_saved));
    }

private:
    MaybeEstimate turned(MaybeEstimate const& e) const { return reversed_ ? negated(e) : e; }

    void set(std::vector<ComparedQuantity>& rows, std::string const& name,
             MaybeEstimate const& gain) const
    {
        for (auto& row : rows) {
            if (row.quantity != name || !gain) { continue; }
            row.difference = turned(gain);
            row.pairing = Pairing::flights;
        }
    }

    int later_, earlier_;
    bool reversed_;
    Tally const& tally_;
    PairEstimates const& estimates_;
};

void estimate_groups(Side& side)
{
    for (Tally const& part : side.of.result->randomisations) {
        side.each.push_back(estimate(part));
    }
}

}  // namespace

char const* pairing_name(Pairing pairing)
{
    switch (pairing) {
    case Pairing::flights: return "paired by flight";
    case Pairing::groups: return "paired by group";
    case Pairing::same_flights: return "same flights, unpaired";
    case Pairing::independent: break;
    }
    return "two-sample";
}

Comparison compare(ArmOf one, ArmOf other)
{
    Side a(one), b(other);
    Comparison out;
    out.pairing = pairing_of(*one.result, *other.result);
    out.why = why(out.pairing, *one.result, *other.result);
    if (out.pairing == Pairing::groups) {
        estimate_groups(a);
        estimate_groups(b);
    }
    auto const& mine = one.result->names.consumers;
    auto const& theirs = other.result->names.consumers;
    for (std::size_t c = 0; c < mine.size(); ++c) {
        auto const found = std::find(theirs.begin(), theirs.end(), mine[c]);
        if (found == theirs.end()) {
            out.left_out.push_back(mine[c]);
            continue;
        }
        auto const d = static_cast<std::size_t>(found - theirs.begin());
        out.consumers.push_back({mine[c], a.arm().consumers[c].flights,
                                 b.arm().consumers[d].flights,
                                 compare_consumer(a, b, c, d, out.pairing)});
        if (out.pairing == Pairing::flights && one.arm != other.arm) {
            Paired(a, b).improve_consumer(out.consumers.back(), c);
        }
        set_effects(out.consumers.back().quantities, a, b, c, d);
    }
    for (auto const& name : theirs) {
        if (std::find(mine.begin(), mine.end(), name) == mine.end()) {
            out.left_out.push_back(name);
        }
    }
    out.engagement = compare_engagement(a, b, out.pairing);
    if (out.pairing == Pairing::flights && one.arm != other.arm) {
        Paired(a, b).improve_engagement(out.engagement);
    }
    set_effects(out.engagement, a, b);
    return out;
}

}  // namespace longwatch
