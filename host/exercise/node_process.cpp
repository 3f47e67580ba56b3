#include "host/exercise/node_process.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "host/command/exit_status.hpp"
#include "host/command/output.hpp"
#include "host/exercise/exercise_file.hpp"
#include "host/exercise/node_script_file.hpp"
#include "host/exercise/node_words.hpp"
#include "host/plan/predicting_nodes.hpp"
#include "host/study/nearest_name.hpp"
#include "results/store/message_log.hpp"

namespace longwatch {

namespace {

using nlohmann::json;
using TimeOfDay = std::chrono::system_clock;

constexpr std::int64_t certificates_bytes_max = 1 << 20, document_bytes_max = 1 << 20;
/// As long as the exercise waits for its nodes.
constexpr std::chrono::seconds patience{120};
constexpr std::chrono::milliseconds report_period{250};
/// Without a word of the exercise, until it opens its wire anew.
constexpr std::chrono::seconds alone_at_most{20};

/// The name, if it is a node's of the exercise: folders are named by it.
std::string const& node_name(std::string const& name, ExercisePlan const& plan,
                             std::filesystem::path const& folder)
{
    std::vector<std::string> nodes;
    for (auto const& place : plan.places) {
        if (place.member != conductor_name) { nodes.push_back(place.member); }
    }
    if (std::find(nodes.begin(), nodes.end(), name) != nodes.end()) { return name; }
    throw UsageError(
        fmt::format("--name '{}': no node of that name takes part in the exercise in {}{}", name,
                    folder.string(), did_you_mean(name, nodes)));
}

/// The script, if it is this node's in the exercise's arm.
NodeScript script_for(std::string const& name, ExercisePlan const& plan, Study const& study,
                      std::filesystem::path const& folder)
{
    auto const file = folder / name / "script.msgpack";
    auto script = read_node_script(file, *study.scenario);
    auto const& node = study.nodes[static_cast<std::size_t>(script.node)];
    auto const& arm = study.arms[static_cast<std::size_t>(script.arm)];
    if (node != name || arm != plan.arm) {
        throw std::runtime_error(fmt::format("{} is of {} in {} (this is {} in {})", file.string(),
                                             node, arm, name, plan.arm));
    }
    return script;
}

void add_certificates(Verifier& verifier, ExercisePlan const& plan,
                      std::filesystem::path const& file)
{
    auto const read = load_json(file, certificates_bytes_max);
    FileValue const from(read, "certificates");
    try {
        for (auto const& place : plan.places) {
            verifier.add(place.member, from.at(place.member).text());
        }
    } catch (std::runtime_error const& error) {
        throw std::runtime_error(file.string() + " is refused: " + error.what());
    }
}

}  // namespace

NodeProcess::NodeProcess(Study const& study, std::filesystem::path const& folder,
                         std::string const& name)
    : study_(study), plan_(read_plan(folder, study)), name_(node_name(name, plan_, folder)),
      script_(script_for(name, plan_, study, folder)), journal_(folder / name / "journal"),
      signer_(folder / name / "key.pem"), verifier_(folder / name / "ca.pem")
{
    add_certificates(verifier_, plan_, folder / "certificates.json");
    // DDS, which reads these itself, would wait for a pipe.
    for (char const* const own : {"identity.pem", "permissions.p7s", "governance.p7s"}) {
        load_exercise_file(folder / name / own, document_bytes_max);
    }
    settings_ = wire_settings(plan_, folder, study, name);
    for (auto const& link : settings_.outgoing) { beginnings_.try_emplace(link, link); }
    for (auto const& link : settings_.incoming) {
        auto const at = std::find(study.links.begin(), study.links.end(), link);
        ends_.try_emplace(link, study, plan_.exercise, script_.arm,
                          static_cast<int>(at - study.links.begin()));
    }
    node_ = std::make_unique<LiveNode>(*study.scenario, script_);
    if (journal_.beginnings() > 0) { come_back(); }
    journal_.begin();
    auto const rows = folder / name / message_rows_file;
    check_appendable(rows);
    log_.open(rows, std::ios::app);
    wire_ = open_wire(settings_);
    opened_at_ = TimeOfDay::now();
}

NodeProcess::~NodeProcess() = default;

/// Two that have missed each other while they made themselves known do not try again: a new wire does. The old one is closed
/// before, so that the others forget it.
void NodeProcess::rejoin()
{
    wire_.reset();
    wire_ = open_wire(settings_);
    asked_to_rejoin_ = false;
    opened_at_ = TimeOfDay::now();
    for (auto const& [link, beginning] : beginnings_) {
        has_rejoined_ = has_rejoined_ || beginning.sent() > 0;
        again_.insert(link);
    }
    for (auto const& [link, end] : ends_) { has_rejoined_ = has_rejoined_ || end.heard() > 0; }
    tell(name_ + " joins anew\n");
}

/// What the old wire may have lost, where the other end is there again.
void NodeProcess::send_again()
{
    std::erase_if(again_, [&](std::string const& link) {
        if (!wire_->is_connected(link)) { return false; }
        beginnings_.at(link).send_again(
            [&](std::string const& by, WireMessage const& out) { transmit(by, out); });
        return true;
    });
}

/// All that it had heard, again, up to when it was last there. What it did then it does not do again.
void NodeProcess::come_back()
{
    Outbox again;
    auto const live_up_to = [&](double t_s) {
        while (node_->next_s() <= t_s) { node_->step(again); }
    };
    for (auto const& entry : journal_.before()) {
        auto const at = ends_.find(entry.link);
        if (at == ends_.end()) {
            throw std::runtime_error(
                fmt::format("{} has a message by '{}', which does not end here",
                            (settings_.identity / "journal").string(), entry.link));
        }
        auto& end = at->second;
        end.heard_before(std::max(end.heard(), entry.message.sequence_number));
        auto const message = from_wire(study_, plan_.exercise, entry.message);
        if (!std::holds_alternative<LiveMessage>(message)) { continue; }
        if (entry.t_heard_s > journal_.t_last_s()) {
            held_.emplace(entry.t_heard_s, Held{end.link(), std::get<LiveMessage>(message)});
            continue;
        }
        live_up_to(entry.t_heard_s);
        node_->hear(entry.t_heard_s, std::get<LiveMessage>(message), again);
    }
    live_up_to(journal_.t_last_s());
    was_away_ = true;
    std::map<std::tuple<int, MessageId, int>, SentMessage> last;
    for (auto& sent : again.sent) {
        auto what = sent.message.id;
        if (what.kind == MessageKind::track) { what.number = 0; }
        last.insert_or_assign({sent.link, what, sent.message.stamp_origin}, std::move(sent));
    }
    for (auto& [what, sent] : last) { sent_before_.push_back(std::move(sent)); }
    // Numbers that its links' ends have not seen.
    auto const from = static_cast<std::uint64_t>(journal_.beginnings()) << 32;
    for (auto& [link, beginning] : beginnings_) { beginning.number_from(from); }
}

/// It knows again what time it is. Whoever was away too when it sent something has not had that; others have, and know it.
void NodeProcess::is_back()
{
    was_away_ = false;
    node_->was_away_until(now_s());
    for (auto const& sent : sent_before_) { send(sent); }
    sent_before_.clear();
}

double NodeProcess::now_s() const { return clock_.now_s(TimeOfDay::now()); }

double NodeProcess::next_s() const
{
    double const arrival = held_.empty() ? double(never_s) : held_.begin()->first;
    return std::min(arrival, node_->next_s());
}

bool NodeProcess::run()
{
    auto last_word = TimeOfDay::now(), last_report = last_word - report_period;
    while (!is_over_) {
        auto const mail = wire_->take();
        for (auto const& heard : mail.messages) { hear(heard); }
        for (auto const& a : mail.acknowledgements) {
            if (auto at = beginnings_.find(a.link); at != beginnings_.end()) {
                at->second.heard(a.sequence_number);
            }
        }
        for (auto const& word : mail.words) {
            hear(word);
            last_word = TimeOfDay::now();
        }
        send_again();
        do_what_is_due(now_s());
        auto const now = TimeOfDay::now();
        bool const has_news = !mail.words.empty() || !mail.messages.empty();
        if ((!clock_.runs() && has_news) || now - last_report > report_period) {
            report();
            last_report = now;
        }
        if (now - last_word > patience) { return false; }
        if (asked_to_rejoin_ || now - std::max(last_word, opened_at_) > alone_at_most) { rejoin(); }
        std::chrono::nanoseconds wait = report_period;
        if (auto const until = clock_.until(next_s(), now)) { wait = std::min(wait, *until); }
        if (wait.count() > 0) { wire_->wait(wait); }
    }
    return true;
}

void NodeProcess::do_what_is_due(double t_s)
{
    bool was_due = false;
    while (next_s() <= t_s) {
        was_due = true;
        Outbox out;
        if (!held_.empty() && held_.begin()->first <= node_->next_s()) {
            auto const first = held_.extract(held_.begin());
            node_->hear(std::max(first.key(), clock_.runs() ? now_s() : first.key()),
                        first.mapped().message, out);
            auto const came = std::find_if(out.told.begin(), out.told.end(), [&](auto const& told) {
                return told.id == first.mapped().message.id;
            });
            if (came != out.told.end()) { came->link = first.mapped().link; }
        } else {
            node_->step(out);
        }
        give_out(out);
    }
    if (was_due && clock_.runs()) { journal_.reached(t_s); }
}

void NodeProcess::give_out(Outbox const& out)
{
    for (auto const& sent : out.sent) { send(sent); }
    news_.insert(news_.end(), out.events.begin(), out.events.end());
    told_.insert(told_.end(), out.told.begin(), out.told.end());
    has_learnt_ = has_learnt_ || !out.told.empty();
}

void NodeProcess::send(SentMessage const& sent)
{
    auto message = to_wire(study_, plan_.exercise, sent.message);
    if (message.signature.empty()) {
        message.t_made_s += clock_error_s_;
        message.t_expires_s += clock_error_s_;
        auto const signature = signer_.sign(signed_bytes(message));
        message.signature.assign(signature.begin(), signature.end());
    }
    auto const& link = study_.links[static_cast<std::size_t>(sent.link)];
    double const leaves_s = clock_.runs() ? now_s() : sent.t_leaves_s;
    beginnings_.at(link).send(
        std::move(message), sent.t_arrives_s, leaves_s + clock_error_s_,
        [&](std::string const& by, WireMessage const& out) { transmit(by, out); });
}

void NodeProcess::transmit(std::string const& link, WireMessage const& message)
{
    log("sent", link, message);
    wire_->send(link, message);
}

void NodeProcess::log(char const* what, std::string const& link, WireMessage const& message)
{
    MessageRow row;
    row.t_s = clock_.runs() ? now_s() : message.t_sent_s - clock_error_s_;
    row.what = what;
    row.link = link;
    row.kind = message_kind_texts[static_cast<int>(message.kind)];
    row.maker = message.maker;
    row.stamp = message.stamp;
    row.origins = fmt::format("{}", fmt::join(message.origins, "+"));
    row.flight = message.flight;
    row.part = message.part;
    row.number = message.number;
    row.sequence_number = message.sequence_number;
    row.t_made_s = message.t_made_s;
    row.t_sent_s = message.t_sent_s;
    row.t_arrives_s = message.t_arrives_s;
    log_ << csv_row(row) << std::flush;
    if (!log_) { throw std::runtime_error("node " + name_ + " cannot write its messages"); }
}

void NodeProcess::hear(WireMail::Heard const& heard)
{
    auto& end = ends_.at(heard.link);
    ++heard_count_[heard.link];
    auto const is_signed = [&](WireMessage const& m) {
        return verifier_.is_signed(m.maker_node, signed_bytes(m), m.signature);
    };
    auto checked = heard.message
                       ? end.check(*heard.message, now_s(), is_signed)
                       : std::variant<LiveMessage, DroppedMessage>(DroppedMessage{
                             Dropped::malformed, "what came by " + heard.link + " is no message"});
    if (auto const* why = std::get_if<DroppedMessage>(&checked)) {
        ++dropped_[heard.link][static_cast<std::size_t>(why->why)];
        auto const* const reason = dropped_names[static_cast<int>(why->why)];
        tell(fmt::format("{}: dropped ({}): {}\n", name_, reason, why->what));
        // What a stranger has written stays out of the table.
        if (heard.message && why->why != Dropped::malformed) {
            log(reason, heard.link, *heard.message);
        }
        return;
    }
    auto const& live = std::get<LiveMessage>(checked);
    double const arrives_s = std::max(heard.message->t_arrives_s, now_s());
    if (live.id.kind != MessageKind::track) {
        journal_.add({arrives_s, heard.link, *heard.message});
    }
    log("heard", heard.link, *heard.message);
    if (clock_.runs()) {
        worst_wire_s_ = std::max(worst_wire_s_, now_s() - heard.message->t_sent_s);
    }
    held_.emplace(arrives_s, Held{end.link(), live});
    wire_->acknowledge({heard.link, end.heard(), now_s()});
}

void NodeProcess::hear(WireWord const& word)
{
    auto const said = json_of_text(word.text);
    if (!said || !said->is_object()) { return; }
    try {
        obey(*said, word.number);
    } catch (json::exception const& error) {
        tell(fmt::format("{}: a word of {} is not understood ({})\n", name_, word.from,
                         error.what()));
    }
}

void NodeProcess::obey(json const& said, std::uint64_t number)
{
    auto const kind = said.value("kind", "");
    round_ = said.value("round", round_);
    if (kind == "grant") {
        clock_.grant(said.value("t_s", 0.0));
    } else if (kind == "run") {
        auto const at = TimeOfDay::time_point(std::chrono::duration_cast<TimeOfDay::duration>(
            std::chrono::nanoseconds(said.value("unix_ns", std::int64_t{0}))));
        clock_.run(said.value("t_s", 0.0), at, said.value("speed", 1.0));
        if (was_away_) { is_back(); }
    } else if (kind == "fault") {
        break_something(said);
    } else if (kind == "rejoin") {
        // The last word comes again by a new wire.
        auto const names = said.value("nodes", std::vector<std::string>());
        bool const is_named = std::find(names.begin(), names.end(), name_) != names.end();
        asked_to_rejoin_ = asked_to_rejoin_ || (is_named && number > rejoin_word_);
        rejoin_word_ = std::max(rejoin_word_, number);
    } else if (kind == "stop") {
        is_over_ = true;
    }
}

void NodeProcess::break_something(json const& fault)
{
    if (fault.value("node", "") == name_) {
        clock_error_s_ = fault.value("clock_error_s", clock_error_s_);
    }
    auto const at = beginnings_.find(fault.value("link", ""));
    if (at == beginnings_.end()) { return; }
    LinkFault set = at->second.fault();
    set.is_cut = fault.value("cut", set.is_cut);
    set.slower_s = fault.value("slower_s", set.slower_s);
    set.lost = fault.value("lost", set.lost);
    set.is_doubled = fault.value("doubled", set.is_doubled);
    at->second.set(set, now_s(),
                   [&](std::string const& by, WireMessage const& out) { transmit(by, out); });
}

void NodeProcess::report()
{
    json links = json::object();
    for (auto const& [link, beginning] : beginnings_) {
        links[link] = {{"sent", beginning.sent()},
                       {"acknowledged", beginning.acknowledged()},
                       {"is_connected", wire_->is_connected(link)}};
    }
    for (auto const& [link, end] : ends_) {
        links[link] = {{"heard", heard_count_[link]},
                       {"is_connected", wire_->is_connected(link)},
                       {"dropped", dropped_[link]}};
    }
    json word{{"kind", "state"},
              {"round", round_},
              {"next_s", next_s()},
              {"links", std::move(links)},
              {"has_rejoined", has_rejoined_},
              {"worst_wire_s", worst_wire_s_},
              {"events", events_json(news_)},
              {"told", told_json(told_)}};
    if (has_learnt_) { word["knows"] = knows_json(node_->knows()); }
    has_learnt_ = false;
    news_.clear();
    told_.clear();
    wire_->tell({name_, ++words_, word.dump()});
}

}  // namespace longwatch
