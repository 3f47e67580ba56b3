// What is wrong with a study, said so that it can be mended.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace longwatch {

/// A place in a file; line and column start at 1, 0 where there is none.
struct Place {
    std::string file;
    int line = 0, column = 0;
};

struct StudyProblem {
    std::string file;
    int line = 0, column = 0;  ///< 1-based; 0 where there is none
    std::string message;       ///< problem (why) suggestion; names key, value, what is allowed
};

/// All problems of one study at once; what() has a line for each, as "file:line:column: message".
struct StudyErrors : std::runtime_error {
    explicit StudyErrors(std::vector<StudyProblem> found);
    std::vector<StudyProblem> problems;
};

}  // namespace longwatch
