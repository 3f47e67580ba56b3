// Between the race's files, in km, and Longwatch's tables and ends, in m.
#pragma once

#include "kernels/arc_2000/arc_2000.hpp"
#include "tests/bench/peers/peer.hpp"

namespace longwatch {

inline constexpr std::array<double, 7> peer_unit{1e3, 1e3, 1e3, 1e3, 1e3, 1e3, 1};

inline arc_2000::FlightTable in_metres(peer::Table const& from, std::size_t count)
{
    arc_2000::FlightTable out;
    for (std::size_t c = 0; c < 7; ++c) {
        for (std::size_t i = 0; i < count; ++i) {
            out.column[c].push_back(from.at(c, i) * peer_unit[c]);
        }
    }
    return out;
}

inline void put_in_km(arc_2000::Ends const& from, std::vector<peer::End>& ends)
{
    for (std::size_t i = 0; i < ends.size(); ++i) {
        ends[i] = {from.t_s[i],
                   {from.x_m[i] / 1e3, from.y_m[i] / 1e3, from.z_m[i] / 1e3},
                   {from.rise_s[0][i], from.set_s[0][i], from.rise_s[1][i], from.set_s[1][i]}};
    }
}

}  // namespace longwatch
