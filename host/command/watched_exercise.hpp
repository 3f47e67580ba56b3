// An exercise that is watched: its page, and what those who watch ask for.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "host/command/output.hpp"
#include "host/exercise/exercise_picture.hpp"
#include "host/exercise/page_server.hpp"

namespace longwatch {

struct PageAddress {
    std::string address = "127.0.0.1";
    int port = 0;  ///< 0: any that is free
};
/// ADDRESS:PORT as given; a free port of this machine where none is. Throws UsageError.
PageAddress page_address(std::optional<std::string> const& given);

class WatchedExercise {
public:
    WatchedExercise(PictureOf const& of, Conductor& conductor, InterruptionsHeld const& held)
        : of_(of), conductor_(conductor), interruptions_(held)
    {
    }

    /// Serves the page, and says where. Throws std::runtime_error.
    void open(PageAddress const& at, std::filesystem::path const& catalog);
    /// A few times a second. False once somebody has interrupted the exercise.
    bool watch();
    /// Until those who watch have seen the end; with `hold` until interrupted.
    void end(bool hold);

private:
    void grant(PageWish const& wish);

    PictureOf const& of_;
    Conductor& conductor_;
    std::unique_ptr<PageServer> server_;
    std::chrono::steady_clock::time_point last_shown_;
    InterruptionsHeld const& interruptions_;
};

}  // namespace longwatch
