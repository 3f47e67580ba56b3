// What the model says will happen in an exercise on undisturbed links: share's columns, as events of nodes.
#pragma once

#include <vector>

#include "host/exercise/live_node.hpp"

namespace longwatch {

/// Firm tracks, warnings, predictions held and commitments of one flight in an arm; what never happens is left out.
std::vector<NodeEvent> model_events(Study const& study, FlownFlight& flown, int arm);

/// An event that the model says, and when it happened; or one that happened and the model does not say.
struct ComparedEvent {
    NodeEvent event;
    std::optional<double> t_model_s, t_live_s;

    /// More than a millisecond apart, or one of the two never.
    bool is_apart() const;
};

/// Of what the model tells of, the first of each flight and of whom it happens to.
std::vector<ComparedEvent> compare_events(std::vector<NodeEvent> const& model,
                                          std::vector<NodeEvent> const& live);

}  // namespace longwatch
