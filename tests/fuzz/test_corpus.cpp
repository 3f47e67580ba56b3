// The kept corpora of the fuzzers, read once more by the ordinary build: each file reached something in its reader that no other
// did. A crash, a sanitizer's word or a broken claim of readers.cpp ends the program, and so fails the case.
#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

#include "tests/fuzz/readers.hpp"
#include "tests/support/file_bytes.hpp"

namespace longwatch::fuzz {
namespace {

struct Read {
    int files = 0, taken = 0;
};

Read read_corpus(char const* name, bool (*reads)(std::string_view))
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
    CHECK(read.taken > 10);
    CHECK(read.files - read.taken > 100);
}

TEST_CASE("every result of the fuzzer's corpus is read or refused", "[hostile][results]")
{
    auto const read = read_corpus("result", reads_result);
    CHECK(read.taken > 0);
    CHECK(read.files - read.taken > 10);
}

TEST_CASE("every checkpoint of the fuzzer's corpus is read or refused", "[hostile][results]")
{
    auto const read = read_corpus("checkpoint", reads_checkpoint);
    CHECK(read.taken > 0);
    CHECK(read.files - read.taken > 10);
}

}  // namespace longwatch::fuzz
