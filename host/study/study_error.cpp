#include "host/study/study_error.hpp"

#include <utility>

#include "results/show/terminal_text.hpp"

namespace longwatch {
namespace {

std::string as_lines(std::vector<StudyProblem> const& problems)
{
    std::string text;
    for (auto const& problem : problems) {
        if (!text.empty()) { text += '\n'; }
        text += terminal_text(problem.file);
        if (problem.line > 0) {
            text += ':' + std::to_string(problem.line) + ':' + std::to_string(problem.column);
        }
        text += ": " + terminal_text(problem.message);
    }
    return text;
}

}  // namespace

StudyErrors::StudyErrors(std::vector<StudyProblem> found)
    : std::runtime_error(as_lines(found)), problems(std::move(found))
{
}

}  // namespace longwatch
