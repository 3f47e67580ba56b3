// longwatch value: what each link and sensor of an arm is worth, by taking it away.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "host/command/arm_option.hpp"
#include "host/command/catalog_folder.hpp"
#include "host/command/code_version.hpp"
#include "host/command/output.hpp"
#include "host/command/value_tables.hpp"
#include "host/command/verbs.hpp"
#include "host/plan/prepare.hpp"

namespace longwatch {

namespace {

std::string name_of(Study const& study, Removal const& removal)
{
    auto const& names = removal.kind == Removal::Kind::link ? study.links : study.sensors;
    return names[static_cast<std::size_t>(removal.index)];
}

/// Flies the arm as it is and without each of some things.
void fly_without(Study const& study, Flying const& flying, FlightRange const& range,
                 std::span<Removal const> removals, WorthOfArm& out)
{
    auto const scenario = without_each(*study.scenario, out.arm_index, removals);
    auto const what =
        fmt::format("{}, {} without each of {}", study.name, out.arm, removals.size());
    Tally const tally = fly(what, *scenario, flying, range);
    out.failed = failed_flights(tally);
    auto const estimates = estimate(tally.pooled(), randomisations_of(tally));
    for (std::size_t k = 0; k < removals.size(); ++k) {
        int const arm = static_cast<int>(k) + 1;
        out.things.push_back({removals[k].kind == Removal::Kind::link ? "link" : "sensor",
                              name_of(study, removals[k]),
                              loss_of(estimates, tally.pooled().layout, arm)});
    }
}

}  // namespace

ExitStatus value(ArmOptions const& options)
{
    auto const flying = resolve(options.flying);
    auto study = read_study(options.study, reading_with(options.flying.catalog));
    WorthOfArm worth;
    worth.arm_index =
        options.arm ? arm_named(study, *options.arm) : static_cast<int>(study.arms.size()) - 1;
    worth.arm = study.arms[static_cast<std::size_t>(worth.arm_index)];
    prepare(study);
    auto const range = flights_asked(study, flying);
    tell_remarks(study, range.count);
    worth.study = &study;
    worth.seed = range.seed;
    worth.flights = range.count;
    worth.device = flying.device.name;
    std::span<Removal const> left;
    auto const removals = removals_from(*study.scenario, worth.arm_index);
    for (left = removals; !left.empty();) {
        auto const some = left.first(std::min<std::size_t>(left.size(), removals_at_once));
        fly_without(study, flying, range, some, worth);
        left = left.subspan(some.size());
    }
    rank(worth);
    print(options.as_json ? worth_json(worth) : worth_text(worth));
    finish_output();
    if (worth.failed == 0) { return exit_fine; }
    tell(fmt::format("longwatch: {} of {} flights failed, and are left out\n", worth.failed,
                     range.count));
    return exit_answer_is_no;
}

}  // namespace longwatch
