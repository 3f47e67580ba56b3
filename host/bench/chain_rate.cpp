#include "host/bench/chain_rate.hpp"

#include <cstdlib>
#include <fstream>

#include "host/command/exit_status.hpp"
#include "host/command/timing_file.hpp"
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

Study bench_study_with(std::string const& text, fs::path const& catalog)
{
    PassingFolder const folder;
    auto const path = folder.path() / "trilateral-warning.toml";
    std::ofstream(path) << text;
    Study study = read_study(path, {.catalog = fs::absolute(catalog)});
    prepare(study);
    return study;
}

MedianSpread chain_flights_per_s(Study const& study, bool on_cuda, Dealing const& dealing,
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
        Stopwatch const watch;
        fly(k * flights);
        auto const took = watch.elapsed();
        rates.push_back(static_cast<double>(flights) /
                        (on_cuda ? took.wall_s : took.cpu_s / dealing.threads));
    }
    return median_spread(rates);
}

std::vector<StageRate> stage_rates(Study const& study, int packs_per_makeup)
{
    std::vector<StageRate> out;
    for (char const* name : stage_names) { out.push_back({name, {}}); }
    auto const parts = makeups(*study.scenario);
    for (std::int64_t makeup = 0; makeup < parts; ++makeup) {
        auto const times = stage_times(*study.scenario, study.seed, makeup, packs_per_makeup);
        for (std::size_t k = 0; k < out.size(); ++k) {
            auto const one = median_spread(times[k]);
            out[k].us_per_flight.median += one.median / static_cast<double>(parts);
            out[k].us_per_flight.deviation += one.deviation / static_cast<double>(parts);
        }
    }
    return out;
}

std::vector<StageRate> device_stage_rates(Study const& study, int device, std::int64_t flights,
                                          int rounds)
{
    FlightRange const range{study.seed, 0, flights};
    Dealing dealing;
    dealing.chunk = static_cast<int>(flights);
    dealing.device = device;
    auto const told = stage_times_on_cuda(*study.scenario, range, dealing);
    std::vector<std::vector<double>> us(told.size());
    for (int n = 0; n < rounds; ++n) {
        auto const round = stage_times_on_cuda(*study.scenario, range, dealing);
        for (std::size_t k = 0; k < told.size(); ++k) {
            us[k].push_back(1e3 * round[k].time_ms / static_cast<double>(flights));
        }
    }
    std::vector<StageRate> out;
    for (std::size_t k = 0; k < told.size(); ++k) {
        out.push_back({told[k].stage, median_spread(us[k])});
    }
    return out;
}

}  // namespace longwatch
