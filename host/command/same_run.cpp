#include "host/command/same_run.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include "results/statistics/tally_checks.hpp"

namespace longwatch {

namespace {

KeyDifference first_of_studies(StudyRecord const& a, StudyRecord const& b)
{
    // What no number depends on, as a source, is in the hash too.
    KeyDifference hashes{"study_hash", a.hash, b.hash};
    try {
        auto const differences = study_differences(study_keys(a.resolved), study_keys(b.resolved));
        return differences.empty() ? hashes : differences.front();
    } catch (std::invalid_argument const&) {
        return hashes;
    }
}

}  // namespace

std::optional<KeyDifference> first_difference(FlownPart const& a, FlownPart const& b)
{
    if (a.study.hash != b.study.hash) { return first_of_studies(a.study, b.study); }
    auto const& p = a.provenance;
    auto const& q = b.provenance;
    std::vector<KeyDifference> const keys = {
        {"seed", std::to_string(a.seed), std::to_string(b.seed)},
        {"code_version", p.code_version, q.code_version},
        {"git_hash", p.git_hash, q.git_hash},
        {"device", p.device, q.device},
        {"precision", p.precision, q.precision},
        {"instructions", p.instructions, q.instructions},
        {"lanes", std::to_string(p.lanes), std::to_string(q.lanes)},
    };
    for (auto const& key : keys) {
        if (key.a != key.b) { return key; }
    }
    auto const& m = a.tally.layout;
    auto const& n = b.tally.layout;
    if (m.randomisation_count != n.randomisation_count) {
        return KeyDifference{"randomisations", std::to_string(m.randomisation_count),
                             std::to_string(n.randomisation_count)};
    }
    if (!same_layout(m, n)) { return KeyDifference{"cells of the tally", "other", "others"}; }
    return std::nullopt;
}

}  // namespace longwatch
