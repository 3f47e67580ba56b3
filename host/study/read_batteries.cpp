// [[battery]]: an interceptor, where it stands, and the doctrine by which it is fired.
#include "host/study/name_hash.hpp"
#include "host/study/read_interceptor.hpp"
#include "host/study/study_reader.hpp"

namespace longwatch {
namespace {

void read_doctrine(TableView& battery, BatteryParams& p, int place)
{
    constexpr int most_salvos = 8, most_interceptors = 1000;
    auto const whole = [&](char const* key, int low, int high, std::optional<int> fallback) {
        return static_cast<int>(battery.integer(key, low, high, fallback));
    };
    int const before = battery.problem_count();
    p.tier = whole("tier", 1, max_batteries, place);
    p.commit_s = read_delay(battery, "commit", std::nullopt);
    p.keep_out_m = battery.number("keep_out_altitude", Dimension::length, between(0, 5e6), 0.0);
    p.salvo = whole("salvo", 1, max_salvo, 1);
    p.salvos_max = whole("salvos_max", 1, most_salvos, 1);
    p.shots_max = whole("shots_max", 1, max_salvo * most_salvos, p.salvo * p.salvos_max);
    p.assessment_s = battery.number("assessment", Dimension::time, between(0, 3600),
                                    p.salvos_max > 1 ? std::nullopt : std::optional<double>(0.0));
    auto const probability = [&](char const* key, double fallback) {
        return battery.number(key, Dimension::none, between(0, 1), fallback);
    };
    p.false_kill = probability("false_kill", 0);
    p.missed_kill = probability("missed_kill", 0);
    p.inventory = whole("inventory", 1, most_interceptors, std::nullopt);
    p.launch_interval_s = battery.number("launch_interval", Dimension::time, between(0, 600), 0.0);
    p.fire_channels = whole("fire_channels", 0, max_fire_channels, 0);
    p.availability = probability("availability", 1);
    p.discrimination = probability("discrimination", 1);
    p.common_failure = probability("common_failure", 0);
    if (battery.problem_count() == before && p.inventory < p.salvo) {
        battery.problem_at_key("inventory", "key 'inventory' = " + std::to_string(p.inventory) +
                                                " (must be at least one salvo of " +
                                                std::to_string(p.salvo) + ") in " + battery.what());
    }
}

}  // namespace

void read_batteries(StudyReader& reader, TableView& root)
{
    auto& scenario = *reader.study.scenario;
    for (auto& entry : entries(reader, root, reader.batteries, 0, max_batteries)) {
        auto battery = overlaid(reader, entry, "interceptors");
        auto& p = scenario.battery[scenario.battery_count++];
        p.name_hash = name_hash(reader.batteries.read_name(battery, reader.problems));
        read_model_name(battery);
        p.node = reader.nodes.index_of_key(battery, "node", reader.problems);
        p.site = read_place(battery);
        p.threats = static_cast<std::uint32_t>(
            reader.threats.set_of_key(battery, "threats", std::nullopt, reader.problems));
        if (p.threats == 0 && battery.has("threats")) {
            battery.problem_at_key("threats", battery.what() + " may take no threat (name at " +
                                                  "least one in 'threats')");
        }
        reader.battery_quality.push_back(
            read_battery_quality(reader, battery, scenario.battery_count - 1));
        std::string below;
        p.interceptor = read_interceptor(battery, below, reader.provenance["battery"]);
        int const before = battery.problem_count();
        read_doctrine(battery, p, scenario.battery_count);
        if (battery.problem_count() == before && p.keep_out_m > 0 &&
            p.keep_out_m >= p.interceptor.altitude_max_m) {
            battery.problem_at_key(
                battery.spelling_used("keep_out_altitude", Dimension::length),
                battery.what() + ": keep_out_altitude is not below altitude_max (must be)");
        }
        battery.read_provenance(reader.provenance["battery"]);
        battery.report_unknown_keys();
        reader.replaced.push_back({battery.what(), battery.replaced_keys()});
        reader.resolved += "\n[[battery]]\n" + battery.as_lines() + below;
    }
}

}  // namespace longwatch
