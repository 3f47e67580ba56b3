#include "host/command/watched_exercise.hpp"

#include <thread>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "host/command/whole_number.hpp"

namespace longwatch {

namespace {

constexpr std::chrono::milliseconds show_period{500};

}  // namespace

PageAddress page_address(std::optional<std::string> const& given)
{
    if (!given) { return {}; }
    auto const at = given->rfind(':');
    if (at == std::string::npos) {
        throw UsageError("--page '" + *given + "' (write ADDRESS:PORT, as 127.0.0.1:8080)");
    }
    return {given->substr(0, at),
            static_cast<int>(whole_number("--page", given->substr(at + 1), 1, 65535))};
}

void WatchedExercise::open(PageAddress const& at, std::filesystem::path const& catalog)
{
    PageSettings settings;
    settings.address = at.address;
    settings.port = at.port;
    settings.token = page_token();
    settings.files = page_files();
    settings.land = land_json(catalog);
    server_ = open_page_server(settings);
    server_->show(exercise_picture(of_, conductor_));
    tell(fmt::format("watch it: http://{}:{}/\n", settings.address, server_->port()));
}

bool WatchedExercise::watch()
{
    if (server_) {
        for (auto const& wish : server_->asked()) { grant(wish); }
        auto const now = std::chrono::steady_clock::now();
        if (now - last_shown_ >= show_period) {
            last_shown_ = now;
            server_->show(exercise_picture(of_, conductor_));
        }
    }
    return !interruptions_.is_one_waiting();
}

void WatchedExercise::end(bool hold)
{
    if (!server_) { return; }
    // The server tells the last picture to whoever watches before it goes.
    server_->show(exercise_picture(of_, conductor_));
    if (!hold) { return; }
    tell("over; held until interrupted\n");
    while (!interruptions_.is_one_waiting()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

void WatchedExercise::grant(PageWish const& wish)
{
    if (!of_.may_control || conductor_.is_over()) { return; }
    switch (wish.action) {
    case PageWish::Action::pause: conductor_.pause(); break;
    case PageWish::Action::resume: conductor_.go_on(conductor_.speed()); break;
    case PageWish::Action::speed: conductor_.go_on(wish.speed); break;
    }
}

}  // namespace longwatch
