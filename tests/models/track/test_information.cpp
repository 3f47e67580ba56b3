// The information of a track, against Eigen.
#include <catch2/catch.hpp>

#include <Eigen/Dense>
#include <cmath>
#include <random>

#include "models/track/prediction.hpp"

using namespace longwatch;

namespace {

using Matrix = Eigen::Matrix<double, state_size, state_size>;
using Rows = Eigen::Matrix<double, 3, state_size>;

Matrix matrix(TrackInformation<double> const& I)
{
    Matrix out;
    for (int i = 0; i < state_size; ++i) {
        for (int j = 0; j <= i; ++j) { out(i, j) = out(j, i) = I.entry[packed(i, j)]; }
    }
    return out;
}

class RandomLooks {
public:
    double operator()() { return uniform_(random_); }
    StateRows<double> rows()
    {
        StateRows<double> out{};
        for (auto& row : out.row) {
            for (double& x : row) { x = (*this)(); }
        }
        return out;
    }
    Vec3<double, Eci> line() { return unit(Vec3<double, Eci>{(*this)(), (*this)(), (*this)()}); }
    double weight() { return std::exp(4 * (*this)() - 12); }

private:
    std::mt19937_64 random_{11};
    std::uniform_real_distribution<double> uniform_{-1, 1};
};

Rows eigen(StateRows<double> const& rows)
{
    Rows out;
    for (int i = 0; i < 3; ++i) {
        for (int k = 0; k < state_size; ++k) { out(i, k) = rows.row[i][k]; }
    }
    return out;
}

TrackInformation<double> some_track(RandomLooks& looks, int count)
{
    auto I = no_information<double>();
    for (int k = 0; k < count; ++k) {
        add_look(I, looks.rows(), looks.line(), looks.weight(), looks.weight());
    }
    return I;
}

}  // namespace

TEST_CASE("a look adds the projection of its inverse covariance on the state", "[track]")
{
    RandomLooks looks;
    for (int trial = 0; trial < 50; ++trial) {
        auto I = no_information<double>();
        Matrix expected = matrix(I);
        for (int k = 0; k < 5; ++k) {
            auto const rows = looks.rows();
            auto const line = looks.line();
            double const along = looks.weight(), across = looks.weight();
            Eigen::Vector3d const u(line.x, line.y, line.z);
            Eigen::Matrix3d const R_inverse =
                along * u * u.transpose() +
                across * (Eigen::Matrix3d::Identity() - u * u.transpose());
            expected += eigen(rows).transpose() * R_inverse * eigen(rows);
            add_look(I, rows, line, along, across);
        }
        CHECK((matrix(I) - expected).norm() < 1e-12 * expected.norm());
    }
}

TEST_CASE("variances are those of the inverse matrix", "[track]")
{
    RandomLooks looks;
    for (int trial = 0; trial < 200; ++trial) {
        auto const I = some_track(looks, 2 + trial % 9);
        auto const f = factored(I);
        auto const rows = looks.rows();
        Eigen::Matrix3d const P = eigen(rows) * matrix(I).inverse() * eigen(rows).transpose();
        CHECK(position_variance_m2(f, rows) == Approx(P.trace()).epsilon(1e-6));
        ImpactMap<double> map{};
        std::copy(rows.row[0], rows.row[0] + state_size, map.east);
        std::copy(rows.row[1], rows.row[1] + state_size, map.north);
        auto const c = impact_covariance(f, map);
        Eigen::Matrix2d const corner = P.topLeftCorner<2, 2>();
        double const sigma_m = std::sqrt(corner.selfadjointView<Eigen::Lower>().eigenvalues()(1));
        CHECK(half_axis_m(c) == Approx(sigma_m).epsilon(1e-6));
        CHECK(within(c, sigma_m * (1 + 1e-6)));
        CHECK_FALSE(within(c, sigma_m * (1 - 1e-6)));
    }
}

TEST_CASE("adding looks never makes a prediction worse", "[track]")
{
    RandomLooks looks;
    int worse = 0, better = 0;
    for (int trial = 0; trial < 500; ++trial) {
        auto I = some_track(looks, trial % 4);
        auto const rows = looks.rows();
        double before = position_variance_m2(factored(I), rows);
        for (int k = 0; k < 6; ++k) {
            add_look(I, looks.rows(), looks.line(), looks.weight(), looks.weight());
            double const after = position_variance_m2(factored(I), rows);
            worse += after > before * (1 + 1e-9) ? 1 : 0;
            better += after < before ? 1 : 0;
            before = after;
        }
    }
    CHECK(worse == 0);
    CHECK(better > 2900);
}

TEST_CASE("without looks next to nothing is known", "[track]")
{
    auto const f = factored(no_information<double>());
    StateRows<double> rows{};
    for (int axis = 0; axis < 3; ++axis) { rows.row[axis][axis] = 1; }
    CHECK(position_variance_m2(f, rows) == Approx(3e14).epsilon(1e-12));
}
