#include "host/study/table_view.hpp"

#include <algorithm>
#include <cmath>

#include "host/study/nearest_name.hpp"

namespace longwatch {
namespace {

std::vector<std::string> spelled(std::string const& base, Dimension dimension)
{
    std::vector<std::string> keys;
    for (auto const& unit : units_of(dimension)) { keys.push_back(base + unit.suffix); }
    return keys;
}

std::string or_list(std::vector<std::string> const& texts)
{
    std::string list;
    for (auto const& text : texts) { list += (list.empty() ? "'" : " or '") + text + "'"; }
    return list;
}

std::string joined(std::vector<std::string> const& texts)
{
    std::string list;
    for (auto const& text : texts) { list += (list.empty() ? "" : ", ") + text; }
    return list;
}

std::string list_text(std::vector<double> const& values)
{
    std::vector<std::string> plain;
    for (double const value : values) { plain.push_back(number_text(value)); }
    return '[' + joined(plain) + ']';
}

/// What took the place of a key that studies of an earlier format have; "" for any other.
std::string replacement_of(std::string_view key)
{
    return key == "raid_size" ? " (write it as 'size' in [raid])" : "";
}

bool says_assumed(std::string_view source)
{
    return source.find("assumed:") != std::string_view::npos || source.substr(0, 7) == "assumed";
}

}  // namespace

std::string wanted_key(std::string const& key, std::string const& allowed)
{
    return "'" + key + "' (required, " + allowed + ")";
}

std::string wanted_quantity(std::string const& base, Dimension dimension,
                            std::string const& allowed)
{
    auto const& usual = usual_unit(dimension);
    std::string others;
    for (auto const& unit : units_of(dimension)) {
        if (&unit != &usual) { others += "; or '" + base + unit.suffix + "'"; }
    }
    return wanted_key(base + usual.suffix, allowed + others);
}

std::string toml_text(std::string_view text)
{
    std::string out = "\"";
    constexpr char digits[] = "0123456789ABCDEF";
    for (char const c : text) {
        auto const code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (code < 32 || code == 127) {
            out += "\\u00";
            out += digits[code >> 4];
            out += digits[code & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string toml_list(std::vector<std::string> const& texts)
{
    std::string list;
    for (auto const& text : texts) { list += (list.empty() ? "" : ", ") + toml_text(text); }
    return '[' + list + ']';
}

bool TableView::has(std::string const& key) const
{
    return std::any_of(layers_.begin(), layers_.end(),
                       [&](Layer const& layer) { return layer.table->contains(key); });
}

std::optional<TableView::Found> TableView::find(std::vector<std::string> const& keys, Whose whose)
{
    // The units that people write first are suggested first.
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) { known_.emplace_back(*key, whose); }
    std::optional<Found> found;
    for (auto const& layer : layers_) {
        if (whose == Whose::study && &layer != &layers_.front()) { break; }
        for (std::size_t i = 0; i < keys.size(); ++i) {
            auto const at = layer.table->find(keys[i]);
            if (at == layer.table->end()) { continue; }
            if (found) {
                problems_->add(place_of(at->first.source()),
                               "key '" + keys[i] + "' says again what '" +
                                   shown(found->key->str()) + "' says (give one of them) in " +
                                   layer.what);
                continue;
            }
            found = Found{&layer, &at->first, &at->second, static_cast<int>(i)};
        }
        if (found) { break; }
    }
    return found;
}

void TableView::note(AskedKey key, bool required, Whose whose)
{
    if (problems_->asked() == nullptr) { return; }
    key.is_required = required && (whose == Whose::study || !rests_on_model_);
    asked_.push_back(std::move(key));
}

TableView TableView::inner(std::vector<Layer> layers, std::string const& key,
                           bool rests_on_model) const
{
    TableView view(*problems_, std::move(layers));
    if (table_) { view.call_table(table_->empty() ? key : *table_ + '.' + key, rests_on_model); }
    return view;
}

void TableView::wrong(Found const& found, std::string const& allowed) const
{
    problems_->add(place_of(found.key->source()), "key '" + shown(found.key->str()) +
                                                      "' = " + shown(*found.value) + " (" +
                                                      allowed + ") in " + found.layer->what);
}

double TableView::checked_number(Found const& found, Dimension dimension, Bounds const& bounds)
{
    auto const& unit = units_of(dimension)[static_cast<std::size_t>(found.spelling)];
    double const harmless = std::isfinite(bounds.high) ? bounds.high : 1.0;
    if (!found.value->is_number()) {
        wrong(found, "a number is wanted; it " + allowed_text(bounds, unit));
        return harmless;
    }
    double const given = found.value->is_integer()
                             ? static_cast<double>(found.value->ref<std::int64_t>())
                             : found.value->ref<double>();
    double const si = to_si(unit, given);
    if (!std::isfinite(si) || !allows(bounds, si)) {
        wrong(found, allowed_text(bounds, unit));
        return harmless;
    }
    return si;
}

double TableView::number(std::string const& base, Dimension dimension, Bounds const& bounds,
                         std::optional<double> fallback, Whose whose)
{
    note({base, AskedKind::number, dimension, bounds}, !fallback, whose);
    auto const found = find(spelled(base, dimension), whose);
    if (!found && is_missed(!fallback)) {
        auto const allowed = allowed_text(bounds, usual_unit(dimension));
        lacks(wanted_quantity(base, dimension, allowed));
    }
    double const si = found ? checked_number(*found, dimension, bounds) : fallback.value_or(1.0);
    write(base + units_of(dimension).front().suffix, number_text(si));
    return si;
}

std::int64_t TableView::integer(std::string const& key, std::int64_t low, std::int64_t high,
                                std::optional<std::int64_t> fallback)
{
    note({key, AskedKind::integer, Dimension::none,
          between(static_cast<double>(low), static_cast<double>(high))},
         !fallback, Whose::anyone);
    auto const allowed = [&] {
        return "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high);
    };
    auto const found = find({key}, Whose::anyone);
    if (!found && is_missed(!fallback)) { lacks(wanted_key(key, allowed())); }
    std::int64_t value = fallback.value_or(low);
    if (found) {
        auto const given = found->value->as_integer();
        if (given && given->get() >= low && given->get() <= high) {
            value = given->get();
        } else {
            wrong(*found, allowed());
        }
    }
    write(key, std::to_string(value));
    return value;
}

bool TableView::boolean(std::string const& key, bool fallback)
{
    note({key, AskedKind::boolean}, false, Whose::anyone);
    auto const found = find({key}, Whose::anyone);
    bool value = fallback;
    if (found) {
        if (auto const given = found->value->as_boolean()) {
            value = given->get();
        } else {
            wrong(*found, "must be true or false");
        }
    }
    write(key, value ? "true" : "false");
    return value;
}

std::string TableView::text(std::string const& key, std::optional<std::string> const& fallback,
                            Whose whose)
{
    note({key, AskedKind::text}, !fallback, whose);
    auto constexpr allowed = "must be a text, not empty";
    auto const found = find({key}, whose);
    if (!found && is_missed(!fallback)) { lacks(wanted_key(key, allowed)); }
    std::string value = fallback.value_or("");
    if (found) {
        auto const given = found->value->as_string();
        if (given && !given->get().empty()) {
            value = given->get();
        } else {
            wrong(*found, allowed);
        }
    }
    if (!value.empty()) { write(key, toml_text(value)); }
    return value;
}

std::string TableView::choice(std::string const& key, std::vector<std::string> const& choices,
                              std::optional<std::string> const& fallback, Whose whose)
{
    note({key, AskedKind::text, Dimension::none, {}, choices}, !fallback, whose);
    auto const allowed = [&] { return "must be " + or_list(choices); };
    auto const found = find({key}, whose);
    if (!found && is_missed(!fallback)) { lacks(wanted_key(key, allowed())); }
    std::string value = fallback.value_or("");
    if (found) {
        auto const given = found->value->as_string();
        bool const listed =
            given && std::find(choices.begin(), choices.end(), given->get()) != choices.end();
        if (listed) {
            value = given->get();
        } else {
            wrong(*found, allowed() + (given ? did_you_mean(given->get(), choices) : ""));
        }
    }
    write(key, toml_text(value));
    return value;
}

TableView::Texts TableView::texts(std::string const& key,
                                  std::optional<std::vector<std::string>> const& fallback)
{
    note({key, AskedKind::texts}, !fallback, Whose::anyone);
    auto const found = find({key}, Whose::anyone);
    if (!found && is_missed(!fallback)) { lacks(wanted_key(key, "must be a list of texts")); }
    Texts list;
    if (!found) {
        for (auto const& text : fallback.value_or(std::vector<std::string>())) {
            list.emplace_back(text, place());
        }
    } else if (auto const array = found->value->as_array()) {
        constexpr std::size_t most = 4000;
        if (array->size() > most) { wrong(*found, "must be a list of at most 4000 texts"); }
        for (auto const& element : *array) {
            if (list.size() == most) { break; }
            if (auto const text = element.as_string()) {
                list.emplace_back(text->get(), place_of(element.source()));
            } else {
                problems_->add(place_of(element.source()),
                               "key '" + key + "' holds " + shown(element) +
                                   " (every element must be a text) in " + found->layer->what);
            }
        }
    } else {
        wrong(*found, "must be a list of texts, such as [\"a\", \"b\"]");
    }
    std::vector<std::string> plain;
    for (auto const& entry : list) { plain.push_back(entry.first); }
    write(key, toml_list(plain));
    return list;
}

std::vector<double> TableView::checked_numbers(Found const& found, toml::node const& list,
                                               std::string const& allowed, Kind const& kind,
                                               int most)
{
    std::vector<double> values;
    auto const array = list.as_array();
    if (!array || array->empty() || array->size() > static_cast<std::size_t>(most)) {
        wrong(found, allowed);
        return values;
    }
    for (auto const& element : *array) {
        values.push_back(checked_number({found.layer, found.key, &element, found.spelling},
                                        kind.dimension, kind.bounds));
    }
    return values;
}

std::vector<double> TableView::numbers(std::string const& base, Bounds const& bounds, int most,
                                       Dimension dimension, bool required)
{
    note({base, AskedKind::numbers, dimension, bounds, {}, most}, required, Whose::anyone);
    auto const wanted = [&](Unit const& unit) {
        return "must be a list of 1 to " + std::to_string(most) + " numbers; each " +
               allowed_text(bounds, unit);
    };
    auto const found = find(spelled(base, dimension), Whose::anyone);
    if (!found && is_missed(required)) {
        lacks(wanted_quantity(base, dimension, wanted(usual_unit(dimension))));
    }
    if (!found) { return {}; }
    auto const& unit = units_of(dimension)[static_cast<std::size_t>(found->spelling)];
    auto values = checked_numbers(*found, *found->value, wanted(unit), {dimension, bounds}, most);
    if (!values.empty()) { write(base + units_of(dimension).front().suffix, list_text(values)); }
    return values;
}

std::vector<std::vector<double>> TableView::rows(std::string const& key, Bounds const& bounds,
                                                 int most)
{
    note({key, AskedKind::rows, Dimension::none, bounds, {}, most}, true, Whose::anyone);
    auto const allowed = "must be a list of rows, each a list of 1 to " + std::to_string(most) +
                         " numbers; each " +
                         allowed_text(bounds, units_of(Dimension::none).front());
    auto const found = find({key}, Whose::anyone);
    if (!found && is_missed(true)) { lacks(wanted_key(key, allowed)); }
    if (!found) { return {}; }
    auto const array = found->value->as_array();
    if (!array) {
        wrong(*found, allowed);
        return {};
    }
    std::vector<std::vector<double>> values;
    std::vector<std::string> plain;
    for (auto const& row : *array) {
        values.push_back(checked_numbers(*found, row, allowed, {Dimension::none, bounds}, most));
        plain.push_back(list_text(values.back()));
    }
    write(key, '[' + joined(plain) + ']');
    return values;
}

std::optional<TableView> TableView::table(std::string const& key, bool required, Whose whose)
{
    note({key, AskedKind::table}, required, whose);
    auto const found = find({key}, whose);
    if (!found && is_missed(required)) {
        lacks(wanted_key(key, "must be a table, such as { ... }"));
    }
    if (!found) { return std::nullopt; }
    std::vector<Layer> layers;
    for (auto const& layer : layers_) {
        auto const at = layer.table->find(key);
        if (at == layer.table->end()) { continue; }
        if (auto const table = at->second.as_table()) {
            layers.push_back({table, key + " of " + layer.what});
        } else {
            wrong({&layer, &at->first, &at->second, 0}, "must be a table");
        }
        if (whose == Whose::study) { break; }
    }
    if (layers.empty()) { return std::nullopt; }
    return inner(std::move(layers), key, rests_on_model_ && whose == Whose::anyone);
}

std::vector<TableView> TableView::tables(std::string const& key, int most, Whose whose)
{
    note({key, AskedKind::tables, Dimension::none, {}, {}, most}, false, whose);
    std::vector<TableView> list;
    auto const found = find({key}, whose);
    if (!found) { return list; }
    auto const array = found->value->as_array();
    if (!array) {
        wrong(*found, "must be an array of tables: write [[...]] or [{ ... }]");
        return list;
    }
    int number = 0;
    for (auto const& element : *array) {
        ++number;
        auto const table = element.as_table();
        if (!table) {
            problems_->add(place_of(element.source()),
                           "element " + std::to_string(number) + " of '" + key + "' is " +
                               shown(element) + " (must be a table) in " + found->layer->what);
        } else if (number == most + 1) {
            problems_->add(place_of(element.source()),
                           "'" + key + "' is given " + std::to_string(array->size()) +
                               " times (at most " + std::to_string(most) + ") in " +
                               found->layer->what);
        } else if (number <= most) {
            list.push_back(
                inner({{table, key + " " + std::to_string(number) + " of " + found->layer->what}},
                      key, false));
        }
    }
    return list;
}

void TableView::read_provenance(SourceCount& provenance)
{
    std::vector<std::string> sources;
    for (auto const& layer : layers_) {
        auto const at = layer.table->find("source");
        if (at == layer.table->end()) { continue; }
        auto const given = at->second.as_string();
        if (!given || given->get().empty()) {
            wrong({&layer, &at->first, &at->second, 0}, "must be a text, not empty");
        } else if (std::find(sources.begin(), sources.end(), given->get()) == sources.end()) {
            sources.push_back(given->get());
        }
    }
    known_.emplace_back("source", Whose::anyone);
    note({"source"});
    note({"assumed", AskedKind::boolean});
    text("description", "");
    bool assumed = std::any_of(sources.begin(), sources.end(), says_assumed);
    if (auto const flag = find({"assumed"}, Whose::anyone)) {
        auto const given = flag->value->as_boolean();
        if (!given) { wrong(*flag, "must be true or false"); }
        if (given && given->get()) {
            assumed = true;
            write("assumed", "true");
        }
    }
    if (!sources.empty()) {
        std::string all;
        for (auto const& source : sources) { all += (all.empty() ? "" : "; ") + source; }
        write("source", toml_text(all));
    }
    provenance.entries += 1;
    provenance.assumed += assumed ? 1 : 0;
    provenance.unsourced += sources.empty() && !assumed ? 1 : 0;
}

void TableView::report_unknown_keys() const
{
    if (table_ && problems_->asked() != nullptr) {
        problems_->asked()->push_back({*table_, asked_});
    }
    for (auto const& layer : layers_) {
        bool const own = &layer == &layers_.front();
        std::vector<std::string> known;
        for (auto const& [key, whose] : known_) {
            if (own || whose == Whose::anyone) { known.push_back(key); }
        }
        for (auto const& [key, value] : *layer.table) {
            if (problems_->is_full()) { return; }
            if (std::find(known.begin(), known.end(), key.str()) != known.end()) { continue; }
            auto const replacement = replacement_of(key.str());
            problems_->add(
                place_of(key.source()),
                "key '" + shown(key.str()) + "' = " + shown(value) + " is unknown in " +
                    layer.what +
                    (replacement.empty() ? did_you_mean(key.str(), known) : replacement));
        }
    }
}

}  // namespace longwatch
