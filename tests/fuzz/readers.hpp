// What strangers' bytes are read by, one function per kind of file: the same under a fuzzer and in the test that
// reads the kept corpus. Each returns whether the bytes were taken; a refusal is an exception of the expected kind,
// caught here. Anything else escapes, and is a defect.
#pragma once

#include <string_view>

namespace longwatch::fuzz {

/// A study, against the shipped catalogue: parsed, checked, resolved.
bool reads_study(std::string_view bytes);
/// What is told of a result that was taken. It takes longer than the reading.
enum class Told { table, json_and_baseline, comparison, all };
/// The result that a recipe makes (recipe.hpp), and what is told of it.
bool reads_result(std::string_view recipe, Told told = Told::all);
/// The checkpoint that a recipe makes.
bool reads_checkpoint(std::string_view recipe);

}  // namespace longwatch::fuzz
