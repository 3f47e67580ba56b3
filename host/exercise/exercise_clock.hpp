// What time it is in an exercise.
#pragma once

#include <chrono>
#include <optional>

#include "models/math/real.hpp"

namespace longwatch {

/// Either runs, `speed` seconds a second, from an instant that was told with the time of day; or stands, and is granted: all up to an
/// instant may be done.
class ExerciseClock {
public:
    using TimeOfDay = std::chrono::system_clock::time_point;

    void run(double t_s, TimeOfDay at, double speed)
    {
        t_s_ = t_s;
        at_ = at;
        speed_ = speed;
    }
    void grant(double t_s)
    {
        t_s_ = t_s;
        speed_.reset();
    }

    bool runs() const { return speed_.has_value() && *speed_ > 0; }
    double speed() const { return speed_.value_or(0); }
    /// Now; what is due up to then may be done.
    double now_s(TimeOfDay now) const
    {
        if (!runs()) { return t_s_; }
        return t_s_ + std::chrono::duration<double>(now - at_).count() * *speed_;
    }
    /// Until the clock shows an instant; nothing where it does not run.
    std::optional<std::chrono::nanoseconds> until(double t_s, TimeOfDay now) const
    {
        if (!runs() || !(t_s < never_s)) { return std::nullopt; }
        std::chrono::duration<double> const left((t_s - now_s(now)) / *speed_);
        return std::chrono::duration_cast<std::chrono::nanoseconds>(left);
    }

private:
    double t_s_ = -double(never_s);
    TimeOfDay at_;
    std::optional<double> speed_;
};

}  // namespace longwatch
