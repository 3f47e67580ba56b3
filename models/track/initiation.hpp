// When hits become a firm track: m hits among the last n looks.
//
// A cue changes the outcome of the looks after it, so the answer is wanted for every look at which a
// cue might come. Looks are numbered 0 .. count-1 from the first in coverage; hits before look k are
// S(k) when searching and C(k) when cued, both with one entry more than there are looks.
#pragma once

#include "models/math/real.hpp"

namespace longwatch {

struct InitiationRule {
    int hits_required = 1;     ///< m
    int looks_considered = 1;  ///< n
};

/// The look from which on hits count as of the track that became firm in look `firm`: those of cued looks among the
/// last n, where it was cued by then; else that look and those after it, with which the radar follows its own
/// track as if cued.
template <class Real>
LW_FUNC Real first_look_of_track(int looks_considered, Real const& firm, Real const& first_cued)
{
    Real const window = Real(static_cast<double>(looks_considered - 1));
    return select(first_cued > firm, firm, larger(Real(firm - window), first_cued));
}

/// Calls firm(k, look): the look of the firm track if looks from k on are cued, -1 for none; for k =
/// longest .. 0, where `longest` is the largest count of any lane and k = count means never cued.
/// search(k) and cued(k) read S and C. A smaller k never gives a later look.
template <class Real, class Search, class Cued, class Firm>
LW_FUNC void firm_looks(InitiationRule const& rule, Real const& count, int longest,
                        Search const& search, Cued const& cued, Firm const& firm)
{
    int const n = rule.looks_considered;
    Real const m = Real(static_cast<double>(rule.hits_required) - 0.5);
    Real const none = Real(-1);
    auto const number = [](int k) { return Real(static_cast<double>(k)); };
    auto const start_of_window = [n](int look) { return look + 1 > n ? look + 1 - n : 0; };

    // By the search alone, in every lane that gets there; from `settled` on no cue changes that.
    Real unaided = none;
    int settled = longest;
    for (int look = 0; look < longest; ++look) {
        auto const enough = unaided < Real(0) && number(look) < count &&
                            search(look + 1) - search(start_of_window(look)) > m;
        unaided = select(enough, number(look), unaided);
        if (all(unaided >= Real(0))) {
            settled = look + 1;
            break;
        }
    }
    for (int k = longest; k > settled; --k) { firm(k, unaided); }
    // The first window from k on in which all n looks are cued; then windows that k divides.
    Real all_cued = none;
    for (int k = settled; k >= 0; --k) {
        if (k + n <= longest) {
            auto const enough = number(k + n) <= count && cued(k + n) - cued(k) > m;
            all_cued = select(enough, number(k + n - 1), all_cued);
        }
        Real look_cued = all_cued;
        for (int look = k + n - 2; look >= k; --look) {
            if (look >= longest) { continue; }
            Real const hits =
                (search(k) - search(start_of_window(look))) + (cued(look + 1) - cued(k));
            auto const enough = number(look) < count && hits > m;
            look_cued = select(enough, number(look), look_cued);
        }
        auto const before_cue = unaided >= Real(0) && unaided < number(k);
        firm(k, select(before_cue, unaided, look_cued));
    }
}

}  // namespace longwatch
