// The parts of telling a flight, each from the flight's own columns.
#pragma once

#include "host/replay/flight_replay.hpp"
#include "host/study/study.hpp"

namespace longwatch {

/// A flight alone in its columns, and the study it is of.
struct ToldFlight {
    Study const& study;
    Scenario const& scenario;
    Launch const& launch;
    Columns const& c;

    ThreatParams const& threat() const { return scenario.threat[launch.threat]; }
    double value(Column const& column, int slot = 0) const { return column.load<double>(0, slot); }
};

/// Reads the arc at any instant; before the first knot and after the last one: there.
class ToldArc {
public:
    ToldArc(ToldFlight const& flight, GeodeticPoint<double> const& launch);
    ArcPoint at(double t_s) const;
    ArcPoint at_knot(int k) const { return point(knots_[static_cast<std::size_t>(k)]); }
    int knot_count() const { return static_cast<int>(knots_.size()); }
    double t_end_s() const { return knots_.empty() ? 0 : knots_.back().t_s; }

private:
    ArcPoint point(Knot<double> const& knot) const;

    double t_burnout_s_, t_reentry_s_;
    SiteFrame launch_;
    std::vector<Knot<double>> knots_;
};

void tell_arc(ToldFlight const& flight, ToldArc const& arc, FlightReplay& out);
void tell_sensors(ToldFlight const& flight, FlightReplay& out);
void tell_sharing(ToldFlight const& flight, FlightReplay& out);
void tell_estimates(ToldFlight const& flight, FlightReplay& out);

}  // namespace longwatch
