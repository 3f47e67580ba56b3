// longwatch regress --json.
#include "host/command/regress_report.hpp"
#include "results/show/estimate_json.hpp"

namespace longwatch {

namespace {

Json run_json(std::string const& file, Baseline const& of)
{
    return {{"file", file},
            {"study_hash", of.study_hash},
            {"code_version", of.code_version},
            {"git_hash", of.git_hash},
            {"created_utc", of.created_utc},
            {"device", of.device},
            {"instructions", of.instructions},
            {"flights", of.flight_count},
            {"first_flight", of.first_flight},
            {"seed", of.seed}};
}

Json finding_json(Finding const& f)
{
    Json effect = nullptr;
    if (f.effect) { effect = {{"name", f.effect->name}, {"value", f.effect->value}}; }
    return {{"arm", f.before.arm},
            {"subject", f.before.subject},
            {"quantity", f.before.quantity},
            {"unit", f.before.unit},
            {"before", to_json(estimate_of(f.before))},
            {"after", to_json(estimate_of(f.after))},
            {"difference", to_json(f.difference)},
            {"effect", std::move(effect)},
            {"p_holm", f.p_adjusted},
            {"moved", f.moved}};
}

char const* verdict_name(Verdict verdict)
{
    switch (verdict) {
    case Verdict::clean: return "clean";
    case Verdict::moved: return "moved";
    case Verdict::not_comparable: break;
    }
    return "not comparable";
}

}  // namespace

std::string regress_json(RegressReport const& report)
{
    auto const& r = report.regression;
    Json json = {
        {"study", report.before->study},
        {"verdict", verdict_name(r.verdict)},
        {"why_not_comparable", r.why.empty() ? Json(nullptr) : Json(r.why)},
        {"family_level", family_level},
        {"baseline", run_json(report.baseline_file, *report.before)},
        {"new", run_json(report.new_file, *report.after)},
        {"must_be_identical", r.must_be_identical},
        {"identical", r.is_identical},
        {"first_difference", r.first_difference.empty() ? Json(nullptr) : Json(r.first_difference)},
        {"changed_entries", r.changed_entries},
        {"differing_keys", report.differing_keys},
        {"untested", r.untested}};
    json["quantities"] = Json::array();
    for (auto const& f : r.findings) { json["quantities"].push_back(finding_json(f)); }
    json["throughput"] = Json::array();
    for (auto const& s : r.speeds) {
        json["throughput"].push_back({{"device", s.before.device},
                                      {"processor", s.before.processor},
                                      {"instructions", s.before.instructions},
                                      {"threads", s.before.threads},
                                      {"before_flights_per_s", s.before.flights_per_s},
                                      {"after_flights_per_s", s.after.flights_per_s},
                                      {"ratio", to_json(s.ratio)},
                                      {"slower", s.slower}});
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace longwatch
