#include "host/command/loaded_object.hpp"

#include <dlfcn.h>

#include <stdexcept>
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

void* loaded_function(ObjectAsked const& asked)
{
    std::error_code ignored;
    if (!fs::exists(asked.object, ignored)) { throw std::runtime_error(asked.absent); }
    int const scope = asked.is_for_others ? RTLD_GLOBAL : RTLD_LOCAL;
    void* const loaded = dlopen(asked.object.c_str(), RTLD_NOW | scope);
    void* const function = loaded == nullptr ? nullptr : dlsym(loaded, asked.function);
    if (function == nullptr) { throw std::runtime_error(std::string(dlerror()) + ")"); }
    return function;
}

}  // namespace longwatch
