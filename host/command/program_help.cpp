#include "host/command/program_help.hpp"

#include "host/command/verb_table.hpp"

namespace longwatch {

namespace {

OptionHelp help_of(CLI::Option const& option)
{
    OptionHelp help;
    help.description = option.get_description();
    help.is_required = option.get_required();
    help.is_argument = option.get_positional();
    if (help.is_argument) {
        help.names = {option.get_name(true, false)};
        help.value = help.names.front();
        help.repeats = option.get_items_expected_max() > 1;
        return help;
    }
    for (auto const& name : option.get_snames()) { help.names.push_back("-" + name); }
    for (auto const& name : option.get_lnames()) { help.names.push_back("--" + name); }
    if (option.get_items_expected_max() > 0) { help.value = option.get_type_name(); }
    return help;
}

VerbHelp help_of(CLI::App const& app)
{
    VerbHelp help{app.get_name(), app.get_description(), {}, app.get_footer()};
    for (auto const* option : app.get_options()) { help.options.push_back(help_of(*option)); }
    return help;
}

}  // namespace

ProgramHelp program_help()
{
    Given unused;
    auto const parser = command_line_parser(unused);
    ProgramHelp help{help_of(*parser), {}};
    help.program.name.clear();
    for (auto const* verb : parser->get_subcommands(nullptr)) {
        help.verbs.push_back(help_of(*verb));
    }
    return help;
}

}  // namespace longwatch
