// Computes, once per study, what the flights need and the study does not say: how each threat is
// aimed, how long it may fly, each radar's detection curve, each interceptor's fly-out table.
#pragma once

#include <string>
#include <vector>

#include "host/study/study.hpp"

namespace longwatch {

/// Fills the scenario. Throws StudyErrors naming each threat whose aim area cannot be reached.
void prepare(Study& study);

}  // namespace longwatch
