#include "host/study/catalog_model.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "host/study/catalog.hpp"
#include "host/study/read_catalog.hpp"
#include "host/study/toml_file.hpp"

namespace longwatch {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(toml::node const& node);

/// Keys in the order of the file.
Json json_of_table(toml::table const& table)
{
    std::vector<std::pair<toml::source_position, toml::key const*>> keys;
    for (auto const& [key, value] : table) { keys.emplace_back(key.source().begin, &key); }
    std::stable_sort(keys.begin(), keys.end(),
                     [](auto const& a, auto const& b) { return a.first < b.first; });
    // Appended, for no key comes twice, and a look-up goes through all that are there.
    Json::object_t json;
    for (auto const& [at, key] : keys) {
        json.emplace_back(std::string(key->str()), json_of(*table.get(key->str())));
    }
    return json;
}

Json json_of(toml::node const& node)
{
    if (auto const* table = node.as_table()) { return json_of_table(*table); }
    if (auto const* array = node.as_array()) {
        auto json = Json::array();
        for (auto const& element : *array) { json.push_back(json_of(element)); }
        return json;
    }
    if (auto const* text = node.as_string()) { return text->get(); }
    if (auto const* whole = node.as_integer()) { return whole->get(); }
    if (auto const* number = node.as_floating_point()) { return number->get(); }
    if (auto const* flag = node.as_boolean()) { return flag->get(); }
    return shown(node);
}

}  // namespace

std::string text_at(Json const& table, char const* key)
{
    auto const found = table.find(key);
    return found != table.end() && found->is_string() ? found->get<std::string>() : "";
}

std::vector<std::string> const& catalog_kinds()
{
    static std::vector<std::string> const kinds = {"threats", "sensors",      "interceptors",
                                                   "links",   "environments", "sites"};
    return kinds;
}

std::vector<CatalogModel> read_catalog_models(std::filesystem::path const& catalog,
                                              std::string const& kind)
{
    std::vector<CatalogModel> models;
    if (kind == "sites") {
        auto const path = (catalog / "sites.toml").lexically_normal();
        auto const content = json_of_table(read_catalog_file(catalog, path).table);
        auto const sites = content.value("site", Json());
        if (!sites.is_array()) { return models; }
        for (auto const& site : sites) {
            if (site.is_object()) { models.push_back({kind, text_at(site, "name"), path, site}); }
        }
        return models;
    }
    for (auto const& name : catalog_names(catalog, kind)) {
        auto const path = (catalog / kind / (name + ".toml")).lexically_normal();
        models.push_back({kind, name, path, json_of_table(read_catalog_file(catalog, path).table)});
    }
    return models;
}

}  // namespace longwatch
