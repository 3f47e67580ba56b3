#include "results/comparison/difference.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace longwatch {

namespace {

bool is_beyond(Estimate const& e) { return e.value_below || e.value_above; }

}  // namespace

MaybeEstimate negated(MaybeEstimate e)
{
    if (!e) { return e; }
    // Taken from zero, so that a zero does not become a negative one.
    e->value = 0 - e->value;
    e->low = 0 - std::exchange(e->high, 0 - e->low);
    std::swap(e->low_open, e->high_open);
    std::swap(e->value_below, e->value_above);
    return e;
}

MaybeEstimate difference_of_independent(MaybeEstimate const& a, MaybeEstimate const& b)
{
    if (!a || !b || is_beyond(*a) || is_beyond(*b)) { return std::nullopt; }
    Estimate d;
    d.value = a->value - b->value;
    d.low = d.value - std::hypot(a->value - a->low, b->high - b->value);
    d.high = d.value + std::hypot(a->high - a->value, b->value - b->low);
    d.low_open = a->low_open || b->high_open;
    d.high_open = a->high_open || b->low_open;
    return d;
}

MaybeEstimate difference_whatever_correlation(MaybeEstimate const& a, MaybeEstimate const& b)
{
    auto d = difference_of_independent(a, b);
    if (!d) { return d; }
    d->low = a->low - b->high;
    d->high = a->high - b->low;
    return d;
}

EffectSize cohen_h(double a, double b)
{
    auto const angle = [](double p) { return 2 * std::asin(std::sqrt(std::clamp(p, 0.0, 1.0))); };
    return {"cohen_h", angle(a) - angle(b)};
}

std::optional<EffectSize> cohen_d(double difference, double sd_a, double sd_b)
{
    double const sd = std::sqrt((sd_a * sd_a + sd_b * sd_b) / 2);
    if (!(sd > 0) || !std::isfinite(difference / sd)) { return std::nullopt; }
    return EffectSize{"cohen_d", difference / sd};
}

}  // namespace longwatch
