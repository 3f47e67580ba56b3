"""longwatch place: what it prints, writes and refuses."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import h5py
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / os.environ.get("LONGWATCH_PROGRAM", "build/release/longwatch")
STUDY = ROOT / "studies/radar-placement.toml"
GRIDS = re.compile(r"\n\[\[placement\.grid\]\].*", re.DOTALL)
# Where the present radars see as early, between, and where a new one gives most; and one over the horizon.
SITES = {"kagoshima": (31.6, 130.6), "sado": (38.0, 138.4), "suwon": (37.1, 127.1), "wonju": (37.1, 127.8), "guam": (13.5, 144.8)}


def place(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, "place", *arguments], capture_output=True, text=True, cwd=ROOT)


def few_sites(folder: Path, *changes: tuple[str, str]) -> Path:
    text = GRIDS.sub("\n", STUDY.read_text()).replace('"../models/catalog"', f'"{ROOT / "models/catalog"}"')
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    for name, (latitude, longitude) in SITES.items():
        text += f'\n[[placement.site]]\nname = "{name}"\nlatitude_deg = {latitude}\nlongitude_deg = {longitude}\nassumed = true\n'
    path = folder / "few.toml"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    folder = tmp_path_factory.mktemp("placed")
    done = place(few_sites(folder), "-o", folder / "places.h5", "--flights", "1200", "--json", "--quiet")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), folder / "places.h5"


def test_the_best_place_is_the_one_that_sees_first(placed: tuple[dict, Path]) -> None:
    told, _ = placed
    order = [candidate["name"] for candidate in told["candidates"]]
    assert order[:2] == ["suwon", "wonju"]
    best = told["candidates"][0]
    assert best["p_best"] > 0.99
    assert best["surface"] == "land"
    # Over the horizon of the first minutes nothing is gained, to the last digit.
    last = next(c for c in told["candidates"] if c["name"] == "guam")
    assert last["objective_gain"]["value"] == 0
    assert sum(c["p_best"] for c in told["candidates"]) == pytest.approx(1)


def test_what_is_recommended_holds_in_the_whole_chain(placed: tuple[dict, Path]) -> None:
    told, _ = placed
    best = told["candidates"][0]
    checked = told["checked"][0]
    assert checked["sites"] == [best["name"]]
    # Other flights, so within four times the half widths, of 95 % each.
    for one, full in zip(best["consumers"], checked["consumers"], strict=True):
        a, b = one["gain_s"], full["usable_gain_s"]
        assert abs(a["value"] - b["value"]) <= 2 * (a["high"] - a["low"] + b["high"] - b["low"]) + 1e-6
    # Two radars together give at least what one of them gives alone, in the same flights.
    pair = told["checked"][-1]
    assert len(pair["sites"]) == 2
    for one, both in zip(checked["consumers"], pair["consumers"], strict=True):
        assert both["usable_gain_s"]["value"] >= one["usable_gain_s"]["value"] - 1e-6
    assert told["exact"]["optimal"]
    assert told["exact"]["gain"] >= told["greedy"]["gain"]


def test_the_file_holds_every_candidate(placed: tuple[dict, Path]) -> None:
    told, path = placed
    with h5py.File(path) as file:
        assert file.attrs["file_type"] == "longwatch placement"
        names = list(file["candidate"].asstr()[:])
        assert names == list(SITES)
        at = {name: k for k, name in enumerate(names)}
        for candidate in told["candidates"]:
            gain = file["objective_gain"][at[candidate["name"]]]
            assert list(gain) == [candidate["objective_gain"][key] for key in ("value", "low", "high")]
        assert list(file["chosen/exact"].asstr()[:]) == told["exact"]["sites"]


def test_the_page_names_all_that_is_in_the_file(placed: tuple[dict, Path]) -> None:
    page = (ROOT / "docs/io_format.md").read_text()
    section = page[page.index("## Placement files"):page.index("## `place --json`")]
    of_results = page[:page.index("## Labels and tallies")]
    with h5py.File(placed[1]) as file:
        names: list[str] = []
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        assert len(names) > 15
        for name in names:
            assert f"`{name}`" in section, name
        for attribute in file.attrs:
            assert f"`{attribute}`" in section or f"`/@{attribute}`" in of_results, attribute


def test_threads_and_chunks_change_nothing(tmp_path: Path) -> None:
    study = few_sites(tmp_path)
    answers = []
    for threads, chunk in (("1", "64"), ("3", "40")):
        done = place(study, "-o", tmp_path / "places.h5", "--flights", "600", "--json", "--quiet",
                     "--threads", threads, "--chunk", chunk)
        assert done.returncode == 0, done.stderr
        answers.append(done.stdout)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("objective", ['"worst-consumer"', '"probability-of-warning"\nat_least_min = 3'])
def test_other_objectives_rank_too(tmp_path: Path, objective: str) -> None:
    study = few_sites(tmp_path, ('"expected-warning"', objective))
    done = place(study, "-o", tmp_path / "places.h5", "--flights", "600", "--json", "--quiet")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["objective"] == objective.split('"')[1]
    gains = [candidate["objective_gain"]["value"] for candidate in told["candidates"]]
    assert gains == sorted(gains, reverse=True)
    # Sets are chosen by gains that are kept in whole steps, flight by flight.
    kept_step = 0.01
    assert told["exact"]["bound"] >= told["exact"]["gain"] >= gains[0] * (1 - 1e-3) - kept_step


def test_kills_are_counted_raid_by_raid(tmp_path: Path) -> None:
    """A radar far forward lets a battery that knows too little commit; one that sees nothing changes no kill."""
    text = (ROOT / "studies/layered-defence.toml").read_text().replace(
        '"../models/catalog"', f'"{ROOT / "models/catalog"}"')
    text += '''
[placement]
arm = "national-only"
objective = "kill-probability"
looks_towards = { latitude_deg = 39.2, longitude_deg = 125.7 }
[placement.sensor]
name = "tpy2-new"
model = "an-tpy-2"
node = "jp-sensors"
[[placement.site]]
name = "forward"
latitude_deg = 37.1
longitude_deg = 127.1
[[placement.site]]
name = "blind"
latitude_deg = -40.0
longitude_deg = -30.0
'''
    study = tmp_path / "kills.toml"
    study.write_text(text)
    done = place(study, "-o", tmp_path / "places.h5", "--flights", "800", "--json", "--quiet")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    gains = {candidate["name"]: candidate["objective_gain"] for candidate in told["candidates"]}
    assert gains["blind"]["value"] == 0
    assert gains["blind"]["low"] < 0 < gains["blind"]["high"]
    best = gains[told["candidates"][0]["name"]]
    checked = told["checked"][0]["pk_gain"]
    assert abs(best["value"] - checked["value"]) <= 2 * (best["high"] - best["low"] + checked["high"] - checked["low"])


def test_a_resolved_placement_is_the_same_question(tmp_path: Path) -> None:
    study = few_sites(tmp_path)
    done = subprocess.run([PROGRAM, "check", study], capture_output=True, text=True, cwd=ROOT, check=True)
    alone = tmp_path / "elsewhere" / "resolved.toml"
    alone.parent.mkdir()
    alone.write_text(done.stdout)
    again = subprocess.run([PROGRAM, "check", alone], capture_output=True, text=True, cwd=ROOT)
    assert again.returncode == 0, again.stderr
    assert again.stdout == done.stdout


@pytest.mark.parametrize("device", ["cuda", "cuda:1"])
def test_a_device_is_refused_and_not_passed_over(device: str, tmp_path: Path) -> None:
    done = place(few_sites(tmp_path), "-o", tmp_path / "places.h5", "--device", device)
    assert done.returncode == 2
    assert "places are judged on the CPU" in done.stderr


def test_a_study_without_a_placement_is_refused(tmp_path: Path) -> None:
    done = place(ROOT / "studies/trilateral-warning.toml", "-o", tmp_path / "places.h5")
    assert done.returncode == 2
    assert "asks for no placement (it has no [placement])" in done.stderr
    assert not (tmp_path / "places.h5").exists()


def test_the_page_names_every_key(placed: tuple[dict, Path]) -> None:
    page = (ROOT / "docs/io_format.md").read_text()
    section = page[page.index("## `place --json`"):]
    section = section[:section.index("\n## ", 5)]

    def keys(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*(keys(one) for one in value.values()))
        return set().union(*(keys(one) for one in value)) if isinstance(value, list) else set()

    of_estimates = {"value", "low", "high", "low_open", "high_open", "value_below", "value_above"}
    for key in keys(placed[0]) - of_estimates:
        assert f"`{key}`" in section, key
