// The one place where toml++ is compiled.
#define TOML_IMPLEMENTATION
#include "host/study/toml_library.hpp"
