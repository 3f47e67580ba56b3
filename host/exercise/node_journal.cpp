#include "host/exercise/node_journal.hpp"

#include <algorithm>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace longwatch {

namespace {

using nlohmann::json;

json message_json(WireMessage const& m)
{
    json out{{"flight", m.flight},
             {"kind", static_cast<int>(m.kind)},
             {"maker", m.maker},
             {"maker_node", m.maker_node},
             {"part", m.part},
             {"stamp", m.stamp},
             {"number", m.number},
             {"origins", m.origins},
             {"t_made_s", m.t_made_s},
             {"t_expires_s", m.t_expires_s},
             {"signature", m.signature},
             {"sequence_number", m.sequence_number},
             {"t_sent_s", m.t_sent_s},
             {"t_arrives_s", m.t_arrives_s},
             {"schema", json::array({m.schema_major, m.schema_minor})},
             {"exercise", m.exercise}};
    if (m.launch) {
        out["launch"] = {m.launch->latitude_rad, m.launch->longitude_rad, m.launch->half_axis_m};
    }
    if (m.track) {
        out["track"] = {{"t_look_s", m.track->t_look_s},
                        {"t_burnout_s", m.track->t_burnout_s},
                        {"information", m.track->information},
                        {"error", m.track->error}};
    }
    if (m.impact) {
        auto const& i = *m.impact;
        out["impact"] = {i.latitude_rad,      i.longitude_rad,     i.t_impact_s,
                         i.half_axis_major_m, i.half_axis_minor_m, i.major_azimuth_rad,
                         i.time_sigma_s};
    }
    return out;
}

WireMessage message_of(json const& from)
{
    WireMessage m;
    m.schema_major = from.at("schema").at(0).get<std::uint32_t>();
    m.schema_minor = from.at("schema").at(1).get<std::uint32_t>();
    from.at("exercise").get_to(m.exercise);
    from.at("flight").get_to(m.flight);
    m.kind = static_cast<MessageKind>(from.at("kind").get<int>());
    from.at("maker").get_to(m.maker);
    from.at("maker_node").get_to(m.maker_node);
    from.at("part").get_to(m.part);
    from.at("stamp").get_to(m.stamp);
    from.at("number").get_to(m.number);
    from.at("origins").get_to(m.origins);
    from.at("t_made_s").get_to(m.t_made_s);
    from.at("t_expires_s").get_to(m.t_expires_s);
    from.at("signature").get_to(m.signature);
    from.at("sequence_number").get_to(m.sequence_number);
    from.at("t_sent_s").get_to(m.t_sent_s);
    from.at("t_arrives_s").get_to(m.t_arrives_s);
    auto const number = [](json const& list, std::size_t k) { return list.at(k).get<double>(); };
    if (from.contains("launch")) {
        auto const& l = from.at("launch");
        m.launch = {number(l, 0), number(l, 1), number(l, 2)};
    }
    if (from.contains("track")) {
        auto const& t = from.at("track");
        auto& track = m.track.emplace();
        t.at("t_look_s").get_to(track.t_look_s);
        t.at("t_burnout_s").get_to(track.t_burnout_s);
        t.at("information").get_to(track.information);
        t.at("error").get_to(track.error);
    }
    if (from.contains("impact")) {
        auto const& i = from.at("impact");
        m.impact = {number(i, 0), number(i, 1), number(i, 2), number(i, 3),
                    number(i, 4), number(i, 5), number(i, 6)};
    }
    return m;
}

}  // namespace

NodeJournal::NodeJournal(std::filesystem::path file)
    : file_(std::move(file)), t_last_s_(-double(never_s))
{
    std::ifstream in(file_);
    for (std::string line; std::getline(in, line);) {
        auto const entry = json::parse(line, nullptr, false);
        if (entry.is_discarded()) { continue; }
        if (entry.contains("begins")) { ++beginnings_; }
        if (entry.contains("reached_s")) { t_last_s_ = entry.at("reached_s").get<double>(); }
        if (!entry.contains("message")) { continue; }
        before_.push_back({entry.at("t_heard_s").get<double>(), entry.at("link").get<std::string>(),
                           message_of(entry.at("message"))});
    }
    std::stable_sort(before_.begin(), before_.end(),
                     [](auto const& a, auto const& b) { return a.t_heard_s < b.t_heard_s; });
}

void NodeJournal::begin()
{
    out_.open(file_, std::ios::app);
    // After what may have been cut short.
    if (beginnings_ > 0) { put(""); }
    put(json{{"begins", beginnings_ + 1}}.dump());
}

void NodeJournal::add(JournalEntry const& entry)
{
    put(json{{"t_heard_s", entry.t_heard_s},
             {"link", entry.link},
             {"message", message_json(entry.message)}}
            .dump());
}

void NodeJournal::reached(double t_s) { put(json{{"reached_s", t_s}}.dump()); }

void NodeJournal::put(std::string const& line)
{
    out_ << line << '\n' << std::flush;
    if (!out_) { throw std::runtime_error("cannot write " + file_.string()); }
}

}  // namespace longwatch
