// Finds the shared object that has DDS, and opens a wire with it.
#include <dlfcn.h>

#include <filesystem>

#include "host/command/exit_status.hpp"
#include "host/command/loaded_object.hpp"
#include "host/exercise/wire.hpp"

namespace longwatch {

namespace {

CannotRun cannot(std::string const& why) { return CannotRun("no exercise can be held (" + why); }

}  // namespace

std::unique_ptr<Wire> open_wire(WireSettings const& settings)
{
    auto const object = loaded_object("longwatch_dds.so", "exercise");
    std::error_code ignored;
    if (!std::filesystem::exists(object, ignored)) {
        throw cannot(
            "DDS is not in this build) install cyclonedds-dev and cyclonedds-tools and "
            "build again");
    }
    void* const loaded = dlopen(object.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (loaded == nullptr) { throw cannot(std::string(dlerror()) + ")"); }
    auto* const make = reinterpret_cast<MakeWire*>(dlsym(loaded, make_wire_name));
    if (make == nullptr) { throw cannot(std::string(dlerror()) + ")"); }
    return make(settings);
}

}  // namespace longwatch
