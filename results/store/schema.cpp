#include "results/store/schema.hpp"

#include <fmt/format.h>

namespace longwatch {

namespace {

struct AxisText {
    char const* name;
    char const* unit;
    char const* description;
};

AxisText axis_text(Axis axis)
{
    switch (axis) {
    case Axis::threat: return {"threat", "1", "names of the threats"};
    case Axis::fate: return {"fate", "1", "how a flight ended"};
    case Axis::arm: return {"arm", "1", "names of the arms"};
    case Axis::consumer: return {"consumer", "1", "names of the consumers"};
    case Axis::battery: return {"battery", "1", "names of the batteries"};
    case Axis::sensor: return {"sensor", "1", "names of the sensors"};
    case Axis::launch_estimate:
        return {"launch_estimate", "1", "when an infrared sensor tells of the launch"};
    case Axis::pair: return {"pair", "1", "an arm against an earlier one"};
    case Axis::delay: return {"delay", "1", "parts of the delay, and the total"};
    case Axis::gain_threshold_s:
        return {"gain_threshold_s", "s", "warning times that gains are counted for"};
    case Axis::delay_bin_s: return {"delay_bin_s", "s", "lower edges of the delay bins"};
    case Axis::warning_time_bin_s:
        return {"warning_time_bin_s", "s", "lower edges of the warning-time bins"};
    case Axis::sum_limb: return {"sum_limb", "1", "limb of a sum, lowest first"};
    case Axis::sum_squares_limb:
        return {"sum_squares_limb", "1", "limb of a sum of squares, lowest first"};
    case Axis::warning_threshold_s: return {"warning_threshold_s", "s", "warning times asked for"};
    case Axis::leakers: return {"leakers", "1", "flights of a raid that leaked"};
    case Axis::estimate: return {"estimate", "1", "value and ends of its 95 % interval"};
    }
    return {"", "", ""};
}

TallyLayout const& layout_of(ResultFile const& result) { return result.tally.layout; }

std::size_t index(int i) { return static_cast<std::size_t>(i); }

ConsumerEstimates const& consumer_at(Estimates const& e, int const* at)
{
    return e.arms[index(at[0])].consumers[index(at[1])];
}

PairedEstimates const& paired_at(Estimates const& e, int const* at)
{
    return e.pairs[index(at[0])].consumers[index(at[1])];
}

template <class Member>
MaybeEstimate warning_time_at(Estimates const& e, int const* at, Member member)
{
    auto const& times = consumer_at(e, at).warning_time_s;
    return times ? MaybeEstimate((*times).*member) : std::nullopt;
}

template <class Member>
MaybeEstimate delay_at(Estimates const& e, int const* at, Member member)
{
    auto const& times = consumer_at(e, at).delay_s[at[2]];
    return times ? MaybeEstimate((*times).*member) : std::nullopt;
}

template <class Member>
MaybeEstimate engagement_at(Estimates const& e, int const* at, Member const& member)
{
    auto const& engagement = e.arms[index(at[0])].engagement;
    return engagement ? MaybeEstimate(member(*engagement)) : std::nullopt;
}

BatteryEstimates const& battery_at(Estimates const& e, int const* at)
{
    return e.arms[index(at[0])].batteries[index(at[1])];
}

EngagementGain const& engagement_gain_at(Estimates const& e, int const* at)
{
    return e.pairs[index(at[0])].engagement;
}

using Layout = TallyLayout const&;
using At = int const*;
using From = Estimates const&;

/// The names, units and sense of a moment's three datasets.
struct MomentTexts {
    char const* count;
    char const* sum;
    char const* sum_squares;
    char const* unit;
    char const* unit_squared;
    char const* of;  ///< what is counted
};

/// A moment that is kept along `axes`.
template <MomentCells (*cells)(Layout, At)>
void add_moment(std::vector<CellDataset>& to, std::vector<Axis> const& axes,
                MomentTexts const& texts)
{
    to.push_back(
        {texts.count, axes, "1", texts.of, [](Layout l, At at) { return cells(l, at).count; }});
    auto along_sum = axes, along_squares = axes;
    along_sum.push_back(Axis::sum_limb);
    along_squares.push_back(Axis::sum_squares_limb);
    // The limb is the last of the places, and a moment's own places are one or two.
    bool const one = axes.size() == 1;
    to.push_back({texts.sum, along_sum, texts.unit, "sum of them, in limbs",
                  one ? +[](Layout l, At at) { return cells(l, at).sum + at[1]; }
                      : +[](Layout l, At at) { return cells(l, at).sum + at[2]; }});
    to.push_back({texts.sum_squares, along_squares, texts.unit_squared,
                  "sum of their squares, in limbs",
                  one ? +[](Layout l, At at) { return cells(l, at).sum_squares + at[1]; }
                      : +[](Layout l, At at) { return cells(l, at).sum_squares + at[2]; }});
}

template <RaidMoment which>
MomentCells raid_cells(Layout l, At at)
{
    return l.of_raid(at[0], which);
}
template <BatteryMoment which>
MomentCells battery_cells(Layout l, At at)
{
    return l.battery_moment(at[0], at[1], which);
}
template <RaidGain which>
MomentCells gain_cells(Layout l, At at)
{
    return l.raid_gain(at[0], which);
}
MomentCells leaker_cells(Layout l, At at) { return l.raids_with_leakers(at[0], at[1]); }

/// Raids, batteries and pairs of arms: what engagements add to the datasets.
void add_engagement_moments(std::vector<CellDataset>& to)
{
    // clang-format off
    std::vector<Axis> const arm = {Axis::arm}, battery = {Axis::arm, Axis::battery}, pair = {Axis::pair};
    add_moment<raid_cells<RaidMoment::flights>>(to, arm, {"raid_flights_count", "raid_flights_sum", "raid_flights_sum_squares", "1", "1", "raids; values: their flights that some battery may take"});
    add_moment<raid_cells<RaidMoment::leakers>>(to, arm, {"raid_leakers_count", "raid_leakers_sum", "raid_leakers_sum_squares", "1", "1", "raids; values: weighted leakers, in quanta of raid size x 4e-12"});
    add_moment<raid_cells<RaidMoment::leakers_and_flights>>(to, arm, {"raid_leakers_and_flights_count", "raid_leakers_and_flights_sum", "raid_leakers_and_flights_sum_squares", "1", "1", "raids; values: the two above added"});
    add_moment<raid_cells<RaidMoment::weight>>(to, arm, {"raid_weight_count", "raid_weight_sum", "raid_weight_sum_squares", "1", "1", "raids; values: their weights, in quanta of 4e-12"});
    add_moment<raid_cells<RaidMoment::shots>>(to, arm, {"raid_shots_count", "raid_shots_sum", "raid_shots_sum_squares", "1", "1", "raids; values: weighted shots, in quanta of 1e-6"});
    add_moment<raid_cells<RaidMoment::shots_and_flights>>(to, arm, {"raid_shots_and_flights_count", "raid_shots_and_flights_sum", "raid_shots_and_flights_sum_squares", "1", "1", "raids; values: weighted shots and flights added, likewise"});
    add_moment<leaker_cells>(to, {Axis::arm, Axis::leakers}, {"raids_with_leakers_count", "raids_with_leakers_sum", "raids_with_leakers_sum_squares", "1", "1", "raids with so many leakers; values: their weights, in quanta of 4e-12"});
    add_moment<battery_cells<BatteryMoment::left>>(to, battery, {"battery_left_count", "battery_left_sum", "battery_left_sum_squares", "1", "1", "raids; values: interceptors left"});
    add_moment<battery_cells<BatteryMoment::opportunities>>(to, battery, {"battery_opportunities_count", "battery_opportunities_sum", "battery_opportunities_sum_squares", "1", "1", "flights the battery may take; values: tries that time allows"});
    add_moment<battery_cells<BatteryMoment::first_intercept_s>>(to, battery, {"battery_first_intercept_count", "battery_first_intercept_sum_us", "battery_first_intercept_sum_squares_us2", "us", "us2", "flights the battery can meet; values: the first instant, since ignition"});
    add_moment<battery_cells<BatteryMoment::last_intercept_s>>(to, battery, {"battery_last_intercept_count", "battery_last_intercept_sum_us", "battery_last_intercept_sum_squares_us2", "us", "us2", "the same flights; values: the last instant"});
    add_moment<gain_cells<RaidGain::killed>>(to, pair, {"raid_killed_gain_count", "raid_killed_gain_sum", "raid_killed_gain_sum_squares", "1", "1", "raids; values: weighted leakers of the other arm less those of the arm, in quanta of raid size x 4e-12"});
    add_moment<gain_cells<RaidGain::no_leaker>>(to, pair, {"raid_no_leaker_gain_count", "raid_no_leaker_gain_sum", "raid_no_leaker_gain_sum_squares", "1", "1", "raids; values: weight of one with a leaker in the other arm less the same in the arm, in quanta of 4e-12"});
    add_moment<gain_cells<RaidGain::shots_saved>>(to, pair, {"raid_shots_saved_count", "raid_shots_saved_sum", "raid_shots_saved_sum_squares", "1", "1", "raids; values: weighted shots of the other arm less those of the arm, in quanta of 1e-6"});
    // clang-format on
}

}  // namespace

std::string too_large(TallyLayout const& layout)
{
    std::int64_t const arms = layout.arm_count, consumers = layout.consumer_count;
    auto const cells = arms * consumers * (warning_cells + 16) +
                       arms * arms * (consumers + 1) * 16 + arms * layout.battery_count * 40 +
                       arms * (layout.raid_size + std::int64_t{8}) * moment_cells +
                       std::int64_t{layout.threat_count} * fate_count +
                       std::int64_t{layout.sensor_count} * 24;
    if (cells > cells_max) {
        return fmt::format("{} arms and {} consumers are more than a result holds", arms,
                           consumers);
    }
    std::int64_t const count = layout.randomisation_count;
    if (count < 1 || count > labels_max || count * layout.cells_of_one() > cells_max) {
        return fmt::format(
            "{} arms and {} consumers in {} randomisations are more than a result holds", arms,
            consumers, count);
    }
    return "";
}

std::string schema_version() { return fmt::format("{}.{}", schema_major, schema_minor); }

char const* axis_name(Axis axis) { return axis_text(axis).name; }
char const* axis_unit(Axis axis) { return axis_text(axis).unit; }
char const* axis_description(Axis axis) { return axis_text(axis).description; }

int axis_size(TallyLayout const& layout, Axis axis)
{
    switch (axis) {
    case Axis::threat: return layout.threat_count;
    case Axis::fate: return fate_count;
    case Axis::arm: return layout.arm_count;
    case Axis::consumer: return layout.consumer_count;
    case Axis::battery: return layout.battery_count;
    case Axis::sensor: return layout.sensor_count;
    case Axis::launch_estimate: return 2;
    case Axis::pair: return layout.pair_count();
    case Axis::delay: return delay_count;
    case Axis::gain_threshold_s: return gain_threshold_count;
    case Axis::warning_time_bin_s: return warning_bins;
    case Axis::delay_bin_s: return delay_bins;
    case Axis::sum_limb: return sum_limbs;
    case Axis::sum_squares_limb: return sum_squares_limbs;
    case Axis::warning_threshold_s: return threshold_count;
    case Axis::leakers: return layout.raid_size + 1;
    case Axis::estimate: return 3;
    }
    return 0;
}

bool is_label_axis(Axis axis) { return axis <= Axis::delay || axis == Axis::estimate; }

std::vector<std::string> axis_labels(ResultFile const& result, Axis axis)
{
    auto const& names = result.names;
    switch (axis) {
    case Axis::threat: return names.threats;
    case Axis::fate: return {std::begin(fate_names), std::end(fate_names)};
    case Axis::arm: return names.arms;
    case Axis::consumer: return names.consumers;
    case Axis::battery: return names.batteries;
    case Axis::sensor: return names.sensors;
    case Axis::launch_estimate: return {"report", "burnout"};
    case Axis::estimate: return {"value", "low", "high"};
    case Axis::delay: {
        std::vector<std::string> parts(std::begin(delay_part_names), std::end(delay_part_names));
        parts.emplace_back("total");
        return parts;
    }
    default: break;
    }
    std::vector<std::string> pairs;
    for (int arm = 1; arm < layout_of(result).arm_count; ++arm) {
        for (int versus = 0; versus < arm; ++versus) {
            pairs.push_back(
                fmt::format("{} against {}", names.arms[index(arm)], names.arms[index(versus)]));
        }
    }
    return pairs;
}

std::vector<double> axis_values(TallyLayout const& layout, Axis axis)
{
    std::vector<double> values(index(axis_size(layout, axis)));
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto const n = static_cast<int>(i);
        switch (axis) {
        case Axis::warning_time_bin_s: values[i] = warning_bin_edge_s(n); break;
        case Axis::warning_threshold_s: values[i] = threshold_s(n); break;
        case Axis::gain_threshold_s: values[i] = gain_threshold_s(n); break;
        case Axis::delay_bin_s: values[i] = delay_bin_edge_s(n); break;
        default: values[i] = n; break;
        }
    }
    return values;
}

namespace {

std::vector<CellDataset> made_cell_datasets()
{
    static constexpr auto arm_consumer = {Axis::arm, Axis::consumer};
    static constexpr auto arm_consumer_delay = {Axis::arm, Axis::consumer, Axis::delay};
    static constexpr auto pair_consumer = {Axis::pair, Axis::consumer};
    static constexpr auto arm_battery = {Axis::arm, Axis::battery};
    static constexpr auto sensor_when = {Axis::sensor, Axis::launch_estimate};
    // clang-format off
    std::vector<CellDataset> datasets = {
        {"fate_count", {Axis::threat, Axis::fate}, "1", "flights of the threat that ended so",
         [](Layout l, At at) { return l.fate(at[0], static_cast<Fate>(at[1])); }},
        {"warned_count", arm_consumer, "1", "flights with a positive warning time",
         [](Layout l, At at) { return l.warned(at[0], at[1]); }},
        {"too_late_count", arm_consumer, "1", "flights whose message came when the clock had ended",
         [](Layout l, At at) { return l.too_late(at[0], at[1]); }},
        {"none_count", arm_consumer, "1", "flights without a message",
         [](Layout l, At at) { return l.none(at[0], at[1]); }},
        {"warning_time_count", arm_consumer, "1", "flights with a message, in time or too late",
         [](Layout l, At at) { return l.warning_time(at[0], at[1]).count; }},
        {"warning_time_sum_us", {Axis::arm, Axis::consumer, Axis::sum_limb}, "us",
         "sum of warning times, in limbs",
         [](Layout l, At at) { return l.warning_time(at[0], at[1]).sum + at[2]; }},
        {"warning_time_sum_squares_us2", {Axis::arm, Axis::consumer, Axis::sum_squares_limb}, "us2",
         "sum of squared warning times, in limbs",
         [](Layout l, At at) { return l.warning_time(at[0], at[1]).sum_squares + at[2]; }},
        {"warning_time_histogram", {Axis::arm, Axis::consumer, Axis::warning_time_bin_s}, "1",
         "flights by warning time",
         [](Layout l, At at) { return l.warning_histogram(at[0], at[1]) + 1 + at[2]; }},
        {"warning_time_below_count", arm_consumer, "1", "flights with less warning than the first bin",
         [](Layout l, At at) { return l.warning_histogram(at[0], at[1]); }},
        {"warning_time_above_count", arm_consumer, "1", "flights with more warning than the last bin",
         [](Layout l, At at) { return l.warning_histogram(at[0], at[1]) + warning_cells - 1; }},
        {"delay_sum_us", {Axis::arm, Axis::consumer, Axis::delay, Axis::sum_limb}, "us",
         "sum of delays over the flights with a message, in limbs",
         [](Layout l, At at) { return l.delay(at[0], at[1], at[2]).sum + at[3]; }},
        {"delay_sum_squares_us2", {Axis::arm, Axis::consumer, Axis::delay, Axis::sum_squares_limb}, "us2",
         "sum of squared delays, in limbs",
         [](Layout l, At at) { return l.delay(at[0], at[1], at[2]).sum_squares + at[3]; }},
        {"delay_count", arm_consumer_delay, "1", "flights with a message, in time or too late",
         [](Layout l, At at) { return l.delay(at[0], at[1], at[2]).count; }},
        {"delay_histogram", {Axis::arm, Axis::consumer, Axis::delay, Axis::delay_bin_s}, "1",
         "flights by delay",
         [](Layout l, At at) { return l.delay_histogram(at[0], at[1], at[2]) + 1 + at[3]; }},
        {"delay_below_count", arm_consumer_delay, "1", "flights with less delay than the first bin: none",
         [](Layout l, At at) { return l.delay_histogram(at[0], at[1], at[2]); }},
        {"delay_above_count", arm_consumer_delay, "1", "flights with more delay than the last bin",
         [](Layout l, At at) { return l.delay_histogram(at[0], at[1], at[2]) + delay_cells - 1; }},
        {"precaution_count", arm_consumer, "1", "flights whose message was only a precaution",
         [](Layout l, At at) { return l.precaution(at[0], at[1]); }},
        {"false_warning_count", arm_consumer, "1", "flights warned of that broke up or came nowhere near",
         [](Layout l, At at) { return l.false_warning(at[0], at[1]).count; }},
        {"false_warning_sum_us", {Axis::arm, Axis::consumer, Axis::sum_limb}, "us",
         "sum of times from ignition to acting on these, in limbs",
         [](Layout l, At at) { return l.false_warning(at[0], at[1]).sum + at[2]; }},
        {"false_warning_sum_squares_us2", {Axis::arm, Axis::consumer, Axis::sum_squares_limb}, "us2",
         "sum of their squares, in limbs",
         [](Layout l, At at) { return l.false_warning(at[0], at[1]).sum_squares + at[2]; }},
        {"all_clear_count", arm_consumer, "1", "flights with a message and an all-clear",
         [](Layout l, At at) { return l.all_clear(at[0], at[1]).count; }},
        {"all_clear_sum_us", {Axis::arm, Axis::consumer, Axis::sum_limb}, "us",
         "sum of times from the end of the clock to the all-clear, in limbs",
         [](Layout l, At at) { return l.all_clear(at[0], at[1]).sum + at[2]; }},
        {"all_clear_sum_squares_us2", {Axis::arm, Axis::consumer, Axis::sum_squares_limb}, "us2",
         "sum of their squares, in limbs",
         [](Layout l, At at) { return l.all_clear(at[0], at[1]).sum_squares + at[2]; }},
        {"launch_place_count", sensor_when, "1", "flights an infrared sensor that tells launches reported",
         [](Layout l, At at) { return l.launch_place(at[0], at[1]).count; }},
        {"launch_place_sum_m", {Axis::sensor, Axis::launch_estimate, Axis::sum_limb}, "m",
         "sum of the longer half axes of the launch place (one standard deviation), in limbs",
         [](Layout l, At at) { return l.launch_place(at[0], at[1]).sum + at[2]; }},
        {"launch_place_sum_squares_m2", {Axis::sensor, Axis::launch_estimate, Axis::sum_squares_limb}, "m2",
         "sum of their squares, in limbs",
         [](Layout l, At at) { return l.launch_place(at[0], at[1]).sum_squares + at[2]; }},
        {"launch_azimuth_count", sensor_when, "1", "the same flights",
         [](Layout l, At at) { return l.launch_azimuth(at[0], at[1]).count; }},
        {"launch_azimuth_sum_urad", {Axis::sensor, Axis::launch_estimate, Axis::sum_limb}, "urad",
         "sum of the standard deviations of the launch azimuth, in limbs",
         [](Layout l, At at) { return l.launch_azimuth(at[0], at[1]).sum + at[2]; }},
        {"launch_azimuth_sum_squares_urad2", {Axis::sensor, Axis::launch_estimate, Axis::sum_squares_limb}, "urad2",
         "sum of their squares, in limbs",
         [](Layout l, At at) { return l.launch_azimuth(at[0], at[1]).sum_squares + at[2]; }},
        {"gain_count", pair_consumer, "1", "flights with a message in both arms",
         [](Layout l, At at) { return l.gain(at[0], at[1]).count; }},
        {"gain_sum_us", {Axis::pair, Axis::consumer, Axis::sum_limb}, "us",
         "sum of gains in warning time, in limbs",
         [](Layout l, At at) { return l.gain(at[0], at[1]).sum + at[2]; }},
        {"gain_sum_squares_us2", {Axis::pair, Axis::consumer, Axis::sum_squares_limb}, "us2",
         "sum of squared gains, in limbs",
         [](Layout l, At at) { return l.gain(at[0], at[1]).sum_squares + at[2]; }},
        {"usable_gain_count", pair_consumer, "1", "flights that concern the consumer",
         [](Layout l, At at) { return l.usable_gain(at[0], at[1]).count; }},
        {"usable_gain_sum_us", {Axis::pair, Axis::consumer, Axis::sum_limb}, "us",
         "sum of gains in usable warning, in limbs",
         [](Layout l, At at) { return l.usable_gain(at[0], at[1]).sum + at[2]; }},
        {"usable_gain_sum_squares_us2", {Axis::pair, Axis::consumer, Axis::sum_squares_limb}, "us2",
         "sum of squared gains in usable warning, in limbs",
         [](Layout l, At at) { return l.usable_gain(at[0], at[1]).sum_squares + at[2]; }},
        {"newly_reached_count", pair_consumer, "1", "flights with a message in the arm only",
         [](Layout l, At at) { return l.newly_reached(at[0], at[1]); }},
        {"lost_message_count", pair_consumer, "1", "flights with a message in the other arm only",
         [](Layout l, At at) { return l.lost_message(at[0], at[1]); }},
        {"newly_warned_count", pair_consumer, "1", "flights warned in the arm only",
         [](Layout l, At at) { return l.newly_warned(at[0], at[1]); }},
        {"lost_warning_count", pair_consumer, "1", "flights warned in the other arm only",
         [](Layout l, At at) { return l.lost_warning(at[0], at[1]); }},
        {"newly_at_least_count", {Axis::pair, Axis::consumer, Axis::gain_threshold_s}, "1",
         "flights with at least that much warning in the arm only",
         [](Layout l, At at) { return l.newly_at_least(at[0], at[1], at[2]); }},
        {"lost_at_least_count", {Axis::pair, Axis::consumer, Axis::gain_threshold_s}, "1",
         "flights with at least that much warning in the other arm only",
         [](Layout l, At at) { return l.lost_at_least(at[0], at[1], at[2]); }},
        {"killed_count", {Axis::arm}, "1", "flights some battery may take that were killed",
         [](Layout l, At at) { return l.killed(at[0]); }},
        {"leaked_count", {Axis::arm}, "1", "flights some battery may take that leaked",
         [](Layout l, At at) { return l.leaked(at[0]); }},
        {"shots_count", {Axis::arm}, "1", "flights some battery may take",
         [](Layout l, At at) { return l.shots(at[0]).count; }},
        {"shots_sum", {Axis::arm, Axis::sum_limb}, "1", "sum of shots, in limbs",
         [](Layout l, At at) { return l.shots(at[0]).sum + at[1]; }},
        {"shots_sum_squares", {Axis::arm, Axis::sum_squares_limb}, "1",
         "sum of squared shots, in limbs",
         [](Layout l, At at) { return l.shots(at[0]).sum_squares + at[1]; }},
        {"battery_engaged_count", arm_battery, "1", "flights the battery fired at while they lived",
         [](Layout l, At at) { return l.battery(at[0], at[1], BatteryCount::engaged); }},
        {"battery_remote_count", arm_battery, "1", "of these, on a track that came through the network",
         [](Layout l, At at) { return l.battery(at[0], at[1], BatteryCount::remote); }},
        {"battery_shots_count", arm_battery, "1", "shots of the battery",
         [](Layout l, At at) { return l.battery(at[0], at[1], BatteryCount::shots); }},
        {"battery_wasted_count", arm_battery, "1", "of these, at flights that were dead already",
         [](Layout l, At at) { return l.battery(at[0], at[1], BatteryCount::wasted); }},
        {"battery_acquired_count", arm_battery, "1", "shots at living flights whose seeker acquired the target; all, where they are not simulated",
         [](Layout l, At at) { return l.battery(at[0], at[1], BatteryCount::acquired); }},
        {"battery_close_count", arm_battery, "1", "those that came within the kill radius; all, where they are not simulated",
         [](Layout l, At at) { return l.battery(at[0], at[1], BatteryCount::close); }},
        {"battery_hit_count", arm_battery, "1", "shots that hit",
         [](Layout l, At at) { return l.battery(at[0], at[1], BatteryCount::hit); }},
        {"battery_killed_count", arm_battery, "1", "flights the battery killed",
         [](Layout l, At at) { return l.battery(at[0], at[1], BatteryCount::killed); }},
        {"newly_killed_count", {Axis::pair}, "1", "flights killed in the arm only",
         [](Layout l, At at) { return l.newly_killed(at[0]); }},
        {"lost_kill_count", {Axis::pair}, "1", "flights killed in the other arm only",
         [](Layout l, At at) { return l.lost_kill(at[0]); }},
        {"newly_clean_count", {Axis::pair}, "1", "raids without a leaker in the arm only",
         [](Layout l, At at) { return l.newly_clean(at[0]); }},
        {"lost_clean_count", {Axis::pair}, "1", "raids without a leaker in the other arm only",
         [](Layout l, At at) { return l.lost_clean(at[0]); }},
    };
    // clang-format on
    add_engagement_moments(datasets);
    return datasets;
}

}  // namespace

std::vector<CellDataset> const& cell_datasets()
{
    static auto const datasets = made_cell_datasets();
    return datasets;
}

std::vector<EstimateDataset> const& estimate_datasets()
{
    static constexpr auto arm_consumer = {Axis::arm, Axis::consumer};
    static constexpr auto arm_consumer_delay = {Axis::arm, Axis::consumer, Axis::delay};
    static constexpr auto pair_consumer = {Axis::pair, Axis::consumer};
    using Times = TimeEstimates;
    // clang-format off
    static std::vector<EstimateDataset> const datasets = {
        {"p_warned", arm_consumer, "1", "fraction warned, of the flights that concern the consumer",
         [](From e, At at) { return consumer_at(e, at).p_warned; }},
        {"p_too_late", arm_consumer, "1", "fraction with a message too late",
         [](From e, At at) { return consumer_at(e, at).p_too_late; }},
        {"p_none", arm_consumer, "1", "fraction without a message",
         [](From e, At at) { return consumer_at(e, at).p_none; }},
        {"warning_time_mean_s", arm_consumer, "s", "mean warning time over flights with a message",
         [](From e, At at) { return warning_time_at(e, at, &Times::mean); }},
        {"warning_time_p05_s", arm_consumer, "s", "5 % of flights with a message have less",
         [](From e, At at) { return warning_time_at(e, at, &Times::p05); }},
        {"warning_time_p50_s", arm_consumer, "s", "median over flights with a message",
         [](From e, At at) { return warning_time_at(e, at, &Times::p50); }},
        {"warning_time_p95_s", arm_consumer, "s", "5 % of flights with a message have more",
         [](From e, At at) { return warning_time_at(e, at, &Times::p95); }},
        {"delay_mean_s", arm_consumer_delay, "s", "mean delay over flights with a message",
         [](From e, At at) { return delay_at(e, at, &Times::mean); }},
        {"delay_p05_s", arm_consumer_delay, "s", "5 % of flights with a message have less",
         [](From e, At at) { return delay_at(e, at, &Times::p05); }},
        {"delay_p50_s", arm_consumer_delay, "s", "median over flights with a message",
         [](From e, At at) { return delay_at(e, at, &Times::p50); }},
        {"delay_p95_s", arm_consumer_delay, "s", "5 % of flights with a message have more",
         [](From e, At at) { return delay_at(e, at, &Times::p95); }},
        {"p_at_least", {Axis::arm, Axis::consumer, Axis::warning_threshold_s}, "1",
         "fraction with at least that much warning, of the flights that concern the consumer",
         [](From e, At at) { return consumer_at(e, at).p_at_least[index(at[2])]; }},
        {"p_precaution", arm_consumer, "1", "fraction of the messages that were only a precaution",
         [](From e, At at) { return consumer_at(e, at).p_precaution; }},
        {"false_warning_mean_s", arm_consumer, "s", "mean time from ignition to a warning in vain",
         [](From e, At at) { return consumer_at(e, at).false_warning_s; }},
        {"all_clear_mean_s", arm_consumer, "s", "mean time from the end of the clock to the all-clear",
         [](From e, At at) { return consumer_at(e, at).all_clear_s; }},
        {"launch_place_m", {Axis::sensor, Axis::launch_estimate}, "m",
         "mean longer half axis of the launch place, one standard deviation",
         [](From e, At at) { return e.launches[index(at[0])].at[at[1]].half_axis_m; }},
        {"launch_azimuth_rad", {Axis::sensor, Axis::launch_estimate}, "rad",
         "mean standard deviation of the launch azimuth",
         [](From e, At at) { return e.launches[index(at[0])].at[at[1]].azimuth_rad; }},
        {"gain_s", pair_consumer, "s", "mean gain in warning time over flights with a message in both",
         [](From e, At at) { return paired_at(e, at).gain_s; }},
        {"usable_gain_s", pair_consumer, "s",
         "mean gain in usable warning over the flights that concern the consumer",
         [](From e, At at) { return paired_at(e, at).usable_gain_s; }},
        {"p_warned_gain", pair_consumer, "1", "gain in the fraction warned",
         [](From e, At at) { return paired_at(e, at).p_warned_gain; }},
        {"p_at_least_gain", {Axis::pair, Axis::consumer, Axis::gain_threshold_s}, "1",
         "gain in the fraction with at least that much warning",
         [](From e, At at) { return paired_at(e, at).p_at_least_gain[at[2]]; }},
        {"pk", {Axis::arm}, "1", "fraction killed, of the flights some battery may take",
         [](From e, At at) { return engagement_at(e, at, [](auto const& x) { return x.pk.estimate; }); }},
        {"p_leak", {Axis::arm}, "1", "fraction leaked, of the flights some battery may take",
         [](From e, At at) { return engagement_at(e, at, [](auto const& x) { return x.p_leak.estimate; }); }},
        {"p_no_leaker", {Axis::arm}, "1", "fraction of raids of which no flight leaked",
         [](From e, At at) { return engagement_at(e, at, [](auto const& x) { return x.p_no_leaker.estimate; }); }},
        {"leakers_mean", {Axis::arm}, "1", "mean leakers per raid",
         [](From e, At at) { return engagement_at(e, at, [](auto const& x) { return x.leakers_mean; }); }},
        {"p_leakers", {Axis::arm, Axis::leakers}, "1", "fraction of raids with so many leakers",
         [](From e, At at) { return engagement_at(e, at, [at](auto const& x) { return x.p_leakers[index(at[1])]; }); }},
        {"shots_mean", {Axis::arm}, "1", "mean shots per flight some battery may take",
         [](From e, At at) { return engagement_at(e, at, [](auto const& x) { return x.shots_mean; }); }},
        {"battery_pk", {Axis::arm, Axis::battery}, "1", "fraction the battery killed, of the flights it fired at",
         [](From e, At at) { return battery_at(e, at).pk; }},
        {"battery_p_remote", {Axis::arm, Axis::battery}, "1", "fraction of the flights it fired at: on a track that came through the network",
         [](From e, At at) { return battery_at(e, at).p_remote; }},
        {"battery_p_hit", {Axis::arm, Axis::battery}, "1", "fraction of its shots at living flights that hit",
         [](From e, At at) { return battery_at(e, at).p_hit; }},
        {"battery_left_mean", {Axis::arm, Axis::battery}, "1", "mean interceptors left after a raid",
         [](From e, At at) { return battery_at(e, at).left_mean; }},
        {"battery_opportunities_mean", {Axis::arm, Axis::battery}, "1", "mean tries that time allows at a flight that it may take",
         [](From e, At at) { return battery_at(e, at).opportunities_mean; }},
        {"battery_p_reached", {Axis::arm, Axis::battery}, "1", "fraction of these flights that it can meet at all",
         [](From e, At at) { return battery_at(e, at).p_reached; }},
        {"battery_first_intercept_s", {Axis::arm, Axis::battery}, "s", "mean first instant of an intercept since ignition, over flights that it can meet",
         [](From e, At at) { return battery_at(e, at).first_intercept_s; }},
        {"battery_last_intercept_s", {Axis::arm, Axis::battery}, "s", "mean last instant, likewise",
         [](From e, At at) { return battery_at(e, at).last_intercept_s; }},
        {"pk_gain", {Axis::pair}, "1", "gain in the fraction killed",
         [](From e, At at) { return engagement_gain_at(e, at).pk; }},
        {"p_no_leaker_gain", {Axis::pair}, "1", "gain in the fraction of raids without a leaker",
         [](From e, At at) { return engagement_gain_at(e, at).p_no_leaker; }},
        {"leakers_fewer", {Axis::pair}, "1", "fewer leakers per raid",
         [](From e, At at) { return engagement_gain_at(e, at).leakers; }},
        {"shots_saved", {Axis::pair}, "1", "fewer shots per raid",
         [](From e, At at) { return engagement_gain_at(e, at).shots_saved; }},
    };
    // clang-format on
    return datasets;
}

}  // namespace longwatch
