#include "host/exercise/fusion_centre.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/stages/predictions.hpp"
#include "models/earth/wgs84.hpp"
#include "models/track/fusion.hpp"
#include "models/track/prediction.hpp"

namespace longwatch {

namespace {

}  // namespace

FusionCentre::FusionCentre(Scenario const& scenario, NodeParams const& node,
                           FlightScript const& script, int release_class, OriginSet origins)
    : scenario_(scenario), node_(node), script_(script), release_class_(release_class),
      origins_(origins), t_first_s_(never_s), t_next_s_(never_s),
      found_since_s_(static_cast<std::size_t>(scenario.network.quality_count)),
      is_made_(static_cast<std::size_t>(scenario.network.quality_count), false)
{
}

void FusionCentre::take(double t_s, int sensor, TrackReport const& track)
{
    auto const [known, is_new] = tracks_.try_emplace(sensor, track);
    if (is_new) {
        t_first_s_ = std::min(t_first_s_, t_s);
        held_.add(t_s);
    } else if (track.t_look_s > known->second.t_look_s) {
        known->second = track;
    }
    plan(t_s);
}

/// Predictions are made at whole steps after burnout, after the first track came: so that more information never gives a
/// later answer.
void FusionCentre::plan(double t_s)
{
    double const burnout = script_.linearisation.t_burnout_s;
    double const rate = 1 / fusion_step_s;
    double const low = std::floor(std::max(t_first_s_ - burnout, 0.0) * rate);
    double const high = std::floor((script_.linearisation.t_end_s - burnout) * rate + 1e-6);
    double const now = std::ceil((t_s - burnout) * rate);
    double const step = std::max(now, low + 1);
    if (step > high) { return; }
    t_next_s_ = std::min(t_next_s_, burnout + step * fusion_step_s);
}

double FusionCentre::t_may_s() const
{
    return std::max(t_first_s_ + script_.fusion_wait_s, held_.time_s(node_.tracks_required));
}

TrackInformation<double> FusionCentre::told() const
{
    auto sum = no_information<double>();
    for (auto const& [sensor, track] : tracks_) {
        for (std::size_t e = 0; e < track.information.size(); ++e) {
            sum.entry[e] += track.information[e];
        }
    }
    return sum;
}

bool FusionCentre::meets(TrackQuality const& quality, FactoredInformation<double> const& f) const
{
    auto const& linear = script_.linearisation;
    if (is_intercept(quality)) {
        auto const& rows = linear.passing[static_cast<std::size_t>(quality.battery)];
        return position_variance_m2(f, rows) <= quality.sigma_m * quality.sigma_m;
    }
    return within(impact_covariance(f, linear.impact), quality.sigma_m);
}

void FusionCentre::look()
{
    double const t_s = t_next_s_;
    t_next_s_ = never_s;
    auto const f = factored(told());
    for (int q = 0; q < scenario_.network.quality_count; ++q) {
        auto& found = found_since_s_[static_cast<std::size_t>(q)];
        if (!found && is_asked_for(scenario_, script_.threat, q) &&
            meets(scenario_.network.quality[q], f)) {
            found = t_s;
        }
    }
}

std::vector<MadePrediction> FusionCentre::made()
{
    std::vector<MadePrediction> made;
    if (t_may_s() >= never_s) { return made; }
    for (int q = 0; q < scenario_.network.quality_count; ++q) {
        auto const at = static_cast<std::size_t>(q);
        if (is_made_[at] || !found_since_s_[at]) { continue; }
        is_made_[at] = true;
        made.push_back({std::max(*found_since_s_[at], t_may_s()) + script_.fusion_s, release_class_,
                        q, estimate()});
    }
    return made;
}

ImpactEstimate FusionCentre::estimate() const
{
    auto const information = told();
    auto const f = factored(information);
    auto const& linear = script_.linearisation;
    std::array<double, state_size> pull{};
    for (auto const& [sensor, track] : tracks_) {
        for (std::size_t k = 0; k < pull.size(); ++k) { pull[k] += track.error[k]; }
    }
    // The error of the estimate is the covariance times what pulls at it.
    double pull_row[state_size];
    std::copy(pull.begin(), pull.end(), pull_row);
    auto const pulled_to = reduced(f, pull_row);
    auto const east = reduced(f, linear.impact.east), north = reduced(f, linear.impact.north),
               time = reduced(f, linear.impact.time);
    double const east_m = covariance(f, east, pulled_to), north_m = covariance(f, north, pulled_to);
    ImpactCovariance<double> const c{covariance(f, east, east), covariance(f, north, north),
                                     covariance(f, east, north)};
    ImpactEstimate out;
    out.latitude_rad = linear.impact_latitude_rad + north_m / earth_mean_radius_m;
    double const parallel_m = earth_mean_radius_m * std::cos(linear.impact_latitude_rad);
    out.longitude_rad = linear.impact_longitude_rad + east_m / parallel_m;
    out.t_impact_s = linear.t_end_s + covariance(f, time, pulled_to);
    out.half_axis_major_m = half_axis_m(c);
    double const area2 = c.east * c.north - c.both * c.both;
    out.half_axis_minor_m = std::sqrt(std::max(area2, 0.0)) / std::max(out.half_axis_major_m, 1e-9);
    double const clockwise = pi / 2 - 0.5 * std::atan2(2 * c.both, c.east - c.north);
    out.major_azimuth_rad = clockwise < 0 ? clockwise + pi : clockwise;
    out.time_sigma_s = std::sqrt(covariance(f, time, time));
    return out;
}

}  // namespace longwatch
