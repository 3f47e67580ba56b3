#include <random>

#include "kernels/arc_2000/arc_2000.hpp"

namespace longwatch::arc_2000 {

FlightTable flights(std::int64_t count)
{
    std::mt19937_64 bits(2000);
    std::normal_distribution<double> z;
    std::array<double, 7> const nominal{6578137.0, 0, 0, 2900, 5200, 3600, 1e-4};
    std::array<double, 7> const sigma{500, 500, 500, 5, 5, 5, 0.05 * 1e-4};
    FlightTable out;
    for (std::int64_t i = 0; i < count; ++i) {
        for (std::size_t c = 0; c < 7; ++c) {
            out.column[c].push_back(nominal[c] + (i == 0 ? 0.0 : sigma[c] * z(bits)));
        }
    }
    return out;
}

Ends::Ends(std::int64_t count)
{
    for (auto* column : {&t_s, &x_m, &y_m, &z_m, &rise_s[0], &rise_s[1], &set_s[0], &set_s[1]}) {
        column->resize(static_cast<std::size_t>(count));
    }
}

}  // namespace longwatch::arc_2000
