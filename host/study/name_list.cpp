#include "host/study/name_list.hpp"

#include <algorithm>

#include "host/study/name_hash.hpp"
#include "host/study/nearest_name.hpp"

namespace longwatch {
std::string NameList::read_name(TableView& entry, Problems& problems)
{
    auto name = entry.text("name", std::nullopt, Whose::study);
    auto const where = entry.place_of_key("name");
    if (!is_plain_name(name)) {
        complete_ = false;
        if (!name.empty()) {
            problems.add(where, "key 'name' = \"" + shown(name) +
                                    "\" (must be 1 to 64 lower-case letters, digits and hyphens)");
        }
    } else if (std::find(names_.begin(), names_.end(), name) != names_.end()) {
        complete_ = false;
        problems.add(where, "key 'name' = \"" + name + "\" names a second " + kind_ +
                                " (every name is given once per kind)");
    } else {
        for (auto const& other : names_) {
            if (name_hash(other) != name_hash(name)) { continue; }
            problems.add(where, kind_ + " names '" + other + "' and '" + name +
                                    "' have the same 32-bit hash, which keys their draws "
                                    "(rename one of them)");
        }
    }
    names_.push_back(name);
    return name;
}

int NameList::index(std::string const& name, Place const& where, std::string const& by,
                    Problems& problems) const
{
    auto const at = std::find(names_.begin(), names_.end(), name);
    if (at != names_.end()) { return static_cast<int>(at - names_.begin()); }
    if (complete_) {
        problems.add(where, by + " names an unknown " + kind_ + ", '" + shown(name) +
                                "' (must be one of the " + std::to_string(names_.size()) + " [[" +
                                kind_ + "]] of the study)" + did_you_mean(name, names_));
    }
    return -1;
}

int NameList::index_of_key(TableView& entry, std::string const& key, Problems& problems) const
{
    auto const name = entry.text(key, std::nullopt, Whose::study);
    if (name.empty()) { return -1; }
    return index(name, entry.place_of_key(key), "key '" + key + "' of " + entry.what(), problems);
}

std::uint64_t NameList::set_of_key(TableView& entry, std::string const& key,
                                   std::optional<std::vector<std::string>> const& fallback,
                                   Problems& problems) const
{
    std::uint64_t set = 0;
    // Of names that two have alike the second is told where it is given.
    bool const is_written = entry.has(key);
    for (auto const& [name, where] : entry.texts(key, fallback)) {
        int const i = index(name, where, "key '" + key + "' of " + entry.what(), problems);
        if (i < 0 || i >= 64) { continue; }
        if (is_written && (set >> i & 1) != 0) {
            problems.add(where, "key '" + key + "' of " + entry.what() + " names '" + name +
                                    "' twice (once is enough)");
        }
        set |= std::uint64_t(1) << i;
    }
    return set;
}

}  // namespace longwatch
