// longwatch exercise: plays flights of a study with its nodes as processes, and holds what happens against the model.
#include <algorithm>
#include <cmath>
#include <random>

#include <fmt/format.h>

#include "host/command/arm_option.hpp"
#include "host/command/catalog_folder.hpp"
#include "host/command/code_version.hpp"
#include "host/command/output.hpp"
#include "host/command/provenance.hpp"
#include "host/command/verbs.hpp"
#include "host/command/whole_number.hpp"
#include "host/exercise/conductor.hpp"
#include "host/exercise/exercise_folder.hpp"
#include "host/exercise/model_events.hpp"
#include "host/exercise/node_processes.hpp"
#include "host/plan/prepare.hpp"
#include "host/study/read_sampling.hpp"
#include "results/store/atomic_file.hpp"
#include "results/store/message_log.hpp"

namespace longwatch {

namespace {

namespace fs = std::filesystem;

/// A machine that is busy with other things takes its time over handshakes.
constexpr std::chrono::seconds nodes_patience{120};

std::string random_name()
{
    std::random_device random;
    return fmt::format("{:08x}", random());
}

/// All flights of the raid that the flight is of.
std::vector<std::int64_t> raid_of(Study const& study, std::int64_t flight)
{
    int const size = study.scenario->raid.size;
    std::vector<std::int64_t> flights;
    for (int m = 0; m < size; ++m) { flights.push_back(flight / size * size + m); }
    return flights;
}

ExercisePlan plan_of(Study const& study, ExerciseOptions const& options, std::int64_t flight)
{
    ExercisePlan plan;
    plan.exercise = random_name();
    plan.study_hash = study.hash;
    plan.seed = study.seed;
    plan.arm = options.arm.value_or(study.arms.back());
    plan.flights = raid_of(study, flight);
    plan.places.push_back({conductor_name, "127.0.0.1", 0});
    for (int const node : nodes_of_arm(study, arm_named(study, plan.arm))) {
        plan.places.push_back({study.nodes[static_cast<std::size_t>(node)], "127.0.0.1",
                               static_cast<int>(plan.places.size())});
    }
    plan.base_port = free_base_port(static_cast<int>(plan.places.size()));
    return plan;
}

/// No message is on its way for less.
double least_latency_s(Study const& study, int arm, ExerciseFlights const& flights)
{
    double least = 1e6;
    NetworkParams const& network = study.scenario->network;
    for (auto const& flown : flights) {
        Columns const c = lay_out(*study.scenario, 1, flown->memory.data());
        for (int l = 0; l < network.link_count; ++l) {
            if (!network.arm[arm].link[l].present) { continue; }
            least = std::min(least, c.link_latency_s.load<double>(0, l));
        }
    }
    return least;
}

std::string who(Study const& study, NodeEvent const& event)
{
    auto const at = static_cast<std::size_t>(event.who);
    switch (event.kind) {
    case NodeEventKind::firm_track: return study.sensors[at];
    case NodeEventKind::warned: return study.consumers[at];
    default: return study.batteries[at];
    }
}

char const* what(NodeEventKind kind)
{
    switch (kind) {
    case NodeEventKind::firm_track: return "firm track";
    case NodeEventKind::warned: return "warned";
    case NodeEventKind::quality_held: return "prediction held";
    default: return "may launch";
    }
}

std::string seconds(std::optional<double> const& t_s)
{
    return t_s ? fmt::format("{:.3f}", *t_s) : std::string("never");
}

/// The table of what was to happen and what did.
void print_comparison(Study const& study, std::vector<ComparedEvent> const& events)
{
    print(fmt::format("{:>7}  {:<16} {:<24} {:>12} {:>12} {:>10}\n", "flight", "", "", "model, s",
                      "live, s", "apart, ms"));
    for (auto const& e : events) {
        auto const between = e.t_model_s && e.t_live_s
                                 ? fmt::format("{:.3f}", (*e.t_live_s - *e.t_model_s) * 1e3)
                                 : std::string("-");
        print(fmt::format("{:>7}  {:<16} {:<24} {:>12} {:>12} {:>10}\n", e.event.flight,
                          what(e.event.kind), who(study, e.event), seconds(e.t_model_s),
                          seconds(e.t_live_s), between));
    }
}

/// What an exercise came to: on granted time everything is to happen when the model says; on a clock that runs, to happen.
bool print_verdict(std::vector<ComparedEvent> const& events, double speed)
{
    std::vector<double> late_s;
    int apart = 0, one_sided = 0;
    for (auto const& e : events) {
        apart += e.is_apart() ? 1 : 0;
        if (e.t_model_s && e.t_live_s) {
            late_s.push_back(*e.t_live_s - *e.t_model_s);
        } else {
            ++one_sided;
        }
    }
    if (one_sided > 0) {
        print(fmt::format("{} events happened and the model has them not, or the other way round\n",
                          one_sided));
        return false;
    }
    if (!(speed > 0)) {
        print(apart == 0 ? std::string("everything happened when the model says\n")
                         : fmt::format("{} events are apart from the model\n", apart));
        return apart == 0;
    }
    std::sort(late_s.begin(), late_s.end());
    auto const share = [&](double p) {
        if (late_s.empty()) { return 0.0; }
        auto const at = std::ceil(p * static_cast<double>(late_s.size())) - 1;
        return late_s[static_cast<std::size_t>(std::max(at, 0.0))] * 1e3;
    };
    print(fmt::format(
        "everything happened that the model says; later by {:.2f} ms (median), {:.2f} ms "
        "(99 of 100), {:.2f} ms (most) of the exercise\n",
        share(0.5), share(0.99), share(1)));
    return true;
}

/// The folder asked for, or one that goes with the exercise.
class OutputFolder {
public:
    explicit OutputFolder(std::optional<std::string> const& wish) : is_kept_(wish.has_value())
    {
        folder_ = wish ? fs::path(*wish)
                       : fs::temp_directory_path() / ("longwatch-exercise-" + random_name());
    }
    ~OutputFolder()
    {
        std::error_code ignored;
        if (!is_kept_) { fs::remove_all(folder_, ignored); }
    }
    OutputFolder(OutputFolder const&) = delete;
    OutputFolder& operator=(OutputFolder const&) = delete;

    fs::path const& path() const { return folder_; }

private:
    fs::path folder_;
    bool is_kept_;
};

/// Every message, as CSV and as HDF5.
void keep_messages(Study const& study, ExercisePlan const& plan, fs::path const& folder)
{
    auto const rows = messages_of(folder, plan);
    std::string csv = message_log_head();
    for (auto const& row : rows) { csv += csv_row(row); }
    replace_file(folder / message_rows_file, csv);
    write_message_log(folder / "messages.h5", rows,
                      {code_version, code_commit, created_now(), study.name, study.hash, plan.arm,
                       plan.exercise, plan.seed});
}

double speed_of(std::string const& text)
{
    if (text == "max") { return 0; }
    if (text == "1") { return 1; }
    if (text == "10") { return 10; }
    throw UsageError(fmt::format("--speed '{}' (known: 1, 10, max)", text));
}

}  // namespace

ExitStatus exercise(ExerciseOptions const& options)
{
    double const speed = speed_of(options.speed);
    auto study = read_study(options.study, reading_with(options.catalog));
    constexpr auto flight_max = static_cast<std::uint64_t>(run_flights_max) - 1;
    auto const flight =
        static_cast<std::int64_t>(whole_number("--flight", options.flight, 0, flight_max));
    check_flight(study, flight);
    auto const plan = plan_of(study, options, flight);
    int const arm = arm_named(study, plan.arm);
    prepare(study);
    ExerciseFlights flights;
    std::vector<NodeEvent> model;
    for (auto const number : plan.flights) {
        flights.push_back(
            std::make_unique<FlownFlight>(flight_on_cpu(*study.scenario, study.seed, number)));
        auto const of_flight = model_events(study, *flights.back(), arm);
        model.insert(model.end(), of_flight.begin(), of_flight.end());
    }
    OutputFolder const output(options.output);
    auto const& folder = output.path();
    make_exercise_folder(folder, plan, study, flights);
    auto const settings = wire_settings(plan, folder, study, conductor_name);
    auto const wire = open_wire(settings);
    Conductor conductor(settings, *wire);
    // Gone before the wire is: who waits for the other would wait long.
    NodeProcesses processes(study.path, folder);
    for (auto const& place : plan.places) {
        if (place.member != conductor_name) { processes.start(place.member); }
    }
    conductor.wait_for_nodes(nodes_patience);
    if (speed > 0) {
        conductor.play_running(0, speed);
    } else {
        conductor.play_granted(least_latency_s(study, arm, flights));
    }
    conductor.stop();
    auto const badly = processes.end(std::chrono::seconds(10));
    if (options.output) { keep_messages(study, plan, folder); }
    auto const compared = compare_events(model, conductor.events());
    print_comparison(study, compared);
    print(fmt::format("\n{} of {} nodes; ", plan.places.size() - 1, study.nodes.size()));
    bool const is_so = print_verdict(compared, speed);
    if (!badly.empty()) { tell(fmt::format("nodes that did not end well: {}\n", badly)); }
    finish_output();
    return is_so && badly.empty() ? exit_fine : exit_answer_is_no;
}

}  // namespace longwatch
