// What a program that races on ARC-2000 does besides flying: reads the table of flights, flies them as asked on standard
// input, tells how long it took. scripts/bench asks.
//
// A request is a line "VARIANT SETTING COUNT FILE": variant a, b or c, a number of the settings, how many of the flights,
// and where to put the ends. The answer is a line of seconds of CPU time, or of a device's. Files are 64-bit floats, column after column: the table
// x, y, z (km), vx, vy, vz (km/s), drag area per mass (m2/kg); the ends t (s), x, y, z (km) and in variant c
// rise and set over the first radar and the second (s).
#pragma once

#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace peer {

using State = std::array<double, 6>;

inline constexpr double mu = 398600.4418, radius = 6378.137, J2 = 1.08262668e-3,
                        rotation = 7.292115e-5;

/// Accelerations in km/s2; drag_area in m2/kg.
struct Force {
    double drag_area;
    void operator()(State const& s, State& d, double /* t */) const
    {
        double const d2 = s[0] * s[0] + s[1] * s[1] + s[2] * s[2], inverse = 1 / std::sqrt(d2);
        double const q = inverse * inverse, g = -mu * q * inverse,
                     k = 1.5 * J2 * radius * radius * q;
        double const z2 = 5 * s[2] * s[2] * q, level = g * (1 + k * (1 - z2)),
                     polar = g * (1 + k * (3 - z2));
        double const u = s[3] + rotation * s[1], v = s[4] - rotation * s[0], w = s[5];
        double const density = 1.225e9 * std::exp((radius - d2 * inverse) * (1 / 7.2));
        double const drag = -0.5e-6 * density * drag_area * std::sqrt(u * u + v * v + w * w);
        d = {s[3],
             s[4],
             s[5],
             level * s[0] + drag * u,
             level * s[1] + drag * v,
             polar * s[2] + drag * w};
    }
};

struct Radar {
    double latitude, longitude, mask;  // rad
};
inline constexpr double degree = 3.14159265358979323846 / 180;
inline constexpr std::array<Radar, 2> radars{
    {{14 * degree, 30 * degree, 3 * degree}, {28 * degree, 64 * degree, 3 * degree}}};

/// Positive over the radar's horizon.
inline double height(Radar const& radar, double t, double const* s)
{
    double const a = radar.longitude + rotation * t, c = std::cos(radar.latitude);
    double const along =
        s[0] * c * std::cos(a) + s[1] * c * std::sin(a) + s[2] * std::sin(radar.latitude);
    double const d2 =
        s[0] * s[0] + s[1] * s[1] + s[2] * s[2] - 2 * radius * along + radius * radius;
    return along - radius - std::sin(radar.mask) * std::sqrt(d2);
}

struct Table {
    std::size_t count;
    std::vector<double> value;
    double at(std::size_t column, std::size_t i) const { return value[column * count + i]; }
    State start(std::size_t i) const
    {
        return {at(0, i), at(1, i), at(2, i), at(3, i), at(4, i), at(5, i)};
    }
};

/// One flight's end, and in variant c its times over the radars.
struct End {
    double t;
    State s;
    std::array<double, 4> over{1e30, 1e30, 1e30, 1e30};
};

inline Table read_table(char const* path)
{
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    Table out;
    out.value.resize(static_cast<std::size_t>(file.tellg()) / sizeof(double));
    out.count = out.value.size() / 7;
    file.seekg(0);
    file.read(reinterpret_cast<char*>(out.value.data()),
              static_cast<std::streamsize>(out.value.size() * sizeof(double)));
    return out;
}

inline double cpu_s()
{
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

inline void write_ends(std::string const& path, std::vector<End> const& ends)
{
    std::ofstream file(path, std::ios::binary);
    auto const put = [&](double x) { file.write(reinterpret_cast<char const*>(&x), sizeof x); };
    for (auto const& e : ends) { put(e.t); }
    for (std::size_t c = 0; c < 3; ++c) {
        for (auto const& e : ends) { put(e.s[c]); }
    }
    for (std::size_t c = 0; c < 4; ++c) {
        for (auto const& e : ends) { put(e.over[c]); }
    }
}

/// main of a peer: "PROGRAM TABLE"; fly(table, variant, setting, ends) fills the ends. Prints the settings first, a line.
/// seconds() is the clock that tells how long it took.
template <class Fly, class Clock = double (*)()>
int serve(int argc, char** argv, std::vector<std::string> const& settings, Fly const& fly,
          Clock const& seconds = cpu_s)
{
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " TABLE\n";
        return 2;
    }
    Table const table = read_table(argv[1]);
    for (auto const& s : settings) { std::cout << s << '\t'; }
    std::cout << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream in(line);
        char variant;
        std::size_t setting, count;
        std::string file;
        in >> variant >> setting >> count >> file;
        std::vector<End> ends(count);
        double const from = seconds();
        fly(table, variant, setting, ends);
        double const took = seconds() - from;
        write_ends(file, ends);
        std::printf("%.9f\n", took);
        std::fflush(stdout);
    }
    return 0;
}

}  // namespace peer
