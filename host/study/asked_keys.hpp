// What reading a study asks for, key by key: written down for those who want to know what a study may
// say, as the maker of its JSON Schema does.
#pragma once

#include <string>
#include <vector>

#include "host/study/units.hpp"

namespace longwatch {

enum class AskedKind {
    number,
    integer,
    boolean,
    text,
    texts,    ///< a list of texts
    numbers,  ///< a list of numbers
    rows,     ///< a list of lists of numbers
    distribution,
    table,
    tables,  ///< a list of tables
};

struct AskedKey {
    std::string key;  ///< without its unit
    AskedKind kind = AskedKind::text;
    Dimension dimension = Dimension::none;
    Bounds bounds = {};  ///< of each number, in SI
    std::vector<std::string> choices =
        {};                        ///< of a text or of each of a list, where they are given
    int most = 0;                  ///< elements of a list; 0 where nothing bounds them
    bool is_required = false;      ///< by the study itself, in the reading at hand
    bool normals_refused = false;  ///< of a distribution
};

/// One table as it was read.
struct AskedTable {
    std::string table;  ///< "threat.stage"; empty for the study as a whole
    std::vector<AskedKey> keys;
};

}  // namespace longwatch
