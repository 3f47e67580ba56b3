// What a TableView says about itself: places, problems at keys, and its part of the resolved study.
#include <set>
#include <string>

#include "host/study/table_view.hpp"

namespace longwatch {

std::string TableView::spelling_used(std::string const& base, Dimension dimension) const
{
    for (auto const& layer : layers_) {
        for (auto const& unit : units_of(dimension)) {
            if (layer.table->contains(base + unit.suffix)) { return base + unit.suffix; }
        }
    }
    return base;
}

Place TableView::place_of_key(std::string const& key) const
{
    for (auto const& layer : layers_) {
        auto const at = layer.table->find(key);
        if (at != layer.table->end()) { return place_of(at->first.source()); }
    }
    return place();
}

void TableView::problem_at_key(std::string const& key, std::string const& message) const
{
    problems_->add(place_of_key(key), message);
}

std::vector<std::string> TableView::replaced_keys() const
{
    std::vector<std::string> keys;
    if (layers_.size() < 2) { return keys; }
    std::set<std::string> given;
    for (auto const& entry : *layers_.back().table) {
        given.insert(without_unit(std::string(entry.first.str())));
    }
    given.erase("source");
    given.erase("description");
    for (auto const& entry : *layers_.front().table) {
        auto const key = std::string(entry.first.str());
        if (given.count(without_unit(key)) != 0) { keys.push_back(key); }
    }
    return keys;
}

std::vector<std::string> TableView::fields_of(std::vector<std::string> const& keys) const
{
    std::vector<std::string> fields;
    for (auto const& key : keys) {
        for (auto const& field : fields_) {
            if (field.rfind(key + " = ", 0) == 0) { fields.push_back(field); }
        }
    }
    return fields;
}

std::string TableView::as_lines() const
{
    std::string text;
    for (auto const& field : fields_) { text += field + '\n'; }
    return text;
}

std::string TableView::as_inline() const
{
    std::string text;
    for (auto const& field : fields_) { text += (text.empty() ? "" : ", ") + field; }
    return "{ " + text + " }";
}

}  // namespace longwatch
