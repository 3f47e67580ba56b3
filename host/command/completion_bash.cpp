// Completion for bash: one function, which needs no other package.
#include <algorithm>

#include <fmt/format.h>

#include "host/command/completed_value.hpp"

namespace longwatch {

namespace {

// What does not hang on the verbs. Words are offered to the word in hand, $cur.
constexpr char const* bash_helpers =
    R"~(# bash completion of longwatch; made by: longwatch generate complete-bash

_longwatch_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }

# Names that stand in files, which a stranger may have written: nothing in them is expanded, and what the command line would
# not take as it stands is not offered.
_longwatch_names() {
    local name
    while IFS= read -r name; do
        [[ $name =~ ^[[:alnum:]][[:alnum:]_.:+-]*$ && $name == "$cur"* ]] && COMPREPLY+=("$name")
    done
}

# Files that end so, and folders on the way to them.
_longwatch_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -X "!*$1" -- "$cur"; compgen -d -- "$cur")
}

# Names of the arms of the study on the command line.
_longwatch_arms() {
    local word file
    for word in "${COMP_WORDS[@]}"; do
        file=${word/#\~/$HOME}
        [[ $word == *.toml && -f $file ]] || continue
        _longwatch_names < <(awk '/^[ \t]*\[/ { arm = /^[ \t]*\[\[[ \t]*arm[ \t]*\]\]/ }
            arm && /^[ \t]*name[ \t]*=/ { gsub(/^[^=]*=[ \t]*["\047]|["\047].*$/, ""); print }' \
            <"$file" 2>/dev/null)
        return
    done
}

_longwatch_models() {
    _longwatch_names < <("${COMP_WORDS[0]/#\~/$HOME}" catalog --names ${1:+--kind "$1"} 2>/dev/null)
}
)~";

std::string joined(std::vector<std::string> const& words)
{
    return fmt::format("{}", fmt::join(words, " "));
}

/// The call that offers the values of an option.
std::string offer(CompletedValue const& value)
{
    using Kind = CompletedValue::Kind;
    switch (value.kind) {
    case Kind::words: return fmt::format("_longwatch_words '{}'", joined(value.words));
    case Kind::study: return "_longwatch_files .toml";
    case Kind::result: return "_longwatch_files .h5";
    case Kind::file: return "_longwatch_files ''";
    case Kind::folder:
        return "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")";
    case Kind::arm: return "_longwatch_arms";
    case Kind::model: return fmt::format("_longwatch_models {}", value.models);
    case Kind::nothing: break;
    }
    return ":";
}

/// The branch of one verb: values of its options, its arguments in turn, its options.
std::string bash_branch(VerbHelp const& verb)
{
    std::string values, arguments, with_value;
    std::vector<std::string> names;
    int argument = 0;
    for (auto const& option : verb.options) {
        auto const call = offer(completed_value(verb.name, option));
        if (option.is_argument) {
            // 99: an option begins here.
            auto const which =
                option.repeats ? "99) ;;\n            *" : std::to_string(argument++);
            arguments += fmt::format("            {}) {} ;;\n", which, call);
            continue;
        }
        names.insert(names.end(), option.names.begin(), option.names.end());
        if (option.value.empty()) { continue; }
        auto const pattern = fmt::format("{}", fmt::join(option.names, "|"));
        with_value += (with_value.empty() ? "" : "|") + pattern;
        values += fmt::format("            {}) {}; return ;;\n", pattern, call);
    }
    return fmt::format(
        "    {}) with_value='{}' options='{}'\n"
        "        case $before in\n{}        esac\n"
        "        _longwatch_count_arguments\n"
        "        case $arguments in\n{}        esac ;;\n",
        verb.name, with_value, joined(names), values, arguments);
}

}  // namespace

std::string bash_completion(ProgramHelp const& help)
{
    std::vector<std::string> first;
    std::string branches;
    for (auto const& verb : help.verbs) {
        first.push_back(verb.name);
        branches += bash_branch(verb);
    }
    for (auto const& option : help.program.options) { first.push_back(option.names.back()); }
    return std::string(bash_helpers) + fmt::format(R"~(
# How many arguments stand before the word in hand; none, that is 99, where an option begins there.
_longwatch_count_arguments() {{
    local i
    arguments=0
    for ((i = 2; i < COMP_CWORD; ++i)); do
        if [[ ${{COMP_WORDS[i]}} == -* ]]; then
            [[ "|$with_value|" == *"|${{COMP_WORDS[i]}}|"* ]] || continue
            [[ ${{COMP_WORDS[i + 1]}} == = ]] && ((++i))
            ((++i))
        else
            ((++arguments))
        fi
    done
    if [[ $cur == -* ]]; then arguments=99; fi
}}

_longwatch() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
    local with_value='' options='' arguments=99
    COMPREPLY=()
    # --device=c comes as three words.
    if [[ $cur == = ]]; then
        cur=''
    elif [[ $before == = ]]; then
        before=${{COMP_WORDS[COMP_CWORD - 2]}}
    fi
    if ((COMP_CWORD == 1)); then
        _longwatch_words '{}'
        return
    fi
    case ${{COMP_WORDS[1]}} in
{}    esac
    if [[ $cur == -* || ($arguments != 99 && -z $cur && ${{#COMPREPLY[@]}} == 0) ]]; then
        _longwatch_words "$options"
    fi
}}

complete -F _longwatch longwatch
)~",
                                                   joined(first), branches);
}

}  // namespace longwatch
