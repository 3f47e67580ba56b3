// Flies a study and says, for each arm and consumer, which part of the flights it is warned of in time.
#include <longwatch/host/plan/prepare.hpp>
#include <longwatch/host/study/study.hpp>
#include <longwatch/kernels/backend/backend.hpp>
#include <longwatch/results/statistics/estimates.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace lw = longwatch;

namespace {

void fly(char const* study_file, long flights)
{
    auto study = lw::read_study(study_file);
    lw::prepare(study);
    lw::FlightRange const range{study.seed, 0, flights};
    auto const flown = lw::fly_on_cpu(*study.scenario, range, {}, [](std::int64_t) {});
    auto const estimates = lw::estimate(flown.tally);
    for (std::size_t arm = 0; arm < study.arms.size(); ++arm) {
        for (std::size_t c = 0; c < study.consumers.size(); ++c) {
            auto const& warned = estimates.arms[arm].consumers[c].p_warned;
            if (!warned) { continue; }
            std::printf("%s %s warned %.9f (%.9f to %.9f)\n", study.arms[arm].c_str(),
                        study.consumers[c].c_str(), warned->value, warned->low, warned->high);
        }
    }
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 2 || argc > 3) {
        std::fprintf(stderr, "usage: fly_study STUDY [FLIGHTS]\n");
        return 2;
    }
    try {
        fly(argv[1], argc > 2 ? std::atol(argv[2]) : 2000);
        return 0;
    } catch (std::exception const& problem) {
        std::fprintf(stderr, "fly_study: %s\n", problem.what());
        return 1;
    }
}
