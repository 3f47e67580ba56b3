// What the verbs that help to begin take, and their help.
#include "host/command/verb_table.hpp"

namespace longwatch {
namespace {

constexpr char const* catalog_help =
    "folder of the catalogue; models/catalog here or above the program unless given";

void add_init(CLI::App& verb, Given& given)
{
    verb.add_option("FILE", given.init.file, "study file to write (TOML); it must not exist yet")
        ->required();
    verb.add_option("--catalog", given.init.catalog, catalog_help)->type_name("DIR");
    verb.footer(
        "A small study of two nations, a hub, a threat, sensors and a battery, with a comment on\n"
        "every part: what it is for and what else may stand there. It runs as it is.\n\n"
        "Examples:\n"
        "  longwatch init my-study.toml\n"
        "  longwatch run my-study.toml -o my-study.h5 --flights 2000\n\n"
        "Exit status: 0 fine; 2 bad usage; 3 could not write, or the file exists.");
}

void add_catalog(CLI::App& verb, Given& given)
{
    auto& options = given.catalog;
    verb.add_option("NAME", options.name, "model to show in full; all are listed unless given");
    verb.add_option(
            "--kind", options.kind,
            "threats, sensors, interceptors, links, environments or sites; all unless given")
        ->type_name("KIND");
    verb.add_option("--catalog", options.catalog, catalog_help)->type_name("DIR");
    verb.add_flag("--names", options.names_only, "print the names alone, one a line");
    verb.add_flag("--json", options.as_json, "print JSON");
    verb.footer(
        "A model in full: every value with its unit, and where it comes from. What is assumed\n"
        "says so.\n\n"
        "Examples:\n"
        "  longwatch catalog\n"
        "  longwatch catalog --kind sensors\n"
        "  longwatch catalog an-tpy-2\n\n"
        "Exit status: 0 fine; 2 bad usage, no such model, or a broken one; 3 could not run.");
}

void add_generate(CLI::App& verb, Given& given)
{
    verb.add_option("WHAT", given.generated, "complete-bash, complete-zsh, man or schema")
        ->required();
    verb.footer(
        "complete-bash, complete-zsh: completion of verbs, options, studies, results, arms and\n"
        "models. man: this help as a manual page. schema: the JSON Schema of study files, by "
        "which\n"
        "editors complete and check them.\n\n"
        "Examples:\n"
        "  source <(longwatch generate complete-bash)\n"
        "  longwatch generate complete-zsh > ~/.zfunc/_longwatch\n"
        "  longwatch generate man > longwatch.1\n"
        "  longwatch generate schema > study.schema.json");
}

}  // namespace

std::vector<Verb> starting_verbs()
{
    return {
        {"init", "Write a first study, with comments", add_init,
         [](Given const& given) { return init(given.init); }},
        {"catalog", "List the models of the catalogue, or show one", add_catalog,
         [](Given const& given) { return catalog(given.catalog); }},
        {"generate", "Print shell completion, manual page or schema", add_generate,
         [](Given const& given) { return generate(given.generated); }},
    };
}

}  // namespace longwatch
