// Collects everything wrong with a study, so that all of it is said at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/study/asked_keys.hpp"
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
    int count() const { return count_; }
    /// More have been found than are kept: what else there is to say is not worth the time.
    bool is_full() const { return found_.size() == kept_most; }

    /// Throws StudyErrors if there are any: first_file's problems first, by line, each once.
    void throw_if_any(std::string const& first_file) const;

    /// Those who read leave here what they asked for, where somebody wants to know.
    void write_down_keys(std::vector<AskedTable>* tables) { asked_ = tables; }
    std::vector<AskedTable>* asked() const { return asked_; }

private:
    std::vector<AskedTable>* asked_ = nullptr;
    static constexpr std::size_t kept_most = 10'000;
    int count_ = 0;
    std::vector<StudyProblem> found_;
};

}  // namespace longwatch
