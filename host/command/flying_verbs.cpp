// What the verbs that fly a study take, and their help.
#include "host/command/verb_table.hpp"

namespace longwatch {
namespace {

void add_catalog_option(CLI::App& verb, FlyingOptions& options)
{
    verb.add_option("--catalog", options.catalog,
                    "folder of the catalogue, in place of the one that the study names")
        ->type_name("DIR");
}

void add_flying_options(CLI::App& verb, FlyingOptions& options)
{
    verb.add_option("--flights", options.flights, "flights to fly, in place of the study's number")
        ->type_name("N");
    verb.add_option("--seed", options.seed, "seed of all draws, in place of the study's")
        ->type_name("S");
    verb.add_option("--threads", options.threads, "CPU threads; one per core unless given")
        ->type_name("T");
    verb.add_option("--device", options.device,
                    "auto (CUDA where a device is found), cpu, cuda, or cuda:N for one of several")
        ->type_name("D");
    verb.add_option("--chunk", options.chunk, "flights computed at one go; changes no result")
        ->type_name("N");
    verb.add_flag("--quiet", options.quiet, "no progress on standard error");
    add_catalog_option(verb, options);
}

/// Of a verb that flies one arm of a study.
void add_arm_options(CLI::App& verb, ArmOptions& options, std::string const& which_arm)
{
    verb.add_option("STUDY", options.study, "study file (TOML)")->required();
    verb.add_option("--arm", options.arm, which_arm)->type_name("A");
    verb.add_flag("--json", options.as_json, "print JSON");
    add_flying_options(verb, options.flying);
}

void add_run(CLI::App& verb, Given& given)
{
    verb.add_option("STUDY", given.run.study, "study file (TOML)")->required();
    verb.add_option(
            "-o,--output", given.run.output,
            "result file (HDF5); one that is there is replaced when the new one is complete")
        ->type_name("FILE")
        ->required();
    add_flying_options(verb, given.run.flying);
    verb.add_option("--first-flight", given.run.flying.first_flight,
                    "number of the first flight, from 0: one of several shards for `merge`")
        ->type_name("N");
    verb.add_flag("--resume", given.run.resume,
                  "go on from FILE.partial, or add to FILE what it lacks of the flights");
    verb.add_flag("--restart", given.run.restart, "throw away FILE.partial, and begin anew");
    verb.add_option("--checkpoint-s", given.run.checkpoint_s,
                    "seconds between checkpoints in FILE.partial; 10 unless given")
        ->type_name("S");
    verb.add_flag("--alone", given.run.alone,
                  "fly all of it here, as one of several runs that mpirun or srun has started");
    verb.add_option("--timing", given.run.timing,
                    "file to add a line of JSON to: flights per second, device, processor, threads")
        ->type_name("FILE");
    verb.footer(
        "The same study and seed give the same numbers whatever the threads and the chunk, and\n"
        "however often the run was interrupted. What is flown is kept in FILE.partial until FILE\n"
        "is written: after Ctrl-C, a kill, a full disk or a lost machine the same command with\n"
        "--resume goes on. A result with fewer flights than asked for is added to in that way.\n\n"
        "Examples:\n"
        "  longwatch run studies/trilateral-warning.toml -o result.h5\n"
        "  longwatch run my-study.toml -o result.h5 --flights 20000 --seed 7 --device cpu\n"
        "  longwatch run my-study.toml -o result.h5 --flights 40000 --seed 7 --resume\n"
        "  longwatch run my-study.toml -o part-2.h5 --first-flight 20000 --flights 10000\n\n"
        "Exit status: 0 fine; 1 flights failed; 2 bad usage or study; 3 could not run.");
}

void add_value(CLI::App& verb, Given& given)
{
    add_arm_options(verb, given.value, "the arm to take from; the last one unless given");
    verb.footer(
        "Flies the arm as it is and without each of its links and sensors, one at a time, on the\n"
        "same flights, and ranks what is lost: usable warning (too late or none counts as 0 s) of\n"
        "the consumer who loses most. Fifteen removals are flown at one go.\n\n"
        "Examples:\n"
        "  longwatch value studies/trilateral-warning.toml --arm via-us-hub --flights 20000\n"
        "  longwatch value my-study.toml --json > value.json\n\n"
        "Exit status: 0 fine; 1 flights failed; 2 bad usage or study; 3 could not run.");
}

void add_place(CLI::App& verb, Given& given)
{
    auto& options = given.place;
    verb.add_option("STUDY", options.study, "study file (TOML) with a [placement]")->required();
    verb.add_option("-o,--output", options.output,
                    "file for all candidates (HDF5); one that is there is replaced")
        ->type_name("FILE")
        ->required();
    verb.add_flag("--json", options.as_json, "print JSON");
    add_flying_options(verb, options.flying);
    verb.footer(
        "Flies the study's flights once and judges by them every place that [placement] names for\n"
        "one more radar: what each gives to whom, how likely it is the best, and which few are\n"
        "best together. The best are then flown in full. Candidates are judged on the CPU.\n\n"
        "Examples:\n"
        "  longwatch place studies/radar-placement.toml -o places.h5\n"
        "  longwatch place my-study.toml -o places.h5 --flights 20000 --json > places.json\n\n"
        "Exit status: 0 fine; 1 flights failed; 2 bad usage or study; 3 could not run.");
}

void add_horizon(CLI::App& verb, Given& given)
{
    add_arm_options(verb, given.horizon, "the arm to fly; the last one unless given");
    verb.footer(
        "Flies the arm twice on the same flights: every radar under straight rays (k = 1), and\n"
        "under standard refraction (k = 4/3), which overstates bending above 10 km. The truth "
        "lies\n"
        "between.\n\n"
        "Example:\n"
        "  longwatch horizon studies/trilateral-warning.toml --flights 20000\n\n"
        "Exit status: 0 fine; 1 flights failed; 2 bad usage or study; 3 could not run.");
}

void add_replay(CLI::App& verb, Given& given)
{
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
                    "auto (CUDA where a device is found), cpu, cuda, or cuda:N for one of several")
        ->type_name("D");
    add_catalog_option(verb, options.flying);
    verb.footer(
        "Writes CSV tables of every stage, KML and CZML for globes, and an index, replay.json;\n"
        "docs/replay.md tells every column. The numbers are those of the run on the same device,\n"
        "bit for bit.\n\n"
        "Examples:\n"
        "  longwatch replay studies/trilateral-warning.toml --flight 48121 -o flight-48121\n"
        "  longwatch replay my-study.toml --flight 7 --arm via-hub -o seven --device cpu\n\n"
        "Exit status: 0 fine; 1 the flight failed; 2 bad usage or study; 3 could not run.");
}

}  // namespace

std::vector<Verb> flying_verbs()
{
    return {
        {"run", "Fly a study; write the result, print its tables", add_run,
         [](Given const& given) { return run(given.run); }},
        {"value", "Rank what each link and sensor is worth", add_value,
         [](Given const& given) { return value(given.value); }},
        {"place", "Find the best places for one more radar, or several", add_place,
         [](Given const& given) { return place(given.place); }},
        {"horizon", "How much hangs on how radar rays bend", add_horizon,
         [](Given const& given) { return horizon(given.horizon); }},
        {"replay", "Write one flight of a study in full", add_replay,
         [](Given const& given) { return replay(given.replay); }},
    };
}

}  // namespace longwatch
