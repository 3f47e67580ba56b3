// The names of one kind of entity, in order, and how they are referred to.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/study/table_view.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

class NameList {
public:
    explicit NameList(std::string kind) : kind_(std::move(kind)) {}

    /// Reads the entry's "name" and adds it; reports a bad or repeated one, and a clash of hashes.
    std::string read_name(TableView& entry, Problems& problems);

    /// Adds what is no entry of the study, such as an arm's variant of one. No entry can be called so.
    void add_variant(std::string name) { names_.push_back(std::move(name)); }

    /// The index of a name; -1, with a problem at the place, where there is none.
    int index(std::string const& name, Place const& where, std::string const& by,
              Problems& problems) const;
    /// The entity that the entry's key names; -1 if none.
    int index_of_key(TableView& entry, std::string const& key, Problems& problems) const;
    /// A bit per entity named in the entry's list.
    std::uint64_t set_of_key(TableView& entry, std::string const& key,
                             std::optional<std::vector<std::string>> const& fallback,
                             Problems& problems) const;

    std::string const& kind() const { return kind_; }
    /// Some entry could not be read, so that an unknown name may be its.
    void mark_incomplete() { complete_ = false; }
    std::vector<std::string> const& names() const { return names_; }
    int size() const { return static_cast<int>(names_.size()); }

private:
    std::string kind_;
    std::vector<std::string> names_;
    bool complete_ = true;  ///< false if an entry's name could not be read
};

}  // namespace longwatch
