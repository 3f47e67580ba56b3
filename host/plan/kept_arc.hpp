// The arc of one flight, kept whole: any instant of it.
#pragma once

#include <algorithm>
#include <vector>

#include "models/flight/arc.hpp"

namespace longwatch {

class KeptArc {
public:
    /// What `fly` calls.
    void add(bool mask, Knot<double> const& knot)
    {
        if (mask) { knots_.push_back(knot); }
    }
    /// Clamped to the flight; there must be one.
    Knot<double> at(double t_s) const
    {
        auto const after =
            std::upper_bound(knots_.begin(), knots_.end(), t_s,
                             [](double t, Knot<double> const& knot) { return t < knot.t_s; });
        if (after == knots_.begin()) { return knots_.front(); }
        if (after == knots_.end()) { return knots_.back(); }
        auto const interval = arc_interval(*(after - 1), *after);
        return knot_at(interval, fraction(interval, t_s));
    }

private:
    std::vector<Knot<double>> knots_;
};

}  // namespace longwatch
