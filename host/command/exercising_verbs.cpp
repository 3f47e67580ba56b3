// What the verbs of an exercise take, and their help.
#include "host/command/verb_table.hpp"

namespace longwatch {
namespace {

void add_exercise(CLI::App& verb, Given& given)
{
    auto& options = given.exercise;
    verb.add_option("STUDY", options.study, "study file (TOML)")->required();
    verb.add_option("--flight", options.flight,
                    "number of the flight, from 0; of a raid all flights are played")
        ->type_name("K")
        ->required();
    verb.add_option("--flights", options.flights,
                    "so many flights from K on, at once; 1 unless given")
        ->type_name("N");
    verb.add_option("-o,--output", options.output,
                    "folder for keys, logs and the record, which must not be there or be empty; "
                    "unless given, nothing is kept")
        ->type_name("DIR");
    verb.add_option("--arm", options.arm, "the arm to play; the last one unless given")
        ->type_name("A");
    verb.add_option("--speed", options.speed,
                    "so many seconds a second, or max: from event to event; 1 unless given")
        ->type_name("X");
    verb.add_option(
            "--fault", options.faults,
            "what goes wrong, once per option: \"SECONDS kill NODE\", restart NODE, cut LINK,\n"
            "mend LINK, slow LINK SECONDS, lose LINK PART, repeat LINK, clock NODE SECONDS")
        ->type_name("F");
    verb.add_option("--page", options.page,
                    "where to serve the page that shows it; a free port of this machine, by the "
                    "clock,\nunless given")
        ->type_name("ADDRESS:PORT");
    verb.add_flag("--no-page", options.no_page, "serve no page");
    verb.add_flag("--hold", options.hold, "goes on serving the page when it is over");
    verb.add_option(
            "--place", options.places,
            "an address, once for every node and the conductor: nodes are then started by hand, "
            "on\nthis machine or others")
        ->type_name("MEMBER=ADDRESS");
    verb.add_option("--catalog", options.catalog,
                    "folder of the catalogue, in place of the one that the study names")
        ->type_name("DIR");
    verb.footer(
        "Every node of the arm becomes a process. They exchange signed messages by DDS, over the\n"
        "arm's links and no others, as their sensors see the flight; what happens is held against\n"
        "what the model says. docs/exercise.md tells more.\n\n"
        "Examples:\n"
        "  longwatch exercise studies/trilateral-warning.toml --flight 0 --speed max\n"
        "  longwatch exercise studies/trilateral-warning.toml --flight 0 --arm via-us-hub --speed "
        "10 \\\n"
        "      --fault \"120 kill us-hub\" --fault \"300 restart us-hub\"\n\n"
        "Exit status: 0 everything happened that the model says, by --speed max to the\n"
        "millisecond; 1 not so; 2 bad usage or study; 3 could not run.");
}

void add_node(CLI::App& verb, Given& given)
{
    auto& options = given.node;
    verb.add_option("STUDY", options.study, "the study of the exercise (TOML)")->required();
    verb.add_option("--name", options.name, "name of the node")->type_name("N")->required();
    verb.add_option("--exercise", options.exercise, "folder of the exercise")
        ->type_name("DIR")
        ->required();
    verb.add_option("--catalog", options.catalog,
                    "folder of the catalogue, in place of the one that the study names")
        ->type_name("DIR");
    verb.footer(
        "`longwatch exercise` starts its nodes itself; this starts one by hand, on this machine "
        "or\n"
        "another that has the node's part of the folder: exercise.json, certificates.json, N/.\n\n"
        "Exit status: 0 the exercise has ended; 2 bad usage or study; 3 could not run.");
}

}  // namespace

std::vector<Verb> exercising_verbs()
{
    return {
        {"exercise", "Play a flight with the nodes as processes", add_exercise,
         [](Given const& given) { return exercise(given.exercise); }},
        {"node", "Be one node of an exercise", add_node,
         [](Given const& given) { return node(given.node); }},
    };
}

}  // namespace longwatch
