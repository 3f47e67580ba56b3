// What Cyclone DDS is told of an exercise's network, as it reads it: XML.
#pragma once

#include <string>

#include "host/exercise/wire.hpp"

namespace longwatch {

/// Of a member's end: its own address and ports, and where to look for the others; nothing is sent to whoever listens. Texts of the
/// settings are texts in it, whatever they hold.
std::string dds_configuration(WireSettings const& settings);

}  // namespace longwatch
