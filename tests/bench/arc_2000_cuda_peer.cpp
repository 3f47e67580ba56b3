// Longwatch's entries in the race of ARC-2000 on a CUDA device, asked like the peers (tests/bench/peers/peer.hpp); seconds are
// those of the device, with the flights' columns there already.
//   build/cuda/bench/arc_2000_cuda_peer DEVICE TABLE
#include <cstdlib>

#include "tests/bench/longwatch_peer.hpp"

using namespace longwatch;
namespace arc = longwatch::arc_2000;

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::cerr << "usage: " << argv[0] << " DEVICE TABLE\n";
        return 2;
    }
    int const device = std::atoi(argv[1]);
    arc::Numbers const numbers[] = {arc::Numbers::all_double, arc::Numbers::mixed};
    arc::FlightTable table;
    double device_s = 0;
    auto const fly = [&](peer::Table const& given, char variant, std::size_t setting,
                         std::vector<peer::End>& ends) {
        auto const count = static_cast<std::int64_t>(ends.size());
        if (table.count() != count) { table = in_metres(given, ends.size()); }
        arc::Ends out(count);
        arc::Request const request{static_cast<arc::Variant>(variant - 'a'), arc::Accuracy::metre,
                                   numbers[setting]};
        auto const flown = arc::fly_on_cuda(table, request, {device, 1}, out);
        device_s += 1e-3 * flown.times_ms.front();
        put_in_km(out, ends);
    };
    try {
        return peer::serve(argc - 1, argv + 1, {"double 1 m", "mixed 1 m"}, fly,
                           [&] { return device_s; });
    } catch (std::exception const& error) {
        std::cerr << "arc_2000_cuda_peer: " << error.what() << '\n';
        return 3;
    }
}
