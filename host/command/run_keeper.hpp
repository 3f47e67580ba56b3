// Keeps what a run has flown, so that nothing finished is lost when it ends before its time.
#pragma once

#include <chrono>
#include <string>

#include "host/command/output.hpp"
#include "results/store/checkpoint.hpp"

namespace longwatch {

/// A run was interrupted, and what it had flown is kept.
struct Interrupted {};

/// The checkpoint that is there when a run begins.
struct KeptBefore {
    std::int64_t flights = 0;  ///< of this run
    CopiesPlace place;
};

class RunKeeper {
public:
    using Clock = std::chrono::steady_clock;

    /// Keeps at least so often. Interruptions are held back from now on.
    RunKeeper(std::filesystem::path const& result, KeptBefore const& kept, double every_s)
        : path_(checkpoint_path(result)), file_(path_, kept.place), is_there_(kept.place.is_there),
          kept_(kept.flights), every_(std::chrono::duration_cast<Clock::duration>(
                                   std::chrono::duration<double>(every_s)))
    {
    }

    /// Time to keep, or interrupted. Any thread may ask.
    bool is_due() const { return Clock::now() >= next_ || held_.is_one_waiting(); }

    /// Keeps the part where it is time. Throws Interrupted once it is kept after an interruption, StoreError where it cannot
    /// be.
    void look(FlownPart const& part);

    /// Keeps the part, whatever the time. Throws StoreError.
    void keep(FlownPart const& part);

    /// The result is written: the checkpoint goes.
    void discard();

    /// Does what an interruption would have done.
    void let_interruptions_through() { held_.let_through(); }

    std::filesystem::path const& path() const { return path_; }
    /// Flights in the checkpoint.
    std::int64_t kept() const { return kept_; }

private:
    InterruptionsHeld held_;
    std::filesystem::path path_;
    CheckpointFile file_;
    bool is_there_;
    std::int64_t kept_;
    Clock::duration every_;
    Clock::time_point next_ = Clock::now() + every_;
};

}  // namespace longwatch
