#include "results/comparison/regression.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

namespace longwatch {

namespace {

using Key = std::tuple<std::string, std::string, std::string>;

Key key_of(Measured const& m) { return {m.arm, m.subject, m.quantity}; }

/// What quantities are of, whether or not some flight tells of it: "arm[direct]", "consumer[tokyo]".
std::set<std::string> counted_entries(Baseline const& x)
{
    std::set<std::string> found;
    for (auto const& [entry, hash] : x.entries) {
        for (char const* const kind : {"threat[", "consumer[", "battery[", "arm["}) {
            if (entry.compare(0, std::string_view(kind).size(), kind) == 0) { found.insert(entry); }
        }
    }
    for (auto const& m : x.quantities) {
        if (!m.arm.empty()) { found.insert("arm[" + m.arm + "]"); }
    }
    return found;
}

std::string not_comparable(Baseline const& a, Baseline const& b)
{
    auto const differ = [](char const* what, auto const& x, auto const& y) {
        return fmt::format("{} is {} in the baseline and {} in the new result", what, x, y);
    };
    if (a.study != b.study) { return differ("study", a.study, b.study); }
    if (a.raid_size != b.raid_size) { return differ("raid_size", a.raid_size, b.raid_size); }
    if (a.sampling != b.sampling) { return differ("sampling", a.sampling, b.sampling); }
    auto const of_a = counted_entries(a), of_b = counted_entries(b);
    for (auto const& name : of_a) {
        if (of_b.count(name) == 0) { return name + " is in the baseline only"; }
    }
    for (auto const& name : of_b) {
        if (of_a.count(name) == 0) { return name + " is in the new result only"; }
    }
    return "";
}

std::vector<std::string> changed_entries(Baseline const& a, Baseline const& b)
{
    std::vector<std::string> changed;
    std::map<std::string, std::string> theirs(b.entries.begin(), b.entries.end());
    for (auto const& [entry, hash] : a.entries) {
        auto const found = theirs.find(entry);
        if (found == theirs.end() || found->second != hash) { changed.push_back(entry); }
        if (found != theirs.end()) { theirs.erase(found); }
    }
    for (auto const& [entry, hash] : b.entries) {
        if (theirs.count(entry) != 0) { changed.push_back(entry); }
    }
    return changed;
}

bool same_flights(Baseline const& a, Baseline const& b)
{
    return a.study_hash == b.study_hash && a.seed == b.seed && a.first_flight == b.first_flight &&
           a.flight_count == b.flight_count;
}

bool same_backend(Baseline const& a, Baseline const& b)
{
    return a.device == b.device && a.precision == b.precision && a.instructions == b.instructions &&
           a.lanes == b.lanes;
}

std::string exactly(Measured const& m)
{
    switch (m.kind) {
    case Measured::Kind::fraction: return fmt::format("{} of {}", m.counted.hits, m.counted.trials);
    case Measured::Kind::mean:
        return fmt::format("{} (mean, {} values, standard deviation {})", m.summary.mean,
                           m.summary.count, m.summary.standard_deviation);
    case Measured::Kind::distribution: break;
    }
    return "another histogram";
}

bool equal(Measured const& a, Measured const& b)
{
    return a.counted.hits == b.counted.hits && a.counted.trials == b.counted.trials &&
           a.summary.count == b.summary.count && a.summary.mean == b.summary.mean &&
           a.summary.standard_deviation == b.summary.standard_deviation && a.first_s == b.first_s &&
           a.bins == b.bins && a.of_each == b.of_each;
}

std::string first_difference(Regression const& r)
{
    for (auto const& f : r.findings) {
        if (equal(f.before, f.after)) { continue; }
        if (f.before.kind == Measured::Kind::distribution) {
            return f.before.name() + ": the histograms differ";
        }
        return fmt::format("{}: {} became {}", f.before.name(), exactly(f.before),
                           exactly(f.after));
    }
    return "a count that the table does not hold (longwatch compare of the two result files, or a "
           "test of the code, tells more)";
}

bool is_beyond_tolerance(Finding const& f)
{
    if (f.before.kind == Measured::Kind::distribution) {
        return f.effect && f.effect->value > tolerance_of("1");
    }
    return f.difference && std::fabs(f.difference->value) > tolerance_of(f.before.unit);
}

/// Mean and standard error of logarithms, which a ratio is the difference of.
struct Logarithms {
    double mean = 0, variance_of_mean = 0, freedom = 0;

    explicit Logarithms(std::vector<double> const& rates)
    {
        auto const n = static_cast<double>(rates.size());
        for (double const x : rates) { mean += std::log(x) / n; }
        double squares = 0;
        for (double const x : rates) { squares += (std::log(x) - mean) * (std::log(x) - mean); }
        freedom = n - 1;
        variance_of_mean = freedom > 0 ? squares / freedom / n : 0;
    }
};

SpeedFinding compared(Throughput const& before, Throughput const& after)
{
    Logarithms const a(before.flights_per_s), b(after.flights_per_s);
    SpeedFinding out{before, after, {}, false};
    double const ratio = std::exp(b.mean - a.mean);
    out.ratio = {ratio, ratio, ratio, true, true};
    double const variance = a.variance_of_mean + b.variance_of_mean;
    if (a.freedom < 1 || b.freedom < 1 || !(variance > 0)) { return out; }
    double const freedom = variance * variance /
                           (a.variance_of_mean * a.variance_of_mean / a.freedom +
                            b.variance_of_mean * b.variance_of_mean / b.freedom);
    double const half = students_half_width(std::sqrt(variance), freedom, result_confidence);
    out.ratio = {ratio, ratio * std::exp(-half), ratio * std::exp(half)};
    out.slower = ratio < 1 - slowdown_tolerance && out.ratio.high < 1;
    return out;
}

void test_all(Baseline const& before, Baseline const& after, Regression& r)
{
    std::map<Key, Measured const*> theirs;
    for (auto const& m : after.quantities) { theirs.emplace(key_of(m), &m); }
    std::vector<double> p_values;
    for (auto const& m : before.quantities) {
        auto const found = theirs.find(key_of(m));
        bool const is_same_kind = found != theirs.end() && found->second->kind == m.kind &&
                                  found->second->is_grouped == m.is_grouped;
        if (!is_same_kind) {
            r.untested.push_back(m.name() + ", in the baseline only");
            continue;
        }
        Measured const& now = *found->second;
        Finding f{m, now, difference_of_independent(estimate_of(now), estimate_of(m)),
                  effect_of(m, now)};
        f.p_value = same_quantity(m, now);
        p_values.push_back(f.p_value);
        r.findings.push_back(std::move(f));
        theirs.erase(found);
    }
    for (auto const& m : after.quantities) {
        if (theirs.count(key_of(m)) != 0) {
            r.untested.push_back(m.name() + ", in the new result only");
        }
    }
    auto const adjusted = holm_adjusted(p_values);
    for (std::size_t i = 0; i < adjusted.size(); ++i) {
        auto& f = r.findings[i];
        f.p_adjusted = adjusted[i];
        f.moved = f.p_adjusted < family_level && is_beyond_tolerance(f);
    }
}

/// Values of fewer than two groups tell no test anything.
bool tells_something(Finding const& f)
{
    return !f.before.is_grouped || (f.before.of_each.size() > 1 && f.after.of_each.size() > 1);
}

}  // namespace

double tolerance_of(std::string const& unit)
{
    if (unit == "s") { return 0.01; }
    if (unit == "m") { return 1; }
    return unit == "rad" ? 1e-6 : 1e-4;
}

int Regression::moved_count() const
{
    auto const moved = [](Finding const& f) { return f.moved; };
    return static_cast<int>(std::count_if(findings.begin(), findings.end(), moved));
}

Regression regress(Baseline const& before, Baseline const& after)
{
    Regression r;
    r.why = not_comparable(before, after);
    if (!r.why.empty()) {
        r.verdict = Verdict::not_comparable;
        return r;
    }
    r.changed_entries = changed_entries(before, after);
    test_all(before, after, r);
    if (std::none_of(r.findings.begin(), r.findings.end(), tells_something)) {
        r.verdict = Verdict::not_comparable;
        r.why = "the two have no quantity in common that could be tested";
        return r;
    }
    r.must_be_identical = same_flights(before, after) && same_backend(before, after);
    r.is_identical = r.must_be_identical && before.tally_hash == after.tally_hash;
    if (r.must_be_identical && !r.is_identical) { r.first_difference = first_difference(r); }
    for (auto const& mine : before.throughput) {
        for (auto const& now : after.throughput) {
            bool const both = !mine.flights_per_s.empty() && !now.flights_per_s.empty();
            if (both && mine.is_of_same_machine(now)) { r.speeds.push_back(compared(mine, now)); }
        }
    }
    bool const slower = std::any_of(r.speeds.begin(), r.speeds.end(),
                                    [](SpeedFinding const& s) { return s.slower; });
    bool const moved = r.moved_count() > 0 || (r.must_be_identical && !r.is_identical) || slower;
    r.verdict = moved ? Verdict::moved : Verdict::clean;
    return r;
}

}  // namespace longwatch
