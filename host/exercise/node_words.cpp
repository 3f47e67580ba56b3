#include "host/exercise/node_words.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace longwatch {

namespace {

using nlohmann::json;

constexpr int event_kinds = static_cast<int>(NodeEventKind::commits) + 1;

}  // namespace

json events_json(std::vector<NodeEvent> const& events)
{
    json out = json::array();
    for (auto const& event : events) {
        json one = json::array(
            {event.t_s, static_cast<int>(event.kind), event.flight, event.who, event.by});
        if (auto const& m = event.message) {
            one.push_back(json::array({static_cast<int>(m->kind), m->maker, m->number}));
        }
        out.push_back(std::move(one));
    }
    return out;
}

std::vector<NodeEvent> events_of(json const& words)
{
    std::vector<NodeEvent> events;
    for (auto const& one : words) {
        try {
            NodeEvent event;
            event.t_s = one.at(0).get<double>();
            int const kind = one.at(1).get<int>();
            event.flight = one.at(2).get<std::int64_t>();
            event.who = one.at(3).get<int>();
            event.by = one.at(4).get<int>();
            if (kind < 0 || kind >= event_kinds) { continue; }
            event.kind = static_cast<NodeEventKind>(kind);
            if (one.size() > 5) {
                int const message = one.at(5).at(0).get<int>();
                if (message < 0 || message >= message_kind_count) { continue; }
                event.message = MessageId{event.flight, static_cast<MessageKind>(message),
                                          one.at(5).at(1).get<int>(), one.at(5).at(2).get<int>()};
            }
            events.push_back(event);
        } catch (json::exception const&) {  // no event
        }
    }
    return events;
}

json told_json(std::vector<ToldMessage> const& told)
{
    json out = json::array();
    for (auto const& one : told) {
        out.push_back({one.t_s, one.id.flight, static_cast<int>(one.id.kind), one.id.maker,
                       one.id.number, one.origins, one.link});
    }
    return out;
}

std::vector<ToldMessage> told_of(json const& words, Study const& study)
{
    std::vector<ToldMessage> told;
    auto const is_one_of = [](int at, std::vector<std::string> const& names) {
        return at >= 0 && at < static_cast<int>(names.size());
    };
    for (auto const& word : words) {
        try {
            ToldMessage one;
            one.t_s = word.at(0).get<double>();
            one.id.flight = word.at(1).get<std::int64_t>();
            int const kind = word.at(2).get<int>();
            one.id.maker = word.at(3).get<int>();
            one.id.number = word.at(4).get<int>();
            one.origins = word.at(5).get<OriginSet>();
            one.link = word.at(6).get<int>();
            if (kind < 0 || kind >= message_kind_count) { continue; }
            one.id.kind = static_cast<MessageKind>(kind);
            bool const is_of_sensor =
                one.id.kind == MessageKind::alert || one.id.kind == MessageKind::track;
            bool const is_known =
                is_one_of(one.id.maker, is_of_sensor ? study.sensors : study.nodes) &&
                (one.link == -1 || is_one_of(one.link, study.links));
            if (is_known && std::isfinite(one.t_s)) { told.push_back(one); }
        } catch (json::exception const&) {  // not told
        }
    }
    return told;
}

json knows_json(std::vector<KnownFlight> const& knows)
{
    json out = json::array();
    for (auto const& known : knows) {
        json one{
            {"flight", known.flight}, {"t_newest_s", known.t_newest_s}, {"tracks", known.tracks}};
        if (auto const& l = known.launch) {
            one["launch"] = {l->latitude_rad, l->longitude_rad, l->half_axis_m};
        }
        if (auto const& i = known.impact) {
            one["impact"] = {i->latitude_rad,      i->longitude_rad,     i->t_impact_s,
                             i->half_axis_major_m, i->half_axis_minor_m, i->major_azimuth_rad,
                             i->time_sigma_s};
        }
        out.push_back(std::move(one));
    }
    return out;
}

std::vector<KnownFlight> knows_of(json const& words)
{
    std::vector<KnownFlight> knows;
    auto const numbers = [](json const& from, std::size_t count) {
        auto const found = from.get<std::vector<double>>();
        bool const is_sound =
            found.size() == count &&
            std::all_of(found.begin(), found.end(), [](double x) { return std::isfinite(x); });
        return is_sound ? found : std::vector<double>{};
    };
    for (auto const& word : words) {
        try {
            KnownFlight one;
            one.flight = word.at("flight").get<std::int64_t>();
            one.t_newest_s = word.at("t_newest_s").get<double>();
            one.tracks = word.at("tracks").get<int>();
            if (!std::isfinite(one.t_newest_s) || one.tracks < 0) { continue; }
            auto const l = numbers(word.value("launch", json::array()), 3);
            if (!l.empty()) { one.launch = LaunchEstimate{l[0], l[1], l[2]}; }
            auto const i = numbers(word.value("impact", json::array()), 7);
            if (!i.empty()) {
                one.impact = ImpactEstimate{i[0], i[1], i[2], i[3], i[4], i[5], i[6]};
            }
            knows.push_back(one);
        } catch (json::exception const&) {  // not known
        }
    }
    return knows;
}

}  // namespace longwatch
