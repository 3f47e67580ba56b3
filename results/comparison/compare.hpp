// One arm less another, quantity by quantity: of one result, where flights are paired, or of two.
#pragma once

#include <string>
#include <vector>

#include "results/comparison/difference.hpp"
#include "results/statistics/estimates.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

/// What two results know of each other's flights.
enum class Pairing {
    flights,       ///< one run flew both arms on the same flights, and counted the joint outcomes
    groups,        ///< the same flights in two runs, paired by randomisation or group of raids
    same_flights,  ///< the same flights, but nothing tells which did what in both
    independent,   ///< no flight in common
};
/// "paired by flight", "paired by group", "same flights, unpaired", "two-sample".
char const* pairing_name(Pairing pairing);

struct ComparedQuantity {
    std::string quantity;  ///< as in the JSON of show: "p_warned", "warning_time_mean_s"
    std::string unit;      ///< "1" or "s"
    MaybeEstimate one, other, difference;  ///< one less other
    std::optional<EffectSize> effect;
    Pairing pairing = Pairing::independent;
};

struct ComparedConsumer {
    std::string name;
    std::int64_t flights_one = 0, flights_other = 0;  ///< that concern it
    std::vector<ComparedQuantity> quantities;
};

struct Comparison {
    Pairing pairing = Pairing::independent;  ///< the most that could be done
    std::string why;                         ///< one sentence
    std::vector<ComparedConsumer> consumers;
    std::vector<ComparedQuantity> engagement;  ///< empty where no flight may be taken
    std::vector<std::string> left_out;         ///< consumers that only one of them has
};

/// An arm of a result.
struct ArmOf {
    ResultFile const* result;
    int arm;
};

/// All quantities of `one` less those of `other`. Of the same result (the same object) joint tallies are used, whichever of the two arms comes
/// first. Consumers go by name. The caller has made sure that both count the same things.
Comparison compare(ArmOf one, ArmOf other);

}  // namespace longwatch
