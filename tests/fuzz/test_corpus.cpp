// The kept corpora of the fuzzers, read once more by the ordinary build: each file reached something in its reader that no other
// did. A crash, a sanitizer's word or a broken claim of readers.cpp ends the program, and so fails the case.
#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

#include "results/store/seal.hpp"
#include "results/store/store.hpp"
#include "tests/fuzz/readers.hpp"
#include "tests/fuzz/recipe.hpp"
#include "tests/support/file_bytes.hpp"
#include "tests/support/folder.hpp"

namespace longwatch::fuzz {
namespace {

struct Read {
    int files = 0, taken = 0;
};

template <class Reads>
Read read_corpus(char const* name, Reads const& reads)
{
    Read read;
    auto const folder = std::filesystem::path(LW_SOURCE_DIR) / "tests" / "fuzz" / "corpus" / name;
    for (auto const& entry : std::filesystem::directory_iterator(folder)) {
        ++read.files;
        read.taken += reads(test::bytes_of(entry.path())) ? 1 : 0;
    }
    return read;
}

}  // namespace

TEST_CASE("every study of the fuzzer's corpus is read or refused", "[hostile][study]")
{
    auto const read = read_corpus("study", reads_study);
    // Both happen, or the corpus is worth nothing.
    CHECK(read.taken > 3);
    CHECK(read.files - read.taken > 100);
}

TEST_CASE("every result of the fuzzer's corpus is read or refused", "[hostile][results]")
{
    auto const read =
        read_corpus("result", [](std::string const& recipe) { return reads_result(recipe); });
    CHECK(read.taken > 0);
    CHECK(read.files - read.taken > 10);
}

TEST_CASE("every checkpoint of the fuzzer's corpus is read or refused", "[hostile][results]")
{
    auto const read = read_corpus("checkpoint", reads_checkpoint);
    CHECK(read.taken > 0);
    CHECK(read.files - read.taken > 10);
}

TEST_CASE("a file on which the HDF5 library crashes is refused", "[hostile][results]")
{
    // One byte in a heap of texts is changed: HDF5 1.10.8 runs off its end. Another version may find out.
    constexpr char recipe[] = {'\x01', '\xcc', '\xcc', '\x8c', '\x2c', '\x00'};
    auto const image = result_from({recipe, sizeof(recipe)});
    test::Folder const folder;
    auto const path = folder.path / "broken.h5";
    test::put(path, image + seal_of(image));
    CHECK_THROWS_AS(read_result(path), StoreError);
}

}  // namespace longwatch::fuzz
