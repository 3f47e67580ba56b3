// A replayed flight is the flight of the run, in every bit.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <memory>
#include <sstream>

#include "host/replay/replay_files.hpp"
#include "kernels/columns/arc_columns.hpp"
#include "tests/support/shipped_study.hpp"

using namespace longwatch;

namespace {

// The mix of the shipped study has four places, so that neighbouring numbers are of other threats; 61 is
// no multiple of a pack, 48121 the flight that the help names, the last one as large as may be.
constexpr FlightRange some_flights{.seed = 20231219, .first = 0, .count = 61};
constexpr std::int64_t far_flights[] = {0, 1, 2, 3, 61, 48121, tally_flights_max - 1};

std::vector<int> all_arms(Study const& study)
{
    std::vector<int> arms;
    for (std::size_t a = 0; a < study.arms.size(); ++a) { arms.push_back(static_cast<int>(a)); }
    return arms;
}

/// As the command flies it: shot by shot.
Study const& replayed_study()
{
    static Study const study = [] {
        Study made = shipped_study("trilateral-warning");
        made.scenario->keeps_shots = true;
        return made;
    }();
    return study;
}

FlightReplay told(std::int64_t flight)
{
    Study const& study = replayed_study();
    return tell_flight(study, flight_on_cpu(*study.scenario, some_flights.seed, flight),
                       all_arms(study));
}

bool same(FlightOutcome const& a, FlightOutcome const& b)
{
    return a.flight == b.flight && a.threat == b.threat && a.fate == b.fate &&
           a.t_burnout_s == b.t_burnout_s && a.t_apogee_s == b.t_apogee_s &&
           a.t_entry_s == b.t_entry_s && a.t_impact_s == b.t_impact_s && a.apogee_m == b.apogee_m &&
           a.impact_latitude_rad == b.impact_latitude_rad &&
           a.impact_longitude_rad == b.impact_longitude_rad && a.t_clock_end_s == b.t_clock_end_s &&
           a.t_message_s == b.t_message_s && a.t_commit_s == b.t_commit_s && a.shots == b.shots &&
           a.killed == b.killed;
}

using Rows = std::vector<std::vector<std::string>>;

/// A file of the replay as rows of cells, the header first.
Rows rows_of(std::vector<ReplayFile> const& files, std::string const& name)
{
    Rows rows;
    for (ReplayFile const& file : files) {
        if (file.name != name) { continue; }
        std::istringstream lines(file.bytes);
        for (std::string line; std::getline(lines, line);) {
            rows.emplace_back();
            std::istringstream cells(line + ",");
            for (std::string cell; std::getline(cells, cell, ',');) { rows.back().push_back(cell); }
        }
    }
    return rows;
}

double number(std::string const& cell) { return std::strtod(cell.c_str(), nullptr); }

/// What the tally of one flight must hold, as its replay's files say.
Tally tally_of_files(std::vector<ReplayFile> const& files, FlightReplay const& replay)
{
    Scenario const& scenario = *trilateral_study().scenario;
    Tally tally(fly_on_cpu(scenario, {some_flights.seed, 0, 0}, {}, {}).tally.layout);
    TallyLayout const& l = tally.layout;
    auto const cell = [&](int c) -> std::uint64_t& {
        return tally.cells[static_cast<std::size_t>(c)];
    };
    auto const rows = rows_of(files, "messages.csv");
    for (int arm = 0; arm < l.arm_count; ++arm) {
        for (int n = 0; n < l.consumer_count; ++n) {
            auto const& row = rows.at(static_cast<std::size_t>(1 + arm * l.consumer_count + n));
            if (row.at(2) == "warned") { cell(l.warned(arm, n)) = 1; }
            if (row.at(2) == "too late") { cell(l.too_late(arm, n)) = 1; }
            if (row.at(2) == "none") { cell(l.none(arm, n)) = 1; }
            if (row.at(2) == "warned" || row.at(2) == "too late") {
                auto const quanta = std::strtoll(row.at(6).c_str(), nullptr, 10);
                struct Sink {
                    Tally& tally;
                    void add(int c, std::uint64_t amount)
                    {
                        tally.cells[static_cast<std::size_t>(c)] += amount;
                    }
                } sink{tally};
                add_value(sink, l.warning_time(arm, n), quanta);
            }
        }
    }
    cell(l.fate(replay.outcome.threat, replay.outcome.fate)) = 1;
    auto const batteries = rows_of(files, "engagement.csv");
    for (std::size_t k = 1; k < batteries.size(); ++k) {
        int const arm = static_cast<int>(k - 1) / l.battery_count;
        int const b = static_cast<int>(k - 1) % l.battery_count;
        cell(l.battery(arm, b, BatteryCount::shots)) =
            static_cast<std::uint64_t>(number(batteries[k].at(4)));
        cell(l.battery(arm, b, BatteryCount::killed)) = batteries[k].at(5) == "1" ? 1 : 0;
        cell(l.killed(arm)) += batteries[k].at(5) == "1" ? 1 : 0;
    }
    return tally;
}

}  // namespace

TEST_CASE("a replayed flight is the run's in every bit, wherever it lies in a pack",
          "[parity][replay]")
{
    Scenario const& scenario = *trilateral_study().scenario;
    auto const run = outcomes_on_cpu(scenario, some_flights, {.threads = 2, .chunk = 37});
    for (FlightOutcome const& flown : run) {
        INFO("flight " << flown.flight);
        CHECK(same(told(flown.flight).outcome, flown));
    }
}

TEST_CASE("a flight of a Latin hypercube is replayed as it lies in its block", "[parity][replay]")
{
    auto const scenario = std::make_unique<Scenario>(*trilateral_study().scenario);
    scenario->sampling.kind = Sampling::latin_hypercube;
    scenario->sampling.randomisations = 16;
    auto const run = outcomes_on_cpu(*scenario, some_flights, {.threads = 2, .chunk = 37});
    int moved = 0;
    for (FlightOutcome const& flown : run) {
        auto alone = flight_on_cpu(*scenario, some_flights.seed, flown.flight);
        Columns const c = lay_out(*scenario, 1, alone.memory.data());
        CHECK(same(read_outcome(*scenario, alone.launch, c, 0), flown));
        moved += told(flown.flight).outcome.t_impact_s != flown.t_impact_s ? 1 : 0;
    }
    CHECK(moved == some_flights.count);
}

TEST_CASE("a run of one flight tallies what the files of its replay say", "[parity][replay]")
{
    Scenario const& scenario = *trilateral_study().scenario;
    for (std::int64_t const flight : far_flights) {
        INFO("flight " << flight);
        auto const replay = told(flight);
        auto const said = tally_of_files(replay_files(trilateral_study(), replay, {}), replay);
        auto const run = fly_on_cpu(scenario, {some_flights.seed, flight, 1}, {}, {}).tally;
        TallyLayout const& l = run.layout;
        auto const agree = [&](int cell) {
            return run.cells[static_cast<std::size_t>(cell)] ==
                   said.cells[static_cast<std::size_t>(cell)];
        };
        for (int threat = 0; threat < l.threat_count; ++threat) {
            CHECK(agree(l.fate(threat, Fate::impact)));
        }
        for (int arm = 0; arm < l.arm_count; ++arm) {
            for (int n = 0; n < l.consumer_count; ++n) {
                CHECK(agree(l.warned(arm, n)));
                CHECK(agree(l.too_late(arm, n)));
                CHECK(agree(l.none(arm, n)));
                CHECK(agree(l.warning_time(arm, n).count));
                CHECK(agree(l.warning_time(arm, n).sum));
                CHECK(agree(l.warning_time(arm, n).sum + 1));
            }
            for (int b = 0; b < l.battery_count; ++b) {
                CHECK(agree(l.battery(arm, b, BatteryCount::shots)));
                CHECK(agree(l.battery(arm, b, BatteryCount::killed)));
            }
            CHECK(agree(l.killed(arm)));
        }
    }
}

TEST_CASE("the files of a replay read back to the bits of the run's columns", "[parity][replay]")
{
    Scenario const& scenario = *trilateral_study().scenario;
    auto flown = flight_on_cpu(scenario, some_flights.seed, 5);
    Columns const c = lay_out(scenario, 1, flown.memory.data());
    auto const files = replay_files(trilateral_study(), told(5), {});
    Rows knots;
    for (auto const& row : rows_of(files, "history.csv")) {
        if (row.at(1) == "knot") { knots.push_back(row); }
    }
    REQUIRE(static_cast<double>(knots.size()) == c.knot_count.load<double>(0));
    REQUIRE(knots.size() > 100);
    for (std::size_t k = 0; k < knots.size(); ++k) {
        auto const knot = load_knot(c, 0, static_cast<double>(k));
        double const wanted[] = {knot.r_m.x,    knot.r_m.y,    knot.r_m.z,
                                 knot.v_mps.x,  knot.v_mps.y,  knot.v_mps.z,
                                 knot.a_mps2.x, knot.a_mps2.y, knot.a_mps2.z};
        CHECK(number(knots[k].at(0)) == knot.t_s);
        for (std::size_t j = 0; j < 9; ++j) { CHECK(number(knots[k].at(10 + j)) == wanted[j]); }
    }
    auto const outcome = rows_of(files, "outcome.csv");
    CHECK(number(outcome.at(9).at(1)) == c.t_impact_s.load<double>(0));
    CHECK(number(outcome.at(10).at(1)) == c.impact_latitude_rad.load<double>(0));
    auto const inputs = rows_of(files, "inputs.csv");
    CHECK(number(inputs.at(1).at(1)) == c.inputs.load<double>(0, 4));
    CHECK(number(inputs.at(23).at(1)) == c.rcs_factor.load<double>(0));
}

TEST_CASE("between knots a replay tells the arc that the stages read", "[parity][replay]")
{
    Scenario const& scenario = *trilateral_study().scenario;
    auto flown = flight_on_cpu(scenario, some_flights.seed, 2);
    Columns const c = lay_out(scenario, 1, flown.memory.data());
    ArcReader<double> arc(c, 0);
    int samples = 0;
    for (ArcPoint const& p : told(2).history) {
        if (p.is_knot) { continue; }
        ++samples;
        auto const read = arc.position_at(p.state.t_s);
        CHECK(p.state.r_m.x == read.x);
        CHECK(p.state.r_m.z == read.z);
    }
    CHECK(samples > 300);
}

TEST_CASE("a look that is told hits when its draw is below its probability", "[parity][replay]")
{
    int hits = 0, cued_only = 0;
    for (std::int64_t flight = 0; flight < 8; ++flight) {
        auto const replay = told(flight);
        for (RadarLook const& look : replay.looks) {
            CHECK(look.hit_searching == (look.in_fence && look.draw < look.pd_searching));
            CHECK(look.hit_cued == (look.in_coverage && look.draw < look.pd_cued));
            hits += look.hit_cued ? 1 : 0;
            cued_only += look.hit_cued && !look.hit_searching ? 1 : 0;
        }
        for (SensorView const& view : replay.sensors) {
            // A hit made the report; scans go on for what they tell of the launch.
            if (!(view.t_report_s < never_s)) { continue; }
            int reports = 0;
            for (InfraredScan const& scan : replay.scans) {
                reports += scan.t_s == view.t_report_s && scan.hit ? 1 : 0;
            }
            CHECK(reports == 1);
            CHECK(replay.scans.back().t_s > view.t_report_s);
        }
    }
    CHECK(hits > 1000);
    CHECK(cued_only > 100);
}

TEST_CASE("a track that is told is firm at a look, and no later for a cue", "[parity][replay]")
{
    auto const replay = told(48121);
    int firm = 0;
    for (ArmTrack const& track : replay.tracks) {
        if (!(track.t_firm_s < never_s)) { continue; }
        ++firm;
        bool at_look = false;
        for (RadarLook const& look : replay.looks) {
            at_look = at_look || (look.sensor == track.sensor && look.t_s == track.t_firm_s);
        }
        CHECK(at_look);
        SensorView const& view = replay.sensors.at(static_cast<std::size_t>(track.sensor));
        CHECK(track.t_firm_s <= view.t_firm_searching_s);
        CHECK(track.t_firm_s >= view.t_firm_cued_s);
    }
    CHECK(firm > 10);
}

TEST_CASE("a flight that failed is told as far as it went", "[parity][replay]")
{
    Study study = read_study(trilateral_study().path);
    study.scenario = std::make_unique<Scenario>(*trilateral_study().scenario);
    double const longest_s = 300;  // well after every burnout, long before any impact
    for (ThreatParams& threat : study.scenario->threat) { threat.max_flight_time_s = longest_s; }
    auto const replay =
        tell_flight(study, flight_on_cpu(*study.scenario, some_flights.seed, 1), all_arms(study));
    CHECK(replay.outcome.fate == Fate::timed_out);
    CHECK(replay.history.back().state.t_s == longest_s);
    for (FlightEvent const& event : replay.events) { CHECK(event.name != "impact"); }
    CHECK(replay.looks.empty());
    auto const files = replay_files(study, replay, {});
    for (ReplayFile const& file : files) {
        INFO(file.name);
        CHECK(file.bytes.find("nan") == std::string::npos);
        CHECK(file.bytes.find("e+30") == std::string::npos);
    }
    auto const messages = rows_of(files, "messages.csv");
    for (std::size_t k = 1; k < messages.size(); ++k) {
        CHECK((messages[k].at(2) == "flight failed" || messages[k].at(2) == "not concerned"));
    }
}

TEST_CASE("one flight replayed twice makes the same bytes, another flight others",
          "[parity][replay]")
{
    Study const& study = trilateral_study();
    auto const once = replay_files(study, told(2), {});
    auto const twice = replay_files(study, told(2), {});
    auto const other = replay_files(study, told(6), {});
    REQUIRE(once.size() == 17);
    for (std::size_t f = 0; f < once.size(); ++f) {
        INFO(once[f].name);
        CHECK(once[f].bytes == twice[f].bytes);
        CHECK(once[f].bytes != other[f].bytes);
    }
}

TEST_CASE("a replay tells every shot that its engagements count", "[parity][replay]")
{
    Scenario const& scenario = *replayed_study().scenario;
    int shots = 0, hits = 0;
    for (std::int64_t flight = 0; flight < 24; ++flight) {
        auto const replay = told(flight);
        for (ArmEngagement const& e : replay.engagements) {
            int fired = 0;
            for (ShotReplay const& shot : replay.shots) {
                if (shot.arm != e.arm || shot.battery != e.battery) { continue; }
                CHECK(shot.number == fired);
                ++fired;
                CHECK(shot.t_launch_s >= e.t_commit_s);
                CHECK(shot.t_intercept_s >= e.t_first_intercept_s - 1e-6);
                CHECK(shot.t_intercept_s - shot.t_launch_s >=
                      least_flight_s(scenario.battery[e.battery].interceptor));
                CHECK(shot.hits ==
                      (shot.acquired && shot.works &&
                       shot.miss_m <=
                           scenario.battery[e.battery].interceptor.kill_vehicle.kill_radius_m));
                hits += shot.hits ? 1 : 0;
            }
            CHECK(fired == e.shots);
            shots += fired;
            CHECK((e.opportunities > 0) == (e.t_first_intercept_s < never_s));
        }
    }
    CHECK(shots > 50);
    CHECK(hits > 20);
}
