// Consumers whom no message can reach: not wrong, as an arm may leave somebody out, but worth saying.
#pragma once

#include <string>
#include <vector>

#include "host/study/study.hpp"

namespace longwatch {

/// A sentence for each consumer and arm of a prepared study in which nothing that it acts on can get to
/// its node, whatever the flights do: no sensor makes it, or no links lead there that release it.
std::vector<std::string> deaf_consumers(Study const& study);

}  // namespace longwatch
