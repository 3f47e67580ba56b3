// longwatch horizon: how much hangs on how radar rays bend, by flying an arm under both bounds.
#include <memory>

#include <fmt/format.h>

#include "host/command/arm_option.hpp"
#include "host/command/catalog_folder.hpp"
#include "host/command/output.hpp"
#include "host/command/verbs.hpp"
#include "host/plan/horizons.hpp"
#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"
#include "results/show/estimate_json.hpp"
#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"
#include "results/statistics/estimates.hpp"

namespace longwatch {

namespace {

struct Bracket {
    Study const& study;
    std::string arm;
    FlightRange range;
    std::uint64_t failed = 0;
    Estimates estimates;
};

MaybeEstimate median_s(ConsumerEstimates const& c)
{
    return c.warning_time_s ? MaybeEstimate(c.warning_time_s->p50) : std::nullopt;
}

std::string bracket_text(Bracket const& b)
{
    auto text = fmt::format(
        "{}, {}: warning under straight rays (k = 1) and under standard refraction (k = 4/3), "
        "which\n"
        "bracket the truth; {} flights, the same in both; 95 % intervals\n\n",
        terminal_text(b.study.name), b.arm, b.range.count);
    Table table{{"consumer", "straight, min:s", "refracted, min:s", "gain, min:s",
                 "warned straight, %", "warned refracted, %"},
                {}};
    for (std::size_t c = 0; c < b.study.consumers.size(); ++c) {
        auto const& straight = b.estimates.arms[0].consumers[c];
        auto const& refracted = b.estimates.arms[1].consumers[c];
        table.rows.push_back({terminal_text(b.study.consumers[c]), minutes(median_s(straight)),
                              minutes(median_s(refracted)),
                              minutes_gain(b.estimates.pairs[0].consumers[c].gain_s),
                              percent(straight.p_warned), percent(refracted.p_warned)});
    }
    return text + lay_out(table) +
           "  The first two are medians over flights with a message; the gain is the mean over "
           "flights with\n"
           "  one in both; warned in time, straight and refracted, of the flights that concern.\n";
}

std::string bracket_json(Bracket const& b)
{
    Json json = {{"study", b.study.name},     {"study_hash", b.study.hash}, {"arm", b.arm},
                 {"flights", b.range.count},  {"seed", b.range.seed},       {"failed", b.failed},
                 {"consumers", Json::array()}};
    for (std::size_t c = 0; c < b.study.consumers.size(); ++c) {
        auto const side = [&](std::size_t arm) {
            auto const& e = b.estimates.arms[arm].consumers[c];
            return Json{{"earth_radius_factor", horizon_factor[arm]},
                        {"warning_time_p50_s", to_json(median_s(e))},
                        {"p_warned", to_json(e.p_warned)}};
        };
        auto const& gain = b.estimates.pairs[0].consumers[c];
        json["consumers"].push_back({{"name", b.study.consumers[c]},
                                     {"straight", side(0)},
                                     {"refracted", side(1)},
                                     {"gain_s", to_json(gain.gain_s)},
                                     {"p_warned_gain", to_json(gain.p_warned_gain)}});
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

ExitStatus horizon(ArmOptions const& options)
{
    auto const flying = resolve(options.flying);
    auto study = read_study(options.study, reading_with(options.flying.catalog));
    int const arm =
        options.arm ? arm_named(study, *options.arm) : static_cast<int>(study.arms.size()) - 1;
    if (2 * study.scenario->sensor_count > max_sensors) {
        throw UsageError(
            fmt::format("the study has {} sensors (horizon flies each twice, and takes at most {})",
                        study.scenario->sensor_count, max_sensors / 2));
    }
    prepare(study);
    Bracket b{
        study, study.arms[static_cast<std::size_t>(arm)], flights_asked(study, flying), 0, {}};
    tell_remarks(study, b.range.count);
    auto const scenario = with_both_horizons(*study.scenario, arm);
    auto const what = fmt::format("{}, {} under both horizons", study.name, b.arm);
    Tally const tally = fly(what, *scenario, flying, b.range);
    b.failed = failed_flights(tally);
    b.estimates = estimate(tally.pooled(), randomisations_of(tally));
    print(options.as_json ? bracket_json(b) : bracket_text(b));
    finish_output();
    if (b.failed == 0) { return exit_fine; }
    tell(fmt::format("longwatch: {} of {} flights failed, and are left out\n", b.failed,
                     b.range.count));
    return exit_answer_is_no;
}

}  // namespace longwatch
