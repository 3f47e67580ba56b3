// Who acts on what comes to a node: a consumer that warns, a battery that commits.
#pragma once

#include <optional>

#include "host/exercise/node_script.hpp"
#include "models/warning/network.hpp"

namespace longwatch {

/// What a consumer does about one flight.
class WarnedConsumer {
public:
    WarnedConsumer(ConsumerParams const& consumer, double precaution_s, ScriptedClock const& clock)
        : consumer_(consumer), precaution_s_(precaution_s), clock_(clock)
    {
    }

    /// A message is at its node. True where it acts on it, or has by it learnt that it need not.
    bool hear(double t_s, LiveMessage const& message, int quality);

    /// When it acts for want of better; never_s where it will not.
    double t_precaution_s() const;
    /// That time has come.
    void take_precaution();

    /// Kind of message that it acts on, or acts_as_precaution; nothing while there is none.
    std::optional<int> const& acts_by() const { return acts_by_; }
    /// Since when its node holds what it acts on.
    double t_message_s() const { return t_message_s_; }
    bool is_calm() const { return calm_; }

private:
    ConsumerParams const& consumer_;
    double precaution_s_;
    ScriptedClock clock_;
    std::optional<double> t_first_heard_s_;
    std::optional<int> acts_by_;
    double t_message_s_ = 0;
    bool is_over_ = false;  ///< it was told so
    bool calm_ = false;     ///< it need not act: the flight stays away, or is over
};

}  // namespace longwatch
