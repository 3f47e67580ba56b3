#include "host/exercise/warned_consumer.hpp"

#include <algorithm>

namespace longwatch {

bool WarnedConsumer::hear(double t_s, LiveMessage const& message, int quality)
{
    if (acts_by_ || calm_) { return false; }
    if (message.id.kind == MessageKind::all_clear) {
        is_over_ = true;
        return false;
    }
    bool const is_prediction = message.id.kind == MessageKind::impact_prediction;
    if (!is_prediction && !t_first_heard_s_) { t_first_heard_s_ = t_s; }
    if (!consumer_.acts_on[static_cast<int>(message.id.kind)]) { return false; }
    if (is_prediction && quality != consumer_.quality) { return false; }
    t_message_s_ = t_s;
    if (is_prediction && !clock_.concerns) {
        calm_ = true;
    } else {
        acts_by_ = static_cast<int>(message.id.kind);
    }
    return true;
}

double WarnedConsumer::t_precaution_s() const
{
    bool const waits = consumer_.acts_in_time && t_first_heard_s_ && !acts_by_ && !calm_;
    return waits ? *t_first_heard_s_ + precaution_s_ : double(never_s);
}

void WarnedConsumer::take_precaution()
{
    t_message_s_ = t_precaution_s();
    // Who has been told that it is over warns no more for want of better.
    calm_ = is_over_;
    if (!is_over_) { acts_by_ = acts_as_precaution; }
}

}  // namespace longwatch
