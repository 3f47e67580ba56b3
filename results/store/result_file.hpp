// One run's result: the tally, and all that says where it came from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/fate.hpp"
#include "kernels/tally/tally.hpp"
#include "results/store/flight_spans.hpp"

namespace longwatch {

/// The study a result answers.
struct StudyRecord {
    std::string name;
    std::string question;
    std::string text;      ///< the file as given
    std::string resolved;  ///< with every default and catalogue value, SI units
    std::string hash;      ///< SHA-256 of resolved without seed and flights, hexadecimal

    bool operator==(StudyRecord const&) const = default;
};

/// Names in the order of the scenario's indices.
struct ResultNames {
    std::vector<std::string> threats, arms, consumers, batteries, sensors, origins, nodes, links;

    bool operator==(ResultNames const&) const = default;
};

/// The program and the machine that flew.
struct Provenance {
    std::string code_version, git_hash;
    std::string created_utc;     ///< ISO 8601, as 2024-05-01T12:00:00Z
    std::string device = "cpu";  ///< "cpu" or "cuda: <device name>"
    std::string precision = "double";
    std::string instructions;  ///< instruction set of the lanes, as "avx512bw"
    int lanes = 1;             ///< flights per pack
    int threads = 1;

    bool operator==(Provenance const&) const = default;
};

/// Where the nominal flight of a threat, from the centre of its launch area to that of its aim area and
/// without deviations, is at `points` instants evenly from ignition to impact.
struct GroundTrack {
    static constexpr std::size_t points = 96;
    std::vector<double> t_s, latitude_deg, longitude_deg, altitude_km;

    bool operator==(GroundTrack const&) const = default;
};

struct ListedFailure {
    std::int64_t flight = 0;
    Fate fate = Fate::impact;

    bool operator==(ListedFailure const&) const = default;
};

/// In the order of Sampling.
inline constexpr char const* sampling_names[] = {"monte-carlo", "latin-hypercube", "sobol"};

struct ResultFile {
    std::string schema_version;  ///< of the file it was read from; writing ignores it
    Provenance provenance;
    StudyRecord study;
    std::uint64_t seed = 0;
    std::int64_t first_flight = 0, flight_count = 0;
    /// Flights between the first and the last that were not flown: of shards merged while some were lacking. As a rule none.
    FlightSpans gaps;
    std::vector<std::string> assumptions;
    ResultNames names;
    std::string sampling = sampling_names[0];  ///< how the flights' inputs were spread
    Tally tally{TallyLayout{}};                ///< of all flights
    /// The same of each independent randomisation; none under plain Monte Carlo.
    std::vector<Tally> randomisations;
    std::string
        stopped;  ///< why it ended before the flights it might have flown; "" where it did not
    std::vector<ListedFailure> failures;  ///< the first of them by flight index
    /// One per threat; none in a file older than schema 4.1.
    std::vector<GroundTrack> tracks;
};

/// Whether entities of studies may be called so: 1 to 64 lower-case letters, digits and hyphens. Such a name is no command to a
/// terminal, a page or a spreadsheet, and no path.
bool is_plain_name(std::string_view name);

/// The flights that it holds. The sum of their numbers must fit 64 bits.
FlightSpans spans_of(ResultFile const& result);

/// Flights of a tally that ended in a failure.
std::uint64_t failed_flights(Tally const& tally);

/// What in a result contradicts itself: names that do not fit the tally, flights not accounted for,
/// and the problems of the tally. One sentence each; empty where all is well.
std::vector<std::string> result_problems(ResultFile const& result);

}  // namespace longwatch
