// What every kind of entity shares: its list of entries, a place, a delay.
#include <algorithm>

#include "host/study/nearest_name.hpp"
#include "host/study/study_reader.hpp"

namespace longwatch {

std::vector<TableView> entries(StudyReader& reader, TableView& root, NameList& names, int least,
                               int most)
{
    auto const& kind = names.kind();
    int const before = reader.problems.count();
    auto list = root.tables(kind, most);
    root.note({kind, AskedKind::tables, Dimension::none, {}, {}, most, least > 0});
    if (reader.problems.count() != before) { names.mark_incomplete(); }
    if (static_cast<int>(list.size()) < least && reader.problems.count() == before) {
        reader.problems.add(root.place(), "the study has no [[" + kind + "]] (at least " +
                                              std::to_string(least) + " is wanted)");
    }
    for (auto& entry : list) {
        auto const name = entry.own().find("name");
        if (name != entry.own().end() && name->second.is_string()) {
            entry.rename(kind + " '" + shown(name->second.ref<std::string>()) + "'");
        }
    }
    return list;
}

TableView overlaid(StudyReader& reader, TableView const& entry, std::string const& kind)
{
    auto view = reader.catalog.overlay(entry.own(), entry.what(), kind);
    if (entry.table_called()) { view.call_table(*entry.table_called(), true); }
    return view;
}

void read_model_name(TableView& entry)
{
    entry.know("model", Whose::study);
    entry.note({"model"});
    auto const model = entry.own().find("model");
    if (model != entry.own().end() && model->second.is_string()) {
        entry.know("based_on", Whose::study);
        entry.write("based_on", toml_text(model->second.ref<std::string>()));
    } else {
        entry.text("based_on", "", Whose::study);
    }
}

Geodetic read_place(TableView& entry, double latitude_max_rad)
{
    Geodetic place;
    place.latitude_rad =
        entry.number("latitude", Dimension::angle, between(-latitude_max_rad, latitude_max_rad),
                     std::nullopt, Whose::study);
    place.longitude_rad =
        entry.number("longitude", Dimension::angle, between(-180 * rad_per_deg, 360 * rad_per_deg),
                     std::nullopt, Whose::study);
    place.altitude_m =
        entry.number("altitude", Dimension::length, between(-500, 9000), 0.0, Whose::study);
    return place;
}

Distribution read_delay(TableView& entry, std::string const& base, std::optional<double> fallback)
{
    return entry.distribution(base, Dimension::time, between(0, longest_delay_s), fallback,
                              TableView::Normals::refused);
}

namespace {

TrackQuality read_quality(StudyReader& reader, TableView& entry, std::string const& base,
                          int battery)
{
    TrackQuality const asked{battery, entry.number(base, Dimension::length, positive(5e6))};
    auto& known = reader.qualities;
    for (auto const& other : known) {
        if (other.battery == battery && other.sigma_m == asked.sigma_m) { return asked; }
    }
    if (static_cast<int>(known.size()) == max_qualities) {
        auto const key = entry.spelling_used(base, Dimension::length);
        auto const& unit = unit_of_key(key, base, Dimension::length);
        entry.problem_at_key(
            key, entry.what() + " asks for " + base + ' ' +
                     number_text(from_si(unit, asked.sigma_m)) + ' ' + unit.name +
                     " (the study already asks for " + std::to_string(max_qualities) +
                     " different accuracies, which is the most); " +
                     (battery < 0 ? "use one of those"
                                  : "of intercepts each battery's counts by itself: use "
                                    "impact_sigma"));
    }
    known.push_back(asked);
    return asked;
}

}  // namespace

TrackQuality read_impact_sigma(StudyReader& reader, TableView& entry)
{
    return read_quality(reader, entry, "impact_sigma", -1);
}

TrackQuality read_battery_quality(StudyReader& reader, TableView& entry, int battery)
{
    bool const of_intercept = entry.has("intercept_sigma_km") || entry.has("intercept_sigma_m");
    for (auto const* key : {"impact_sigma_km", "impact_sigma_m"}) {
        if (of_intercept && entry.has(key)) {
            entry.problem_at_key(
                key, entry.what() + " says both impact_sigma and intercept_sigma (must be one)");
        }
    }
    if (!of_intercept) {
        auto const quality = read_quality(reader, entry, "impact_sigma", -1);
        for (auto const* key : {"intercept_sigma_km", "intercept_sigma_m"}) {
            entry.know(key, Whose::anyone);
        }
        return quality;
    }
    for (auto const* key : {"impact_sigma_km", "impact_sigma_m"}) {
        entry.know(key, Whose::anyone);
    }
    return read_quality(reader, entry, "intercept_sigma", battery);
}

std::vector<std::string> const& message_kind_names()
{
    static std::vector<std::string> const names(message_kind_texts,
                                                message_kind_texts + message_kind_count);
    return names;
}

std::vector<std::string> const& actionable_kind_names()
{
    static std::vector<std::string> const names = {"alert", "track", "impact-prediction"};
    return names;
}

unsigned read_kinds(StudyReader& reader, TableView& entry, std::string const& key,
                    std::vector<std::string> const& fallback, std::vector<std::string> const& known)
{
    std::string allowed;
    for (std::size_t k = 0; k < known.size(); ++k) {
        allowed += (k == 0 ? "'" : k + 1 == known.size() ? " or '" : ", '") + known[k] + "'";
    }
    unsigned set = 0;
    entry.note({key, AskedKind::texts, Dimension::none, {}, known});
    for (auto const& [name, where] : entry.texts(key, fallback)) {
        auto const at = std::find(known.begin(), known.end(), name);
        if (at == known.end()) {
            reader.problems.add(where, "key '" + key + "' of " + entry.what() + " holds '" +
                                           shown(name) + "' (must be " + allowed + ")" +
                                           did_you_mean(name, known));
        } else {
            set |= 1u << (at - known.begin());
        }
    }
    return set;
}

}  // namespace longwatch
