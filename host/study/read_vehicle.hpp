// What a [[threat]] says of its vehicle and of how flights deviate.
#pragma once

#include <string>

#include "host/study/table_view.hpp"
#include "models/flight/threat.hpp"

namespace longwatch {

VehicleParams read_vehicle(TableView& threat);
StageParams read_stage(TableView& stage, SourceCount& provenance);
DragTable read_drag(TableView& table, SourceCount& provenance);

/// The tables below a threat: stages, drag, dispersions. Their resolved text.
std::string read_stages_drag_dispersion(TableView& threat, ThreatParams& p,
                                        SourceCount& provenance);

Dispersions read_dispersions(TableView& table, SourceCount& provenance);
/// [[threat.correlated]]: a set of deviations that are jointly normal.
void read_correlated(TableView& table, Dispersions& d, SourceCount& provenance);

}  // namespace longwatch
