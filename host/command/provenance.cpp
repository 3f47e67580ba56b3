#include "host/command/provenance.hpp"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "host/command/code_version.hpp"

namespace longwatch {

std::string created_now()
{
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

Provenance provenance_of(Flying const& flying)
{
    auto const cpu = cpu_info();
    Provenance origin;
    origin.code_version = code_version;
    origin.git_hash = code_commit;
    origin.created_utc = created_now();
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
