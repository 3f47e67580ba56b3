// What longwatch regress says: on the terminal, as Markdown, as JUnit XML.
#pragma once

#include <string>

#include "results/comparison/regression.hpp"

namespace longwatch {

struct RegressReport {
    std::string baseline_file, new_file;
    Baseline const* before = nullptr;
    Baseline const* after = nullptr;
    Regression regression;
    std::vector<std::string> differing_keys;  ///< of the study, where both are result files
};

std::string regress_text(RegressReport const& report);
/// docs/io_format.md lists the keys.
std::string regress_json(RegressReport const& report);
std::string regress_markdown(RegressReport const& report);
/// One test case per quantity tested, per device timed, and one for identity; for CI systems.
std::string regress_junit(RegressReport const& report);

// Shared by the three.
std::string backend_text(
    Baseline const& of);  ///< "0.1.0 (commit 1a2b), 20,000 flights, seed 7, on cpu"
std::string identity_text(Regression const& r);
std::string speed_text(SpeedFinding const& s);
/// Value before, value after, difference with its interval, effect; in the quantity's unit.
struct FindingText {
    std::string before, after, difference, effect, p_adjusted;
};
FindingText finding_text(Finding const& f);
/// Those that moved, the least likely first.
std::vector<Finding const*> moved_findings(Regression const& r);

}  // namespace longwatch
