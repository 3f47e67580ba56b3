"""What a report says of a placement that the program has made, against the numbers of its file."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr
from report_files import PROGRAM, ROOT, changed

from longwatch_reader import ResultError, maps, open_placement
from longwatch_reader.placement_report import placement_answer
from longwatch_reader.report import main
from longwatch_reader.tables import triple
from longwatch_reader.wording import number_text, percent_text

STUDY = ROOT / "studies/radar-placement.toml"
# Near the launch area, farther off, in the Sea of Japan, and over the horizon, where nothing is gained.
SITES = {"suwon": (37.1, 127.1), "wonju": (37.1, 127.8), "sado": (38.0, 138.4), "at-sea": (38.6, 132.0),
         "guam": (13.5, 144.8)}


def place(folder: Path, old: str = "", new: str = "") -> Path:
    """A placement at the sites above, of few flights; with something changed in the study."""
    if not PROGRAM.exists():
        pytest.skip(f"{PROGRAM} is not built")
    text = re.sub(r"\n\[\[placement\.grid\]\].*", "\n", STUDY.read_text(), flags=re.DOTALL)
    assert old in text
    text = text.replace(old, new).replace('"../models/catalog"', f'"{ROOT / "models/catalog"}"')
    for name, (latitude, longitude) in SITES.items():
        text += f'\n[[placement.site]]\nname = "{name}"\nlatitude_deg = {latitude}\nlongitude_deg = {longitude}\nassumed = true\n'
    study, path = folder / "few.toml", folder / "places.h5"
    study.write_text(text)
    subprocess.run([PROGRAM, "place", study, "-o", path, "--flights", "400", "--seed", "5", "--quiet"], check=True,
                   capture_output=True, timeout=120)
    return path


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return place(tmp_path_factory.mktemp("placed"))


@pytest.fixture(scope="module")
def placement(placed: Path) -> xr.Dataset:
    return open_placement(placed)


def test_a_placement_is_read_with_units_and_sets(placed: Path, placement: xr.Dataset) -> None:
    assert list(placement["candidate"].values) == list(SITES)
    assert dict(zip(SITES, placement["surface"].values, strict=True))["at-sea"] == "water"
    for name, variable in placement.data_vars.items():
        assert variable.attrs["units"] and variable.attrs["description"], name
    gain = placement["objective_gain"]
    assert (gain.sel(estimate="low") <= gain.sel(estimate="value")).all()
    assert (gain.sel(estimate="value") <= gain.sel(estimate="high")).all()
    with h5py.File(placed) as file:
        for how in ("greedy", "exact"):
            chosen = file[f"chosen/{how}"]
            one = placement.sel(set=how)
            assert list(one["set_site"].values) == list(chosen.asstr()[:])
            assert [float(one[f"set_{key}"]) for key in ("gain", "bound", "gap")] == \
                [chosen.attrs[key] for key in ("gain", "bound", "gap")]
    assert placement.sizes["member"] == 2


def test_sets_of_unlike_size_are_both_whole(placed: Path, tmp_path: Path) -> None:
    def shorten(file: h5py.File) -> None:
        kept = dict(file["chosen/greedy"].attrs)
        del file["chosen/greedy"]
        file["chosen"].create_dataset("greedy", data=["suwon"], dtype=h5py.string_dtype()).attrs.update(kept)

    read = open_placement(changed(placed, tmp_path / "less.h5", shorten))
    assert list(read["set_site"].sel(set="greedy").values) == ["suwon", ""]
    assert len(set(read["set_site"].sel(set="exact").values) - {""}) == 2


def test_a_placement_of_another_major_version_is_refused(placed: Path, tmp_path: Path) -> None:
    newer = changed(placed, tmp_path / "newer.h5", lambda file: file.attrs.__setitem__("schema_version", "99.0"))
    with pytest.raises(ResultError, match=r"its schema version is 99\.0"):
        open_placement(newer)


def test_the_answer_tells_the_best_site_and_the_best_two(placement: xr.Dataset) -> None:
    first, second, third = placement_answer(placement)
    suwon = placement.sel(candidate="suwon")
    assert first.startswith("Of 5 places for tpy2-new in the arm via-us-hub, suwon is the best: it adds "
                            f"{number_text(triple(suwon['objective_gain']), True)} s")
    assert f"{float(suwon['p_best']):.3f}" in second and "wonju" in second
    both = placement["set_site"].sel(set="exact").values
    assert f"{both[0]} and {both[1]} give most" in third
    assert f"{float(placement['set_gain'].sel(set='exact')):+.4g} s" in third


def test_the_answer_claims_no_gain_where_every_interval_holds_zero(placement: xr.Dataset) -> None:
    doubtful = placement.copy(deep=True)
    doubtful["objective_gain"][...] = np.array([0.1, -1.0, 1.2])
    assert "none adds anything that these flights can tell" in placement_answer(doubtful)[0]


def test_rivals_of_the_best_are_named_with_their_chances(placement: xr.Dataset) -> None:
    close = placement.copy(deep=True)
    close["p_best"].loc[{"candidate": ["suwon", "wonju"]}] = [0.6, 0.4]
    assert placement_answer(close)[1] == "The probability that it is the best is 0.600; as good may be wonju (0.40)."


def test_tables_hold_every_candidate_and_both_sets(placed: Path, placement: xr.Dataset, tmp_path: Path) -> None:
    assert main([str(placed), "-o", str(tmp_path / "report.json")]) == 0
    tables = json.loads((tmp_path / "report.json").read_text())["tables"]
    rows = {row["candidate"]: row for row in tables["candidates"]["rows"]}
    assert set(rows) == set(SITES)
    for name, row in rows.items():
        got = tuple(row["objective_gain"][end] for end in ("value", "low", "high"))
        assert got == triple(placement["objective_gain"].sel(candidate=name))
    assert [row["how"] for row in tables["chosen"]["rows"]] == ["one after another", "by integer programme"]
    assert all(row["bound"] >= row["gain"] - 1e-9 for row in tables["chosen"]["rows"])
    assert len(tables["candidate_warnings"]["rows"]) == len(SITES) * 3


def test_a_site_that_adds_nothing_is_drawn_quiet_and_all_tell_their_numbers(placement: xr.Dataset) -> None:
    traces = {trace.name: trace for trace in maps.placement_map(placement).data}
    quiet = traces["adds nothing that these flights tell"]
    assert any("guam" in text for text in quiet.text)
    drawn = [text for name in ("candidate on land", "candidate on water", quiet.name) if name in traces
             for text in traces[name].text]
    assert len(drawn) == len(SITES)
    best = next(text for text in drawn if "<b>suwon</b>" in text)
    assert number_text(triple(placement["objective_gain"].sel(candidate="suwon")), True) in best
    assert "on land" in best and f"probability {float(placement['p_best'].sel(candidate='suwon')):.3f}" in best
    # What is there already stands on the map too.
    assert {"radar", "launch area"} <= set(traces)


def test_a_fraction_is_told_in_percent(tmp_path: Path) -> None:
    path = place(tmp_path, 'objective = "expected-warning"', 'objective = "probability-of-warning"\nat_least_min = 20')
    placement = open_placement(path)
    assert placement.attrs["objective_units"] == "1"
    best = int(np.argmax(placement["objective_gain"].sel(estimate="value").values))
    gain = triple(placement["objective_gain"].isel(candidate=best))
    first = placement_answer(placement)[0]
    assert f"{percent_text(gain, True)} % points" in first and "flights warned of at least 20 min ahead" in first
    assert main([str(path), "-o", str(tmp_path / "report.md")]) == 0
    assert "Gain, % points" in (tmp_path / "report.md").read_text()
