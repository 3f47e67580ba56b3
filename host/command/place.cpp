// longwatch place: which of many places for one more radar is best, and which few together.
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "host/command/catalog_folder.hpp"
#include "host/command/flying.hpp"
#include "host/command/output.hpp"
#include "host/command/progress.hpp"
#include "host/command/provenance.hpp"
#include "host/command/verbs.hpp"
#include "host/plan/placement.hpp"
#include "host/plan/prepare.hpp"
#include "kernels/backend/place.hpp"
#include "results/show/show_placement.hpp"
#include "results/show/terminal_text.hpp"
#include "results/statistics/estimates.hpp"
#include "results/store/store_placement.hpp"

namespace longwatch {

namespace {

constexpr double kept_bytes_max = 512e6, all_bytes_max = 8e9;
constexpr double choosing_seconds_max = 60;

PlacementShape shape_of(Study const& study, Scenario const& seated, Flying const& flying,
                        FlightRange const& range)
{
    Placement const& placement = study.placement;
    PlacementShape shape;
    shape.candidates = static_cast<int>(placement.sites.size());
    shape.counts_kills = placement.objective == PlacementObjective::kill_probability;
    shape.consumers = seated.network.consumer_count + (shape.counts_kills ? 1 : 0);
    if (seated.sampling.randomisations > 1) { shape.groups = seated.sampling.randomisations; }
    shape.at_least_s = placement.at_least_s;
    shape.keeps_at_least = is_probability(placement.objective);
    double const per_flight = 2.0 * shape.candidates * shape.consumers;
    std::int64_t const round = std::max<std::int64_t>(seated.mix_count * seated.raid.size, 1);
    auto const most = static_cast<std::int64_t>(kept_bytes_max / per_flight) / round * round;
    shape.kept_flights = std::min(range.count, std::max(most, round));
    int const threads = flying.dealing.threads > 0 ? flying.dealing.threads : cpu_info().threads;
    double const bytes = placement_bytes(shape, threads);
    if (bytes > all_bytes_max) {
        throw CannotRun(
            fmt::format("{} places and {} consumers need {:.1f} GB of memory (at most {:g} GB) "
                        "give fewer places",
                        shape.candidates, shape.consumers, bytes / 1e9, all_bytes_max / 1e9));
    }
    return shape;
}

PlacementAim aim_of(Study const& study)
{
    PlacementAim aim{study.placement.objective, {}};
    auto const consumers = static_cast<int>(study.consumers.size());
    if (aim.objective == PlacementObjective::kill_probability) { aim.consumers = {consumers}; }
    for (int n = 0; n < consumers && aim.objective != PlacementObjective::kill_probability; ++n) {
        if ((study.placement.consumers >> n & 1U) != 0) { aim.consumers.push_back(n); }
    }
    return aim;
}

PlacementTally judge(Study const& study, Scenario const& seated, Flying const& flying,
                     FlightRange const& range)
{
    auto const shape = shape_of(study, seated, flying, range);
    auto const style = progress_style(flying.quiet);
    if (style != ProgressStyle::none) {
        tell(fmt::format("{}: {} flights, {} places for {}, seed {}, on cpu\n",
                         terminal_text(study.name), range.count, shape.candidates,
                         terminal_text(study.placement.sensor_name), range.seed));
    }
    ProgressDisplay display(range.count, style);
    return place_on_cpu(seated, candidates_of(study), shape, range, flying.dealing,
                        [&](std::int64_t done) { display.update(done); });
}

/// The best single place, and the sets, flown through the whole chain; by as many further flights, since these were not chosen
/// by them.
std::vector<CheckedSet> check_sets(Study const& study, Flying const& flying,
                                   FlightRange const& range, PlacementFile& found)
{
    std::vector<std::vector<int>> sets{{found.estimates.order.front()}};
    for (Choice const* choice : {&found.greedy, &found.exact}) {
        auto set = choice->members;
        std::sort(set.begin(), set.end());
        if (!set.empty() && std::find(sets.begin(), sets.end(), set) == sets.end()) {
            sets.push_back(std::move(set));
        }
    }
    auto const scenario = with_sets(study, sets);
    FlightRange const further{range.seed, range.first + range.count, range.count};
    auto const flown = fly(study.name + ", the best places", *scenario, flying, further);
    found.failed += static_cast<std::int64_t>(failed_flights(flown));
    auto const pooled = flown.pooled();
    auto const estimates = estimate(pooled, randomisations_of(flown));
    std::vector<CheckedSet> out;
    for (std::size_t k = 0; k < sets.size(); ++k) {
        auto const& pair =
            estimates
                .pairs[static_cast<std::size_t>(pooled.layout.pair(static_cast<int>(k) + 1, 0))];
        auto& set = out.emplace_back();
        set.members = sets[k];
        for (auto const& consumer : pair.consumers) {
            set.usable_gain_s.push_back(consumer.usable_gain_s);
            set.p_warned_gain.push_back(consumer.p_warned_gain);
        }
        set.pk_gain = pair.engagement.pk;
    }
    return out;
}

PlacementFile file_of(Study const& study, Flying const& flying, FlightRange const& range)
{
    PlacementFile out;
    out.provenance = provenance_of(flying);
    out.study = {study.name, study.question, study.text, study.resolved, study.hash};
    out.seed = range.seed;
    out.first_flight = range.first;
    out.flight_count = range.count;
    out.assumptions = study.assumptions;
    out.arm = study.arms[static_cast<std::size_t>(study.placement.arm)];
    out.sensor = study.placement.sensor_name;
    out.consumers = study.consumers;
    out.aim = aim_of(study);
    out.at_least_s = study.placement.at_least_s;
    out.choose = study.placement.choose;
    for (auto const& site : study.placement.sites) {
        out.sites.push_back({site.name, site.place.latitude_rad / rad_per_deg,
                             site.place.longitude_rad / rad_per_deg, site.on_land});
    }
    return out;
}

}  // namespace

ExitStatus place(PlaceOptions const& options)
{
    if (options.flying.device.rfind("cuda", 0) == 0) {
        throw UsageError("--device cuda (places are judged on the CPU) leave it out");
    }
    auto flying_options = options.flying;
    flying_options.device = "cpu";
    auto const flying = resolve(flying_options);
    auto const where = writable_place(options.output, options.study, placement_file_type);
    auto study = read_study(options.study, reading_with(options.flying.catalog));
    if (!study.placement.is_asked()) {
        throw UsageError(
            fmt::format("{} asks for no placement (it has no [placement]) see docs/study_format.md",
                        options.study));
    }
    prepare(study);
    auto const range = flights_asked(study, flying);
    auto const seated = with_seat(study);
    auto found = file_of(study, flying, range);
    {
        auto const tally = judge(study, *seated, flying, range);
        found.failed = tally.failed;
        found.kept_flights = std::min(tally.shape.kept_flights, tally.flights);
        found.estimates = estimate_placement(tally, found.aim);
        KeptGains const gains(tally, found.aim);
        found.greedy = gains.greedy(found.choose);
        found.exact = gains.exact(found.choose, found.greedy, choosing_seconds_max);
    }
    found.checked = check_sets(study, flying, range, found);
    {
        InterruptionsHeld const held;
        write_placement(where, found);
    }
    print(options.as_json ? placement_json(found) : placement_text(found));
    if (!options.as_json) { print(fmt::format("\n{}\n", options.output)); }
    finish_output();
    if (found.failed == 0) { return exit_fine; }
    tell(fmt::format("longwatch: {} of {} flights failed, and are left out\n", found.failed,
                     range.count));
    return exit_answer_is_no;
}

}  // namespace longwatch
