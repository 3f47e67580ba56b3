#include "host/study/nearest_name.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

namespace longwatch {

int edit_distance(std::string_view a, std::string_view b)
{
    // Optimal string alignment: three rows of the table of distances between prefixes.
    std::vector<int> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) { above[j] = static_cast<int>(j); }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            int const replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min(replaced, std::min(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        before.swap(above);
        above.swap(row);
    }
    return above[b.size()];
}

std::string nearest_name(std::string_view name, std::vector<std::string> const& known)
{
    constexpr std::size_t longest = 80;
    if (name.size() > longest) { return {}; }
    std::string best;
    // One more than is near enough to be meant, to begin with.
    int best_distance = std::max<int>(2, static_cast<int>(name.size()) / 2) + 1;
    for (auto const& candidate : known) {
        // A difference in length takes as many changes.
        int const apart =
            std::abs(static_cast<int>(name.size()) - static_cast<int>(candidate.size()));
        if (candidate.size() > longest || apart >= best_distance) { continue; }
        int const distance = edit_distance(name, candidate);
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view name, std::vector<std::string> const& known)
{
    auto const nearest = nearest_name(name, known);
    return nearest.empty() ? std::string() : "; did you mean '" + nearest + "'?";
}

}  // namespace longwatch
