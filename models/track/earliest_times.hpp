// The first few of many times.
#pragma once

#include "models/limits.hpp"
#include "models/math/real.hpp"

namespace longwatch {

/// Keeps the earliest, in order.
template <class Real>
class EarliestTimes {
public:
    LW_FUNC EarliestTimes()
    {
        for (Real& t : t_s_) { t = Real(never_s); }
    }
    LW_FUNC void add(Real t_s)
    {
        for (Real& kept : t_s_) {
            Real const later = larger(kept, t_s);
            kept = smaller(kept, t_s);
            t_s = later;
        }
    }
    /// By when there were so many; never_s if there never are.
    LW_FUNC Real time_s(int count) const { return t_s_[count - 1]; }

private:
    Real t_s_[max_tracks_required];
};

}  // namespace longwatch
