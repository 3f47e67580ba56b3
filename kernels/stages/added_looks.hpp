// What a radar that may stand at many places sees of a flight from one of them: the looks are those that observe and measure
// would take.
#pragma once

#include "kernels/stages/look_table.hpp"
#include "models/sensing/look.hpp"
#include "models/sensing/window.hpp"
#include "models/track/initiation.hpp"

namespace longwatch {

/// What a radar at one place sees of a flight, given its first cue.
template <class Real>
class AddedLooks {
public:
    /// The table's radar, where the scenario puts it now.

    LW_FUNC AddedLooks(Scenario const& scenario, Launch const& launch, Columns const& c,
                       std::int64_t i, LookTable<Real> const& table)
        : sensor_(scenario.sensor[table.sensor]), radar_(sensor_.radar), c_(c), i_(i),
          s_(table.sensor), table_(table), room_(table.room),
          view_(scenario, launch, c, i, table.sensor)
    {
    }

    /// Firm track if cued from t_cue on; never_s for none. The radar's columns then say what it needs to be held.
    LW_FUNC Real firm_track_s(Real const& t_cue_s)
    {
        Real const since_look_zero = t_cue_s - table_.phase_s;
        Real const next_look = -floor(-since_look_zero * Real(1.0 / radar_.look_period_s));
        first_cued_ = clamp(next_look, Real(0), number(table_.count));
        hits_ = cued_hits_ = weight_ = Real(0);
        initiated_ = firm_ = Real(-1);
        room_.hits[0] = room_.cued_hits[0] = room_.weight[0] = Real(0);
        for (int b = 0; b < table_.blocks() && !all(firm_ >= Real(0)); ++b) { take_block(b); }
        return select(firm_ >= Real(0), table_.phase_s + firm_ * Real(radar_.look_period_s),
                      Real(never_s));
    }

    /// The first look whose hit tells of the track, once it is firm; see first_slot_of_track().
    LW_FUNC Real first_of_track() const
    {
        return larger(first_look_of_track(radar_.looks_considered, firm_, first_cued_), Real(0));
    }

    /// What the hits of the firm track tell, look by look, as far as `until` in every lane.
    LW_FUNC void measure(Real const& until_s)
    {
        Real const t_burnout = c_.t_burnout_s.load<Real>(i_);
        auto const is_firm = firm_ >= Real(0);
        Real const from = select(is_firm, first_of_track(), number(table_.count));
        int k = 0;
        while (k < table_.count && !any(number(k) >= from)) { ++k; }
        int const slots = c_.looks[s_].first;
        auto sum = nothing_told<Real>();
        Real told = Real(0);
        auto const store_sum = [&](int slot) {
            c_.cued_hits.store(i_, slots + slot, told);
            c_.info.store(i_, Real(number(slots) + told), sum.entry);
        };
        store_sum(k);
        c_.burnout_hits.store(i_, s_, Real(0));
        c_.look_phase_s.store(i_, s_, table_.phase_s);
        c_.look_first.store(i_, s_, Real(0));
        for (; k < table_.count; ++k) {
            Real const& t = table_.point[k].state.t_s;
            auto const wanted = is_firm && t < until_s;
            if (!any(wanted)) { break; }
            // Beyond what was looked at for the firm track.
            if (k >= taken_) { take(k); }
            auto const tells = wanted && number(k) >= from && t >= t_burnout &&
                               room_.cued_hits[k + 1] > room_.cued_hits[k];
            if (any(tells)) {
                add(k, tells, sum);
                told = told + select(tells, Real(1), Real(0));
            }
            store_sum(k + 1);
        }
        c_.look_count.store(i_, s_, number(k));
    }

private:
    LW_FUNC static Real number(int n) { return Real(static_cast<double>(n)); }

    LW_FUNC void take_block(int b)
    {
        int const first = b * table_.block_looks;
        int const end = std::min(first + table_.block_looks, table_.count);
        auto const& block = table_.block[b];
        Real const reach = block.reach_m + Real(sensor_.patrol_radius_m);
        bool const may = any(may_see(sensor_, block.center_m, reach));
        for (int k = first; k < end; ++k) {
            if (may) {
                take(k);
            } else {
                miss(k);
            }
        }
    }

    /// Nobody sees it.
    LW_FUNC void miss(int k)
    {
        room_.hits[k + 1] = hits_;
        room_.cued_hits[k + 1] = cued_hits_;
        room_.weight[k + 1] = weight_;
        taken_ = k + 1;
    }

    LW_FUNC void take(int k)
    {
        taken_ = k + 1;
        auto const& point = table_.point[k];
        auto const target = view_.seen_from_station(point.target_m);
        auto const line = target - in_every_lane<Real>(sensor_.frame.position_m);
        auto const in_range = point.state.t_s < table_.t_close_s &&
                              dot(line, line) < Real(square(radar_.instrumented_range_m));
        if (!any(in_range)) { return miss(k); }
        auto const geometry = view_.geometry(target);
        auto const seen = in_range && in_coverage(radar_, view_.sector(), geometry);
        if (!any(seen)) { return miss(k); }
        Real const rcs = table_.needs_velocity
                             ? view_.cross_section_m2(point.state.t_s, point.state)
                             : point.rcs_m2;
        Real const snr = view_.signal_to_noise_in(geometry, rcs);
        auto const look = take_look(radar_, seen, in_sector(radar_.fence, geometry), snr, point.u);
        auto const is_cued = number(k) >= first_cued_;
        auto const hit = (is_cued && look.hit_cued) || (!is_cued && look.hit_searching);
        hits_ = hits_ + select(hit, Real(1), Real(0));
        cued_hits_ = cued_hits_ + select(look.hit_cued, Real(1), Real(0));
        if (radar_.firm_sigma_m > 0) {
            auto const told =
                look_information(radar_, Real(Real(radar_.cue_gain) * snr), geometry.slant_range_m);
            weight_ = weight_ + select(look.hit_cued, told.across_pm2, Real(0));
        }
        room_.hits[k + 1] = hits_;
        room_.cued_hits[k + 1] = cued_hits_;
        room_.weight[k + 1] = weight_;
        initiate(k);
    }

    /// After look k: a track of enough hits, and a firm one.
    LW_FUNC void initiate(int k)
    {
        int const start = std::max(k + 1 - radar_.looks_considered, 0);
        auto const enough = initiated_ < Real(0) &&
                            hits_ - room_.hits[start] > number(radar_.hits_required) - Real(0.5);
        initiated_ = select(enough, number(k), initiated_);
        auto const waits = initiated_ >= Real(0) && firm_ < Real(0);
        if (!any(waits)) { return; }
        if (!(radar_.firm_sigma_m > 0)) {
            firm_ = select(waits, number(k), firm_);
            return;
        }
        Real const from = first_look_of_track(radar_.looks_considered, initiated_, first_cued_);
        Real const before = Lane<Real>::generate([&](int lane) {
            auto const slot = static_cast<int>(Lane<Real>::at(larger(from, Real(0)), lane));
            return Lane<Real>::at(room_.weight[slot], lane);
        });
        Real const wanted = Real(1 / (radar_.firm_sigma_m * radar_.firm_sigma_m));
        firm_ = select(waits && weight_ - before >= wanted, number(k), firm_);
    }

    /// As measure_radar_at does.
    LW_FUNC void add(int k, Mask<Real> const& tells, TrackInformation<Real>& sum) const
    {
        auto const& state = table_.point[k].state;
        auto const line = state.r_m - eci_from_ecef(state.t_s, view_.site_m());
        Real const range = norm(line);
        Real const snr = Real(radar_.cue_gain) * view_.signal_to_noise_at(state.t_s, state);
        auto const accuracy = look_information(radar_, snr, range);
        add_look(sum, table_.rows[k], (Real(1) / range) * line,
                 select(tells, accuracy.along_pm2, Real(0)),
                 select(tells, accuracy.across_pm2, Real(0)));
    }

    SensorParams const& sensor_;
    RadarParams const& radar_;
    Columns const& c_;
    std::int64_t i_;
    int s_;
    LookTable<Real> const& table_;
    typename LookTable<Real>::Room room_;
    RadarView<Real> view_;
    int taken_ = 0;  ///< looks so far
    Real first_cued_, initiated_, firm_;
    Real hits_, cued_hits_, weight_;
};

}  // namespace longwatch
