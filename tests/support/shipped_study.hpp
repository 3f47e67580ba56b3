// Studies that ship, read and prepared once for all tests of a program.
#pragma once

#include <filesystem>
#include <string>

#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"

namespace longwatch {

inline Study shipped_study(std::string const& name)
{
    Study s = read_study(std::filesystem::path(LW_SOURCE_DIR) / "studies" / (name + ".toml"));
    prepare(s);
    return s;
}

inline Study const& trilateral_study()
{
    static Study const study = shipped_study("trilateral-warning");
    return study;
}

/// Raids of ten, two tiers, simulated shots.
inline Study const& layered_study()
{
    static Study const study = shipped_study("layered-defence");
    return study;
}

}  // namespace longwatch
