// A radar's track of one flight as its looks come in, one after the other: the rules of models/track, asked again after every look.
#pragma once

#include <optional>
#include <vector>

#include "host/exercise/node_script.hpp"
#include "models/sensing/sensor.hpp"

namespace longwatch {

class RadarTracker {
public:
    RadarTracker(RadarParams const& radar, ScriptedRadar const& script)
        : radar_(radar), script_(script)
    {
    }

    /// Word of the flight has come from elsewhere: looks from then on are cued. Only the first word counts.
    void cue(double t_s);

    /// The instant of the next look; never_s when all are taken.
    double next_look_s() const;

    struct Told {
        bool firm = false;      ///< the track became firm by this look
        bool has_news = false;  ///< it is firm, and this look told something of the free flight
    };
    /// Takes the next look; where it was not there to look, misses it.
    Told look(bool is_there = true);

    std::optional<double> const& t_cue_s() const { return t_cue_s_; }
    /// What the hits of a firm track tell, all so far.
    TrackReport report(double t_burnout_s) const;

private:
    double look_s(int slot) const { return script_.t_first_s + slot * radar_.look_period_s; }
    int first_cued() const;
    std::optional<int> initiated_now() const;
    int first_of_track(int firm) const;
    bool is_accurate() const;
    double weight_before(int slot) const;

    RadarParams const& radar_;
    ScriptedRadar const& script_;
    std::optional<double> t_cue_s_;
    int taken_ = 0;
    std::vector<bool> missed_;  ///< of the looks taken
    std::vector<double> search_{0}, cued_{0},
        weight_{0};                        ///< hits before each look; weights of cued hits
    std::optional<int> initiated_, firm_;  ///< looks
    int first_of_track_ = 0;
};

}  // namespace longwatch
