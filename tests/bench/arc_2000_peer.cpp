// Longwatch's own entries in the race of ARC-2000, asked like the peers (tests/bench/peers/peer.hpp).
//   build/release/bench/arc_2000_peer TABLE        answers requests
//   build/release/bench/arc_2000_peer --table N FILE   writes the table of N flights
#include <cstdlib>
#include <cstring>

#include "kernels/lanes/xsimd_lanes.hpp"
#include "tests/bench/arc_2000.hpp"
#include "tests/bench/longwatch_peer.hpp"
#include "tests/support/compared_methods.hpp"

namespace arc = longwatch::arc_2000;
using namespace longwatch;

namespace {

/// One setting: a request, or RK4 in plain lanes at a fixed step.
struct Setting {
    std::string name;
    arc::Request request;
    double rk4_step_s = 0;
};

std::vector<Setting> settings()
{
    std::vector<Setting> out;
    char const* const claims[] = {"10 m", "1 m", "5 cm", "1 mm"};
    for (int k = 0; k < 4; ++k) {
        out.push_back({std::string("double ") + claims[k],
                       {{}, static_cast<arc::Accuracy>(k), arc::Numbers::all_double}});
    }
    for (int k = 0; k < 3; ++k) {
        out.push_back({std::string("mixed ") + claims[k],
                       {{}, static_cast<arc::Accuracy>(k), arc::Numbers::mixed}});
    }
    for (double const step_error_m : {1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5}) {
        out.push_back({"steps only " + std::to_string(step_error_m),
                       {{}, arc::Accuracy::converged, arc::Numbers::all_double, step_error_m}});
    }
    out.push_back({"converged", {{}, arc::Accuracy::converged, arc::Numbers::all_double}});
    for (double const step_s : {10.0, 5.0, 2.0, 1.0}) {
        out.push_back({"RK4 " + std::to_string(step_s), {}, step_s});
    }
    return out;
}

/// Variant A by the textbook: eight lanes, one step for all.
void fly_rk4(arc::FlightTable const& table, double step_s, std::vector<peer::End>& ends)
{
    constexpr std::size_t width = Lanes::size;
    for (std::size_t i = 0; i + width <= ends.size(); i += width) {
        auto const at = [&](std::size_t c) { return Lanes::load_unaligned(&table.column[c][i]); };
        Arc2000Force<Lanes> const force{at(6)};
        Knot<Lanes> now{Lanes(0.0), {at(0), at(1), at(2)}, {at(3), at(4), at(5)}, {}};
        now.a_mps2 = force(now.t_s, now.r_m, now.v_mps);
        int const steps = static_cast<int>(2000 / step_s);
        for (int k = 0; k < steps; ++k) {
            auto const next =
                Order4::step(force, now.t_s, now.r_m, now.v_mps, now.a_mps2, Lanes(step_s), {});
            now = {now.t_s + Lanes(step_s), next.r_m, next.v_mps, next.a_mps2};
        }
        for (std::size_t l = 0; l < width; ++l) {
            ends[i + l].t = 2000;
            ends[i + l].s = {now.r_m.x.get(l) / 1e3, now.r_m.y.get(l) / 1e3,
                             now.r_m.z.get(l) / 1e3};
        }
    }
}

void fly_request(arc::FlightTable const& table, arc::Request const& request,
                 std::vector<peer::End>& ends)
{
    auto const count = static_cast<std::int64_t>(ends.size());
    static arc::Ends out(table.count());
    arc::fly(table, 0, count, request, out);
    put_in_km(out, ends);
}

int write_table(long count, char const* path)
{
    auto const table = arc::flights(count);
    std::ofstream file(path, std::ios::binary);
    for (std::size_t c = 0; c < 7; ++c) {
        for (double const x : table.column[c]) {
            double const value = x / peer_unit[c];
            file.write(reinterpret_cast<char const*>(&value), sizeof value);
        }
    }
    return file.good() ? 0 : 3;
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc == 4 && std::strcmp(argv[1], "--table") == 0) {
        return write_table(std::atol(argv[2]), argv[3]);
    }
    auto const all = settings();
    std::vector<std::string> names;
    for (auto const& s : all) { names.push_back(s.name); }
    arc::FlightTable table;
    auto const fly = [&](peer::Table const& given, char variant, std::size_t setting,
                         std::vector<peer::End>& ends) {
        if (table.count() == 0) { table = in_metres(given, given.count); }
        Setting s = all[setting];
        s.request.variant = static_cast<arc::Variant>(variant - 'a');
        s.rk4_step_s > 0 ? fly_rk4(table, s.rk4_step_s, ends) : fly_request(table, s.request, ends);
    };
    return peer::serve(argc, argv, names, fly);
}
