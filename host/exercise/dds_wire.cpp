// The network of an exercise by Cyclone DDS with DDS Security: all of the shared object longwatch_dds.so. How it is configured is in
// dds_configuration.cpp; no other file knows it.
#include <dds/dds.h>
#include <warning_exercise.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <stdexcept>

#include "host/exercise/wire.hpp"

namespace longwatch {

namespace {

// Debian's package keeps the plugins in a folder of its own, beside the library.
constexpr char const* plugins[][3] = {{"auth", "libdds_security_auth.so", "authentication"},
                                      {"crypto", "libdds_security_crypto.so", "crypto"},
                                      {"access", "libdds_security_ac.so", "access_control"}};

dds_entity_t checked(dds_return_t status, std::string const& what)
{
    if (status >= 0) { return status; }
    throw std::runtime_error("DDS failed (" + what + ": " + dds_strretcode(-status) + ")");
}

struct DeleteQos {
    void operator()(dds_qos_t* qos) const { dds_delete_qos(qos); }
};
using Qos = std::unique_ptr<dds_qos_t, DeleteQos>;

Qos participant_qos(WireSettings const& settings)
{
    Qos qos(dds_create_qos());
    auto const set = [&](std::string const& name, std::string const& value) {
        dds_qset_prop(qos.get(), name.c_str(), value.c_str());
    };
    for (auto const& [name, file, init] : plugins) {
        std::string const library = std::string("dds.sec.") + name + ".library.";
        set(library + "path", std::string(LW_DDS_PLUGINS) + '/' + file);
        set(library + "init", std::string("init_") + init);
        set(library + "finalize", std::string("finalize_") + init);
    }
    auto const file = [&](char const* name) {
        return "file:" + (settings.identity / name).string();
    };
    set("dds.sec.auth.identity_ca", file("ca.pem"));
    set("dds.sec.auth.identity_certificate", file("identity.pem"));
    set("dds.sec.auth.private_key", file("key.pem"));
    set("dds.sec.access.permissions_ca", file("ca.pem"));
    set("dds.sec.access.governance", file("governance.p7s"));
    set("dds.sec.access.permissions", file("permissions.p7s"));
    return qos;
}

/// Nothing is lost between two that are there; who comes (back) gets the last of every instance.
Qos kept_qos()
{
    Qos qos(dds_create_qos());
    dds_qset_reliability(qos.get(), DDS_RELIABILITY_RELIABLE, DDS_SECS(20));
    dds_qset_history(qos.get(), DDS_HISTORY_KEEP_ALL, 0);
    dds_qset_durability(qos.get(), DDS_DURABILITY_TRANSIENT_LOCAL);
    dds_qset_durability_service(qos.get(), DDS_SECS(0), DDS_HISTORY_KEEP_LAST, 1, -1, -1, -1);
    return qos;
}

void put(std::string const& from, char (&to)[65])
{
    if (from.size() > 64) { throw std::runtime_error("a name of more than 64 letters: " + from); }
    std::copy(from.begin(), from.end(), to);
    to[from.size()] = '\0';
}

std::string text_of(char const (&from)[65]) { return {from, ::strnlen(from, sizeof from)}; }

/// A message in the memory that DDS reads it from: sequences point into it.
struct OutgoingMessage {
    longwatch_exercise_Message m{};
    std::vector<std::array<char, 65>> origins;
    std::vector<std::uint8_t> signature;
    longwatch_exercise_LaunchEstimate launch{};
    longwatch_exercise_TrackReport track{};
    longwatch_exercise_ImpactEstimate impact{};

    explicit OutgoingMessage(WireMessage const& from) : signature(from.signature)
    {
        put_head(from);
        if (from.launch) {
            auto const& l = *from.launch;
            launch = {l.latitude_rad, l.longitude_rad, l.half_axis_m};
            m.launch = {1, 1, &launch, false};
        }
        if (from.track) {
            track.t_look_s = from.track->t_look_s;
            track.t_burnout_s = from.track->t_burnout_s;
            std::copy(from.track->information.begin(), from.track->information.end(),
                      track.information);
            std::copy(from.track->error.begin(), from.track->error.end(), track.error);
            m.track = {1, 1, &track, false};
        }
        if (from.impact) {
            auto const& i = *from.impact;
            impact = {i.latitude_rad,      i.longitude_rad,     i.t_impact_s,  i.half_axis_major_m,
                      i.half_axis_minor_m, i.major_azimuth_rad, i.time_sigma_s};
            m.impact = {1, 1, &impact, false};
        }
    }
    OutgoingMessage(OutgoingMessage const&) = delete;
    OutgoingMessage& operator=(OutgoingMessage const&) = delete;

private:
    void put_head(WireMessage const& from)
    {
        m.schema_major = from.schema_major;
        m.schema_minor = from.schema_minor;
        put(from.exercise, m.exercise);
        m.flight = from.flight;
        m.kind = static_cast<longwatch_exercise_Kind>(from.kind);
        put(from.maker, m.maker);
        put(from.maker_node, m.maker_node);
        m.part = from.part;
        put(from.stamp, m.stamp);
        m.number = from.number;
        for (auto const& origin : from.origins) { put(origin, as_name(origins.emplace_back())); }
        auto const count = static_cast<std::uint32_t>(origins.size());
        m.origins = {count, count, reinterpret_cast<longwatch_exercise_Name*>(origins.data()),
                     false};
        m.t_made_s = from.t_made_s;
        m.t_expires_s = from.t_expires_s;
        auto const length = static_cast<std::uint32_t>(signature.size());
        m.signature = {length, length, signature.data(), false};
        m.sequence_number = from.sequence_number;
        m.t_sent_s = from.t_sent_s;
        m.t_arrives_s = from.t_arrives_s;
    }
    static char (&as_name(std::array<char, 65>& name))[65]
    {
        return *reinterpret_cast<char(*)[65]>(name.data());
    }
};

WireMessage incoming(longwatch_exercise_Message const& m)
{
    WireMessage out;
    out.schema_major = m.schema_major;
    out.schema_minor = m.schema_minor;
    out.exercise = text_of(m.exercise);
    out.flight = m.flight;
    out.kind = static_cast<MessageKind>(m.kind);
    out.maker = text_of(m.maker);
    out.maker_node = text_of(m.maker_node);
    out.part = m.part;
    out.stamp = text_of(m.stamp);
    out.number = m.number;
    for (std::uint32_t k = 0; k < m.origins._length; ++k) {
        out.origins.push_back(text_of(m.origins._buffer[k]));
    }
    out.t_made_s = m.t_made_s;
    out.t_expires_s = m.t_expires_s;
    if (m.launch._length > 0) {
        auto const& l = m.launch._buffer[0];
        out.launch = {l.latitude_rad, l.longitude_rad, l.half_axis_m};
    }
    if (m.track._length > 0) {
        auto const& t = m.track._buffer[0];
        auto& to = out.track.emplace();
        to.t_look_s = t.t_look_s;
        to.t_burnout_s = t.t_burnout_s;
        std::copy(std::begin(t.information), std::end(t.information), to.information.begin());
        std::copy(std::begin(t.error), std::end(t.error), to.error.begin());
    }
    if (m.impact._length > 0) {
        auto const& i = m.impact._buffer[0];
        out.impact = {i.latitude_rad,      i.longitude_rad,     i.t_impact_s,  i.half_axis_major_m,
                      i.half_axis_minor_m, i.major_azimuth_rad, i.time_sigma_s};
    }
    out.signature.assign(m.signature._buffer, m.signature._buffer + m.signature._length);
    out.sequence_number = m.sequence_number;
    out.t_sent_s = m.t_sent_s;
    out.t_arrives_s = m.t_arrives_s;
    return out;
}

/// Takes all that a reader has, a few at a time.
template <class Sample, class Use>
void take_all(dds_entity_t reader, Use const& use)
{
    constexpr std::size_t at_once = 32;
    for (;;) {
        std::array<void*, at_once> samples{};
        std::array<dds_sample_info_t, at_once> info{};
        auto const count = checked(dds_take(reader, samples.data(), info.data(), at_once, at_once),
                                   "taking what has come");
        for (std::size_t k = 0; k < static_cast<std::size_t>(count); ++k) {
            if (info[k].valid_data) { use(*static_cast<Sample const*>(samples[k])); }
        }
        if (count > 0) { dds_return_loan(reader, samples.data(), count); }
        if (count < static_cast<dds_return_t>(at_once)) { return; }
    }
}

class DdsWire : public Wire {
public:
    DdsWire(WireSettings const& settings, std::string const& configuration)
        : settings_(settings),
          domain_(checked(dds_create_domain(0, configuration.c_str()), "configuring"))
    {
        try {
            open();
        } catch (...) {
            dds_delete(domain_);
            throw;
        }
    }
    ~DdsWire() override { dds_delete(domain_); }

    void send(std::string const& link, WireMessage const& message) override
    {
        OutgoingMessage const outgoing(message);
        checked(dds_write(outgoing_.at(link), &outgoing.m), "sending by " + link);
    }

    void acknowledge(WireAcknowledgement const& heard) override
    {
        longwatch_exercise_Acknowledgement a{};
        put(heard.link, a.link);
        a.sequence_number = heard.sequence_number;
        a.t_heard_s = heard.t_heard_s;
        checked(dds_write(acknowledging_.at(heard.link), &a), "acknowledging");
    }

    void tell(WireWord const& word) override
    {
        longwatch_exercise_Word w{};
        put(word.from, w.from);
        w.number = word.number;
        std::string text = word.text;
        w.text = text.data();
        checked(dds_write(telling_, &w), "telling");
    }

    /// Whose something is, its topic says, which is guarded; what it says of itself is not asked.
    WireMail take() override
    {
        WireMail mail;
        for (auto const& [link, reader] : incoming_) {
            auto const before = static_cast<std::ptrdiff_t>(mail.messages.size());
            take_all<longwatch_exercise_Message>(reader, [&, name = link](auto const& message) {
                mail.messages.push_back({name, incoming(message)});
            });
            // What waited comes flight by flight, not in the order in which it was sent.
            std::stable_sort(mail.messages.begin() + before, mail.messages.end(),
                             [](auto const& a, auto const& b) {
                                 return (a.message ? a.message->sequence_number : 0) <
                                        (b.message ? b.message->sequence_number : 0);
                             });
        }
        for (auto const& [link, reader] : acknowledged_) {
            take_all<longwatch_exercise_Acknowledgement>(reader, [&, name = link](auto const& a) {
                mail.acknowledgements.push_back({name, a.sequence_number, a.t_heard_s});
            });
        }
        for (auto const& [from, reader] : words_) {
            take_all<longwatch_exercise_Word>(reader, [&, name = from](auto const& word) {
                mail.words.push_back({name, word.number, word.text});
            });
        }
        return mail;
    }

    void wait(std::chrono::nanoseconds at_most) override
    {
        checked(dds_waitset_wait(waitset_, nullptr, 0, at_most.count()), "waiting");
    }

    bool is_connected(std::string const& link) override
    {
        if (auto const at = outgoing_.find(link); at != outgoing_.end()) {
            return has_reader(at->second);
        }
        return has_writer(incoming_.at(link));
    }

    std::vector<std::string> connected_nodes() override
    {
        std::vector<std::string> connected;
        dds_publication_matched_status_t heard_by{};
        checked(dds_get_publication_matched_status(telling_, &heard_by), "looking who is there");
        for (auto const& [node, reader] : words_) {
            if (has_writer(reader)) { connected.push_back(node); }
        }
        // Who hears is told by number only.
        if (heard_by.current_count < static_cast<std::uint32_t>(connected.size())) {
            connected.resize(heard_by.current_count);
        }
        return connected;
    }

private:
    void open()
    {
        auto const qos = participant_qos(settings_);
        participant_ = checked(dds_create_participant(0, qos.get(), nullptr),
                               "joining the exercise as " + settings_.member);
        waitset_ = checked(dds_create_waitset(participant_), "making a waitset");
        for (auto const& link : settings_.outgoing) {
            outgoing_[link] = writer(message_topic(link));
            acknowledged_[link] = reader(acknowledgement_topic(link));
        }
        for (auto const& link : settings_.incoming) {
            incoming_[link] = reader(message_topic(link));
            acknowledging_[link] = writer(acknowledgement_topic(link));
        }
        if (settings_.is_conductor) {
            telling_ = writer(word_topic("conductor"));
            for (auto const& node : settings_.nodes) { words_[node] = reader(word_topic(node)); }
        } else {
            telling_ = writer(word_topic(settings_.member));
            words_["conductor"] = reader(word_topic("conductor"));
        }
    }

    dds_entity_t topic(std::string const& name, dds_topic_descriptor_t const& type)
    {
        return checked(dds_create_topic(participant_, &type, name.c_str(), nullptr, nullptr),
                       "topic " + name);
    }
    dds_entity_t message_topic(std::string const& link)
    {
        return topic(topic_name("link", link), longwatch_exercise_Message_desc);
    }
    dds_entity_t acknowledgement_topic(std::string const& link)
    {
        return topic(topic_name("heard", link), longwatch_exercise_Acknowledgement_desc);
    }
    dds_entity_t word_topic(std::string const& from)
    {
        return topic(topic_name("words", from), longwatch_exercise_Word_desc);
    }
    dds_entity_t writer(dds_entity_t of)
    {
        return checked(dds_create_writer(participant_, of, kept_qos().get(), nullptr),
                       "making a writer");
    }
    dds_entity_t reader(dds_entity_t of)
    {
        auto const made = checked(dds_create_reader(participant_, of, kept_qos().get(), nullptr),
                                  "making a reader");
        auto const condition =
            checked(dds_create_readcondition(made, DDS_ANY_STATE), "making a condition");
        checked(dds_waitset_attach(waitset_, condition, 0), "making a condition");
        return made;
    }
    static bool has_reader(dds_entity_t writer)
    {
        dds_publication_matched_status_t status{};
        checked(dds_get_publication_matched_status(writer, &status), "looking who is there");
        return status.current_count > 0;
    }
    static bool has_writer(dds_entity_t reader)
    {
        dds_subscription_matched_status_t status{};
        checked(dds_get_subscription_matched_status(reader, &status), "looking who is there");
        return status.current_count > 0;
    }

    WireSettings settings_;
    dds_entity_t domain_, participant_ = 0, waitset_ = 0, telling_ = 0;
    std::map<std::string, dds_entity_t> outgoing_, incoming_, acknowledging_, acknowledged_, words_;
};

}  // namespace

extern "C" std::unique_ptr<Wire> longwatch_make_wire(WireSettings const& settings,
                                                     std::string const& configuration)
{
    return std::make_unique<DdsWire>(settings, configuration);
}

}  // namespace longwatch
