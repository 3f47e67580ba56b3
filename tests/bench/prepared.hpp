// A prepared study for programs that have no host code, of whatever instruction set: the plain struct of its launches as it lies in
// memory, between programs of the same sources.
#pragma once

#include <cstdint>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/scenario.hpp"

namespace longwatch {

struct Prepared {
    std::uint64_t seed = 0;
    std::vector<std::string> threats;
    std::unique_ptr<Scenario> scenario = std::make_unique<Scenario>();
};

static_assert(std::is_trivially_copyable_v<Scenario>);

/// A line with the seed, the bytes of a scenario and the threats' names, then those bytes.
inline void write_prepared(std::string const& path, Prepared const& from)
{
    std::ofstream file(path, std::ios::binary);
    file << from.seed << ' ' << sizeof(Scenario);
    for (auto const& threat : from.threats) { file << ' ' << threat; }
    file << '\n';
    file.write(reinterpret_cast<char const*>(from.scenario.get()), sizeof(Scenario));
    if (!file.flush()) { throw std::runtime_error("cannot write " + path); }
}

/// Throws where the file is not what write_prepared() of these sources leaves.
inline Prepared read_prepared(std::string const& path)
{
    std::ifstream file(path, std::ios::binary);
    Prepared out;
    std::size_t bytes = 0;
    file >> out.seed >> bytes;
    while (file && file.peek() != '\n') {
        std::string threat;
        file >> threat;
        out.threats.push_back(threat);
    }
    file.get();
    file.read(reinterpret_cast<char*>(out.scenario.get()), sizeof(Scenario));
    if (!file || bytes != sizeof(Scenario)) {
        throw std::runtime_error(path + " is no prepared study of these sources; write it anew");
    }
    return out;
}

}  // namespace longwatch
