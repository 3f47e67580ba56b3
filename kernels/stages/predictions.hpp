// When what a node holds tells well enough what is to come, in every quality that somebody asks for.
#pragma once

#include "kernels/stages/end_of_flight.hpp"
#include "kernels/stages/held_tracks.hpp"
#include "models/track/fusion.hpp"
#include "models/track/prediction.hpp"

namespace longwatch {

/// Some consumer that a threat concerns acts on predictions of this quality.
LW_FUNC bool warns_by(NetworkParams const& network, int threat, int quality)
{
    constexpr int prediction = static_cast<int>(MessageKind::impact_prediction);
    bool asked = false;
    for (int n = 0; n < network.consumer_count; ++n) {
        ConsumerParams const& consumer = network.consumer[n];
        asked = asked || (consumer.quality == quality && consumer.acts_on[prediction] &&
                          (consumer.threats >> threat & 1U) != 0);
    }
    return asked;
}

/// Some consumer or battery does.
LW_FUNC bool is_asked_for(Scenario const& scenario, int threat, int quality)
{
    bool asked = warns_by(scenario.network, threat, quality);

    for (int b = 0; b < scenario.battery_count; ++b) {
        BatteryParams const& battery = scenario.battery[b];
        asked = asked || (battery.quality == quality && may_take(battery, threat));
    }
    return asked;
}

/// When a node's predictions were good enough in the arms and release classes before: where a search begins, not where it ends.
template <class Real>
struct PredictionHints {
    Real t_found_s[max_qualities][max_nodes];

    LW_FUNC explicit PredictionHints(NetworkParams const& network)
    {
        for (int q = 0; q < network.quality_count; ++q) {
            for (int n = 0; n < network.node_count; ++n) { t_found_s[q][n] = Real(never_s); }
        }
    }
};

template <class Real>
class Predictions {
public:
    LW_FUNC Predictions(Scenario const& scenario, int threat, Columns const& columns,
                        std::int64_t i)
        : scenario_(scenario), threat_(threat), c_(columns), i_(i),
          t_burnout_s_(columns.t_burnout_s.load<Real>(i)),
          flight_s_(end_of_flight_s<Real>(columns, i) - t_burnout_s_)
    {
    }

    /// A quality that is sought.
    struct Asked {
        int quality;
        Real t_first_s;   ///< nothing is held before
        Real t_wanted_s;  ///< later it is of no use
        Real t_hint_s;    ///< when it may be; never_s if nothing is known
    };
    /// The first instant by t_wanted at which what is held is good enough; never_s if it is not by then.
    LW_FUNC Real first_s(Asked const& asked, HeldTracks<Real>& held) const
    {
        auto const enough = [&](Real const& since_burnout_s) {
            return meets(scenario_.network.quality[asked.quality],
                         factored(held.told_by(t_burnout_s_ + since_burnout_s)));
        };
        Real const first = larger(asked.t_first_s - t_burnout_s_, Real(0));
        Real const last = smaller(asked.t_wanted_s - t_burnout_s_, flight_s_);
        return t_burnout_s_ +
               earliest_time_s(enough, first, last, Real(asked.t_hint_s - t_burnout_s_));
    }

    /// A quality that is sought anew where more is told than before.
    struct Sought {
        int quality;
        Real before_s;      ///< when it was found; never_s if it never was
        Real first_held_s;  ///< not before
        Real wanted_s;      ///< not after
    };
    /// The first instant at which what is told(t) is good enough, as first_s() would find it.
    template <class Told>
    LW_FUNC Real earlier(Sought const& sought, Told const& told) const
    {
        auto const enough = [&](Real const& since_burnout_s) {
            return meets(scenario_.network.quality[sought.quality],
                         factored(told(t_burnout_s_ + since_burnout_s)));
        };
        Real const first = larger(sought.first_held_s - t_burnout_s_, Real(0));
        return t_burnout_s_ + earlier_time_s(enough, first, flight_s_,
                                             sought.before_s - t_burnout_s_,
                                             sought.wanted_s - t_burnout_s_);
    }

private:
    LW_FUNC Mask<Real> meets(TrackQuality const& quality, FactoredInformation<Real> const& f) const
    {
        if (is_intercept(quality)) {
            auto const rows = load_passing_rows<Real>(c_, i_, quality.battery);
            return position_variance_m2(f, rows) <= Real(quality.sigma_m * quality.sigma_m);
        }
        return within(impact_covariance(f, load_impact_map<Real>(c_, i_)), quality.sigma_m);
    }

    Scenario const& scenario_;
    int threat_;
    Columns const& c_;
    std::int64_t i_;
    Real t_burnout_s_, flight_s_;
};

}  // namespace longwatch
