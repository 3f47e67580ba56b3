// What somebody at the page of an exercise asks for.
#pragma once

#include <optional>
#include <string>

namespace longwatch {

struct PageWish {
    enum class Action { pause, resume, speed } action = Action::pause;
    double speed = 0;  ///< of Action::speed: seconds of the exercise a second
};

/// The wish that the body of POST /control says (host/exercise/page/README.md); nothing where it says anything else.
std::optional<PageWish> page_wish_of(std::string const& body);

}  // namespace longwatch
