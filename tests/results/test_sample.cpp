#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "results/store/store.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {

// tests/python/test_reader.py runs this case to get a file that the store itself has written.
TEST_CASE("a made-up result can be written for the Python reader", "[results]")
{
    Folder const folder;
    char const* wanted = std::getenv("LONGWATCH_MADE_RESULT");
    std::filesystem::path const path = wanted != nullptr ? wanted : folder.path / "made.h5";
    auto const made = made_result({.flights = 20'000}, true);
    write_result(path, made);
    CHECK((read_result(path).tally.cells == made.tally.cells));
}

}  // namespace longwatch::test
