// longwatch info: what this program is and which devices it can use.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "host/command/code_version.hpp"
#include "host/command/output.hpp"
#include "host/command/verbs.hpp"
#include "kernels/backend/backend.hpp"

namespace longwatch {

namespace {

std::string info_text(CpuInfo const& cpu, CudaInfo const& cuda)
{
    auto text = fmt::format("longwatch {}\ncpu   {} threads, {} lanes ({}), double precision\n",
                            version_text(), cpu.threads, cpu.lanes, cpu.instructions);
    for (auto const& device : cuda.devices) { text += fmt::format("cuda  {}\n", device); }
    if (cuda.devices.empty()) { text += fmt::format("cuda  {}\n", cuda.problem); }
    return text;
}

std::string info_json(CpuInfo const& cpu, CudaInfo const& cuda)
{
    nlohmann::ordered_json json;
    json["version"] = code_version;
    json["commit"] = code_commit;
    json["cpu"] = {{"threads", cpu.threads},
                   {"lanes", cpu.lanes},
                   {"instructions", cpu.instructions},
                   {"precision", "double"}};
    json["cuda"] = {{"built", cuda.built}, {"devices", cuda.devices}, {"problem", cuda.problem}};
    return json.dump(2) + "\n";
}

}  // namespace

std::string version_text() { return fmt::format("{} (commit {})", code_version, code_commit); }

ExitStatus info(bool as_json)
{
    auto const cpu = cpu_info();
    auto const cuda = cuda_info();
    print(as_json ? info_json(cpu, cuda) : info_text(cpu, cuda));
    return exit_fine;
}

}  // namespace longwatch
