"""The answer of a result in three sentences, made from its numbers."""

from __future__ import annotations

import numpy as np
import xarray as xr

from .tables import has_engagements, names, triple
from .wording import Triple, is_known, minutes_text, number_text, percent_text

_NAMED_MAX = 3


def answer(result: xr.Dataset) -> list[str]:
    """Three sentences: which arm gives whom how much more warning; who profits most; what it does to intercepts.

    The arm of the answer is the one with the largest gain in usable warning over the first arm, averaged over the
    consumers with flights that concern them; the earlier one where two are level.

    Parameters
    ----------
    result : xarray.Dataset
        From `open_result`.
    """
    arms, consumers = names(result, "arm"), names(result, "consumer")
    if not consumers:
        return ["The study has no consumers: it says nothing of warning.", "Nobody is warned of anything.",
                _intercepts(result, arms[-1])]
    if len(arms) == 1:
        return [_only_arm(result, arms[0]), _least_and_most(result, arms[0]), _intercepts(result, arms[0])]
    best = _best_arm(result, arms)
    gains = _gains(result, best, arms[0])
    if not gains:
        return ["No flight concerns any consumer: the arms cannot be compared.", "Nobody profits.",
                _intercepts(result, best)]
    return [_who_gains(best, arms[0], len(arms), gains), _most(result, best, arms[0], gains), _intercepts(result, best)]


def _pair(result: xr.Dataset, arm: str, versus: str) -> xr.Dataset:
    at = np.flatnonzero((result["pair_arm"].values == arm) & (result["pair_versus"].values == versus))
    return result.isel(pair=int(at[0]))


def _gains(result: xr.Dataset, arm: str, first: str) -> list[tuple[str, Triple]]:
    """Of each consumer with flights, largest first."""
    gain = _pair(result, arm, first)["usable_gain_s"]
    each = [(consumer, triple(gain.sel(consumer=consumer))) for consumer in names(result, "consumer")]
    return sorted((one for one in each if is_known(one[1])), key=lambda one: -one[1][0])


def _best_arm(result: xr.Dataset, arms: list[str]) -> str:
    def mean(arm: str) -> float:
        gains = _gains(result, arm, arms[0])
        return float(np.mean([gain[0] for _, gain in gains])) if gains else -np.inf

    return max(arms[1:], key=mean)


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _who_gains(best: str, first: str, arms: int, gains: list[tuple[str, Triple]]) -> str:
    winners = [(name, gain) for name, gain in gains if gain[1] > 0]
    if not winners:
        name, gain = gains[0]
        return (f"No arm gives any consumer more usable warning than {first} that these flights could tell: "
                f"{best} comes nearest, with {minutes_text(gain, True)} min for {name}.")
    named = [f"{name} {minutes_text(gain, True)} min" for name, gain in winners[:_NAMED_MAX]]
    more = len(winners) - len(named)
    listed = ", ".join(named) + f" and {more} more" if more else _listed(named)
    who = "the consumer gains" if len(gains) == 1 else \
        f"{len(winners)} of {len(gains)} consumers {'gains' if len(winners) == 1 else 'gain'}"
    return (f"Of {arms} arms, {best} gives most: against {first}, {who} usable warning, in the mean over the flights "
            f"of concern: {listed}.")


def _most(result: xr.Dataset, best: str, first: str, gains: list[tuple[str, Triple]]) -> str:
    name = gains[0][0]
    if gains[0][1][1] <= 0:
        return (f"Nobody profits beyond doubt; the largest difference is that of {name}, whose interval "
                "includes none at all.")
    one = result.sel(consumer=name)
    median = [minutes_text(triple(one["warning_time_p50_s"].sel(arm=arm))) for arm in (first, best)]
    warned = [percent_text(triple(one["p_warned"].sel(arm=arm))) for arm in (first, best)]
    gain = triple(_pair(result, best, first)["p_warned_gain"].sel(consumer=name))
    change = f"warned of {warned[1]} % of the flights instead of {warned[0]} %" if not gain[1] <= 0 <= gain[2] else \
        f"warned of {warned[1]} % of the flights, as before,"
    return (f"Most profits {name}: it is {change} and its median warning time is {median[1]} min "
            f"instead of {median[0]} min.")


def _only_arm(result: xr.Dataset, arm: str) -> str:
    each = [(name, triple(result["warning_time_p50_s"].sel(arm=arm, consumer=name)))
            for name in names(result, "consumer")]
    each = [one for one in each if is_known(one[1])]
    if not each:
        vain = [(name, int(result["false_warning_count"].sel(arm=arm, consumer=name)))
                for name in names(result, "consumer")]
        told = [f"{name} is warned in vain of {count:,} flights" for name, count in vain if count]
        return f"In {arm}, the only arm, no consumer gets a message of a flight that concerns it" + (
            f"; {_listed(told)}." if told else ".")
    return (f"In {arm}, the only arm, the median warning time is "
            + _listed([f"{minutes_text(time)} min for {name}" for name, time in each[:_NAMED_MAX]])
            + (f" (and {len(each) - _NAMED_MAX} more)" if len(each) > _NAMED_MAX else "") + ".")


def _least_and_most(result: xr.Dataset, arm: str) -> str:
    warned = [(name, triple(result["p_warned"].sel(arm=arm, consumer=name))) for name in names(result, "consumer")]
    warned = [one for one in warned if is_known(one[1])]
    if not warned:
        return "No flight concerns any consumer."
    least = min(warned, key=lambda one: one[1][0])
    return f"Least well off is {least[0]}, warned of {percent_text(least[1])} % of the flights that concern it."


def _intercepts(result: xr.Dataset, arm: str) -> str:
    if not has_engagements(result):
        return "No battery may take any of the flights: the study says nothing of intercepts."
    arms = names(result, "arm")
    killed = percent_text(triple(result["pk"].sel(arm=arm)))
    if arm == arms[0]:
        return f"Of the flights some battery may take, {killed} % are killed."
    gain = triple(_pair(result, arm, arms[0])["pk_gain"])
    saved = triple(_pair(result, arm, arms[0])["shots_saved"])
    change = f"{percent_text(gain, True)} % points against {arms[0]}"
    if gain[1] <= 0 <= gain[2]:
        change += ", no difference that these flights can tell"
    clean = ""
    if result.attrs["raid_size"] > 1:
        no_leaker = triple(_pair(result, arm, arms[0])["p_no_leaker_gain"])
        clean = f" and {percent_text(no_leaker, True)} % points of raids without a leaker"
    shots = f"shots saved per raid {number_text(saved, True)}"
    if saved[1] <= 0 <= saved[2]:
        shots += ", no difference that these flights can tell"
    return f"Of the flights some battery may take, {arm} kills {killed} %: {change}{clean}; {shots}."
