// longwatch exercise: plays flights of a study with its nodes as processes, and holds what happens against the model.
#include <algorithm>
#include <map>
#include <random>

#include <fmt/format.h>

#include "host/command/arm_option.hpp"
#include "host/command/catalog_folder.hpp"
#include "host/command/code_version.hpp"
#include "host/command/exercise_tables.hpp"
#include "host/command/output.hpp"
#include "host/command/provenance.hpp"
#include "host/command/real_number.hpp"
#include "host/command/verbs.hpp"
#include "host/command/watched_exercise.hpp"
#include "host/command/whole_number.hpp"
#include "host/exercise/conductor.hpp"
#include "host/exercise/exercise_folder.hpp"
#include "host/exercise/exercise_picture.hpp"
#include "host/exercise/model_events.hpp"
#include "host/exercise/node_processes.hpp"
#include "host/plan/prepare.hpp"
#include "host/study/nearest_name.hpp"
#include "host/study/read_sampling.hpp"
#include "results/show/terminal_text.hpp"
#include "results/store/atomic_file.hpp"
#include "results/store/message_log.hpp"

namespace longwatch {

namespace {

namespace fs = std::filesystem;

/// A machine that is busy with other things takes its time over handshakes.
constexpr std::chrono::seconds nodes_patience{120};
constexpr std::uint64_t flights_at_once = 1000;

std::string random_name()
{
    std::random_device random;
    return fmt::format("{:08x}", random());
}

/// All flights of the raids that these flights are of.
std::vector<std::int64_t> raids_of(Study const& study, std::int64_t first, std::int64_t count)
{
    int const size = study.scenario->raid.size;
    std::vector<std::int64_t> flights;
    auto const end = (first + count + size - 1) / size * size;
    for (auto flight = first / size * size; flight < end; ++flight) { flights.push_back(flight); }
    return flights;
}

std::vector<std::int64_t> flights_asked_for(Study const& study, ExerciseOptions const& options)
{
    constexpr auto flight_max = static_cast<std::uint64_t>(run_flights_max) - 1;
    auto const first =
        static_cast<std::int64_t>(whole_number("--flight", options.flight, 0, flight_max));
    auto const count =
        static_cast<std::int64_t>(whole_number("--flights", options.flights, 1, flights_at_once));
    auto flights = raids_of(study, first, count);
    check_flight(study, flights.back());
    return flights;
}

/// MEMBER=ADDRESS as given, by member.
std::map<std::string, std::string> addresses_of(ExerciseOptions const& options,
                                                std::vector<std::string> const& members)
{
    std::map<std::string, std::string> addresses;
    for (auto const& text : options.places) {
        auto const at = text.find('=');
        auto const member = text.substr(0, at);
        if (at == std::string::npos || !is_address(text.substr(at + 1))) {
            throw UsageError("--place '" + text +
                             "' (write MEMBER=ADDRESS, with an address as 192.0.2.7)");
        }
        if (std::find(members.begin(), members.end(), member) == members.end()) {
            throw UsageError("--place '" + text + "': '" + member + "' takes no part in the arm" +
                             did_you_mean(member, members));
        }
        if (!addresses.emplace(member, text.substr(at + 1)).second) {
            throw UsageError("--place '" + text + "': " + member + " is placed already");
        }
    }
    // Who is on loopback and who is not cannot meet, and the conductor meets all.
    for (auto const& member : members) {
        if (!addresses.empty() && addresses.count(member) == 0) {
            throw UsageError("--place: where one is placed all must be, and " + member +
                             " is not (127.0.0.1 where all are on this machine)");
        }
    }
    if (!addresses.empty() && !options.output) {
        throw UsageError("--place: give a folder with -o, of which each node is to have its part");
    }
    return addresses;
}

ExercisePlan plan_of(Study const& study, ExerciseOptions const& options)
{
    ExercisePlan plan;
    plan.exercise = random_name();
    plan.study_hash = study.hash;
    plan.seed = study.seed;
    plan.arm = options.arm.value_or(study.arms.back());
    plan.flights = flights_asked_for(study, options);
    std::vector<std::string> members{conductor_name};
    for (int const node : nodes_of_arm(study, arm_named(study, plan.arm))) {
        members.push_back(study.nodes[static_cast<std::size_t>(node)]);
    }
    auto const addresses = addresses_of(options, members);
    for (auto const& member : members) {
        auto const at = addresses.find(member);
        plan.places.push_back({member, at == addresses.end() ? "127.0.0.1" : at->second,
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
void keep_messages(Study const& study, ExercisePlan const& plan, fs::path const& folder,
                   std::vector<MessageRow> const& rows)
{
    std::string csv = message_log_head();
    for (auto const& row : rows) { csv += csv_row(row); }
    replace_file(folder / message_rows_file, csv);
    write_message_log(folder / "messages.h5", rows,
                      {code_version, code_commit, created_now(), study.name, study.hash, plan.arm,
                       plan.exercise, plan.seed});
}

/// 0 for max.
double speed_of(std::string const& text)
{
    return text == "max" ? 0 : real_number("--speed", text, {0.1, 1000});
}

/// An exercise that is set up: who plays it, where, and what is to go wrong.
struct SetUp {
    Study const& study;
    ExercisePlan const& plan;
    ExerciseFlights const& flights;
    std::vector<Fault> faults;
    double speed = 0;  ///< 0: max
    PageAddress page;
    fs::path folder;
    InterruptionsHeld const& interruptions;
};

/// Plays it, from the first process to the last.
class PlayedExercise {
public:
    PlayedExercise(SetUp const& set_up, Wire& wire)
        : set_up_(set_up),
          conductor_(set_up.study,
                     wire_settings(set_up.plan, set_up.folder, set_up.study, conductor_name), wire),
          processes_(set_up.study.path, set_up.folder)
    {
    }

    /// Names of nodes that did not end well; "" for none.
    std::string play(ExerciseOptions const& options)
    {
        start_nodes(!options.places.empty());
        auto const& held = set_up_.interruptions;
        conductor_.wait_for_nodes(nodes_patience, [&] { return !held.is_one_waiting(); });
        bool const runs = set_up_.speed > 0;
        auto const of = picture_of(set_up_.study, set_up_.plan, set_up_.flights, runs);
        WatchedExercise watched(of, conductor_, held);
        serve_page(watched, options);
        auto const watch = [&] { return watched.watch(); };
        if (runs) {
            conductor_.play_running({set_up_.speed, set_up_.faults,
                                     [&](Fault const& fault) { change_process(fault); },
                                     [](std::string const& what) { tell(what + '\n'); }, watch});
        } else {
            int const arm = arm_named(set_up_.study, set_up_.plan.arm);
            conductor_.play_granted(least_latency_s(set_up_.study, arm, set_up_.flights), watch);
        }
        watched.end(options.hold);
        conductor_.stop();
        return processes_.end(std::chrono::seconds(10));
    }

    Conductor const& conductor() const { return conductor_; }

private:
    void start_nodes(bool by_hand)
    {
        for (auto const& place : set_up_.plan.places) {
            if (place.member == conductor_name) { continue; }
            if (by_hand) {
                tell(fmt::format("start: longwatch node '{}' --name {} --exercise '{}'\n",
                                 terminal_text(set_up_.study.path.string()), place.member,
                                 terminal_text(set_up_.folder.string())));
            } else {
                processes_.start(place.member);
            }
        }
    }
    /// One that nobody asked for may be missing.
    void serve_page(WatchedExercise& watched, ExerciseOptions const& options) const
    {
        bool const is_asked_for = options.page || options.hold;
        if (!is_asked_for && (options.no_page || !(set_up_.speed > 0))) { return; }
        try {
            watched.open(set_up_.page, catalog_folder(options.catalog));
        } catch (std::runtime_error const& error) {
            if (is_asked_for) { throw; }
            tell(fmt::format("no page: {}\n", error.what()));
        }
    }
    void change_process(Fault const& fault)
    {
        if (fault.kind == FaultKind::kill) {
            processes_.kill(fault.name);
        } else {
            processes_.start(fault.name);
        }
    }

    SetUp const& set_up_;
    Conductor conductor_;
    // Gone before the wire is: who waits for the other would wait long.
    NodeProcesses processes_;
};

void check_faults(std::vector<Fault> const& faults, ExerciseOptions const& options)
{
    if (!faults.empty() && options.speed == "max") {
        throw UsageError("--fault is for exercises by the clock (--speed 1 or another number)");
    }
    for (auto const& fault : faults) {
        bool const is_of_process =
            fault.kind == FaultKind::kill || fault.kind == FaultKind::restart;
        if (is_of_process && !options.places.empty()) {
            throw UsageError("--fault: " + fault.name + " is started by hand (--place)");
        }
    }
}

}  // namespace

ExitStatus exercise(ExerciseOptions const& options)
{
    double const speed = speed_of(options.speed);
    auto const page = page_address(options.page);
    auto study = read_study(options.study, reading_with(options.catalog));
    auto const plan = plan_of(study, options);
    int const arm = arm_named(study, plan.arm);
    auto const faults = fault_plan(options.faults, study, arm);
    check_faults(faults, options);
    prepare(study);
    ExerciseFlights flights;
    std::vector<NodeEvent> model;
    // They follow one another: all flights of some raids.
    auto const count = static_cast<std::int64_t>(plan.flights.size());
    for (auto& flown : flights_on_cpu(*study.scenario, {study.seed, plan.flights.front(), count})) {
        flights.push_back(std::make_unique<FlownFlight>(std::move(flown)));
        auto const of_flight = model_events(study, *flights.back(), arm);
        model.insert(model.end(), of_flight.begin(), of_flight.end());
    }
    // Until the folder is gone that goes with the exercise.
    InterruptionsHeld const interruptions;
    OutputFolder const output(options.output);
    auto const& folder = output.path();
    make_exercise_folder(folder, plan, study, flights);
    auto const wire = open_wire(wire_settings(plan, folder, study, conductor_name));
    SetUp const set_up{study, plan, flights, faults, speed, page, folder, interruptions};
    PlayedExercise played(set_up, *wire);
    auto const badly = played.play(options);
    auto const rows = messages_of(folder, plan);
    if (options.output) { keep_messages(study, plan, folder, rows); }
    auto const compared = compare_events(model, played.conductor().events());
    print_comparison(study, compared);
    if (!faults.empty()) { print_knowledge(study, played.conductor()); }
    print(fmt::format("\n{} of {} nodes, {} messages; ", plan.places.size() - 1, study.nodes.size(),
                      rows.size()));
    bool is_so = print_verdict(compared, speed);
    auto const lost = played.conductor().lost_on_links();
    if (!played.conductor().is_over()) {
        print("interrupted: what was on its way is not counted\n");
    } else if (!lost.empty()) {
        print("lost on the way: " + lost + "\n");
        is_so = false;
    }
    if (auto const dropped = played.conductor().dropped_on_links(); !dropped.empty()) {
        print("thrown away: " + dropped + "\n");
        is_so = is_so && !faults.empty();
    }
    if (speed > 0) { print_transport(rows, speed); }
    if (!badly.empty()) { tell(fmt::format("nodes that did not end well: {}\n", badly)); }
    finish_output();
    return is_so && badly.empty() ? exit_fine : exit_answer_is_no;
}

}  // namespace longwatch
