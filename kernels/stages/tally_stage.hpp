// tally: one flight's outcome, added to the statistics of every arm, consumer and pair of arms.
#pragma once

#include "kernels/columns/columns.hpp"
#include "kernels/fate.hpp"
#include "kernels/stages/launch.hpp"
#include "kernels/tally/tally_cells.hpp"

namespace longwatch {

/// A message later than this (eleven days) is none: so every time fits its cells.
inline constexpr double latest_message_s = 1e6;

/// What one consumer gets of one flight in one arm.
struct Warning {
    LW_FUNC static Warning of(double t_clock_end_s, double t_message_s)
    {
        if (!(t_message_s < latest_message_s)) { return {false, 0}; }
        return {true, longwatch::time_quanta(t_clock_end_s - t_message_s)};
    }

    bool has_message;
    std::int64_t time_quanta;  ///< warning time in microseconds, where there is a message
    LW_FUNC bool warned() const { return has_message && time_quanta > 0; }
    LW_FUNC std::int64_t usable() const { return warned() ? time_quanta : 0; }
};

/// The cells of one randomisation.
template <class Sink>
struct RandomisationSink {
    Sink& sink;
    int first = 0;
    LW_FUNC void add(int cell, std::uint64_t amount) { sink.add(first + cell, amount); }
};

/// Whole raids are dealt to randomisations in turn; single flights by the number of their sample.
LW_FUNC int randomisation_of(Scenario const& scenario, Launch const& launch, std::int64_t flight)
{
    if (scenario.raid.size > 1) {
        // Neighbouring raids of one make-up lie flight_step apart: each goes to the next group.
        return static_cast<int>(flight / launch.flight_step % scenario.sampling.randomisations);
    }
    return randomisation_of(scenario.sampling, launch.numbers(scenario).of(flight));
}

template <class Sink>
class FlightTally {
public:
    LW_FUNC FlightTally(Scenario const& scenario, Launch const& launch, Columns const& columns,
                        TallyLayout const& layout, std::int64_t i, Sink& sink)
        : scenario_(scenario), threat_(launch.threat), c_(columns), layout_(layout),
          i_(i), sink_{sink, layout.randomisation_first(
                                 randomisation_of(scenario, launch, launch.flight_of(i)))}
    {
    }

    LW_FUNC void run()
    {
        auto const fate = static_cast<Fate>(static_cast<int>(value(c_.fate, 0)));
        sink_.add(layout_.fate(threat_, fate), 1);
        // A failure is counted as such and tells nothing about warning.
        if (is_failure(fate)) { return; }
        for (int s = 0; s < layout_.sensor_count; ++s) { add_launch(s); }
        if (fate == Fate::broke_up) {
            add_false_warnings();
            return;
        }
        for (int n = 0; n < layout_.consumer_count; ++n) {
            if ((scenario_.network.consumer[n].threats >> threat_ & 1U) == 0) { continue; }
            if (value(c_.concerns, n) > 0.5) {
                add_consumer(n);
            } else {
                add_false_warning(n);
            }
        }
    }

private:
    LW_FUNC double value(Column const& column, int slot) const
    {
        return column.load<double>(i_, slot);
    }
    LW_FUNC Warning warning(int arm, int consumer) const
    {
        return Warning::of(value(c_.t_clock_end_s, consumer),
                           value(c_.t_message_s, arm * layout_.consumer_count + consumer));
    }

    /// A flight that broke up endangers nobody.
    LW_FUNC void add_false_warnings()
    {
        for (int n = 0; n < layout_.consumer_count; ++n) {
            if ((scenario_.network.consumer[n].threats >> threat_ & 1U) != 0) {
                add_false_warning(n);
            }
        }
    }
    /// Who is warned of a flight that does not endanger it is warned in vain.
    LW_FUNC void add_false_warning(int n)
    {
        for (int arm = 0; arm < layout_.arm_count; ++arm) {
            double const t = value(c_.t_message_s, arm * layout_.consumer_count + n);
            if (t < latest_message_s) {
                add_value(sink_, layout_.false_warning(arm, n), time_quanta(t));
            }
        }
    }

    LW_FUNC void add_launch(int s)
    {
        SensorParams const& sensor = scenario_.sensor[s];
        bool const tells = sensor.kind == SensorKind::infrared &&
                           sensor.infrared.line_of_sight_sigma_rad > 0 &&
                           value(c_.t_report_s, s) < latest_message_s;
        for (int when = 0; tells && when < 2; ++when) {
            double const place_m = value(c_.launch_half_axis_m, 2 * s + when);
            double const azimuth_rad = value(c_.launch_azimuth_rad, 2 * s + when);
            add_value(sink_, layout_.launch_place(s, when), quanta(place_m, launch_quantum_m));
            add_value(sink_, layout_.launch_azimuth(s, when),
                      quanta(azimuth_rad, azimuth_quantum_rad));
        }
    }

    LW_FUNC void add_further(int arm, int n)
    {
        int const slot = arm * layout_.consumer_count + n;
        if (static_cast<int>(value(c_.message_kind, slot)) == acts_as_precaution) {
            sink_.add(layout_.precaution(arm, n), 1);
        }
        double const all_clear_s = value(c_.all_clear_s, slot);
        if (all_clear_s < latest_message_s) {
            add_value(sink_, layout_.all_clear(arm, n), time_quanta(all_clear_s));
        }
    }

    LW_FUNC void add_consumer(int n)
    {
        for (int arm = 0; arm < layout_.arm_count; ++arm) {
            Warning const got = warning(arm, n);
            if (!got.has_message) {
                sink_.add(layout_.none(arm, n), 1);
            } else {
                sink_.add(got.warned() ? layout_.warned(arm, n) : layout_.too_late(arm, n), 1);
                add_value(sink_, layout_.warning_time(arm, n), got.time_quanta);
                sink_.add(layout_.warning_histogram(arm, n) + warning_cell(got.time_quanta), 1);
                add_delays(arm, n);
                add_further(arm, n);
            }
            for (int versus = 0; versus < arm; ++versus) {
                add_pair(layout_.pair(arm, versus), n, got, warning(versus, n));
            }
        }
    }

    /// Whole microseconds at the end of each part, none before the last one's, so that no part is negative and
    /// all add up to the whole exactly.
    LW_FUNC void add_delays(int arm, int n)
    {
        int const message = arm * layout_.consumer_count + n;
        double end_s = 0;
        std::int64_t before = 0;
        std::int64_t const total = time_quanta(value(c_.t_message_s, message));
        for (int part = 0; part < delay_part_count; ++part) {
            end_s += value(c_.delay_s, message * delay_part_count + part);
            std::int64_t end = part + 1 < delay_part_count ? time_quanta(end_s) : total;
            end = end < before ? before : end > total ? total : end;
            add_delay(arm, n, part, end - before);
            before = end;
        }
        add_delay(arm, n, delay_total, total);
    }
    LW_FUNC void add_delay(int arm, int n, int part, std::int64_t quanta)
    {
        add_value(sink_, layout_.delay(arm, n, part), quanta);
        sink_.add(layout_.delay_histogram(arm, n, part) + delay_cell(quanta), 1);
    }

    LW_FUNC void add_pair(int pair, int n, Warning const& in_arm, Warning const& in_other)
    {
        if (in_arm.has_message && in_other.has_message) {
            add_value(sink_, layout_.gain(pair, n), in_arm.time_quanta - in_other.time_quanta);
        }
        if (in_arm.has_message != in_other.has_message) {
            sink_.add(
                in_arm.has_message ? layout_.newly_reached(pair, n) : layout_.lost_message(pair, n),
                1);
        }
        if (in_arm.warned() != in_other.warned()) {
            sink_.add(
                in_arm.warned() ? layout_.newly_warned(pair, n) : layout_.lost_warning(pair, n), 1);
        }
        add_thresholds(pair, n, in_arm, in_other);
        add_value(sink_, layout_.usable_gain(pair, n), in_arm.usable() - in_other.usable());
    }

    LW_FUNC void add_thresholds(int pair, int n, Warning const& in_arm, Warning const& in_other)
    {
        for (int k = 0; k < gain_threshold_count; ++k) {
            std::int64_t const least = time_quanta(gain_threshold_s(k));
            bool const here = in_arm.has_message && in_arm.time_quanta >= least;
            bool const there = in_other.has_message && in_other.time_quanta >= least;
            if (here == there) { continue; }
            sink_.add(here ? layout_.newly_at_least(pair, n, k) : layout_.lost_at_least(pair, n, k),
                      1);
        }
    }

    Scenario const& scenario_;
    int threat_;
    Columns const& c_;
    TallyLayout const& layout_;
    std::int64_t i_;
    RandomisationSink<Sink> sink_;
};

}  // namespace longwatch
