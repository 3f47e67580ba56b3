#include "results/statistics/stopping.hpp"

#include <algorithm>
#include <cmath>

#include "results/statistics/engagement_estimates.hpp"
#include "results/statistics/moment.hpp"

namespace longwatch {

namespace {

MaybeEstimate of_engagement(std::string const& quantity, Tally const& tally, int arm,
                            double confidence)
{
    auto const e = estimate_engagement(tally, arm, confidence);
    if (!e) { return std::nullopt; }
    if (quantity == "pk") { return e->pk.estimate; }
    if (quantity == "p_leak") { return e->p_leak.estimate; }
    if (quantity == "p_no_leaker") { return e->p_no_leaker.estimate; }
    if (quantity == "leakers_mean") { return e->leakers_mean; }
    return e->shots_mean;
}

MaybeEstimate of_consumer(std::string const& quantity, Tally const& tally, int arm, int consumer,
                          double confidence)
{
    auto const& l = tally.layout;
    if (quantity == "warning_time_mean_s") {
        return mean_estimate(read_moment(tally, l.warning_time(arm, consumer)), time_quantum_s,
                             confidence);
    }
    auto const warned = tally.count(l.warned(arm, consumer));
    auto const flights =
        warned + tally.count(l.too_late(arm, consumer)) + tally.count(l.none(arm, consumer));
    return proportion_estimate(warned, flights, confidence);
}

MaybeEstimate one(std::string const& quantity, Tally const& tally, int arm, int consumer,
                  double confidence)
{
    return is_of_consumer(quantity) ? of_consumer(quantity, tally, arm, consumer, confidence)
                                    : of_engagement(quantity, tally, arm, confidence);
}

}  // namespace

std::vector<std::string> const& stop_quantities()
{
    static std::vector<std::string> const names = {
        "p_leak",     "pk",       "p_no_leaker",        "leakers_mean",
        "shots_mean", "p_warned", "warning_time_mean_s"};
    return names;
}

bool is_of_consumer(std::string const& quantity)
{
    return quantity == "p_warned" || quantity == "warning_time_mean_s";
}

std::optional<double> half_width_of(std::string const& quantity, Tally const& tally,
                                    std::vector<Tally> const& randomisations, int arm, int consumer,
                                    double confidence)
{
    MaybeEstimate e = one(quantity, tally, arm, consumer, confidence);
    // Of raids, engagements know their clusters themselves.
    bool const clustered = tally.layout.raid_size > 1 && !is_of_consumer(quantity);
    if (e && !randomisations.empty() && !clustered) {
        std::vector<double> said;
        for (Tally const& part : randomisations) {
            auto const of_part = one(quantity, part, arm, consumer, confidence);
            if (!of_part) { return std::nullopt; }
            said.push_back(of_part->value);
        }
        bool const all_same = std::equal(said.begin() + 1, said.end(), said.begin());
        e = all_same && tally.layout.raid_size > 1
                ? widened(*e, tally.layout.raid_size, {-HUGE_VAL, HUGE_VAL})
                : randomised_estimate(e->value, said, {-HUGE_VAL, HUGE_VAL}, confidence);
    }
    if (!e || e->low_open || e->high_open) { return std::nullopt; }
    return (e->high - e->low) / 2;
}

}  // namespace longwatch
