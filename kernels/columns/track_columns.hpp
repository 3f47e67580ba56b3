// What is known of tracks, in columns: transitions, the map to the impact, information look by look.
#pragma once

#include "kernels/columns/columns.hpp"
#include "models/track/prediction.hpp"

namespace longwatch {

inline constexpr int rows_size = 3 * state_size;

template <class Real>
LW_FUNC void store_rows(Column const& column, std::int64_t i, int slot, StateRows<Real> const& rows)
{
    for (int k = 0; k < rows_size; ++k) {
        column.store(i, slot + k, rows.row[k / state_size][k % state_size]);
    }
}

template <class Real>
LW_FUNC StateRows<Real> load_rows(Column const& column, std::int64_t i, int slot)
{
    StateRows<Real> rows;
    for (int k = 0; k < rows_size; ++k) {
        rows.row[k / state_size][k % state_size] = column.load<Real>(i, slot + k);
    }
    return rows;
}

template <class Real>
LW_FUNC void store_transition(Columns const& c, std::int64_t i, int slot,
                              Transition<Real> const& transition)
{
    Real entry[transition_size];
    for (int k = 0; k < rows_size; ++k) {
        int const row = k / state_size, part = k % state_size;
        entry[k] = transition.r.row[row][part];
        entry[k + rows_size] = transition.v.row[row][part];
        entry[k + 2 * rows_size] = transition.a.row[row][part];
    }
    c.transition.store(i, Real(static_cast<double>(slot)), entry);
}

template <class Real>
LW_FUNC Transition<Real> transition_of(Real const (&entry)[transition_size])
{
    Transition<Real> out;
    for (int k = 0; k < rows_size; ++k) {
        int const row = k / state_size, part = k % state_size;
        out.r.row[row][part] = entry[k];
        out.v.row[row][part] = entry[k + rows_size];
        out.a.row[row][part] = entry[k + 2 * rows_size];
    }
    return out;
}

/// Each lane its own slot.
template <class Real>
LW_FUNC Transition<Real> load_transition(Columns const& c, std::int64_t i, Real const& slot)
{
    Real entry[transition_size];
    c.transition.load(i, slot, entry);
    return transition_of(entry);
}

template <class Real>
LW_FUNC void store_impact_map(Columns const& c, std::int64_t i, ImpactMap<Real> const& map)
{
    for (int k = 0; k < state_size; ++k) {
        c.impact_map.store(i, k, map.east[k]);
        c.impact_map.store(i, k + state_size, map.north[k]);
        c.impact_map.store(i, k + 2 * state_size, map.time[k]);
    }
}

template <class Real>
LW_FUNC ImpactMap<Real> load_impact_map(Columns const& c, std::int64_t i)
{
    ImpactMap<Real> map;
    for (int k = 0; k < state_size; ++k) {
        map.east[k] = c.impact_map.load<Real>(i, k);
        map.north[k] = c.impact_map.load<Real>(i, k + state_size);
        map.time[k] = c.impact_map.load<Real>(i, k + 2 * state_size);
    }
    return map;
}

template <class Real>
LW_FUNC void store_passing_rows(Columns const& c, std::int64_t i, int battery,
                                StateRows<Real> const& rows)
{
    store_rows(c.passing_rows, i, battery * rows_size, rows);
}

template <class Real>
LW_FUNC StateRows<Real> load_passing_rows(Columns const& c, std::int64_t i, int battery)
{
    return load_rows<Real>(c.passing_rows, i, battery * rows_size);
}

/// Sums of looks, without what is known before any.
template <class Real>
LW_FUNC TrackInformation<Real> nothing_told()
{
    TrackInformation<Real> out;
    for (Real& entry : out.entry) { entry = Real(0); }
    return out;
}

}  // namespace longwatch
