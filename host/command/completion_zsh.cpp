// Completion for zsh, with the help of each option.
#include <fmt/format.h>

#include "host/command/completed_value.hpp"

namespace longwatch {

namespace {

constexpr char const* zsh_helpers = R"~(#compdef longwatch
# zsh completion of longwatch; made by: longwatch generate complete-zsh

# Names of the arms of the study on the command line.
_longwatch_arms() {
    local word=${words[(r)*.toml]}
    local file=${word/#\~/$HOME}
    local -a arms
    [[ -f $file ]] || return
    arms=(${(f)"$(awk '/^[ \t]*\[/ { arm = /^[ \t]*\[\[[ \t]*arm[ \t]*\]\]/ }
        arm && /^[ \t]*name[ \t]*=/ { gsub(/^[^=]*=[ \t]*["\047]|["\047].*$/, ""); print }' \
        <"$file" 2>/dev/null)"})
    compadd -a arms
}

_longwatch_models() {
    local -a models
    models=(${(f)"$(${(Q)program/#\~/$HOME} catalog --names ${1:+--kind} $1 2>/dev/null)"})
    compadd -a models
}
)~";

/// Between the quotes and brackets of a specification of _arguments.
std::string escaped(std::string const& text)
{
    std::string out;
    for (char const c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            if (c == '[' || c == ']' || c == ':' || c == '\\') { out += '\\'; }
            out += c;
        }
    }
    return out;
}

/// What _arguments does for a value.
std::string action(CompletedValue const& value)
{
    using Kind = CompletedValue::Kind;
    switch (value.kind) {
    case Kind::words: return fmt::format("({})", fmt::join(value.words, " "));
    case Kind::study: return "_files -g \"*.toml\"";
    case Kind::result: return "_files -g \"*.h5\"";
    case Kind::file: return "_files";
    case Kind::folder: return "_files -/";
    case Kind::arm: return "_longwatch_arms";
    // The blank keeps _arguments from adding words of its own.
    case Kind::model: return " _longwatch_models " + value.models;
    case Kind::nothing: break;
    }
    return " ";
}

/// `excluded` can no longer follow the option; its own names unless given.
std::string specification(std::string const& verb, OptionHelp const& option, int argument,
                          std::string excluded = {})
{
    auto const value = option.value.empty() ? std::string()
                                            : fmt::format(":{}:{}", escaped(option.value),
                                                          action(completed_value(verb, option)));
    if (option.is_argument && option.repeats) { return fmt::format("'*{}'", value); }
    if (option.is_argument) { return fmt::format("'{}{}'", argument, value); }
    auto const& names = option.names;
    if (names.back() == "--help") { excluded = "- *"; }
    if (excluded.empty()) { excluded = fmt::format("{}", fmt::join(names, " ")); }
    // A value may follow an equals sign, but for a short name.
    auto const longer = names.back() + (value.empty() ? "" : "=");
    auto const spelled = names.size() == 1 ? fmt::format("'{}", longer)
                                           : fmt::format("{{{},{}}}'", names.front(), longer);
    return fmt::format("'({})'{}[{}]{}'", excluded, spelled, escaped(option.description), value);
}

std::string zsh_branch(VerbHelp const& verb)
{
    std::string text = fmt::format("        {}) _arguments", verb.name);
    int argument = 0;
    for (auto const& option : verb.options) {
        if (option.is_argument) { ++argument; }
        text += " \\\n            " + specification(verb.name, option, argument);
    }
    return text + " ;;\n";
}

}  // namespace

std::string zsh_completion(ProgramHelp const& help)
{
    std::string verbs, branches, options;
    for (auto const& verb : help.verbs) {
        verbs += fmt::format("            '{}:{}'\n", verb.name, escaped(verb.summary));
        branches += zsh_branch(verb);
    }
    for (auto const& option : help.program.options) {
        options += " \\\n        " + specification("", option, 0, "- *");
    }
    return std::string(zsh_helpers) + fmt::format(R"~(
_longwatch() {{
    local program=$words[1] state line
    local -a verbs
    _arguments -C{} \
        '1: :->verb' '*:: :->rest'
    case $state in
    verb)
        verbs=(
{}        )
        _describe verb verbs ;;
    rest)
        case $line[1] in
{}        esac ;;
    esac
}}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _longwatch "$@"
else
    compdef _longwatch longwatch
fi
)~",
                                                  options, verbs, branches);
}

}  // namespace longwatch
