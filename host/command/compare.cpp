// longwatch compare: two arms of a result, or the arms of two results.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "host/command/compare_tables.hpp"
#include "host/command/output.hpp"
#include "host/command/verbs.hpp"
#include "host/study/nearest_name.hpp"
#include "results/store/store.hpp"

namespace longwatch {

namespace {

int arm_of(NamedResult const& named, std::string const& option, std::string const& name)
{
    auto const& arms = named.result.names.arms;
    auto const found = std::find(arms.begin(), arms.end(), name);
    if (found != arms.end()) { return static_cast<int>(found - arms.begin()); }
    throw UsageError(fmt::format("{} '{}' is no arm of {} (known: {})", option, name, named.file,
                                 fmt::join(arms, ", ")) +
                     did_you_mean(name, arms));
}

std::string entry_of(std::string const& key) { return key.substr(0, key.find(']')); }

/// Entries of a kind that a study has, and for batteries the threats that any of them may take.
struct Entries {
    std::set<std::string> names;
    std::set<std::string> threats;

    Entries(StudyKeys const& keys, std::string const& kind)
    {
        for (auto const& [key, value] : keys) {
            if (key.compare(0, kind.size(), kind) != 0) { continue; }
            names.insert(entry_of(key));
            if (key.find("].threats") != std::string::npos) { threats.insert(value); }
        }
    }
};

/// A consumer or a battery that one study lacks is no other meaning of the ones that both have.
bool is_of_one_study_only(std::string const& key, Entries const& a, Entries const& b)
{
    auto const entry = entry_of(key);
    return a.names.count(entry) + b.names.count(entry) == 1;
}

/// The first difference after which the two would count other things; nothing where there is none.
KeyDifference const* first_that_counts(std::vector<KeyDifference> const& differences,
                                       StudyKeys const& a, StudyKeys const& b)
{
    Entries const consumers_a(a, "consumer["), consumers_b(b, "consumer[");
    Entries const batteries_a(a, "battery["), batteries_b(b, "battery[");
    for (auto const& d : differences) {
        if (!decides_what_is_counted(d.key)) { continue; }
        if (is_of_one_study_only(d.key, consumers_a, consumers_b)) { continue; }
        bool const one_more_battery = is_of_one_study_only(d.key, batteries_a, batteries_b);
        if (one_more_battery && batteries_a.threats == batteries_b.threats) { continue; }
        return &d;
    }
    return nullptr;
}

void check_comparable(NamedResult const& of, NamedResult const& against,
                      std::vector<KeyDifference>& differences)
{
    auto const a = study_keys(of.result.study.resolved);
    auto const b = study_keys(against.result.study.resolved);
    differences = study_differences(a, b);
    auto const* first = first_that_counts(differences, a, b);
    if (first == nullptr) { return; }
    auto const said = [](std::string const& value) { return value.empty() ? "absent" : value; };
    throw UsageError(fmt::format(
        "{} and {} cannot be compared (they count different things: {} is {} in the one and {} in "
        "the "
        "other) compare results whose threats, raids and consumers mean the same; longwatch show "
        "tells each by itself",
        against.file, of.file, first->key, said(first->b), said(first->a)));
}

NamedResult read_named(std::string const& file) { return {file, read_result(file)}; }

ArmComparison compared(NamedResult const& of, int arm, NamedResult const& against, int other)
{
    return {of.result.names.arms[static_cast<std::size_t>(arm)],
            against.result.names.arms[static_cast<std::size_t>(other)],
            compare({&of.result, arm}, {&against.result, other})};
}

ComparedFiles compare_within(NamedResult const& of, CompareOptions const& options)
{
    ComparedFiles out{&of, &of, {}, {}};
    auto const& arms = of.result.names.arms;
    if (arms.size() < 2) {
        throw UsageError(fmt::format("{} has one arm ({}) give a second file to compare it with",
                                     of.file, fmt::join(arms, "")));
    }
    int const arm = arm_of(of, "--arm", options.arm.value_or(arms.back()));
    int const other = arm_of(of, "--against", options.against.value_or(arms.front()));
    if (arm == other) {
        throw UsageError(
            fmt::format("--arm and --against are both '{}' (an arm does not differ "
                        "from itself) name two of {}",
                        arms[static_cast<std::size_t>(arm)], fmt::join(arms, ", ")));
    }
    out.arms.push_back(compared(of, arm, of, other));
    return out;
}

ComparedFiles compare_two(NamedResult const& of, NamedResult const& against,
                          CompareOptions const& options)
{
    ComparedFiles out{&of, &against, {}, {}};
    check_comparable(of, against, out.study_differences);
    if (options.arm || options.against) {
        auto const arm = options.arm.value_or(options.against.value_or(""));
        auto const other = options.against.value_or(arm);
        out.arms.push_back(
            compared(of, arm_of(of, "--arm", arm), against, arm_of(against, "--against", other)));
        return out;
    }
    auto const& theirs = against.result.names.arms;
    for (auto const& name : of.result.names.arms) {
        if (std::find(theirs.begin(), theirs.end(), name) == theirs.end()) { continue; }
        out.arms.push_back(
            compared(of, arm_of(of, "--arm", name), against, arm_of(against, "--against", name)));
    }
    if (out.arms.empty()) {
        throw UsageError(fmt::format(
            "{} and {} have no arm of the same name (the first has {}; the second {}) name one of "
            "each with --arm and "
            "--against",
            against.file, of.file, fmt::join(theirs, ", "), fmt::join(of.result.names.arms, ", ")));
    }
    return out;
}

}  // namespace

ExitStatus compare(CompareOptions const& options)
{
    auto const show = [&](ComparedFiles const& compared) {
        print(options.as_json ? comparison_json(compared) : comparison_text(compared));
    };
    auto const first = read_named(options.first);
    if (!options.second) {
        show(compare_within(first, options));
    } else {
        auto const second = read_named(*options.second);
        show(compare_two(second, first, options));
    }
    return exit_fine;
}

}  // namespace longwatch
