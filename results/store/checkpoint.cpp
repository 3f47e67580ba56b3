#include "results/store/checkpoint.hpp"

#include <cstdint>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "kernels/tally/settle.hpp"
#include "results/store/file_parts.hpp"
#include "results/store/limited_process.hpp"
#include "results/store/plain_bytes.hpp"
#include "results/store/schema.hpp"
#include "results/store/store.hpp"

namespace longwatch {

namespace {

constexpr std::int64_t checkpoint_version = 1;
constexpr std::size_t spans_max = 1'000'000;

/// The cells that are not zero, in stretches: most of a histogram's are.
struct Stretches {
    std::vector<std::int64_t> first, count, amount;

    explicit Stretches(std::vector<std::uint64_t> const& cells)
    {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (cells[i] == 0) { continue; }
            if (i == 0 || cells[i - 1] == 0) {
                first.push_back(static_cast<std::int64_t>(i));
                count.push_back(0);
            }
            ++count.back();
            amount.push_back(static_cast<std::int64_t>(cells[i]));
        }
    }
};

void put(hid_t where, char const* name, char const* what, std::vector<std::int64_t> const& values)
{
    write_integers(where, {name, "1", what, {values.size()}, {}}, values);
}

std::vector<std::int64_t> take(hid_t where, char const* name, std::size_t most)
{
    return read_integers(where, name, {read_length(where, name, most)});
}

struct LayoutSize {
    char const* name;
    int TallyLayout::*size;
};
constexpr LayoutSize layout_sizes[] = {
    {"threats", &TallyLayout::threat_count},
    {"arms", &TallyLayout::arm_count},
    {"consumers", &TallyLayout::consumer_count},
    {"batteries", &TallyLayout::battery_count},
    {"randomisations", &TallyLayout::randomisation_count},
    {"sensors", &TallyLayout::sensor_count},
    {"raid_size", &TallyLayout::raid_size},
};

std::string image_of_part(FlownPart const& part)
{
    auto const file = new_file_in_memory();
    write_attribute(file, "file_type", checkpoint_file_type);
    write_attribute(file, "checkpoint_version", checkpoint_version);
    write_provenance(file, part.provenance);
    write_attribute(file, "study", part.study.name);
    write_attribute(file, "study_hash", part.study.hash);
    write_attribute(file, "seed", part.seed);
    for (auto const& [name, size] : layout_sizes) {
        write_attribute(file, name, std::int64_t{part.tally.layout.*size});
    }
    write_strings(file, {"resolved", "1", "the study with every default, SI units", {}, {}},
                  {part.study.resolved});
    std::vector<std::int64_t> firsts, counts;
    for (auto const& span : part.spans) {
        firsts.push_back(span.first);
        counts.push_back(span.count);
    }
    put(file, "first_flight", "first flight of each span that is finished", firsts);
    put(file, "flight_count", "flights of each span", counts);
    Stretches const cells(part.tally.cells);
    put(file, "cell_first", "first cell of each stretch that is not zero", cells.first);
    put(file, "cell_count", "cells of each stretch", cells.count);
    put(file, "amount", "what these cells hold", cells.amount);
    std::vector<std::int64_t> flights, fates;
    for (auto const& failure : part.failures) {
        flights.push_back(failure.flight);
        fates.push_back(static_cast<std::int64_t>(failure.fate));
    }
    put(file, "failed_flight", "indices of the first flights that failed", flights);
    put(file, "failed_fate", "how the flight failed, as a number", fates);
    return image_of(file);
}

FlightSpans read_spans(hid_t file)
{
    auto const firsts = take(file, "first_flight", spans_max);
    auto const counts = read_integers(file, "flight_count", {firsts.size()});
    FlightSpans spans;
    for (std::size_t i = 0; i < firsts.size(); ++i) { spans.push_back({firsts[i], counts[i]}); }
    return spans;
}

/// What no part of a run says is refused.
FlownPart checked(FlownPart part)
{
    for (auto const& span : part.spans) {
        bool const is_possible = span.first >= 0 && span.count > 0 &&
                                 span.first < run_flights_max &&
                                 span.count <= run_flights_max - span.first;
        if (!is_possible) { throw Hdf5Failure("it names flights that no run flies"); }
    }
    if (joined(part.spans) != part.spans) {
        throw Hdf5Failure("its spans of flights are not in order");
    }
    return part;
}

/// The sizes are at most labels_max each; so many cells are refused before any is allocated.
TallyLayout read_layout(hid_t file)
{
    TallyLayout layout;
    for (auto const& [name, size] : layout_sizes) {
        auto const value = read_integer_attribute(file, name);
        if (value < 0 || value > labels_max) {
            throw Hdf5Failure(fmt::format("attribute {} is {}", name, value));
        }
        layout.*size = static_cast<int>(value);
    }
    if (layout.raid_size < 1) { throw Hdf5Failure("attribute raid_size is 0"); }
    check_cells(layout);
    return layout;
}

Tally read_cells(hid_t file)
{
    Tally tally(read_layout(file));
    auto const most = tally.cells.size();
    auto const firsts = take(file, "cell_first", most);
    auto const counts = read_integers(file, "cell_count", {firsts.size()});
    auto const amounts = take(file, "amount", most);
    std::size_t next = 0;
    for (std::size_t i = 0; i < firsts.size(); ++i) {
        auto const first = static_cast<std::size_t>(firsts[i]);
        auto const count = static_cast<std::size_t>(counts[i]);
        if (first > most || count > most - first || count > amounts.size() - next) {
            throw Hdf5Failure("it counts in cells that the tally does not have");
        }
        for (std::size_t k = 0; k < count; ++k) {
            tally.cells[first + k] = static_cast<std::uint64_t>(amounts[next++]);
        }
    }
    return tally;
}

std::vector<ListedFailure> read_failed(hid_t file)
{
    auto const flights = take(file, "failed_flight", failures_kept);
    auto const fates = read_integers(file, "failed_fate", {flights.size()});
    std::vector<ListedFailure> failures;
    for (std::size_t i = 0; i < flights.size(); ++i) {
        if (fates[i] < 0 || fates[i] >= fate_count) { throw Hdf5Failure("it names no fate"); }
        failures.push_back({flights[i], static_cast<Fate>(fates[i])});
    }
    return failures;
}

FlownPart read_part(std::string const& image)
{
    auto const file = open_file_in_memory(image);
    auto const type = read_string_attribute(file, "file_type");
    auto const version = read_integer_attribute(file, "checkpoint_version");
    if (type != checkpoint_file_type || version != checkpoint_version) {
        throw Hdf5Failure("another version of Longwatch wrote it");
    }
    FlownPart part;
    part.provenance = read_provenance(file);
    part.study.name = read_string_attribute(file, "study");
    part.study.hash = read_string_attribute(file, "study_hash");
    part.study.resolved = read_string(file, "resolved");
    part.seed = read_unsigned_attribute(file, "seed");
    part.spans = read_spans(file);
    part.tally = read_cells(file);
    part.failures = read_failed(file);
    return part;
}

}  // namespace

std::string bytes_of(FlownPart const& part)
{
    QuietHdf5 const quiet;
    return image_of_part(part);
}

FlownPart part_of_bytes(std::string const& bytes)
{
    QuietHdf5 const quiet;
    return checked(read_part(bytes));
}

std::filesystem::path checkpoint_path(std::filesystem::path const& result)
{
    auto path = result;
    path += ".partial";
    return path;
}

void CheckpointFile::keep(FlownPart const& part)
{
    QuietHdf5 const quiet;
    auto const refuse = [&](std::string const& why) {
        throw StoreError(path_,
                         fmt::format("cannot write the checkpoint {} ({})", path_.string(), why));
    };
    try {
        copies_.write(image_of_part(part));
    } catch (Hdf5Failure const& failure) {
        refuse(failure.what());
    } catch (std::system_error const& failure) {
        refuse(failure.what());
    }
}

std::optional<FoundCheckpoint> find_checkpoint(std::filesystem::path const& path)
{
    std::error_code ignored;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) {
        return std::nullopt;
    }
    auto const refusal = [&](std::string const& why) {
        return StoreError(path, fmt::format("cannot go on from {} ({})", path.string(), why));
    };
    QuietHdf5 const quiet;
    try {
        auto const copies = read_copies(path);
        if (!copies.is_ours) {
            throw refusal(
                "it is no checkpoint, and would be lost) move it away (or give another "
                "file with -o");
        }
        FoundCheckpoint found{std::nullopt, "", copies.place};
        if (copies.contents.empty()) {
            found.damage = "it is damaged: no whole checkpoint is left in it";
            return found;
        }
        auto const& image = copies.contents.front();
        auto const read = [&] { return plain_bytes_of(read_part(image)); };
        found.part = checked(part_of_plain_bytes(run_limited(read)));
        if (copies.is_one_damaged) {
            found.damage = "one of its two copies is damaged; the other is whole, and used";
        }
        return found;
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

}  // namespace longwatch
