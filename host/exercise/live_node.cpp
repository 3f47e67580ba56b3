#include "host/exercise/live_node.hpp"

#include <algorithm>

#include "models/warning/spread.hpp"

namespace longwatch {

namespace {

/// After so long what was told of a flight is of no use to anybody.
constexpr double message_life_s = 3600;

int prediction_number(int release_class, int quality)
{
    return release_class * max_qualities + quality;
}

}  // namespace

/// All that the node knows of one flight.
struct LiveNode::Flight {
    FlightScript const& script;
    std::vector<RadarTracker> radars;         ///< as in the script
    std::vector<FusionCentre> centres;        ///< one per release class that it predicts in
    std::map<int, WarnedConsumer> consumers;  ///< its own, by their number in the study
    std::set<int> batteries_told;
    std::map<std::pair<MessageId, int>, int>
        held;  ///< by what is told and stamp: the latest number
    std::set<std::pair<std::size_t, int>> all_clears;  ///< planned, by centre and consumer
    KnownFlight known;
    std::set<int> tracked_by;  ///< sensors

    /// What a track's messages tell is one thing, told better and better.
    static MessageId told_by(MessageId id)
    {
        if (id.kind == MessageKind::track) { id.number = 0; }
        return id;
    }
    /// As it stands or better, under some stamp.
    bool holds(MessageId const& id) const
    {
        auto const told = told_by(id);
        for (auto at = held.lower_bound({told, -1}); at != held.end() && at->first.first == told;
             ++at) {
            if (at->second >= id.number) { return true; }
        }
        return false;
    }
    /// True where it is news under its stamp.
    bool keep(LiveMessage const& message)
    {
        auto const [at, is_first] =
            held.try_emplace({told_by(message.id), message.stamp_origin}, message.id.number);
        bool const is_news = is_first || message.id.number > at->second;
        at->second = std::max(at->second, message.id.number);
        return is_news;
    }
};

LiveNode::LiveNode(Scenario const& scenario, NodeScript const& script)
    : scenario_(scenario), network_(scenario.network), arm_(scenario.network.arm[script.arm]),
      params_(network_.node[node_entry(arm_, script.node)]), script_(script),
      back_s_(-double(never_s))
{
    for (auto const& flight : script.flights) { begin(flight); }
}

LiveNode::~LiveNode() = default;

double LiveNode::next_s() const { return due_.empty() ? never_s : due_.begin()->first; }

void LiveNode::step(Outbox& out)
{
    auto first = due_.extract(due_.begin());
    first.mapped()(std::max(first.key(), back_s_), out);
}

void LiveNode::at(double t_s, Action action)
{
    if (t_s < never_s) { due_.emplace(t_s, std::move(action)); }
}

void LiveNode::begin(FlightScript const& script)
{
    auto& flight =
        *flights_.emplace(script.flight, new Flight{script, {}, {}, {}, {}, {}, {}, {}, {}})
             .first->second;
    flight.known.flight = script.flight;
    flight.known.t_newest_s = -double(never_s);
    for (std::size_t r = 0; r < script.radars.size(); ++r) {
        auto const& radar = script.radars[r];
        flight.radars.emplace_back(scenario_.sensor[radar.sensor].radar, radar);
        plan_look(flight, r);
    }
    for (auto const& infrared : script.infrared) {
        at(infrared.t_made_s, [this, &flight, &infrared](double t_s, Outbox& out) {
            LiveMessage message;
            message.id = {flight.script.flight, MessageKind::alert, infrared.sensor, 0};
            message.origins = OriginSet{1} << scenario_.sensor[infrared.sensor].origin;
            message.launch = infrared.launch;
            make(flight, t_s, message, out);
        });
    }
    for (int k = 0; k < arm_.class_count; ++k) {
        if ((arm_.predicting_nodes[k] >> script_.node & 1U) == 0) { continue; }
        flight.centres.emplace_back(scenario_, params_, script, k, arm_.prediction_class[k]);
    }
    for (int n = 0; n < network_.consumer_count; ++n) {
        ConsumerParams const& consumer = network_.consumer[n];
        if (consumer.node != script_.node) { continue; }
        auto const of = static_cast<std::size_t>(n);
        flight.consumers.try_emplace(n, consumer, script.precaution_s[of], script.clocks[of]);
    }
}

void LiveNode::plan_look(Flight& flight, std::size_t radar)
{
    double const look_s = flight.radars[radar].next_look_s();
    at(look_s, [this, &flight, radar, look_s](double, Outbox& out) {
        take_look(flight, radar, look_s, out);
    });
}

void LiveNode::take_look(Flight& flight, std::size_t radar, double t_s, Outbox& out)
{
    auto& tracker = flight.radars[radar];
    auto const& script = flight.script.radars[radar];
    auto const told = tracker.look(t_s >= back_s_);
    plan_look(flight, radar);
    if (told.firm) {
        out.events.push_back(
            {t_s, NodeEventKind::firm_track, flight.script.flight, script.sensor, -1, {}});
        at(t_s + script.processing_s, [this, &flight, &script](double t_made_s, Outbox& sends) {
            LiveMessage alert;
            alert.id = {flight.script.flight, MessageKind::alert, script.sensor, 0};
            alert.origins = OriginSet{1} << scenario_.sensor[script.sensor].origin;
            make(flight, t_made_s, alert, sends);
        });
    }
    if (!told.firm && !told.has_news) { return; }
    auto const track = tracker.report(flight.script.linearisation.t_burnout_s);
    at(t_s + script.processing_s, [this, &flight, radar, track](double t_made_s, Outbox& sends) {
        make_track(flight, t_made_s, radar, track, sends);
    });
}

void LiveNode::make_track(Flight& flight, double t_s, std::size_t radar, TrackReport const& track,
                          Outbox& out)
{
    auto const& script = flight.script.radars[radar];
    double const since_first = track.t_look_s - script.t_first_s;
    double const look = since_first / scenario_.sensor[script.sensor].radar.look_period_s;
    LiveMessage message;
    message.id = {flight.script.flight, MessageKind::track, script.sensor,
                  static_cast<int>(look + 0.5)};
    message.origins = OriginSet{1} << scenario_.sensor[script.sensor].origin;
    message.track = track;
    make(flight, t_s, message, out);
}

void LiveNode::make(Flight& flight, double t_s, LiveMessage const& message, Outbox& out)
{
    auto made = message;
    made.t_made_s = t_s;
    made.t_expires_s = t_s + message_life_s;
    flight.keep(made);
    out.events.push_back({t_s, NodeEventKind::made, made.id.flight, -1, -1, made.id});
    out.told.push_back({t_s, made.id, made.counts_as(), -1});
    pass_on(flight, t_s, made, true);
    use(flight, t_s, made, out);
}

void LiveNode::hear(double t_s, LiveMessage const& message, Outbox& out)
{
    auto const found = flights_.find(message.id.flight);
    if (found == flights_.end()) { return; }
    auto& flight = *found->second;
    bool const is_news = !flight.holds(message.id);
    if (!flight.keep(message)) { return; }
    if (is_news) {
        out.events.push_back({t_s, NodeEventKind::held, message.id.flight, -1, -1, message.id});
    }
    out.told.push_back({t_s, message.id, message.counts_as(), -1});
    pass_on(flight, t_s, message, false);
    use(flight, t_s, message, out);
}

/// What it made leaves at once, what it received after its relay time; both wait for the link's release.
void LiveNode::pass_on(Flight& flight, double t_s, LiveMessage const& message, bool is_own)
{
    auto stamped = message;
    if (params_.restamps) { stamped.stamp_origin = arm_.restamp_origin; }
    double const leaves = t_s + (is_own ? 0 : flight.script.relay_s) + flight.script.node_release_s;
    for (int l = 0; l < network_.link_count; ++l) {
        DrawnLink const& drawn = flight.script.links[static_cast<std::size_t>(l)];
        if (network_.link[l].from != script_.node || drawn.latency_s >= never_s ||
            !carries(arm_.link[l], message.id.kind, stamped.counts_as())) {
            continue;
        }
        at(leaves + drawn.release_s, [l, stamped, &drawn](double t_leaves_s, Outbox& out) {
            out.sent.push_back({l, t_leaves_s, t_leaves_s + drawn.latency_s, stamped});
        });
    }
}

void LiveNode::use(Flight& flight, double t_s, LiveMessage const& message, Outbox& out)
{
    bool const is_of_sensor =
        message.id.kind == MessageKind::alert || message.id.kind == MessageKind::track;
    if (is_of_sensor) { cue_radars(flight, t_s, message, out); }
    if (message.track) { fuse(flight, t_s, message); }
    learn(flight, message);
    tell_consumers(flight, t_s, message, out);
    tell_batteries(flight, t_s, message, out);
}

void LiveNode::learn(Flight& flight, LiveMessage const& message)
{
    auto& known = flight.known;
    bool const is_told = message.id.kind != MessageKind::all_clear;
    double const seen_s = message.track ? message.track->t_look_s : message.t_made_s;
    if (is_told) { known.t_newest_s = std::max(known.t_newest_s, seen_s); }
    if (message.track) { flight.tracked_by.insert(message.id.maker); }
    if (message.launch) { known.launch = message.launch; }
    if (message.impact) { known.impact = message.impact; }
}

std::vector<KnownFlight> LiveNode::knows() const
{
    std::vector<KnownFlight> all;
    for (auto const& [number, flight] : flights_) {
        if (flight->known.t_newest_s <= -double(never_s)) { continue; }
        auto known = flight->known;
        known.tracks = static_cast<int>(flight->tracked_by.size());
        // Its own view of everything that it may use, once it has found that enough for a prediction.
        if (known.impact && !flight->centres.empty()) {
            auto const& centre = *std::max_element(
                flight->centres.begin(), flight->centres.end(),
                [](auto const& a, auto const& b) { return a.track_count() < b.track_count(); });
            if (centre.track_count() > 0) { known.impact = centre.estimate(); }
        }
        all.push_back(known);
    }
    return all;
}

void LiveNode::cue_radars(Flight& flight, double t_s, LiveMessage const& message, Outbox& out)
{
    for (std::size_t r = 0; r < flight.radars.size(); ++r) {
        int const sensor = flight.script.radars[r].sensor;
        if (sensor == message.id.maker || flight.radars[r].t_cue_s()) { continue; }
        flight.radars[r].cue(t_s);
        out.events.push_back(
            {t_s, NodeEventKind::cued, flight.script.flight, sensor, -1, message.id});
    }
}

void LiveNode::fuse(Flight& flight, double t_s, LiveMessage const& message)
{
    for (auto& centre : flight.centres) {
        if ((message.counts_as() & ~centre.origins()) != 0) { continue; }
        double const before_s = centre.next_s();
        centre.take(t_s, message.id.maker, *message.track);
        keep_predictions(flight, centre);
        keep_all_clears(flight, centre);
        if (centre.next_s() >= before_s) { continue; }
        at(centre.next_s(), [this, &flight, &centre](double now_s, Outbox&) {
            if (centre.next_s() > now_s) { return; }
            centre.look();
            keep_predictions(flight, centre);
        });
    }
}

void LiveNode::keep_predictions(Flight& flight, FusionCentre& centre)
{
    for (auto const& prediction : centre.made()) {
        auto const origins = centre.origins();
        at(prediction.t_made_s, [this, &flight, prediction, origins](double t_s, Outbox& out) {
            LiveMessage message;
            message.id = {flight.script.flight, MessageKind::impact_prediction, script_.node,
                          prediction_number(prediction.release_class, prediction.quality)};
            message.origins = origins;
            message.impact = prediction.impact;
            make(flight, t_s, message, out);
        });
    }
}

/// A node that predicts and holds a track says so when a consumer's clock has ended.
void LiveNode::keep_all_clears(Flight& flight, FusionCentre const& centre)
{
    auto const& script = flight.script;
    if (!(centre.t_first_held_s() < script.linearisation.t_end_s)) { return; }
    auto const which = static_cast<std::size_t>(&centre - flight.centres.data());
    for (int n = 0; n < network_.consumer_count; ++n) {
        double const t_end_s = script.clocks[static_cast<std::size_t>(n)].t_end_s;
        if (!flight.all_clears.insert({which, n}).second) { continue; }
        double const knows_s = std::max(t_end_s, centre.t_first_held_s());
        at(knows_s + script.fusion_s,
           [this, &flight, n, which, origins = centre.origins()](double t_s, Outbox& out) {
               LiveMessage message;
               message.id = {flight.script.flight, MessageKind::all_clear, script_.node,
                             n * max_release_classes + static_cast<int>(which)};
               message.origins = origins;
               make(flight, t_s, message, out);
           });
    }
}

void LiveNode::tell_consumers(Flight& flight, double t_s, LiveMessage const& message, Outbox& out)
{
    for (auto& [n, consumer] : flight.consumers) {
        bool const is_clear_of_another = message.id.kind == MessageKind::all_clear &&
                                         message.id.number / max_release_classes != n;
        if (is_clear_of_another) { continue; }
        double const before_s = consumer.t_precaution_s();
        if (consumer.hear(t_s, message, message.id.number % max_qualities)) {
            decide(flight, t_s, n, out);
        } else if (consumer.t_precaution_s() < before_s) {
            at(consumer.t_precaution_s(), [this, &flight, n = n](double now_s, Outbox& later) {
                auto& waiting = flight.consumers.at(n);
                if (waiting.t_precaution_s() > now_s) { return; }
                waiting.take_precaution();
                decide(flight, now_s, n, later);
            });
        }
    }
}

void LiveNode::decide(Flight& flight, double t_s, int consumer, Outbox& out)
{
    auto const& state = flight.consumers.at(consumer);
    std::int64_t const number = flight.script.flight;
    if (state.is_calm()) {
        out.events.push_back({t_s, NodeEventKind::calm, number, consumer, -1, {}});
        return;
    }
    int const by = *state.acts_by();
    out.events.push_back({t_s, NodeEventKind::acts, number, consumer, by, {}});
    double const decision_s = flight.script.decision_s[static_cast<std::size_t>(consumer)];
    at(t_s + decision_s, [number, consumer, by](double now_s, Outbox& later) {
        later.events.push_back({now_s, NodeEventKind::warned, number, consumer, by, {}});
    });
}

void LiveNode::tell_batteries(Flight& flight, double t_s, LiveMessage const& message, Outbox& out)
{
    if (message.id.kind != MessageKind::impact_prediction) { return; }
    for (int b = 0; b < scenario_.battery_count; ++b) {
        BatteryParams const& battery = scenario_.battery[b];
        bool const asks =
            battery.node == script_.node && battery.quality == message.id.number % max_qualities;
        if (!asks || !flight.batteries_told.insert(b).second) { continue; }
        std::int64_t const number = flight.script.flight;
        out.events.push_back({t_s, NodeEventKind::quality_held, number, b, -1, message.id});
        at(t_s + flight.script.commit_s[static_cast<std::size_t>(b)],
           [number, b](double now_s, Outbox& later) {
               later.events.push_back({now_s, NodeEventKind::commits, number, b, -1, {}});
           });
    }
}

}  // namespace longwatch
