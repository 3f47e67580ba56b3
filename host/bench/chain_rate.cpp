#include "host/bench/chain_rate.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "host/command/exit_status.hpp"
#include "host/plan/prepare.hpp"
#include "host/study/table_view.hpp"
#include "kernels/backend/chunks.hpp"
#include "kernels/backend/stage_times.hpp"

namespace longwatch {

namespace fs = std::filesystem;

namespace {

/// A folder of its own for as long as it lives.
class PassingFolder {
public:
    PassingFolder()
    {
        std::string name = (fs::temp_directory_path() / "longwatch-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw CannotRun("cannot make a folder in " + fs::temp_directory_path().string() +
                            " (is it full, or not to be written?) name another with TMPDIR");
        }
        path_ = name;
    }
    ~PassingFolder()
    {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    PassingFolder(PassingFolder const&) = delete;
    PassingFolder& operator=(PassingFolder const&) = delete;
    fs::path const& path() const { return path_; }

private:
    fs::path path_;
};

}  // namespace

Study bench_study_with(std::string text, fs::path const& catalog)
{
    std::string const shipped = "catalog = \"../models/catalog\"";
    text.replace(text.find(shipped), shipped.size(),
                 "catalog = " + toml_text(fs::absolute(catalog).generic_string()));
    PassingFolder const folder;
    auto const path = folder.path() / "trilateral-warning.toml";
    std::ofstream(path) << text;
    Study study = read_study(path);
    prepare(study);
    return study;
}

Spread chain_flights_per_s(Study const& study, bool on_cuda, Dealing const& dealing,
                           std::int64_t flights, int rounds)
{
    auto const fly = [&](std::int64_t first) {
        FlightRange const range{study.seed, first, flights};
        on_cuda ? fly_on_cuda(*study.scenario, range, dealing, [](std::int64_t) {})
                : fly_on_cpu(*study.scenario, range, dealing, [](std::int64_t) {});
    };
    fly(0);
    std::vector<double> rates;
    for (int k = 0; k < rounds; ++k) {
        auto const start = std::chrono::steady_clock::now();
        fly(k * flights);
        std::chrono::duration<double> const took = std::chrono::steady_clock::now() - start;
        rates.push_back(static_cast<double>(flights) / took.count());
    }
    return spread(rates);
}

std::vector<StageRate> stage_rates(Study const& study, int packs_per_makeup)
{
    StageTimes all;
    for (std::int64_t makeup = 0; makeup < makeups(*study.scenario); ++makeup) {
        auto const times = stage_times(*study.scenario, study.seed, makeup, packs_per_makeup);
        for (std::size_t k = 0; k < all.size(); ++k) {
            all[k].insert(all[k].end(), times[k].begin(), times[k].end());
        }
    }
    std::vector<StageRate> out;
    for (std::size_t k = 0; k < all.size(); ++k) {
        out.push_back({stage_names[k], spread(all[k])});
    }
    return out;
}

}  // namespace longwatch
