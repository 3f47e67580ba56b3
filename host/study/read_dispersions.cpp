// How flights of a threat deviate: each factor on its own, or several jointly normal ones by their
// covariance.
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "host/study/nearest_name.hpp"
#include "host/study/read_vehicle.hpp"

namespace longwatch {
namespace {

constexpr double least_factor = 0.05, largest_factor = 20.0;

/// In the order of Dispersions.
std::vector<std::string> const& dispersion_names()
{
    static std::vector<std::string> const names = {
        "thrust", "specific_impulse", "drag", "ballistic_coefficient", "air_density", "rcs"};
    return names;
}

/// A root of a covariance matrix: its product with its transpose is the matrix. Empty if the matrix
/// is not symmetric, or has a negative eigenvalue: then no random numbers have it.
Eigen::MatrixXd root_of(Eigen::MatrixXd const& covariance)
{
    double const size = covariance.cwiseAbs().maxCoeff();
    if ((covariance - covariance.transpose()).cwiseAbs().maxCoeff() > 1e-12 * size) { return {}; }
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> const solver(covariance);
    Eigen::VectorXd const& values = solver.eigenvalues();
    if (values.minCoeff() < -1e-12 * size) { return {}; }
    return solver.eigenvectors() * values.cwiseMax(0).cwiseSqrt().asDiagonal() *
           solver.eigenvectors().transpose();
}

struct CorrelatedSet {
    std::vector<int> of;
    std::vector<double> mean;
    Eigen::MatrixXd covariance;
};

/// Names, means and covariance as given; empty where they are unsound.
CorrelatedSet read_set(TableView& table, Dispersions const& d)
{
    CorrelatedSet set;
    int const before = table.problem_count();
    auto const& names = dispersion_names();
    table.note({"of", AskedKind::texts, Dimension::none, {}, names});
    for (auto const& [name, where] : table.texts("of", std::nullopt)) {
        auto const at = std::find(names.begin(), names.end(), name);
        int const i = static_cast<int>(at - names.begin());
        if (at == names.end()) {
            table.problem_at_key("of", table.what() + ": no dispersion is called " +
                                           toml_text(name) + did_you_mean(name, names));
        } else if (d.correlated.in[i] ||
                   std::find(set.of.begin(), set.of.end(), i) != set.of.end()) {
            table.problem_at_key("of", table.what() + ": '" + name +
                                           "' stands in a correlated set already (once only)");
        } else {
            set.of.push_back(i);
        }
    }
    int const most = dispersion_count;
    auto const factors = between(least_factor, largest_factor);
    set.mean = std::vector<double>(set.of.size(), 1.0);
    if (table.has("mean")) { set.mean = table.numbers("mean", factors, most); }
    auto const rows = table.rows("covariance", between(-10, 10), most);
    if (table.problem_count() != before) { return {}; }
    auto const n = set.of.size();
    bool const square =
        rows.size() == n &&
        std::all_of(rows.begin(), rows.end(), [n](auto const& r) { return r.size() == n; });
    if (n == 0 || set.mean.size() != n || !square) {
        table.problem(table.what() + ": 'of' names " + std::to_string(n) +
                      " dispersions ('mean' must have as many values, 'covariance' as many rows of "
                      "as many values)");
        return {};
    }
    set.covariance.resize(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n));
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            set.covariance(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = rows[i][j];
        }
    }
    return set;
}

}  // namespace

Dispersions read_dispersions(TableView& table, SourceCount& provenance)
{
    auto const factor = [&](char const* key) {
        return table.distribution(key, Dimension::none, between(least_factor, largest_factor), 1.0);
    };
    Dispersions d;
    d.thrust = factor("thrust");
    d.specific_impulse = factor("specific_impulse");
    d.drag = factor("drag");
    d.ballistic_coefficient = factor("ballistic_coefficient");
    d.air_density = factor("air_density");
    d.rcs = factor("rcs");
    table.read_provenance(provenance);
    table.report_unknown_keys();
    return d;
}

void read_correlated(TableView& table, Dispersions& d, SourceCount& provenance)
{
    auto const set = read_set(table, d);
    table.read_provenance(provenance);
    table.report_unknown_keys();
    if (set.of.empty()) { return; }
    auto const root = root_of(set.covariance);
    if (root.size() == 0) {
        table.problem_at_key("covariance",
                             table.what() +
                                 ": 'covariance' is no covariance (it must be symmetric, "
                                 "and no eigenvalue negative)");
        return;
    }
    // As with plain normals, no draw may leave the bounds of a factor.
    constexpr double reach_sigmas = 10;
    for (std::size_t i = 0; i < set.of.size(); ++i) {
        auto const row = static_cast<Eigen::Index>(i);
        double const reach = reach_sigmas * std::sqrt(set.covariance(row, row));
        if (set.mean[i] - reach < least_factor || set.mean[i] + reach > largest_factor) {
            table.problem_at_key(
                "covariance", table.what() + ": '" +
                                  dispersion_names()[static_cast<std::size_t>(set.of[i])] +
                                  "' reaches too far (mean -/+ 10 sigma must be from 0.05 to 20)");
        }
        d.correlated.in[set.of[i]] = true;
        d.correlated.mean[set.of[i]] = set.mean[i];
        for (std::size_t j = 0; j < set.of.size(); ++j) {
            d.correlated.factor[set.of[i]][set.of[j]] = root(row, static_cast<Eigen::Index>(j));
        }
    }
}

}  // namespace longwatch
