#include "host/command/command_line.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "host/command/verbs.hpp"
#include "host/study/nearest_name.hpp"

namespace longwatch {

namespace {

void add_flying_options(CLI::App& verb, FlyingOptions& options)
{
    verb.add_option("--flights", options.flights, "flights to fly, in place of the study's number")
        ->type_name("N");
    verb.add_option("--seed", options.seed, "seed of all draws, in place of the study's")
        ->type_name("S");
    verb.add_option("--threads", options.threads, "CPU threads; one per core unless given")
        ->type_name("T");
    verb.add_option("--device", options.device, "auto (CUDA where a device is found), cpu or cuda")
        ->type_name("D");
    verb.add_option("--chunk", options.chunk, "flights computed at one go; changes no result")
        ->type_name("N");
    verb.add_flag("--quiet", options.quiet, "no progress on standard error");
}

/// What the user gave, verb by verb.
struct Given {
    RunOptions run;
    ReplayOptions replay;
    ReconstructOptions reconstruct;
    ArmOptions value, horizon;
    CompareOptions compare;
    RegressOptions regress;
    std::string checked_study, shown_file;
    bool show_json = false, info_json = false;
};

void add_run(CLI::App& program, Given& given)
{
    auto& verb = *program.add_subcommand("run", "Fly a study; write the result, print its tables");
    verb.add_option("STUDY", given.run.study, "study file (TOML)")->required();
    verb.add_option(
            "-o,--output", given.run.output,
            "result file (HDF5); one that is there is replaced when the new one is complete")
        ->type_name("FILE")
        ->required();
    add_flying_options(verb, given.run.flying);
    verb.add_option("--timing", given.run.timing,
                    "file to add a line of JSON to: flights per second, device, processor, threads")
        ->type_name("FILE");
    verb.footer(
        "The same study and seed give the same numbers whatever the threads and the chunk.\n\n"
        "Examples:\n"
        "  longwatch run studies/trilateral-warning.toml -o result.h5\n"
        "  longwatch run my-study.toml -o result.h5 --flights 20000 --seed 7 --device cpu\n\n"
        "Exit status: 0 fine; 1 flights failed; 2 bad usage or study; 3 could not run.");
    verb.allow_extras();
}

void add_check(CLI::App& program, Given& given)
{
    auto& verb = *program.add_subcommand("check", "Check a study; print it resolved, and its hash");
    verb.add_option("STUDY", given.checked_study, "study file (TOML)")->required();
    verb.footer(
        "Prints every value of the study in SI units, defaults and catalogue values included,\n"
        "as TOML, then its hash as a comment. The hash leaves seed and number of flights out:\n"
        "results of equal hash are of the same question. All problems of a study are told at\n"
        "once.\n\n"
        "Examples:\n"
        "  longwatch check studies/trilateral-warning.toml\n"
        "  longwatch check my-study.toml > resolved.toml");
    verb.allow_extras();
}

void add_show(CLI::App& program, Given& given)
{
    auto& verb = *program.add_subcommand("show", "Print the tables of a result");
    verb.add_option("FILE", given.shown_file, "result file (HDF5)")->required();
    verb.add_flag("--json", given.show_json, "print JSON");
    verb.footer(
        "Examples:\n"
        "  longwatch show result.h5\n"
        "  longwatch show result.h5 --json");
    verb.allow_extras();
}

void add_compare(CLI::App& program, Given& given)
{
    auto& verb = *program.add_subcommand("compare", "Tell how arms, or two results, differ");
    auto& options = given.compare;
    verb.add_option("FILE", options.first, "result file (HDF5)")->required();
    verb.add_option("SECOND", options.second,
                    "a second result file, compared with the first; its arms of the same names "
                    "unless --arm is given");
    verb.add_option("--arm", options.arm,
                    "the arm to compare, of the second file where there are two; the last one "
                    "unless given")
        ->type_name("X");
    verb.add_option("--against", options.against,
                    "the arm to compare it with, of the first file; the first one unless given")
        ->type_name("Y");
    verb.add_flag("--json", options.as_json, "print JSON");
    verb.footer(
        "Differences with 95 % intervals and effect sizes: paired where the same flights are\n"
        "counted in both, two-sample where not; it says which, and why. Two files must count the\n"
        "same things: threats, raids, environment, and what warns a consumer. Sensors, network,\n"
        "batteries and delays may differ, and are listed.\n\n"
        "Examples:\n"
        "  longwatch compare result.h5 --arm via-us-hub --against bilateral\n"
        "  longwatch compare before.h5 after.h5\n"
        "  longwatch compare before.h5 after.h5 --arm direct --against via-us-hub --json\n\n"
        "Exit status: 0 compared; 2 bad usage, or they cannot be compared, and why; 3 could not\n"
        "run.");
    verb.allow_extras();
}

void add_regress(CLI::App& program, Given& given)
{
    auto& verb = *program.add_subcommand("regress", "Tell what has moved since a baseline");
    auto& options = given.regress;
    verb.add_option("BASELINE", options.baseline, "baseline table, or result file")->required();
    verb.add_option("NEW", options.fresh, "the new one: result file, or baseline table");
    verb.add_option("--timing", options.timing,
                    "what longwatch run --timing wrote of the new result's runs")
        ->type_name("FILE");
    verb.add_flag("--json", options.as_json, "print JSON: every quantity tested");
    verb.add_option("--junit", options.junit, "write every test as JUnit XML")->type_name("FILE");
    verb.add_option("--markdown", options.markdown, "write the report as Markdown")
        ->type_name("FILE");
    verb.add_option("--renew", options.renewed,
                    "write a baseline table of the one result file given, and compare nothing")
        ->type_name("TABLE");
    verb.footer(
        "Runs of the same study, seed and flights on the same backend must be identical in every\n"
        "count. Otherwise every quantity is tested: exactly for proportions, by Welch's test for\n"
        "means, by chi-squared for distributions, with Holm's correction over all of them, so "
        "that\n"
        "two results of one truth are called moved once in a thousand comparisons. See\n"
        "docs/regression.md.\n\n"
        "Examples:\n"
        "  longwatch regress tests/baselines/trilateral-warning.json new.h5 --markdown moved.md\n"
        "  longwatch regress before.h5 after.h5\n"
        "  longwatch regress new.h5 --renew tests/baselines/trilateral-warning.json\n\n"
        "Exit status: 0 clean; 1 something moved; 2 bad usage, or they cannot be compared; 3 "
        "could\n"
        "not run.");
    verb.allow_extras();
}

void add_reconstruct(CLI::App& program, Given& given)
{
    auto& verb =
        *program.add_subcommand("reconstruct", "Find the flight that matches a published one");
    auto& options = given.reconstruct;
    verb.add_option("--launch", options.launch, "launch place, degrees north and east")
        ->type_name("LAT,LON")
        ->required();
    verb.add_option("--azimuth-deg", options.azimuth_deg, "of the ground track at the launch place")
        ->type_name("A")
        ->required();
    verb.add_option("--apogee-km", options.apogee_km, "greatest altitude")
        ->type_name("H")
        ->required();
    verb.add_option("--range-km", options.range_km, "along the ground, launch to impact")
        ->type_name("R")
        ->required();
    verb.add_option("--vehicle", options.vehicle, "catalogue vehicle; icbm-liquid unless given")
        ->type_name("V");
    verb.add_option("--flight-time-s", options.flight_time_s, "reported, launch to impact")
        ->type_name("T");
    verb.add_option("--time-tolerance-s", options.time_tolerance_s,
                    "how far the reported time may be from the vehicle's; 120 unless given")
        ->type_name("S");
    verb.add_option(
            "--catalog", options.catalog,
            "folder of the catalogue; models/catalog here or above the program unless given")
        ->type_name("DIR");
    verb.add_flag("--json", options.as_json, "print JSON");
    verb.footer(
        "Reports flight time, its two-body lower bound, burnout, impact, spent stages, ground\n"
        "track, and when each sensor of the catalogue first sees the flight.\n\n"
        "Example, reported for 29 November 2017:\n"
        "  longwatch reconstruct --launch 39.2,125.7 --azimuth-deg 62 --apogee-km 4475 \\\n"
        "      --range-km 950 --flight-time-s 3180\n\n"
        "Exit status: 0 a flight matches; 1 none can, and why; 2 bad usage; 3 could not run.");
    verb.allow_extras();
}

void add_info(CLI::App& program, Given& given)
{
    auto& verb = *program.add_subcommand("info", "Tell the version, the lanes and the devices");
    verb.add_flag("--json", given.info_json, "print JSON");
    verb.footer(
        "Examples:\n"
        "  longwatch info\n"
        "  longwatch info --json");
    verb.allow_extras();
}

void add_replay(CLI::App& program, Given& given)
{
    auto& verb = *program.add_subcommand("replay", "Write one flight of a study in full");
    auto& options = given.replay;
    verb.add_option("STUDY", options.study, "study file (TOML)")->required();
    verb.add_option("--flight", options.flight, "number of the flight, from 0")
        ->type_name("K")
        ->required();
    verb.add_option("--arm", options.arm, "the arm to tell; all of them unless given")
        ->type_name("A");
    verb.add_option("-o,--output", options.output,
                    "folder for the files: a new one, an empty one, or one with a replay, which "
                    "is replaced")
        ->type_name("DIR")
        ->required();
    verb.add_option("--seed", options.flying.seed, "seed of all draws, in place of the study's")
        ->type_name("S");
    verb.add_option("--device", options.flying.device,
                    "auto (CUDA where a device is found), cpu or cuda")
        ->type_name("D");
    verb.footer(
        "Writes CSV tables of every stage, KML and CZML for globes, and an index, replay.json;\n"
        "docs/replay.md tells every column. The numbers are those of the run on the same device,\n"
        "bit for bit.\n\n"
        "Examples:\n"
        "  longwatch replay studies/trilateral-warning.toml --flight 48121 -o flight-48121\n"
        "  longwatch replay my-study.toml --flight 7 --arm via-hub -o seven --device cpu\n\n"
        "Exit status: 0 fine; 1 the flight failed; 2 bad usage or study; 3 could not run.");
    verb.allow_extras();
}

/// Of a verb that flies one arm of a study.
void add_arm_options(CLI::App& verb, ArmOptions& options, std::string const& which_arm)
{
    verb.add_option("STUDY", options.study, "study file (TOML)")->required();
    verb.add_option("--arm", options.arm, which_arm)->type_name("A");
    verb.add_flag("--json", options.as_json, "print JSON");
    add_flying_options(verb, options.flying);
}

void add_value(CLI::App& program, Given& given)
{
    auto& verb = *program.add_subcommand("value", "Rank what each link and sensor is worth");
    add_arm_options(verb, given.value, "the arm to take from; the last one unless given");
    verb.footer(
        "Flies the arm as it is and without each of its links and sensors, one at a time, on the\n"
        "same flights, and ranks what is lost: usable warning (too late or none counts as 0 s) of\n"
        "the consumer who loses most. Fifteen removals are flown at one go.\n\n"
        "Examples:\n"
        "  longwatch value studies/trilateral-warning.toml --arm via-us-hub --flights 20000\n"
        "  longwatch value my-study.toml --json > value.json\n\n"
        "Exit status: 0 fine; 1 flights failed; 2 bad usage or study; 3 could not run.");
    verb.allow_extras();
}

void add_horizon(CLI::App& program, Given& given)
{
    auto& verb = *program.add_subcommand("horizon", "How much hangs on how radar rays bend");
    add_arm_options(verb, given.horizon, "the arm to fly; the last one unless given");
    verb.footer(
        "Flies the arm twice on the same flights: every radar under straight rays (k = 1), and\n"
        "under standard refraction (k = 4/3), which overstates bending above 10 km. The truth "
        "lies\n"
        "between.\n\n"
        "Example:\n"
        "  longwatch horizon studies/trilateral-warning.toml --flights 20000\n\n"
        "Exit status: 0 fine; 1 flights failed; 2 bad usage or study; 3 could not run.");
    verb.allow_extras();
}

std::vector<std::string> const& verbs()
{
    static std::vector<std::string> const names = {"run",         "value", "horizon", "replay",
                                                   "check",       "show",  "compare", "regress",
                                                   "reconstruct", "info"};
    return names;
}

/// The verb, or an option that stands without one, comes first.
void check_first(std::string const& first)
{
    auto const known = fmt::format("(known: {})", fmt::join(verbs(), ", "));
    if (first == "--help" || first == "-h" || first == "--version") { return; }
    if (!first.empty() && first[0] == '-') {
        throw UsageError(fmt::format("no verb before '{}' {} see longwatch --help", first, known));
    }
    if (std::find(verbs().begin(), verbs().end(), first) != verbs().end()) { return; }
    std::string small;
    for (char const c : first) {
        small += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    throw UsageError(fmt::format("no verb '{}' {}", first, known) +
                     (small == "help" ? "; see longwatch --help" : did_you_mean(small, verbs())));
}

/// Nothing may be left over on the command line.
void check_rest(CLI::App const& verb)
{
    auto const rest = verb.remaining();
    if (rest.empty()) { return; }
    auto const see = fmt::format("see longwatch {} --help", verb.get_name());
    auto const is_option = [](std::string const& text) {
        return text.size() > 1 && text[0] == '-';
    };
    auto const option = std::find_if(rest.begin(), rest.end(), is_option);
    if (option != rest.end() && *option != "--") {
        std::vector<std::string> known;
        for (auto const* one : verb.get_options()) {
            for (auto const& name : one->get_lnames()) { known.push_back("--" + name); }
        }
        auto const name = option->substr(0, option->find('='));
        throw UsageError(fmt::format("{} has no option '{}' ({})", verb.get_name(), name, see) +
                         did_you_mean(name, known));
    }
    throw UsageError(fmt::format("{} takes no further argument '{}' ({})", verb.get_name(),
                                 fmt::join(rest, "', '"), see));
}

/// What the parser says of a line that it cannot take, in this program's words.
std::string explained(CLI::ParseError const& error, CLI::App const& program)
{
    auto const used = program.get_subcommands();
    auto const verb = used.empty() ? std::string("VERB") : used.front()->get_name();
    auto const see = fmt::format("see longwatch {} --help", verb);
    std::string const said = error.what();
    auto const name = said.substr(0, said.find_first_of(": "));
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError)) {
        std::string const missing = name != "--output" ? name
                                    : verb == "replay" ? "-o DIR"
                                                       : "-o FILE";
        return fmt::format("{} lacks {} ({})", verb, missing, see);
    }
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ArgumentMismatch)) {
        bool const repeated = said.find("At Most 1") != std::string::npos;
        return fmt::format("{} {} ({})", name,
                           repeated ? "is given more than once" : "is given without its value",
                           see);
    }
    return fmt::format("{} ({})", said, see);
}

}  // namespace

ExitStatus run_command_line(int argc, char const* const* argv)
{
    CLI::App program(
        "How many minutes of warning, and what chance of intercept, a sensor and sharing "
        "arrangement gives.",
        "longwatch");
    program.set_version_flag("--version", "longwatch " + version_text());
    program.require_subcommand(1);
    program.footer(
        "Examples:\n"
        "  longwatch run studies/trilateral-warning.toml -o result.h5\n"
        "  longwatch check studies/trilateral-warning.toml\n"
        "  longwatch show result.h5\n"
        "  longwatch run --help\n\n"
        "Exit status: 0 fine; 1 the answer is no, or flights failed; 2 bad usage or study;\n"
        "3 could not run.");
    Given given;
    add_run(program, given);
    add_value(program, given);
    add_horizon(program, given);
    add_replay(program, given);
    add_check(program, given);
    add_show(program, given);
    add_compare(program, given);
    add_regress(program, given);
    add_reconstruct(program, given);
    add_info(program, given);
    if (argc < 2) {
        throw UsageError(
            "no verb given (run, value, horizon, replay, check, show, compare, regress, "
            "reconstruct, "
            "info) see "
            "longwatch "
            "--help");
    }
    check_first(argv[1]);
    try {
        program.parse(argc, argv);
    } catch (CLI::Success const& asked) {  // --help, --version
        program.exit(asked);
        return exit_fine;
    } catch (CLI::ParseError const& error) {
        throw UsageError(explained(error, program));
    }
    auto const& verb = *program.get_subcommands().front();
    check_rest(verb);
    if (verb.get_name() == "run") { return run(given.run); }
    if (verb.get_name() == "value") { return value(given.value); }
    if (verb.get_name() == "horizon") { return horizon(given.horizon); }
    if (verb.get_name() == "replay") { return replay(given.replay); }
    if (verb.get_name() == "check") { return check(given.checked_study); }
    if (verb.get_name() == "show") { return show(given.shown_file, given.show_json); }
    if (verb.get_name() == "compare") { return compare(given.compare); }
    if (verb.get_name() == "regress") { return regress(given.regress); }
    if (verb.get_name() == "reconstruct") { return reconstruct(given.reconstruct); }
    return info(given.info_json);
}

}  // namespace longwatch
