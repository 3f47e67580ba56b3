#include "results/store/store_placement.hpp"

#include <cmath>
#include <limits>

#include "results/store/hdf5_file.hpp"
#include "results/store/schema.hpp"
#include "results/store/store.hpp"

namespace longwatch {

namespace {

void write_metadata(hid_t file, PlacementFile const& p)
{
    bool const fraction = is_probability(p.aim.objective);
    write_attribute(file, "file_type", placement_file_type);
    write_attribute(file, "schema_version", schema_version());
    write_attribute(file, "code_version", p.provenance.code_version);
    write_attribute(file, "git_hash", p.provenance.git_hash);
    write_attribute(file, "created_utc", p.provenance.created_utc);
    write_attribute(file, "study", p.study.name);
    write_attribute(file, "question", p.study.question);
    write_attribute(file, "study_hash", p.study.hash);
    write_attribute(file, "seed", p.seed);
    write_attribute(file, "first_flight", p.first_flight);
    write_attribute(file, "flight_count", p.flight_count);
    write_attribute(file, "failed_count", p.failed);
    write_attribute(file, "device", p.provenance.device);
    write_attribute(file, "precision", p.provenance.precision);
    write_attribute(file, "instructions", p.provenance.instructions);
    write_attribute(file, "lanes", std::int64_t{p.provenance.lanes});
    write_attribute(file, "threads", std::int64_t{p.provenance.threads});
    write_attribute(file, "arm", p.arm);
    write_attribute(file, "sensor", p.sensor);
    write_attribute(file, "objective",
                    std::string(placement_objective_names[static_cast<int>(p.aim.objective)]));
    write_attribute(file, "objective_units", std::string(fraction ? "1" : "s"));
    write_attribute(file, "at_least_s", p.at_least_s);
    write_attribute(file, "kept_flights", p.kept_flights);
}

/// Labels that datasets hang on.
struct PlacementScales {
    Handle candidate, consumer, estimate;
};

Handle write_labels(hid_t file, char const* name, char const* description,
                    std::vector<std::string> const& labels)
{
    auto dataset = write_strings(file, {name, "1", description, {labels.size()}, {}}, labels);
    make_scale(dataset, name);
    return dataset;
}

void append(std::vector<double>& to, MaybeEstimate const& e)
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (!e) {
        to.insert(to.end(), 3, std::nan(""));
        return;
    }
    to.push_back(e->value_below ? -infinity : e->value_above ? infinity : e->value);
    to.push_back(e->low_open ? -infinity : e->low);
    to.push_back(e->high_open ? infinity : e->high);
}

struct Quantity {
    char const* name;
    char const* unit;
    char const* description;
};

/// [candidate, consumer, estimate]
void write_by_consumer(hid_t file, PlacementScales const& scales, Quantity const& q,
                       PlacementFile const& p, MaybeEstimate ConsumerAtPlace::*member)
{
    std::vector<double> values;
    for (auto const& candidate : p.estimates.candidates) {
        for (std::size_t n = 0; n < p.consumers.size(); ++n) {
            append(values, candidate.consumers[n].*member);
        }
    }
    Shape const shape{p.sites.size(), p.consumers.size(), 3};
    auto const dataset = write_doubles(file, {q.name, q.unit, q.description, shape, {}}, values);
    attach_scale(dataset, 0, scales.candidate);
    attach_scale(dataset, 1, scales.consumer);
    attach_scale(dataset, 2, scales.estimate);
}

/// [candidate, estimate]
void write_by_candidate(hid_t file, PlacementScales const& scales, Quantity const& q,
                        PlacementFile const& p, MaybeEstimate CandidateEstimates::*member)
{
    std::vector<double> values;
    for (auto const& candidate : p.estimates.candidates) { append(values, candidate.*member); }
    auto const dataset =
        write_doubles(file, {q.name, q.unit, q.description, {p.sites.size(), 3}, {}}, values);
    attach_scale(dataset, 0, scales.candidate);
    attach_scale(dataset, 1, scales.estimate);
}

/// [candidate]
template <class Value>
void write_plain(hid_t file, PlacementScales const& scales, Quantity const& q,
                 PlacementFile const& p, Value const& value)
{
    std::vector<double> values;
    for (std::size_t k = 0; k < p.sites.size(); ++k) { values.push_back(value(k)); }
    auto const dataset =
        write_doubles(file, {q.name, q.unit, q.description, {values.size()}, {}}, values);
    attach_scale(dataset, 0, scales.candidate);
}

void write_choice(hid_t group, char const* name, char const* description, PlacementFile const& p,
                  Choice const& choice)
{
    std::vector<std::string> names;
    for (int const j : choice.members) {
        names.push_back(p.sites[static_cast<std::size_t>(j)].name);
    }
    auto const dataset = write_strings(group, {name, "1", description, {names.size()}, {}}, names);
    write_attribute(dataset, "gain", choice.gain);
    write_attribute(dataset, "bound", choice.bound);
    write_attribute(dataset, "gap", choice.gap());
}

void write_candidates(hid_t file, PlacementFile const& p)
{
    std::vector<std::string> names, surfaces;
    for (auto const& site : p.sites) {
        names.push_back(site.name);
        surfaces.emplace_back(site.on_land ? "land" : "water");
    }
    PlacementScales const scales{
        write_labels(file, "candidate", "names of the candidate sites", names),
        write_labels(file, "consumer", "names of the consumers", p.consumers),
        write_labels(file, "estimate", "value and ends of its 95 % interval",
                     {"value", "low", "high"})};
    auto const surface = write_strings(
        file, {"surface", "1", "land or water, by the catalogue's map", {names.size()}, {}},
        surfaces);
    attach_scale(surface, 0, scales.candidate);
    auto const site = [&](std::size_t k) -> PlacedSite const& { return p.sites[k]; };
    write_plain(file, scales, {"latitude_deg", "deg", "geodetic"}, p,
                [&](std::size_t k) { return site(k).latitude_deg; });
    write_plain(file, scales, {"longitude_deg", "deg", "east"}, p,
                [&](std::size_t k) { return site(k).longitude_deg; });
    write_plain(file, scales, {"p_best", "1", "probability that it is the best candidate"}, p,
                [&](std::size_t k) { return p.estimates.candidates[k].p_best; });
    write_by_candidate(file, scales,
                       {"coverage", "1", "fraction of all flights of which it makes a firm track"},
                       p, &CandidateEstimates::coverage);
    write_by_candidate(file, scales,
                       {"objective", is_probability(p.aim.objective) ? "1" : "s",
                        "the objective with the candidate added to the present layout"},
                       p, &CandidateEstimates::objective);
    write_by_candidate(file, scales,
                       {"objective_gain", is_probability(p.aim.objective) ? "1" : "s",
                        "gain of the objective on the present layout, paired"},
                       p, &CandidateEstimates::objective_gain);
    write_by_consumer(
        file, scales,
        {"warning_time_p50_s", "s", "median warning time over the flights with a message"}, p,
        &ConsumerAtPlace::p50_s);
    write_by_consumer(file, scales,
                      {"warning_time_p05_s", "s", "5 % of the flights with a message have less"}, p,
                      &ConsumerAtPlace::p05_s);
    write_by_consumer(
        file, scales,
        {"gain_s", "s", "mean gain in usable warning over the flights that concern it, paired"}, p,
        &ConsumerAtPlace::gain_s);
}

std::string joined(PlacementFile const& p, std::vector<int> const& members)
{
    std::string out;
    for (int const k : members) {
        out += (out.empty() ? "" : ", ") + p.sites[static_cast<std::size_t>(k)].name;
    }
    return out;
}

/// The best places, flown in full.
void write_checked(hid_t file, PlacementFile const& p)
{
    auto const group = new_group(file, "checked");
    std::vector<std::string> sites;
    std::vector<double> gains, kills;
    for (CheckedSet const& set : p.checked) {
        sites.push_back(joined(p, set.members));
        for (auto const& gain : set.usable_gain_s) { append(gains, gain); }
        append(kills, set.pk_gain);
    }
    auto const scale = write_labels(group, "sites", "sites of radars flown together", sites);
    auto const by_consumer =
        write_doubles(group,
                      {"usable_gain_s",
                       "s",
                       "mean gain in usable warning, by as many further flights, in full",
                       {sites.size(), p.consumers.size(), 3},
                       {}},
                      gains);
    auto const by_set = write_doubles(
        group, {"pk_gain", "1", "gain in the fraction killed, likewise", {sites.size(), 3}, {}},
        kills);
    attach_scale(by_consumer, 0, scale);
    attach_scale(by_set, 0, scale);
}

std::string make_image(PlacementFile const& p)
{
    auto const file = new_file_in_memory();
    write_metadata(file, p);
    write_candidates(file, p);
    write_checked(file, p);
    {
        auto const group = new_group(file, "chosen");
        write_choice(group, "greedy", "sites chosen one after another", p, p.greedy);
        write_choice(group, "exact", "sites chosen by the integer programme", p, p.exact);
    }
    auto const study = new_group(file, "study");
    write_strings(study, {"text", "1", "the study file as given", {}, {}}, {p.study.text});
    write_strings(study, {"resolved", "1", "the study with every default, SI units", {}, {}},
                  {p.study.resolved});
    auto const assumptions = write_strings(
        study,
        {"assumption", "1", "what a reader of the result must know", {p.assumptions.size()}, {}},
        p.assumptions);
    make_scale(assumptions, "assumption");
    return image_of(file);
}

}  // namespace

void write_placement(std::filesystem::path const& path, PlacementFile const& placement)
{
    write_sealed(path, placement_file_type, [&] { return make_image(placement); });
}

}  // namespace longwatch
