// A model of the catalogue on its own, to be shown: all that its file says, and what it comes to.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace longwatch {

/// "threats", "sensors", "interceptors", "links", "environments", and "sites" of sensors.
std::vector<std::string> const& catalog_kinds();

struct CatalogModel {
    std::string kind, name;
    std::filesystem::path file;
    /// Tables, keys and values as in the file and in its order. The unit is in the key.
    nlohmann::ordered_json content;
};

/// The text of a key; empty where there is none, or no text.
std::string text_at(nlohmann::ordered_json const& table, char const* key);

/// All models of a kind, by name. Throws StudyErrors where one cannot be read, or a link leads out of the catalogue.
std::vector<CatalogModel> read_catalog_models(std::filesystem::path const& catalog,
                                              std::string const& kind);

/// A few numbers that tell what a model can do.
struct Figure {
    std::string key;  ///< with its unit
    nlohmann::ordered_json value;
    std::string text;  ///< both, for a reader
};

/// Throws StudyErrors where the study's reader finds a problem in the model.
std::vector<Figure> figures_of(CatalogModel const& model, std::filesystem::path const& catalog);

}  // namespace longwatch
