"""The answer and the tables of a placement."""

from __future__ import annotations

import numpy as np
import xarray as xr

from .tables import Column, Table, names, triple
from .wording import number_text, percent_text


def ranked(placement: xr.Dataset) -> list[int]:
    """Numbers of the candidates, best objective first."""
    value = placement["objective"].sel(estimate="value").values
    return [int(i) for i in np.argsort(-np.where(np.isnan(value), -np.inf, value), kind="stable")]


def placement_answer(placement: xr.Dataset) -> list[str]:
    """Three sentences: the best candidate and what it adds; how sure that is; what the runners-up are."""
    order = ranked(placement)
    if not order:
        return ["There are no candidates.", "Nothing can be said of any.", "No other candidate was compared."]
    units, objective = placement.attrs["objective_units"], placement.attrs["objective"]
    best = placement.isel(candidate=order[0])
    name = str(best["candidate"].values)
    close = [i for i in order[1:] if float(placement["p_best"].values[i]) >= 0.05]
    others = [f"{placement['candidate'].values[i]} ({float(placement['p_best'].values[i]):.2f})" for i in close[:3]]
    return [
        f"{name} is the best of {len(order):,} candidates: it adds {number_text(triple(best['objective_gain']), True)} "
        f"{units} to the objective, {objective}, of the present layout.",
        f"The probability that it is the best is {float(best['p_best']):.3f}; it sees "
        f"{percent_text(triple(best['coverage']))} % of the flights.",
        f"Candidates that may as well be the best, with their probabilities: {', '.join(others)}"
        f"{' and others' if len(close) > 3 else ''}." if others else
        "No other candidate has a probability of 5 % of being the best."]


def placement_tables(placement: xr.Dataset) -> list[Table]:
    """Every candidate, and each with each consumer, best objective first; and the provenance."""
    units = placement.attrs["objective_units"]
    columns = [Column("candidate", "Candidate"), Column("surface", "On"),
               Column("latitude_deg", "Latitude, deg", "number"), Column("longitude_deg", "Longitude, deg", "number"),
               Column("objective", f"Objective, {units}", "estimate_number"),
               Column("objective_gain", f"Gain, {units}", "estimate_number", True),
               Column("p_best", "Probability of being best", "probability"),
               Column("coverage", "Sees, % of flights", "estimate_fraction")]
    rows, each = [], []
    for number in ranked(placement):
        one = placement.isel(candidate=number)
        name = str(one["candidate"].values)
        rows.append((name, str(one["surface"].values), round(float(one["latitude_deg"]), 4),
                     round(float(one["longitude_deg"]), 4), triple(one["objective"]), triple(one["objective_gain"]),
                     float(one["p_best"]), triple(one["coverage"])))
        for consumer in names(placement, "consumer"):
            of = one.sel(consumer=consumer)
            each.append((name, consumer, triple(of["warning_time_p50_s"]), triple(of["warning_time_p05_s"]),
                         triple(of["gain_s"])))
    consumer_columns = [columns[0], Column("consumer", "Consumer"),
                        Column("warning_time_p50_s", "Median warning, min:s", "estimate_s"),
                        Column("warning_time_p05_s", "5 % have less, min:s", "estimate_s"),
                        Column("gain_s", "Gain over the present layout, min:s", "estimate_s", True)]
    return [Table("candidates", "Candidates, best objective first", columns, rows, is_long=len(rows) > 60),
            Table("best_candidates", "The best twenty candidates", columns, rows[:20]),
            Table("candidate_warnings", "Warning of each consumer", consumer_columns, each, is_long=len(each) > 60),
            Table("best_candidate_warnings", "Warning of each consumer with the best twenty candidates", consumer_columns,
                  each[:20 * placement.sizes["consumer"]]),
            _provenance(placement)]


def _provenance(placement: xr.Dataset) -> Table:
    wanted = ("study", "study_hash", "seed", "flight_count", "code_version", "git_hash", "device", "schema_version",
              "created_utc", "objective", "objective_units")
    rows = [(key.replace("_", " "), str(placement.attrs[key])) for key in wanted if key in placement.attrs]
    return Table("provenance", "Where the numbers come from", [Column("what", "What"), Column("is", "Is")], rows)
