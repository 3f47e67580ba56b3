#include "results/store/plain_bytes.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "results/store/hdf5_file.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {

TEST_CASE("a result and a part come back from plain bytes", "[results][hostile]")
{
    auto result = made_result({.flights = 60});
    result.schema_version = "4.2";
    result.gaps = {{10, 5}};
    result.failures = {{3, Fate::timed_out}};
    auto const bytes = plain_bytes_of(result);
    auto const again = result_of_plain_bytes(bytes);
    CHECK(again.names == result.names);
    CHECK(again.study == result.study);
    CHECK(again.tracks == result.tracks);
    CHECK(again.gaps == result.gaps);
    CHECK(again.failures == result.failures);
    CHECK((again.tally.cells == result.tally.cells));
    CHECK((plain_bytes_of(again) == bytes));

    auto const part = part_of(made_result({.flights = 60}));
    CHECK((plain_bytes_of(part_of_plain_bytes(plain_bytes_of(part))) == plain_bytes_of(part)));
}

TEST_CASE("plain bytes that are cut or changed are refused or read, never followed",
          "[results][hostile]")
{
    auto const bytes = plain_bytes_of(made_result({.threats = 1, .arms = 1, .flights = 10}));
    auto const is_read = [](std::string_view some) {
        try {
            result_of_plain_bytes(some);
            return true;
        } catch (Hdf5Failure const&) {
            return false;
        }
    };
    CHECK(is_read(bytes));
    CHECK_FALSE(is_read(bytes + "x"));
    for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 300) {
        CHECK_FALSE(is_read(std::string_view(bytes).substr(0, size)));
    }
    std::mt19937 random(1);
    int read = 0;
    for (int i = 0; i < 2000; ++i) {
        auto changed = bytes;
        // Among the lengths and names, at the front, as often as anywhere.
        auto const reach = i % 2 == 0 ? std::size_t{600} : changed.size();
        changed[random() % reach] = static_cast<char>(random());
        read += is_read(changed) ? 1 : 0;
    }
    CHECK(read > 0);
    CHECK(read < 2000);
}

}  // namespace longwatch::test
