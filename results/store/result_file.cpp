#include "results/store/result_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "results/show/terminal_text.hpp"
#include "results/statistics/tally_checks.hpp"

namespace longwatch {

namespace {

void check_names(std::vector<std::string> const& names, int count, char const* what,
                 std::vector<std::string>& problems)
{
    if (names.size() != static_cast<std::size_t>(count)) {
        problems.push_back(
            fmt::format("{} {} are named, the tally has {}", names.size(), what, count));
    }
}

/// "hub in arm-2": what an arm has in place of a node or link of the study.
bool is_plain_variant(std::string_view name)
{
    constexpr std::string_view in = " in ";
    for (auto at = name.find(in); at != std::string_view::npos; at = name.find(in)) {
        if (!is_plain_name(name.substr(0, at))) { return false; }
        name.remove_prefix(at + in.size());
    }
    return is_plain_name(name);
}

void check_plain(ResultNames const& n, std::vector<std::string>& problems)
{
    for (auto const* names : {&n.threats, &n.arms, &n.consumers, &n.batteries, &n.sensors,
                              &n.origins, &n.nodes, &n.links}) {
        bool const has_variants = names == &n.nodes || names == &n.links;
        if (!std::ranges::all_of(*names, has_variants ? is_plain_variant : is_plain_name)) {
            problems.emplace_back(
                "a name is not 1 to 64 lower-case letters, digits and hyphens, as all of studies "
                "are");
        }
    }
}

void check_unlike(ResultNames const& n, std::vector<std::string>& problems)
{
    for (auto const* names : {&n.threats, &n.arms, &n.consumers, &n.batteries, &n.sensors}) {
        auto sorted = *names;
        std::ranges::sort(sorted);
        auto const twice = std::ranges::adjacent_find(sorted);
        if (twice != sorted.end()) {
            problems.push_back(fmt::format("two things of one kind are called '{}'", *twice));
        }
    }
}

void check_texts(ResultFile const& r, std::vector<std::string>& problems)
{
    auto const is_fine = [](std::string const& text) {
        return text.size() <= plain_text_bytes_max && is_plain_text(text);
    };
    auto const& p = r.provenance;
    bool fine = std::ranges::all_of(r.assumptions, is_fine);
    for (auto const* text : {&r.schema_version, &r.study.name, &r.study.question, &r.study.hash,
                             &r.sampling, &r.stopped, &p.code_version, &p.git_hash, &p.created_utc,
                             &p.device, &p.precision, &p.instructions}) {
        fine = fine && is_fine(*text);
    }
    if (!fine) {
        problems.emplace_back(
            "a text holds control characters, or is longer than 16 KiB, as none of a study is");
    }
}

/// All points are there, and none lies further away than a number that a flight has.
bool is_whole(GroundTrack const& track)
{
    constexpr double longest_s = 1e6, highest_km = 1e6;
    auto const is_full = [](std::vector<double> const& values, double most) {
        return values.size() == GroundTrack::points &&
               std::ranges::all_of(values, [most](double x) { return std::abs(x) <= most; });
    };
    return is_full(track.t_s, longest_s) && is_full(track.latitude_deg, 90) &&
           is_full(track.longitude_deg, 360) && is_full(track.altitude_km, highest_km);
}

void check_tracks(ResultFile const& result, std::vector<std::string>& problems)
{
    if (result.tracks.empty()) { return; }
    if (result.tracks.size() != result.names.threats.size()) {
        problems.push_back(fmt::format("{} ground tracks are there for {} threats",
                                       result.tracks.size(), result.names.threats.size()));
        return;
    }
    for (std::size_t i = 0; i < result.tracks.size(); ++i) {
        if (!is_whole(result.tracks[i])) {
            problems.push_back(
                fmt::format("the ground track of threat '{}' lacks points, or has ones "
                            "where no flight is",
                            result.names.threats[i]));
        }
    }
}

std::uint64_t flights_of(Tally const& tally, Fate fate)
{
    std::uint64_t flights = 0;
    for (int threat = 0; threat < tally.layout.threat_count; ++threat) {
        flights += tally.cells[static_cast<std::size_t>(tally.layout.fate(threat, fate))];
    }
    return flights;
}

/// Those listed were flown, each once, and no more have a fate than failed by it.
void check_failures(ResultFile const& result, std::vector<std::string>& problems)
{
    auto const spans = spans_of(result);
    auto at = result.first_flight;
    bool is_right = true;
    std::array<std::uint64_t, fate_count> listed{};
    for (auto const& failure : result.failures) {
        auto const is_flown = [&](FlightSpan const& span) {
            return failure.flight >= span.first && failure.flight - span.first < span.count;
        };
        is_right = is_right && failure.flight >= at && std::ranges::any_of(spans, is_flown);
        at = is_right ? failure.flight + 1 : at;
        ++listed[static_cast<std::size_t>(failure.fate)];
    }
    for (int k = 0; k < fate_count; ++k) {
        auto const fate = static_cast<Fate>(k);
        auto const failed = is_failure(fate) ? flights_of(result.tally, fate) : 0;
        is_right = is_right && listed[static_cast<std::size_t>(k)] <= failed;
    }
    if (!is_right) {
        problems.emplace_back("the failures listed are not those of flights that failed");
    }
}

/// Gaps lie between flights: in order, apart from each other, each with a flight before it.
bool are_gaps(ResultFile const& result)
{
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    auto left = result.flight_count;
    std::int64_t end = result.first_flight;
    for (auto const& gap : result.gaps) {
        if (gap.count < 1 || gap.first <= end || gap.count > most - gap.first) { return false; }
        left -= gap.first - end;
        end = gap.end();
    }
    return result.gaps.empty() || (result.first_flight >= 0 && left > 0 && left <= most - end);
}

}  // namespace

std::uint64_t failed_flights(Tally const& tally)
{
    std::uint64_t failed = 0;
    for (int fate = 0; fate < fate_count; ++fate) {
        if (is_failure(static_cast<Fate>(fate))) {
            failed += flights_of(tally, static_cast<Fate>(fate));
        }
    }
    return failed;
}

bool is_plain_name(std::string_view name)
{
    constexpr std::size_t longest = 64;
    return !name.empty() && name.size() <= longest &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
               std::string_view::npos;
}

FlightSpans spans_of(ResultFile const& result)
{
    FlightSpans spans;
    auto left = result.flight_count;
    auto at = result.first_flight;
    for (auto const& gap : result.gaps) {
        spans.push_back({at, gap.first - at});
        left -= gap.first - at;
        at = gap.end();
    }
    if (left > 0) { spans.push_back({at, left}); }
    return spans;
}

std::vector<std::string> result_problems(ResultFile const& result)
{
    auto const& l = result.tally.layout;
    auto problems = tally_problems(result.tally);
    check_names(result.names.threats, l.threat_count, "threats", problems);
    check_names(result.names.arms, l.arm_count, "arms", problems);
    check_names(result.names.consumers, l.consumer_count, "consumers", problems);
    check_names(result.names.batteries, l.battery_count, "batteries", problems);
    check_names(result.names.sensors, l.sensor_count, "sensors", problems);
    check_plain(result.names, problems);
    check_unlike(result.names, problems);
    check_texts(result, problems);
    if (std::ranges::find(sampling_names, result.sampling) == std::end(sampling_names)) {
        problems.emplace_back("its sampling is none that this program knows");
    }
    check_tracks(result, problems);
    if (!are_gaps(result)) {
        problems.emplace_back("the gaps do not lie between the flights flown");
    }
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    if (result.flight_count < 0) {
        problems.push_back(fmt::format("it holds {} flights", result.flight_count));
    } else if (result.first_flight < 0 || result.first_flight > most - result.flight_count) {
        problems.emplace_back("its first flight has a number that no flight has");
    } else if (are_gaps(result)) {
        check_failures(result, problems);
    }
    for (Tally const& one : result.randomisations) {
        auto const more = tally_problems(one);
        problems.insert(problems.end(), more.begin(), more.end());
    }
    if (!problems.empty()) { return problems; }

    if (!result.randomisations.empty()) {
        Tally sum(result.tally.layout);
        for (Tally const& one : result.randomisations) { merge_checked(sum, one); }
        if (sum.cells != result.tally.cells) {
            problems.push_back("the randomisations do not add up to the tally of all flights");
        }
    }
    std::uint64_t ended = 0;
    for (int i = 0; i < l.threat_count * fate_count; ++i) {
        ended += result.tally.cells[static_cast<std::size_t>(i)];
    }
    if (result.flight_count < 0 || ended != static_cast<std::uint64_t>(result.flight_count)) {
        problems.push_back(
            fmt::format("{} flights have a fate, {} were flown", ended, result.flight_count));
    }
    return problems;
}

}  // namespace longwatch
