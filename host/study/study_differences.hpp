// What differs between two resolved studies, key by key.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace longwatch {

/// Every key of a resolved study with its value as text, in the file's order. Entries go by their names, not their places:
/// "threat[irbm].stage[0].thrust_vacuum_n". What a value rests on (source, description, assumed, the model it came from)
/// is left out, and so are question, assumptions, seed and flights: no number depends on them but by the draws.
/// Throws std::invalid_argument for what is no TOML.
using StudyKeys = std::vector<std::pair<std::string, std::string>>;
StudyKeys study_keys(std::string const& resolved);

struct KeyDifference {
    std::string key, a, b;  ///< "" where the study has no such key

    bool operator==(KeyDifference const&) const = default;
};

/// In the order of the first study; keys of the second only come last.
std::vector<KeyDifference> study_differences(StudyKeys const& a, StudyKeys const& b);

/// Keys that decide which flights there are and what is counted of them: with other values, results are of other questions. Threats,
/// environment and raids; what a consumer counts as its flights, as the end of its clock and as actionable; which threats a
/// battery may take.
bool decides_what_is_counted(std::string const& key);

/// One number per entry of the study ("threat[irbm]", "sensor[a]"), of all its keys and values: a table small enough for a
/// baseline that still tells which entry has changed.
std::vector<std::pair<std::string, std::string>> study_entries(std::string const& resolved);

}  // namespace longwatch
