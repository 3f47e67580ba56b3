// Runs the tests in random order; a case without a check is an error; cases tagged [gpu] are skipped,
// and counted aloud, where there is no CUDA device.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <algorithm>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "kernels/backend/backend.hpp"

namespace {

// What ctest is told to read as "skipped".
constexpr int status_skipped = 77;

bool needs_gpu(Catch::TestCase const& test)
{
    auto const& tags = test.lcaseTags;
    return std::find(tags.begin(), tags.end(), "gpu") != tags.end();
}

// The name as a test specification that matches nothing else.
std::string exactly(std::string const& name)
{
    std::string text = "\"";
    for (char const c : name) {
        if (std::string(",[]\"\\").find(c) != std::string::npos) { text += '\\'; }
        text += c;
    }
    return text + "\"";
}

}  // namespace

int main(int argc, char** argv)
{
    Catch::Session session;
    auto& config = session.configData();
    config.runOrder = Catch::RunTests::InRandomOrder;
    config.rngSeed = static_cast<unsigned>(std::time(nullptr));
    if (int const status = session.applyCommandLine(argc, argv); status != 0) { return status; }
    config.warnings =
        static_cast<Catch::WarnAbout::What>(config.warnings | Catch::WarnAbout::NoAssertions);
    if (config.listTests || config.listTestNamesOnly || config.listTags || config.listReporters) {
        return session.run();
    }

    auto const& chosen = Catch::filterTests(Catch::getAllTestCasesSorted(session.config()),
                                            session.config().testSpec(), session.config());
    auto const gpu_count = std::count_if(chosen.begin(), chosen.end(), needs_gpu);
    if (gpu_count == 0) { return session.run(); }

    auto const cuda = longwatch::cuda_info();
    if (!cuda.devices.empty()) { return session.run(); }
    std::cout << "skipped: " << gpu_count << " [gpu] tests: " << cuda.problem << std::endl;
    if (static_cast<std::size_t>(gpu_count) == chosen.size()) { return status_skipped; }

    std::string others;
    for (auto const& test : chosen) {
        if (!needs_gpu(test)) { others += (others.empty() ? "" : ",") + exactly(test.name); }
    }
    config.testsOrTags = {others};
    session.useConfigData(config);
    return session.run();
}
