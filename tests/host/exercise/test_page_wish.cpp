// What the page of an exercise may ask for: three things, in one form each.
#include <catch2/catch.hpp>

#include <string>

#include "host/exercise/page_wish.hpp"

namespace longwatch {
namespace {

using Action = PageWish::Action;

TEST_CASE("a page may ask to pause, to resume, and for the two speeds", "[page]")
{
    REQUIRE(page_wish_of(R"({"action": "pause"})"));
    CHECK(page_wish_of(R"({"action": "pause"})")->action == Action::pause);
    REQUIRE(page_wish_of(R"({"action":"resume"})"));
    CHECK(page_wish_of(R"({"action":"resume"})")->action == Action::resume);
    for (double const speed : {1.0, 10.0}) {
        auto const text = std::to_string(static_cast<int>(speed));
        auto const wish = page_wish_of(R"( {"speed": )" + text + R"(, "action": "speed"} )");
        REQUIRE(wish);
        CHECK(wish->action == Action::speed);
        CHECK(wish->speed == speed);
    }
}

TEST_CASE("what asks for anything else, or for more, is no wish", "[page]")
{
    auto const* const text = GENERATE(
        "", " ", "pause", "null", "true", "1", "[]", "{}", R"("pause")", R"(["pause"])",
        R"({"action": "stop"})", R"({"action": "Pause"})", R"({"action": "pause "})",
        R"({"action": ["pause"]})", R"({"action": {"action": "pause"}})", R"({"action": null})",
        R"({"action": 1})", R"({"speed": 1})", R"({"action": "pause", "speed": 1})",
        R"({"action": "pause", "why": ""})", R"({"action": "speed"})",
        R"({"action": "speed", "speed": 2})", R"({"action": "speed", "speed": 0})",
        R"({"action": "speed", "speed": -1})", R"({"action": "speed", "speed": 1e1000})",
        R"({"action": "speed", "speed": "1"})", R"({"action": "speed", "speed": true})",
        R"({"action": "speed", "speed": [1]})", R"({"action": "speed", "speed": null})",
        R"({"action": "speed", "speed": 10.000001})",
        R"({"action": "speed", "speed": 1, "speed": 1})",
        R"({"action": "speed", "speed": 1, "also": 1})", R"({"action": "pause"} x)",
        R"({"action": "pause"}{"action": "resume"})", R"({"action": "pause", "action": "pause"})",
        R"({"action": "pause", "action": "resume"})", R"({'action': 'pause'})",
        R"({"action": "pause",})", R"({"action": "pause")", "{\"action\": \"pause\xff\"}",
        R"({"action": "speed", "action": "speed"})",
        R"({"action": {"action": "speed", "speed": 1}})");
    CAPTURE(text);
    CHECK(!page_wish_of(text));
}

TEST_CASE("a wish with a zero byte in it is none", "[page]")
{
    std::string text = R"({"action": "pause"})";
    text.push_back('\0');
    CHECK(!page_wish_of(text));
}

}  // namespace
}  // namespace longwatch
