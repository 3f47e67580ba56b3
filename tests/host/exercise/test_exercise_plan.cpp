// The plan of an exercise as a stranger may have changed it: its names become paths, topics and XML, so what is no name is refused.
#include <catch2/catch.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "host/command/exit_status.hpp"
#include "host/exercise/dds_configuration.hpp"
#include "host/exercise/exercise_plan.hpp"
#include "host/exercise/node_process.hpp"
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

ExercisePlan small_plan()
{
    return {"bf30619c",
            study().hash,
            UINT64_MAX,
            "via-us-hub",
            {0, 1},
            30000,
            {{conductor_name, "127.0.0.1", 0}, {"us-hub", "10.0.0.7", 1}}};
}

/// A folder with the plan in it, changed.
struct ChangedPlan {
    test::Folder folder;
    std::filesystem::path file = folder.path / "exercise.json";

    explicit ChangedPlan(std::function<void(json&)> const& change)
    {
        write_plan(folder.path, small_plan());
        auto plan = json::parse(test::bytes_of(file));
        change(plan);
        test::put(file, plan.dump());
    }
    std::string refusal() const
    {
        try {
            read_plan(folder.path, study());
        } catch (std::runtime_error const& error) {
            return error.what();
        }
        return "";
    }
};

std::string refusal(std::string const& pointer, json const& value)
{
    ChangedPlan const changed([&](json& plan) { plan[json::json_pointer(pointer)] = value; });
    auto const said = changed.refusal();
    if (!said.empty()) { CHECK_THAT(said, Contains(changed.file.string())); }
    return said;
}

// As it was used to have DDS write its trace over a file.
constexpr char const* trace =
    "y</Tag></Discovery><Tracing><Verbosity>finest</Verbosity><OutputFile>/tmp/f</OutputFile>"
    "</Tracing></Domain><Domain Id=\"77\"><Discovery><Tag>y";

TEST_CASE("a plan is read as it was written", "[exercise]")
{
    ChangedPlan const changed([](json&) {});
    auto const plan = small_plan(), read = read_plan(changed.folder.path, study());
    CHECK(read.exercise == plan.exercise);
    CHECK(read.study_hash == plan.study_hash);
    CHECK(read.seed == plan.seed);
    CHECK(read.arm == plan.arm);
    CHECK(read.flights == plan.flights);
    CHECK(read.base_port == plan.base_port);
    REQUIRE(read.places.size() == 2);
    CHECK(read.places[1].member == "us-hub");
    CHECK(read.places[1].address == "10.0.0.7");
    CHECK(read.places[1].index == 1);
}

TEST_CASE("a plan whose names would leave a path or XML is refused", "[exercise]")
{
    for (std::string const& name :
         {std::string(trace), std::string(), std::string("a b"), std::string("../x"),
          std::string("${HOME}"), std::string("a\0b", 3), std::string(65, 'a')}) {
        INFO(name);
        CHECK_THAT(refusal("/exercise", name),
                   Contains("exercise: ") && Contains("a name of 1 to 64"));
        CHECK_THAT(refusal("/places/1/member", name), Contains("member: "));
        CHECK_THAT(refusal("/places/1/address", name), Contains("address: "));
    }
    for (char const* const address : {"localhost", "10.0.0", "10.0.0.256", "::1", "10.0.0.7 ",
                                      "10.0.0.7\"/><x y=\"", "0x7f.1"}) {
        CHECK_THAT(refusal("/places/1/address", address), Contains("an address as 192.0.2.7"));
    }
    CHECK_THAT(refusal("/places/1/member", "kr-nobody"), Contains("a node of the study"));
}

TEST_CASE("a plan with a value of another type or beyond its bounds is refused", "[exercise]")
{
    for (char const* const key :
         {"schema", "exercise", "study_hash", "seed", "arm", "flights", "base_port", "places"}) {
        for (json const& value : {json(nullptr), json(true), json(-1), json(0.5), json(1e300),
                                  json("no such thing"), json::object(), json::array({nullptr})}) {
            INFO(key << ": " << value);
            CHECK_FALSE(refusal(std::string("/") + key, value).empty());
        }
        ChangedPlan const without([&](json& plan) { plan.erase(key); });
        CHECK_THAT(without.refusal(), Contains(key) && Contains("is missing"));
    }
    for (json const& port : {json(0), json(65535), json(70000), json(UINT64_MAX)}) {
        CHECK_THAT(refusal("/base_port", port), Contains("base_port: "));
    }
    for (json const& index : {json(-1), json(65), json("1"), json(1.0)}) {
        CHECK_THAT(refusal("/places/1/index", index), Contains("index: "));
    }
    CHECK_THAT(refusal("/places/1/index", 0), Contains("a number of its own"));
    CHECK_THAT(refusal("/places/1/member", conductor_name), Contains("a name of its own"));
    CHECK_THAT(refusal("/flights", {0, -1}), Contains("flights: -1"));
    CHECK_THAT(refusal("/schema", 2), Contains("another version"));
    CHECK_THAT(refusal("/study_hash", "b2"), Contains("another study"));
    ChangedPlan const list([](json& plan) { plan = json::array(); });
    CHECK_THAT(list.refusal(), Contains("a table belongs there"));
}

TEST_CASE("texts of the settings are texts in the configuration of DDS", "[exercise]")
{
    WireSettings settings;
    settings.exercise = trace;
    settings.place = {"us-hub", "10.0.0.7\"/><x y=\"", 1};
    settings.peers = {{"conductor", "<&>\"", 0}};
    settings.base_port = 30000;
    auto const text = dds_configuration(settings);
    auto const count = [&](std::string const& part) {
        std::size_t found = 0;
        for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
            ++found;
        }
        return found;
    };
    CHECK(count("<Domain>") == 1);
    CHECK(count("<Domain ") == 0);
    CHECK(count("<OutputFile>") == 1);
    CHECK(count("<OutputFile>stderr</OutputFile>") == 1);
    CHECK(count("<x") == 0);
    CHECK(count("<Tag>y&lt;/Tag&gt;") == 1);
    CHECK(count("address=\"10.0.0.7&quot;/") == 1);
    CHECK(count("&quot;:30010\"") == 1);
}

TEST_CASE("DDS is told a member's own address and where the others are met", "[exercise]")
{
    auto const plan = small_plan();
    auto const text = dds_configuration(wire_settings(plan, "/x", study(), "us-hub"));
    for (char const* const part :
         {"<NetworkInterface address=\"10.0.0.7\"", "<AllowMulticast>false</AllowMulticast>",
          "<Ports><Base>30000</Base></Ports>", "<ParticipantIndex>1</ParticipantIndex>",
          "<Tag>bf30619c</Tag>", "<Peer address=\"127.0.0.1:30010\"",
          "<LeaseDuration>10 s</LeaseDuration>", "<WhcHigh>500 kB</WhcHigh>"}) {
        CHECK_THAT(text, Contains(part));
    }
}

TEST_CASE("who is no node of the exercise is told so before any file of its own is looked for",
          "[exercise]")
{
    ChangedPlan const changed([](json&) {});
    auto const& folder = changed.folder.path;
    std::filesystem::create_directory(folder / "us-hub");
    for (std::string const& name : {std::string("../") + folder.filename().string() + "/us-hub",
                                    std::string("us-hub/"), std::string("us-hub/../us-hub"),
                                    std::string("."), std::string(), std::string(conductor_name)}) {
        CHECK_THROWS_AS(NodeProcess(study(), folder, name), UsageError);
        CHECK_THROWS_WITH(NodeProcess(study(), folder, name),
                          Contains("--name '" + name + "'") && !Contains("script"));
    }
    CHECK_THROWS_WITH(NodeProcess(study(), folder, "us-hbu"), Contains("did you mean 'us-hub'?"));
    CHECK_THROWS_WITH(NodeProcess(study(), folder, "us-hub"), Contains("script.msgpack"));
}

}  // namespace
}  // namespace longwatch
