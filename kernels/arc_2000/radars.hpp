// When a flight is over the horizon of two notional radars that turn with the Earth.
#pragma once

#include "kernels/arc_2000/force.hpp"
#include "models/flight/arc.hpp"

namespace longwatch::arc_2000 {

/// Follows a flight knot by knot. Between knots it is a quintic; over the horizon is where the line of sight is more than
/// mask_rad above the level. A flight that starts over the horizon rises at its start, one that ends there sets at its end.
template <class Real>
class OverRadars {
public:
    static constexpr bool follows = true;  ///< wants the knots of the stride too

    /// The first knot.
    LW_FUNC void begin(Knot<Real> const& knot)
    {
        last_ = knot;
        for (int i = 0; i < radar_count; ++i) {
            height_[i] = height(radar(i), knot.t_s, knot.r_m);
            rise_s[i] = select(height_[i] > Real(0.0), knot.t_s, Real(never_s));
            set_s[i] = Real(never_s);
        }
    }

    /// The next knot, of the lanes of the mask. The first rise and the last set count.
    LW_FUNC void add(Mask<Real> const& mask, Knot<Real> const& knot)
    {
        for (int i = 0; i < radar_count; ++i) {
            Real const after = height(radar(i), knot.t_s, knot.r_m);
            auto const was_up = height_[i] > Real(0.0), is_up = after > Real(0.0);
            auto const rises = mask && is_up && !was_up, sets = mask && was_up && !is_up;
            if (any(rises || sets)) {
                auto const arc = arc_interval(last_, knot);
                auto const above = [&](Real const& s) {
                    return height(radar(i), fused(s, arc.step_s, arc.t0_s), position_m(arc, s));
                };
                Real const s = crossing(above, rises || sets, height_[i], after);
                Real const t = fused(s, arc.step_s, arc.t0_s);
                rise_s[i] = select(rises, smaller(rise_s[i], t), rise_s[i]);
                set_s[i] = select(sets, t, set_s[i]);
            }
            height_[i] = select(mask, after, height_[i]);
        }
        last_ = select(mask, knot, last_);
    }

    /// After the last knot.
    LW_FUNC void end()
    {
        for (int i = 0; i < radar_count; ++i) {
            set_s[i] = select(height_[i] > Real(0.0), last_.t_s, set_s[i]);
        }
    }

    Real rise_s[radar_count], set_s[radar_count];

private:
    /// Positive above the mask: with e the elevation and d the distance, d (sin e - sin mask).
    LW_FUNC static Real height(Radar const& from, Real const& t, Vec<Real> const& r)
    {
        double const level = cos(from.latitude_rad), north = sin(from.latitude_rad);
        Real const angle = fused(Real(rotation_radps), t, Real(from.longitude_rad));
        Vec<Real> const up{Real(level) * cos(angle), Real(level) * sin(angle), Real(north)};
        Real const along = inner(r, up);
        Real const d2 =
            fused(Real(-2.0 * radius_m), along, inner(r, r)) + Real(radius_m * radius_m);
        return along - Real(radius_m) - Real(sin(from.mask_rad)) * (d2 * quick_inverse_root(d2));
    }

    Knot<Real> last_;
    Real height_[radar_count];
};

}  // namespace longwatch::arc_2000
