#include "host/command/loaded_object.hpp"

#include <system_error>

namespace longwatch {

namespace fs = std::filesystem;

fs::path loaded_object(std::string const& name, std::string const& component)
{
    std::error_code ignored;
    auto const folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    auto const installed = folder.parent_path() / "lib" / "longwatch" / component / name;
    return fs::exists(folder / name, ignored) ? folder / name : installed;
}

}  // namespace longwatch
