#include "host/ranks/ranked_run.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "host/command/same_run.hpp"
#include "host/ranks/rank_flier.hpp"
#include "results/show/spans_text.hpp"
#include "results/show/terminal_text.hpp"

namespace longwatch {

namespace {

using SteadyClock = std::chrono::steady_clock;

void wait_a_moment() { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }

/// Whole numbers in a message, with a blank between them.
std::vector<std::int64_t> numbers_in(std::string const& text)
{
    std::vector<std::int64_t> out;
    auto const* at = text.data();
    auto const* const end = at + text.size();
    while (at < end) {
        std::int64_t value = 0;
        auto const read = std::from_chars(at, end, value);
        if (read.ec != std::errc{}) { throw std::runtime_error("a rank's message is broken"); }
        out.push_back(value);
        at = read.ptr < end ? read.ptr + 1 : end;
    }
    return out;
}

/// What a rank was asked to fly and to write, in one line.
std::string asked_text(RankedWork const& work)
{
    FlightSpan const range{work.range.first, work.range.count};
    return fmt::format("{} to {}", spans_text({range}), terminal_text(work.output));
}

/// Rank 0's desk, seen from another rank.
class FarDesk final : public Desk {
public:
    explicit FarDesk(Ranks& ranks) : ranks_(ranks) {}

    void hello(RankedWork const& work)
    {
        say(says_hello, ranks_.place().node + "\n" + asked_text(work) + "\n" + bytes_of(work.none));
    }
    Order ask(std::int64_t wanted) override
    {
        say(says_ask, std::to_string(wanted));
        return hear();
    }
    void hand_in(FlownPart const& part) override { say(says_part, bytes_of(part)); }
    void leave(std::string const& why) override
    {
        say(says_leave, ranks_.place().node + ": " + why);
        while (hear().kind != Order::Kind::done) {}
    }
    void bye() { say(says_bye, ""); }

private:
    void say(RankSays what, std::string const& bytes) { ranks_.link().send(0, what, bytes); }

    Order hear()
    {
        for (;;) {
            auto const message = ranks_.link().receive();
            if (!message) {
                wait_a_moment();
                continue;
            }
            if (message->kind == told_done) { return {}; }
            if (message->kind == told_hand_in) { return {Order::Kind::hand_in, {}}; }
            auto const span = numbers_in(message->bytes);
            return {Order::Kind::fly, {span.at(0), span.at(1)}};
        }
    }

    Ranks& ranks_;
};

/// What rank 0 has on its desk. The thread that flies on rank 0 takes from it as other ranks do.
class KeeperDesk final : public Desk {
public:
    KeeperDesk(Ranks& ranks, RankedWork const& work, RunKeeper& keeper, FlownPart& part)
        : ranks_(ranks), work_(work), keeper_(keeper), part_(part),
          dealer_(ranks.place().ranks, work.study.scenario->raid.size),
          heard_(static_cast<std::size_t>(ranks.place().ranks)), silent_after_(silence(work)),
          threads_(work.none.provenance.threads), before_(count_of(part.spans))
    {
    }

    // Of the thread that flies here.

    Order ask(std::int64_t wanted) override
    {
        for (;; wait_a_moment()) {
            if (is_over_) { return {}; }
            std::lock_guard const lock(mutex_);
            auto const answer = dealer_.ask(0, wanted);
            if (answer.says == Dealer::Says::hand_in) { return {Order::Kind::hand_in, {}}; }
            if (answer.says == Dealer::Says::fly) { return {Order::Kind::fly, answer.span}; }
        }
    }
    void hand_in(FlownPart const& part) override { add(0, part); }
    void leave(std::string const& why) override { leave_as(0, ranks_.place().node + ": " + why); }

    // Of the thread that speaks to the other ranks.

    /// Has the flights flown. Throws Interrupted, CannotRun and what fly_on_ranks() throws.
    void have_flown(FlightSpans const& missing, Progress const& progress)
    {
        {
            std::lock_guard const lock(mutex_);
            dealer_.put(missing);
        }
        while (!is_all_in()) {
            if (ranks_.is_interrupted()) {
                gather();
                throw Interrupted{};
            }
            bool const is_quiet = !hear();
            look();
            tell_interrupted();
            tell_silent();
            progress(flown());
            if (is_quiet) { wait_a_moment(); }
        }
    }

    void end() { is_over_ = true; }
    bool is_over() const { return is_over_; }
    int threads() const { return threads_; }

private:
    /// Six times as long as a rank flies before it hands in, and at least 5 s.
    static SteadyClock::duration silence(RankedWork const& work)
    {
        auto const s = std::max(6 * hand_in_pause_s(work), 5.0);
        return std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(s));
    }

    void add(int rank, FlownPart const& part)
    {
        std::lock_guard const lock(mutex_);
        dealer_.handed_in(rank, part.spans);
        part_.add(part);
        has_new_ = true;
    }

    /// `why`: "NODE: " and what went wrong; nothing after an interruption.
    void leave_as(int rank, std::string const& why)
    {
        std::lock_guard const lock(mutex_);
        known_.insert(rank);
        dealer_.left(rank);
        if (!why.ends_with(": ")) {
            problem_ = fmt::format("rank {} on {}", rank, why);
            tell_left();
        } else if (rank != 0) {
            interrupted_.push_back(
                {SteadyClock::now(), fmt::format("rank {} on {}it was told to end", rank, why)});
        }
    }

    void tell_left() const
    {
        tell(fmt::format("longwatch: {}: it flies no more, the other ranks fly for it\n",
                         terminal_text(problem_)));
    }

    /// Of ranks that were told to end while this one was not: an interruption of all comes to this one at about the same time,
    /// and then there is nothing to tell.
    void tell_interrupted()
    {
        constexpr auto after = std::chrono::milliseconds(500);
        std::lock_guard const lock(mutex_);
        std::erase_if(interrupted_, [&](auto const& one) {
            bool const is_due = SteadyClock::now() - one.first > after;
            if (is_due) {
                problem_ = one.second;
                tell_left();
            }
            return is_due;
        });
    }

    bool is_all_in()
    {
        std::lock_guard const lock(mutex_);
        // A short run may be over before a rank has said what it would fly.
        if (dealer_.is_empty() && std::ssize(known_) == ranks_.place().ranks) { return true; }
        if (dealer_.is_empty() || dealer_.ranks() > 0 || ranks_.is_interrupted()) { return false; }
        throw CannotRun(fmt::format("no rank is left that flies ({})", problem_));
    }

    std::int64_t flown()
    {
        std::lock_guard const lock(mutex_);
        return count_of(part_.spans) - before_ + dealer_.flown();
    }

    /// Keeps what is new, where it is time to.
    void look(bool whatever_the_time = false)
    {
        std::lock_guard const lock(mutex_);
        if (!has_new_ || !(whatever_the_time || keeper_.is_due())) { return; }
        keeper_.keep(part_);
        has_new_ = false;
    }

    /// Of a rank that should have handed something in long ago: it may hang. Once.
    void tell_silent()
    {
        std::lock_guard const lock(mutex_);
        auto const now = SteadyClock::now();
        for (int rank = 1; rank < ranks_.place().ranks; ++rank) {
            auto& heard = heard_[static_cast<std::size_t>(rank)];
            auto const is_it = [&](auto const& one) { return one.first == rank; };
            if (std::ranges::any_of(asking_, is_it) || dealer_.has_left(rank)) { heard.at = now; }
            if (heard.is_told || now - heard.at < silent_after_) { continue; }
            heard.is_told = true;
            tell(fmt::format(
                "longwatch: rank {} has said nothing for {:.0f} s; if it hangs, end the run and go "
                "on with --resume\n",
                rank, std::chrono::duration<double>(now - heard.at).count()));
        }
    }

    /// Takes all messages that have come, and answers. False where none had.
    bool hear()
    {
        bool heard = false;
        while (auto const message = ranks_.link().receive()) {
            take(*message);
            heard = true;
        }
        for (auto const& [rank, wanted] : std::exchange(asking_, {})) { answer(rank, wanted); }
        return heard;
    }

    void take(RankMessage const& message)
    {
        heard_[static_cast<std::size_t>(message.from)] = {SteadyClock::now(), false};
        switch (message.kind) {
        case says_hello: greet(message); break;
        case says_ask: asking_.emplace_back(message.from, numbers_in(message.bytes).at(0)); break;
        case says_part: add(message.from, part_of_bytes(message.bytes)); break;
        case says_leave: leave_as(message.from, message.bytes); break;
        default: throw std::runtime_error("a rank says what no rank says");
        }
    }

    void greet(RankMessage const& message)
    {
        auto const& bytes = message.bytes;
        auto const end_of_node = bytes.find('\n');
        auto const end_of_asked = bytes.find('\n', end_of_node + 1);
        auto const node = bytes.substr(0, end_of_node);
        auto const asked = bytes.substr(end_of_node + 1, end_of_asked - end_of_node - 1);
        auto const theirs = part_of_bytes(bytes.substr(end_of_asked + 1));
        threads_ += theirs.provenance.threads;
        known_.insert(message.from);
        auto const refuse = [&](std::string const& what, std::string const& there,
                                std::string const& here) {
            throw UsageError(fmt::format(
                "rank {} on {} would fly another run ({} is '{}' there and '{}' on rank 0) give "
                "all ranks the same program, arguments, study and kind of device, or give "
                "--alone for a run of its own in each",
                message.from, node, what, there, here));
        };
        if (auto const d = first_difference(theirs, work_.none)) { refuse(d->key, d->a, d->b); }
        if (asked != asked_text(work_)) { refuse("what is asked for", asked, asked_text(work_)); }
    }

    void answer(int rank, std::int64_t wanted)
    {
        std::lock_guard const lock(mutex_);
        auto const answer = dealer_.ask(rank, wanted);
        auto& link = ranks_.link();
        if (answer.says == Dealer::Says::fly) {
            link.send(rank, told_span, fmt::format("{} {}", answer.span.first, answer.span.count));
        } else if (answer.says == Dealer::Says::hand_in) {
            link.send(rank, told_hand_in, "");
        } else if (is_ending_) {
            dealer_.left(rank);
        } else {
            asking_.emplace_back(rank, wanted);
        }
    }

    /// After an interruption: what is here is kept at once, for there may be little time, and then what the ranks still hand
    /// in, until all have left or none has said anything for a while.
    void gather()
    {
        constexpr auto quiet_for = std::chrono::milliseconds(600);
        constexpr auto keep_after = std::chrono::milliseconds(300);
        look(true);
        is_ending_ = true;
        auto heard = SteadyClock::now(), kept = heard;
        auto const has_someone = [&] {
            std::lock_guard const lock(mutex_);
            dealer_.close();
            return dealer_.ranks() > 0;
        };
        while (has_someone() && SteadyClock::now() - heard < quiet_for) {
            if (hear()) { heard = SteadyClock::now(); }
            if (SteadyClock::now() - kept > keep_after) {
                look(true);
                kept = SteadyClock::now();
            }
            wait_a_moment();
        }
        look(true);
    }

    Ranks& ranks_;
    RankedWork const& work_;
    RunKeeper& keeper_;
    std::mutex mutex_;  // of what follows, up to has_new_
    FlownPart& part_;
    Dealer dealer_;
    std::string problem_;                                                       ///< the latest
    std::vector<std::pair<SteadyClock::time_point, std::string>> interrupted_;  ///< and not told of
    bool has_new_ = false;
    std::atomic<bool> is_over_{false};
    std::vector<std::pair<int, std::int64_t>> asking_;  ///< ranks that wait for an answer
    std::set<int> known_{0};  ///< ranks that have said what they fly, or have left; under the mutex
    bool is_ending_ = false;  ///< after an interruption
    struct Heard {
        SteadyClock::time_point at = SteadyClock::now();
        bool is_told = false;  ///< that it is silent
    };
    std::vector<Heard> heard_;  ///< of each rank
    SteadyClock::duration silent_after_;
    int threads_;
    std::int64_t before_;
};

/// Flies on rank 0 while the desk is open. Its end waits for what is under way.
class FlierHere {
public:
    FlierHere(KeeperDesk& desk, Ranks const& ranks, RankedWork const& work)
        : desk_(desk), thread_([&desk, &ranks, &work] {
              fly_from(desk, work, [&] { return desk.is_over() || ranks.is_interrupted(); });
          })
    {
    }
    ~FlierHere() { desk_.end(); }
    FlierHere(FlierHere const&) = delete;
    FlierHere& operator=(FlierHere const&) = delete;

private:
    KeeperDesk& desk_;
    std::jthread thread_;
};

std::int64_t have_all_flown(KeeperDesk& desk, RankedWork const& work, FlownPart const& part,
                            std::function<bool(FlownPart const&)> const& enough,
                            Progress const& progress)
{
    auto const missing = missing_from({work.range.first, work.range.count}, part.spans);
    if (!enough) {
        desk.have_flown(missing, progress);
        return count_of(part.spans);
    }
    auto const block = block_flights(*work.study.scenario);
    for (auto const& gap : missing) {
        for (std::int64_t at = gap.first; at < gap.end();) {
            auto const boundary = (at / block + 1) * block;
            auto const end = std::min(gap.end(), boundary);
            desk.have_flown({{at, end - at}}, progress);
            at = end;
            if (at == boundary && enough(part)) { return count_of(part.spans); }
        }
    }
    return count_of(part.spans);
}

}  // namespace

void fly_for_keeper(Ranks& ranks, std::function<RankedWork()> const& work)
{
    FarDesk desk(ranks);
    try {
        auto const mine = work();
        desk.hello(mine);
        fly_from(desk, mine, [&] { return ranks.is_interrupted(); });
    } catch (std::exception const& problem) {
        desk.leave(problem.what());
    }
    desk.bye();
}

int fly_on_ranks(Ranks& ranks, RankedWork const& work, RunKeeper& keeper, FlownPart& part,
                 std::function<bool(FlownPart const&)> const& enough)
{
    auto const& range = work.range;
    auto const text =
        fmt::format("{}, {} ranks", announcement(work.study.name, work.flying, range, bool(enough)),
                    ranks.place().ranks);
    auto const before = count_of(part.spans);
    KeeperDesk desk(ranks, work, keeper, part);
    fly_told(text, work.flying, range.count - before, [&](Progress const& progress) {
        FlierHere const flier(desk, ranks, work);
        return have_all_flown(desk, work, part, enough, progress) - before;
    });
    return desk.threads();
}

}  // namespace longwatch
