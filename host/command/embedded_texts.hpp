// Files of the tree that the program carries with it, so that it can give them out wherever it lies.
#pragma once

#include <string_view>
#include <vector>

namespace longwatch {

/// studies/starter.toml
std::string_view starter_study();
/// docs/study.schema.json
std::string_view study_schema_text();
/// studies/trilateral-warning.toml
std::string_view bench_study();
/// host/bench/known_machines.json
std::string_view known_machines_text();

struct EmbeddedFile {
    std::string_view name, text;
};
/// The HTML, CSS and JavaScript of host/exercise/page, in the order of their names.
std::vector<EmbeddedFile> page_texts();

}  // namespace longwatch
