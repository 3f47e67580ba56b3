#include "results/store/file_parts.hpp"

#include <limits>

#include <fmt/format.h>

#include "results/store/schema.hpp"

namespace longwatch {

void write_provenance(hid_t file, Provenance const& provenance)
{
    write_attribute(file, "code_version", provenance.code_version);
    write_attribute(file, "git_hash", provenance.git_hash);
    write_attribute(file, "created_utc", provenance.created_utc);
    write_attribute(file, "device", provenance.device);
    write_attribute(file, "precision", provenance.precision);
    write_attribute(file, "instructions", provenance.instructions);
    write_attribute(file, "lanes", std::int64_t{provenance.lanes});
    write_attribute(file, "threads", std::int64_t{provenance.threads});
}

int read_small(hid_t file, char const* name)
{
    auto const value = read_integer_attribute(file, name);
    if (value < 0 || value > std::numeric_limits<int>::max()) {
        throw Hdf5Failure(fmt::format("attribute {} is {}", name, value));
    }
    return static_cast<int>(value);
}

Provenance read_provenance(hid_t file)
{
    Provenance p;
    p.code_version = read_string_attribute(file, "code_version");
    p.git_hash = read_string_attribute(file, "git_hash");
    p.created_utc = read_string_attribute(file, "created_utc");
    p.device = read_string_attribute(file, "device");
    p.precision = read_string_attribute(file, "precision");
    p.instructions = read_string_attribute(file, "instructions");
    p.lanes = read_small(file, "lanes");
    p.threads = read_small(file, "threads");
    return p;
}

void check_cells(TallyLayout const& layout)
{
    auto const why = too_large(layout);
    if (!why.empty()) { throw Hdf5Failure(why); }
}

}  // namespace longwatch
