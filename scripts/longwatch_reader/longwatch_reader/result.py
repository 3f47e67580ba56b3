"""A result: estimates with their intervals, exact tallies, the study, and where it all comes from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from .errors import UnknownName, unknown
from .resolved import Resolved
from .summary import summary

# Limbs of sums are kept modulo 2^64 (docs/io_format.md).
_LIMB_MODULUS = 1 << 64
_LIMB_DIMS = ("sum_limb", "sum_squares_limb")
# How a flight ends well; every other fate is a failure.
_OUTCOMES = ("impact", "broke_up")


class Estimate(NamedTuple):
    """A value and the ends of its 95 % interval, in `units`; NaN where no flights are to estimate from, an end
    infinite where the flights set no bound on that side."""

    value: float
    low: float
    high: float
    units: str

    def __str__(self) -> str:
        """With two digits of the interval's half width, as ``15.29 (14.99 to 15.58) s``."""
        if np.isnan(self.value):
            return "no flights"
        half = (self.high - self.low) / 2
        decimals = max(0, 1 - math.floor(math.log10(half))) if 0 < half < np.inf else 3
        value, low, high = (f"{number:.{decimals}f}" for number in self[:3])
        return f"{value} ({low} to {high})" + ("" if self.units == "1" else f" {self.units}")


class Result:
    """A result file, read whole. Every DataArray has `units` and `description` in its attributes.

    Attributes
    ----------
    path : Path or None
        The file; None where it was kept in memory only.
    attrs : dict
        Attributes of the file: study, flight_count, seed, device, code_version, ...
    groups : dict of str to xarray.Dataset
        Everything in the file, as it is: ``"/"``, ``"estimates"``, ``"study"``, ``"failures"``, ...
    """

    def __init__(self, path: Path | None, attrs: dict[str, Any], groups: dict[str, xr.Dataset]) -> None:
        self.path = path
        self.attrs = attrs
        self.groups = groups

    @property
    def estimates(self) -> xr.Dataset:
        """Every estimate; dimensions as (arm, consumer, estimate), with estimate = value, low, high."""
        return self.groups["estimates"]

    @property
    def tallies(self) -> xr.Dataset:
        """Every count, histogram and sum, as whole numbers; sums in limbs, for which see `exact`."""
        return self.groups["/"]

    @property
    def randomisations(self) -> xr.Dataset | None:
        """The tallies of each randomisation, dimension ``randomisation`` first; None under Monte Carlo."""
        return self.groups.get("randomisations")

    @property
    def failures(self) -> xr.Dataset:
        """The first thousand flights that failed: ``fate`` by ``flight``. `fate_count` counts all."""
        return self.groups["failures"]

    @property
    def study(self) -> Resolved:
        """The study flown, with every default, in SI units."""
        return Resolved(self.attrs["study"], self._study_resolved, self.attrs["study_hash"])

    @property
    def _study_resolved(self) -> str:
        return str(self.groups["study"]["resolved"].item())

    @property
    def study_text(self) -> str:
        """The study file as it was given."""
        return str(self.groups["study"]["text"].item())

    @property
    def assumptions(self) -> list[str]:
        """What a reader of the result must know, in sentences."""
        return [str(text) for text in self.groups["study"]["assumption"].values]

    @property
    def failed_count(self) -> int:
        """Flights that ended in a failure; 0 where all is well."""
        counts = self.tallies["fate_count"].sum("threat")
        return int(sum(counts.sel(fate=fate) for fate in counts["fate"].values if fate not in _OUTCOMES))

    @property
    def missing_flights(self) -> int:
        """Flights between the first and the last that the file does not hold: of shards merged with gaps. As a rule 0."""
        # Files older than schema 4.2 have no gaps.
        return int(self.groups["gaps"]["flight_count"].sum()) if "gaps" in self.groups else 0

    @property
    def dataset(self) -> xr.Dataset:
        """Estimates, tallies and ground tracks in one flat dataset, whose attributes are those of the file, and
        ``study_text``, ``study_resolved``, ``assumptions`` and ``missing_flights``."""
        study = {"study_text": self.study_text, "study_resolved": self._study_resolved,
                 "assumptions": self.assumptions, "missing_flights": self.missing_flights}
        flat = self.tallies.merge(self.estimates, combine_attrs="override")
        # Files of schema 4.0 have no scene.
        if "scene" in self.groups:
            flat = flat.merge(self.groups["scene"], combine_attrs="override")
        return flat.assign_attrs(self.attrs | study)

    def __getitem__(self, name: str) -> xr.DataArray:
        """The estimate, tally or label of that name."""
        for group in (self.estimates, self.tallies):
            if name in group:
                return group[name]
        raise unknown("quantity", name, [*self.estimates, *self.tallies])

    def __contains__(self, name: object) -> bool:
        return name in self.estimates or name in self.tallies

    def select(self, name: str, **labels: Any) -> xr.DataArray:
        """A quantity at the labels given: ``select("gain_s", arm="direct", versus="bilateral")``.

        Parameters
        ----------
        name : str
            Of an estimate or tally, as in docs/io_format.md.
        **labels
            A label, or a list of labels, per dimension. What compares arms has the dimension ``pair``, and takes
            ``arm`` and ``versus``, each a label or a list: without one of them, all the pairs that there are.

        Returns
        -------
        xarray.DataArray
            Without the dimensions that were given one label.

        Raises
        ------
        UnknownName
            Where a name, a dimension or a label is not there, with the nearest that is.
        """
        quantity = self[name]
        wanted = dict(labels)
        if "pair" in quantity.dims and ("arm" in wanted or "versus" in wanted):
            wanted["pair"] = self._pairs(wanted.pop("arm", None), wanted.pop("versus", None))
        for dimension, label in wanted.items():
            if dimension not in quantity.dims:
                raise unknown(f"dimension of {name}", dimension, quantity.dims)
            quantity = quantity.sel({dimension: _known(quantity[dimension], label)})
        return quantity

    def table(self, name: str, **labels: Any) -> pd.DataFrame:
        """An estimate as a table: a row for each label left, columns value, low and high, in the unit that
        `result[name].attrs["units"]` names; labels as in `select`.

        Raises
        ------
        UnknownName
            As `select`.
        ValueError
            Where the quantity is no estimate, or no dimension is left for rows.
        """
        chosen = self.select(name, **labels)
        if "estimate" not in chosen.dims or chosen.ndim < 2:
            raise ValueError(f"{name} makes no table here (it is no estimate, or one number: see estimate)")
        rows = [dimension for dimension in chosen.dims if dimension != "estimate"]
        frame = chosen.reset_coords(drop=True).to_dataset("estimate").to_dataframe(dim_order=rows)
        return frame[["value", "low", "high"]]

    def estimate(self, name: str, **labels: Any) -> Estimate:
        """One estimate with its interval; labels as in `select`, one for each dimension.

        Raises
        ------
        UnknownName
            As `select`.
        ValueError
            Where a dimension is given no label, or several.
        """
        chosen = self.select(name, **labels)
        if chosen.dims != ("estimate",):
            open_dims = [str(dimension).replace("pair", "arm and for versus") for dimension in chosen.dims
                         if dimension != "estimate"]
            why = f"give one label for {', '.join(open_dims)}" if open_dims else f"{name} is no estimate"
            raise ValueError(f"estimate({name!r}) is not one number with an interval ({why})")
        value, low, high = (float(chosen.sel(estimate=end)) for end in ("value", "low", "high"))
        return Estimate(value, low, high, chosen.attrs["units"])

    def exact(self, name: str) -> xr.DataArray:
        """A sum or sum of squares, whose limbs are put together.

        Parameters
        ----------
        name : str
            As ``warning_time_sum_us`` or ``gain_sum_squares_us2``.

        Returns
        -------
        xarray.DataArray
            Python ints (dtype object), exact; without the dimension of the limbs. ``.astype(float)`` rounds.

        Raises
        ------
        UnknownName, ValueError
            Where there is no such quantity, or it has no limbs.
        """
        limbs = self[name]
        dimension = next((one for one in _LIMB_DIMS if one in limbs.dims), None)
        if dimension is None:
            raise ValueError(f"{name} is no sum in limbs (its values are exact as they are)")
        by_limb = [limbs.isel({dimension: k}, drop=True) for k in range(limbs.sizes[dimension])]
        # Only the last limb of a plain sum has a sign.
        signed = len(by_limb) - 1 if dimension == "sum_limb" else None
        bits = int(self.attrs["limb_bits"])
        total: Any = 0
        for k, limb in enumerate(by_limb):
            whole = limb.values.astype(object)
            total = total + (whole if k == signed else whole % _LIMB_MODULUS) * (1 << bits * k)
        return by_limb[0].copy(data=np.asarray(total, dtype=object))

    def _pairs(self, arm: str | Sequence[str] | None, versus: str | Sequence[str] | None) -> str | list[str]:
        """The label of the pair of two arms, or the labels where several are asked for, in the order asked."""
        arms = [str(name) for name in self.tallies["arm"].values]
        asked = [arms if one is None else [one] if isinstance(one, str) else list(one) for one in (arm, versus)]
        for name in (*asked[0], *asked[1]):
            if name not in arms:
                raise unknown("arm", name, arms)
        of_pair = zip(self.tallies["pair_arm"].values, self.tallies["pair_versus"].values,
                      self.tallies["pair"].values)
        labels = {(str(a), str(b)): str(label) for a, b, label in of_pair}
        found = [labels[a, b] for a in asked[0] for b in asked[1] if (a, b) in labels]
        if not found:
            turned = any((b, a) in labels for a in asked[0] for b in asked[1])
            hint = f"; ask for arm={versus!r}, versus={arm!r}" if turned else ""
            raise UnknownName(f"no pair {arm!r} against {versus!r} (an arm is compared with an earlier one){hint}")
        return found[0] if isinstance(arm, str) and isinstance(versus, str) else found

    def _ipython_key_completions_(self) -> list[str]:
        return [str(name) for name in (*self.estimates, *self.tallies)]

    def __repr__(self) -> str:
        return summary(self)


def _known(of_dimension: xr.DataArray, label: Any) -> Any:
    """The label or labels, if the dimension has them."""
    several = isinstance(label, (list, tuple, np.ndarray))
    is_text = of_dimension.dtype.kind in "OU"
    for one in label if several else [label]:
        if (isinstance(one, str) == is_text) and bool((of_dimension == one).any()):
            continue
        known = of_dimension.values
        if is_text or isinstance(one, str):
            raise unknown(str(of_dimension.name), one, known if is_text else [f"{value:g}" for value in known])
        nearest = sorted(known[np.argsort(np.abs(known - one))[:2]])
        raise UnknownName(f"no {of_dimension.name} {one!r}; nearest: "
                          + " and ".join(f"{value:g}" for value in nearest))
    return list(label) if several else label


def flat(result: xr.Dataset | Result) -> xr.Dataset:
    """One flat dataset, whichever way the file was opened."""
    return result.dataset if isinstance(result, Result) else result
