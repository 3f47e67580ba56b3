#include "tests/support/synthetic_result.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

namespace longwatch::test {

namespace {

std::uint64_t& cell(Tally& tally, int index)
{
    return tally.cells[static_cast<std::size_t>(index)];
}

std::size_t index(int i) { return static_cast<std::size_t>(i); }

void add_message(Tally& tally, int arm, int consumer, std::int64_t warning_us)
{
    auto const& l = tally.layout;
    ++cell(tally, warning_us > 0 ? l.warned(arm, consumer) : l.too_late(arm, consumer));
    add_value(tally, l.warning_time(arm, consumer), warning_us);
    double const warning_s = static_cast<double>(warning_us) * time_quantum_s;
    auto bin = static_cast<int>(std::floor((warning_s - warning_first_s) / warning_bin_s)) + 1;
    if (bin < 0) { bin = 0; }
    if (bin > warning_cells - 1) { bin = warning_cells - 1; }
    ++cell(tally, l.warning_histogram(arm, consumer) + bin);
    // Delays that are whole parts of an hour less the warning.
    std::int64_t total = 0;
    for (int part = 0; part < delay_count; ++part) {
        std::int64_t const us =
            part == delay_total
                ? total
                : std::max<std::int64_t>(0, 3'600'000'000 - warning_us) / (part + 8);
        total += part == delay_total ? 0 : us;
        add_value(tally, l.delay(arm, consumer, part), us);
        int k = 0;
        while (k < delay_bins && static_cast<double>(us) * 1e-6 >= delay_bin_edge_s(k + 1)) { ++k; }
        ++cell(tally, l.delay_histogram(arm, consumer, part) + 1 + k);
    }
}

void add_pair(Tally& tally, int arm, int versus, int consumer, MadeFlight const& flight)
{
    auto const& l = tally.layout;
    int const pair = l.pair(arm, versus);
    auto const& a = flight.warning_us[index(arm)][index(consumer)];
    auto const& b = flight.warning_us[index(versus)][index(consumer)];
    bool const a_warned = a && *a > 0;
    bool const b_warned = b && *b > 0;
    if (a && b) { add_value(tally, l.gain(pair, consumer), *a - *b); }
    if (a && !b) { ++cell(tally, l.newly_reached(pair, consumer)); }
    if (b && !a) { ++cell(tally, l.lost_message(pair, consumer)); }
    if (a_warned && !b_warned) { ++cell(tally, l.newly_warned(pair, consumer)); }
    if (b_warned && !a_warned) { ++cell(tally, l.lost_warning(pair, consumer)); }
    add_value(tally, l.usable_gain(pair, consumer), (a_warned ? *a : 0) - (b_warned ? *b : 0));
    for (int k = 0; k < gain_threshold_count; ++k) {
        bool const here = a && static_cast<double>(*a) * 1e-6 >= gain_threshold_s(k);
        bool const there = b && static_cast<double>(*b) * 1e-6 >= gain_threshold_s(k);
        if (here && !there) { ++cell(tally, l.newly_at_least(pair, consumer, k)); }
        if (there && !here) { ++cell(tally, l.lost_at_least(pair, consumer, k)); }
    }
}

/// A raid of one flight, of weight 1.
void add_raid(Tally& tally, int arm, MadeFlight const& flight, int leakers, int fired)
{
    auto const& l = tally.layout;
    auto const weight = static_cast<std::int64_t>(std::llround(1 / weight_quantum));
    std::int64_t const million = 1'000'000;
    auto const add = [&](RaidMoment which, std::int64_t x) {
        add_value(tally, l.of_raid(arm, which), x);
    };
    add(RaidMoment::flights, 1);
    add(RaidMoment::leakers, leakers * weight);
    add(RaidMoment::leakers_and_flights, (leakers + 1) * weight);
    add(RaidMoment::weight, weight);
    add(RaidMoment::shots, fired * million);
    add(RaidMoment::shots_and_flights, (fired + 1) * million);
    add_value(tally, l.raids_with_leakers(arm, leakers), weight);
    for (int versus = 0; versus < arm; ++versus) {
        int const other = flight.killed_by[index(versus)] < 0 ? 1 : 0;
        int others = 0;
        for (int const shots : flight.shots[index(versus)]) { others += shots; }
        auto const gain = [&](RaidGain which, std::int64_t x) {
            add_value(tally, l.raid_gain(l.pair(arm, versus), which), x);
        };
        if (other != leakers) {
            int const pair = l.pair(arm, versus);
            ++cell(tally, other > 0 ? l.newly_clean(pair) : l.lost_clean(pair));
        }
        gain(RaidGain::killed, (other - leakers) * weight);
        gain(RaidGain::no_leaker, (other - leakers) * weight);
        gain(RaidGain::shots_saved, (others - fired) * million);
    }
}

void add_engagement(Tally& tally, int arm, MadeFlight const& flight)
{
    auto const& l = tally.layout;
    int const killer = flight.killed_by[index(arm)];
    ++cell(tally, killer >= 0 ? l.killed(arm) : l.leaked(arm));
    int fired = 0;
    for (int battery = 0; battery < l.battery_count; ++battery) {
        int const shots = flight.shots[index(arm)][index(battery)];
        fired += shots;
        auto const count = [&](BatteryCount which, int n) {
            cell(tally, l.battery(arm, battery, which)) += static_cast<std::uint64_t>(n);
        };
        count(BatteryCount::engaged, shots > 0 ? 1 : 0);
        for (auto const which :
             {BatteryCount::shots, BatteryCount::acquired, BatteryCount::close}) {
            count(which, shots);
        }
        count(BatteryCount::hit, battery == killer ? 1 : 0);
        count(BatteryCount::killed, battery == killer ? 1 : 0);
        auto const moment = [&](BatteryMoment which, std::int64_t x) {
            add_value(tally, l.battery_moment(arm, battery, which), x);
        };
        moment(BatteryMoment::left, 4 - shots);
        moment(BatteryMoment::opportunities, 2);
        moment(BatteryMoment::first_intercept_s, 300'000'000);
        moment(BatteryMoment::last_intercept_s, 360'000'000);
    }
    add_value(tally, l.shots(arm), fired);
    add_raid(tally, arm, flight, killer < 0 ? 1 : 0, fired);
    for (int versus = 0; versus < arm; ++versus) {
        bool const other = flight.killed_by[index(versus)] >= 0;
        if (killer >= 0 && !other) { ++cell(tally, l.newly_killed(l.pair(arm, versus))); }
        if (killer < 0 && other) { ++cell(tally, l.lost_kill(l.pair(arm, versus))); }
    }
}

std::vector<std::string> numbered(std::string const& word, int count)
{
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) { names.push_back(word + "-" + std::to_string(i + 1)); }
    return names;
}

// mt19937_64 is the same everywhere; the standard distributions are not.
double uniform(std::mt19937_64& source) { return static_cast<double>(source() >> 11) * 0x1p-53; }

MadeFlight make_flight(MadeStudy const& study, int number, bool unconcerned_last,
                       std::mt19937_64& source)
{
    MadeFlight flight;
    flight.threat = number % study.threats;
    double const message_luck = uniform(source);
    double const delay_s = -std::log(1 - uniform(source)) * 90;
    double const kill_luck = uniform(source);
    flight.may_be_engaged = study.batteries > 0 && flight.threat == 0;
    for (int consumer = 0; consumer < study.consumers; ++consumer) {
        bool const last = consumer == study.consumers - 1;
        flight.concerns.push_back(!(last && unconcerned_last) &&
                                  (flight.threat + consumer) % 3 != 2);
    }
    for (int arm = 0; arm < study.arms; ++arm) {
        auto& row = flight.warning_us.emplace_back();
        for (int consumer = 0; consumer < study.consumers; ++consumer) {
            bool const reached = message_luck < 0.6 + 0.1 * arm;
            double const warning_s = 300 + 120 * consumer + 20 * arm - (1.5 - 0.2 * arm) * delay_s;
            row.push_back(reached ? std::optional(static_cast<std::int64_t>(warning_s * 1e6))
                                  : std::nullopt);
        }
        bool const killed = kill_luck < 0.4 + 0.1 * arm;
        auto& shots = flight.shots.emplace_back(index(study.batteries), 0);
        if (study.batteries > 0) { shots[0] = message_luck < 0.8 ? 2 : 0; }
        bool const fired = study.batteries > 0 && shots[0] > 0;
        flight.killed_by.push_back(killed && fired ? 0 : -1);
    }
    return flight;
}

/// An arch over the parallel of 40 N, thirty degrees long.
GroundTrack made_track(int threat)
{
    GroundTrack track;
    for (std::size_t i = 0; i < GroundTrack::points; ++i) {
        double const part = static_cast<double>(i) / static_cast<double>(GroundTrack::points - 1);
        track.t_s.push_back(1200 * part);
        track.latitude_deg.push_back(40 + threat);
        track.longitude_deg.push_back(126 + 30 * part);
        track.altitude_km.push_back(4000 * part * (1 - part));
    }
    return track;
}

}  // namespace

void add_value(Tally& tally, MomentCells const& at, std::int64_t value)
{
    ++cell(tally, at.count);
    auto const mask = (std::uint64_t{1} << limb_bits) - 1;
    auto const bits = static_cast<std::uint64_t>(value);
    cell(tally, at.sum) += bits & mask;
    cell(tally, at.sum + 1) += static_cast<std::uint64_t>(value >> limb_bits);
    __extension__ using Wide = unsigned __int128;
    auto square = static_cast<Wide>(value < 0 ? -value : value);
    square *= square;
    for (int k = 0; k < sum_squares_limbs; ++k) {
        bool const last = k == sum_squares_limbs - 1;
        cell(tally, at.sum_squares + k) +=
            static_cast<std::uint64_t>(last ? square : square & mask);
        square >>= limb_bits;
    }
}

void add_flight(Tally& tally, MadeFlight const& flight)
{
    auto const& l = tally.layout;
    ++cell(tally, l.fate(flight.threat, flight.fate));
    if (is_failure(flight.fate)) { return; }
    for (int consumer = 0; consumer < l.consumer_count; ++consumer) {
        if (!flight.concerns[index(consumer)]) { continue; }
        for (int arm = 0; arm < l.arm_count; ++arm) {
            auto const& warning_us = flight.warning_us[index(arm)][index(consumer)];
            if (warning_us) {
                add_message(tally, arm, consumer, *warning_us);
            } else {
                ++cell(tally, l.none(arm, consumer));
            }
            for (int versus = 0; versus < arm; ++versus) {
                add_pair(tally, arm, versus, consumer, flight);
            }
        }
    }
    if (!flight.may_be_engaged) { return; }
    for (int arm = 0; arm < l.arm_count; ++arm) { add_engagement(tally, arm, flight); }
}

ResultFile made_result(MadeStudy const& study, bool unconcerned_last)
{
    ResultFile result;
    result.provenance = {"0.1.0", "0123abcd", "2024-05-01T12:00:00Z", "cpu", "double", "avx512bw",
                         8,       2};
    result.study = {"made-up", "How much warning?", "# as given\nflights = 10\n", "flights = 10\n",
                    std::string(64, 'a')};
    result.seed = study.seed;
    result.flight_count = study.flights;
    result.assumptions = {"Every figure is made up.", "Élévation: so are the names."};
    auto const all_arms =
        std::vector<std::string>{"national-only", "bilateral", "via-us-hub", "direct"};
    result.names.threats = numbered("threat", study.threats);
    for (int arm = 0; arm < study.arms; ++arm) {
        result.names.arms.push_back(index(arm) < all_arms.size() ? all_arms[index(arm)]
                                                                 : "arm-" + std::to_string(arm));
    }
    result.names.consumers = numbered("consumer", study.consumers);
    result.names.batteries = numbered("battery", study.batteries);
    result.names.sensors = numbered("sensor", 5);
    result.names.origins = numbered("state", 3);
    result.names.nodes = numbered("node", 4);
    result.names.links = {};

    TallyLayout layout;
    layout.threat_count = study.threats;
    layout.arm_count = study.arms;
    layout.consumer_count = study.consumers;
    layout.battery_count = study.batteries;
    layout.sensor_count = 5;
    result.tally = Tally(layout);
    std::mt19937_64 source(study.seed);
    for (std::int64_t number = 0; number < study.flights; ++number) {
        auto flight = make_flight(study, static_cast<int>(number), unconcerned_last, source);
        if (number % 499 == 250) {
            flight.fate = Fate::timed_out;
            result.failures.push_back({number, flight.fate});
        }
        add_flight(result.tally, flight);
    }
    for (int i = 0; i < study.threats; ++i) { result.tracks.push_back(made_track(i)); }
    return result;
}

}  // namespace longwatch::test
