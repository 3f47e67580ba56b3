#include "host/command/command_line.hpp"

#include <CLI/CLI.hpp>

#include "host/command/output.hpp"
#include "host/command/verbs.hpp"

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
        ->type_name("D")
        ->check(CLI::IsMember({"auto", "cpu", "cuda"}));
    verb.add_option("--chunk", options.chunk, "flights computed at one go; changes no result")
        ->type_name("N");
    verb.add_flag("--quiet", options.quiet, "no progress on standard error");
}

/// What the user gave, verb by verb.
struct Given {
    RunOptions run;
    std::string checked_study, shown_file;
    bool show_json = false, info_json = false;
};

void add_run(CLI::App& program, Given& given, ExitStatus& status)
{
    auto& verb = *program.add_subcommand("run", "Fly a study; write the result, print its tables");
    verb.add_option("STUDY", given.run.study, "study file (TOML)")->required();
    verb.add_option(
            "-o,--output", given.run.output,
            "result file (HDF5); one that is there is replaced when the new one is complete")
        ->type_name("FILE")
        ->required();
    add_flying_options(verb, given.run.flying);
    verb.footer(
        "The same study and seed give the same numbers whatever the threads and the chunk.\n\n"
        "Examples:\n"
        "  longwatch run studies/trilateral-warning.toml -o result.h5\n"
        "  longwatch run my-study.toml -o result.h5 --flights 20000 --seed 7 --device cpu\n\n"
        "Exit status: 0 fine; 1 flights failed; 2 bad usage or study; 3 could not run.");
    verb.callback([&] { status = run(given.run); });
}

void add_check(CLI::App& program, Given& given, ExitStatus& status)
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
    verb.callback([&] { status = check(given.checked_study); });
}

void add_show(CLI::App& program, Given& given, ExitStatus& status)
{
    auto& verb = *program.add_subcommand("show", "Print the tables of a result");
    verb.add_option("FILE", given.shown_file, "result file (HDF5)")->required();
    verb.add_flag("--json", given.show_json, "print JSON");
    verb.footer(
        "Examples:\n"
        "  longwatch show result.h5\n"
        "  longwatch show result.h5 --json");
    verb.callback([&] { status = show(given.shown_file, given.show_json); });
}

void add_info(CLI::App& program, Given& given, ExitStatus& status)
{
    auto& verb = *program.add_subcommand("info", "Tell the version, the lanes and the devices");
    verb.add_flag("--json", given.info_json, "print JSON");
    verb.footer(
        "Examples:\n"
        "  longwatch info\n"
        "  longwatch info --json");
    verb.callback([&] { status = info(given.info_json); });
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
    auto status = exit_fine;
    Given given;
    add_run(program, given, status);
    add_check(program, given, status);
    add_show(program, given, status);
    add_info(program, given, status);
    if (argc < 2) {
        throw UsageError("no verb given (run, check, show, info) see longwatch --help");
    }
    try {
        program.parse(argc, argv);
    } catch (CLI::Success const& asked) {  // --help, --version
        program.exit(asked);
    } catch (CLI::ParseError const& error) {
        throw UsageError(std::string(error.what()) +
                         " (see longwatch --help, or longwatch VERB --help)");
    }
    return status;
}

}  // namespace longwatch
