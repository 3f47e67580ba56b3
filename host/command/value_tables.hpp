// What the verb `value` found, as a ranking, text and JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/plan/removals.hpp"
#include "host/study/study.hpp"
#include "results/statistics/worth.hpp"

namespace longwatch {

struct WorthOfThing {
    char const* kind = "";  ///< link or sensor
    std::string name;
    Loss loss;  ///< without it
};

struct WorthOfArm {
    Study const* study = nullptr;
    std::string arm;
    int arm_index = 0;
    std::uint64_t seed = 0;
    std::int64_t flights = 0;
    std::uint64_t failed = 0;
    std::string device;
    std::vector<WorthOfThing> things;
};

/// Usable warning lost without it by the consumer who loses most, in s; 0 where nobody's flights tell.
double largest_loss_s(WorthOfThing const& thing);

/// Largest loss first; ties in the order of the study.
void rank(WorthOfArm& worth);

std::string worth_text(WorthOfArm const& worth);
std::string worth_json(WorthOfArm const& worth);

}  // namespace longwatch
