// Columns of a raid's flights where each lane looks at a member of its own.
#pragma once

#include "kernels/columns/arc_columns.hpp"
#include "kernels/columns/track_columns.hpp"

namespace longwatch {

/// Knots one of which begins the interval that some instant lies in.
template <class Real>
struct KnotSpan {
    Real first, last;
};

/// Slot s of member m of the raid at place r lies at data[s * capacity + m * raid_capacity + r], and capacity is a
/// whole multiple of raid_capacity: so members and slots together are slots of rows of raid_capacity.
template <class Real>
class MemberColumns {
public:
    LW_FUNC MemberColumns(Columns const& columns, std::int64_t place, Real const& member)
        : c_(columns), place_(place), member_(member)
    {
        std::int64_t const size = columns.capacity / columns.raid_capacity;
        size_ = static_cast<double>(size);
    }

    LW_FUNC Real load(Column const& column, Real const& slot) const
    {
        return Lane<Real>::load_slot(column.data + place_, c_.raid_capacity,
                                     Real(slot * Real(size_) + member_));
    }
    LW_FUNC Real load(Column const& column, int slot) const
    {
        return load(column, Real(static_cast<double>(slot)));
    }

    LW_FUNC void store(Mask<Real> const& mask, Column const& column, Real const& slot,
                       Real const& value) const
    {
        Lane<Real>::store_slot(mask, column.data + place_, c_.raid_capacity,
                               Real(slot * Real(size_) + member_), value);
    }

    template <int count>
    LW_FUNC void load_run(RunColumn<count> const& column, Real const& run, Real (&out)[count]) const
    {
        auto const per_member = static_cast<double>(c_.raid_capacity * column.runs);
        column.load(place_, Real(run + Real(per_member) * member_), out);
    }

    LW_FUNC KnotSpan<Real> all_knots() const
    {
        return {Real(0), larger(load(c_.knot_count, 0) - Real(2), Real(0))};
    }
    /// For instants between two that are not far apart.
    LW_FUNC KnotSpan<Real> knots_between(Real const& from_s, Real const& to_s) const
    {
        Real const end = all_knots().last;
        Real const first = knot_before(from_s, all_knots());
        Real last = first;
        for (auto on = last < end; any(on);) {
            on = on && load(c_.knot_t_s, smaller(last + Real(1), end)) <= to_s;
            last = last + select(on, Real(1), Real(0));
            on = on && last < end;
        }
        return {first, last};
    }

    /// The flight at an instant of its own time; before the first knot and after the last one: there.
    LW_FUNC Knot<Real> state_at(Real const& t_s) const { return state_at(t_s, all_knots()); }
    LW_FUNC Knot<Real> state_at(Real const& t_s, KnotSpan<Real> const& among) const
    {
        Real const low = knot_before(t_s, among);
        auto const interval = arc_interval(knot(low), knot(low + Real(1)));
        auto state = knot_at(interval, fraction(interval, t_s));
        state.t_s = t_s;
        return state;
    }

    LW_FUNC StateRows<Real> position_rows_at(Real const& since_burnout_s) const
    {
        Real const last = Real(static_cast<double>(c_.transition_slots - 1));
        Real const slot =
            clamp(floor(since_burnout_s * Real(1 / transition_grid_s)), Real(0), last);
        Real entry[transition_size];
        load_run(c_.transition, slot, entry);
        return position_rows(transition_of(entry),
                             since_burnout_s - slot * Real(transition_grid_s));
    }

private:
    LW_FUNC Real knot_before(Real const& t_s, KnotSpan<Real> const& among) const
    {
        Real low = among.first, high = among.last;
        for (auto open = low < high; any(open); open = low < high) {
            Real const middle = floor(Real(0.5) * (low + high) + Real(0.5));
            auto const after = load(c_.knot_t_s, middle) <= t_s;
            low = select(open && after, middle, low);
            high = select(open && !after, middle - Real(1), high);
        }
        return low;
    }
    LW_FUNC Knot<Real> knot(Real const& k) const
    {
        Real entry[knot_size];
        load_run(c_.knots, k, entry);
        return knot_of(entry);
    }

    Columns const& c_;
    std::int64_t place_;
    Real member_;
    double size_ = 1;
};

}  // namespace longwatch
