#include "host/exercise/node_words.hpp"

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

}  // namespace longwatch
