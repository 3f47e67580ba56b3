// A node that predicts: from the tracks it holds of one flight, when it knows enough, in every release class and quality.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "host/exercise/node_script.hpp"
#include "kernels/scenario.hpp"
#include "models/track/earliest_times.hpp"

namespace longwatch {

/// A prediction that is to leave the node at an instant.
struct MadePrediction {
    double t_made_s = 0;
    int release_class = 0, quality = 0;
    ImpactEstimate impact;
};

/// What a node knows of one flight for predictions that rest on one set of origins.
class FusionCentre {
public:
    FusionCentre(Scenario const& scenario, NodeParams const& node, FlightScript const& script,
                 int release_class, OriginSet origins);

    /// A track of a radar comes, or an update of it, which may be used in these predictions.
    void take(double t_s, int sensor, TrackReport const& track);

    /// The instant at which what is held is looked at anew; never_s for none.
    double next_s() const { return t_next_s_; }
    void look();
    /// Predictions that what was taken and looked at has made possible. They leave later, by the time that fusing takes.
    std::vector<MadePrediction> made();

    OriginSet origins() const { return origins_; }
    /// When it first held a track; never_s while it holds none.
    double t_first_held_s() const { return t_first_s_; }
    int track_count() const { return static_cast<int>(tracks_.size()); }
    /// What it knows now.
    ImpactEstimate estimate() const;

private:
    double t_may_s() const;
    void plan(double t_s);
    TrackInformation<double> told() const;
    bool meets(TrackQuality const& quality, FactoredInformation<double> const& f) const;

    Scenario const& scenario_;
    NodeParams const& node_;
    FlightScript const& script_;
    int release_class_;
    OriginSet origins_;
    double t_first_s_, t_next_s_;
    EarliestTimes<double> held_;
    std::map<int, TrackReport> tracks_;  ///< by sensor, the latest
    std::vector<std::optional<double>>
        found_since_s_;          ///< per quality: what is held was enough, since burnout
    std::vector<bool> is_made_;  ///< per quality: its prediction is on its way
};

}  // namespace longwatch
