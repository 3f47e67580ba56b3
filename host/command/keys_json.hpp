// `longwatch check --keys`: what the tables of a study may say, for tools.
#pragma once

#include <string>
#include <vector>

#include "host/study/asked_keys.hpp"

namespace longwatch {

/// One object per table that was read, each key with its spellings and their bounds.
std::string keys_json(std::vector<AskedTable> const& tables);

}  // namespace longwatch
