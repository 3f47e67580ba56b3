#include "host/exercise/wire_message.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <initializer_list>

#include <fmt/format.h>

#include "models/earth/wgs84.hpp"

namespace longwatch {

namespace {

/// The node that makes a message, and so signs it.
std::string const& maker_node(Study const& study, MessageId const& id)
{
    bool const is_of_sensor = id.kind == MessageKind::alert || id.kind == MessageKind::track;
    int const node = is_of_sensor ? study.scenario->sensor[id.maker].node : id.maker;
    return study.nodes[static_cast<std::size_t>(node)];
}

std::string const& maker(Study const& study, MessageId const& id)
{
    bool const is_of_sensor = id.kind == MessageKind::alert || id.kind == MessageKind::track;
    auto const& names = is_of_sensor ? study.sensors : study.nodes;
    return names[static_cast<std::size_t>(id.maker)];
}

/// Where a name stands among others; -1 where it does not.
int place_of(std::vector<std::string> const& names, std::string const& name)
{
    auto const at = std::find(names.begin(), names.end(), name);
    return at == names.end() ? -1 : static_cast<int>(at - names.begin());
}

class Bytes {
public:
    void add(std::string const& text)
    {
        add(static_cast<std::uint64_t>(text.size()));
        out_.insert(out_.end(), text.begin(), text.end());
    }
    void add(std::uint64_t number)
    {
        for (int k = 0; k < 8; ++k) { out_.push_back(static_cast<std::uint8_t>(number >> 8 * k)); }
    }
    void add(double number)
    {
        std::uint64_t bits = 0;
        std::memcpy(&bits, &number, sizeof bits);
        add(bits);
    }
    template <class Numbers>
    void add_all(Numbers const& numbers)
    {
        for (double const number : numbers) { add(number); }
    }
    std::vector<std::uint8_t> const& all() const { return out_; }

private:
    std::vector<std::uint8_t> out_;
};

DroppedMessage malformed(std::string what) { return {Dropped::malformed, std::move(what)}; }

template <class Numbers>
bool are_finite(Numbers const& numbers)
{
    return std::all_of(std::begin(numbers), std::end(numbers),
                       [](double x) { return std::isfinite(x); });
}

bool is_place(double latitude_rad, double longitude_rad)
{
    return std::abs(latitude_rad) <= pi / 2 && std::abs(longitude_rad) <= 2 * pi;
}

bool is_sound(LaunchEstimate const& launch)
{
    return is_place(launch.latitude_rad, launch.longitude_rad) && launch.half_axis_m >= 0 &&
           std::isfinite(launch.half_axis_m);
}

bool is_sound(TrackReport const& track)
{
    return are_finite(std::initializer_list<double>{track.t_look_s, track.t_burnout_s}) &&
           are_finite(track.information) && are_finite(track.error);
}

bool is_sound(ImpactEstimate const& impact)
{
    return is_place(impact.latitude_rad, impact.longitude_rad) &&
           are_finite(std::initializer_list<double>{
               impact.t_impact_s, impact.half_axis_major_m, impact.half_axis_minor_m,
               impact.major_azimuth_rad, impact.time_sigma_s}) &&
           impact.half_axis_major_m >= impact.half_axis_minor_m && impact.half_axis_minor_m >= 0 &&
           impact.time_sigma_s >= 0;
}

/// What is wrong with what a message has, given its kind; "" for nothing.
std::string content_problem(WireMessage const& m)
{
    if (m.track.has_value() != (m.kind == MessageKind::track)) {
        return "it has a track report and is no track, or the other way round";
    }
    if (m.impact.has_value() != (m.kind == MessageKind::impact_prediction)) {
        return "it has an impact and is no prediction, or the other way round";
    }
    if (m.launch && m.kind != MessageKind::alert) { return "it has a launch and is no alert"; }
    if ((m.launch && !is_sound(*m.launch)) || (m.track && !is_sound(*m.track)) ||
        (m.impact && !is_sound(*m.impact))) {
        return "it has a number that cannot be";
    }
    if (!are_finite(
            std::initializer_list<double>{m.t_made_s, m.t_expires_s, m.t_sent_s, m.t_arrives_s})) {
        return "it has an instant that cannot be";
    }
    return "";
}

/// The number of a part, if a message of this kind may have it.
bool is_part(Study const& study, WireMessage const& m)
{
    NetworkParams const& network = study.scenario->network;
    switch (m.kind) {
    case MessageKind::impact_prediction:
        return m.part >= 0 && m.part < max_release_classes * max_qualities &&
               m.part % max_qualities < network.quality_count;
    case MessageKind::all_clear:
        return m.part >= 0 && m.part < network.consumer_count * max_release_classes;
    default: return m.part == 0;
    }
}

}  // namespace

WireMessage to_wire(Study const& study, std::string const& exercise, LiveMessage const& message)
{
    WireMessage out;
    out.schema_major = wire_schema_major;
    out.schema_minor = wire_schema_minor;
    out.exercise = exercise;
    out.flight = message.id.flight;
    out.kind = message.id.kind;
    out.maker = maker(study, message.id);
    out.maker_node = maker_node(study, message.id);
    bool const is_track = message.id.kind == MessageKind::track;
    out.part = is_track ? 0 : message.id.number;
    out.number = is_track ? message.id.number : 0;
    if (message.stamp_origin >= 0) {
        out.stamp = study.origins[static_cast<std::size_t>(message.stamp_origin)];
    }
    for (std::size_t o = 0; o < study.origins.size(); ++o) {
        if ((message.origins >> o & 1U) != 0) { out.origins.push_back(study.origins[o]); }
    }
    out.t_made_s = message.t_made_s;
    out.t_expires_s = message.t_expires_s;
    out.launch = message.launch;
    out.track = message.track;
    out.impact = message.impact;
    out.signature = message.signature;
    return out;
}

std::vector<std::uint8_t> signed_bytes(WireMessage const& m)
{
    Bytes bytes;
    bytes.add(std::uint64_t{m.schema_major} << 32 | m.schema_minor);
    bytes.add(m.exercise);
    bytes.add(static_cast<std::uint64_t>(m.flight));
    bytes.add(static_cast<std::uint64_t>(m.kind));
    bytes.add(m.maker);
    bytes.add(m.maker_node);
    bytes.add(static_cast<std::uint64_t>(m.part));
    bytes.add(static_cast<std::uint64_t>(m.number));
    bytes.add(static_cast<std::uint64_t>(m.origins.size()));
    for (auto const& origin : m.origins) { bytes.add(origin); }
    bytes.add(m.t_made_s);
    bytes.add(m.t_expires_s);
    bytes.add(std::uint64_t{m.launch.has_value()} | std::uint64_t{m.track.has_value()} << 1 |
              std::uint64_t{m.impact.has_value()} << 2);
    if (m.launch) {
        bytes.add_all(std::initializer_list<double>{m.launch->latitude_rad, m.launch->longitude_rad,
                                                    m.launch->half_axis_m});
    }
    if (m.track) {
        bytes.add_all(std::initializer_list<double>{m.track->t_look_s, m.track->t_burnout_s});
        bytes.add_all(m.track->information);
        bytes.add_all(m.track->error);
    }
    if (m.impact) {
        auto const& i = *m.impact;
        bytes.add_all(std::initializer_list<double>{i.latitude_rad, i.longitude_rad, i.t_impact_s,
                                                    i.half_axis_major_m, i.half_axis_minor_m,
                                                    i.major_azimuth_rad, i.time_sigma_s});
    }
    return bytes.all();
}

std::variant<LiveMessage, DroppedMessage> from_wire(Study const& study, std::string const& exercise,
                                                    WireMessage const& m)
{
    if (m.schema_major != wire_schema_major) {
        return malformed(fmt::format("schema {}.{} (this node reads {}.x)", m.schema_major,
                                     m.schema_minor, wire_schema_major));
    }
    int const kind = static_cast<int>(m.kind);
    if (kind < 0 || kind >= message_kind_count) { return malformed("it is of no known kind"); }
    if (m.exercise != exercise) { return malformed("it is of another exercise"); }
    LiveMessage out;
    bool const is_of_sensor = m.kind == MessageKind::alert || m.kind == MessageKind::track;
    out.id = {m.flight, m.kind, place_of(is_of_sensor ? study.sensors : study.nodes, m.maker),
              m.kind == MessageKind::track ? m.number : m.part};
    if (out.id.maker < 0) { return malformed("nobody of this study made it"); }
    if (m.maker_node != maker_node(study, out.id)) {
        return malformed("its maker stands at another node");
    }
    if (!is_part(study, m) || m.number < 0 || m.flight < 0) {
        return malformed("it has a number that no such message has");
    }
    if (auto const problem = content_problem(m); !problem.empty()) { return malformed(problem); }
    for (auto const& name : m.origins) {
        int const origin = place_of(study.origins, name);
        if (origin < 0) { return malformed("no state of this study has that name"); }
        out.origins |= OriginSet{1} << origin;
    }
    if (out.origins == 0) { return malformed("it is of no state"); }
    if (is_of_sensor && out.origins != OriginSet{1}
                                           << study.scenario->sensor[out.id.maker].origin) {
        return malformed("its sensor is another state's");
    }
    if (!m.stamp.empty()) {
        out.stamp_origin = place_of(study.origins, m.stamp);
        if (out.stamp_origin < 0) { return malformed("no state of this study has stamped it"); }
    }
    out.t_made_s = m.t_made_s;
    out.t_expires_s = m.t_expires_s;
    out.launch = m.launch;
    out.track = m.track;
    out.impact = m.impact;
    out.signature = m.signature;
    return out;
}

}  // namespace longwatch
