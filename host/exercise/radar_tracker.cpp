#include "host/exercise/radar_tracker.hpp"

#include <algorithm>
#include <cmath>

#include "models/track/initiation.hpp"

namespace longwatch {

void RadarTracker::cue(double t_s)
{
    if (!t_cue_s_ || t_s < *t_cue_s_) { t_cue_s_ = t_s; }
}

double RadarTracker::next_look_s() const
{
    return taken_ < static_cast<int>(script_.looks.size()) ? look_s(taken_) : double(never_s);
}

/// The look that the cue makes the first cued one, among those taken; their number where it has made none.
int RadarTracker::first_cued() const
{
    if (!t_cue_s_) { return taken_; }
    double const since_s = *t_cue_s_ - script_.t_first_s;
    double const next = std::ceil(since_s / radar_.look_period_s);
    return static_cast<int>(std::clamp(next, 0.0, static_cast<double>(taken_)));
}

/// The look by which there are enough hits, if there are by now.
std::optional<int> RadarTracker::initiated_now() const
{
    int const cued_from = first_cued();
    double look = -1;
    firm_looks<double>(
        {radar_.hits_required, radar_.looks_considered}, taken_, taken_,
        [&](int k) { return search_[static_cast<std::size_t>(k)]; },
        [&](int k) { return cued_[static_cast<std::size_t>(k)]; },
        [&](int k, double found) {
            if (k == cued_from) { look = found; }
        });
    if (look < 0) { return std::nullopt; }
    return static_cast<int>(look);
}

int RadarTracker::first_of_track(int firm) const
{
    return static_cast<int>(
        first_look_of_track<double>(radar_.looks_considered, firm, first_cued()));
}

double RadarTracker::weight_before(int slot) const
{
    return weight_[static_cast<std::size_t>(slot)];
}

bool RadarTracker::is_accurate() const
{
    if (!(radar_.firm_sigma_m > 0)) { return true; }
    double const told = weight_before(taken_) - weight_before(first_of_track(*initiated_));
    return told >= 1 / (radar_.firm_sigma_m * radar_.firm_sigma_m);
}

RadarTracker::Told RadarTracker::look(bool is_there)
{
    ScriptedLook const& look = script_.looks[static_cast<std::size_t>(taken_)];
    search_.push_back(search_.back() + (is_there && look.hits_searching ? 1 : 0));
    cued_.push_back(cued_.back() + (is_there && look.hits_cued ? 1 : 0));
    weight_.push_back(weight_.back() + (is_there && look.hits_cued ? look.weight_pm2 : 0));
    missed_.push_back(!is_there);
    ++taken_;
    Told told;
    if (!firm_) {
        if (!initiated_) { initiated_ = initiated_now(); }
        if (initiated_ && is_accurate()) {
            firm_ = taken_ - 1;
            first_of_track_ = first_of_track(*firm_);
            told.firm = true;
        }
    }
    told.has_news = firm_ && look.tells && is_there;
    return told;
}

TrackReport RadarTracker::report(double t_burnout_s) const
{
    TrackReport report;
    report.t_look_s = look_s(taken_ - 1);
    report.t_burnout_s = t_burnout_s;
    for (int k = first_of_track_; k < taken_; ++k) {
        ScriptedLook const& look = script_.looks[static_cast<std::size_t>(k)];
        if (!look.tells || missed_[static_cast<std::size_t>(k)]) { continue; }
        for (std::size_t e = 0; e < report.information.size(); ++e) {
            report.information[e] += look.information[e];
        }
        for (std::size_t e = 0; e < report.error.size(); ++e) { report.error[e] += look.error[e]; }
    }
    return report;
}

}  // namespace longwatch
