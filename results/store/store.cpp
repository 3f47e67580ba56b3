#include "results/store/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

#include "results/store/atomic_file.hpp"
#include "results/store/checkpoint.hpp"
#include "results/store/file_parts.hpp"
#include "results/store/limited_process.hpp"
#include "results/store/plain_bytes.hpp"
#include "results/store/scene.hpp"
#include "results/store/schema.hpp"
#include "results/store/seal.hpp"
#include "results/store/store_placement.hpp"

namespace longwatch {

namespace {

constexpr std::size_t failures_max = 1'000'000;
constexpr std::size_t gaps_max = 1'000'000;
// A study may have 4000, and its reading adds some.
constexpr std::size_t assumptions_max = 4096;
constexpr std::string_view hdf5_signature = "\x89HDF\r\n\x1a\n";

// --- Shared shapes ---------------------------------------------------------------------------

Shape shape_of(TallyLayout const& layout, std::vector<Axis> const& axes)
{
    Shape shape;
    for (auto const axis : axes) { shape.push_back(static_cast<hsize_t>(axis_size(layout, axis))); }
    return shape;
}

std::size_t size_of(Shape const& shape)
{
    std::size_t size = 1;
    for (auto const n : shape) { size *= n; }
    return size;
}

// Calls visit(flat index, indices) for each element, the last index running fastest.
template <class Visit>
void for_each_element(Shape const& shape, Visit const& visit)
{
    auto const size = size_of(shape);
    std::vector<int> at(std::max<std::size_t>(shape.size(), 1), 0);
    for (std::size_t i = 0; i < size; ++i) {
        visit(i, at.data());
        for (std::size_t axis = shape.size(); axis-- > 0;) {
            if (static_cast<hsize_t>(++at[axis]) < shape[axis]) { break; }
            at[axis] = 0;
        }
    }
}

// Long last dimensions are compressed, one row at a time.
Shape chunk_of(Shape const& shape, std::size_t row_dimensions)
{
    auto chunk = shape;
    if (size_of(shape) < 4096) { return {}; }
    for (std::size_t i = 0; i + row_dimensions < chunk.size(); ++i) { chunk[i] = 1; }
    return chunk;
}

// --- Writing ---------------------------------------------------------------------------------

using Scales = std::map<Axis, Handle>;

void write_scale(hid_t where, Axis axis, ResultFile const& result, Scales& scales)
{
    NewDataset const to{axis_name(axis),
                        axis_unit(axis),
                        axis_description(axis),
                        shape_of(result.tally.layout, {axis}),
                        {}};
    auto dataset = is_label_axis(axis)
                       ? write_strings(where, to, axis_labels(result, axis))
                       : write_doubles(where, to, axis_values(result.tally.layout, axis));
    make_scale(dataset, axis_name(axis));
    scales.emplace(axis, std::move(dataset));
}

void attach_scales(hid_t dataset, std::vector<Axis> const& axes, Scales const& scales)
{
    for (std::size_t i = 0; i < axes.size(); ++i) {
        attach_scale(dataset, static_cast<unsigned>(i), scales.at(axes[i]));
    }
}

void write_metadata(hid_t file, ResultFile const& result)
{
    write_attribute(file, "file_type", result_file_type);
    write_attribute(file, "schema_version", schema_version());
    write_provenance(file, result.provenance);
    write_attribute(file, "study", result.study.name);
    write_attribute(file, "question", result.study.question);
    write_attribute(file, "study_hash", result.study.hash);
    write_attribute(file, "sampling", result.sampling);
    write_attribute(
        file, "randomisations",
        static_cast<std::int64_t>(std::max<std::size_t>(result.randomisations.size(), 1)));
    write_attribute(file, "seed", result.seed);
    write_attribute(file, "first_flight", result.first_flight);
    write_attribute(file, "flight_count", result.flight_count);
    write_attribute(file, "raid_size", std::int64_t{result.tally.layout.raid_size});
    write_attribute(file, "stopped", result.stopped);
    write_attribute(file, "time_quantum_s", time_quantum_s);
    write_attribute(file, "warning_time_bin_width_s", warning_bin_s);
    write_attribute(file, "limb_bits", std::int64_t{limb_bits});
}

void write_cells(hid_t file, ResultFile const& result, Scales const& scales)
{
    auto const& tally = result.tally;
    for (auto const& spec : cell_datasets()) {
        auto const shape = shape_of(tally.layout, spec.axes);
        std::vector<std::int64_t> values(size_of(shape));
        for_each_element(shape, [&](std::size_t i, int const* at) {
            auto const cell = static_cast<std::size_t>(spec.cell(tally.layout, at));
            values[i] = static_cast<std::int64_t>(tally.cells[cell]);
        });
        auto const dataset = write_integers(
            file, {spec.name, spec.unit, spec.description, shape, chunk_of(shape, 1)}, values);
        attach_scales(dataset, spec.axes, scales);
    }
}

/// The cells of each randomisation, with a leading dimension: the datasets of the root once more.
void write_randomisations(hid_t file, ResultFile const& result, Scales const& scales)
{
    if (result.randomisations.empty()) { return; }
    auto const group = new_group(file, "randomisations");
    auto const count = result.randomisations.size();
    std::vector<std::int64_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0);
    auto const scale = write_integers(
        group, {"randomisation", "1", "number of the randomisation", {count}, {}}, numbers);
    make_scale(scale, "randomisation");
    for (auto const& spec : cell_datasets()) {
        auto shape = shape_of(result.tally.layout, spec.axes);
        auto const each = size_of(shape);
        std::vector<std::int64_t> values(count * each);
        for (std::size_t r = 0; r < count; ++r) {
            Tally const& tally = result.randomisations[r];
            for_each_element(shape, [&](std::size_t i, int const* at) {
                auto const cell = static_cast<std::size_t>(spec.cell(tally.layout, at));
                values[r * each + i] = static_cast<std::int64_t>(tally.cells[cell]);
            });
        }
        shape.insert(shape.begin(), count);
        auto const dataset = write_integers(
            group, {spec.name, spec.unit, spec.description, shape, chunk_of(shape, 1)}, values);
        attach_scale(dataset, 0, scale);
        for (std::size_t i = 0; i < spec.axes.size(); ++i) {
            attach_scale(dataset, static_cast<unsigned>(i + 1), scales.at(spec.axes[i]));
        }
    }
}

void write_pair_names(hid_t file, ResultFile const& result, Scales const& scales)
{
    std::vector<std::string> arms, versus;
    for (std::size_t arm = 1; arm < result.names.arms.size(); ++arm) {
        for (std::size_t other = 0; other < arm; ++other) {
            arms.push_back(result.names.arms[arm]);
            versus.push_back(result.names.arms[other]);
        }
    }
    Shape const shape{arms.size()};
    auto const first =
        write_strings(file, {"pair_arm", "1", "the arm of the pair", shape, {}}, arms);
    attach_scales(first, {Axis::pair}, scales);
    auto const second = write_strings(
        file, {"pair_versus", "1", "the earlier arm it is compared with", shape, {}}, versus);
    attach_scales(second, {Axis::pair}, scales);
}

void write_estimates(hid_t file, ResultFile const& result, Scales& scales)
{
    auto const group = new_group(file, "estimates");
    // The labels are those of the root, under a second name each, so that the group reads alone.
    for (auto const axis :
         {Axis::arm, Axis::consumer, Axis::battery, Axis::sensor, Axis::launch_estimate, Axis::pair,
          Axis::delay, Axis::gain_threshold_s, Axis::leakers}) {
        require(
            H5Lcreate_hard(file, axis_name(axis), group, axis_name(axis), H5P_DEFAULT, H5P_DEFAULT),
            axis_name(axis));
    }
    write_scale(group, Axis::estimate, result, scales);
    write_scale(group, Axis::warning_threshold_s, result, scales);

    auto const estimates = estimate(result.tally, result.randomisations);
    auto const infinity = std::numeric_limits<double>::infinity();
    for (auto const& spec : estimate_datasets()) {
        auto shape = shape_of(result.tally.layout, spec.axes);
        std::vector<double> values(size_of(shape) * 3, std::nan(""));
        for_each_element(shape, [&](std::size_t i, int const* at) {
            auto const e = spec.at(estimates, at);
            if (!e) { return; }
            values[3 * i] = e->value_below ? -infinity : e->value_above ? infinity : e->value;
            values[3 * i + 1] = e->low_open ? -infinity : e->low;
            values[3 * i + 2] = e->high_open ? infinity : e->high;
        });
        shape.push_back(3);
        auto axes = spec.axes;
        axes.push_back(Axis::estimate);
        auto const dataset = write_doubles(
            group, {spec.name, spec.unit, spec.description, shape, chunk_of(shape, 2)}, values);
        attach_scales(dataset, axes, scales);
    }
}

void write_list(hid_t group, char const* name, char const* description,
                std::vector<std::string> const& entries)
{
    auto const dataset =
        write_strings(group, {name, "1", description, {entries.size()}, {}}, entries);
    make_scale(dataset, name);
}

void write_study(hid_t file, ResultFile const& result)
{
    auto const group = new_group(file, "study");
    write_strings(group, {"text", "1", "the study file as given", {}, {}}, {result.study.text});
    write_strings(group, {"resolved", "1", "the study with every default, SI units", {}, {}},
                  {result.study.resolved});
    write_list(group, "assumption", "what a reader of the result must know", result.assumptions);
    write_list(group, "origin", "names of the states whose sensors feed the network",
               result.names.origins);
    write_list(group, "node", "names of the nodes", result.names.nodes);
    write_list(group, "link", "names of the links", result.names.links);
}

void write_failures(hid_t file, ResultFile const& result)
{
    auto const group = new_group(file, "failures");
    std::vector<std::int64_t> flights;
    std::vector<std::string> fates;
    for (auto const& failure : result.failures) {
        flights.push_back(failure.flight);
        fates.emplace_back(fate_names[static_cast<int>(failure.fate)]);
    }
    Shape const shape{flights.size()};
    auto const flight = write_integers(
        group, {"flight", "1", "indices of the first flights that failed", shape, {}}, flights);
    make_scale(flight, "flight");
    auto const fate =
        write_strings(group, {"fate", "1", "how the flight failed", shape, {}}, fates);
    attach_scale(fate, 0, flight);
}

void write_gaps(hid_t file, ResultFile const& result)
{
    auto const group = new_group(file, "gaps");
    std::vector<std::int64_t> numbers, firsts, counts;
    for (auto const& gap : result.gaps) {
        numbers.push_back(static_cast<std::int64_t>(numbers.size()));
        firsts.push_back(gap.first);
        counts.push_back(gap.count);
    }
    Shape const shape{numbers.size()};
    auto const scale = write_integers(group, {"gap", "1", "number of the gap", shape, {}}, numbers);
    make_scale(scale, "gap");
    for (auto const& [name, what, values] :
         {std::tuple{"first_flight", "index of the first flight that was not flown", &firsts},
          std::tuple{"flight_count", "flights from there on that were not flown", &counts}}) {
        attach_scale(write_integers(group, {name, "1", what, shape, {}}, *values), 0, scale);
    }
}

std::string make_image(ResultFile const& result)
{
    auto const file = new_file_in_memory();
    write_metadata(file, result);
    Scales scales;
    for (auto const axis : {Axis::threat, Axis::fate, Axis::arm, Axis::consumer, Axis::battery,
                            Axis::sensor, Axis::launch_estimate, Axis::pair, Axis::delay,
                            Axis::gain_threshold_s, Axis::warning_time_bin_s, Axis::delay_bin_s,
                            Axis::sum_limb, Axis::sum_squares_limb, Axis::leakers}) {
        write_scale(file, axis, result, scales);
    }
    write_pair_names(file, result, scales);
    write_cells(file, result, scales);
    write_randomisations(file, result, scales);
    write_estimates(file, result, scales);
    write_scene(file, result.names.threats, result.tracks);
    write_study(file, result);
    write_failures(file, result);
    write_gaps(file, result);
    return image_of(file);
}

// HDF5 text ends at the first NUL.
bool holds_nul(ResultFile const& result)
{
    auto const has = [](std::string const& text) { return text.find('\0') != std::string::npos; };
    auto const any_has = [&](std::vector<std::string> const& list) {
        return std::any_of(list.begin(), list.end(), has);
    };
    auto const& n = result.names;
    return has(result.study.text) || has(result.study.resolved) || has(result.study.name) ||
           has(result.study.question) || any_has(result.assumptions) || any_has(n.threats) ||
           any_has(n.arms) || any_has(n.consumers) || any_has(n.batteries) || any_has(n.sensors) ||
           any_has(n.origins) || any_has(n.nodes) || any_has(n.links);
}

// --- Reading ---------------------------------------------------------------------------------

void read_version(hid_t file, ResultFile& result)
{
    auto const type = read_string_attribute(file, "file_type");
    if (type != result_file_type) {
        throw Hdf5Failure(fmt::format(
            "its file type is '{}', not '{}'{}", type, result_file_type,
            type == placement_file_type ? "; longwatch report makes a page of it" : ""));
    }
    result.schema_version = read_string_attribute(file, "schema_version");
    auto const major = result.schema_version.substr(0, result.schema_version.find('.'));
    if (major != std::to_string(schema_major)) {
        throw Hdf5Failure(fmt::format(
            "its schema version is {}, this program reads {}.x; show it with the Longwatch that "
            "wrote it, or run the study again",
            result.schema_version, schema_major));
    }
}

void read_metadata(hid_t file, ResultFile& result)
{
    result.provenance = read_provenance(file);
    result.study.name = read_string_attribute(file, "study");
    result.study.question = read_string_attribute(file, "question");
    result.study.hash = read_string_attribute(file, "study_hash");
    result.study.text = read_string(file, "study/text");
    result.study.resolved = read_string(file, "study/resolved");
    result.seed = read_unsigned_attribute(file, "seed");
    result.first_flight = read_integer_attribute(file, "first_flight");
    result.flight_count = read_integer_attribute(file, "flight_count");
    result.stopped = read_string_attribute(file, "stopped");
    result.assumptions = read_strings(file, "study/assumption", assumptions_max);
    auto& n = result.names;
    n.threats = read_strings(file, "threat", labels_max);
    n.arms = read_strings(file, "arm", labels_max);
    n.consumers = read_strings(file, "consumer", labels_max);
    n.batteries = read_strings(file, "battery", labels_max);
    n.sensors = read_strings(file, "sensor", labels_max);
    n.origins = read_strings(file, "study/origin", labels_max);
    n.nodes = read_strings(file, "study/node", labels_max);
    n.links = read_strings(file, "study/link", labels_max);
}

TallyLayout layout_from(ResultNames const& names, int raid_size)
{
    TallyLayout layout;
    layout.threat_count = static_cast<int>(names.threats.size());
    layout.arm_count = static_cast<int>(names.arms.size());
    layout.consumer_count = static_cast<int>(names.consumers.size());
    layout.battery_count = static_cast<int>(names.batteries.size());
    layout.sensor_count = static_cast<int>(names.sensors.size());
    layout.raid_size = raid_size;
    check_cells(layout);
    return layout;
}

Tally read_tally(hid_t file, ResultNames const& names)
{
    int const raid_size = read_small(file, "raid_size");
    if (raid_size < 1 || raid_size > labels_max) {
        throw Hdf5Failure(fmt::format("attribute raid_size is {}", raid_size));
    }
    Tally tally(layout_from(names, raid_size));
    for (auto const& spec : cell_datasets()) {
        auto const shape = shape_of(tally.layout, spec.axes);
        auto const values = read_integers(file, spec.name, shape);
        for_each_element(shape, [&](std::size_t i, int const* at) {
            auto const cell = static_cast<std::size_t>(spec.cell(tally.layout, at));
            tally.cells[cell] = static_cast<std::uint64_t>(values[i]);
        });
    }
    return tally;
}

std::vector<Tally> read_randomisations(hid_t file, TallyLayout const& layout, int count)
{
    if (count == 1) { return {}; }
    auto all = layout;
    all.randomisation_count = count;
    check_cells(all);
    std::vector<Tally> out(static_cast<std::size_t>(count), Tally(layout));
    for (auto const& spec : cell_datasets()) {
        auto const shape = shape_of(layout, spec.axes);
        auto const each = size_of(shape);
        auto whole = shape;
        whole.insert(whole.begin(), static_cast<hsize_t>(count));
        auto const values =
            read_integers(file, (std::string("randomisations/") + spec.name).c_str(), whole);
        for (std::size_t r = 0; r < out.size(); ++r) {
            for_each_element(shape, [&](std::size_t i, int const* at) {
                auto const cell = static_cast<std::size_t>(spec.cell(layout, at));
                out[r].cells[cell] = static_cast<std::uint64_t>(values[r * each + i]);
            });
        }
    }
    return out;
}

Fate fate_from(std::string const& name)
{
    auto const found = std::find(std::begin(fate_names), std::end(fate_names), name);
    if (found == std::end(fate_names)) {
        throw Hdf5Failure(fmt::format("'{}' is not a fate this program knows", name));
    }
    return static_cast<Fate>(found - std::begin(fate_names));
}

std::vector<ListedFailure> read_failures(hid_t file)
{
    auto const fates = read_strings(file, "failures/fate", failures_max);
    auto const flights = read_integers(file, "failures/flight", {fates.size()});
    std::vector<ListedFailure> failures;
    for (std::size_t i = 0; i < fates.size(); ++i) {
        failures.push_back({flights[i], fate_from(fates[i])});
    }
    return failures;
}

/// Files older than schema 4.2 have none.
FlightSpans read_gaps(hid_t file)
{
    if (!has_group(file, "gaps")) { return {}; }
    auto const count = read_length(file, "gaps/first_flight", gaps_max);
    auto const firsts = read_integers(file, "gaps/first_flight", {count});
    auto const counts = read_integers(file, "gaps/flight_count", {count});
    FlightSpans gaps;
    for (std::size_t i = 0; i < count; ++i) { gaps.push_back({firsts[i], counts[i]}); }
    return gaps;
}

ResultFile read_image(std::string_view image)
{
    auto const file = open_file_in_memory(image);
    ResultFile result;
    read_version(file, result);
    read_metadata(file, result);
    auto const fates = read_strings(file, "fate", labels_max);
    if (!std::ranges::equal(fates, fate_names)) {
        throw Hdf5Failure("its fates are not those this program knows, in their order");
    }
    result.tally = read_tally(file, result.names);
    result.sampling = read_string_attribute(file, "sampling");
    result.randomisations =
        read_randomisations(file, result.tally.layout, read_small(file, "randomisations"));
    result.failures = read_failures(file);
    result.gaps = read_gaps(file);
    result.tracks = read_scene(file, result.names.threats.size());
    return result;
}

ResultFile checked(ResultFile result)
{
    auto const problems = result_problems(result);
    if (!problems.empty()) { throw Hdf5Failure(problems.front()); }
    return result;
}

}  // namespace

namespace {

/// Of a file with a seal; nothing where it is damaged.
std::optional<std::string> type_if_whole(std::filesystem::path const& path)
{
    try {
        return sealed_file_type(path);
    } catch (StoreError const&) {
        return std::nullopt;
    }
}

}  // namespace

void check_replaceable(std::filesystem::path const& path, std::string_view type)
{
    auto const refuse = [&](std::string const& why) {
        throw StoreError(
            path, fmt::format("cannot write {} ({}) choose another name", path.string(), why));
    };
    try {
        auto const ends = ends_of_file(path, hdf5_signature.size(), seal_size);
        if (!ends || ends->size == 0) { return; }
        if (ends->first != hdf5_signature || !has_seal(ends->last)) {
            refuse("it exists and is no result file, it would be lost");
        }
        auto const other = type_if_whole(path);
        if (other && *other != type) {
            refuse(fmt::format("it is a {}, it would be lost", *other));
        }
    } catch (std::system_error const& failure) {
        refuse(failure.what());
    }
}

void write_sealed(std::filesystem::path const& path, std::string_view type,
                  std::function<std::string()> const& make_image)
{
    check_replaceable(path, type);
    auto const refuse = [&](std::string const& why) {
        throw StoreError(path, fmt::format("cannot write {} ({})", path.string(), why));
    };
    QuietHdf5 const quiet;
    try {
        auto image = make_image();
        image += seal_of(image);
        replace_file(path, image);
    } catch (Hdf5Failure const& failure) {
        refuse(failure.what());
    } catch (std::system_error const& failure) {
        refuse(failure.what());
    }
}

std::string sealed_bytes(ResultFile const& result)
{
    QuietHdf5 const quiet;
    auto bytes = make_image(result);
    return bytes + seal_of(bytes);
}

void write_result(std::filesystem::path const& path, ResultFile const& result)
{
    auto const refuse = [&](std::string const& why) {
        throw StoreError(path, fmt::format("cannot write {} ({})", path.string(), why));
    };
    auto const problems = result_problems(result);
    if (!problems.empty()) { refuse("the result contradicts itself: " + problems.front()); }
    if (holds_nul(result)) { refuse("a name or text of the study holds a NUL character"); }
    write_sealed(path, result_file_type, [&] { return make_image(result); });
}

namespace {

/// Calls `read` with what is before the seal, and turns its failures into StoreErrors.
template <class Read>
auto read_sealed(std::filesystem::path const& path, Read const& read)
{
    bool is_whole = false;
    auto const refusal = [&](std::string const& why) {
        return StoreError(path, fmt::format("cannot read {} ({})", path.string(), why), is_whole);
    };
    QuietHdf5 const quiet;
    try {
        auto const file = load_file(path, file_size_max);
        std::string_view const bytes = file;
        if (bytes.starts_with(checkpoint_file_type)) {
            throw Hdf5Failure(
                "it is the checkpoint of a run that is not finished; longwatch run --resume "
                "finishes it");
        }
        if (!bytes.starts_with(hdf5_signature)) { throw Hdf5Failure("it is not an HDF5 file"); }
        if (!has_seal(bytes)) {
            throw Hdf5Failure(
                "it is cut short, or another program wrote it: the checksum at its end is missing");
        }
        if (!is_sealed(bytes)) {
            throw Hdf5Failure("it is damaged or was changed: its checksum is wrong");
        }
        is_whole = true;
        return read(bytes.substr(0, bytes.size() - seal_size));
    } catch (Hdf5Failure const& failure) {
        throw refusal(failure.what());
    } catch (WorkRefused const& refused) {
        throw refusal(refused.what());
    } catch (LimitedFailure const& failure) {
        throw refusal(failure.what());
    } catch (std::system_error const& failure) {
        throw refusal(failure.what());
    }
}

}  // namespace

ResultFile result_of_image(std::string_view image)
{
    QuietHdf5 const quiet;
    return checked(read_image(image));
}

ResultFile read_result(std::filesystem::path const& path)
{
    return read_sealed(path, [](std::string_view image) {
        auto const read = [&] { return plain_bytes_of(read_image(image)); };
        return checked(result_of_plain_bytes(run_limited(read)));
    });
}

std::string sealed_file_type(std::filesystem::path const& path)
{
    return read_sealed(path, [](std::string_view image) {
        return run_limited(
            [&] { return read_string_attribute(open_file_in_memory(image), "file_type"); });
    });
}

}  // namespace longwatch
