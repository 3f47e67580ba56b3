#include "host/exercise/node_script.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

#include "kernels/columns/input_columns.hpp"
#include "kernels/columns/track_columns.hpp"
#include "kernels/stages/end_of_flight.hpp"
#include "models/earth/wgs84.hpp"
#include "models/math/normal.hpp"

namespace longwatch {

namespace {

/// A flight alone in its columns. Columns tell times since its ignition, scripts since the beginning of the raid.
class FlightColumns {
public:
    FlightColumns(Scenario const& scenario, FlownFlight& flown)
        : scenario_(scenario), c_(lay_out(scenario, 1, flown.memory.data())), launch_(flown.launch),
          ignition_s_(c_.ignition_s.load<double>(0))
    {
        launch_.column_first = 0;
    }

    double value(Column const& column, int slot = 0) const { return column.load<double>(0, slot); }
    double instant_s(double t_s) const { return t_s < never_s ? t_s + ignition_s_ : never_s; }
    Columns const& columns() const { return c_; }
    Launch const& launch() const { return launch_; }
    Scenario const& scenario() const { return scenario_; }

private:
    Scenario const& scenario_;
    Columns c_;
    Launch launch_;
    double ignition_s_;
};

std::vector<double> values(FlightColumns const& flight, Column const& column, int count)
{
    std::vector<double> out;
    for (int k = 0; k < count; ++k) { out.push_back(flight.value(column, k)); }
    return out;
}

/// What pulls at an estimate by the errors of one look: normal, with the look's information as its covariance.
class LookErrors {
public:
    LookErrors(FlightColumns const& flight, int sensor)
        : draws_(flight.launch().draws<double>(0)), purpose_{
                                                        DrawKind::measurement,
                                                        flight.scenario().sensor[sensor].name_hash}
    {
    }

    std::array<double, state_size> of_look(int look,
                                           std::array<double, information_size> const& information)
    {
        using Matrix = Eigen::Matrix<double, state_size, state_size>;
        Matrix told;
        for (int i = 0; i < state_size; ++i) {
            for (int j = 0; j <= i; ++j) {
                told(i, j) = told(j, i) = information[static_cast<std::size_t>(packed(i, j))];
            }
        }
        Eigen::SelfAdjointEigenSolver<Matrix> const solver(told);
        Eigen::Matrix<double, state_size, 1> pull = Eigen::Matrix<double, state_size, 1>::Zero();
        for (int k = 0; k < state_size; ++k) {
            auto const counter = static_cast<std::uint32_t>(look * state_size + k);
            double const z = normal_quantile(draws_.uniform(purpose_, counter));
            pull += std::sqrt(std::max(solver.eigenvalues()(k), 0.0)) * z *
                    solver.eigenvectors().col(k);
        }
        std::array<double, state_size> out{};
        std::copy(pull.data(), pull.data() + state_size, out.begin());
        return out;
    }

private:
    PhiloxDraws<double> draws_;
    Purpose purpose_;
};

/// An infrared sensor's report tells where the flight began, if it tells directions: off by a draw, of one standard deviation in
/// every direction the longer half axis of what it knows.
std::optional<LaunchEstimate> launch_of(FlightColumns const& flight, int s)
{
    Columns const& c = flight.columns();
    SensorParams const& sensor = flight.scenario().sensor[s];
    if (!(sensor.infrared.line_of_sight_sigma_rad > 0)) { return std::nullopt; }
    double const half_axis_m = flight.value(c.launch_half_axis_m, 2 * s);
    auto const place = load_inputs<double>(c, 0).inputs.launch;
    auto const draws = flight.launch().draws<double>(0);
    auto const off_m = [&](std::uint32_t axis) {
        return half_axis_m *
               normal_quantile(draws.uniform({DrawKind::measurement, sensor.name_hash}, axis));
    };
    double const parallel_m = earth_mean_radius_m * std::cos(place.latitude_rad);
    return LaunchEstimate{place.latitude_rad + off_m(0) / earth_mean_radius_m,
                          place.longitude_rad + off_m(1) / parallel_m, half_axis_m};
}

ScriptedRadar radar_script(FlightColumns const& flight, int s)
{
    LookErrors errors(flight, s);
    Columns const& c = flight.columns();
    double const period = flight.scenario().sensor[s].radar.look_period_s;
    bool const has_weight = flight.scenario().sensor[s].radar.firm_sigma_m > 0;
    int const slots = c.looks[s].first;
    double const burnout_hits = flight.value(c.burnout_hits, s);
    ScriptedRadar radar;
    radar.sensor = s;
    radar.processing_s = flight.value(c.processing_s, s);
    radar.t_first_s =
        flight.instant_s(flight.value(c.look_phase_s, s) + flight.value(c.look_first, s) * period);
    auto const count = static_cast<int>(flight.value(c.look_count, s));
    for (int k = 0; k < count; ++k) {
        auto const added = [&](Column const& column) {
            return flight.value(column, slots + k + 1) - flight.value(column, slots + k);
        };
        ScriptedLook look;
        look.hits_searching = added(c.search_hits) > 0.5;
        look.hits_cued = added(c.cued_hits) > 0.5;
        if (has_weight) { look.weight_pm2 = added(c.hit_weight); }
        double const hits = flight.value(c.cued_hits, slots + k + 1) - burnout_hits;
        look.tells = look.hits_cued && hits > 0.5;
        if (look.tells) {
            double before[information_size], after[information_size];
            c.info.load(0, slots + hits - 1, before);
            c.info.load(0, slots + hits, after);
            for (std::size_t e = 0; e < look.information.size(); ++e) {
                look.information[e] = after[e] - before[e];
            }
            look.error = errors.of_look(k, look.information);
        }
        radar.looks.push_back(look);
    }
    return radar;
}

Linearisation linearisation(FlightColumns const& flight)
{
    Columns const& c = flight.columns();
    Linearisation linear;
    linear.t_burnout_s = flight.instant_s(flight.value(c.t_burnout_s));
    linear.t_end_s = flight.instant_s(end_of_flight_s<double>(c, 0));
    linear.impact = load_impact_map<double>(c, 0);
    linear.impact_latitude_rad = flight.value(c.impact_latitude_rad);
    linear.impact_longitude_rad = flight.value(c.impact_longitude_rad);
    for (int b = 0; b < flight.scenario().battery_count; ++b) {
        linear.passing.push_back(load_passing_rows<double>(c, 0, b));
    }
    return linear;
}

}  // namespace

FlightScript script_of(Study const& study, FlownFlight& flown, int arm, int node)
{
    Scenario const& scenario = *study.scenario;
    NetworkParams const& network = scenario.network;
    ArmParams const& of_arm = network.arm[arm];
    FlightColumns const flight(scenario, flown);
    Columns const& c = flight.columns();
    int const entry = node_entry(of_arm, node);
    FlightScript script;
    script.flight = flight.launch().flight_first;
    script.threat = flight.launch().threat;
    script.relay_s = flight.value(c.relay_s, entry);
    script.node_release_s = flight.value(c.node_release_s, entry);
    script.fusion_s = flight.value(c.fusion_s, entry);
    script.fusion_wait_s = flight.value(c.fusion_wait_s, entry);
    for (int s = 0; s < scenario.sensor_count; ++s) {
        SensorParams const& sensor = scenario.sensor[s];
        if (sensor.node != node || (of_arm.sensors >> s & 1U) == 0) { continue; }
        if (sensor.kind == SensorKind::radar) {
            script.radars.push_back(radar_script(flight, s));
        } else {
            double const made = flight.value(c.t_report_s, s) + flight.value(c.processing_s, s);
            script.infrared.push_back({s, flight.instant_s(made), launch_of(flight, s)});
        }
    }
    for (int l = 0; l < network.link_count; ++l) {
        script.links.push_back(
            {flight.value(c.link_release_s, l), flight.value(c.link_latency_s, l)});
    }
    script.decision_s = values(flight, c.decision_s, network.consumer_count);
    script.precaution_s = values(flight, c.precaution_s, network.consumer_count);
    script.commit_s = values(flight, c.commit_s, scenario.battery_count);
    for (int n = 0; n < network.consumer_count; ++n) {
        script.clocks.push_back({flight.instant_s(flight.value(c.t_clock_end_s, n)),
                                 flight.value(c.concerns, n) > 0.5});
    }
    script.linearisation = linearisation(flight);
    return script;
}

}  // namespace longwatch
