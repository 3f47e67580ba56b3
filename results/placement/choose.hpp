// Several places together: which k of the candidates.
//
// With a set of radars, a flight's consumer gets at least what the best of them gives alone: what several radars tell together, or
// cue in one another, only adds. Sets are chosen by that: the value of a set is the objective with, per flight and consumer, the largest
// gain of its members. For a mean it is monotone and submodular (the facility-location problem).
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/tally/placement_tally.hpp"
#include "results/placement/objective.hpp"

namespace longwatch {

struct Choice {
    std::vector<int> members;  ///< candidates, in the order chosen
    double gain = 0;           ///< of the objective over the present, in seconds or as a fraction
    double bound = 0;          ///< no set of so many gains more
    bool is_optimal = false;   ///< gain and bound meet

    /// How far a better set may be, as a fraction of the bound.
    double gap() const { return bound > 0 ? (bound - gain) / bound : 0; }
};

/// Gains that were kept, made ready for choosing; of the first kept_flights flights.
class KeptGains {
public:
    KeptGains(PlacementTally const& tally, PlacementAim const& aim);

    /// One candidate after another, each time the one that adds most; of equals the one that adds most for all consumers together. The bound is the better of gain / (1 -
    /// 1/e) (Nemhauser, Wolsey and Fisher, Math. Prog. 14 (1978) 265-294; for means) and of what the k largest additions to any
    /// set on the way could bring (for every objective).
    Choice greedy(int k) const;

    /// By an integer programme over all sets, with Benders cuts (Cordeau, Furini and Ljubic, Eur. J. Oper. Res. 275 (2019)
    /// 882-896), solved by CBC: from a set to start with, until gain and bound meet or the time is up.
    Choice exact(int k, Choice const& start, double seconds_max) const;

    /// The objective's gain with a set.
    double gain_of(std::vector<int> const& set) const;
    std::int64_t flights() const { return flights_; }

private:
    /// A consumer that counts: its rows of kept gains, one per flight with any.
    struct Measure {
        std::vector<std::uint16_t const*> rows;
        double scale = 0;    ///< from kept units to the mean over the flights that concern it
        double present = 0;  ///< its mean at present
    };
    struct Cut {
        double constant = 0;
        std::vector<double> of_candidate;
    };

    double objective_of(std::vector<double> const& gains) const;
    std::vector<std::vector<std::uint16_t>> best_of(std::vector<int> const& set) const;
    std::vector<double> gains_of(std::vector<std::vector<std::uint16_t>> const& best) const;
    std::vector<std::vector<double>> additions_to(
        std::vector<std::vector<std::uint16_t>> const& best) const;
    Cut cut_at(Measure const& measure, std::vector<double> const& chosen) const;

    PlacementObjective objective_;
    int candidates_;
    std::int64_t flights_;
    std::vector<Measure> measures_;
};

}  // namespace longwatch
