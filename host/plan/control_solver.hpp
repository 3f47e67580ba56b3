// The controls of a single nominal flight: by what it misses, and Newton's method against that.
#pragma once

#include <Eigen/Dense>
#include <optional>
#include <string>
#include <vector>

#include "kernels/backend/backend.hpp"

namespace longwatch {

/// A pair of places: fractions of the radii, as AimMap orders them.
using Places = Eigen::Vector4d;
/// How a flight misses: kilometres east and north of the aim, and of apogee too high.
using Miss = Eigen::Vector3d;
/// Lean east, lean north, cut-off, as Controls.
using ControlVector = Eigen::Vector3d;

inline constexpr double close_enough_km = 0.02;

/// A flight wanted: from one place of the areas to another, over an apogee.
struct Goal {
    Places places = Places::Zero();
    double apogee_m = 0;
};

/// Controls, and how the miss changes with them.
struct Solution {
    ControlVector controls = ControlVector::Zero();
    Eigen::Matrix3d slopes = Eigen::Matrix3d::Zero();
};

class ControlSolver {
public:
    ControlSolver(Atmosphere const& atmosphere, ThreatParams const& threat);

    ThreatParams const& threat() const { return threat_; }
    std::vector<NominalFlight> fly(std::vector<NominalTrial> const& trials) const;
    static NominalTrial trial(Goal const& goal, ControlVector const& x);

    /// East and north by the tangent plane at the aim; an unlanded flight misses by everything.
    Miss miss(NominalFlight const& flight, Goal const& goal) const;
    bool is_flyable(ControlVector const& x) const;
    /// At the centre of the Earth between the two places, times its mean radius.
    double ground_range_m(Places const& places) const;
    double flown_range_m(NominalFlight const& flight, Places const& places) const;
    /// Not by the long way round: in about the time of a two-body arc of that apogee and range.
    bool goes_the_short_way(NominalFlight const& flight, Places const& places) const;
    double bearing_rad(Places const& places) const;

    /// Newton's method with halved steps from a start; empty where it gets no nearer, or ends with
    /// controls that cannot be flown.
    std::optional<Solution> newton(Goal const& goal, ControlVector start) const;
    /// From the best of a grid of leans and cut-offs, by the short way round the Earth: a coarse one, and where nothing comes
    /// of that a fine one.
    std::optional<Solution> from_afar(Goal const& goal) const;
    /// Many goals at once by Broyden's method, then those it misses by Newton's. x holds the starts and
    /// receives the controls. Worst miss that remains, its goal, and the longest flight.
    struct Remainder {
        double worst_km = 0;
        std::size_t worst_goal = 0;
        double longest_flight_s = 0;
    };
    Remainder solve_all(std::vector<Goal> const& goals, Eigen::Matrix3d const& slopes,
                        std::vector<ControlVector>& x) const;

    /// What stands in the way of a flight between the centres over that apogee, as a sentence.
    std::string shortfall(Goal const& goal) const;

private:
    bool take_step(Goal const& goal, ControlVector& x, Miss& off, ControlVector const& step) const;
    std::optional<Solution> from_grid(Goal const& goal, int pitches, int cutoffs) const;
    std::vector<NominalTrial> grid(Goal const& goal, int pitches, int cutoffs) const;
    /// Of the lowest flight to the aim, between neighbours of a grid; huge where none gets there.
    double lowest_apogee_km(Goal const& goal) const;
    double broyden(std::vector<Goal> const& goals, Eigen::Matrix3d const& slopes,
                   std::vector<ControlVector>& x, std::vector<Miss>& off) const;

    Atmosphere const& atmosphere_;
    ThreatParams threat_;
};

}  // namespace longwatch
