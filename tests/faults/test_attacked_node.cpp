// A running node under attack by real links: by a neighbour gone bad, by a stranger in a neighbour's place, by members that reach for
// what is not theirs. What is not as it must be is dropped, counted and logged, and nothing comes of it.
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "host/command/arm_option.hpp"
#include "host/exercise/exercise_folder.hpp"
#include "host/exercise/node_process.hpp"
#include "tests/support/file_bytes.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/object_beside.hpp"
#include "tests/support/shipped_study.hpp"

namespace longwatch {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;
using std::chrono::steady_clock;
using Dropping = std::array<int, dropped_count>;
namespace fs = std::filesystem;

constexpr double granted_s = 100;
constexpr auto patience = 60s;    // for what must come, on a busy machine
constexpr auto long_enough = 3s;  // for what must not come, where its like has come

void need_dds() { test::need_object("longwatch_dds.so"); }

/// Of one flight.
ExercisePlan plan_for(std::string const& arm)
{
    Study const& study = trilateral_study();
    ExercisePlan plan{"siege", study.hash, study.seed, arm, {0}, 0, {}};
    plan.places.push_back({conductor_name, "127.0.0.1", 0});
    for (int const n : nodes_of_arm(study, arm_named(study, arm))) {
        auto const& node = study.nodes[static_cast<std::size_t>(n)];
        plan.places.push_back({node, "127.0.0.1", static_cast<int>(plan.places.size())});
    }
    plan.base_port = free_base_port(static_cast<int>(plan.places.size()));
    return plan;
}

/// An exercise, its members' keys made for it.
struct Exercise {
    test::Folder temporary;
    fs::path folder = temporary.path / "exercise";
    ExercisePlan plan;

    explicit Exercise(ExercisePlan of) : plan(std::move(of))
    {
        Study const& study = trilateral_study();
        ExerciseFlights flights(1);
        flights[0] = std::make_unique<FlownFlight>(flight_on_cpu(*study.scenario, study.seed, 0));
        make_exercise_folder(folder, plan, study, flights);
    }
    WireSettings settings(std::string const& member) const
    {
        return wire_settings(plan, folder, trilateral_study(), member);
    }
};

/// One end of what two processes have between them: a packet is a word.
struct Talk {
    int socket = -1;

    void put(json const& word) const
    {
        auto const text = word.dump();
        static_cast<void>(::send(socket, text.data(), text.size(), MSG_NOSIGNAL));
    }
    /// Nothing where nothing comes.
    std::optional<json> take(std::chrono::milliseconds at_most) const
    {
        pollfd ready{socket, POLLIN, 0};
        if (::poll(&ready, 1, static_cast<int>(at_most.count())) <= 0) { return std::nullopt; }
        std::string text(1 << 18, '\0');
        auto const size = ::recv(socket, text.data(), text.size(), 0);
        if (size <= 0) { return std::nullopt; }
        return json::parse(text.begin(), text.begin() + size);
    }
};

/// A member in a process of its own, as DDS has one network a process. Its standard error goes to its log.
class Member {
public:
    Member(fs::path const& log, std::function<void(Talk const&)> const& live)
    {
        int ends[2];
        REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
        process_ = ::fork();
        REQUIRE(process_ >= 0);
        int const own = process_ == 0 ? 1 : 0;
        talk_.socket = ends[own];
        ::close(ends[1 - own]);
        if (process_ > 0) { return; }
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        int status = std::freopen(log.c_str(), "a", stderr) == nullptr ? 1 : 0;
        try {
            live(talk_);
        } catch (std::exception const& error) {
            talk_.put({{"failed", error.what()}});
            status = 1;
        }
        ::_exit(status);
    }
    ~Member()
    {
        if (process_ > 0) { ::kill(process_, SIGKILL); }
        ends_well();
        ::close(talk_.socket);
    }
    Member(Member const&) = delete;
    Member& operator=(Member const&) = delete;

    void ask(json const& word) const { talk_.put(word); }
    /// Waits for its end.
    bool ends_well()
    {
        int status = 0;
        auto const process = std::exchange(process_, 0);
        return process > 0 && ::waitpid(process, &status, 0) == process && status == 0;
    }
    /// Hears what it tells until something is so of that; false where it has not come to be in time.
    bool until(std::function<bool()> const& is, steady_clock::duration at_most = patience)
    {
        auto const end = steady_clock::now() + at_most;
        while (!is()) {
            if (auto const word = talk_.take(50ms)) {
                told_.update(*word);
                events_ += word->value("events", json::array()).size();
            } else if (steady_clock::now() > end) {
                return false;
            }
        }
        return true;
    }
    json const& told() const { return told_; }
    std::size_t events() const { return events_; }
    /// Of a member that is played: those of its links whose other end is there.
    std::vector<std::string> links() const
    {
        return told_.value("connected", std::vector<std::string>{});
    }

private:
    pid_t process_ = 0;
    Talk talk_;
    json told_ = json::object();  ///< the latest of everything
    std::size_t events_ = 0;
};

/// A message by a link, and what is to become of it: "news", "heard" where it is none, or why it is dropped.
struct Attack {
    WireMessage message;
    std::string becomes;
};

/// Has a member's wire and no node. Sends the attack whose number is asked for, tells a word that it is asked to tell, and leaves on
/// anything else; says what words it hears and which links are there.
void play(WireSettings const& settings, std::string const& link, std::vector<Attack> const& attacks,
          Talk const& talk)
{
    auto const wire = open_wire(settings);
    std::uint64_t words = 0;
    for (json said;;) {
        auto const asked = talk.take(10ms);
        if (asked && asked->is_number()) {
            wire->send(link, attacks.at(asked->get<std::size_t>()).message);
        } else if (asked && asked->is_object()) {
            wire->tell({settings.member, ++words, asked->dump()});
        } else if (asked) {
            return;
        }
        for (auto const& word : wire->take().words) { talk.put(json::parse(word.text)); }
        auto links = json::array();
        for (auto const* names : {&settings.outgoing, &settings.incoming}) {
            for (auto const& name : *names) {
                if (wire->is_connected(name)) { links.push_back(name); }
            }
        }
        if (links != said) { talk.put({{"connected", said = links}}); }
    }
}

Member played(Exercise const& e, WireSettings const& settings, std::string const& link = "",
              std::vector<Attack> const& attacks = {})
{
    return {e.folder / settings.member / "log",
            [&](Talk const& talk) { play(settings, link, attacks, talk); }};
}

/// A node as it is in an exercise, and a conductor who grants it time.
struct Running {
    Member node, conductor;

    Running(Exercise const& e, std::string const& name)
        : node(e.folder / name / "log",
               [&](Talk const&) { NodeProcess(trilateral_study(), e.folder, name).run(); }),
          conductor(played(e, e.settings(conductor_name)))
    {
        conductor.ask({{"kind", "grant"}, {"round", 1}, {"t_s", granted_s}});
    }
    bool has_come_to(int round)
    {
        return conductor.until([&] { return conductor.told().value("round", 0) == round; });
    }
    /// What the node reports of the end of a link.
    template <class Value>
    Value of(std::string const& link, char const* what) const
    {
        auto const links = conductor.told().value("links", json::object());
        return links.value(link, json::object()).value(what, Value{});
    }
    /// By reason, of all links: the node reports them together or of each.
    Dropping dropped() const
    {
        auto const& told = conductor.told();
        auto const by_link = told.value("links", json::object());
        Dropping sum{};
        for (auto const& of : told.contains("dropped") ? json::array({told}) : by_link) {
            auto const dropped = of.value("dropped", Dropping{});
            std::transform(sum.begin(), sum.end(), dropped.begin(), sum.begin(), std::plus());
        }
        return sum;
    }
};

/// That a sensor has seen the flight, as its node signs it, or another member in its name.
WireMessage alert(Exercise const& e, std::string const& sensor, std::uint64_t number,
                  std::function<void(WireMessage&)> const& change = {},
                  std::string const& signer = "")
{
    Study const& study = trilateral_study();
    auto const at = std::find(study.sensors.begin(), study.sensors.end(), sensor);
    LiveMessage made;
    made.id = {0, MessageKind::alert, static_cast<int>(at - study.sensors.begin()), 0};
    made.origins = OriginSet{1} << study.scenario->sensor[made.id.maker].origin;
    made.t_made_s = granted_s - 20;
    made.t_expires_s = granted_s + 3600;
    auto message = to_wire(study, e.plan.exercise, made);
    if (change) { change(message); }
    Signer const by(e.folder / (signer.empty() ? message.maker_node : signer) / "key.pem");
    auto const signature = by.sign(signed_bytes(message));
    message.signature.assign(signature.begin(), signature.end());
    message.sequence_number = number;
    message.t_sent_s = granted_s - 10;
    message.t_arrives_s = granted_s - 5;
    return message;
}

/// Has a neighbour of a node send these by a link of its own.
void attack(Exercise const& e, std::string const& neighbour, std::string const& link,
            std::string const& node, std::vector<Attack> const& attacks)
{
    Running running(e, node);
    auto& conductor = running.conductor;
    auto attacker = played(e, e.settings(neighbour), link, attacks);
    REQUIRE(running.has_come_to(1));
    REQUIRE(conductor.until([&] { return running.of<bool>(link, "is_connected"); }));
    REQUIRE(attacker.until([&] {
        auto const links = attacker.links();
        return std::find(links.begin(), links.end(), link) != links.end();
    }));
    Dropping dropped{};
    std::size_t events = 0;
    std::vector<std::string> rows;
    for (std::size_t k = 0; k < attacks.size(); ++k) {
        auto const& [message, becomes] = attacks[k];
        INFO("message " << k << ", to be " << becomes);
        attacker.ask(k);
        REQUIRE(conductor.until([&] { return running.of<std::size_t>(link, "heard") > k; }));
        auto const why = std::find(std::begin(dropped_names), std::end(dropped_names), becomes);
        bool const is_dropped = why != std::end(dropped_names);
        if (is_dropped) { ++dropped[static_cast<std::size_t>(why - dropped_names)]; }
        events += becomes == "news" ? 1 : 0;
        CHECK(running.dropped() == dropped);
        CHECK(conductor.events() == events);
        if (becomes == "malformed") { continue; }
        rows.push_back(
            fmt::format("{} {}", is_dropped ? becomes : "heard", message.sequence_number));
    }
    // Nothing comes of it later.
    conductor.ask({{"kind", "grant"}, {"round", 2}, {"t_s", granted_s + 1000}});
    REQUIRE(running.has_come_to(2));
    CHECK(conductor.events() == events);
    conductor.ask({{"kind", "stop"}});
    CHECK(running.node.ends_well());
    std::vector<std::string> logged;
    for (auto const& row : messages_of(e.folder, e.plan)) {
        if (row.link != link) { continue; }
        logged.push_back(fmt::format("{} {}", row.what, row.sequence_number));
    }
    CHECK(logged == rows);
    auto const log = test::bytes_of(e.folder / node / "log");
    for (std::size_t k = 0; k < dropped.size(); ++k) {
        auto const said = fmt::format("{}: dropped ({}): ", node, dropped_names[k]);
        CHECK((log.find(said) != std::string::npos) == (dropped[k] > 0));
    }
}

}  // namespace

TEST_CASE("a node drops, counts and logs what a hub gone bad sends it, and hears the rest",
          "[exercise]")
{
    need_dds();
    Exercise const e(plan_for("via-us-hub"));
    double const nan = std::numeric_limits<double>::quiet_NaN();
    auto const sound = alert(e, "fps5-sado", 1);
    auto changed = alert(e, "spy-jp", 2), again = sound;
    changed.t_made_s -= 1;
    again.sequence_number = 10;
    std::vector<Attack> const attacks{
        {sound, "news"},
        {changed, "forged"},
        {alert(e, "spy-jp", 3, {}, "us-hub"), "forged"},
        {sound, "replayed"},
        {alert(e, "spy-jp", 1), "replayed"},
        {alert(e, "spy-jp", 4, [=](auto& m) { m.launch.emplace().latitude_rad = nan; }),
         "malformed"},
        {alert(e, "spy-jp", 5, [](auto& m) { m.maker = "nobody"; }), "malformed"},
        {alert(e, "spy-jp", 6, [](auto& m) { m.maker_node = "us-hub"; }), "malformed"},
        {alert(e, "spy-jp", 7, [](auto& m) { ++m.schema_major; }), "malformed"},
        {alert(e, "spy-jp", 8, [](auto& m) { m.t_expires_s = granted_s - 1; }), "expired"},
        {alert(e, "spy-jp", 9, [](auto& m) { m.stamp = "united-states"; }), "refused"},
        {again, "heard"},
        {alert(e, "spy-jp", 11), "news"}};
    attack(e, "us-hub", "hub-to-korea", "kr-fusion", attacks);
}

TEST_CASE("what a link does not carry is refused at its end, though its maker has signed it",
          "[exercise]")
{
    need_dds();
    SECTION("an ally passes on what is another's")
    {
        Exercise const e(plan_for("via-us-hub"));
        std::vector<Attack> const attacks{{alert(e, "fps5-sado", 1), "refused"},
                                          {alert(e, "geo-west-pacific", 2), "refused"},
                                          {alert(e, "spy-kr", 3), "news"}};
        attack(e, "kr-fusion", "korea-to-hub", "us-hub", attacks);
    }
    SECTION("the hub passes on what the arm does not let it")
    {
        Exercise const e(plan_for("bilateral"));
        std::vector<Attack> const attacks{{alert(e, "fps5-sado", 1), "refused"},
                                          {alert(e, "geo-west-pacific", 2), "news"}};
        attack(e, "us-hub", "hub-to-korea", "kr-fusion", attacks);
    }
}

TEST_CASE("a stranger in a neighbour's place does not get to a node", "[exercise]")
{
    need_dds();
    Exercise const e(plan_for("via-us-hub"));
    Exercise const strange(e.plan);  // the same names and ports; another authority
    Running running(e, "kr-fusion");
    auto const is_there = [&] { return running.of<bool>("hub-to-korea", "is_connected"); };
    auto const rightful = played(e, e.settings("us-hub"));
    REQUIRE(running.conductor.until(is_there));
    rightful.ask("leave");
    REQUIRE(running.conductor.until([&] { return !is_there(); }));
    std::vector<Attack> const attacks{{alert(strange, "fps5-sado", 1), ""}};
    auto stranger = played(strange, strange.settings("us-hub"), "hub-to-korea", attacks);
    REQUIRE(stranger.until([&] { return stranger.told().contains("connected"); }));
    stranger.ask(0);
    CHECK_FALSE(running.conductor.until(is_there, long_enough));
    CHECK_FALSE(stranger.until([&] { return !stranger.links().empty(); }, 0s));
    CHECK(running.of<int>("hub-to-korea", "heard") == 0);
    CHECK(running.dropped() == Dropping{});
    CHECK(running.conductor.events() == 0);
    // It was at the door.
    auto const log = test::bytes_of(e.folder / "kr-fusion" / "log");
    CHECK(log.find("CN=us-hub") != std::string::npos);
}

TEST_CASE("a member cannot open what is not its own", "[exercise]")
{
    need_dds();
    Exercise const e(plan_for("via-us-hub"));
    auto const is_refused = [&](auto const& change) {
        auto settings = e.settings("kr-fusion");
        change(settings);
        auto member = played(e, settings);
        REQUIRE(member.until([&] { return !member.told().empty(); }));
        auto const problem = member.told().value("failed", "");
        return problem.find("Not Allowed By Security") != std::string::npos;
    };
    CHECK_FALSE(is_refused([](auto&) {}));
    CHECK(is_refused([](auto& s) { s.outgoing.emplace_back("japan-to-hub"); }));
    CHECK(is_refused([](auto& s) { s.incoming.emplace_back("hub-to-japan"); }));
    CHECK(is_refused([](auto& s) { s.incoming.emplace_back("korea-to-hub"); }));
    CHECK(is_refused([](auto& s) { s.outgoing.emplace_back("korea-to-japan"); }));
    CHECK(is_refused([](auto& s) { s.member = "us-hub"; }));
}

TEST_CASE("Korea and Japan have no way to one another but the hub", "[exercise]")
{
    need_dds();
    Exercise const e(plan_for("via-us-hub"));
    auto korea = e.settings("kr-fusion"), japan = e.settings("jp-fusion");
    for (auto const& peer : korea.peers) { CHECK(peer.member.substr(0, 3) != "jp-"); }
    for (auto const& peer : japan.peers) { CHECK(peer.member.substr(0, 3) != "kr-"); }
    // They may know where the other is, and try.
    korea.peers.push_back(japan.place);
    japan.peers.push_back(korea.place);
    auto kr = played(e, korea), jp = played(e, japan), hub = played(e, e.settings("us-hub"));
    CHECK(hub.until([&] { return hub.links().size() == 4; }));
    for (auto* ally : {&kr, &jp}) {
        CHECK(ally->until([&] { return ally->links().size() == 2; }));
    }
    CHECK_FALSE(kr.until([&] { return kr.links().size() > 2; }, long_enough));
    CHECK_FALSE(jp.until([&] { return jp.links().size() > 2; }, 0s));
    CHECK(kr.links() == std::vector<std::string>{"korea-to-hub", "hub-to-korea"});
    CHECK(jp.links() == std::vector<std::string>{"japan-to-hub", "hub-to-japan"});
}

}  // namespace longwatch
