// Ranks by MPI: the only file that knows it, and all of the shared object longwatch_mpi.so.
#define OMPI_SKIP_MPICXX 1
#include <mpi.h>

#include <sched.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <vector>

#include "host/ranks/rank_link.hpp"

namespace longwatch {

namespace {

void check(int status, char const* what)
{
    if (status == MPI_SUCCESS) { return; }
    std::array<char, MPI_MAX_ERROR_STRING> text{};
    int length = 0;
    MPI_Error_string(status, text.data(), &length);
    throw std::runtime_error(std::string("MPI failed (") + what + ": " + text.data() + ")");
}

/// "Open MPI v4.1.4, package: ..." up to the first comma.
std::string library()
{
    std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
    int length = 0;
    check(MPI_Get_library_version(text.data(), &length), "asking for its version");
    std::string const all = text.data();
    return all.substr(0, all.find_first_of(",\n"));
}

/// Counts the ranks of this machine that are allowed the same cores.
void find_sharing(MPI_Comm node, RankPlace& place)
{
    int ranks = 0;
    check(MPI_Comm_size(node, &ranks), "counting the ranks of a machine");
    cpu_set_t mine;
    CPU_ZERO(&mine);
    sched_getaffinity(0, sizeof mine, &mine);
    std::vector<cpu_set_t> all(static_cast<std::size_t>(ranks));
    check(MPI_Allgather(&mine, sizeof mine, MPI_BYTE, all.data(), sizeof mine, MPI_BYTE, node),
          "asking for cores");
    place.sharing = 0;
    for (int rank = 0; rank < ranks; ++rank) {
        if (!CPU_EQUAL(&all[static_cast<std::size_t>(rank)], &mine)) { continue; }
        if (rank < place.rank_of_node) { ++place.rank_of_sharing; }
        ++place.sharing;
    }
}

RankPlace find_place()
{
    RankPlace place;
    check(MPI_Comm_rank(MPI_COMM_WORLD, &place.rank), "asking for the rank");
    check(MPI_Comm_size(MPI_COMM_WORLD, &place.ranks), "counting the ranks");
    MPI_Comm node = MPI_COMM_NULL;
    check(
        MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, place.rank, MPI_INFO_NULL, &node),
        "asking for the ranks of a machine");
    check(MPI_Comm_rank(node, &place.rank_of_node), "asking for the rank on a machine");
    find_sharing(node, place);
    check(MPI_Comm_free(&node), "forgetting the ranks of a machine");
    std::array<char, MPI_MAX_PROCESSOR_NAME> name{};
    int length = 0;
    check(MPI_Get_processor_name(name.data(), &length), "asking for the machine's name");
    place.node = name.data();
    place.library = library();
    return place;
}

class MpiLink final : public RankLink {
public:
    MpiLink()
    {
        int given = 0;
        check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &given), "beginning");
        check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "beginning");
        if (given < MPI_THREAD_FUNNELED) {
            throw std::runtime_error("this MPI allows its programs no threads");
        }
        place_ = find_place();
    }
    ~MpiLink() override { MPI_Finalize(); }

    RankPlace const& place() const override { return place_; }

    void send(int to, int kind, std::string const& bytes) override
    {
        if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
            throw std::runtime_error("a message between ranks is longer than 2 GiB");
        }
        check(MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, to, kind,
                       MPI_COMM_WORLD),
              "sending");
    }

    /// Never waits: a rank that dies while its message is under way must not hold this one.
    std::optional<RankMessage> receive() override
    {
        if (request_ == MPI_REQUEST_NULL && !begins_to_arrive()) { return std::nullopt; }
        int is_here = 0;
        check(MPI_Test(&request_, &is_here, MPI_STATUS_IGNORE), "receiving");
        if (is_here == 0) { return std::nullopt; }
        return std::move(arriving_);
    }

private:
    bool begins_to_arrive()
    {
        int is_there = 0;
        MPI_Message message = MPI_MESSAGE_NULL;
        MPI_Status status;
        check(
            MPI_Improbe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &is_there, &message, &status),
            "looking for a message");
        if (is_there == 0) { return false; }
        int size = 0;
        check(MPI_Get_count(&status, MPI_BYTE, &size), "measuring a message");
        arriving_ = {status.MPI_SOURCE, status.MPI_TAG, std::string(size, '\0')};
        check(MPI_Imrecv(arriving_.bytes.data(), size, MPI_BYTE, &message, &request_), "receiving");
        return true;
    }

    RankPlace place_;
    RankMessage arriving_;
    MPI_Request request_ = MPI_REQUEST_NULL;  ///< of arriving_
};

}  // namespace

extern "C" std::unique_ptr<RankLink> longwatch_make_rank_link()
{
    return std::make_unique<MpiLink>();
}

}  // namespace longwatch
