#include "host/command/provenance.hpp"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "host/command/code_version.hpp"

namespace longwatch {

Provenance provenance_of(Flying const& flying)
{
    auto const cpu = cpu_info();
    Provenance origin;
    origin.code_version = code_version;
    origin.git_hash = code_commit;
    origin.created_utc = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    origin.device = flying.device.name;
    origin.precision = "double";
    if (flying.device.is_cuda) {
        origin.instructions = "cuda";
        return origin;
    }
    origin.instructions = cpu.instructions;
    origin.lanes = cpu.lanes;
    origin.threads = flying.dealing.threads > 0 ? flying.dealing.threads : cpu.threads;
    return origin;
}

}  // namespace longwatch
