// The study that ships, read and prepared once for all tests of a program.
#pragma once

#include <filesystem>

#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"

namespace longwatch {

inline Study const& trilateral_study()
{
    static Study const study = [] {
        Study s = read_study(std::filesystem::path(LW_SOURCE_DIR) / "studies" /
                             "trilateral-warning.toml");
        prepare(s);
        return s;
    }();
    return study;
}

}  // namespace longwatch
