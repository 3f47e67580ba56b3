// Flying a scenario on a device: the one door of kernels/ to the host.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/columns/columns.hpp"
#include "kernels/scenario.hpp"
#include "kernels/stages/launch.hpp"
#include "kernels/tally/tally.hpp"

namespace longwatch {

/// The device cannot be used, or failed while it was: a message for the user.
struct DeviceError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Which flights to fly, and how the work is cut. None of the cuts changes a tally.
struct FlightRange {
    std::uint64_t seed = 0;
    std::int64_t first = 0;
    std::int64_t count = 0;
};
struct Dealing {
    int threads = 0;  ///< CPU backend; 0: one per core
    int chunk = 0;    ///< flights computed at one go; 0: the backend's choice
    int device = 0;   ///< CUDA backend: which, in the order of cuda_info()
    /// Asked before each chunk, by any thread: true where no further one is to be begun.
    std::function<bool()> stop = {};
};

/// Called now and then with the number of flights finished so far, from one thread at a time.
using Progress = std::function<void(std::int64_t)>;

/// A flight that ended in a failure, by its index.
struct FailedFlight {
    std::int64_t flight = 0;
    Fate fate = Fate::impact;
};

struct FlownTally {
    Tally tally;
    std::vector<FailedFlight> failures;  ///< the first failures_listed_max by flight index
    std::int64_t flights = 0;  ///< of the range, from its first on: fewer where it was stopped
};
inline constexpr int failures_listed_max = 1000;

/// What one flight came to, per arm and consumer or battery; for replay and for comparing backends.
struct FlightOutcome {
    std::int64_t flight = 0;
    int threat = 0;
    Fate fate = Fate::impact;
    double t_burnout_s = 0, t_apogee_s = 0, t_entry_s = 0, t_impact_s = 0;
    double apogee_m = 0, impact_latitude_rad = 0, impact_longitude_rad = 0;
    std::vector<double> t_clock_end_s;  ///< [consumer]
    std::vector<double> t_message_s;    ///< [arm][consumer]; never_s where none arrives
    std::vector<double> delay_s;        ///< [arm][consumer][part]; see models/warning/delay.hpp
    std::vector<double> t_commit_s;     ///< [arm][battery]; never_s where it never may
    std::vector<int> shots;             ///< [arm]
    std::vector<int> killed;            ///< [arm] 0 or 1
};

/// One flight in full: everything the stages of a run leave in its columns.
struct FlownFlight {
    Launch launch;               ///< of this flight alone, at place 0
    std::vector<double> memory;  ///< lay_out(scenario, 1, memory.data()) gives its columns
};

/// Reads one flight's outcome from columns in host memory.
FlightOutcome read_outcome(Scenario const& scenario, Launch const& launch, Columns const& c,
                           std::int64_t i);
/// Likewise those flights of a raid that lie in the range, each to its place in it.
void read_outcomes(Scenario const& scenario, RaidLaunch const& raids, Columns const& c,
                   std::int64_t place, FlightRange const& range, std::vector<FlightOutcome>& out);
/// One flight of a raid in full.
FlownFlight read_flight(Scenario const& scenario, RaidLaunch const& raids, Columns const& c,
                        std::int64_t place, std::int64_t flight);

/// A flight steered by given controls from a place in the launch area, with given deviations.
struct NominalTrial {
    double launch_east = 0, launch_north = 0;  ///< fractions of the area's radius
    Controls controls;
    double deviation[guided_deviations] = {};  ///< factor - 1, in the order of AimMap
};
struct NominalFlight {
    bool landed = false;
    double t_burnout_s = 0, t_impact_s = 0;
    double apogee_m = 0;
    double impact_latitude_rad = 0, impact_longitude_rad = 0;
};
std::vector<NominalFlight> fly_nominal(Atmosphere const& atmosphere, ThreatParams const& threat,
                                       std::vector<NominalTrial> const& trials);

struct CpuInfo {
    int threads = 0;           ///< cores this process may use
    int lanes = 0;             ///< flights per pack
    std::string instructions;  ///< of the lanes, as "avx512bw"
};
CpuInfo cpu_info();
FlownTally fly_on_cpu(Scenario const& scenario, FlightRange const& range, Dealing const& dealing,
                      Progress const& progress);
std::vector<FlightOutcome> outcomes_on_cpu(Scenario const& scenario, FlightRange const& range,
                                           Dealing const& dealing);
/// Flights in full, in order.
std::vector<FlownFlight> flights_on_cpu(Scenario const& scenario, FlightRange const& range);
/// The flight by the very stages that a run flies it with, so with the same numbers in every bit.
FlownFlight flight_on_cpu(Scenario const& scenario, std::uint64_t seed, std::int64_t flight);

/// A build without CUDA has these too: built is false, and flying throws a DeviceError that says so.
struct CudaInfo {
    bool built = false;
    std::vector<std::string> devices;  ///< names; empty where no device is found
    std::string problem;               ///< why there is none, for the user
};
CudaInfo cuda_info();
FlownTally fly_on_cuda(Scenario const& scenario, FlightRange const& range, Dealing const& dealing,
                       Progress const& progress);
std::vector<FlightOutcome> outcomes_on_cuda(Scenario const& scenario, FlightRange const& range,
                                            Dealing const& dealing);
FlownFlight flight_on_cuda(Scenario const& scenario, std::uint64_t seed, std::int64_t flight,
                           int device = 0);

/// Milliseconds that the flights of a range spend in a stage on a device, one launch at a time. Throws a DeviceError
/// where their columns do not fit its memory at once.
struct StageTime {
    std::string stage;
    double time_ms = 0;
};
std::vector<StageTime> stage_times_on_cuda(Scenario const& scenario, FlightRange const& range,
                                           Dealing const& dealing);

}  // namespace longwatch
