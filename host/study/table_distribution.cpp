// How a study writes a distribution: a plain number, or { kind = "...", ... } with the kind's own
// parameters, each with the unit in its key.
#include <cmath>
#include <utility>

#include "host/study/table_view.hpp"
#include "models/math/normal.hpp"

namespace longwatch {
namespace {

// No draw lies farther from the mean of a normal than this many standard deviations: the smallest
// uniform number that makes one is far above P(Z < -10) = 8e-24.
constexpr double reach_sigmas = 10.0;
// A truncated normal is kept where its inverse is well conditioned.
constexpr double truncated_reach_sigmas = 8.0;
constexpr double truncated_least_probability = 1e-6;

}  // namespace

Distribution TableView::distribution(std::string const& base, Dimension dimension,
                                     Bounds const& bounds, std::optional<double> fallback,
                                     Normals normals)
{
    note({base,
          AskedKind::distribution,
          dimension,
          bounds,
          {},
          0,
          false,
          normals == Normals::refused},
         !fallback, Whose::anyone);
    auto const& units = units_of(dimension);
    std::vector<std::string> keys;
    for (auto const& unit : units) { keys.push_back(base + unit.suffix); }
    bool const bare_is_number = units.front().suffix.empty();
    if (!bare_is_number) { keys.push_back(base); }
    auto const found = find(keys, Whose::anyone);
    if (!found && is_missed(!fallback)) {
        auto const allowed = "a number that " + allowed_text(bounds, usual_unit(dimension)) +
                             ", or a distribution { kind = ... } as '" + base + "'";
        lacks(wanted_quantity(base, dimension, allowed));
    }
    bool const bare = found && found->key->str() == base;
    bool const table = found && found->value->is_table();

    if (found && table && bare) {
        TableView inner(*problems_,
                        {{found->value->as_table(), base + " of " + found->layer->what}});
        auto const result = read_distribution_table(inner, dimension, bounds, normals);
        write(base, inner.as_inline());
        return result;
    }
    double value = fallback.value_or(1.0);
    if (found && table) {
        wrong(*found, "a distribution goes under '" + base +
                          "', its parameters carry the unit; a plain number goes here");
    } else if (found && bare && !bare_is_number) {
        wrong(*found, "a plain number goes under " + spellings(base, dimension) +
                          "; here a distribution { kind = ... } is wanted");
    } else if (found) {
        value = checked_number(*found, dimension, bounds);
    }
    write(base + units.front().suffix, number_text(value));
    return constant(value);
}

Distribution TableView::read_distribution_table(TableView& inner, Dimension dimension,
                                                Bounds const& bounds, Normals normals)
{
    auto const kind = inner.choice(
        "kind", {"constant", "normal", "uniform", "triangular", "lognormal", "truncated-normal"});
    if (kind.empty()) { return constant(1); }
    int const before = inner.problem_count();
    auto const sound = [&] { return inner.problem_count() == before; };
    auto const ask = [&](char const* name) { return inner.number(name, dimension, bounds); };
    auto const ask_sigma = [&](bool zero_allowed) {
        auto const widest = std::isfinite(bounds.high) ? bounds.high : 1e9;
        return inner.number("sigma", dimension,
                            zero_allowed ? between(0, widest) : positive(widest));
    };
    auto result = constant(1);
    if (kind == "constant") {
        result = constant(ask("value"));
    } else if (kind == "normal") {
        double const mean = ask("mean");
        double const sigma = ask_sigma(true);
        if (normals == Normals::refused) {
            inner.problem_at_key("kind", inner.what() + " is a normal distribution (a delay must " +
                                             "not be negative); use lognormal, triangular or " +
                                             "truncated-normal");
        } else if (sound() && (!allows(bounds, mean - reach_sigmas * sigma) ||
                               !allows(bounds, mean + reach_sigmas * sigma))) {
            inner.problem_at_key(inner.spelling_used("sigma", dimension),
                                 inner.what() + " reaches too far (mean -/+ 10 sigma " +
                                     allowed_text(bounds, usual_unit(dimension)) +
                                     "); lower sigma or use truncated-normal");
        }
        result = normal(mean, sigma);
    } else if (kind == "uniform") {
        double const low = ask("low");
        double const high = ask("high");
        if (sound() && !(low <= high)) {
            inner.problem(inner.what() + ": low is above high (low <= high)");
        }
        result = uniform(low, high);
    } else if (kind == "triangular") {
        double const low = ask("low");
        double const mode = ask("mode");
        double const high = ask("high");
        if (sound() && !(low <= mode && mode <= high)) {
            inner.problem(inner.what() + ": low, mode and high are out of order " +
                          "(low <= mode <= high)");
        }
        result = triangular(low, mode, high);
    } else if (kind == "lognormal") {
        auto above_zero = bounds;
        if (bounds.low <= 0) { above_zero.low = 0, above_zero.above_low = true; }
        double const median = inner.number("median", dimension, above_zero);
        double const sigma_log = inner.number("sigma_log", Dimension::none, between(0, 2));
        result = lognormal(median, sigma_log);
    } else {
        double const mean = ask("mean");
        double const sigma = ask_sigma(false);
        double const low = ask("low");
        double const high = ask("high");
        bool const near = std::fabs(low - mean) <= truncated_reach_sigmas * sigma &&
                          std::fabs(high - mean) <= truncated_reach_sigmas * sigma;
        if (sound() && !(low < high)) {
            inner.problem(inner.what() + ": low is not below high (low < high)");
        } else if (sound() &&
                   (!near || normal_cdf((high - mean) / sigma) - normal_cdf((low - mean) / sigma) <
                                 truncated_least_probability)) {
            inner.problem(inner.what() + ": low and high must lie within 8 sigma of the mean and " +
                          "hold at least a millionth of the normal");
        }
        result = truncated_normal(mean, sigma, low, high);
    }
    inner.text("source", "");
    inner.report_unknown_keys();
    return result;
}

}  // namespace longwatch
