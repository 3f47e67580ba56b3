// longwatch node: one node of an exercise.
#include "host/command/catalog_folder.hpp"
#include "host/command/verbs.hpp"
#include "host/exercise/node_process.hpp"
#include "host/plan/predicting_nodes.hpp"

namespace longwatch {

ExitStatus node(NodeOptions const& options)
{
    auto study = read_study(options.study, reading_with(options.catalog));
    for (int arm = 0; arm < study.scenario->network.arm_count; ++arm) {
        find_predicting_nodes(*study.scenario, arm);
    }
    NodeProcess process(study, options.exercise, options.name);
    if (!process.run()) { throw CannotRun("nobody conducts the exercise any more"); }
    return exit_fine;
}

}  // namespace longwatch
