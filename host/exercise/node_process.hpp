// The process of one node: a LiveNode between the clock, the wire and the disk.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "host/exercise/exercise_clock.hpp"
#include "host/exercise/exercise_plan.hpp"
#include "host/exercise/link_end.hpp"
#include "host/exercise/live_node.hpp"
#include "host/exercise/node_journal.hpp"
#include "host/exercise/signing.hpp"

namespace longwatch {

class NodeProcess {
public:
    /// Throws UsageError where the name is no node's of the exercise, std::runtime_error where the exercise's folder lacks something.
    NodeProcess(Study const& study, std::filesystem::path const& folder, std::string const& name);
    ~NodeProcess();

    /// Until the exercise says stop, or it has heard nothing of it for two minutes. True if it said so.
    bool run();

private:
    struct Held {
        int link = 0;
        LiveMessage message;
    };

    void rejoin();
    void send_again();
    void come_back();
    void is_back();
    void do_what_is_due(double t_s);
    void give_out(Outbox const& out);
    void send(SentMessage const& sent);
    void hear(WireMail::Heard const& heard);
    void hear(WireWord const& word);
    void obey(nlohmann::json const& said, std::uint64_t number);
    void break_something(nlohmann::json const& fault);
    void report();
    void transmit(std::string const& link, WireMessage const& message);
    void log(char const* what, std::string const& link, WireMessage const& message);
    double next_s() const;
    double now_s() const;

    Study const& study_;
    ExercisePlan plan_;
    std::string name_;
    NodeScript script_;
    NodeJournal journal_;
    Signer signer_;
    Verifier verifier_;
    std::unique_ptr<LiveNode> node_;
    WireSettings settings_;
    std::unique_ptr<Wire> wire_;
    std::chrono::system_clock::time_point opened_at_;
    bool asked_to_rejoin_ = false;
    std::uint64_t rejoin_word_ = 0;  ///< the latest that asked somebody to
    bool has_rejoined_ = false;      ///< after something had been sent or heard
    std::set<std::string> again_;    ///< links by which it sends again once their ends are there
    ExerciseClock clock_;
    std::map<std::string, LinkBeginning> beginnings_;
    std::map<std::string, LinkEnd> ends_;
    std::multimap<double, Held> held_;                  ///< until links give them out
    std::map<std::string, std::uint64_t> heard_count_;  ///< by link, whatever it was worth
    std::map<std::string, std::array<std::uint64_t, dropped_count>> dropped_;  ///< by link
    std::vector<NodeEvent> news_;    ///< events not yet reported
    std::vector<ToldMessage> told_;  ///< likewise
    double worst_wire_s_ = 0;        ///< of what came, from its sending on, on the exercise's clock
    bool has_learnt_ = true;         ///< since its last report
    bool was_away_ = false;  ///< its journal was not empty, and it has not yet heard the time
    std::vector<SentMessage> sent_before_;  ///< then, the last of everything
    std::uint64_t round_ = 0, words_ = 0;
    double clock_error_s_ = 0;  ///< of its own clock, by which it stamps
    std::ofstream log_;         ///< a row for every message that leaves or comes
    bool is_over_ = false;
};

}  // namespace longwatch
