#include "results/show/show_json.hpp"

#include <algorithm>

#include "results/show/estimate_json.hpp"
#include "results/store/schema.hpp"

namespace longwatch {

namespace {

Json to_json(std::optional<TimeEstimates> const& t)
{
    if (!t) { return nullptr; }
    return {{"mean", to_json(t->mean)},
            {"p05", to_json(t->p05)},
            {"p50", to_json(t->p50)},
            {"p95", to_json(t->p95)}};
}

Json delay_json(ConsumerEstimates const& e)
{
    if (!e.delay_s[delay_total]) { return nullptr; }
    Json json = Json::object();
    for (int part = 0; part < delay_part_count; ++part) {
        json[delay_part_names[part]] = to_json(e.delay_s[part]);
    }
    json["total"] = to_json(e.delay_s[delay_total]);
    return json;
}

Json consumer_json(std::string const& name, ConsumerEstimates const& e)
{
    Json json = {{"name", name},
                 {"flights", e.flights},
                 {"messages", e.messages},
                 {"p_warned", to_json(e.p_warned)},
                 {"p_too_late", to_json(e.p_too_late)},
                 {"p_none", to_json(e.p_none)},
                 {"warning_time_s", to_json(e.warning_time_s)},
                 {"p_at_least_s", nullptr},
                 {"delay_s", delay_json(e)},
                 {"precautions", e.precautions},
                 {"p_precaution", to_json(e.p_precaution)},
                 {"false_warnings", e.false_warnings},
                 {"false_warning_s", to_json(e.false_warning_s)},
                 {"all_clears", e.all_clears},
                 {"all_clear_s", to_json(e.all_clear_s)}};
    for (int k = 0; k < gain_threshold_count; ++k) {
        auto const at = static_cast<std::size_t>(threshold_index(gain_threshold_s(k)));
        if (e.p_at_least[at]) {
            json["p_at_least_s"][threshold_key(k)] = to_json(e.p_at_least[at]);
        }
    }
    return json;
}

Json proportion_json(Proportion const& p)
{
    Json json = to_json(p.estimate);
    json["clopper_pearson"] = {{"low", p.exact.low}, {"high", p.exact.high}};
    return json;
}

Json battery_json(std::string const& name, BatteryEstimates const& b)
{
    return {{"name", name},
            {"engaged", b.engaged},
            {"engaged_on_remote", b.remote},
            {"shots", b.shots},
            {"wasted", b.wasted},
            {"acquired", b.acquired},
            {"close", b.close},
            {"hit", b.hit},
            {"killed", b.killed},
            {"pk", to_json(b.pk)},
            {"p_remote", to_json(b.p_remote)},
            {"p_hit", to_json(b.p_hit)},
            {"left_mean", to_json(b.left_mean)},
            {"opportunities_mean", to_json(b.opportunities_mean)},
            {"p_reached", to_json(b.p_reached)},
            {"first_intercept_s", to_json(b.first_intercept_s)},
            {"last_intercept_s", to_json(b.last_intercept_s)}};
}

/// shots_saved is against the first arm; there is none of the first arm itself.
Json engagement_json(ArmEstimates const& arm, MaybeEstimate const& shots_saved,
                     std::vector<std::string> const& batteries)
{
    if (!arm.engagement) { return nullptr; }
    auto const& e = *arm.engagement;
    Json json = {{"flights", e.flights},
                 {"raids", e.raids},
                 {"pk", proportion_json(e.pk)},
                 {"p_leak", proportion_json(e.p_leak)},
                 {"p_no_leaker", proportion_json(e.p_no_leaker)},
                 {"leakers_mean", to_json(e.leakers_mean)},
                 {"p_leakers", Json::array()},
                 {"shots_mean", to_json(e.shots_mean)},
                 {"shots_saved", to_json(shots_saved)},
                 {"weighted", e.is_weighted},
                 {"effective_raids", e.effective_raids},
                 {"batteries", Json::array()}};
    for (auto const& p : e.p_leakers) { json["p_leakers"].push_back(to_json(p)); }
    for (std::size_t i = 0; i < arm.batteries.size(); ++i) {
        json["batteries"].push_back(battery_json(batteries[i], arm.batteries[i]));
    }
    return json;
}

Json fates_json(std::vector<std::vector<std::int64_t>> const& by_threat)
{
    Json json = Json::object();
    for (std::size_t fate = 0; fate < static_cast<std::size_t>(fate_count); ++fate) {
        std::int64_t count = 0;
        for (auto const& threat : by_threat) { count += threat[fate]; }
        json[fate_names[fate]] = count;
    }
    return json;
}

Json paired_json(PairEstimates const& pair, std::size_t consumer, ResultNames const& names)
{
    auto const& p = pair.consumers[consumer];
    Json at_least = nullptr;
    for (int k = 0; k < gain_threshold_count; ++k) {
        if (p.p_at_least_gain[k]) { at_least[threshold_key(k)] = to_json(p.p_at_least_gain[k]); }
    }
    return {{"arm", names.arms[static_cast<std::size_t>(pair.arm)]},
            {"versus", names.arms[static_cast<std::size_t>(pair.versus)]},
            {"consumer", names.consumers[consumer]},
            {"flights", p.flights},
            {"gain_s", to_json(p.gain_s)},
            {"usable_gain_s", to_json(p.usable_gain_s)},
            {"p_warned_gain", to_json(p.p_warned_gain)},
            {"p_at_least_gain_s", std::move(at_least)},
            {"newly_reached", p.newly_reached},
            {"lost_message", p.lost_message},
            {"newly_warned", p.newly_warned},
            {"lost_warning", p.lost_warning}};
}

/// Of the sensors that tell launches and reported some.
Json launches_json(Estimates const& e, std::vector<std::string> const& sensors)
{
    Json json = Json::array();
    for (std::size_t s = 0; s < sensors.size(); ++s) {
        auto const& launches = e.launches[s];
        if (launches.flights == 0) { continue; }
        Json one = {{"sensor", sensors[s]}, {"flights", launches.flights}};
        for (int when = 0; when < 2; ++when) {
            one[when == 0 ? "at_report" : "at_burnout"] = {
                {"half_axis_m", to_json(launches.at[when].half_axis_m)},
                {"azimuth_rad", to_json(launches.at[when].azimuth_rad)}};
        }
        json.push_back(std::move(one));
    }
    return json;
}

Json failures_json(std::vector<ListedFailure> const& failures)
{
    Json json = Json::array();
    for (auto const& failure : failures) {
        json.push_back(
            {{"flight", failure.flight}, {"fate", fate_names[static_cast<int>(failure.fate)]}});
    }
    return json;
}

void add_provenance(Json& json, ResultFile const& result)
{
    auto const& p = result.provenance;
    json["precision"] = p.precision;
    json["instructions"] = p.instructions;
    json["lanes"] = p.lanes;
    json["threads"] = p.threads;
    json["code_version"] = p.code_version;
    json["git_hash"] = p.git_hash;
    json["created_utc"] = p.created_utc;
    json["study_hash"] = result.study.hash;
    json["assumptions"] = result.assumptions;
}

/// Flights between the first and the last that are not in the file.
Json gaps_json(ResultFile const& result)
{
    Json gaps = Json::array();
    for (auto const& gap : result.gaps) {
        gaps.push_back({{"first_flight", gap.first}, {"flight_count", gap.count}});
    }
    return gaps;
}

}  // namespace

std::string show_json(ResultFile const& result)
{
    auto const estimates = estimate(result.tally, result.randomisations);
    auto const& names = result.names;
    Json json = {{"study", result.study.name},
                 {"question", result.study.question},
                 {"flights", result.flight_count},
                 {"first_flight", result.first_flight},
                 {"gaps", gaps_json(result)},
                 {"seed", result.seed},
                 {"sampling", result.sampling},
                 {"randomisations", std::max<std::size_t>(result.randomisations.size(), 1)},
                 {"stopped", result.stopped},
                 {"raid_size", result.tally.layout.raid_size},
                 {"device", result.provenance.device}};
    json["fates"] = fates_json(estimates.fates);
    json["fates_by_threat"] = Json::object();
    for (std::size_t i = 0; i < names.threats.size(); ++i) {
        json["fates_by_threat"][names.threats[i]] = fates_json({estimates.fates[i]});
    }
    json["arms"] = Json::array();
    for (std::size_t arm = 0; arm < names.arms.size(); ++arm) {
        auto const& e = estimates.arms[arm];
        Json consumers = Json::array();
        for (std::size_t i = 0; i < names.consumers.size(); ++i) {
            consumers.push_back(consumer_json(names.consumers[i], e.consumers[i]));
        }
        MaybeEstimate shots_saved;
        if (arm > 0) {
            auto const at = result.tally.layout.pair(static_cast<int>(arm), 0);
            shots_saved = estimates.pairs[static_cast<std::size_t>(at)].engagement.shots_saved;
        }
        json["arms"].push_back({{"name", names.arms[arm]},
                                {"consumers", std::move(consumers)},
                                {"engagement", engagement_json(e, shots_saved, names.batteries)}});
    }
    json["paired"] = Json::array();
    json["paired_engagement"] = Json::array();
    for (auto const& pair : estimates.pairs) {
        for (std::size_t i = 0; i < names.consumers.size(); ++i) {
            json["paired"].push_back(paired_json(pair, i, names));
        }
        json["paired_engagement"].push_back(
            {{"arm", names.arms[static_cast<std::size_t>(pair.arm)]},
             {"versus", names.arms[static_cast<std::size_t>(pair.versus)]},
             {"newly_killed", pair.engagement.newly_killed},
             {"lost_kill", pair.engagement.lost_kill},
             {"pk_gain", to_json(pair.engagement.pk)},
             {"p_no_leaker_gain", to_json(pair.engagement.p_no_leaker)},
             {"leakers_fewer", to_json(pair.engagement.leakers)},
             {"shots_saved", to_json(pair.engagement.shots_saved)}});
    }
    json["launches"] = launches_json(estimates, names.sensors);
    json["failures"] = failures_json(result.failures);
    add_provenance(json, result);
    // Names come from files; bytes that are no UTF-8 must not stop the answer.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace longwatch
