#include "host/exercise/page_wish.hpp"

#include <nlohmann/json.hpp>

namespace longwatch {

std::optional<PageWish> page_wish_of(std::string const& body)
{
    using nlohmann::json;
    // The parser takes a zero byte for the end.
    if (body.find('\0') != std::string::npos) { return {}; }
    std::size_t keys = 0;
    auto const count = [&keys](int, json::parse_event_t event, json&) {
        keys += event == json::parse_event_t::key ? 1 : 0;
        return true;
    };
    auto const said = json::parse(body, count, false);
    // A key that comes twice is kept once.
    if (!said.is_object() || said.size() != keys || !said.contains("action")) { return {}; }
    auto const& action = said["action"];
    if (keys == 1 && action == "pause") { return PageWish{PageWish::Action::pause}; }
    if (keys == 1 && action == "resume") { return PageWish{PageWish::Action::resume}; }
    if (keys != 2 || action != "speed" || !said.contains("speed")) { return {}; }
    auto const& speed = said["speed"];
    if (speed != 1 && speed != 10) { return {}; }
    return PageWish{PageWish::Action::speed, speed.get<double>()};
}

}  // namespace longwatch
