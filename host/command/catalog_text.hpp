// What `longwatch catalog` prints.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/study/catalog_model.hpp"

namespace longwatch {

/// A line or two for each, by kind.
std::string list_text(std::vector<CatalogModel> const& models,
                      std::filesystem::path const& catalog);
std::string list_json(std::vector<CatalogModel> const& models,
                      std::filesystem::path const& catalog);

/// Every value of each with its unit, and every source.
std::string models_text(std::vector<CatalogModel> const& models);
std::string models_json(std::vector<CatalogModel> const& models);

}  // namespace longwatch
