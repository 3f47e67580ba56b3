#include "host/command/run_keeper.hpp"

#include <system_error>

namespace longwatch {

void RunKeeper::keep(FlownPart const& part)
{
    file_.keep(part);
    is_there_ = true;
    kept_ = count_of(part.spans);
    next_ = Clock::now() + every_;
}

void RunKeeper::look(FlownPart const& part)
{
    bool const interrupted = held_.is_one_waiting();
    if (interrupted || Clock::now() >= next_) { keep(part); }
    if (interrupted) { throw Interrupted{}; }
}

void RunKeeper::discard()
{
    if (!is_there_) { return; }
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    is_there_ = false;
}

}  // namespace longwatch
