// [[battery]]: an interceptor, where it stands, and the doctrine by which it is fired.
#include "host/study/name_hash.hpp"
#include "host/study/study_reader.hpp"

namespace longwatch {
namespace {

InterceptorParams read_interceptor(TableView& battery)
{
    InterceptorParams p;
    int const before = battery.problem_count();
    p.burnout_speed_mps = battery.number("burnout_speed", Dimension::speed, between(300, 11000));
    p.boost_s = battery.number("boost", Dimension::time, positive(600));
    p.range_max_m = battery.number("range_max", Dimension::length, positive(1.5e7));
    p.altitude_min_m = battery.number("altitude_min", Dimension::length, between(0, 5e6));
    p.altitude_max_m = battery.number("altitude_max", Dimension::length, positive(5e6));
    if (battery.problem_count() == before && !battery.forgives_missing() &&
        !(p.altitude_min_m < p.altitude_max_m)) {
        battery.problem_at_key(
            battery.spelling_used("altitude_min", Dimension::length),
            battery.what() + ": altitude_min is not below " + "altitude_max (must be)");
    }
    constexpr double weight_mps2 = 9.81;
    if (battery.problem_count() == before && !battery.forgives_missing() &&
        !(p.burnout_speed_mps / p.boost_s > weight_mps2)) {
        battery.problem_at_key(battery.spelling_used("boost", Dimension::time),
                               battery.what() + " accelerates by burnout_speed / boost = " +
                                   number_text(p.burnout_speed_mps / p.boost_s) +
                                   " m/s2 (must be > 9.81, or it never lifts off); shorten boost");
    }
    p.kill_probability = battery.number("kill_probability", Dimension::none, between(0, 1));
    return p;
}

void read_doctrine(TableView& battery, BatteryParams& p)
{
    constexpr int most_salvos = 8, most_interceptors = 64;
    int const before = battery.problem_count();
    p.commit_s = read_delay(battery, "commit", std::nullopt);
    p.salvo = static_cast<int>(battery.integer("salvo", 1, most_interceptors, 1));
    p.salvos_max = static_cast<int>(battery.integer("salvos_max", 1, most_salvos, 1));
    p.assessment_s = battery.number("assessment", Dimension::time, between(0, 3600),
                                    p.salvos_max > 1 ? std::nullopt : std::optional<double>(0.0));
    p.inventory = static_cast<int>(battery.integer("inventory", 1, 1000));
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
        p.interceptor = read_interceptor(battery);
        read_doctrine(battery, p);
        battery.read_provenance(reader.provenance["battery"]);
        battery.report_unknown_keys();
        reader.replaced.push_back({battery.what(), battery.replaced_keys()});
        reader.resolved += "\n[[battery]]\n" + battery.as_lines();
    }
}

}  // namespace longwatch
