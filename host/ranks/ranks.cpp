#include "host/ranks/ranks.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"
#include "host/command/loaded_object.hpp"

namespace longwatch {

namespace fs = std::filesystem;

namespace {

std::optional<int> number_in(std::optional<std::string> const& text)
{
    int value = 0;
    if (!text) { return std::nullopt; }
    auto const* const end = text->data() + text->size();
    auto const [at, problem] = std::from_chars(text->data(), end, value);
    return problem == std::errc{} && at == end ? std::optional(value) : std::nullopt;
}

CannotRun cannot_join(Launched const& by, std::string const& why)
{
    return CannotRun(fmt::format("cannot fly as rank {} of {} that {} started ({}", by.rank,
                                 by.ranks, by.by, why));
}

std::unique_ptr<RankLink> linked(Launched const& by)
{
    if (!by.can_join) {
        throw cannot_join(
            by,
            "it does not tell MPI how to reach the others, and each would fly all) "
            "give it --mpi=pmix, or use mpirun, or give --alone for a run of its own in each task");
    }
    MakeRankLink* make = nullptr;
    try {
        make = reinterpret_cast<MakeRankLink*>(
            loaded_function({loaded_object("longwatch_mpi.so", "mpi"), make_rank_link_name,
                             "MPI is not in this build) install libopenmpi-dev and openmpi-bin and "
                             "build again, or fly shards with --first-flight and merge them",
                             true}));
    } catch (std::runtime_error const& why) {
        throw cannot_join(by, why.what());
    }
    auto link = make();
    auto const& place = link->place();
    if (place.ranks != by.ranks) {
        throw cannot_join(by,
                          fmt::format("its MPI is not this program's, {}, which sees {} of them) "
                                      "use the mpirun of that",
                                      place.library, place.ranks));
    }
    return link;
}

}  // namespace

std::optional<Launched> launched(
    std::function<std::optional<std::string>(char const*)> const& variable)
{
    auto const number = [&](char const* name) { return number_in(variable(name)); };
    auto const of = [&](char const* by, char const* rank, char const* ranks,
                        bool can_join) -> std::optional<Launched> {
        auto const r = number(rank), n = number(ranks);
        if (!r || !n || *n < 2) { return std::nullopt; }
        return Launched{by, *r, *n, can_join};
    };
    if (auto by = of("mpirun", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", true)) { return by; }
    if (auto by = of("an MPI launcher", "PMI_RANK", "PMI_SIZE", true)) { return by; }
    // Tasks of a step that srun started. A batch script itself is one task, whatever it was given.
    return of("srun", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", number("PMIX_RANK").has_value());
}

std::optional<Launched> launched()
{
    return launched([](char const* name) -> std::optional<std::string> {
        char const* const value = std::getenv(name);
        return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
    });
}

Ranks::Ranks(Launched const& by) : link_(linked(by)) {}

Ranks::~Ranks()
{
    // What another rank was told is said by rank 0, and is no reason for the launcher to call the whole run ended.
    if (!is_keeper()) {
        held_.forget();
        return;
    }
    try {
        std::set<int> waited_for;
        for (int rank = 1; rank < place().ranks; ++rank) {
            link_->send(rank, told_done, "");
            waited_for.insert(rank);
        }
        while (!waited_for.empty()) {
            if (auto const message = link_->receive()) {
                if (message->kind == says_bye) { waited_for.erase(message->from); }
            } else {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        }
    } catch (std::exception const&) {
        // MPI itself is broken: what there is to tell is told already.
    }
}

std::unique_ptr<Ranks> join_ranks()
{
    auto const by = launched();
    return by ? std::make_unique<Ranks>(*by) : nullptr;
}

FlyingOptions options_of_rank(FlyingOptions options, RankPlace const& place, int devices, int cores)
{
    bool const takes_any = options.device == "auto" || options.device == "cuda";
    if (takes_any && devices > 0) {
        options.device = fmt::format("cuda:{}", place.rank_of_node % devices);
    }
    if (!options.threads) {
        int const more = place.rank_of_sharing < cores % place.sharing ? 1 : 0;
        options.threads = std::to_string(std::max(1, cores / place.sharing + more));
    }
    return options;
}

FlyingOptions options_of_rank(FlyingOptions const& options, RankPlace const& place)
{
    int const devices = options.device == "cpu" ? 0 : static_cast<int>(cuda_info().devices.size());
    return options_of_rank(options, place, devices, cpu_info().threads);
}

}  // namespace longwatch
