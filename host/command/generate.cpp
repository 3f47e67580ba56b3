// longwatch generate: texts for shells, manuals and editors, from the program's own help and files.
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "host/command/embedded_texts.hpp"
#include "host/command/output.hpp"
#include "host/command/program_help.hpp"
#include "host/command/verbs.hpp"
#include "host/study/nearest_name.hpp"

namespace longwatch {

ExitStatus generate(std::string const& what)
{
    if (what == "complete-bash") {
        print(bash_completion(program_help()));
    } else if (what == "complete-zsh") {
        print(zsh_completion(program_help()));
    } else if (what == "man") {
        print(man_page(program_help()));
    } else if (what == "schema") {
        print(study_schema_text());
    } else {
        std::vector<std::string> const known = {"complete-bash", "complete-zsh", "man", "schema"};
        throw UsageError(
            fmt::format("generate makes no '{}' (known: {})", what, fmt::join(known, ", ")) +
            did_you_mean(what, known));
    }
    return exit_fine;
}

}  // namespace longwatch
