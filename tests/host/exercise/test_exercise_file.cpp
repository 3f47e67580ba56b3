// Files of an exercise that a stranger has written: nothing in them is read without end, and what is wrong is said with the file,
// the key and what belongs there.
#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "host/exercise/exercise_file.hpp"
#include "tests/support/file_bytes.hpp"
#include "tests/support/folder.hpp"

namespace longwatch {
namespace {

using Catch::Contains;
using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::int64_t size_max = 1 << 24;

/// A list in a list, so deep.
json nested(int depth)
{
    json value = json::array();
    for (int k = 1; k < depth; ++k) { value = json::array({std::move(value)}); }
    return value;
}

template <class Read>
std::string wrong(Read const& read)
{
    try {
        read();
    } catch (WrongValue const& error) {
        return error.what();
    }
    return "";
}

TEST_CASE("what is nested without end is refused before the stack is used up", "[exercise]")
{
    test::Folder const folder;
    auto const file = folder.path / "deep";
    constexpr std::size_t levels = 5'000'000;
    for (char const opens :
         {'\x91', '\x81'}) {  // a list of one; a table of one, with itself for a key
        test::put(file, std::string(levels, opens));
        CHECK_THROWS_WITH(load_msgpack(file, size_max), Contains(file.string()));
    }
    test::put(file, std::string(levels, '\x91'));
    CHECK_THROWS_WITH(load_msgpack(file, size_max), Contains("nested deeper than 32"));
    std::string text;
    for (std::size_t k = 0; k < levels / 4; ++k) { text += "{\"\":"; }
    for (auto const& deep :
         {std::string(levels, '['), text, std::string(levels, '[') + std::string(levels, ']')}) {
        test::put(file, deep);
        CHECK_THROWS_WITH(load_json(file, size_max),
                          Contains(file.string()) && Contains("nested deeper than 32"));
        CHECK_FALSE(json_of_text(deep));
    }
}

TEST_CASE("what is nested as deep as it may be is read", "[exercise]")
{
    test::Folder const folder;
    auto const file = folder.path / "deep";
    auto const deepest = nested(json_depth_max), too_deep = nested(json_depth_max + 1);
    test::put(file, deepest.dump());
    CHECK(load_json(file, size_max) == deepest);
    CHECK(json_of_text(deepest.dump()) == deepest);
    CHECK_FALSE(json_of_text(too_deep.dump()));
    auto const bytes_of = [](json const& value) {
        auto const bytes = json::to_msgpack(value);
        return std::string(bytes.begin(), bytes.end());
    };
    test::put(file, bytes_of(deepest));
    CHECK(load_msgpack(file, size_max) == deepest);
    CHECK(msgpack_problem(bytes_of(deepest)).empty());
    CHECK_THAT(msgpack_problem(bytes_of(too_deep)), Contains("nested deeper"));
}

TEST_CASE("a list may not say that it is longer than its file", "[exercise]")
{
    test::Folder const folder;
    auto const file = folder.path / "long";
    // An array, a map, a text and bytes of 2^32 - 1.
    for (char const* const head : {"\xdd", "\xdf", "\xdb", "\xc6"}) {
        test::put(file, std::string(head) + "\xff\xff\xff\xff");
        CHECK_THROWS_WITH(load_msgpack(file, size_max), Contains("as MessagePack"));
    }
}

TEST_CASE("a file that cannot be read is named", "[exercise]")
{
    test::Folder const folder;
    auto const file = folder.path / "plan.json";
    auto const is_refused = [&](std::string const& why) {
        CHECK_THROWS_WITH(load_json(file, 10), Contains(file.string()) && Contains(why));
    };
    is_refused("No such file");
    test::put(file, "[1, 2, 3, 4]");
    is_refused("more than 10 bytes");
    for (char const* const bad : {"", "[1", "[1] 2", "\"\xff\"", "[1e999]", "{1: 2}"}) {
        test::put(file, bad);
        is_refused("as JSON");
        CHECK_FALSE(json_of_text(bad));
    }
    fs::remove(file);
    fs::create_directory(file);
    is_refused("cannot be read");
}

TEST_CASE("nothing is appended to what another name leads to", "[exercise]")
{
    test::Folder const folder;
    auto const file = folder.path / "rows", other = folder.path / "other";
    CHECK_NOTHROW(check_appendable(file));
    test::put(file, "");
    CHECK_NOTHROW(check_appendable(file));
    fs::remove(file);
    fs::create_symlink(other, file);
    CHECK_THROWS_WITH(check_appendable(file), Contains(file.string()));
    test::put(other, "");
    CHECK_THROWS_WITH(check_appendable(file), Contains(file.string()));
}

TEST_CASE("a value of another type is refused with its key and what belongs there", "[exercise]")
{
    json const values{
        {"list", {1, 2}}, {"text", "a"},     {"half", 0.5}, {"large", UINT64_MAX},
        {"negative", -1}, {"none", nullptr}, {"yes", true}, {"long", std::string(1000, 'x')}};
    FileValue const from(values, "file");
    CHECK(wrong([&] { from.at("gone"); }) == "gone is missing");
    CHECK(wrong([&] { from.at("text").at("key"); }) == "text: \"a\" (a table belongs there)");
    CHECK(wrong([&] { from.at("half").whole(0, 9); }) ==
          "half: 0.5 (a whole number from 0 to 9 belongs there)");
    for (char const* const key : {"large", "negative", "none", "yes", "text", "list"}) {
        CHECK_THAT(wrong([&] { from.at(key).whole(0, INT64_MAX); }),
                   Contains(std::string(key) + ": ") && Contains("a whole number from 0 to"));
    }
    CHECK_THAT(wrong([&] { from.at("negative").natural(); }), Contains("2^64"));
    CHECK(from.at("large").natural() == UINT64_MAX);
    CHECK_THAT(wrong([&] { from.at("text").number(); }), Contains("a number"));
    CHECK_THAT(wrong([&] { from.at("half").flag(); }), Contains("true or false"));
    CHECK_THAT(wrong([&] { from.at("half").text(); }), Contains("a text"));
    CHECK_THAT(wrong([&] { from.at("list").list(3, 3); }),
               Contains("a list of 2 (a list of 3 belongs there)"));
    CHECK_THAT(wrong([&] { from.at("text").list(0, 3); }), Contains("a list of 0 to 3"));
    CHECK(wrong([&] { from.at("long").flag(); }).size() < 200);
}

TEST_CASE("seconds are finite and no later than never", "[exercise]")
{
    json const values{{"never", 1e30}, {"later", 1.1e30}, {"none", std::nan("")}};
    FileValue const from(values, "file");
    CHECK(from.at("never").seconds() == 1e30);
    CHECK_THAT(wrong([&] { from.at("later").seconds(); }), Contains("later: "));
    CHECK_THAT(wrong([&] { from.at("none").seconds(); }), Contains("none: nan"));
}

}  // namespace
}  // namespace longwatch
