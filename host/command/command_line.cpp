#include "host/command/command_line.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "host/command/verb_table.hpp"
#include "host/study/nearest_name.hpp"

namespace longwatch {

namespace {

std::vector<std::string> verb_names()
{
    std::vector<std::string> names;
    for (auto const& verb : verb_table()) { names.push_back(verb.name); }
    return names;
}

/// The verb, or an option that stands without one, comes first.
void check_first(std::string const& first)
{
    auto const names = verb_names();
    auto const known = fmt::format("(known: {})", fmt::join(names, ", "));
    if (first == "--help" || first == "-h" || first == "--version") { return; }
    if (!first.empty() && first[0] == '-') {
        throw UsageError(fmt::format("no verb before '{}' {} see longwatch --help", first, known));
    }
    if (std::find(names.begin(), names.end(), first) != names.end()) { return; }
    std::string small;
    for (char const c : first) {
        small += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    throw UsageError(fmt::format("no verb '{}' {}", first, known) +
                     (small == "help" ? "; see longwatch --help" : did_you_mean(small, names)));
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
        auto const* const option = used.empty() ? nullptr : used.front()->get_option_no_throw(name);
        bool const is_short = option != nullptr && !option->get_snames().empty();
        auto const missing =
            is_short ? fmt::format("-{} {}", option->get_snames().front(), option->get_type_name())
                     : name;
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
    Given given;
    auto const program = command_line_parser(given);
    if (argc < 2) {
        throw UsageError(
            fmt::format("no verb given ({}) see longwatch --help", fmt::join(verb_names(), ", ")));
    }
    check_first(argv[1]);
    try {
        program->parse(argc, argv);
    } catch (CLI::Success const& asked) {  // --help, --version
        program->exit(asked);
        return exit_fine;
    } catch (CLI::ParseError const& error) {
        throw UsageError(explained(error, *program));
    }
    auto const& used = *program->get_subcommands().front();
    check_rest(used);
    auto const& table = verb_table();
    auto const verb = std::find_if(table.begin(), table.end(),
                                   [&](Verb const& row) { return row.name == used.get_name(); });
    return verb->run(given);
}

}  // namespace longwatch
