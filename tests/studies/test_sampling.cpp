// A study under each sampling, end to end.
#include <catch2/catch.hpp>

#include "host/plan/prepare.hpp"
#include "kernels/backend/backend.hpp"
#include "tests/support/small_study.hpp"

using namespace longwatch;
using namespace longwatch::test;

namespace {

Study sampled(std::string const& kind)
{
    auto study = study_of(changed("seed = 7", "seed = 7\nsampling = \"" + kind + "\""));
    prepare(study);
    return study;
}

}  // namespace

TEST_CASE("under any sampling the tallies do not depend on threads and chunks", "[study][sampling]")
{
    for (std::string const kind : {"latin-hypercube", "sobol"}) {
        auto const study = sampled(kind);
        FlightRange const range{study.seed, 0, 1000};
        auto const one = fly_on_cpu(*study.scenario, range, {1, 0}, {});
        auto const other = fly_on_cpu(*study.scenario, range, {2, 37}, {});
        CHECK(one.tally.layout.randomisation_count == 16);
        CHECK(one.tally.cells == other.tally.cells);
        // 1000 flights in turn to 16: the first eight have one more.
        for (int r = 0; r < 16; ++r) {
            std::uint64_t flights = 0;
            auto const part = one.tally.part(r);
            for (int fate = 0; fate < fate_count; ++fate) {
                flights += part.cells[static_cast<std::size_t>(
                    part.layout.fate(0, static_cast<Fate>(fate)))];
            }
            CHECK(flights == (r < 8 ? 63 : 62));
        }
    }
}

TEST_CASE("more flights leave those before as they were", "[study][sampling]")
{
    for (std::string const kind : {"latin-hypercube", "sobol"}) {
        auto const study = sampled(kind);
        auto first = fly_on_cpu(*study.scenario, {study.seed, 0, 500}, {}, {}).tally;
        first.merge(fly_on_cpu(*study.scenario, {study.seed, 500, 500}, {}, {}).tally);
        CHECK(first.cells ==
              fly_on_cpu(*study.scenario, {study.seed, 0, 1000}, {}, {}).tally.cells);
    }
}

TEST_CASE("sampling must be known, and randomisations need one that has them", "[study][sampling]")
{
    auto const message = [](std::string const& lines) {
        auto const problems = problems_of(changed("seed = 7", "seed = 7\n" + lines));
        REQUIRE(problems.size() == 1);
        return problems[0].message;
    };
    CHECK(message("sampling = \"sobel\"").find("did you mean 'sobol'") != std::string::npos);
    CHECK(message("randomisations = 16").find("monte-carlo") != std::string::npos);
    CHECK(message("sampling = \"sobol\"\nrandomisations = 8").find("from 16 to 64") !=
          std::string::npos);
}
