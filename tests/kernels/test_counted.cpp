// Numbers that count what is done with them, as tests/bench uses them.
#include <catch2/catch.hpp>

#include "models/math/vec3.hpp"
#include "tests/bench/counted_lanes.hpp"

using namespace longwatch;

namespace {

template <class Real>
Real some_model(Real const& x)
{
    Real const y = multiply_add(x, x, Real(1)) / sqrt(x + Real(2));
    return select(y > Real(2), exp(y) * y, y - x);
}

}  // namespace

TEST_CASE("numbers that count compute what plain ones do, lane by lane", "[counted]")
{
    Counted<4> four;
    for (int k = 0; k < 4; ++k) { four.at(k) = 0.5 + k; }
    auto const told = some_model(four);
    for (int k = 0; k < 4; ++k) {
        CHECK(told.at(k) == some_model(0.5 + k));
        CHECK(some_model(Counted<1>(0.5 + k)).at(0) == some_model(0.5 + k));
    }
}

TEST_CASE("an operation counts once however many lanes it is for, a multiply-add twice",
          "[counted]")
{
    Tallied::start();
    some_model(Counted<4>(1.5));
    auto const& told = Tallied::now();
    CHECK(told[Operation::multiply_add] == 1);
    CHECK(told[Operation::sum] == 2);
    CHECK(told[Operation::product] == 1);
    CHECK(told[Operation::quotient] == 1);
    CHECK(told[Operation::root] == 1);
    CHECK(told[Operation::function] == 1);
    CHECK(told[Operation::comparison] == 1);
    CHECK(told[Operation::choice] == 1);
    CHECK(told.useful() == 2 + 2 + 1 + 1 + 1 + 1);
}

TEST_CASE("columns, tables and draws are counted by the number", "[counted]")
{
    double column[24] = {};
    for (int k = 0; k < 24; ++k) { column[k] = k; }
    Tallied::start();
    Counted<2> run[3];
    // Runs of three lie eight apart; the second flight's twelve behind the first's.
    Lane<Counted<2>>::load_run(column, 12, Counted<2>(1), run);
    CHECK(run[2].at(0) == 10);
    CHECK(run[2].at(1) == 22);
    Lane<Counted<2>>::store(column, run[0]);
    CHECK(column[1] == 20);
    Counted<2> words[4];
    Lane<Counted<2>>::philox(7, Counted<2>(3), 11, Counted<2>(5), words);
    CHECK(words[0].at(1) == philox(7, 3, {static_cast<DrawKind>(0), 11}, 5)[0]);
    CHECK(Tallied::now()[Operation::look_up] == 3);
    CHECK(Tallied::now()[Operation::store] == 1);
    CHECK(Tallied::now()[Operation::draw] == 1);
    CHECK(Tallied::now().useful() == 0);
}
