// longwatch catalog: the models that a study may name, and all that one of them says.
#include <algorithm>

#include <fmt/format.h>

#include "host/command/catalog_folder.hpp"
#include "host/command/catalog_text.hpp"
#include "host/command/output.hpp"
#include "host/command/verbs.hpp"
#include "host/study/nearest_name.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

namespace {

std::vector<std::string> kinds_asked(CatalogOptions const& options)
{
    auto const& known = catalog_kinds();
    if (!options.kind) { return known; }
    if (std::find(known.begin(), known.end(), *options.kind) == known.end()) {
        throw UsageError(fmt::format("--kind '{}': no such kind (known: {})", *options.kind,
                                     fmt::join(known, ", ")) +
                         did_you_mean(*options.kind, known));
    }
    return {*options.kind};
}

/// The names that hold what was given; else the nearest one.
std::string hint(std::string const& given, std::vector<std::string> const& names)
{
    std::vector<std::string> holding;
    for (auto const& name : names) {
        if (!given.empty() && name.find(given) != std::string::npos) { holding.push_back(name); }
    }
    if (holding.empty()) { return did_you_mean(given, names); }
    return fmt::format("; did you mean '{}'?", fmt::join(holding, "' or '"));
}

/// Those of the name; all without one.
std::vector<CatalogModel> models_asked(CatalogOptions const& options,
                                       std::filesystem::path const& folder)
{
    std::vector<CatalogModel> models;
    std::vector<std::string> names;
    for (auto const& kind : kinds_asked(options)) {
        for (auto& model : read_catalog_models(folder, kind)) {
            if (is_plain_name(model.name)) { names.push_back(model.name); }
            if (!options.name || model.name == *options.name) {
                models.push_back(std::move(model));
            }
        }
    }
    if (models.empty() && options.name) {
        throw UsageError(fmt::format("no model '{}' in the catalogue{} (see longwatch catalog)",
                                     *options.name,
                                     options.kind ? ", of kind " + *options.kind : "") +
                         hint(*options.name, names));
    }
    return models;
}

}  // namespace

ExitStatus catalog(CatalogOptions const& options)
{
    if (options.names_only && (options.as_json || options.name)) {
        throw UsageError("--names prints the names alone (give it without NAME and --json)");
    }
    auto const folder = catalog_folder(options.catalog);
    auto const models = models_asked(options, folder);
    if (options.names_only) {
        // What else a file of sites may call one is no word for a shell that completes it.
        for (auto const& model : models) {
            if (is_plain_name(model.name)) { print(model.name + '\n'); }
        }
    } else if (options.name) {
        print(options.as_json ? models_json(models) : models_text(models));
    } else {
        print(options.as_json ? list_json(models, folder) : list_text(models, folder));
    }
    return exit_fine;
}

}  // namespace longwatch
