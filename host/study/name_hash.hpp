// The hash of an entity's name, which keys its draws: the same in every study that names it so.
#pragma once

#include <cstdint>
#include <string_view>

namespace longwatch {

/// FNV-1a, 32 bits (Fowler, Noll, Vo): offset basis 2166136261, prime 16777619.
constexpr std::uint32_t name_hash(std::string_view name)
{
    std::uint32_t hash = 2166136261u;
    for (char const c : name) { hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u; }
    return hash;
}

}  // namespace longwatch
