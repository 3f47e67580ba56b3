// Any request, in State and Work.
#pragma once

#include "kernels/arc_2000/flyer.hpp"

namespace longwatch::arc_2000 {

/// Every block of [first, first + count). For the radars flights are followed between the ends of the stride, where its nodes
/// are not as good: two more of them.
template <int n, class State, class Work>
Flown fly_blocks(FlightTable const& table, std::int64_t first, std::int64_t count, Variant variant,
                 Setting const& setting, Ends& ends)
{
    auto const every_block = [&](auto& flyer, auto const& body) {
        for (std::int64_t i = first; i < first + count; i += flyer.block) {
            body(i, static_cast<int>(std::min<std::int64_t>(flyer.block, first + count - i)));
        }
        return flyer.flown();
    };
    if (variant == Variant::with_radars) {
        Flyer<n == 0 ? 0 : n + 2, State, Work> flyer(table, setting, ends);
        return every_block(flyer, [&](auto i, int some) { flyer.with_radars(i, some); });
    }
    Flyer<n, State, Work> flyer(table, setting, ends);
    if (variant == Variant::to_ground) {
        return every_block(flyer, [&](auto i, int some) { flyer.to_ground(i, some); });
    }
    return every_block(flyer, [&](auto i, int some) { flyer.to_instant(i, some); });
}

template <class State, class Work>
Flown fly_as(FlightTable const& table, std::int64_t first, std::int64_t count,
             Request const& request, Ends& ends)
{
    bool const strides = request.accuracy != Accuracy::converged;
    Setting const setting = strides ? setting_of[static_cast<int>(request.accuracy)]
                                    : Setting{0, 0, {request.step_error_m, 5}};
    switch (request.accuracy) {
    case Accuracy::ten_metres:
        return fly_blocks<6, State, Work>(table, first, count, request.variant, setting, ends);
    case Accuracy::metre:
        return fly_blocks<7, State, Work>(table, first, count, request.variant, setting, ends);
    case Accuracy::centimetres:
        return fly_blocks<9, State, Work>(table, first, count, request.variant, setting, ends);
    case Accuracy::millimetre:
        return fly_blocks<10, State, State>(table, first, count, request.variant, setting, ends);
    case Accuracy::converged: break;
    }
    return fly_blocks<0, State, State>(table, first, count, request.variant, setting, ends);
}

}  // namespace longwatch::arc_2000
