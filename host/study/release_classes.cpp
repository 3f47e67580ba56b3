#include "host/study/release_classes.hpp"

#include <set>

namespace longwatch {

std::vector<OriginSet> release_classes(std::vector<OriginSet> const& released, OriginSet everyone,
                                       int limit)
{
    std::set<OriginSet> classes = {everyone};
    for (OriginSet const set : released) {
        if (set == 0 || static_cast<int>(classes.size()) > limit) { continue; }
        // Meeting a closed family with one more set and adding that set keeps it closed.
        std::set<OriginSet> grown = classes;
        grown.insert(set);
        for (OriginSet const other : classes) { grown.insert(set & other); }
        classes = std::move(grown);
        classes.erase(0);
    }
    classes.erase(0);
    return {classes.begin(), classes.end()};
}

}  // namespace longwatch
