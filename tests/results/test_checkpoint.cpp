// The checkpoint of a run: what is kept comes back, and damage is seen.
#include <hdf5.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <iterator>

#include "results/store/checkpoint.hpp"
#include "results/store/schema.hpp"
#include "results/store/store.hpp"
#include "tests/support/file_bytes.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {
namespace {

namespace fs = std::filesystem;

/// A part with two spans, four randomisations and failures.
FlownPart made_part(std::int64_t flights = 300)
{
    auto part = part_of(made_result({.flights = flights}));
    part.tally.layout.randomisation_count = 4;
    auto const once = part.tally.cells;
    for (int r = 1; r < 4; ++r) {
        part.tally.cells.insert(part.tally.cells.end(), once.begin(), once.end());
    }
    part.spans = {{0, 2 * flights}, {5000, 2 * flights}};
    part.failures = {{3, Fate::timed_out}, {77, Fate::non_finite}};
    return part;
}

void check_same(FlownPart const& a, FlownPart const& b)
{
    CHECK(a.provenance == b.provenance);
    CHECK(a.study.hash == b.study.hash);
    CHECK(a.study.resolved == b.study.resolved);
    CHECK(a.study.name == b.study.name);
    CHECK(a.seed == b.seed);
    CHECK(a.spans == b.spans);
    CHECK(a.tally.layout.randomisation_count == b.tally.layout.randomisation_count);
    CHECK((a.tally.cells == b.tally.cells));
    CHECK(a.failures == b.failures);
}

/// What is told of a checkpoint changed through HDF5 and whole again; "" where it is read.
std::string refusal_after(std::function<void(hid_t)> const& change)
{
    Folder const folder;
    auto const path = folder.path / "r.h5.partial", image = folder.path / "image";
    CheckpointFile(path).keep(made_part());
    put(image, read_copies(path).contents.front());
    hid_t const file = H5Fopen(image.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    REQUIRE(file >= 0);
    change(file);
    REQUIRE(H5Fclose(file) >= 0);
    fs::remove(path);
    CopiesFile(path).write(bytes_of(image));
    try {
        find_checkpoint(path);
    } catch (StoreError const& error) {
        CHECK(error.path == path);
        return error.what();
    }
    return "";
}

void set_first(hid_t file, char const* dataset, std::int64_t value)
{
    hid_t const opened = H5Dopen2(file, dataset, H5P_DEFAULT);
    REQUIRE(opened >= 0);
    hid_t const space = H5Dget_space(opened);
    std::vector<std::int64_t> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    H5Sclose(space);
    REQUIRE(H5Dread(opened, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
    values.at(0) = value;
    REQUIRE(H5Dwrite(opened, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
    H5Dclose(opened);
}

void set_number(hid_t file, char const* name, std::int64_t value)
{
    hid_t const attribute = H5Aopen(file, name, H5P_DEFAULT);
    REQUIRE(H5Awrite(attribute, H5T_NATIVE_INT64, &value) >= 0);
    H5Aclose(attribute);
}

}  // namespace

TEST_CASE("a checkpoint comes back bit for bit, the newest first", "[results]")
{
    Folder const folder;
    auto const path = checkpoint_path(folder.path / "r.h5");
    CHECK(path == folder.path / "r.h5.partial");
    CHECK_FALSE(find_checkpoint(path));
    CheckpointFile file(path);
    for (std::int64_t const flights : {100, 200, 300, 400}) {
        file.keep(made_part(flights));
        auto const found = find_checkpoint(path);
        REQUIRE((found && found->part));
        check_same(*found->part, made_part(flights));
        CHECK(found->damage.empty());
    }
    CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 1);
    // Another process goes on with it.
    auto const before = find_checkpoint(path);
    CheckpointFile next(path, before->place);
    next.keep(made_part(500));
    CHECK(find_checkpoint(path)->place.number == before->place.number + 1);
    check_same(*find_checkpoint(path)->part, made_part(500));
}

TEST_CASE("copies are renewed in their place, and given more room where they outgrow it",
          "[results]")
{
    Folder const folder;
    auto const path = folder.path / "copies";
    CopiesFile file(path);
    file.write("first");
    auto const size = fs::file_size(path);
    std::vector<std::string> const contents = {"second", std::string(3000, 'x'), "fourth", ""};
    std::string before = "first";
    for (auto const& content : contents) {
        file.write(content);
        auto const found = read_copies(path);
        CHECK(found.contents == std::vector<std::string>{content, before});
        CHECK_FALSE(found.is_one_damaged);
        CHECK(fs::file_size(path) == size);
        before = content;
    }
    file.write(std::string(100'000, 'y'));
    CHECK(read_copies(path).contents.front() == std::string(100'000, 'y'));
    CHECK(fs::file_size(path) > size);
    fs::remove(path);
    file.write("begun anew");
    CHECK(read_copies(path).contents == std::vector<std::string>{"begun anew"});
}

TEST_CASE("a file of copies without a whole one is begun anew, and no other writer's is written to",
          "[results]")
{
    Folder const folder;
    auto const path = folder.path / "copies";
    for (std::string const& left : {std::string(10'000, '\0'), std::string()}) {
        put(path, left);
        auto const found = read_copies(path);
        CHECK(found.is_ours);
        CHECK(found.contents.empty());
        CHECK(found.is_one_damaged == !left.empty());
        CopiesFile(path, found.place).write("again");
        CHECK(read_copies(path).contents == std::vector<std::string>{"again"});
    }
    auto const place = read_copies(path).place;
    CopiesFile(path, place).write("by one");
    CHECK_THROWS(CopiesFile(path, place).write("by another"));
    CHECK_THROWS(CopiesFile(path).write("by a third"));
    CHECK(read_copies(path).contents == std::vector<std::string>{"by one", "again"});
}

TEST_CASE("whatever single byte of two copies is changed, one of them is whole and what it was",
          "[results]")
{
    Folder const folder;
    auto const path = folder.path / "copies";
    CopiesFile file(path);
    std::string const older(5000, 'a'), newer(5100, 'b');
    file.write(older);
    file.write(newer);
    auto const whole = bytes_of(path);
    auto const room = whole.size() / 2;
    int kept_both = 0;
    for (std::size_t at = 0; at < whole.size(); at += at % room < 100 ? 1 : 61) {
        auto changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 0x41);
        put(path, changed);
        auto const found = read_copies(path);
        INFO("byte " << at);
        REQUIRE_FALSE(found.contents.empty());
        bool const is_whole = found.contents.size() == 2;
        kept_both += is_whole ? 1 : 0;
        // Where no copy is touched nothing is damaged.
        REQUIRE(found.is_one_damaged == !is_whole);
        REQUIRE((found.contents.front() == newer || found.contents.front() == older));
        REQUIRE(found.is_ours);
    }
    CHECK(kept_both > 0);
}

TEST_CASE("however short two copies are cut, what is read was written", "[results]")
{
    Folder const folder;
    auto const path = folder.path / "copies";
    CopiesFile file(path);
    std::string const older(5000, 'a'), newer(5100, 'b');
    file.write(older);
    file.write(newer);
    auto const whole = bytes_of(path);
    for (std::size_t size = 0; size < whole.size(); size += size < 200 ? 1 : 53) {
        put(path, whole.substr(0, size));
        auto const found = read_copies(path);
        INFO("cut to " << size);
        REQUIRE(found.is_ours);
        for (auto const& content : found.contents) {
            REQUIRE((content == newer || content == older));
        }
        REQUIRE(found.is_one_damaged == (size > 0 && found.contents.size() < 2));
    }
    put(path, "something else");
    CHECK_FALSE(read_copies(path).is_ours);
}

TEST_CASE("a checkpoint that says what cannot be is refused, however right its checksum",
          "[results]")
{
    CHECK(refusal_after([](hid_t) {}).empty());
    struct Case {
        char const* dataset;
        std::int64_t value;
        char const* told;
    };
    for (auto const& [dataset, value, told] :
         {Case{"first_flight", -1, "no run flies"}, Case{"flight_count", 0, "no run flies"},
          Case{"flight_count", INT64_MAX, "no run flies"},
          Case{"first_flight", run_flights_max - 1, "no run flies"},
          Case{"first_flight", run_flights_max, "no run flies"},
          Case{"first_flight", 5500, "not in order"}, Case{"cell_first", -5, "does not have"},
          Case{"cell_first", INT64_MAX, "does not have"},
          Case{"cell_count", INT64_MAX, "does not have"}, Case{"cell_count", -1, "does not have"},
          Case{"failed_fate", 99, "names no fate"}}) {
        INFO(dataset << " " << value);
        CHECK_THAT(refusal_after([&](hid_t file) { set_first(file, dataset, value); }),
                   Catch::Contains(told));
    }
    for (auto const& [name, value, told] :
         {Case{"arms", 2000, "attribute arms is 2000"}, Case{"arms", -1, "attribute arms is -1"},
          Case{"randomisations", 0, "more than a result holds"},
          Case{"randomisations", 1024, "more than a result holds"},
          Case{"checkpoint_version", 2, "another version"}}) {
        INFO(name << " " << value);
        CHECK_THAT(refusal_after([&](hid_t file) { set_number(file, name, value); }),
                   Catch::Contains(told));
    }
    CHECK_THAT(refusal_after([](hid_t file) { H5Ldelete(file, "amount", H5P_DEFAULT); }),
               Catch::Contains("amount"));
}

TEST_CASE("a file that is no checkpoint is not taken for one", "[results]")
{
    Folder const folder;
    auto const path = folder.path / "r.h5.partial";
    put(path, "my notes");
    CHECK_THROWS_WITH(find_checkpoint(path), Catch::Contains("no checkpoint"));
    write_result(folder.path / "r.h5", made_result({.flights = 10}));
    fs::rename(folder.path / "r.h5", path);
    CHECK_THROWS_WITH(find_checkpoint(path), Catch::Contains("no checkpoint"));
    put(path, "");
    CHECK_THAT(find_checkpoint(path)->damage, Catch::Contains("damaged"));
    CHECK_FALSE(find_checkpoint(path)->part);
    // Nor is a checkpoint a result.
    fs::remove(path);
    CheckpointFile(path).keep(made_part());
    CHECK_THROWS_WITH(read_result(path), Catch::Contains("longwatch run --resume"));
    CHECK_THROWS_AS(check_replaceable(path, result_file_type), StoreError);
    fs::create_directory(folder.path / "folder");
    CHECK_THROWS_AS(find_checkpoint(folder.path / "folder"), StoreError);
    CHECK_THROWS_WITH(CheckpointFile(folder.path / "none" / "r.h5.partial").keep(made_part()),
                      Catch::Contains("cannot write the checkpoint"));
}

}  // namespace longwatch::test
