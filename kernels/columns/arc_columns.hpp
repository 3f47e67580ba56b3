// The arc of a flight in columns: written knot by knot, read along the time.
#pragma once

#include "kernels/columns/columns.hpp"
#include "models/flight/arc.hpp"

namespace longwatch {

template <class Real>
LW_FUNC Knot<Real> knot_of(Real const (&entry)[knot_size])
{
    auto const vector = [&](int first) {
        return Vec3<Real, Eci>{entry[first], entry[first + 1], entry[first + 2]};
    };
    return {entry[0], vector(1), vector(4), vector(7)};
}

/// Each lane its own knot.
template <class Real>
LW_FUNC Knot<Real> load_knot(Columns const& c, std::int64_t i, Real const& k)
{
    Real entry[knot_size];
    c.knots.load(i, k, entry);
    return knot_of(entry);
}

/// Receives the knots of flight i (and of its neighbours, one per lane).
template <class Real>
class KnotWriter {
public:
    LW_FUNC KnotWriter(Columns const& columns, std::int64_t i) : c_(columns), i_(i) {}

    LW_FUNC void add(Mask<Real> const& mask, Knot<Real> const& knot)
    {
        auto const fits = mask && count_ < Real(knots_max);
        full_ = full_ + select(mask && count_ >= Real(knots_max), Real(1), Real(0));
        c_.knot_t_s.store_at(fits, i_, count_, knot.t_s);
        auto const &r = knot.r_m, &v = knot.v_mps, &a = knot.a_mps2;
        Real const entry[knot_size] = {knot.t_s, r.x, r.y, r.z, v.x, v.y, v.z, a.x, a.y, a.z};
        // Where it is no knot, it lies where the next one will.
        c_.knots.store(i_, count_, entry);
        count_ = count_ + select(fits, Real(1), Real(0));
    }

    LW_FUNC Real count() const { return count_; }
    LW_FUNC Mask<Real> overflowed() const { return full_ > Real(0); }

private:
    Columns const& c_;
    std::int64_t i_;
    Real count_ = Real(0);
    Real full_ = Real(0);
};

/// Reads positions and states at times that do not decrease from one call to the next.
template <class Real>
class ArcReader {
public:
    /// From knot k on, or from the first.
    LW_FUNC ArcReader(Columns const& columns, std::int64_t i, Real const& k = Real(0))
        : c_(columns), i_(i), last_(columns.knot_count.load<Real>(i) - Real(2)), k_(k),
          from_(load_knot(columns, i, k)), to_(load_knot(columns, i, k + Real(1))),
          interval_(arc_interval(from_, to_))
    {
    }

    /// Before the first knot and after the last one: there.
    LW_FUNC Vec3<Real, Eci> position_at(Real const& t_s)
    {
        seek(t_s);
        return position_m(interval_, fraction(interval_, t_s));
    }

    /// Position, velocity, acceleration.
    LW_FUNC Knot<Real> state_at(Real const& t_s)
    {
        seek(t_s);
        return knot_at(interval_, fraction(interval_, t_s));
    }

private:
    LW_FUNC void seek(Real const& t_s)
    {
        auto beyond = t_s > to_.t_s && k_ < last_;
        if (any(beyond)) {
            while (any(beyond)) {
                k_ = k_ + select(beyond, Real(1), Real(0));
                from_ = select(beyond, to_, from_);
                to_ = select(beyond, load_knot(c_, i_, k_ + Real(1)), to_);
                beyond = t_s > to_.t_s && k_ < last_;
            }
            interval_ = arc_interval(from_, to_);
        }
    }

    Columns const& c_;
    std::int64_t i_;
    Real last_, k_;
    Knot<Real> from_, to_;
    ArcInterval<Real> interval_;
};

/// Reads positions at times that do not decrease, as a rule far apart: few fall into one interval, so nothing is kept of it,
/// and flights of a pack that come to a new one at times of their own have no more to do than those that do not.
template <class Real>
class SparseArcReader {
public:
    /// From knot k on, or from the first.
    LW_FUNC SparseArcReader(Columns const& columns, std::int64_t i, Real const& k = Real(0))
        : c_(columns), i_(i), last_(columns.knot_count.load<Real>(i) - Real(2)), k_(k)
    {
        read();
    }

    /// Before the first knot and after the last one: there.
    LW_FUNC Vec3<Real, Eci> position_at(Real const& t_s)
    {
        seek(t_s);
        return position_between_m(from_, to_, fraction(from_.t_s, to_.t_s - from_.t_s, t_s));
    }

    LW_FUNC Knot<Real> state_at(Real const& t_s)
    {
        seek(t_s);
        auto const interval = arc_interval(from_, to_);
        return knot_at(interval, fraction(interval, t_s));
    }

    /// The one before the last instant asked for.
    LW_FUNC Real const& knot() const { return k_; }

private:
    /// Passes over intervals by their times alone.
    LW_FUNC void seek(Real const& t_s)
    {
        auto beyond = t_s > to_.t_s && k_ < last_;
        if (!any(beyond)) { return; }
        while (any(beyond)) {
            k_ = k_ + select(beyond, Real(1), Real(0));
            Real const t_next = c_.knot_t_s.load_at(i_, Real(k_ + Real(1)));
            beyond = beyond && t_s > t_next && k_ < last_;
        }
        read();
    }

    LW_FUNC void read()
    {
        from_ = load_knot(c_, i_, k_);
        to_ = load_knot(c_, i_, Real(k_ + Real(1)));
    }

    Columns const& c_;
    std::int64_t i_;
    Real last_, k_;
    Knot<Real> from_, to_;
};

}  // namespace longwatch
