// What strangers' bytes are read by, one function per kind of file: the same under a fuzzer and in the test that
// reads the kept corpus. Each returns whether the bytes were taken; a refusal is an exception of the expected kind,
// caught here. Anything else escapes, and is a defect.
#pragma once

#include <string_view>

namespace longwatch::fuzz {

/// A study, against the shipped catalogue: parsed, checked, resolved.
bool reads_study(std::string_view bytes);
/// The result that a recipe makes (recipe.hpp), and all that is told of it: tables, JSON, baseline, comparison of arms.
bool reads_result(std::string_view recipe);
/// The checkpoint that a recipe makes.
bool reads_checkpoint(std::string_view recipe);

}  // namespace longwatch::fuzz
