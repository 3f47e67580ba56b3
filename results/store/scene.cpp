#include "results/store/scene.hpp"

#include <numeric>

namespace longwatch {

namespace {

struct TrackDataset {
    char const* name;
    char const* unit;
    char const* description;
    std::vector<double> GroundTrack::*values;
};

constexpr TrackDataset track_datasets[] = {
    {"track_t_s", "s", "time since ignition", &GroundTrack::t_s},
    {"track_latitude_deg", "deg", "geodetic latitude of the nominal flight",
     &GroundTrack::latitude_deg},
    {"track_longitude_deg", "deg", "longitude of the nominal flight, east positive",
     &GroundTrack::longitude_deg},
    {"track_altitude_km", "km", "altitude of the nominal flight above the ellipsoid",
     &GroundTrack::altitude_km},
};

}  // namespace

void write_scene(hid_t file, std::vector<std::string> const& threats,
                 std::vector<GroundTrack> const& tracks)
{
    if (tracks.empty()) { return; }
    auto const group = new_group(file, "scene");
    auto const threat = write_strings(
        group, {"threat", "1", "names of the threats", {threats.size()}, {}}, threats);
    make_scale(threat, "threat");
    std::vector<double> number(GroundTrack::points);
    std::iota(number.begin(), number.end(), 0.0);
    auto const point = write_doubles(
        group, {"track_point", "1", "points of a ground track", {number.size()}, {}}, number);
    make_scale(point, "track_point");
    for (auto const& spec : track_datasets) {
        std::vector<double> values;
        for (auto const& track : tracks) {
            auto const& row = track.*spec.values;
            values.insert(values.end(), row.begin(), row.end());
        }
        auto const dataset = write_doubles(
            group, {spec.name, spec.unit, spec.description, {tracks.size(), number.size()}, {}},
            values);
        attach_scale(dataset, 0, threat);
        attach_scale(dataset, 1, point);
    }
}

std::vector<GroundTrack> read_scene(hid_t file, std::size_t threat_count)
{
    if (!has_group(file, "scene")) { return {}; }
    std::vector<GroundTrack> tracks(threat_count);
    for (auto const& spec : track_datasets) {
        auto const values = read_doubles(file, std::string("scene/") + spec.name,
                                         {threat_count, GroundTrack::points});
        for (std::size_t i = 0; i < threat_count; ++i) {
            auto const first =
                values.begin() + static_cast<std::ptrdiff_t>(i * GroundTrack::points);
            (tracks[i].*spec.values)
                .assign(first, first + static_cast<std::ptrdiff_t>(GroundTrack::points));
        }
    }
    return tracks;
}

}  // namespace longwatch
