// Collects everything wrong with a study, so that all of it is said at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/study/study_error.hpp"
#include "host/study/toml_library.hpp"

namespace longwatch {

Place place_of(toml::source_region const& region);

/// The value as a message shows it: short, and free of control characters.
std::string shown(toml::node const& value);
std::string shown(std::string_view text);

class Problems {
public:
    void add(Place const& where, std::string message);
    int count() const { return static_cast<int>(found_.size()); }

    /// Throws StudyErrors if there are any: first_file's problems first, by line, each once.
    void throw_if_any(std::string const& first_file) const;

private:
    std::vector<StudyProblem> found_;
};

}  // namespace longwatch
