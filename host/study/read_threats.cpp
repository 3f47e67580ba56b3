// [[threat]]: a vehicle, where it starts and is meant to end, and how flights differ.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "host/study/name_hash.hpp"
#include "host/study/read_catalog.hpp"
#include "host/study/read_vehicle.hpp"
#include "host/study/study_reader.hpp"

namespace longwatch {
namespace {

constexpr int mix_size = static_cast<int>(sizeof(Scenario::mix) / sizeof(int));

/// Great-circle distance on a sphere of the mean radius: to refuse areas that overlap, no more.
double rough_distance_m(Geodetic const& a, Geodetic const& b)
{
    constexpr double mean_radius_m = 6371000;
    double const south = std::sin((b.latitude_rad - a.latitude_rad) / 2);
    double const east = std::sin((b.longitude_rad - a.longitude_rad) / 2);
    double const h =
        south * south + std::cos(a.latitude_rad) * std::cos(b.latitude_rad) * east * east;
    return 2 * mean_radius_m * std::asin(std::sqrt(std::fmin(1.0, h)));
}

Area read_area(TableView& threat, std::string const& key)
{
    Area area;
    if (auto table = threat.table(key, true, Whose::study)) {
        // East and north lose their meaning at a pole, and an area around it its shape.
        area.center = read_place(*table, 89 * rad_per_deg);
        area.radius_m = table->number("radius", Dimension::length, between(0, 1e6), 0.0);
        table->text("source", "");
        table->report_unknown_keys();
        threat.write(key, table->as_inline());
    }
    return area;
}

/// Spreads the threats as evenly over the turns as their weights allow: each turn goes to the threat
/// with the largest credit, which every turn grows by its weight and falls by their sum when taken.
void fill_mix(Scenario& scenario, std::vector<int> weight)
{
    int divisor = 0;
    for (int const w : weight) { divisor = std::gcd(divisor, w); }
    for (int& w : weight) { w /= divisor; }
    int const total = std::accumulate(weight.begin(), weight.end(), 0);
    std::vector<int> credit(weight.size(), 0);
    for (int turn = 0; turn < total; ++turn) {
        std::size_t next = 0;
        for (std::size_t i = 0; i < weight.size(); ++i) {
            credit[i] += weight[i];
            if (credit[i] > credit[next]) { next = i; }
        }
        credit[next] -= total;
        scenario.mix[turn] = static_cast<int>(next);
    }
    scenario.mix_count = total;
}

/// Shape and apogee of the nominal flight: a least-energy flight has the apogee it finds.
void read_shape(TableView& threat, ThreatParams& p)
{
    p.shape = FlightShape::given_apogee;
    if (threat.has("shape")) {
        std::vector<std::string> const shapes = {"minimum-energy", "lofted", "depressed"};
        constexpr FlightShape values[] = {FlightShape::minimum_energy, FlightShape::lofted,
                                          FlightShape::depressed};
        auto const chosen = threat.choice("shape", shapes, std::nullopt, Whose::study);
        auto const at = std::find(shapes.begin(), shapes.end(), chosen);
        if (at != shapes.end()) { p.shape = values[at - shapes.begin()]; }
    } else {
        threat.know("shape", Whose::study);
    }
    auto const spelling = threat.spelling_used("apogee", Dimension::length);
    if (p.shape != FlightShape::minimum_energy) {
        p.apogee_m = threat.number("apogee", Dimension::length, between(5e4, 2e7), std::nullopt,
                                   Whose::study);
    } else if (threat.has(spelling)) {
        threat.know(spelling, Whose::study);
        threat.problem_at_key(spelling, threat.what() +
                                            ": a flight of minimum energy has the apogee that it "
                                            "needs; leave '" +
                                            spelling + "' out, or the shape");
    }
}

/// What may befall its flights, of the study alone.
std::string read_mishaps(TableView& threat, Mishaps& p)
{
    std::string text;
    if (auto table = threat.table("break_up", false, Whose::study)) {
        p.break_up_probability = table->number("probability", Dimension::none, between(0, 1));
        p.break_up_stages =
            table->distribution("after_stages", Dimension::none, between(0.01, max_stages),
                                std::nullopt, TableView::Normals::refused);
        table->text("source", "");
        table->report_unknown_keys();
        text += "\n[threat.break_up]\n" + table->as_lines();
    }
    if (auto table = threat.table("track_loss", false, Whose::study)) {
        p.track_loss_probability = table->number("probability", Dimension::none, between(0, 1));
        p.track_loss_s = table->distribution("after", Dimension::time, between(0, 86400),
                                             std::nullopt, TableView::Normals::refused);
        table->text("source", "");
        table->report_unknown_keys();
        text += "\n[threat.track_loss]\n" + table->as_lines();
    }
    return text;
}

}  // namespace

void read_threats(StudyReader& reader, TableView& root)
{
    auto& scenario = *reader.study.scenario;
    auto& provenance = reader.provenance["threat"];
    std::vector<int> weight;
    for (auto& entry : entries(reader, root, reader.threats, 1, max_threats)) {
        auto threat = overlaid(reader, entry, "threats");
        auto const name = reader.threats.read_name(threat, reader.problems);
        read_model_name(threat);
        auto& p = scenario.threat[scenario.threat_count++];
        p.name_hash = name_hash(name);
        weight.push_back(static_cast<int>(threat.integer("weight", 1, mix_size, 1)));
        int const before = threat.problem_count();
        p.launch = read_area(threat, "launch");
        p.aim = read_area(threat, "aim");
        read_shape(threat, p);
        reader.study.threat_places.push_back(
            threat.place_of_key(threat.spelling_used("apogee", Dimension::length)));
        if (threat.problem_count() == before && !threat.forgives_missing() &&
            rough_distance_m(p.launch.center, p.aim.center) <= p.launch.radius_m + p.aim.radius_m) {
            threat.problem_at_key("aim", threat.what() + ": the areas 'launch' and 'aim' overlap " +
                                             "(they must lie apart)");
        }
        p.vehicle = read_vehicle(threat);
        threat.read_provenance(provenance);
        auto const below =
            read_stages_drag_dispersion(threat, p, provenance) + read_mishaps(threat, p.mishaps);
        read_published(threat, PublishedIn::study);
        threat.report_unknown_keys();
        reader.replaced.push_back({threat.what(), threat.replaced_keys()});
        reader.resolved += "\n[[threat]]\n" + threat.as_lines() + below;
    }
    int const total = std::accumulate(weight.begin(), weight.end(), 0);
    int divisor = 0;
    for (int const w : weight) { divisor = std::gcd(divisor, w); }
    if (weight.empty()) { return; }
    if (total / divisor > mix_size) {
        root.problem_at_key("threat", "the threats' weights add up to " +
                                          std::to_string(total / divisor) + " (at most " +
                                          std::to_string(mix_size) + "); use smaller ones");
        return;
    }
    fill_mix(scenario, weight);
}

}  // namespace longwatch
