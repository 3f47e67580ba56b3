// Units as suffixes of keys.
#include <catch2/catch.hpp>

#include "host/study/units.hpp"

using namespace longwatch;

TEST_CASE("a key loses the unit that it ends with, of whatever dimension", "[study]")
{
    // One of each row of the table in docs/study_format.md, and each of those with two.
    for (char const* suffix : {"_m",    "_km", "_rad", "_deg", "_s",     "_min",  "_db",   "_m2",
                               "_dbsm", "_hz", "_mhz", "_w",   "_kw",    "_k",    "_mps",  "_kmps",
                               "_mps2", "_kg", "_n",   "_kn",  "_kgpm2", "_wpsr", "_kwpsr"}) {
        INFO(suffix);
        auto const key = std::string("quantity") + suffix;
        REQUIRE(suffix_of_key(key) != nullptr);
        CHECK(suffix_of_key(key)->suffix == suffix);
        CHECK(without_unit(key) == "quantity");
    }
    for (char const* plain : {"hits_required", "sigma_log", "salvos_max", "burn_frac", "m", "_m"}) {
        INFO(plain);
        CHECK(suffix_of_key(plain) == nullptr);
        CHECK(without_unit(plain) == plain);
    }
}
