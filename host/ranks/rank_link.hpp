// How the ranks of a run speak to each other. What MPI does is behind this page: mpi_link.cpp, a shared object of its own
// that is loaded only by a program that a launcher has started.
#pragma once

#include <memory>
#include <optional>
#include <string>

namespace longwatch {

/// Where a rank is.
struct RankPlace {
    int rank = 0, ranks = 1;
    int rank_of_node = 0;  ///< among the ranks of its machine
    int sharing = 1;  ///< ranks of its machine, with itself, that may use the very cores it may use
    int rank_of_sharing = 0;
    std::string node;     ///< name of its machine
    std::string library;  ///< the MPI, as "Open MPI 4.1.4"
};

struct RankMessage {
    int from = 0;
    int kind = 0;
    std::string bytes;
};

/// To be used from the thread that made it only. Its end waits for that of all other ranks'. Every function throws
/// std::runtime_error where MPI reports an error.
class RankLink {
public:
    virtual ~RankLink() = default;
    RankLink() = default;
    RankLink(RankLink const&) = delete;
    RankLink& operator=(RankLink const&) = delete;

    virtual RankPlace const& place() const = 0;
    /// Returns once the message may be forgotten here; a long one once it is being received. Messages of one rank to
    /// another arrive in order.
    virtual void send(int to, int kind, std::string const& bytes) = 0;
    /// A message that has come; absent where none has.
    virtual std::optional<RankMessage> receive() = 0;
};

/// The one function of the shared object, by this name: a link of this process to the others, made once. Throws as above.
inline constexpr char const* make_rank_link_name = "longwatch_make_rank_link";
using MakeRankLink = std::unique_ptr<RankLink>();

}  // namespace longwatch
