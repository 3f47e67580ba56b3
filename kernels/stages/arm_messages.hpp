// The first messages that the consumers and batteries of one arm act on, kept in their columns.
#pragma once

#include "kernels/columns/columns.hpp"
#include "models/warning/delay.hpp"

namespace longwatch {

template <class Real>
class ArmMessages {
public:
    LW_FUNC ArmMessages(Scenario const& scenario, Columns const& columns, std::int64_t i, int arm)
        : scenario_(scenario), c_(columns), i_(i), arm_(arm)
    {
    }

    LW_FUNC void clear()
    {
        for (int n = 0; n < consumers(); ++n) {
            c_.t_message_s.store(i_, consumer_slot(n), Real(never_s));
            c_.message_kind.store(i_, consumer_slot(n), Real(-1));
            c_.all_clear_s.store(i_, consumer_slot(n), Real(never_s));
            for (int k = 0; k < delay_part_count; ++k) {
                c_.delay_s.store(i_, delay_slot(n, k), Real(0));
            }
        }
        for (int b = 0; b < scenario_.battery_count; ++b) {
            c_.t_quality_s.store(i_, battery_slot(b), Real(never_s));
            c_.is_remote.store(i_, battery_slot(b), Real(0));
        }
    }

    /// A message reaches a consumer's node. delay(mask) gives its parts where the mask is set, and is asked
    /// only if the message comes before every other so far.
    template <class Delay>
    LW_FUNC void take(int consumer, int kind, Real const& t_s, Delay const& delay)
    {
        int const slot = consumer_slot(consumer);
        Real const before = c_.t_message_s.load<Real>(i_, slot);
        auto const earlier = t_s < before;
        if (!any(earlier)) { return; }
        DelayParts<Real> const parts = delay(earlier);
        for (int k = 0; k < delay_part_count; ++k) {
            int const at = delay_slot(consumer, k);
            c_.delay_s.store(i_, at,
                             select(earlier, parts.part_s[k], c_.delay_s.load<Real>(i_, at)));
        }
        Real const code = Real(static_cast<double>(kind));
        c_.t_message_s.store(i_, slot, select(earlier, t_s, before));
        c_.message_kind.store(i_, slot,
                              select(earlier, code, c_.message_kind.load<Real>(i_, slot)));
    }

    /// Word that the danger is over, so long after the end of the consumer's clock.
    LW_FUNC void take_all_clear(int consumer, Real const& after_s)
    {
        int const slot = consumer_slot(consumer);
        c_.all_clear_s.store(i_, slot, smaller(c_.all_clear_s.load<Real>(i_, slot), after_s));
    }

    /// A good enough prediction reaches a battery's node, through the network or not. Set where it is the first.
    LW_FUNC Mask<Real> take_at_battery(int battery, Real const& t_s, Mask<Real> const& remote)
    {
        int const slot = battery_slot(battery);
        Real const before = c_.t_quality_s.load<Real>(i_, slot);
        auto const earlier = t_s < before;
        c_.t_quality_s.store(i_, slot, select(earlier, t_s, before));
        c_.is_remote.store(
            i_, slot,
            select(earlier, select(remote, Real(1), Real(0)), c_.is_remote.load<Real>(i_, slot)));
        return earlier;
    }

    /// What came first so far; never_s for nothing.
    LW_FUNC Real t_message_s(int consumer) const
    {
        return c_.t_message_s.load<Real>(i_, consumer_slot(consumer));
    }
    LW_FUNC Real t_quality_s(int battery) const
    {
        return c_.t_quality_s.load<Real>(i_, battery_slot(battery));
    }

    LW_FUNC int battery_slot(int b) const { return arm_ * scenario_.battery_count + b; }

    /// Adds what comes after the message.

    LW_FUNC void finish()
    {
        for (int n = 0; n < consumers(); ++n) {
            // A prediction tells that a flight stays away.
            constexpr double prediction = static_cast<double>(MessageKind::impact_prediction);
            Real const kind = c_.message_kind.load<Real>(i_, consumer_slot(n));
            auto const is_prediction =
                kind > Real(prediction - 0.5) && kind < Real(prediction + 0.5);
            auto const calms = is_prediction && c_.concerns.load<Real>(i_, n) < Real(0.5);
            // Who has been told that it is over warns no more for want of better.
            Real const message = c_.t_message_s.load<Real>(i_, consumer_slot(n));
            Real const over = c_.t_clock_end_s.load<Real>(i_, n) +
                              c_.all_clear_s.load<Real>(i_, consumer_slot(n));
            auto const too_late = kind > Real(acts_as_precaution - 0.5) && message > over;
            Real const t = select(calms || too_late, Real(never_s), message);
            c_.message_kind.store(i_, consumer_slot(n), select(calms || too_late, Real(-1), kind));
            Real const decision = c_.decision_s.load<Real>(i_, n);
            c_.t_message_s.store(i_, consumer_slot(n), t + decision);
            int const at = delay_slot(n, static_cast<int>(DelayPart::decision));
            c_.delay_s.store(i_, at, c_.delay_s.load<Real>(i_, at) + decision);
        }
        for (int b = 0; b < scenario_.battery_count; ++b) {
            Real const t = c_.t_quality_s.load<Real>(i_, battery_slot(b));
            Real const delay = c_.commit_s.load<Real>(i_, b);
            c_.t_commit_s.store(i_, battery_slot(b),
                                select(t < Real(never_s), t + delay, Real(never_s)));
        }
    }

private:
    LW_FUNC int consumers() const { return scenario_.network.consumer_count; }
    LW_FUNC int consumer_slot(int n) const { return arm_ * consumers() + n; }
    LW_FUNC int delay_slot(int n, int part) const
    {
        return consumer_slot(n) * delay_part_count + part;
    }

    Scenario const& scenario_;
    Columns const& c_;
    std::int64_t i_;
    int arm_;
};

}  // namespace longwatch
