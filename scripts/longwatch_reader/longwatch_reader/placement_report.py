"""The answer and the tables of a placement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import xarray as xr

from .tables import Column, Table, ends, names, triple
from .wording import Triple, is_known, number_text, percent_text

#: A candidate with less than this probability of being the best is no rival.
_RIVAL_P = 0.05
_BY_CONSUMER = ("warning_time_p50_s", "warning_time_p05_s", "gain_s")
_SET_WORDS = {"greedy": "one after another", "exact": "by integer programme"}


def ranked(placement: xr.Dataset) -> list[int]:
    """Numbers of the candidates, best objective first."""
    value = placement["objective"].sel(estimate="value").values
    return [int(i) for i in np.argsort(-np.where(np.isnan(value), -np.inf, value), kind="stable")]


def objective_words(placement: xr.Dataset) -> str:
    """What counts, in a few words without the unit."""
    words = {"expected-warning": "usable warning, averaged over the consumers",
             "worst-consumer": "usable warning of the consumer with least",
             "probability-of-warning": f"flights warned of at least {placement.attrs['at_least_s'] / 60:g} min ahead",
             "kill-probability": "flights killed"}
    objective = str(placement.attrs["objective"])
    return words.get(objective, objective)


def is_fraction(placement: xr.Dataset) -> bool:
    """True where the objective is a fraction, shown in percent; else it is in seconds."""
    return bool(placement.attrs["objective_units"] == "1")


def gain_text(placement: xr.Dataset, gain: Triple) -> str:
    """A gain of the objective, with interval and unit."""
    return f"{percent_text(gain, True)} % points" if is_fraction(placement) else f"{number_text(gain, True)} s"


def set_sites(placement: xr.Dataset, how: str) -> list[str]:
    """The sites chosen together, in the order chosen; `how` is ``greedy`` or ``exact``."""
    return [str(name) for name in placement["set_site"].sel(set=how).values if name]


def adds_something(placement: xr.Dataset) -> np.ndarray:
    """Of each candidate, whether the interval of its gain lies above zero."""
    return np.asarray(placement["objective_gain"].sel(estimate="low").values > 0)


def placement_answer(placement: xr.Dataset) -> list[str]:
    """Three sentences: the best candidate and what it adds; how sure that is; several together, or else who gains."""
    order = ranked(placement)
    if not order:
        return ["There are no candidates.", "Nothing can be said of any.", "No other candidate was compared."]
    best = placement.isel(candidate=order[0])
    if not is_known(triple(best["objective_gain"])):
        return ["No flight counts for the objective: the candidates cannot be compared.", "None is the best.",
                "Nothing can be said of several together."]
    several = set_sites(placement, "exact")
    return [_best(placement, best), _how_sure(placement, order),
            _together(placement, several) if len(several) > 1 else _who_gains(placement, best)]


def _best(placement: xr.Dataset, best: xr.Dataset) -> str:
    a, name = placement.attrs, str(best["candidate"].values)
    gain = gain_text(placement, triple(best["objective_gain"]))
    many = f"Of {placement.sizes['candidate']:,} places for {a['sensor']} in the arm {a['arm']}, "
    if not bool(adds_something(placement).any()):
        return (f"{many}none adds anything that these flights can tell to the present layout ({objective_words(placement)}); "
                f"{name} comes first, with {gain}.")
    return f"{many}{name} is the best: it adds {gain} to the present layout ({objective_words(placement)})."


def _how_sure(placement: xr.Dataset, order: list[int]) -> str:
    candidates, p_best = names(placement, "candidate"), placement["p_best"].values
    sure = f"The probability that it is the best is {float(p_best[order[0]]):.3f}; "
    rivals = [i for i in order[1:] if p_best[i] >= _RIVAL_P]
    if rivals:
        return (f"{sure}as good may be {', '.join(f'{candidates[i]} ({p_best[i]:.2f})' for i in rivals[:3])}"
                f"{' and others' if len(rivals) > 3 else ''}.")
    if len(order) == 1:
        return f"{sure}it is the only candidate."
    gain = triple(placement["objective_gain"].isel(candidate=order[1]))
    return f"{sure}{candidates[order[1]]} comes next, with {gain_text(placement, gain)}." if is_known(gain) else \
        f"{sure}the others cannot be compared."


def _together(placement: xr.Dataset, sites: list[str]) -> str:
    one = placement.sel(set="exact")
    gain, bound = (_plain_gain_text(placement, float(one[key])) for key in ("set_gain", "set_bound"))
    proof = "no other set of so many gains more" if float(one["set_gap"]) <= 0 else f"no set of so many gains more than {bound}"
    return (f"Of {len(sites)} together, {', '.join(sites[:-1])} and {sites[-1]} give most: {gain} where each flight counts with "
            f"the best of them alone; {proof}.")


def _plain_gain_text(placement: xr.Dataset, gain: float) -> str:
    text = f"{100 * gain:+,.4g} % points" if is_fraction(placement) else f"{gain:+,.4g} s"
    return text.replace("-", "−")


def _who_gains(placement: xr.Dataset, best: xr.Dataset) -> str:
    gains = [(name, triple(best["gain_s"].sel(consumer=name))) for name in names(placement, "consumer")]
    gains = [one for one in gains if is_known(one[1])]
    sees = f"it sees {percent_text(triple(best['coverage']))} % of the flights"
    if not gains:
        return f"{sees[0].upper()}{sees[1:]}."
    most = max(gains, key=lambda one: one[1][0])
    return f"Most gains {most[0]}, {number_text(most[1], True)} s of usable warning; {sees}."


def placement_tables(placement: xr.Dataset) -> list[Table]:
    """Every candidate, and each with each consumer, best objective first; sets; and the provenance."""
    kind, unit, points = ("estimate_fraction", "%", "% points") if is_fraction(placement) else ("estimate_number", "s", "s")
    columns = [Column("candidate", "Candidate"), Column("surface", "On"),
               Column("latitude_deg", "Latitude, deg", "number"), Column("longitude_deg", "Longitude, deg", "number"),
               Column("objective_gain", f"Gain, {points}", kind, True),
               Column("p_best", "Probability of being best", "probability"),
               Column("objective", f"Objective with it, {unit}", kind),
               Column("coverage", "Sees, % of flights", "estimate_fraction")]
    consumers = names(placement, "consumer")
    rows, each = [], []
    for one in _by_candidate(placement):
        name, place = one["candidate"], [round(float(one[key]), 4) for key in ("latitude_deg", "longitude_deg")]
        rows.append((name, one["surface"], *place, ends(one["objective_gain"]), float(one["p_best"]), ends(one["objective"]),
                     ends(one["coverage"])))
        each += [(name, consumer, *(ends(one[key][n]) for key in _BY_CONSUMER)) for n, consumer in enumerate(consumers)]
    consumer_columns = [columns[0], Column("consumer", "Consumer"),
                        Column("warning_time_p50_s", "Median warning, min:s", "estimate_s"),
                        Column("warning_time_p05_s", "5 % have less, min:s", "estimate_s"),
                        Column("gain_s", "Gain in usable warning, s", "estimate_number", True)]
    return [Table("candidates", "Candidates, best objective first", columns, rows, is_long=len(rows) > 60),
            Table("best_candidates", f"The best {min(20, len(rows))} of {len(rows):,} candidates", columns, rows[:20]),
            Table("candidate_warnings", "Warning of each consumer", consumer_columns, each, is_long=len(each) > 60),
            Table("best_candidate_warnings", "Warning of each consumer with the best candidates", consumer_columns,
                  each[:20 * placement.sizes["consumer"]]),
            _chosen(placement), _checked(placement), _provenance(placement)]


def _by_candidate(placement: xr.Dataset) -> Iterator[dict[str, Any]]:
    """What there is of each, best objective first."""
    columns = {key: placement[key].values for key in ("candidate", "surface", "latitude_deg", "longitude_deg", "objective_gain",
                                                      "p_best", "objective", "coverage", *_BY_CONSUMER)}
    for number in ranked(placement):
        yield {key: column[number] for key, column in columns.items()}


def _chosen(placement: xr.Dataset) -> Table:
    kind, unit = ("fraction", "% points") if is_fraction(placement) else ("number", "s")
    columns = [Column("how", "Chosen"), Column("sites", "Sites, in the order chosen"),
               Column("gain", f"Gain, {unit}", kind), Column("bound", f"None gains more than, {unit}", kind),
               Column("gap", "Gap, %", "fraction")]
    rows = [(_SET_WORDS[how], ", ".join(set_sites(placement, how)),
             *(float(placement[f"set_{key}"].sel(set=how)) for key in ("gain", "bound", "gap")))
            for how in names(placement, "set")]
    return Table("chosen", "Sites chosen together", columns, rows)


def _checked(placement: xr.Dataset) -> Table:
    consumers = names(placement, "consumer")
    columns = [Column("sites", "With"), *(Column(name, f"{name}, s", "estimate_number", True) for name in consumers)]
    has_kills = bool(np.isfinite(placement["checked_pk_gain"]).any())
    if has_kills:
        columns.append(Column("pk_gain", "Killed, % points", "estimate_fraction", True))
    rows = []
    for number, sites in enumerate(names(placement, "checked")):
        one = placement.isel(checked=number)
        gains = [triple(one["checked_gain_s"].sel(consumer=name)) for name in consumers]
        rows.append((sites, *gains, *([triple(one["checked_pk_gain"])] if has_kills else [])))
    return Table("checked", "The best flown in full by further flights: gain in usable warning", columns, rows)


def _provenance(placement: xr.Dataset) -> Table:
    a = placement.attrs
    rows = [("study", a["study"]), ("study hash", a["study_hash"]), ("arm", a["arm"]), ("sensor", a["sensor"]),
            ("objective", f"{a['objective']}: {objective_words(placement)}"), ("seed", str(a["seed"])),
            ("flights", f"{a['flight_count']:,}, of which {a['failed_count']:,} failed"),
            ("flights that sets were chosen by", f"{a['kept_flights']:,}"),
            ("code version", f"{a['code_version']} (commit {a['git_hash']})"),
            ("device", f"{a['device']}; {a['precision']}, {a['instructions']}, {a['lanes']} lanes, {a['threads']} threads"),
            ("schema version", a["schema_version"]), ("made", a["created_utc"])]
    return Table("provenance", "Where the numbers come from", [Column("what", "What"), Column("is", "Is")], rows)
