#include "host/command/regress_report.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "results/show/table.hpp"
#include "results/show/terminal_text.hpp"

namespace longwatch {

namespace {

constexpr std::size_t rows_shown_max = 25;

std::string verdict_text(Regression const& r)
{
    switch (r.verdict) {
    case Verdict::clean: return "clean";
    case Verdict::moved: return "moved";
    case Verdict::not_comparable: break;
    }
    return "not comparable";
}

std::string tested_text(Regression const& r)
{
    return fmt::format(
        "{} of {} quantities moved (family-wise level {:g} by Holm's procedure, and beyond the "
        "tolerance)",
        r.moved_count(), r.findings.size(), family_level);
}

/// What is to be said before the tables: one paragraph each.
std::vector<std::string> remarks(RegressReport const& report)
{
    auto const& r = report.regression;
    std::vector<std::string> said;
    if (r.verdict == Verdict::not_comparable) {
        said.push_back("Not comparable: " + r.why + ".");
        return said;
    }
    if (r.must_be_identical) { said.push_back(identity_text(r)); }
    if (!report.differing_keys.empty()) {
        said.push_back(
            fmt::format("The study differs, first in {}.", report.differing_keys.front()));
    } else if (!r.changed_entries.empty()) {
        said.push_back(fmt::format("The study differs in its entries {}.",
                                   fmt::join(r.changed_entries, ", ")));
    }
    said.push_back(tested_text(r) + ".");
    if (!r.untested.empty()) {
        said.push_back(fmt::format("Not tested: {}.", fmt::join(r.untested, "; ")));
    }
    return said;
}

std::string where(Measured const& m)
{
    if (m.arm.empty()) { return m.subject; }
    return m.subject.empty() ? m.arm : m.arm + ", " + m.subject;
}

}  // namespace

std::string backend_text(Baseline const& of)
{
    return fmt::format("{} (commit {}) of {}, {}, seed {}, on {} ({})", of.code_version,
                       of.git_hash, of.created_utc, counted(of.flight_count, "flight"), of.seed,
                       of.device, of.instructions);
}

std::string identity_text(Regression const& r)
{
    if (r.is_identical) {
        return "Same study, seed, flights and backend: identical in every count.";
    }
    return "Same study, seed, flights and backend, but not identical: first, " +
           r.first_difference + ".";
}

std::string speed_text(SpeedFinding const& s)
{
    auto const median = [](std::vector<double> rates) {
        std::sort(rates.begin(), rates.end());
        return rates[rates.size() / 2];
    };
    auto const interval = s.ratio.is_bounded()
                              ? fmt::format("{:.2f} (95 % interval {:.2f} to {:.2f})",
                                            s.ratio.value, s.ratio.low, s.ratio.high)
                              : fmt::format("{:.2f} (no interval: one repeat)", s.ratio.value);
    return fmt::format("{}, {}, {}, {}: {:.0f} -> {:.0f} flights/s, ratio {}{}", s.before.device,
                       s.before.processor, s.before.instructions,
                       counted(s.before.threads, "thread"), median(s.before.flights_per_s),
                       median(s.after.flights_per_s), interval, s.slower ? ", slower" : "");
}

FindingText finding_text(Finding const& f)
{
    bool const is_fraction = f.before.kind == Measured::Kind::fraction;
    FindingText text;
    auto const value = is_fraction ? percent : plain;
    text.before = value(estimate_of(f.before));
    text.after = value(estimate_of(f.after));
    text.difference = is_fraction ? percent_gain(f.difference) : plain_gain(f.difference);
    char const* const unit = is_fraction            ? " % points"
                             : f.before.unit == "1" ? ""
                                                    : f.before.unit.c_str();
    if (f.difference) {
        text.difference += (is_fraction || *unit == 0 ? "" : " ") + std::string(unit);
    }
    text.effect = f.effect ? fmt::format("{} {:+.3f}",
                                         f.effect->name == "cohen_h"   ? "h"
                                         : f.effect->name == "cohen_d" ? "d"
                                                                       : "D",
                                         f.effect->value)
                           : "-";
    text.p_adjusted = f.p_adjusted < 1e-99 ? "<1e-99" : fmt::format("{:.2g}", f.p_adjusted);
    return text;
}

std::vector<Finding const*> moved_findings(Regression const& r)
{
    std::vector<Finding const*> moved;
    for (auto const& f : r.findings) {
        if (f.moved) { moved.push_back(&f); }
    }
    std::stable_sort(moved.begin(), moved.end(),
                     [](Finding const* a, Finding const* b) { return a->p_value < b->p_value; });
    return moved;
}

std::string regress_text(RegressReport const& report)
{
    auto const& r = report.regression;
    std::string text =
        fmt::format("{}: {}\n", terminal_text(report.before->study), verdict_text(r));
    text +=
        wrapped(fmt::format("baseline {}: {}", report.baseline_file, backend_text(*report.before)),
                "  ", "    ");
    text += wrapped(fmt::format("new      {}: {}", report.new_file, backend_text(*report.after)),
                    "  ", "    ");
    for (auto const& one : remarks(report)) { text += wrapped(one, "  ", "    "); }
    auto const moved = moved_findings(r);
    if (!moved.empty()) {
        Table table{{"moved", "quantity", "difference (95 %)", "effect", "Holm's p"}, {}};
        for (auto const* f : moved) {
            if (table.rows.size() == rows_shown_max) { break; }
            auto const said = finding_text(*f);
            table.rows.push_back({terminal_text(where(f->before)),
                                  terminal_text(f->before.quantity), said.difference, said.effect,
                                  said.p_adjusted});
        }
        text += "\n" + lay_out(table, 140);
        if (moved.size() > table.rows.size()) {
            text +=
                fmt::format("  and {} more: see --markdown\n", moved.size() - table.rows.size());
        }
    }
    for (auto const& s : r.speeds) {
        text += wrapped("throughput: " + speed_text(s), "  ", "    ");
    }
    return text;
}

namespace {

/// Text that Markdown, and HTML in it, takes for nothing else. An underscore within a word is none of its signs.
std::string cell(std::string const& text)
{
    std::string safe;
    for (char const c : terminal_text(text)) {
        if (std::string_view("\\`*[]#|").find(c) != std::string_view::npos) { safe += '\\'; }
        safe += c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    }
    return safe;
}

}  // namespace

std::string regress_markdown(RegressReport const& report)
{
    auto const& r = report.regression;
    std::string text = fmt::format("## {}: {}\n\n", cell(report.before->study), verdict_text(r));
    text += fmt::format("- baseline {}: {}\n- new {}: {}\n\n", cell(report.baseline_file),
                        cell(backend_text(*report.before)), cell(report.new_file),
                        cell(backend_text(*report.after)));
    for (auto const& one : remarks(report)) { text += cell(one) + "\n\n"; }
    auto const moved = moved_findings(r);
    if (!moved.empty()) {
        text +=
            "| arm | of | quantity | before | after | difference (95 %) | effect | Holm's p |\n"
            "|---|---|---|---|---|---|---|---|\n";
        for (auto const* f : moved) {
            auto const said = finding_text(*f);
            text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", cell(f->before.arm),
                                cell(f->before.subject), cell(f->before.quantity), said.before,
                                said.after, said.difference, said.effect, said.p_adjusted);
        }
        text += "\n";
    }
    for (auto const& s : r.speeds) { text += "- throughput: " + cell(speed_text(s)) + "\n"; }
    return text + (r.speeds.empty() ? "" : "\n");
}

}  // namespace longwatch
