// What longwatch compare prints: tables, and JSON.
#pragma once

#include <string>
#include <vector>

#include "host/study/study_differences.hpp"
#include "results/comparison/compare.hpp"

namespace longwatch {

/// A result, and what the user calls it.
struct NamedResult {
    std::string file;
    ResultFile result;
};

struct ArmComparison {
    std::string arm, against;
    Comparison comparison;
};

/// `of` less `against`; of one file the two are the same object.
struct ComparedFiles {
    NamedResult const* of = nullptr;
    NamedResult const* against = nullptr;
    std::vector<KeyDifference> study_differences;
    std::vector<ArmComparison> arms;
};

std::string comparison_text(ComparedFiles const& compared);
/// docs/io_format.md lists the keys.
std::string comparison_json(ComparedFiles const& compared);

}  // namespace longwatch
