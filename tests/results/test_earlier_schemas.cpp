// Results that earlier versions wrote: tests/results/kept/README.md.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "results/show/show_json.hpp"
#include "results/store/schema.hpp"
#include "results/store/store.hpp"
#include "tests/support/folder.hpp"

namespace longwatch::test {
namespace {

namespace fs = std::filesystem;

fs::path kept(std::string const& name) { return fs::path("tests/results/kept") / name; }

TEST_CASE("a result of each earlier minor version of the schema opens whole", "[results]")
{
    for (int minor = 0; minor < schema_minor; ++minor) {
        auto const version = std::to_string(schema_major) + "." + std::to_string(minor);
        INFO(version);
        auto const old = read_result(kept("schema-" + version + ".h5"));
        CHECK(old.schema_version == version);
        CHECK(old.flight_count == 48);
        CHECK(old.names.arms == std::vector<std::string>{"alone", "shared"});
        CHECK(result_problems(old).empty());
        // Ground tracks came with 4.1.
        CHECK(old.tracks.size() == (minor < 1 ? 0 : 1));
    }
}

TEST_CASE("a result of an earlier version says what it said when it was written", "[results]")
{
    for (int minor = 0; minor < schema_minor; ++minor) {
        auto const name = "schema-" + std::to_string(schema_major) + "." + std::to_string(minor);
        INFO(name);
        std::ifstream file(kept(name + ".json"));
        auto const then = nlohmann::json::parse(file);
        auto now = nlohmann::json::parse(show_json(read_result(kept(name + ".h5"))));
        REQUIRE(then.size() > 20);
        // Nothing is missing and nothing differs; there may be more.
        for (auto const& [key, value] : then.items()) {
            INFO(key);
            CHECK(now[key] == value);
        }
    }
}

TEST_CASE("a result of an earlier version that is written again is one of this version",
          "[results]")
{
    Folder const folder;
    auto const old = read_result(kept("schema-4.1.h5"));
    write_result(folder.path / "new.h5", old);
    auto const fresh = read_result(folder.path / "new.h5");
    CHECK(fresh.schema_version == schema_version());
    CHECK((fresh.tally.cells == old.tally.cells));
    CHECK(fresh.tracks == old.tracks);
    CHECK(fresh.study == old.study);
}

}  // namespace
}  // namespace longwatch::test
