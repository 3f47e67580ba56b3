#include "results/statistics/worth.hpp"

#include "results/comparison/difference.hpp"

namespace longwatch {

// A gain of the lesser arm is a loss by the other sign.
Loss loss_of(Estimates const& estimates, TallyLayout const& layout, int arm)
{
    auto const& pair = estimates.pairs[static_cast<std::size_t>(layout.pair(arm, 0))];
    Loss loss;
    for (auto const& p : pair.consumers) {
        auto& consumer = loss.consumers.emplace_back();
        consumer.usable_s = negated(p.usable_gain_s);
        consumer.warning_s = negated(p.gain_s);
        consumer.p_warned = negated(p.p_warned_gain);
        for (int k = 0; k < gain_threshold_count; ++k) {
            consumer.p_at_least[k] = negated(p.p_at_least_gain[k]);
        }
    }
    loss.pk = negated(pair.engagement.pk);
    for (std::size_t n = 0; n < loss.consumers.size(); ++n) {
        auto const& here = loss.consumers[n].usable_s;
        if (!here) { continue; }
        if (loss.most < 0 ||
            here->value > loss.consumers[static_cast<std::size_t>(loss.most)].usable_s->value) {
            loss.most = static_cast<int>(n);
        }
    }
    return loss;
}

}  // namespace longwatch
