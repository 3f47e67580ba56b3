#include "host/command/verb_table.hpp"

namespace longwatch {

std::vector<Verb> const& verb_table()
{
    static std::vector<Verb> const table = [] {
        auto verbs = flying_verbs();
        for (auto const& more : {exercising_verbs(), telling_verbs(), starting_verbs()}) {
            verbs.insert(verbs.end(), more.begin(), more.end());
        }
        return verbs;
    }();
    return table;
}

std::unique_ptr<CLI::App> command_line_parser(Given& given)
{
    auto program = std::make_unique<CLI::App>(
        "How many minutes of warning, and what chance of intercept, a sensor and sharing "
        "arrangement gives.",
        "longwatch");
    program->set_version_flag("--version", "longwatch " + version_text());
    program->require_subcommand(1);
    program->footer(
        "Examples:\n"
        "  longwatch init my-study.toml\n"
        "  longwatch run studies/trilateral-warning.toml -o result.h5\n"
        "  longwatch check studies/trilateral-warning.toml\n"
        "  longwatch show result.h5\n"
        "  longwatch run --help\n\n"
        "Exit status: 0 fine; 1 the answer is no, or flights failed; 2 bad usage or study;\n"
        "3 could not run.");
    for (auto const& row : verb_table()) {
        auto& verb = *program->add_subcommand(row.name, row.summary);
        row.add(verb, given);
        verb.allow_extras();
    }
    return program;
}

}  // namespace longwatch
