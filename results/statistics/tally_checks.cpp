#include "results/statistics/tally_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <stdexcept>

#include "results/statistics/moment.hpp"
#include "results/statistics/quantiles.hpp"

namespace longwatch {

namespace {

// Collects what is wrong, in words.
struct Checker {
    Tally const& tally;
    std::vector<std::string> problems;

    /// Beyond what any run counts, shots and all; a thousand of them do not overflow.
    static constexpr std::int64_t most = std::int64_t{1} << 50;

    /// A count to reckon with: what is negative or beyond all counts, and told by `count` or `moment`, counts as the nearest that
    /// is not.
    std::int64_t at(int index) const
    {
        return std::clamp(tally.count(index), std::int64_t{0}, most);
    }
    void equal(std::int64_t a, std::int64_t b, std::string const& claim)
    {
        if (a != b) { problems.push_back(fmt::format("{} ({} is not {})", claim, a, b)); }
    }
    void at_most(std::int64_t a, std::int64_t b, std::string const& claim)
    {
        if (a > b) { problems.push_back(fmt::format("{} ({} is over {})", claim, a, b)); }
    }
    void count(int index, std::string const& name)
    {
        if (tally.count(index) < 0) { problems.push_back(fmt::format("{} is negative", name)); }
        if (tally.count(index) > most) {
            problems.push_back(fmt::format("{} is beyond any run", name));
        }
    }
    /// Cell by cell too: their sum may wrap around to the right one.
    void histogram(Histogram const& histogram, std::int64_t count, std::string const& where)
    {
        auto const is_wide = [](std::uint64_t n) { return n > std::uint64_t{most}; };
        if (std::ranges::any_of(histogram.cells, is_wide)) {
            problems.push_back(where + ": the histogram holds more than any run counts");
        }
        equal(histogram.count(), count, where + ": the histogram does not hold all messages");
    }
    void moment(MomentCells const& cells, std::string const& name)
    {
        if (!is_possible(read_moment(tally, cells))) {
            problems.push_back(fmt::format("no values have the sums of {}", name));
        }
    }
};

std::int64_t messages(Checker const& check, int arm, int consumer)
{
    auto const& l = check.tally.layout;
    return check.at(l.warned(arm, consumer)) + check.at(l.too_late(arm, consumer));
}

void check_delays(Checker& check, int arm, int consumer, std::string const& where)
{
    auto const& l = check.tally.layout;
    auto const delivered = messages(check, arm, consumer);
    Int128 parts = 0, total = 0;
    for (int part = 0; part < delay_count; ++part) {
        auto const which = fmt::format("{}: delay {}", where,
                                       part == delay_total ? "total" : delay_part_names[part]);
        auto const cells = l.delay(arm, consumer, part);
        check.equal(check.at(cells.count), delivered, which + "s are not as many as messages");
        check.moment(cells, which);
        auto const first = check.tally.cells.data() +
                           static_cast<std::size_t>(l.delay_histogram(arm, consumer, part));
        check.histogram({std::span(first, delay_cells), delay_bin_edge_s}, delivered, which);
        (part == delay_total ? total : parts) += read_moment(check.tally, cells).sum;
    }
    if (parts != total) {
        check.problems.push_back(where + ": the parts of the delay do not add up to the whole");
    }
}

void check_outcome(Checker& check, int arm, int consumer)
{
    auto const& l = check.tally.layout;
    auto const where = fmt::format("arm {} consumer {}", arm, consumer);
    check.count(l.warned(arm, consumer), where + ": warned");
    check.count(l.too_late(arm, consumer), where + ": too late");
    check.count(l.none(arm, consumer), where + ": none");
    auto const delivered = messages(check, arm, consumer);
    check.equal(check.at(l.warning_time(arm, consumer).count), delivered,
                where + ": warning times are not as many as messages");
    auto const first =
        check.tally.cells.data() + static_cast<std::size_t>(l.warning_histogram(arm, consumer));
    check.histogram({std::span(first, warning_cells), warning_bin_edge_s}, delivered, where);
    check.moment(l.warning_time(arm, consumer), where + ": warning time");
    check_delays(check, arm, consumer, where);
    check.count(l.precaution(arm, consumer), where + ": precautions");
    check.moment(l.false_warning(arm, consumer), where + ": false warnings");
    check.moment(l.all_clear(arm, consumer), where + ": all-clear");
    check.at_most(check.at(l.precaution(arm, consumer)), delivered,
                  where + ": more precautions than messages");
    check.at_most(check.at(l.all_clear(arm, consumer).count), delivered,
                  where + ": more all-clears than messages");
    check.equal(delivered + check.at(l.none(arm, consumer)),
                messages(check, 0, consumer) + check.at(l.none(0, consumer)),
                where + ": other flights concern it than in the first arm");
}

void check_pair(Checker& check, int arm, int versus, int consumer)
{
    auto const& l = check.tally.layout;
    int const pair = l.pair(arm, versus);
    auto const where = fmt::format("arm {} against {} consumer {}", arm, versus, consumer);
    check.count(l.newly_reached(pair, consumer), where + ": newly reached");
    check.count(l.lost_message(pair, consumer), where + ": lost message");
    check.count(l.newly_warned(pair, consumer), where + ": newly warned");
    check.count(l.lost_warning(pair, consumer), where + ": lost warning");
    for (int k = 0; k < gain_threshold_count; ++k) {
        check.count(l.newly_at_least(pair, consumer, k), where + ": newly at least");
        check.count(l.lost_at_least(pair, consumer, k), where + ": lost at least");
    }
    check.moment(l.gain(pair, consumer), where + ": gain");
    check.moment(l.usable_gain(pair, consumer), where + ": usable gain");
    check.equal(check.at(l.usable_gain(pair, consumer).count),
                messages(check, arm, consumer) + check.at(l.none(arm, consumer)),
                where + ": usable gains are not as many as flights concern it");
    auto const both = check.at(l.gain(pair, consumer).count);
    check.equal(both + check.at(l.newly_reached(pair, consumer)), messages(check, arm, consumer),
                where + ": gains and newly reached are not the arm's messages");
    check.equal(both + check.at(l.lost_message(pair, consumer)), messages(check, versus, consumer),
                where + ": gains and lost messages are not the other arm's messages");
    check.equal(check.at(l.newly_warned(pair, consumer)) - check.at(l.lost_warning(pair, consumer)),
                check.at(l.warned(arm, consumer)) - check.at(l.warned(versus, consumer)),
                where + ": newly warned less lost warning is not the difference of the arms");
}

void check_raids(Checker& check, int arm, std::string const& where)
{
    auto const& l = check.tally.layout;
    auto const raids = check.at(l.of_raid(arm, RaidMoment::flights).count);
    for (int k = 0; k < raid_moment_count; ++k) {
        auto const cells = l.of_raid(arm, static_cast<RaidMoment>(k));
        check.moment(cells, fmt::format("{}: sum {} over raids", where, k));
        check.equal(check.at(cells.count), raids, where + ": a sum is not over all raids");
    }
    std::int64_t counted = 0;
    for (int k = 0; k <= l.raid_size; ++k) {
        auto const cells = l.raids_with_leakers(arm, k);
        check.moment(cells, fmt::format("{}: raids with {} leakers", where, k));
        counted += check.at(cells.count);
    }
    check.equal(counted, raids, where + ": raids by leakers are not all raids");
    auto const flights = read_moment(check.tally, l.of_raid(arm, RaidMoment::flights)).sum;
    check.equal(static_cast<std::int64_t>(flights), check.at(l.shots(arm).count),
                where + ": flights of raids are not the flights engaged");
}

void check_battery(Checker& check, int arm, int battery, std::string const& which)
{
    auto const& l = check.tally.layout;
    auto const count = [&](BatteryCount what) { return l.battery(arm, battery, what); };
    for (int k = 0; k < battery_count_count; ++k) {
        check.count(count(static_cast<BatteryCount>(k)), fmt::format("{}: count {}", which, k));
    }
    for (int k = 0; k < battery_moment_count; ++k) {
        check.moment(l.battery_moment(arm, battery, static_cast<BatteryMoment>(k)),
                     fmt::format("{}: sum {}", which, k));
    }
    auto const at = [&](BatteryCount what) { return check.at(count(what)); };
    check.at_most(at(BatteryCount::killed), at(BatteryCount::engaged),
                  which + ": killed more flights than it fired at");
    check.at_most(at(BatteryCount::remote), at(BatteryCount::engaged),
                  which + ": more flights on remote than it fired at");
    check.at_most(at(BatteryCount::acquired) + at(BatteryCount::wasted), at(BatteryCount::shots),
                  which + ": more shots acquired and wasted than fired");
    check.at_most(at(BatteryCount::close), at(BatteryCount::acquired),
                  which + ": came close without acquiring");
    check.at_most(at(BatteryCount::hit), at(BatteryCount::close),
                  which + ": hit without coming close");
}

void check_engagement(Checker& check, int arm)
{
    auto const& l = check.tally.layout;
    auto const where = fmt::format("arm {}", arm);
    check.count(l.killed(arm), where + ": killed");
    check.count(l.leaked(arm), where + ": leaked");
    check.equal(check.at(l.shots(arm).count), check.at(l.killed(arm)) + check.at(l.leaked(arm)),
                where + ": flights engaged are not killed and leaked together");
    check.moment(l.shots(arm), where + ": shots");
    check_raids(check, arm, where);
    for (int battery = 0; battery < l.battery_count; ++battery) {
        check_battery(check, arm, battery, fmt::format("{} battery {}", where, battery));
    }
    for (int versus = 0; versus < arm; ++versus) {
        int const pair = l.pair(arm, versus);
        for (int k = 0; k < raid_gain_count; ++k) {
            auto const cells = l.raid_gain(pair, static_cast<RaidGain>(k));
            check.moment(cells, fmt::format("{}: difference {} over raids", where, k));
            check.equal(check.at(cells.count), check.at(l.of_raid(arm, RaidMoment::flights).count),
                        where + ": a difference is not over all raids");
        }
        check.count(l.newly_clean(pair), where + ": newly clean");
        check.count(l.lost_clean(pair), where + ": lost clean");
        check.equal(check.at(l.newly_clean(pair)) - check.at(l.lost_clean(pair)),
                    check.at(l.raids_with_leakers(arm, 0).count) -
                        check.at(l.raids_with_leakers(versus, 0).count),
                    where + ": newly clean less lost clean is not the difference of the arms");
        check.count(l.newly_killed(pair), where + ": newly killed");
        check.count(l.lost_kill(pair), where + ": lost kill");
        check.equal(check.at(l.newly_killed(pair)) - check.at(l.lost_kill(pair)),
                    check.at(l.killed(arm)) - check.at(l.killed(versus)),
                    fmt::format("{} against {}: newly killed less lost kill is not the difference "
                                "of the arms",
                                where, versus));
    }
}

void check_launches(Checker& check, int sensor)
{
    auto const& l = check.tally.layout;
    auto const where = fmt::format("sensor {}", sensor);
    for (int when = 0; when < 2; ++when) {
        check.moment(l.launch_place(sensor, when), where + ": launch place");
        check.moment(l.launch_azimuth(sensor, when), where + ": launch azimuth");
        check.equal(check.at(l.launch_azimuth(sensor, when).count),
                    check.at(l.launch_place(sensor, 0).count),
                    where + ": launch azimuths are not as many as launch places");
    }
    check.equal(check.at(l.launch_place(sensor, 1).count),
                check.at(l.launch_place(sensor, 0).count),
                where + ": launch places at burnout are not as many as at the report");
}

}  // namespace

std::vector<std::string> tally_problems(Tally const& tally)
{
    auto const& l = tally.layout;
    if (tally.cells.size() != static_cast<std::size_t>(l.cell_count())) {
        return {fmt::format("the tally has {} cells, its layout {}", tally.cells.size(),
                            l.cell_count())};
    }
    Checker check{tally, {}};
    for (int threat = 0; threat < l.threat_count; ++threat) {
        for (int fate = 0; fate < fate_count; ++fate) {
            check.count(l.fate(threat, static_cast<Fate>(fate)),
                        fmt::format("threat {}: {}", threat, fate_names[fate]));
        }
    }
    for (int arm = 0; arm < l.arm_count; ++arm) {
        for (int consumer = 0; consumer < l.consumer_count; ++consumer) {
            check_outcome(check, arm, consumer);
            for (int versus = 0; versus < arm; ++versus) {
                check_pair(check, arm, versus, consumer);
            }
        }
        check_engagement(check, arm);
    }
    for (int sensor = 0; sensor < l.sensor_count; ++sensor) { check_launches(check, sensor); }
    return check.problems;
}

bool same_layout(TallyLayout const& a, TallyLayout const& b)
{
    return a.threat_count == b.threat_count && a.arm_count == b.arm_count &&
           a.consumer_count == b.consumer_count && a.battery_count == b.battery_count &&
           a.sensor_count == b.sensor_count && a.raid_size == b.raid_size;
}

void merge_checked(Tally& into, Tally const& other)
{
    if (!same_layout(into.layout, other.layout) || into.cells.size() != other.cells.size()) {
        throw std::invalid_argument(fmt::format(
            "cannot add two tallies of different shape ({} and {} threats, {} and {} arms, {} and "
            "{} consumers, {} and {} batteries)",
            into.layout.threat_count, other.layout.threat_count, into.layout.arm_count,
            other.layout.arm_count, into.layout.consumer_count, other.layout.consumer_count,
            into.layout.battery_count, other.layout.battery_count));
    }
    into.merge(other);
}

}  // namespace longwatch
