#include "results/comparison/measured.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "results/statistics/engagement_estimates.hpp"
#include "results/statistics/moment.hpp"
#include "results/statistics/quantiles.hpp"

namespace longwatch {

namespace {

constexpr int bins_merged = static_cast<int>(watched_bin_s / warning_bin_s);
static_assert(bins_merged * warning_bin_s == watched_bin_s && warning_bins % bins_merged == 0);
constexpr double hits_per_group_least = 5;

Summary summary_of(Moment const& moment, double quantum)
{
    auto const s = spread(moment);
    return {moment.count, s.mean * quantum, std::sqrt(s.variance) * quantum};
}

Summary summary_of(std::vector<double> const& values)
{
    Summary s;
    s.count = static_cast<std::int64_t>(values.size());
    auto const n = static_cast<double>(values.size());
    for (double const x : values) { s.mean += x / n; }
    double squares = 0;
    for (double const x : values) { squares += (x - s.mean) * (x - s.mean); }
    auto const [least, most] = std::minmax_element(values.begin(), values.end());
    bool const varies = !values.empty() && *least != *most;
    if (!values.empty() && !varies) { s.mean = *least; }
    s.standard_deviation = varies ? std::sqrt(squares / (n - 1)) : 0;
    return s;
}

double fraction(Counted const& c)
{
    return static_cast<double>(c.hits) / static_cast<double>(c.trials);
}

/// Collects the quantities of a result.
class Measuring {
public:
    explicit Measuring(ResultFile const& result)
        : result_(result), tally_(result.tally), l_(result.tally.layout)
    {
        weighted_ = is_weighted(tally_);
    }

    std::vector<Measured> all()
    {
        for (int threat = 0; threat < l_.threat_count; ++threat) { add_fates(threat); }
        for (int sensor = 0; sensor < l_.sensor_count; ++sensor) { add_launches(sensor); }
        for (int arm = 0; arm < l_.arm_count; ++arm) {
            for (int c = 0; c < l_.consumer_count; ++c) { add_consumer(arm, c); }
            for (int c = 0; arm > 0 && c < l_.consumer_count; ++c) { add_gain(arm, c); }
            add_engagement(arm);
            for (int b = 0; b < l_.battery_count; ++b) { add_battery(arm, b); }
        }
        return std::move(out_);
    }

private:
    using Count = std::function<Counted(Tally const&)>;
    struct Whose {
        std::string arm, subject;
    };

    static std::string const& name(std::vector<std::string> const& names, int i)
    {
        return names[static_cast<std::size_t>(i)];
    }
    bool has_groups() const { return !result_.randomisations.empty(); }

    Measured& add(Whose const& whose, std::string quantity, char const* unit, Measured::Kind kind)
    {
        Measured m;
        m.arm = whose.arm;
        m.subject = whose.subject;
        m.quantity = std::move(quantity);
        m.unit = unit;
        m.kind = kind;
        return out_.emplace_back(std::move(m));
    }

    void add_fraction(Whose const& whose, std::string quantity, Count const& count)
    {
        auto const counted = count(tally_);
        if (counted.trials == 0) { return; }
        auto& m = add(whose, std::move(quantity), "1", Measured::Kind::fraction);
        m.counted = counted;
        m.is_grouped = has_groups();
        for (Tally const& part : result_.randomisations) {
            auto const here = count(part);
            if (here.trials > 0) { m.of_each.push_back(fraction(here)); }
        }
    }

    void add_mean(Whose const& whose, std::string quantity, char const* unit,
                  MomentCells const& cells, double quantum)
    {
        auto const moment = read_moment(tally_, cells);
        if (moment.count == 0) { return; }
        auto& m = add(whose, std::move(quantity), unit, Measured::Kind::mean);
        m.summary = summary_of(moment, quantum);
        m.is_grouped = has_groups();
        for (Tally const& part : result_.randomisations) {
            auto const here = read_moment(part, cells);
            if (here.count > 0) { m.of_each.push_back(summary_of(here, quantum).mean); }
        }
    }

    /// Raids are independent of each other, but under randomised sampling.
    void add_raid_mean(Whose const& whose, std::string quantity, MomentCells const& cells,
                       double quantum)
    {
        auto const before = out_.size();
        add_mean(whose, std::move(quantity), "1", cells, quantum);
        if (out_.size() == before || l_.raid_size == 1) { return; }
        out_.back().is_grouped = false;
        out_.back().of_each.clear();
    }

    void add_fates(int threat)
    {
        Whose const whose{"", name(result_.names.threats, threat)};
        auto const count = [this, threat](Tally const& tally, auto const& is_it) {
            Counted c;
            for (int fate = 0; fate < fate_count; ++fate) {
                auto const n = tally.count(l_.fate(threat, static_cast<Fate>(fate)));
                c.trials += n;
                if (is_it(static_cast<Fate>(fate))) { c.hits += n; }
            }
            return c;
        };
        add_fraction(whose, "p_broke_up", [=](Tally const& tally) {
            return count(tally, [](Fate fate) { return fate == Fate::broke_up; });
        });
        add_fraction(whose, "p_failed", [=](Tally const& tally) {
            return count(tally, [](Fate fate) { return is_failure(fate); });
        });
    }

    void add_launches(int sensor)
    {
        Whose const whose{"", name(result_.names.sensors, sensor)};
        for (int when = 0; when < 2; ++when) {
            char const* const at = when == 0 ? "at_report" : "at_burnout";
            add_mean(whose, fmt::format("launch_place_{}_m", at), "m",
                     l_.launch_place(sensor, when), launch_quantum_m);
            add_mean(whose, fmt::format("launch_azimuth_{}_rad", at), "rad",
                     l_.launch_azimuth(sensor, when), azimuth_quantum_rad);
        }
    }

    std::int64_t concerned(Tally const& tally, int arm, int c) const
    {
        return tally.count(l_.warned(arm, c)) + tally.count(l_.too_late(arm, c)) +
               tally.count(l_.none(arm, c));
    }

    void add_consumer(int arm, int c)
    {
        Whose const whose{name(result_.names.arms, arm), name(result_.names.consumers, c)};
        auto const of_concerned = [=, this](int cell) {
            return [=, this](Tally const& tally) {
                return Counted{tally.count(cell), concerned(tally, arm, c)};
            };
        };
        add_fraction(whose, "p_warned", of_concerned(l_.warned(arm, c)));
        add_fraction(whose, "p_too_late", of_concerned(l_.too_late(arm, c)));
        add_fraction(whose, "p_precaution", [=, this](Tally const& tally) {
            return Counted{tally.count(l_.precaution(arm, c)),
                           read_moment(tally, l_.warning_time(arm, c)).count};
        });
        add_mean(whose, "warning_time_mean_s", "s", l_.warning_time(arm, c), time_quantum_s);
        if (has_groups()) {
            add_quantiles(whose, arm, c);
        } else {
            add_distribution(whose, arm, c);
        }
        for (int part = 0; part < delay_count; ++part) {
            char const* const of = part == delay_total ? "total" : delay_part_names[part];
            add_mean(whose, fmt::format("delay_{}_mean_s", of), "s", l_.delay(arm, c, part),
                     time_quantum_s);
        }
        add_mean(whose, "false_warning_mean_s", "s", l_.false_warning(arm, c), time_quantum_s);
        add_mean(whose, "all_clear_mean_s", "s", l_.all_clear(arm, c), time_quantum_s);
    }

    Histogram histogram(Tally const& tally, int arm, int c) const
    {
        auto const first = static_cast<std::size_t>(l_.warning_histogram(arm, c));
        return {std::span(tally.cells).subspan(first, warning_cells), warning_bin_edge_s};
    }

    /// Of flights in groups: quantiles, whose values in each group are a sample.
    void add_quantiles(Whose const& whose, int arm, int c)
    {
        constexpr std::pair<char const*, double> asked[] = {{"warning_time_p05_s", 0.05},
                                                            {"warning_time_p50_s", 0.5},
                                                            {"warning_time_p95_s", 0.95}};
        for (auto const& [quantity, p] : asked) {
            auto const pooled = quantile_estimate(histogram(tally_, arm, c), p);
            if (!pooled || pooled->value_below || pooled->value_above) { continue; }
            auto& m = add(whose, quantity, "s", Measured::Kind::mean);
            m.is_grouped = true;
            m.summary = summary_of(read_moment(tally_, l_.warning_time(arm, c)), time_quantum_s);
            m.summary.mean = pooled->value;
            for (Tally const& part : result_.randomisations) {
                auto const here = quantile_estimate(histogram(part, arm, c), p);
                if (here) { m.of_each.push_back(here->value); }
            }
        }
    }

    /// Values below the histogram are in its first bin, those above in its last.
    void add_distribution(Whose const& whose, int arm, int c)
    {
        auto const h = histogram(tally_, arm, c);
        std::vector<std::int64_t> bins(warning_bins / bins_merged);
        for (int cell = 0; cell < warning_cells; ++cell) {
            int const bin = std::clamp(cell - 1, 0, warning_bins - 1) / bins_merged;
            bins[static_cast<std::size_t>(bin)] +=
                static_cast<std::int64_t>(h.cells[static_cast<std::size_t>(cell)]);
        }
        auto const is_some = [](std::int64_t n) { return n != 0; };
        auto const first = std::find_if(bins.begin(), bins.end(), is_some);
        if (first == bins.end()) { return; }
        auto const last = std::find_if(bins.rbegin(), bins.rend(), is_some).base();
        auto& m = add(whose, "warning_time_s", "s", Measured::Kind::distribution);
        m.first_s = warning_first_s + watched_bin_s * static_cast<double>(first - bins.begin());
        m.bins.assign(first, last);
    }

    /// Against the arm before.
    void add_gain(int arm, int c)
    {
        Whose const whose{name(result_.names.arms, arm), name(result_.names.consumers, c)};
        int const pair = l_.pair(arm, arm - 1);
        auto const against = " against " + name(result_.names.arms, arm - 1);
        add_mean(whose, "usable_gain_mean_s" + against, "s", l_.usable_gain(pair, c),
                 time_quantum_s);
        auto const of_concerned = [=, this](int cell) {
            return [=, this](Tally const& tally) {
                return Counted{tally.count(cell), concerned(tally, arm, c)};
            };
        };
        add_fraction(whose, "p_newly_warned" + against, of_concerned(l_.newly_warned(pair, c)));
        add_fraction(whose, "p_lost_warning" + against, of_concerned(l_.lost_warning(pair, c)));
    }

    void add_engagement(int arm)
    {
        Whose const whose{name(result_.names.arms, arm), ""};
        auto const raids = l_.of_raid(arm, RaidMoment::leakers);
        if (!weighted_) {
            add_fraction(whose, "pk", [=, this](Tally const& tally) {
                auto const killed = tally.count(l_.killed(arm));
                return Counted{killed, killed + tally.count(l_.leaked(arm))};
            });
            add_fraction(whose, "p_no_leaker", [=, this](Tally const& tally) {
                return Counted{read_moment(tally, l_.raids_with_leakers(arm, 0)).count,
                               read_moment(tally, raids).count};
            });
            if (l_.raid_size > 1 && !out_.empty() && out_.back().quantity == "p_no_leaker") {
                out_.back().is_grouped = false;
                out_.back().of_each.clear();
            }
        }
        add_raid_mean(whose, "leakers_per_raid", raids, leak_quantum(l_.raid_size));
        add_raid_mean(whose, "shots_per_raid", l_.of_raid(arm, RaidMoment::shots), shots_quantum);
    }

    /// Under importance sampling these are of the draws as biased: the same bias in every run of the study.
    void add_battery(int arm, int b)
    {
        Whose const whose{name(result_.names.arms, arm), name(result_.names.batteries, b)};
        auto const ratio = [=, this](BatteryCount hits, BatteryCount trials) {
            return [=, this](Tally const& tally) {
                return Counted{tally.count(l_.battery(arm, b, hits)),
                               tally.count(l_.battery(arm, b, trials))};
            };
        };
        add_fraction(whose, "p_remote", ratio(BatteryCount::remote, BatteryCount::engaged));
        add_fraction(whose, "p_hit", [=, this](Tally const& tally) {
            return Counted{tally.count(l_.battery(arm, b, BatteryCount::hit)),
                           tally.count(l_.battery(arm, b, BatteryCount::shots)) -
                               tally.count(l_.battery(arm, b, BatteryCount::wasted))};
        });
        add_raid_mean(whose, "left_mean", l_.battery_moment(arm, b, BatteryMoment::left), 1);
        add_mean(whose, "opportunities_mean", "1",
                 l_.battery_moment(arm, b, BatteryMoment::opportunities), 1);
        add_mean(whose, "first_intercept_mean_s", "s",
                 l_.battery_moment(arm, b, BatteryMoment::first_intercept_s), time_quantum_s);
        add_mean(whose, "last_intercept_mean_s", "s",
                 l_.battery_moment(arm, b, BatteryMoment::last_intercept_s), time_quantum_s);
    }

    ResultFile const& result_;
    Tally const& tally_;
    TallyLayout const& l_;
    bool weighted_ = false;
    std::vector<Measured> out_;
};

/// Both distributions on the same bins.
std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>> aligned(Measured const& a,
                                                                        Measured const& b)
{
    double const first = std::min(a.first_s, b.first_s);
    auto const shifted = [&](Measured const& m) {
        auto const empty =
            static_cast<std::size_t>(std::lround((m.first_s - first) / watched_bin_s));
        std::vector<std::int64_t> bins(empty, 0);
        bins.insert(bins.end(), m.bins.begin(), m.bins.end());
        return bins;
    };
    auto both = std::pair(shifted(a), shifted(b));
    auto const size = std::max(both.first.size(), both.second.size());
    both.first.resize(size, 0);
    both.second.resize(size, 0);
    return both;
}

double same_grouped(Measured const& a, Measured const& b)
{
    auto const groups = static_cast<double>(a.of_each.size() + b.of_each.size());
    if (a.of_each.size() < 2 || b.of_each.size() < 2) { return 1; }
    double const by_groups = same_mean(summary_of(a.of_each), summary_of(b.of_each));
    if (a.kind != Measured::Kind::fraction) { return by_groups; }
    auto const hits = static_cast<double>(a.counted.hits + b.counted.hits);
    auto const trials = static_cast<double>(a.counted.trials + b.counted.trials);
    if (std::min(hits, trials - hits) >= hits_per_group_least * groups) { return by_groups; }
    return std::max(by_groups, same_proportion(a.counted, b.counted));
}

double kolmogorov_distance(Measured const& a, Measured const& b)
{
    auto const [x, y] = aligned(a, b);
    auto const total = [](std::vector<std::int64_t> const& bins) {
        double sum = 0;
        for (auto const n : bins) { sum += static_cast<double>(n); }
        return sum;
    };
    double const n = total(x), m = total(y);
    double of_x = 0, of_y = 0, most = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        of_x += static_cast<double>(x[i]) / n;
        of_y += static_cast<double>(y[i]) / m;
        most = std::max(most, std::fabs(of_x - of_y));
    }
    return most;
}

}  // namespace

std::string Measured::name() const
{
    std::string of = arm.empty() ? "" : "arm " + arm;
    if (!subject.empty()) { of += (of.empty() ? "" : ", ") + subject; }
    return of + ": " + quantity;
}

std::vector<Measured> measure(ResultFile const& result) { return Measuring(result).all(); }

MaybeEstimate estimate_of(Measured const& m)
{
    if (m.kind == Measured::Kind::distribution) { return std::nullopt; }
    bool const is_fraction = m.kind == Measured::Kind::fraction;
    double const value = is_fraction ? fraction(m.counted) : m.summary.mean;
    if (m.is_grouped) {
        if (m.of_each.size() < 2) { return Estimate{value, value, value, true, true}; }
        constexpr double no_end = HUGE_VAL;
        return randomised_estimate(value, m.of_each,
                                   is_fraction ? Interval{0, 1} : Interval{-no_end, no_end});
    }
    if (is_fraction) { return proportion_estimate(m.counted.hits, m.counted.trials); }
    auto const& s = m.summary;
    bool const says_nothing =
        s.count < 2 || (s.count < spread_count_min && !(s.standard_deviation > 0));
    if (says_nothing) { return Estimate{value, value, value, true, true}; }
    auto const n = static_cast<double>(s.count);
    double const half =
        students_half_width(s.standard_deviation / std::sqrt(n), n - 1, result_confidence);
    return Estimate{value, value - half, value + half};
}

double same_quantity(Measured const& a, Measured const& b)
{
    if (a.is_grouped || b.is_grouped) { return same_grouped(a, b); }
    switch (a.kind) {
    case Measured::Kind::fraction: return same_proportion(a.counted, b.counted);
    case Measured::Kind::mean: return same_mean(a.summary, b.summary);
    case Measured::Kind::distribution: break;
    }
    auto const [x, y] = aligned(a, b);
    return same_distribution(x, y);
}

std::optional<EffectSize> effect_of(Measured const& a, Measured const& b)
{
    switch (a.kind) {
    case Measured::Kind::fraction: return cohen_h(fraction(b.counted), fraction(a.counted));
    case Measured::Kind::mean:
        return cohen_d(b.summary.mean - a.summary.mean, b.summary.standard_deviation,
                       a.summary.standard_deviation);
    case Measured::Kind::distribution: break;
    }
    return EffectSize{"kolmogorov_distance", kolmogorov_distance(a, b)};
}

}  // namespace longwatch
