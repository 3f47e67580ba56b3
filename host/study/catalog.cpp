#include "host/study/catalog.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "host/study/catalog_place.hpp"
#include "host/study/name_list.hpp"
#include "host/study/nearest_name.hpp"

namespace longwatch {
namespace {

/// Every table of a catalogue file says where its values come from; an inline one may rely on the
/// table around it.
void require_sources(toml::table const& table, std::string const& what, Problems& problems)
{
    if (!table.is_inline() && !table.contains("source")) {
        problems.add(place_of(table.source()),
                     what + " lacks 'source' (every catalogue table names its source; " +
                         "\"assumed: why\" is one)");
    }
    for (auto const& [key, value] : table) {
        auto const name = std::string(key.str());
        if (auto const inner = value.as_table()) {
            require_sources(*inner, shown(name) + " of " + what, problems);
        } else if (auto const array = value.as_array()) {
            for (auto const& element : *array) {
                if (auto const inner_table = element.as_table()) {
                    require_sources(*inner_table, shown(name) + " of " + what, problems);
                }
            }
        }
    }
}

}  // namespace

std::vector<std::string> models_in(std::filesystem::path const& folder)
{
    std::vector<std::string> names;
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        auto name = entry->path().stem().string();
        bool const is_model = entry->path().extension() == ".toml" && is_plain_name(name);
        if (is_model && lies_in(entry->path(), folder)) { names.push_back(std::move(name)); }
    }
    std::sort(names.begin(), names.end());
    return names;
}

TomlFile read_catalog_file(std::filesystem::path const& catalog, std::filesystem::path const& path)
{
    Problems problems;
    CatalogFiles files;
    Catalog(catalog, problems, &files).file(path, {catalog.generic_string()});
    problems.throw_if_any(path.generic_string());
    return std::move(*files.by_path.at(path.generic_string()));
}

TableView Catalog::overlay(toml::table const& entry, std::string const& what,
                           std::string const& kind)
{
    std::vector<Layer> layers = {{&entry, what}};
    TableView view(*problems_, layers);
    auto const name = view.text("model", "", Whose::study);
    if (name.empty()) {
        if (entry.contains("model")) { view.forgive_missing(); }
        return view;
    }
    if (auto const table = model(kind, name, view.place_of_key("model"))) {
        layers.push_back({table, "model '" + name + "'"});
        return TableView(*problems_, layers);
    }
    view.forgive_missing();
    return view;
}

toml::table const* Catalog::model(std::string const& kind, std::string const& name,
                                  Place const& where)
{
    if (!is_plain_name(name)) {
        problems_->add(where, "key 'model' = \"" + shown(name) +
                                  "\" (must be the name of a catalogue model: lower-case letters, "
                                  "digits and hyphens)");
        return nullptr;
    }
    auto const folder = folder_ / kind;
    auto const path = (folder / (name + ".toml")).lexically_normal();
    auto const key = path.generic_string();
    std::error_code error;
    if (!is_kept(path) && !std::filesystem::exists(path, error)) {
        auto const known =
            lies_in(folder, folder_) ? models_in(folder) : std::vector<std::string>();
        auto const hint = known.empty() ? "; does 'catalog' name the catalogue's folder?"
                                        : did_you_mean(name, known);
        problems_->add(where,
                       "key 'model' = \"" + name + "\" (there is no file '" + key + "')" + hint);
        return nullptr;
    }
    auto const found = file(path, where);
    if (!found) { return nullptr; }
    if (checked_.insert(key).second) {
        require_sources(found->table, "model '" + name + "'", *problems_);
    }
    return &found->table;
}

bool Catalog::is_kept(std::filesystem::path const& path) const
{
    return (kept_ ? *kept_ : own_).by_path.count(path.generic_string()) != 0;
}

TomlFile const* Catalog::file(std::filesystem::path const& path, Place const& where)
{
    auto& files = (kept_ ? *kept_ : own_).by_path;
    auto const key = path.generic_string();
    if (!is_kept(path)) {
        if (!lies_in(path, folder_)) {
            problems_->add(where, "cannot read '" + shown(key) +
                                      "' (a symbolic link leads out of the catalogue)");
            files.emplace(key, std::nullopt);
            return nullptr;
        }
        files.emplace(key, read_toml_file(path, where, *problems_));
    }
    auto const& found = files.at(key);
    return found ? &*found : nullptr;
}

}  // namespace longwatch
