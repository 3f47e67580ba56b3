// The flight for globes that read KML 2.3 (OGC 12-007r2) with Google's gx extension.
#include <sstream>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "host/replay/replay_files.hpp"

namespace longwatch {

namespace {

std::string coordinates(GeodeticPoint<double> const& p, char separator)
{
    return fmt::format("{:.7f}{}{:.7f}{}{:.2f}", p.longitude_rad * deg_per_rad, separator,
                       p.latitude_rad * deg_per_rad, separator, p.altitude_m);
}

pugi::xml_node add(pugi::xml_node parent, char const* name, std::string const& text)
{
    auto node = parent.append_child(name);
    node.text().set(text.c_str());
    return node;
}

void add_style(pugi::xml_node document, char const* id, char const* colour, double width)
{
    auto style = document.append_child("Style");
    style.append_attribute("id") = id;
    auto icon = style.append_child("IconStyle");
    add(icon, "color", colour);
    add(icon, "scale", "0.7");
    auto line = style.append_child("LineStyle");
    add(line, "color", colour);
    add(line, "width", fmt::format("{}", width));
}

pugi::xml_node add_folder(pugi::xml_node document, char const* name)
{
    auto folder = document.append_child("Folder");
    add(folder, "name", name);
    return folder;
}

/// Elements in the order of the schema: name, description, time, style, geometry.
pugi::xml_node start_placemark(pugi::xml_node folder, std::string const& name,
                               std::string const& description)
{
    auto mark = folder.append_child("Placemark");
    add(mark, "name", name);
    add(mark, "description", description);
    return mark;
}

void add_point(pugi::xml_node mark, GeodeticPoint<double> const& place)
{
    auto point = mark.append_child("Point");
    add(point, "altitudeMode", "absolute");
    add(point, "coordinates", coordinates(place, ','));
}

void add_event(pugi::xml_node folder, GlobeMark const& event, char const* style)
{
    auto mark = start_placemark(folder, event.name, event.description);
    add(mark.append_child("TimeStamp"), "when", notional_utc(event.at.state.t_s));
    add(mark, "styleUrl", style);
    add_point(mark, event.at.place);
}

void add_path(pugi::xml_node document, std::vector<ArcPoint> const& points)
{
    auto line_mark = start_placemark(document, "trajectory", "the flown arc");
    add(line_mark, "styleUrl", "#flight");
    auto line = line_mark.append_child("LineString");
    add(line, "altitudeMode", "absolute");
    std::string text;
    for (ArcPoint const& p : points) { text += coordinates(p.place, ',') + "\n"; }
    add(line, "coordinates", text);

    auto track_mark = start_placemark(document, "flight", "for playback");
    add(track_mark, "styleUrl", "#flight");
    auto track = track_mark.append_child("gx:Track");
    add(track, "altitudeMode", "absolute");
    for (ArcPoint const& p : points) { add(track, "when", notional_utc(p.state.t_s)); }
    for (ArcPoint const& p : points) { add(track, "gx:coord", coordinates(p.place, ' ')); }
}

}  // namespace

std::string kml_text(Study const& study, FlightReplay const& replay)
{
    pugi::xml_document xml;
    auto declaration = xml.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    auto kml = xml.append_child("kml");
    kml.append_attribute("xmlns") = "http://www.opengis.net/kml/2.2";
    kml.append_attribute("xmlns:gx") = "http://www.google.com/kml/ext/2.2";
    auto document = kml.append_child("Document");
    auto const& threat = study.threats[static_cast<std::size_t>(replay.outcome.threat)];
    add(document, "name", fmt::format("{}: flight {}, {}", study.name, replay.flight, threat));
    add(document, "description",
        fmt::format("Ignition is set to the notional date {}. Altitudes are above the WGS 84 "
                    "ellipsoid. Notional, simulated.",
                    notional_epoch));
    // Colours are aabbggrr, of Okabe and Ito.
    add_style(document, "flight", "ff005ed5", 3);
    add_style(document, "event", "ff005ed5", 1);
    add_style(document, "message", "ffb27200", 1);
    add_style(document, "site", "ff739e00", 1);

    add_path(document, globe_points(replay));
    auto events = add_folder(document, "events");
    for (FlightEvent const& event : replay.events) {
        add_event(events,
                  {event.name,
                   fmt::format("{:.1f} s after ignition, {:.1f} km high", event.at.state.t_s,
                               event.at.place.altitude_m / 1000),
                   event.at},
                  "#event");
    }
    auto messages = add_folder(document, "messages");
    for (GlobeMark const& mark : message_marks(study, replay)) {
        add_event(messages, mark, "#message");
    }
    auto sites = add_folder(document, "sites");
    for (GlobeSite const& site : globe_sites(study)) {
        auto mark = start_placemark(sites, site.name, site.kind);
        add(mark, "styleUrl", "#site");
        add_point(mark, site.place);
    }
    std::ostringstream out;
    xml.save(out, " ");
    return out.str();
}

}  // namespace longwatch
