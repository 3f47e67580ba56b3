// A result as JSON, for other programs. The keys are a contract: docs/io_format.md lists them.
#pragma once

#include <string>

#include "results/store/result_file.hpp"

namespace longwatch {

/// Indented, UTF-8, ending in a newline. A quantity without flights is null as a whole.
std::string show_json(ResultFile const& result);

}  // namespace longwatch
