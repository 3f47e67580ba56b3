// The verbs of the command line: what each takes, and doing it. They print results on standard output
// and throw for what goes wrong; command_line.cpp says how a user asks for them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/command/exit_status.hpp"
#include "host/command/flying.hpp"

namespace longwatch {

struct RunOptions {
    std::string study, output;
    std::optional<std::string> timing, checkpoint_s;
    bool resume = false, restart = false;
    bool alone = false;  ///< whatever launcher started it, it flies all by itself
    FlyingOptions flying;
};

struct MergeOptions {
    std::vector<std::string> parts;
    std::string output;
    std::optional<std::string> flights, first_flight;
    bool with_gaps = false;
};

/// The numbers as text, as given.
struct ReconstructOptions {
    std::string launch, azimuth_deg, apogee_km, range_km;
    std::string vehicle = "icbm-liquid";
    std::optional<std::string> flight_time_s, catalog;
    std::string time_tolerance_s = "120";
    bool as_json = false;
};

struct ReplayOptions {
    std::string study, flight, output;
    std::optional<std::string> arm;
    FlyingOptions flying;
};

struct ReportOptions {
    std::string file, output;
    std::optional<std::string> format, value, python;
};

struct ArmOptions {
    std::string study;
    std::optional<std::string> arm;
    bool as_json = false;
    FlyingOptions flying;
};

struct PlaceOptions {
    std::string study, output;
    bool as_json = false;
    FlyingOptions flying;
};

struct InitOptions {
    std::string file;
    std::optional<std::string> catalog;
};

struct CatalogOptions {
    std::optional<std::string> name, kind, catalog;
    bool as_json = false, names_only = false;
};

struct BenchOptions {
    std::optional<std::string> catalog;
    bool as_json = false;
    FlyingOptions flying;
};

struct CheckOptions {
    std::string study;
    std::optional<std::string> catalog;
    bool keys = false;  ///< what its tables may say, in place of what they do
};

struct CompareOptions {
    std::string first;
    std::optional<std::string> second, arm, against;
    bool as_json = false;
};

struct RegressOptions {
    std::string baseline;
    std::optional<std::string> fresh, renewed, timing, junit, markdown;
    bool as_json = false;
};

struct ExerciseOptions {
    std::string study, flight;
    std::string flights = "1", speed = "1";
    std::optional<std::string> output, arm, catalog, page;
    std::vector<std::string> faults, places;
    bool hold = false, no_page = false;
};

struct NodeOptions {
    std::string study, name, exercise;
    std::optional<std::string> catalog;
};

ExitStatus run(RunOptions const& options);
ExitStatus merge(MergeOptions const& options);
ExitStatus place(PlaceOptions const& options);
ExitStatus replay(ReplayOptions const& options);
ExitStatus value(ArmOptions const& options);
ExitStatus horizon(ArmOptions const& options);
ExitStatus check(CheckOptions const& options);
ExitStatus compare(CompareOptions const& options);
ExitStatus regress(RegressOptions const& options);
ExitStatus show(std::string const& file, bool as_json);
ExitStatus report(ReportOptions const& options);
ExitStatus reconstruct(ReconstructOptions const& options);
ExitStatus exercise(ExerciseOptions const& options);
ExitStatus node(NodeOptions const& options);
ExitStatus info(bool as_json);
ExitStatus bench(BenchOptions const& options);
ExitStatus init(InitOptions const& options);
ExitStatus catalog(CatalogOptions const& options);
/// One of the texts for shells, manuals and editors.
ExitStatus generate(std::string const& what);

/// "0.1.0 (commit 1a2b3c)"
std::string version_text();

}  // namespace longwatch
