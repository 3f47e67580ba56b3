// What a battery fires.
#pragma once

#include <string>

#include "host/study/table_view.hpp"
#include "models/engage/interceptor.hpp"

namespace longwatch {

/// `below` receives the text of its inner tables.
InterceptorParams read_interceptor(TableView& battery, std::string& below, SourceCount& provenance);

}  // namespace longwatch
