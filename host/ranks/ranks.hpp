// One run on many machines: which of its ranks this program is, and how it joins the others.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "host/command/flying.hpp"
#include "host/command/output.hpp"
#include "host/ranks/rank_link.hpp"

namespace longwatch {

/// What the launcher that started this program says of it.
struct Launched {
    std::string by;  ///< "mpirun", "srun", ...
    int rank = 0, ranks = 1;
    bool can_join = true;  ///< the launcher tells MPI how to reach the others
};

/// By the environment, as Open MPI's mpirun, PMIx, PMI and Slurm set it; absent without a launcher, or as one of one.
/// `variable` gives a variable of the environment, or nothing.
std::optional<Launched> launched(
    std::function<std::optional<std::string>(char const*)> const& variable);
std::optional<Launched> launched();

/// This program as one rank of a run.
class Ranks {
public:
    /// Interruptions are held back from now on, by MPI's threads too.
    /// Throws CannotRun where MPI is not in this build, or does not see the ranks that the launcher tells of.
    explicit Ranks(Launched const& by);
    /// On rank 0 the others are told that the run has ended, and waited for.
    ~Ranks();
    Ranks(Ranks const&) = delete;
    Ranks& operator=(Ranks const&) = delete;

    RankLink& link() { return *link_; }
    RankPlace const& place() const { return link_->place(); }
    /// Rank 0 deals flights out and keeps the file.
    bool is_keeper() const { return place().rank == 0; }
    bool is_interrupted() const { return held_.is_one_waiting(); }
    void let_interruptions_through() { held_.let_through(); }

private:
    InterruptionsHeld held_;
    std::unique_ptr<RankLink> link_;
};

/// The ranks of which this program is one; null where it runs alone.
std::unique_ptr<Ranks> join_ranks();

/// The options of one rank: its device of the machine's, its share of the cores, unless given.
FlyingOptions options_of_rank(FlyingOptions options, RankPlace const& place, int devices,
                              int cores);
FlyingOptions options_of_rank(FlyingOptions const& options, RankPlace const& place);

/// What ranks say.
enum RankSays : int {
    says_hello = 1,  ///< of which run it is: a part without flights
    says_ask,        ///< how many flights it would have
    says_part,       ///< flights it has flown, counted
    says_leave,      ///< it flies no more, and why; "" after an interruption
    says_bye,        ///< its last word
    told_span,       ///< rank 0: fly these
    told_hand_in,    ///< rank 0: hand in what is flown, and ask again
    told_done,       ///< rank 0: the run has ended
};

}  // namespace longwatch
