// Finds the shared object that has DDS, and opens a wire with it.
#include "host/command/exit_status.hpp"
#include "host/command/loaded_object.hpp"
#include "host/exercise/dds_configuration.hpp"
#include "host/exercise/wire.hpp"

namespace longwatch {

std::unique_ptr<Wire> open_wire(WireSettings const& settings)
{
    MakeWire* make = nullptr;
    try {
        make = reinterpret_cast<MakeWire*>(
            loaded_function({loaded_object("longwatch_dds.so", "exercise"), make_wire_name,
                             "DDS is not in this build) install cyclonedds-dev and "
                             "cyclonedds-tools and build again"}));
    } catch (std::runtime_error const& why) {
        throw CannotRun(std::string("no exercise can be held (") + why.what());
    }
    return make(settings, dds_configuration(settings));
}

}  // namespace longwatch
