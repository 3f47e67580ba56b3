// The manual page, from the help of the program.
#include <algorithm>
#include <cctype>
#include <sstream>

#include <fmt/format.h>

#include "host/command/code_version.hpp"
#include "host/command/program_help.hpp"

namespace longwatch {

namespace {

/// A line of running text: hyphens stay hyphens that can be copied, nothing is taken for a command.
std::string roff(std::string const& text)
{
    std::string out;
    for (char const c : text) {
        if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else {
            out += c;
        }
    }
    bool const is_command = !out.empty() && (out[0] == '.' || out[0] == '\'');
    return (is_command ? "\\&" : "") + out;
}

bool is_example(std::string const& line) { return line.rfind("  ", 0) == 0; }

/// Paragraphs of a help text; its indented lines as they stand.
std::string paragraphs(std::string const& text)
{
    std::istringstream lines(text);
    std::string out = ".PP\n";
    bool within = false, fresh = true;
    for (std::string line; std::getline(lines, line);) {
        if (line.empty()) {
            if (within) { out += ".EE\n"; }
            if (!fresh) { out += ".PP\n"; }
            within = false;
            fresh = true;
            continue;
        }
        if (is_example(line) != within) {
            out += within ? ".EE\n" : ".EX\n";
            within = !within;
        }
        out += roff(line) + '\n';
        fresh = false;
    }
    return out + (within ? ".EE\n" : "");
}

/// "\fB\-o\fR, \fB\-\-output\fR \fIFILE\fR"
std::string spelled(OptionHelp const& option)
{
    if (option.is_argument) {
        return "\\fI" + roff(option.names.front()) + "\\fR" + (option.repeats ? "..." : "");
    }
    std::string text;
    for (auto const& name : option.names) {
        text += (text.empty() ? "" : ", ") + ("\\fB" + roff(name) + "\\fR");
    }
    return option.value.empty() ? text : text + " \\fI" + roff(option.value) + "\\fR";
}

std::string options_text(VerbHelp const& verb)
{
    std::string text;
    for (auto const& option : verb.options) {
        text += ".TP\n" + spelled(option) + '\n' + roff(option.description);
        bool const remark = option.is_required && !option.is_argument;
        text += remark ? "; required\n" : "\n";
    }
    return text;
}

/// The line by which the verb is called: what is required, and that there are options.
std::string synopsis(VerbHelp const& verb)
{
    std::string text = "\\fBlongwatch " + roff(verb.name) + "\\fR";
    for (auto const& option : verb.options) {
        if (option.is_argument) {
            text += option.is_required ? ' ' + spelled(option) : " [" + spelled(option) + ']';
        } else if (option.is_required) {
            text +=
                " \\fB" + roff(option.names.front()) + "\\fR \\fI" + roff(option.value) + "\\fR";
        }
    }
    return text + " [\\fIoptions\\fR]";
}

/// The part of a help text that begins with these words, to the next blank line.
std::string part_of(std::string const& text, std::string const& begin)
{
    auto const at = text.find(begin);
    if (at == std::string::npos) { return {}; }
    auto const from = at + begin.size();
    auto part = text.substr(from, text.find("\n\n", from) - from);
    return part.substr(std::min(part.size(), part.find_first_not_of(part[0] == '\n' ? "\n" : " ")));
}

constexpr char const* last_sections = R"~(.SH ENVIRONMENT
None changes a result.
.TP
\fBLONGWATCH_PYTHON\fR
the Python that makes reports, in place of --python
.TP
\fBCUDA_VISIBLE_DEVICES\fR
of CUDA itself: the devices that it shows
.SH FILES
.TP
\fImodels/catalog\fR
the catalogue, in the folder worked in; else
\fI../share/longwatch/models/catalog\fR seen from the program's folder; else in a folder above the program.
A study names its catalogue itself.
.TP
\fISTUDY\fR
a study (TOML); \fIdocs/study_format.md\fR describes every key
.TP
\fIFILE\fR
a result (HDF5); \fIdocs/io_format.md\fR describes every dataset
.TP
\fIFILE\fR.partial
what a run that has not finished \fIFILE\fR has flown; \fIdocs/long_runs.md\fR says how it goes on
)~";

}  // namespace

std::string man_page(ProgramHelp const& help)
{
    auto const& program = help.program;
    auto summary = program.summary;
    std::string text = fmt::format(
        ".\\\" Made by: longwatch generate man\n"
        ".TH LONGWATCH 1 \"{}\" \"longwatch {}\" \"User Commands\"\n"
        ".SH NAME\nlongwatch \\- plan missile warning and defence by simulated flights\n"
        ".SH SYNOPSIS\n\\fBlongwatch\\fR \\fIVERB\\fR [\\fIoptions\\fR]\n"
        ".SH DESCRIPTION\n{}\n",
        code_date, code_version, roff(summary));
    text += options_text(program) + ".SH VERBS\n";
    for (auto const& verb : help.verbs) {
        text += ".SS " + roff(verb.name) + '\n' + synopsis(verb) + "\n.PP\n" + roff(verb.summary) +
                ".\n" + options_text(verb) + paragraphs(verb.footer);
    }
    text += ".SH EXIT STATUS\n" + roff(part_of(program.footer, "Exit status:")) + '\n';
    text += last_sections;
    text += ".SH EXAMPLES\n.EX\n";
    std::istringstream examples(part_of(program.footer, "Examples:"));
    for (std::string line; std::getline(examples, line);) { text += roff(line) + '\n'; }
    return text + ".EE\n";
}

}  // namespace longwatch
