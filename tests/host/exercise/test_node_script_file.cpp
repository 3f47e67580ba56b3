// A node's script and journal as files that a stranger may have changed.
#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include "host/exercise/node_journal.hpp"
#include "host/exercise/node_script_file.hpp"
#include "host/study/study.hpp"
#include "tests/support/file_bytes.hpp"
#include "tests/support/folder.hpp"

namespace longwatch {
namespace {

using Catch::Contains;
using nlohmann::json;

Study const& study()
{
    static Study const read =
        read_study(std::string(LW_SOURCE_DIR) + "/studies/trilateral-warning.toml");
    return read;
}

int first_of(SensorKind kind)
{
    auto const& scenario = *study().scenario;
    int s = 0;
    while (scenario.sensor[s].kind != kind) { ++s; }
    return s;
}

FlightScript flight_numbered(std::int64_t number)
{
    auto const& scenario = *study().scenario;
    auto const size = [](int n) { return static_cast<std::size_t>(n); };
    FlightScript flight{};
    flight.flight = number;
    flight.links.resize(size(scenario.network.link_count), {0.5, never_s});
    flight.decision_s.assign(size(scenario.network.consumer_count), 30);
    flight.precaution_s.assign(size(scenario.network.consumer_count), never_s);
    flight.clocks.resize(size(scenario.network.consumer_count), {600, true});
    flight.commit_s.assign(size(scenario.battery_count), 5);
    flight.linearisation.passing.resize(size(scenario.battery_count));
    return flight;
}

/// Of the node that the first radar stands at: two flights, the first of which it looks at twice.
NodeScript small_script()
{
    int const radar = first_of(SensorKind::radar);
    NodeScript script{study().scenario->sensor[radar].node, 1, {}};
    script.flights = {flight_numbered(3), flight_numbered(4)};
    ScriptedLook telling{true, true, 0.25, true, {}, {}};
    telling.information.fill(2);
    telling.error.fill(-1);
    script.flights[0].radars.push_back({radar, 2, 61.5, {ScriptedLook{}, telling}});
    return script;
}

struct ScriptFile {
    test::Folder folder;
    std::filesystem::path path = folder.path / "script.msgpack";

    explicit ScriptFile(NodeScript const& script) { write_node_script(path, script); }
    /// What is said of it when one of its values is another.
    std::string refusal(std::string const& pointer, json const& value) const
    {
        auto script = json::from_msgpack(test::bytes_of(path));
        script[json::json_pointer(pointer)] = value;
        return refusal(script);
    }
    std::string refusal(json const& script) const
    {
        auto const changed = folder.path / "changed.msgpack";
        auto const bytes = json::to_msgpack(script);
        test::put(changed, {reinterpret_cast<char const*>(bytes.data()), bytes.size()});
        try {
            read_node_script(changed, *study().scenario);
        } catch (std::runtime_error const& error) {
            CHECK_THAT(error.what(), Contains(changed.string()));
            return error.what();
        }
        return "";
    }
};

TEST_CASE("a node's script is read as it was written", "[exercise]")
{
    auto const script = small_script();
    ScriptFile const file(script);
    auto const read = read_node_script(file.path, *study().scenario);
    CHECK(read.node == script.node);
    CHECK(read.arm == 1);
    REQUIRE(read.flights.size() == 2);
    CHECK(read.flights[1].flight == 4);
    REQUIRE(read.flights[0].radars.size() == 1);
    auto const& radar = read.flights[0].radars[0];
    CHECK(radar.t_first_s == 61.5);
    REQUIRE(radar.looks.size() == 2);
    CHECK_FALSE(radar.looks[0].tells);
    CHECK(radar.looks[1].information == script.flights[0].radars[0].looks[1].information);
    CHECK(radar.looks[1].error == script.flights[0].radars[0].looks[1].error);
    CHECK(read.flights[0].links[0].latency_s == never_s);
    CHECK(file.refusal("/arm", 0).empty());
}

TEST_CASE("a script with a value of another type is refused with its key", "[exercise]")
{
    ScriptFile const file(small_script());
    auto const script = json::from_msgpack(test::bytes_of(file.path));
    auto const check_all = [&](std::string const& above, json const& table) {
        for (auto const& [key, value] : table.items()) {
            INFO(above << key);
            CHECK_THAT(file.refusal(above + key, "text"), Contains(key + ": \"text\" ("));
            auto without = script;
            auto const at = json::json_pointer(above.substr(0, above.size() - 1));
            (above == "/" ? without : without[at]).erase(key);
            CHECK_THAT(file.refusal(without), Contains(key + " is missing"));
        }
    };
    check_all("/", script);
    check_all("/flights/0/", script["flights"][0]);
    check_all("/flights/0/linearisation/", script["flights"][0]["linearisation"]);
    check_all("/flights/0/radars/0/", script["flights"][0]["radars"][0]);
    for (char const* const place :
         {"/flights/0/links/0", "/flights/0/clocks/0", "/flights/0/radars/0/looks/1",
          "/flights/0/radars/0/looks/1/0", "/flights/0/radars/0/looks/1/3",
          "/flights/0/decision_s/0", "/flights/0/linearisation/east/2", "/flights/1"}) {
        INFO(place);
        CHECK_THAT(file.refusal(place, nullptr), Contains("flights["));
        CHECK_THAT(file.refusal(place, json::object()), Contains("flights["));
    }
}

TEST_CASE("a script that reaches beyond the study or the node is refused", "[exercise]")
{
    ScriptFile const file(small_script());
    auto const& scenario = *study().scenario;
    for (json const& far : {json(-1), json(1 << 20), json(UINT64_MAX), json(1e300), json(0.5)}) {
        INFO(far);
        CHECK_THAT(file.refusal("/node", far), Contains("node: "));
        CHECK_THAT(file.refusal("/arm", far), Contains("arm: "));
        CHECK_THAT(file.refusal("/flights/0/threat", far), Contains("flights[0], threat: "));
        CHECK_THAT(file.refusal("/flights/0/radars/0/sensor", far), Contains("sensor: "));
    }
    CHECK_THAT(file.refusal("/flights/0/threat", scenario.threat_count), Contains("another study"));
    // A radar's looks need its period, which an infrared sensor has not.
    for (int const sensor : {first_of(SensorKind::infrared), scenario.sensor_count}) {
        CHECK_THAT(file.refusal("/flights/0/radars/0/sensor", sensor), Contains("another study"));
    }
    int const elsewhere = small_script().node == 0 ? 1 : 0;
    CHECK_THAT(file.refusal("/node", elsewhere), Contains("another study"));
    CHECK_THAT(file.refusal("/flights/0/links", json::array()), Contains("another study"));
    CHECK_THAT(file.refusal("/flights/1/flight", 3), Contains("flights[1], flight: 3"));
    for (double const never : {std::nan(""), 1e31, -1e31}) {
        CHECK_THAT(file.refusal("/flights/0/linearisation/t_end_s", never), Contains("t_end_s: "));
        CHECK_THAT(file.refusal("/flights/0/decision_s/0", never), Contains("decision_s: "));
    }
}

TEST_CASE("a script nested without end is refused", "[exercise]")
{
    test::Folder const folder;
    auto const file = folder.path / "script.msgpack";
    test::put(file, std::string(5'000'000, '\x91'));
    CHECK_THROWS_WITH(read_node_script(file, *study().scenario),
                      Contains(file.string()) && Contains("nested deeper"));
}

JournalEntry heard(std::uint64_t number)
{
    JournalEntry entry{12.5, "hub-to-korea", {}};
    auto& message = entry.message;
    message.exercise = "drill";
    message.maker = message.maker_node = "us-hub";
    message.kind = MessageKind::impact_prediction;
    message.origins = {"us"};
    message.impact = ImpactEstimate{0.6, 2.2, 900, 3000, 2000, 1, 8};
    message.signature.assign(64, 7);
    message.sequence_number = number;
    return entry;
}

TEST_CASE("a journal gives back what it was told, but for a line that was cut short", "[exercise]")
{
    test::Folder const folder;
    auto const file = folder.path / "journal";
    {
        NodeJournal journal(file);
        journal.begin();
        journal.add(heard(UINT64_MAX));
        journal.reached(20);
    }
    std::ofstream(file, std::ios::app) << R"({"t_heard_s": 13, "link": "hub)";
    NodeJournal const again(file);
    CHECK(again.beginnings() == 1);
    CHECK(again.t_last_s() == 20);
    REQUIRE(again.before().size() == 1);
    auto const& message = again.before()[0].message;
    CHECK(message.sequence_number == UINT64_MAX);
    CHECK(message.signature == heard(1).message.signature);
    REQUIRE(message.impact);
    CHECK(message.impact->half_axis_major_m == 3000);
}

TEST_CASE("a journal's line that is none is refused with its file, line and key", "[exercise]")
{
    test::Folder const folder;
    auto const file = folder.path / "journal";
    {
        NodeJournal journal(file);
        journal.begin();
        journal.add(heard(1));
    }
    auto const text = test::bytes_of(file);
    auto const line = json::parse(text.substr(text.find('\n') + 1));
    auto const is_refused = [&](std::string const& pointer, json const& value) {
        auto changed = line;
        changed[json::json_pointer(pointer)] = value;
        test::put(file, "\n" + changed.dump());
        auto const key = pointer.substr(pointer.rfind('/') + 1);
        CHECK_THROWS_WITH(NodeJournal(file),
                          Contains(file.string() + ":2") && Contains(key + ": "));
    };
    is_refused("/link", 7);
    is_refused("/t_heard_s", "soon");
    is_refused("/message", json::array());
    for (auto const& [key, value] : line.at("message").items()) {
        is_refused("/message/" + key, json::object());
    }
    is_refused("/message/kind", 99);
    is_refused("/message/schema", {1});
    is_refused("/message/signature", json::array({256}));
    test::put(file, std::string(5'000'000, '['));
    CHECK(NodeJournal(file).before().empty());
    std::filesystem::remove(file);
    std::filesystem::create_symlink(folder.path / "elsewhere", file);
    CHECK_THROWS_WITH(NodeJournal(file), Contains(file.string()));
}

}  // namespace
}  // namespace longwatch
