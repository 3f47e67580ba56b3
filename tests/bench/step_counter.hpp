// Counts the instructions that a stretch of a program executes, by their places, on the very processor: its trap flag has it
// raise SIGTRAP after every instruction. For instructions that valgrind does not know; x86-64 Linux.
#pragma once

#include <csignal>
#include <cstdint>
#include <vector>

namespace longwatch {

class StepCounter {
public:
    struct Place {
        std::uint64_t address = 0;  ///< in memory
        std::uint64_t visits = 0;
    };

    static void start()
    {
        table_.assign(places_max, {});
        struct sigaction action = {};
        action.sa_sigaction = count;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGTRAP, &action, nullptr);
        __builtin_ia32_writeeflags_u64(__builtin_ia32_readeflags_u64() | trap_flag);
    }
    /// The places visited, in no order.
    static std::vector<Place> stop()
    {
        __builtin_ia32_writeeflags_u64(__builtin_ia32_readeflags_u64() & ~trap_flag);
        std::vector<Place> visited;
        for (Place const& place : table_) {
            if (place.visits > 0) { visited.push_back(place); }
        }
        return visited;
    }

private:
    static constexpr std::uint64_t trap_flag = 0x100;
    static constexpr std::size_t places_max = std::size_t{1} << 20;

    /// No call of the library here: the stretch may be inside any.
    static void count(int, siginfo_t*, void* interrupted)
    {
        auto const* const context = static_cast<ucontext_t const*>(interrupted);
        auto const address = static_cast<std::uint64_t>(context->uc_mcontext.gregs[REG_RIP]);
        std::size_t at = (address * 0x9E3779B97F4A7C15ULL) >> 44;
        while (table_[at].visits > 0 && table_[at].address != address) {
            at = (at + 1) % places_max;
        }
        table_[at].address = address;
        ++table_[at].visits;
    }

    inline static std::vector<Place> table_;
};

}  // namespace longwatch
