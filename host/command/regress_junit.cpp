// JUnit XML of a regression, in the form that CI systems read (testsuites, testsuite, testcase, failure).
#include <sstream>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "host/command/regress_report.hpp"

namespace longwatch {

namespace {

/// Counts its cases as it goes.
class Suite {
public:
    Suite(pugi::xml_node parent, std::string const& study) : study_(study)
    {
        node_ = parent.append_child("testsuite");
        node_.append_attribute("name") = ("regress " + study).c_str();
    }

    void add(std::string const& of, std::string const& name, bool failed, std::string const& said)
    {
        auto one = node_.append_child("testcase");
        auto const class_name = of.empty() ? study_ : study_ + "." + of;
        one.append_attribute("classname") = class_name.c_str();
        one.append_attribute("name") = name.c_str();
        ++tests_;
        if (!failed) { return; }
        ++failures_;
        auto failure = one.append_child("failure");
        failure.append_attribute("type") = "moved";
        failure.append_attribute("message") = said.c_str();
    }

    void error(std::string const& name, std::string const& said)
    {
        auto one = node_.append_child("testcase");
        one.append_attribute("classname") = study_.c_str();
        one.append_attribute("name") = name.c_str();
        ++tests_;
        ++errors_;
        auto error = one.append_child("error");
        error.append_attribute("type") = "not comparable";
        error.append_attribute("message") = said.c_str();
    }

    void finish()
    {
        node_.append_attribute("tests") = tests_;
        node_.append_attribute("failures") = failures_;
        node_.append_attribute("errors") = errors_;
    }

private:
    std::string study_;
    pugi::xml_node node_;
    int tests_ = 0, failures_ = 0, errors_ = 0;
};

std::string failure_text(RegressReport const& report, Finding const& f)
{
    auto const said = finding_text(f);
    return fmt::format(
        "{} -> {}, difference {}, effect {}, Holm's p {}; between {} (commit {}) and {} (commit "
        "{})",
        said.before, said.after, said.difference, said.effect, said.p_adjusted,
        report.before->code_version, report.before->git_hash, report.after->code_version,
        report.after->git_hash);
}

}  // namespace

std::string regress_junit(RegressReport const& report)
{
    auto const& r = report.regression;
    pugi::xml_document document;
    auto root = document.append_child("testsuites");
    Suite suite(root, report.before->study);
    if (r.verdict == Verdict::not_comparable) { suite.error("comparable", r.why); }
    if (r.must_be_identical) {
        suite.add("", "identical on the same backend", !r.is_identical, identity_text(r));
    }
    for (auto const& f : r.findings) {
        auto const& m = f.before;
        auto const of =
            m.arm.empty() || m.subject.empty() ? m.arm + m.subject : m.arm + "." + m.subject;
        suite.add(of, m.quantity, f.moved, failure_text(report, f));
    }
    for (auto const& s : r.speeds) {
        suite.add("throughput", s.before.device + ", " + s.before.processor, s.slower,
                  speed_text(s));
    }
    suite.finish();
    std::ostringstream text;
    document.save(text, " ");
    return text.str();
}

}  // namespace longwatch
