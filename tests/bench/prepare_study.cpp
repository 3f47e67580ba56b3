// Prepares a study, and leaves it for programs that have no host code: see tests/bench/prepared.hpp.
//   build/release/bench/prepare_study STUDY FILE ; build with -DLW_BENCH=ON
#include <fmt/format.h>

#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"
#include "tests/bench/prepared.hpp"

int main(int argc, char** argv)
{
    if (argc != 3) {
        fmt::print(stderr, "prepare_study: usage: prepare_study STUDY FILE\n");
        return 2;
    }
    try {
        auto study = longwatch::read_study(argv[1]);
        longwatch::prepare(study);
        longwatch::Prepared prepared{study.seed, study.threats};
        *prepared.scenario = *study.scenario;
        longwatch::write_prepared(argv[2], prepared);
        return 0;
    } catch (std::exception const& error) {
        fmt::print(stderr, "prepare_study: {}\n", error.what());
        return 3;
    }
}
