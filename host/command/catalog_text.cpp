#include "host/command/catalog_text.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "host/study/units.hpp"
#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"

namespace longwatch {

namespace {

using Json = nlohmann::ordered_json;

/// What a study does with models of the kind.
std::string heading_of(std::string const& kind)
{
    if (kind == "threats") { return "Threats: `model` of a [[threat]]"; }
    if (kind == "sensors") { return "Sensors: `model` of a [[sensor]]"; }
    if (kind == "interceptors") { return "Interceptors: `model` of a [[battery]]"; }
    if (kind == "links") { return "Links: `model` of a [[link]]"; }
    if (kind == "environments") { return "Environments: `model` of [environment]"; }
    return "Sites: where sensors of the catalogue stand in public; for longwatch reconstruct";
}

std::string description_of(CatalogModel const& model)
{
    auto const own = text_at(model.content, "description");
    return own.empty() ? text_at(model.content, "source") : own;
}

/// A number as in the file, with its unit.
std::string plain_text(Json const& value)
{
    if (value.is_number_float()) { return fmt::format("{}", value.get<double>()); }
    return value.is_string() ? value.get<std::string>() : value.dump();
}

/// One value, a list, or a distribution's parameters; `unit` as a number carries it.
std::string value_text(Json const& value, std::string const& unit)
{
    std::string text;
    if (value.is_object()) {
        for (auto const& [key, inner] : value.items()) {
            auto const* const own = suffix_of_key(key);
            auto const name = key == "kind" ? "" : without_unit(key) + ' ';
            text += (text.empty() ? "" : ", ") + name +
                    value_text(inner, own == nullptr ? "" : own->name);
        }
        return text;
    }
    if (value.is_array()) {
        for (auto const& inner : value) {
            text += (text.empty() ? "" : inner.is_array() ? "; " : ", ") + value_text(inner, "");
        }
    } else {
        text = plain_text(value);
    }
    return unit.empty() || value.is_string() ? text : text + ' ' + unit;
}

/// No value such as a distribution: it says where its values come from.
bool is_table(Json const& value)
{
    return value.is_object() && value.contains("source") && !value.contains("kind");
}

bool is_tables(Json const& value)
{
    return value.is_array() && !value.empty() && is_table(value.front());
}

/// Description and source first, then values, then the tables within.
std::string table_text(Json const& table, std::string const& title)
{
    std::string text = title.empty() ? "" : "\n" + title + '\n';
    std::size_t widest = 0;
    for (auto const& [key, value] : table.items()) { widest = std::max(widest, key.size()); }
    auto const row = [&](std::string const& key, std::string const& said) {
        return wrapped(said, fmt::format("  {:<{}}  ", key, widest), std::string(widest + 4, ' '));
    };
    std::string below;
    for (auto const& [key, value] : table.items()) {
        auto const words = terminal_text(key);
        if (is_table(value)) {
            below += table_text(value, (title.empty() ? "" : title + ", ") + words);
        } else if (is_tables(value)) {
            int number = 0;
            for (auto const& inner : value) {
                below += table_text(inner, fmt::format("{}{} {}", title.empty() ? "" : title + ", ",
                                                       words, ++number));
            }
        } else {
            auto const* const unit = suffix_of_key(key);
            text += row(words, value_text(value, unit == nullptr ? "" : unit->name));
        }
    }
    return text + below;
}

}  // namespace

std::string list_text(std::vector<CatalogModel> const& models, std::filesystem::path const& catalog)
{
    std::map<std::string, std::size_t> widest;
    for (auto const& model : models) {
        widest[model.kind] = std::max(widest[model.kind], text_width(model.name));
    }
    std::string text =
        fmt::format("The catalogue {}; `longwatch catalog NAME` shows a model in full\n",
                    terminal_text(catalog.string()));
    std::string kind;
    for (auto const& model : models) {
        auto const width = widest[model.kind];
        auto const indent = std::string(width + 4, ' ');
        if (model.kind != kind) { text += '\n' + heading_of(kind = model.kind) + '\n'; }
        std::string figures;
        for (auto const& figure : figures_of(model, catalog)) {
            if (figure.text.empty()) { continue; }
            figures += (figures.empty() ? "" : ", ") + figure.text;
        }
        auto const name = fmt::format("  {:<{}}  ", terminal_text(model.name), width);
        text += wrapped(description_of(model), name, indent);
        text += wrapped(figures, indent, indent + "  ");
    }
    return text;
}

std::string list_json(std::vector<CatalogModel> const& models, std::filesystem::path const& catalog)
{
    Json json = {{"catalog", catalog.generic_string()}, {"models", Json::array()}};
    for (auto const& model : models) {
        auto figures = Json::object();
        for (auto const& figure : figures_of(model, catalog)) {
            figures[figure.key] = figure.value;
        }
        json["models"].push_back({{"kind", model.kind},
                                  {"name", model.name},
                                  {"description", description_of(model)},
                                  {"file", model.file.generic_string()},
                                  {"source", text_at(model.content, "source")},
                                  {"figures", figures}});
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string models_text(std::vector<CatalogModel> const& models)
{
    std::string text;
    for (auto const& model : models) {
        text += (text.empty() ? "" : "\n") +
                fmt::format("{}, of the {}: {}\n", terminal_text(model.name), model.kind,
                            terminal_text(model.file.generic_string()));
        text += table_text(model.content, "");
    }
    return text;
}

std::string models_json(std::vector<CatalogModel> const& models)
{
    auto json = Json::array();
    for (auto const& model : models) {
        json.push_back({{"kind", model.kind},
                        {"name", model.name},
                        {"file", model.file.generic_string()},
                        {"content", model.content}});
    }
    return Json({{"models", json}}).dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace longwatch
