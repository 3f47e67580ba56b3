// The help of the whole program as data, taken from the parser of the command line: what manual page
// and completions are made from.
#pragma once

#include <string>
#include <vector>

namespace longwatch {

struct OptionHelp {
    std::vector<std::string> names;  ///< "-o", "--output"; of an argument its name alone, "STUDY"
    std::string value;               ///< what its value is called; empty if it takes none
    std::string description;
    bool is_argument = false;  ///< stands without a dash
    bool repeats = false;      ///< an argument that may stand more than once; the last one
    bool is_required = false;
};

struct VerbHelp {
    std::string name;  ///< empty for the program itself
    std::string summary;
    std::vector<OptionHelp> options;  ///< --help among them
    std::string footer;               ///< remarks, examples, exit status
};

struct ProgramHelp {
    VerbHelp program;
    std::vector<VerbHelp> verbs;  ///< in the order of the help
};

ProgramHelp program_help();

/// Completion of the command line, as a script for the shell.
std::string bash_completion(ProgramHelp const& help);
std::string zsh_completion(ProgramHelp const& help);

/// The manual page, roff with the man macros.
std::string man_page(ProgramHelp const& help);

}  // namespace longwatch
