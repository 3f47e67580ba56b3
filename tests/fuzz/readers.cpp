#include "tests/fuzz/readers.hpp"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

#include "host/study/catalog.hpp"
#include "host/study/study.hpp"
#include "host/study/study_differences.hpp"
#include "results/comparison/baseline.hpp"
#include "results/comparison/compare.hpp"
#include "results/show/show_json.hpp"
#include "results/show/show_text.hpp"
#include "results/store/checkpoint.hpp"
#include "results/store/plain_bytes.hpp"
#include "results/store/store.hpp"
#include "tests/fuzz/recipe.hpp"
#include "tests/fuzz/survives.hpp"

namespace longwatch::fuzz {

namespace {

std::filesystem::path const catalog = std::filesystem::path(LW_SOURCE_DIR) / "models" / "catalog";

/// A claim that must hold of whatever was taken; says what does not, and ends the program.
void claim(bool holds, char const* what, std::string const& by)
{
    if (holds) { return; }
    std::cerr << "claim broken: " << what << "\n" << by << '\n';
    std::abort();
}

/// What was taken resolves to itself, and each of its keys can be named.
void check_resolved(Study const& study, StudyReading const& with)
{
    try {
        auto const again = read_study_text(study.resolved, "resolved.toml", with);
        claim(again.hash == study.hash, "a resolved study resolves to itself", again.resolved);
    } catch (StudyErrors const& errors) {
        claim(false, errors.what(), study.resolved);
    }
    claim(!study_keys(study.resolved).empty(), "a study has keys", study.resolved);
}

}  // namespace

bool reads_study(std::string_view bytes)
{
    static CatalogFiles kept;
    StudyReading const with{.catalog = catalog, .kept = &kept};
    try {
        auto const study = read_study_text(std::string(bytes), "study.toml", with);
        // It takes twice as long as all the rest: of some.
        if (bytes.size() % 8 == 0) { check_resolved(study, with); }
        return true;
    } catch (StudyErrors const& errors) {
        claim(!errors.problems.empty(), "a refusal says why", "");
        return false;
    }
}

namespace {

bool reads_result_image(std::string_view image, Told told)
{
    auto const is_told = [told](Told what) { return told == what || told == Told::all; };
    ResultFile result;
    try {
        result = result_of_image(image);
    } catch (std::runtime_error const&) {
        return false;
    }
    auto const plain = plain_bytes_of(result);
    claim(plain_bytes_of(result_of_plain_bytes(plain)) == plain, "a result is its bytes", "");
    if (is_told(Told::table)) { show_text(result); }
    if (is_told(Told::json_and_baseline)) {
        show_json(result);
        baseline_text(baseline_of(result));
    }
    int const arms = result.tally.layout.arm_count;
    if (arms > 1 && is_told(Told::comparison)) { compare({&result, arms - 1}, {&result, 0}); }
    try {
        study_entries(result.study.resolved);
    } catch (std::invalid_argument const&) {  // no TOML
    }
    return true;
}

bool reads_checkpoint_image(std::string const& image)
{
    try {
        auto const part = part_of_bytes(image);
        auto const plain = plain_bytes_of(part);
        claim(plain_bytes_of(part_of_plain_bytes(plain)) == plain, "a part is its bytes", "");
        return true;
    } catch (std::runtime_error const&) {
        return false;
    }
}

}  // namespace

bool reads_result(std::string_view recipe, Told told)
{
    auto const image = result_from(recipe);
    if (!breaks_bytes(recipe)) { return reads_result_image(image, told); }
    // Not here: after such a file the library is not what it was.
    return library_survives([&] { reads_result_image(image, told); });
}

bool reads_checkpoint(std::string_view recipe)
{
    auto const image = checkpoint_from(recipe);
    if (!breaks_bytes(recipe)) { return reads_checkpoint_image(image); }
    return library_survives([&] { reads_checkpoint_image(image); });
}

}  // namespace longwatch::fuzz
