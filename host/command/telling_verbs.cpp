// What the verbs that fly no study take, and their help.
#include "host/command/verb_table.hpp"

namespace longwatch {
namespace {

void add_check(CLI::App& verb, Given& given)
{
    verb.add_option("STUDY", given.check.study, "study file (TOML)")->required();
    verb.add_flag("--keys", given.check.keys,
                  "print instead, as JSON, every key that its tables may have, for tools");
    verb.add_option("--catalog", given.check.catalog,
                    "folder of the catalogue, in place of the one that the study names")
        ->type_name("DIR");
    verb.footer(
        "Prints every value of the study in SI units, defaults and catalogue values included,\n"
        "as TOML, then its hash as a comment. The hash leaves seed and number of flights out:\n"
        "results of equal hash are of the same question. All problems of a study are told at\n"
        "once.\n\n"
        "Examples:\n"
        "  longwatch check studies/trilateral-warning.toml\n"
        "  longwatch check my-study.toml > resolved.toml");
}

void add_show(CLI::App& verb, Given& given)
{
    verb.add_option("FILE", given.shown_file, "result file (HDF5)")->required();
    verb.add_flag("--json", given.show_json, "print JSON");
    verb.footer(
        "Examples:\n"
        "  longwatch show result.h5\n"
        "  longwatch show result.h5 --json");
}

void add_merge(CLI::App& verb, Given& given)
{
    auto& options = given.merge;
    verb.add_option("PART", options.parts, "result files (HDF5) of other flights of one run")
        ->required();
    verb.add_option("-o,--output", options.output,
                    "result file (HDF5); one that is there is replaced")
        ->type_name("FILE")
        ->required();
    verb.add_option("--flights", options.flights,
                    "how many flights there are to be: a missing first or last part is told too")
        ->type_name("N");
    verb.add_option("--first-flight", options.first_flight,
                    "with --flights, the number of the first of them; 0 unless given")
        ->type_name("N");
    verb.add_flag("--gaps", options.with_gaps,
                  "write the result even if flights are missing; it says which lack in between");
    verb.footer(
        "Parts are of one study, seed, version and kind of device, and hold different flights:\n"
        "then the result is the one of a single run, bit for bit. Parts that differ are refused,\n"
        "with the first thing that does. What is missing of a result with gaps can be merged\n"
        "into it later, or flown by `run --resume`.\n\n"
        "Examples:\n"
        "  longwatch run my-study.toml -o part-0.h5 --flights 10000\n"
        "  longwatch run my-study.toml -o part-1.h5 --first-flight 10000 --flights 10000\n"
        "  longwatch merge part-0.h5 part-1.h5 -o result.h5\n\n"
        "Exit status: 0 merged; 1 flights are missing, or flights failed; 2 bad\n"
        "usage, or the parts do not belong together, and why; 3 could not run.");
}

void add_compare(CLI::App& verb, Given& given)
{
    auto& options = given.compare;
    verb.add_option("FILE", options.first, "result file (HDF5)")->required();
    verb.add_option("SECOND", options.second,
                    "a second result file, compared with the first; its arms of the same names "
                    "unless --arm is given");
    verb.add_option("--arm", options.arm,
                    "the arm to compare, of the second file where there are two; the last one "
                    "unless given")
        ->type_name("X");
    verb.add_option("--against", options.against,
                    "the arm to compare it with, of the first file; the first one unless given")
        ->type_name("Y");
    verb.add_flag("--json", options.as_json, "print JSON");
    verb.footer(
        "Differences with 95 % intervals and effect sizes: paired where the same flights are\n"
        "counted in both, two-sample where not; it says which, and why. Two files must count the\n"
        "same things: threats, raids, environment, and what warns a consumer. Sensors, network,\n"
        "batteries and delays may differ, and are listed.\n\n"
        "Examples:\n"
        "  longwatch compare result.h5 --arm via-us-hub --against bilateral\n"
        "  longwatch compare before.h5 after.h5\n"
        "  longwatch compare before.h5 after.h5 --arm direct --against via-us-hub --json\n\n"
        "Exit status: 0 compared; 2 bad usage, or they cannot be compared, and why; 3 could not\n"
        "run.");
}

void add_regress(CLI::App& verb, Given& given)
{
    auto& options = given.regress;
    verb.add_option("BASELINE", options.baseline, "baseline table, or result file")->required();
    verb.add_option("NEW", options.fresh, "the new one: result file, or baseline table");
    verb.add_option("--timing", options.timing,
                    "what longwatch run --timing wrote of the new result's runs")
        ->type_name("FILE");
    verb.add_flag("--json", options.as_json, "print JSON: every quantity tested");
    verb.add_option("--junit", options.junit, "write every test as JUnit XML")->type_name("FILE");
    verb.add_option("--markdown", options.markdown, "write the report as Markdown")
        ->type_name("FILE");
    verb.add_option("--renew", options.renewed,
                    "write a baseline table of the one result file given, and compare nothing")
        ->type_name("TABLE");
    verb.footer(
        "Runs of the same study, seed and flights on the same backend must be identical in every\n"
        "count. Otherwise every quantity is tested: exactly for proportions, by Welch's test for\n"
        "means, by chi-squared for distributions, with Holm's correction over all of them, so "
        "that\n"
        "two results of one truth are called moved once in a thousand comparisons. See\n"
        "docs/regression.md.\n\n"
        "Examples:\n"
        "  longwatch regress tests/baselines/trilateral-warning.json new.h5 --markdown moved.md\n"
        "  longwatch regress before.h5 after.h5\n"
        "  longwatch regress new.h5 --renew tests/baselines/trilateral-warning.json\n\n"
        "Exit status: 0 clean; 1 something moved; 2 bad usage, or they cannot be compared; 3 "
        "could\n"
        "not run.");
}

void add_report(CLI::App& verb, Given& given)
{
    auto& options = given.report;
    verb.add_option("FILE", options.file, "result or placement file (HDF5)")->required();
    verb.add_option("-o,--output", options.output,
                    "what to write; a folder for csv. An earlier report there is replaced")
        ->type_name("FILE")
        ->required();
    verb.add_option("--format", options.format,
                    "html, md, csv or json; as the name after -o ends unless given")
        ->type_name("F");
    verb.add_option("--value", options.value,
                    "what `longwatch value --json` printed: adds the worth of links and sensors")
        ->type_name("FILE");
    verb.add_option("--python", options.python,
                    "a Python that has longwatch_reader; unless given, LONGWATCH_PYTHON, .venv "
                    "above the program, or python3")
        ->type_name("P");
    verb.footer(
        "The page is one file that needs no network: map, warning times, delays, gains,\n"
        "engagements, limits and provenance.\n\n"
        "Examples:\n"
        "  longwatch report result.h5 -o report.html\n"
        "  longwatch report result.h5 -o tables --format csv\n"
        "  longwatch value my-study.toml --json > value.json\n"
        "  longwatch report result.h5 -o report.html --value value.json\n\n"
        "Exit status: 0 fine; 2 bad usage; 3 could not run.");
}

void add_reconstruct(CLI::App& verb, Given& given)
{
    auto& options = given.reconstruct;
    verb.add_option("--launch", options.launch, "launch place, degrees north and east")
        ->type_name("LAT,LON")
        ->required();
    verb.add_option("--azimuth-deg", options.azimuth_deg, "of the ground track at the launch place")
        ->type_name("A")
        ->required();
    verb.add_option("--apogee-km", options.apogee_km, "greatest altitude")
        ->type_name("H")
        ->required();
    verb.add_option("--range-km", options.range_km, "along the ground, launch to impact")
        ->type_name("R")
        ->required();
    verb.add_option("--vehicle", options.vehicle, "catalogue vehicle; icbm-liquid unless given")
        ->type_name("V");
    verb.add_option("--flight-time-s", options.flight_time_s, "reported, launch to impact")
        ->type_name("T");
    verb.add_option("--time-tolerance-s", options.time_tolerance_s,
                    "how far the reported time may be from the vehicle's; 120 unless given")
        ->type_name("S");
    verb.add_option(
            "--catalog", options.catalog,
            "folder of the catalogue; models/catalog here or above the program unless given")
        ->type_name("DIR");
    verb.add_flag("--json", options.as_json, "print JSON");
    verb.footer(
        "Reports flight time, its two-body lower bound, burnout, impact, spent stages, ground\n"
        "track, and when each sensor of the catalogue first sees the flight.\n\n"
        "Example, reported for 29 November 2017:\n"
        "  longwatch reconstruct --launch 39.2,125.7 --azimuth-deg 62 --apogee-km 4475 \\\n"
        "      --range-km 950 --flight-time-s 3180\n\n"
        "Exit status: 0 a flight matches; 1 none can, and why; 2 bad usage; 3 could not run.");
}

void add_info(CLI::App& verb, Given& given)
{
    verb.add_flag("--json", given.info_json, "print JSON");
    verb.footer(
        "Examples:\n"
        "  longwatch info\n"
        "  longwatch info --json");
}

void add_bench(CLI::App& verb, Given& given)
{
    auto& options = given.bench;
    verb.add_flag("--json", options.as_json, "print JSON");
    verb.add_option("--threads", options.flying.threads, "CPU threads; one per core unless given")
        ->type_name("T");
    verb.add_option(
            "--device", options.flying.device,
            "of the chain: auto (CUDA where a device is found), cpu, cuda, or cuda:N; on CUDA "
            "also arcs and stages")
        ->type_name("D");
    verb.add_option(
            "--flights", options.flying.flights,
            "of each timing of the chain, and of arcs on a device; 200,000 on a device, 1,200 "
            "a thread on a CPU unless given")
        ->type_name("N");
    verb.add_option(
            "--catalog", options.catalog,
            "folder of the catalogue; models/catalog here or above the program unless given")
        ->type_name("DIR");
    verb.footer(
        "Some ten seconds: arcs per second of ARC-2000 (docs/benchmarks.md) with the largest "
        "error,\n"
        "flights per second of the chain on studies/trilateral-warning.toml, and each of its "
        "stages,\n"
        "beside other machines.\n\n"
        "Examples:\n"
        "  longwatch bench\n"
        "  longwatch bench --threads 1 --json\n\n"
        "Exit status: 0 fine; 1 flights failed; 2 bad usage; 3 could not run.");
}

}  // namespace

std::vector<Verb> telling_verbs()
{
    return {
        {"check", "Check a study; print it resolved, and its hash", add_check,
         [](Given const& given) { return check(given.check); }},
        {"show", "Print the tables of a result", add_show,
         [](Given const& given) { return show(given.shown_file, given.show_json); }},
        {"merge", "Put results of different flights together", add_merge,
         [](Given const& given) { return merge(given.merge); }},
        {"compare", "Tell how arms, or two results, differ", add_compare,
         [](Given const& given) { return compare(given.compare); }},
        {"regress", "Tell what has moved since a baseline", add_regress,
         [](Given const& given) { return regress(given.regress); }},
        {"report", "Turn a result into a page, or plain tables", add_report,
         [](Given const& given) { return report(given.report); }},
        {"reconstruct", "Find the flight that matches a published one", add_reconstruct,
         [](Given const& given) { return reconstruct(given.reconstruct); }},
        {"bench", "Measure how fast this machine is", add_bench,
         [](Given const& given) { return bench(given.bench); }},
        {"info", "Tell the version, the lanes and the devices", add_info,
         [](Given const& given) { return info(given.info_json); }},
    };
}

}  // namespace longwatch
