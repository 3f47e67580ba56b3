// The catalogue: models of threats, sensors and interceptors, one TOML file each.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "host/study/table_view.hpp"
#include "host/study/toml_file.hpp"

namespace longwatch {

/// Names of the models in a folder of the catalogue, in alphabetical order.
std::vector<std::string> models_in(std::filesystem::path const& folder);

class Catalog {
public:
    Catalog(std::filesystem::path folder, Problems& problems)
        : folder_(std::move(folder)), problems_(&problems)
    {
    }

    std::filesystem::path const& folder() const { return folder_; }

    /// The entry laid over the model it names, folder/kind/model.toml; the entry alone where it names
    /// none or the model cannot be read.
    TableView overlay(toml::table const& entry, std::string const& what, std::string const& kind);

private:
    toml::table const* model(std::string const& kind, std::string const& name, Place const& where);

    std::filesystem::path folder_;
    Problems* problems_;
    std::map<std::string, std::optional<TomlFile>> files_;
};

}  // namespace longwatch
