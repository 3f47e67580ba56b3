#include <catch2/catch.hpp>

#include <map>
#include <random>

#include "host/ranks/dealer.hpp"
#include "host/ranks/ranks.hpp"

using namespace longwatch;

TEST_CASE("every flight is handed in once, whoever leaves meanwhile", "[ranks]")
{
    constexpr int ranks = 5, raid = 4;
    constexpr std::int64_t flights = 40000;
    std::mt19937 dice(8);
    Dealer dealer(ranks, raid);
    FlightSpans const missing = {{0, 12000}, {20000, flights - 12000}};
    dealer.put(missing);
    std::map<int, std::vector<FlightSpan>> held;
    FlightSpans in;
    std::int64_t handed = 0;
    while (!dealer.is_empty()) {
        int const rank = static_cast<int>(dice() % ranks);
        if (rank == 4 && handed > 9000) {
            if (dealer.ranks() == ranks) { dealer.left(4); }
            held[4].clear();
            continue;
        }
        auto const answer = dealer.ask(rank, 1 + dice() % 3000);
        if (answer.says == Dealer::Says::fly) {
            REQUIRE(answer.span.first % raid == 0);
            REQUIRE(answer.span.count % raid == 0);
            held[rank].push_back(answer.span);
        }
        if (answer.says == Dealer::Says::hand_in || dice() % 3 == 0) {
            auto const spans = joined(held[rank]);
            dealer.handed_in(rank, spans);
            REQUIRE(!first_overlap(in, spans));
            in.insert(in.end(), spans.begin(), spans.end());
            in = joined(in);
            handed += count_of(spans);
            held[rank].clear();
        }
    }
    CHECK(in == joined(missing));
    CHECK(handed == flights);
    CHECK(dealer.ranks() == ranks - 1);
    CHECK(dealer.ask(0, 100).says == Dealer::Says::wait);
}

TEST_CASE("flights that were not dealt to a rank are not taken from it", "[ranks]")
{
    Dealer dealer(2, 1);
    dealer.put({{0, 1000}});
    auto const first = dealer.ask(0, 100).span;
    auto const second = dealer.ask(1, 100).span;
    CHECK_THROWS_AS(dealer.handed_in(0, {second}), std::invalid_argument);
    dealer.handed_in(0, {first});
    CHECK_THROWS_AS(dealer.handed_in(0, {first}), std::invalid_argument);
}

TEST_CASE(
    "spans get smaller towards the end, so that ranks of one pace end within an eighth of a turn",
    "[ranks]")
{
    constexpr int ranks = 8;
    Dealer dealer(ranks, 1);
    dealer.put({{0, 1000000}});
    // Each flies 10,000 flights in a turn; by the clock the one that is free first asks.
    std::vector<double> free_at(ranks, 0.0);
    for (;;) {
        auto const next = std::min_element(free_at.begin(), free_at.end());
        auto const answer = dealer.ask(static_cast<int>(next - free_at.begin()), 10000);
        if (answer.says != Dealer::Says::fly) { break; }
        *next += static_cast<double>(answer.span.count) / 10000;
    }
    auto const [first, last] = std::minmax_element(free_at.begin(), free_at.end());
    CHECK(*last - *first < 0.125);
}

namespace {

std::optional<Launched> launched_with(std::map<std::string, std::string> const& variables)
{
    return launched([&](char const* name) {
        auto const found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
}

}  // namespace

TEST_CASE("a launcher is known by what it sets, and one process alone is no rank", "[ranks]")
{
    CHECK(!launched_with({}));
    CHECK(!launched_with({{"OMPI_COMM_WORLD_RANK", "0"}, {"OMPI_COMM_WORLD_SIZE", "1"}}));
    auto const by_mpirun =
        launched_with({{"OMPI_COMM_WORLD_RANK", "2"}, {"OMPI_COMM_WORLD_SIZE", "3"}});
    REQUIRE(by_mpirun);
    CHECK((by_mpirun->rank == 2 && by_mpirun->ranks == 3 && by_mpirun->can_join));
    // A batch script that was given four tasks is itself one process.
    CHECK(!launched_with({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}}));
    auto const lost = launched_with({{"SLURM_PROCID", "1"}, {"SLURM_STEP_NUM_TASKS", "4"}});
    REQUIRE(lost);
    CHECK(!lost->can_join);
    auto const by_srun =
        launched_with({{"SLURM_PROCID", "1"}, {"SLURM_STEP_NUM_TASKS", "4"}, {"PMIX_RANK", "1"}});
    REQUIRE(by_srun);
    CHECK((by_srun->rank == 1 && by_srun->ranks == 4 && by_srun->can_join));
    CHECK(!launched_with({{"OMPI_COMM_WORLD_RANK", "x"}, {"OMPI_COMM_WORLD_SIZE", "3"}}));
}

TEST_CASE("ranks of a machine take a device each, and share the cores they share", "[ranks]")
{
    RankPlace place;
    place.rank_of_node = 3;
    place.sharing = 3;
    place.rank_of_sharing = 0;
    CHECK(options_of_rank({}, place, 4, 8).device == "cuda:3");
    CHECK(options_of_rank({}, place, 2, 8).device == "cuda:1");
    CHECK(options_of_rank({}, place, 0, 8).device == "auto");
    FlyingOptions given;
    given.device = "cuda:0";
    given.threads = "5";
    CHECK(options_of_rank(given, place, 4, 8).device == "cuda:0");
    CHECK(options_of_rank(given, place, 4, 8).threads == "5");
    // Eight cores among three: 3, 3 and 2.
    CHECK(options_of_rank({}, place, 0, 8).threads == "3");
    place.rank_of_sharing = 2;
    CHECK(options_of_rank({}, place, 0, 8).threads == "2");
    CHECK(options_of_rank({}, place, 0, 1).threads == "1");
}
