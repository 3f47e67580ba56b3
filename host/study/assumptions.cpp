// What a reader of the result must know, in sentences, made from what the study says.
#include "host/study/study_reader.hpp"

namespace longwatch {
namespace {

std::string listed(std::vector<std::string> const& names)
{
    std::string text;
    for (auto const& name : names) { text += (text.empty() ? "" : ", ") + name; }
    return text;
}

std::string count_of(int part, int whole, std::string const& kind)
{
    return kind + ' ' + std::to_string(part) + " of " + std::to_string(whole);
}

/// How well founded the study is: a count per kind of entity.
void add_provenance(StudyReader const& reader, std::vector<std::string>& sentences)
{
    std::vector<std::string> assumed, unsourced;
    for (auto const& [kind, p] : reader.provenance) {
        if (p.assumed > 0) { assumed.push_back(count_of(p.assumed, p.entries, kind)); }
        if (p.unsourced > 0) { unsourced.push_back(count_of(p.unsourced, p.entries, kind)); }
    }
    if (!assumed.empty()) {
        sentences.push_back("Tables of values assumed in whole or in part: " + listed(assumed) +
                            ".");
    }
    if (!unsourced.empty()) {
        sentences.push_back("Tables of values that give no source: " + listed(unsourced) + ".");
    }
}

/// Radars grouped by a property, "4/3: a, b".
void add_radars(StudyReader const& reader, std::vector<std::string>& sentences)
{
    std::map<double, std::vector<std::string>> by_horizon;
    std::map<int, std::vector<std::string>> by_swerling;
    auto const& scenario = *reader.study.scenario;
    for (int i = 0; i < scenario.sensor_count; ++i) {
        auto const& sensor = scenario.sensor[i];
        if (sensor.kind != SensorKind::radar) { continue; }
        auto const& name = reader.sensors.names()[static_cast<std::size_t>(i)];
        by_horizon[sensor.radar.earth_radius_factor].push_back(name);
        by_swerling[sensor.radar.swerling].push_back(name);
    }
    for (auto const& [factor, names] : by_horizon) {
        auto const how =
            factor == 1 ? std::string("straight rays (no refraction)")
                        : "an Earth radius factor of " + number_text(factor) + " for refraction";
        sentences.push_back("Radar horizon with " + how + ": " + listed(names) + ".");
    }
    for (auto const& [swerling, names] : by_swerling) {
        sentences.push_back("Targets fluctuate as Swerling case " + std::to_string(swerling) +
                            " for: " + listed(names) + ".");
    }
}

}  // namespace

std::vector<std::string> assumptions_of(StudyReader const& reader)
{
    auto sentences = reader.study.assumptions;
    sentences.push_back(
        "Delays of sensors, nodes, links, consumers and batteries are as the study "
        "declares them; where the study marks them assumed, they are notional.");
    for (auto const& [what, keys] : reader.replaced) {
        if (keys.empty()) { continue; }
        sentences.push_back("The " + what +
                            " differs from its catalogue model in: " + listed(keys) + ".");
    }
    add_radars(reader, sentences);
    add_provenance(reader, sentences);
    return sentences;
}

}  // namespace longwatch
