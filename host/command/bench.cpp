// longwatch bench: how fast this machine is, beside others.
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "host/bench/arc_race.hpp"
#include "host/bench/chain_rate.hpp"
#include "host/command/catalog_folder.hpp"
#include "host/command/code_version.hpp"
#include "host/command/embedded_texts.hpp"
#include "host/command/output.hpp"
#include "host/command/timing_file.hpp"
#include "host/command/verbs.hpp"
#include "host/command/whole_number.hpp"
#include "results/show/table.hpp"

namespace longwatch {

namespace {

constexpr int rounds = 11;

struct ArcEntry {
    char const *variant, *numbers;
    arc_2000::Request request;
    ArcRate rate;
};

struct MeasuredRace {
    std::string processor, device;
    CpuInfo cpu;
    int threads = 0;
    bool on_cuda = false;
    std::vector<ArcEntry> arcs;  ///< the first is variant A in double
    std::int64_t flights = 0;
    MedianSpread flights_per_s;
    std::vector<StageRate> stages;
    std::vector<ArcEntry> device_arcs;  ///< likewise; none without a device
    std::vector<StageRate> device_stages;
};

std::vector<ArcEntry> arc_entries()
{
    using namespace arc_2000;
    auto const entry = [](char const* name, Variant v, char const* numbers, Numbers n) {
        return ArcEntry{name, numbers, {v, Accuracy::metre, n}, {}};
    };
    return {entry("A", Variant::to_instant, "double", Numbers::all_double),
            entry("A", Variant::to_instant, "mixed", Numbers::mixed),
            entry("B", Variant::to_ground, "double", Numbers::all_double),
            entry("B", Variant::to_ground, "mixed", Numbers::mixed),
            entry("C", Variant::with_radars, "double", Numbers::all_double),
            entry("C", Variant::with_radars, "mixed", Numbers::mixed)};
}

/// Flights of the stages on a device: launched at once, in any device's memory.
constexpr std::int64_t device_stage_flights = 16384;

/// What it is at, for whoever watches.
void say(char const* what)
{
    if (::isatty(STDERR_FILENO) != 0) { tell(fmt::format("\r\033[K{}", what)); }
}

void measure_on_device(MeasuredRace& out, Study const& study, int device)
{
    say("ARC-2000 on the device ...");
    out.device_arcs = arc_entries();
    for (auto& entry : out.device_arcs) {
        entry.rate = ArcRace::run_on_cuda(entry.request, device, out.flights, rounds);
    }
    say("the stages on the device ...");
    out.device_stages =
        device_stage_rates(study, device, std::min(out.flights, device_stage_flights), rounds);
}

MeasuredRace measured(BenchOptions const& options)
{
    auto const flying = resolve(options.flying);
    MeasuredRace out;
    out.processor = processor_name();
    out.cpu = cpu_info();
    out.threads = flying.dealing.threads > 0 ? flying.dealing.threads : out.cpu.threads;
    out.on_cuda = flying.device.is_cuda;
    out.device = flying.device.name;
    auto const study =
        bench_study_with(std::string(bench_study()), catalog_folder(options.catalog));
    say("ARC-2000 ...");
    ArcRace const race(out.threads);
    out.arcs = arc_entries();
    for (auto& entry : out.arcs) { entry.rate = race.run(entry.request, rounds); }
    say("the chain ...");
    Dealing const dealing{out.threads, flying.dealing.chunk, flying.dealing.device};
    out.flights = flying.flights.value_or(
        out.on_cuda ? 200000 : 1200 * static_cast<std::int64_t>(out.threads));
    out.flights_per_s = chain_flights_per_s(study, out.on_cuda, dealing, out.flights, rounds);
    say("its stages ...");
    out.stages = stage_rates(study, 100);
    if (out.on_cuda) { measure_on_device(out, study, dealing.device); }
    say("");
    return out;
}

nlohmann::ordered_json spread_json(MedianSpread const& s)
{
    return {{"median", s.median}, {"deviation", s.deviation}};
}

nlohmann::ordered_json stage_json(StageRate const& s)
{
    return {{"name", s.stage},
            {"flights_per_s", 1e6 / s.us_per_flight.median},
            {"us_per_flight", spread_json(s.us_per_flight)}};
}

std::string as_json(MeasuredRace const& m)
{
    nlohmann::ordered_json json;
    json["version"] = code_version;
    json["commit"] = code_commit;
    json["processor"] = m.processor;
    json["instructions"] = m.cpu.instructions;
    json["lanes"] = m.cpu.lanes;
    json["threads"] = m.threads;
    json["device"] = m.device;
    auto const& first = m.arcs.front().rate;
    json["arc2000"] = {{"arcs_per_s", first.arcs_per_s.median},
                       {"max_error_m", first.max_error_m},
                       {"threads", m.threads}};
    for (auto const& a : m.arcs) {
        json["arcs"].push_back({{"variant", a.variant},
                                {"numbers", a.numbers},
                                {"arcs_per_s", spread_json(a.rate.arcs_per_s)},
                                {"max_error_m", a.rate.max_error_m},
                                {"lane_occupancy", a.rate.occupancy}});
    }
    json["chain"] = {{"study", "trilateral-warning"},
                     {"flights", m.flights},
                     {"flights_per_s", spread_json(m.flights_per_s)}};
    for (auto const& s : m.stages) { json["stages"].push_back(stage_json(s)); }
    for (auto const& a : m.device_arcs) {
        json["device_arcs"].push_back({{"variant", a.variant},
                                       {"numbers", a.numbers},
                                       {"flights", m.flights},
                                       {"arcs_per_s", spread_json(a.rate.arcs_per_s)},
                                       {"max_error_m", a.rate.max_error_m}});
    }
    for (auto const& s : m.device_stages) { json["device_stages"].push_back(stage_json(s)); }
    json["known_machines"] = nlohmann::ordered_json::parse(known_machines_text());
    return json.dump(2) + "\n";
}

/// Three digits of a rate, its deviation beside it.
std::string rate_text(MedianSpread const& s)
{
    return fmt::format("{:>12} ± {}", grouped(s.median), grouped(s.deviation));
}

std::string arcs_text(std::vector<ArcEntry> const& arcs)
{
    std::string text;
    for (auto const& a : arcs) {
        text += fmt::format("  {} {:7} {:26}  {:.2f} m\n", a.variant, a.numbers,
                            rate_text(a.rate.arcs_per_s), a.rate.max_error_m);
    }
    return text;
}

std::string stages_text(std::vector<StageRate> const& stages, int digits)
{
    std::string text;
    for (auto const& s : stages) {
        text += fmt::format("  {:12} {:8.{}f} ± {:.{}f}\n", s.stage, s.us_per_flight.median, digits,
                            s.us_per_flight.deviation, digits);
    }
    return text;
}

std::string as_text(MeasuredRace const& m)
{
    auto text =
        fmt::format("longwatch {}\n{}, {} thread{}, {} lanes ({})\n", version_text(), m.processor,
                    m.threads, m.threads == 1 ? "" : "s", m.cpu.lanes, m.cpu.instructions);
    if (m.on_cuda) { text += fmt::format("{}\n", m.device); }
    text += "\nARC-2000, arcs per second of all threads, largest error of place\n";
    text += arcs_text(m.arcs);
    if (m.on_cuda) {
        text += fmt::format("\nARC-2000 on the device, {} flights at a time\n", grouped(m.flights));
        text += arcs_text(m.device_arcs);
    }
    text +=
        fmt::format("\nThe chain, trilateral-warning, four arms, flights per second\n  {:9} {}\n",
                    m.on_cuda ? "cuda" : "cpu", rate_text(m.flights_per_s));
    text += "\nIts stages on one CPU thread, us per flight\n";
    text += stages_text(m.stages, 1);
    if (m.on_cuda) {
        text += "\nIts stages on the device, one launch at a time, us per flight\n";
        text += stages_text(m.device_stages, 4);
    }
    text += "\nOther machines\n";
    for (auto const& known : nlohmann::json::parse(known_machines_text())) {
        text += fmt::format(
            "  {} ({} thread{}, {})\n     ARC-2000 A {:>12} arcs/s: yours {:.2f} times\n"
            "     chain      {:>12} flights/s: yours {:.2f} times\n",
            known["machine"].get<std::string>(), known["threads"].get<int>(),
            known["threads"] == 1 ? "" : "s", known["device"].get<std::string>(),
            grouped(known["arcs_per_s"].get<std::uint64_t>()),
            m.arcs.front().rate.arcs_per_s.median / known["arcs_per_s"].get<double>(),
            grouped(known["flights_per_s"].get<std::uint64_t>()),
            m.flights_per_s.median / known["flights_per_s"].get<double>());
    }
    return text +
           "\nRates on a CPU are by CPU time, times threads. ± is the median absolute deviation "
           "of\n"
           "repeated timings; errors are against converged arcs.\n";
}

}  // namespace

ExitStatus bench(BenchOptions const& options)
{
    auto const m = measured(options);
    print(options.as_json ? as_json(m) : as_text(m));
    auto const all_end = [](std::vector<ArcEntry> const& arcs) {
        return std::all_of(arcs.begin(), arcs.end(),
                           [](ArcEntry const& a) { return a.rate.failed == 0; });
    };
    return all_end(m.arcs) && all_end(m.device_arcs) ? exit_fine : exit_answer_is_no;
}

}  // namespace longwatch
