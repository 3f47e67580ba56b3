#include "host/command/completed_value.hpp"

#include <algorithm>

#include "host/study/catalog_model.hpp"

namespace longwatch {

CompletedValue completed_value(std::string const& verb, OptionHelp const& option)
{
    using Kind = CompletedValue::Kind;
    auto const& name = option.names.back();
    auto const& value = option.value;
    if (value.empty()) { return {Kind::nothing}; }
    if (name == "--device") { return {Kind::words, {"auto", "cpu", "cuda"}}; }
    if (name == "--format") { return {Kind::words, {"html", "md", "csv", "json"}}; }
    if (name == "--against") { return {Kind::arm}; }
    if (name == "SECOND" || name == "NEW" || name == "BASELINE") { return {Kind::file}; }
    if (name == "--python") { return {Kind::file}; }
    if (name == "--arm") { return {Kind::arm}; }
    if (name == "--vehicle") { return {Kind::model, {}, "threats"}; }
    if (name == "--kind") { return {Kind::words, catalog_kinds()}; }
    if (verb == "catalog" && name == "NAME") { return {Kind::model}; }
    if (verb == "generate") {
        return {Kind::words, {"complete-bash", "complete-zsh", "man", "schema"}};
    }
    if (verb == "init" && name == "FILE") { return {Kind::file}; }
    if (value == "STUDY") { return {Kind::study}; }
    if (value == "FILE" || value == "PART") { return {Kind::result}; }
    if (value == "DIR") { return {Kind::folder}; }
    // Numbers and places are the user's own.
    for (char const* plain : {"N", "S", "T", "K", "A", "H", "R", "LAT,LON"}) {
        if (value == plain && !option.is_argument) { return {Kind::nothing}; }
    }
    return {Kind::file};
}

}  // namespace longwatch
