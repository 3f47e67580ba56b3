#include "results/store/seal.hpp"

#include <fmt/format.h>

#include <boost/crc.hpp>

namespace longwatch {

namespace {

constexpr std::string_view seal_mark = "longwatch-crc32:";
static_assert(seal_mark.size() + 8 == seal_size);

}  // namespace

std::string seal_of(std::string_view bytes)
{
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return fmt::format("{}{:08x}", seal_mark, crc.checksum());
}

bool has_seal(std::string_view file)
{
    return file.size() >= seal_size &&
           file.substr(file.size() - seal_size, seal_mark.size()) == seal_mark;
}

bool is_sealed(std::string_view file)
{
    return has_seal(file) &&
           file.substr(file.size() - seal_size) == seal_of(file.substr(0, file.size() - seal_size));
}

}  // namespace longwatch
