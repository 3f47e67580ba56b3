#include "host/exercise/node_journal.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "host/exercise/exercise_file.hpp"
#include "models/limits.hpp"

namespace longwatch {

namespace {

using nlohmann::json;

constexpr std::int64_t journal_bytes_max = 1 << 28;
constexpr std::size_t signature_size_max = 128;

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

void read_estimates(FileValue const& from, WireMessage& m)
{
    if (from.has("launch")) {
        auto const l = from.at("launch").list(3, 3);
        m.launch = {l[0].number(), l[1].number(), l[2].number()};
    }
    if (from.has("track")) {
        auto const t = from.at("track");
        auto& track = m.track.emplace();
        track.t_look_s = t.at("t_look_s").number();
        track.t_burnout_s = t.at("t_burnout_s").number();
        t.at("information").get_to(track.information);
        t.at("error").get_to(track.error);
    }
    if (from.has("impact")) {
        auto const i = from.at("impact").list(7, 7);
        m.impact = {i[0].number(), i[1].number(), i[2].number(), i[3].number(),
                    i[4].number(), i[5].number(), i[6].number()};
    }
}

WireMessage message_of(FileValue const& from)
{
    WireMessage m;
    auto const schema = from.at("schema").list(2, 2);
    m.schema_major = static_cast<std::uint32_t>(schema[0].whole(0, UINT32_MAX));
    m.schema_minor = static_cast<std::uint32_t>(schema[1].whole(0, UINT32_MAX));
    m.exercise = from.at("exercise").text();
    m.flight = from.at("flight").whole(0, INT64_MAX);
    m.kind = static_cast<MessageKind>(from.at("kind").whole(0, message_kind_count - 1));
    m.maker = from.at("maker").text();
    m.maker_node = from.at("maker_node").text();
    m.part = static_cast<std::int32_t>(from.at("part").whole(0, INT32_MAX));
    m.stamp = from.at("stamp").text();
    m.number = static_cast<std::int32_t>(from.at("number").whole(0, INT32_MAX));
    for (auto const& origin : from.at("origins").list(0, max_origins)) {
        m.origins.push_back(origin.text());
    }
    m.t_made_s = from.at("t_made_s").number();
    m.t_expires_s = from.at("t_expires_s").number();
    for (auto const& byte : from.at("signature").list(0, signature_size_max)) {
        m.signature.push_back(static_cast<std::uint8_t>(byte.whole(0, UINT8_MAX)));
    }
    m.sequence_number = from.at("sequence_number").natural();
    m.t_sent_s = from.at("t_sent_s").number();
    m.t_arrives_s = from.at("t_arrives_s").number();
    read_estimates(from, m);
    return m;
}

JournalEntry entry_of(FileValue const& from)
{
    return {from.at("t_heard_s").number(), from.at("link").text(), message_of(from.at("message"))};
}

}  // namespace

NodeJournal::NodeJournal(std::filesystem::path file)
    : file_(std::move(file)), t_last_s_(-double(never_s))
{
    check_appendable(file_);
    if (!std::filesystem::exists(file_)) { return; }
    std::istringstream in(load_exercise_file(file_, journal_bytes_max));
    int at = 1;
    for (std::string line; std::getline(in, line); ++at) {
        auto const entry = json_of_text(line);
        if (!entry) { continue; }
        try {
            FileValue const from(*entry, "line");
            if (from.has("begins")) { ++beginnings_; }
            if (from.has("reached_s")) { t_last_s_ = from.at("reached_s").number(); }
            if (from.has("message")) { before_.push_back(entry_of(from)); }
        } catch (WrongValue const& wrong) {
            throw std::runtime_error(
                fmt::format("{}:{} is no journal's line: {}", file_.string(), at, wrong.what()));
        }
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
