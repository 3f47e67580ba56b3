// The catalogue: models of threats, sensors and interceptors, one TOML file each.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "host/study/table_view.hpp"
#include "host/study/toml_file.hpp"

namespace longwatch {

/// Names of the models in a folder of the catalogue, in alphabetical order. What no study can name is no model.
std::vector<std::string> models_in(std::filesystem::path const& folder);

/// A file of the catalogue, read on its own; a link that leads out of the catalogue is not followed. Throws StudyErrors where it
/// cannot be read.
TomlFile read_catalog_file(std::filesystem::path const& catalog, std::filesystem::path const& path);

/// The catalogue's files as read, by their paths; nothing where one cannot be read.
struct CatalogFiles {
    std::map<std::string, std::optional<TomlFile>> by_path;
};

class Catalog {
public:
    /// Keeps the files it reads in `kept` where that is given, for further studies: problems of a kept file are told to the
    /// first of them only.
    Catalog(std::filesystem::path folder, Problems& problems, CatalogFiles* kept = nullptr)
        : folder_(std::move(folder)), problems_(&problems), kept_(kept)
    {
    }
    Catalog(Catalog const&) = delete;
    Catalog& operator=(Catalog const&) = delete;

    std::filesystem::path const& folder() const { return folder_; }

    /// The entry laid over the model it names, folder/kind/model.toml; the entry alone where it names
    /// none or the model cannot be read.
    TableView overlay(toml::table const& entry, std::string const& what, std::string const& kind);

    /// A file of the catalogue; null, with a problem at where, where it cannot be read.
    TomlFile const* file(std::filesystem::path const& path, Place const& where);

private:
    bool is_kept(std::filesystem::path const& path) const;
    toml::table const* model(std::string const& kind, std::string const& name, Place const& where);

    std::filesystem::path folder_;
    Problems* problems_;
    std::set<std::string> checked_;  ///< models whose sources were asked for
    CatalogFiles own_;
    CatalogFiles* kept_;  ///< null: those of its own
};

}  // namespace longwatch
