#include "host/study/read_catalog.hpp"

#include "host/study/catalog.hpp"
#include "host/study/catalog_place.hpp"
#include "host/study/read_vehicle.hpp"
#include "host/study/study_reader.hpp"
#include "models/earth/site.hpp"
#include "models/sensing/radar.hpp"

namespace longwatch {
namespace {

constexpr int most_published_flights = 32, most_sites = 64;

PublishedFlight read_published_flight(TableView& table)
{
    PublishedFlight p;
    p.date = table.text("date");
    p.launch = read_place(table);
    p.azimuth_rad = table.number("azimuth", Dimension::angle, between(0, 2 * pi));
    p.apogee_m = table.number("apogee", Dimension::length, positive(2e7));
    p.range_m = table.number("range", Dimension::length, positive(2e7));
    p.excess_s = table.number("excess", Dimension::time, between(-600, 600));
    p.tolerance_s = table.number("tolerance", Dimension::time, positive(600));
    table.text("source");
    table.report_unknown_keys();
    return p;
}

SensorSite read_site(Catalog& catalog, TableView& entry, NameList& names, Problems& problems)
{
    auto view = catalog.overlay(entry.own(), entry.what(), "sensors");
    SensorSite site;
    site.name = names.read_name(view, problems);
    view.rename("site '" + shown(site.name) + "'");
    site.model = view.text("model", std::nullopt, Whose::study);
    view.text("source", std::nullopt, Whose::study);
    SourceCount unused;
    std::string unused_text;
    read_sensor_itself(view, site.sensor, unused_text, unused);
    site.description = view.text("description", "");
    view.read_provenance(unused);
    view.report_unknown_keys();
    if (site.sensor.kind == SensorKind::radar) {
        auto& radar = site.sensor.radar;
        site.sensor.frame = site_frame(site.sensor.site);
        radar.detection = detection_curve(detection_rule(radar));
    }
    return site;
}

}  // namespace

Published read_published(TableView& threat, PublishedIn where)
{
    Published p;
    if (where == PublishedIn::study && threat.own().contains("published")) {
        threat.know("published", Whose::anyone);
        threat.problem_at_key("published",
                              threat.what() +
                                  ": 'published' is what a catalogue model must "
                                  "reproduce (a study cannot change it); leave it out");
        return p;
    }
    auto table = threat.table("published", false);
    if (!table) { return p; }
    p.ideal_delta_v_mps = table->number("ideal_delta_v", Dimension::speed, positive(3e4));
    p.burn_time_s = table->number("burn_time", Dimension::time, positive(2000));
    p.burn_time_tolerance_s = table->number("burn_time_tolerance", Dimension::time, positive(600));
    table->text("source");
    for (auto& flight : table->tables("flight", most_published_flights)) {
        p.flights.push_back(read_published_flight(flight));
    }
    table->report_unknown_keys();
    return p;
}

std::vector<std::string> catalog_names(std::filesystem::path const& catalog,
                                       std::string const& kind)
{
    auto const folder = catalog / kind;
    if (lies_in(folder, catalog)) { return models_in(folder); }
    Problems problems;
    auto const where = catalog.generic_string();
    problems.add({where}, "cannot read '" + folder.generic_string() +
                              "' (a symbolic link leads out of the catalogue)");
    problems.throw_if_any(where);
    return {};
}

CatalogThreat read_catalog_threat(std::filesystem::path const& catalog, std::string const& name)
{
    auto const path = (catalog / "threats" / (name + ".toml")).lexically_normal();
    auto const file = read_catalog_file(catalog, path);
    Problems problems;
    TableView view(problems, {{&file.table, "model '" + name + "'"}});
    SourceCount unused;
    CatalogThreat threat;
    threat.name = name;
    threat.params.vehicle = read_vehicle(view);
    threat.description = view.text("description", "");
    view.read_provenance(unused);
    read_stages_drag_dispersion(view, threat.params, unused);
    threat.published = read_published(view, PublishedIn::model);
    view.report_unknown_keys();
    problems.throw_if_any(path.generic_string());
    return threat;
}

std::vector<SensorSite> read_sensor_sites(std::filesystem::path const& catalog)
{
    auto const path = (catalog / "sites.toml").lexically_normal();
    auto const file = read_catalog_file(catalog, path);
    Problems problems;
    Catalog models(catalog, problems);
    TableView root(problems, {{&file.table, "the sites"}});
    NameList names("site");
    std::vector<SensorSite> sites;
    for (auto& entry : root.tables("site", most_sites)) {
        sites.push_back(read_site(models, entry, names, problems));
    }
    root.report_unknown_keys();
    problems.throw_if_any(path.generic_string());
    return sites;
}

}  // namespace longwatch
