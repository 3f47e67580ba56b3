// Making the folder of an exercise: who is who, who may say what to whom, and what the simulation tells each.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "host/exercise/exercise_plan.hpp"
#include "kernels/backend/backend.hpp"
#include "results/store/message_log.hpp"

namespace longwatch {

/// The flights of an exercise in full.
using ExerciseFlights = std::vector<std::unique_ptr<FlownFlight>>;

/// Makes `folder`, which must not be there or be empty. Throws std::runtime_error or std::system_error.
void make_exercise_folder(std::filesystem::path const& folder, ExercisePlan const& plan,
                          Study const& study, ExerciseFlights const& flights);

/// What its nodes have logged, in the order of time.
std::vector<MessageRow> messages_of(std::filesystem::path const& folder, ExercisePlan const& plan);

/// So many UDP ports from a base on that nobody uses now, for members 0 to count - 1 at an address of this machine.
int free_base_port(int count);

}  // namespace longwatch
