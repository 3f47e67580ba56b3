// The table of verbs: what each is called, what it takes and its help, and doing it. The help, the
// messages, the completions and the man page are all made from it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "host/command/verbs.hpp"

namespace longwatch {

/// What the user gave, verb by verb.
struct Given {
    RunOptions run;
    MergeOptions merge;
    ReplayOptions replay;
    ReconstructOptions reconstruct;
    ArmOptions value, horizon;
    PlaceOptions place;
    ReportOptions report;
    CompareOptions compare;
    RegressOptions regress;
    BenchOptions bench;
    InitOptions init;
    CatalogOptions catalog;
    CheckOptions check;
    ExerciseOptions exercise;
    NodeOptions node;
    std::string shown_file, generated;
    bool show_json = false, info_json = false;
};

struct Verb {
    std::string name;
    std::string summary;                    ///< one line, as in the list of verbs
    void (*add)(CLI::App& verb, Given&);    ///< declares options and help
    ExitStatus (*run)(Given const& given);  ///< once the command line is read
};

/// Those that help to begin.
std::vector<Verb> starting_verbs();
/// Those that fly a study.
std::vector<Verb> flying_verbs();
/// Those of an exercise.
std::vector<Verb> exercising_verbs();
/// Those that do not.
std::vector<Verb> telling_verbs();

/// All of them, in the order of the help.
std::vector<Verb> const& verb_table();

/// The parser of the whole command line. It writes into `given`, which must outlive it.
std::unique_ptr<CLI::App> command_line_parser(Given& given);

}  // namespace longwatch
