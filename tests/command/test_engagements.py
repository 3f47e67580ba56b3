"""Raids, importance sampling and stopping on the command line."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
STUDY = ROOT / "studies/layered-defence.toml"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def longwatch(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300,
                          stdin=subprocess.DEVNULL)


def run(study: Path, output: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return longwatch("run", study, "-o", output, "--device", "cpu", "--quiet", *arguments)


def shown(file: Path) -> dict:
    return json.loads(longwatch("show", file, "--json").stdout)


def changed(folder: Path, top: str = "", **changes: str) -> Path:
    """The shipped study with lines at its top and some texts replaced, reading the same catalogue."""
    text = STUDY.read_text(encoding="utf-8").replace("../models/catalog", str(ROOT / "models/catalog"))
    for old, new in changes.items():
        old = old.replace("__", " = ")
        assert old in text
        text = text.replace(old, new)
    study = folder / "study.toml"
    study.write_text(top + text, encoding="utf-8")
    return study


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    file = tmp_path_factory.mktemp("flown") / "layered.h5"
    return file, run(STUDY, file, "--flights", 2000)


def test_the_layered_study_tells_kills_leakers_and_shots(flown) -> None:
    _, done = flown
    assert done.returncode == 0, done.stderr
    told = " ".join(done.stdout.split())
    for words in ("no leaker, %", "Leakers of a raid of 10", "on remote", "shots saved",
                  "in raids of 10, which the intervals take as clusters"):
        assert words in told
    assert all(len(line) <= 100 for line in done.stdout.splitlines())


def test_engagements_in_json_have_intervals(flown) -> None:
    file, _ = flown
    result = shown(file)
    assert result["raid_size"] == 10
    assert result["stopped"] == ""
    arms = [arm["engagement"] for arm in result["arms"]]
    for engagement in arms:
        assert engagement["raids"] == 200 and engagement["flights"] == 2000
        for key in ("pk", "p_leak", "p_no_leaker"):
            p = engagement[key]
            assert p["low"] <= p["value"] <= p["high"]
            assert p["clopper_pearson"]["low"] <= p["value"] <= p["clopper_pearson"]["high"]
        assert engagement["leakers_mean"]["low"] <= engagement["leakers_mean"]["value"]
        assert abs(sum(p["value"] for p in engagement["p_leakers"]) - 1) < 1e-9
        assert not engagement["weighted"] and abs(engagement["effective_raids"] - 200) < 1e-6
        left = {b["name"]: b["left_mean"]["value"] * 200 + b["shots"] for b in engagement["batteries"]}
        assert left == pytest.approx({"aegis-west": 3200, "aegis-south": 1600, "terminal": 3200})
    assert arms[0]["shots_saved"] is None
    first = [pair for pair in result["paired_engagement"] if pair["versus"] == "national-only"]
    assert [pair["shots_saved"] for pair in first] == [e["shots_saved"] for e in arms[1:]]
    for pair in first:
        saved = arms[0]["shots_mean"]["value"] * 10 - pair["shots_saved"]["value"]
        arm = next(a for a in result["arms"] if a["name"] == pair["arm"])
        assert saved == pytest.approx(arm["engagement"]["shots_mean"]["value"] * 10)


@pytest.mark.parametrize(("flights", "nearest"), [(1001, 1000), (4, 10), (1006, 1010), (15, 20)])
def test_flights_are_whole_raids(flights: int, nearest: int, tmp_path: Path) -> None:
    for verb in (["run", STUDY, "-o", tmp_path / "x.h5"], ["value", STUDY], ["horizon", STUDY]):
        done = longwatch(*verb, "--device", "cpu", "--flights", flights)
        assert done.returncode == 2
        assert f"--flights {flights} (must be a multiple of the raid's size, 10; the nearest is {nearest})" in \
            done.stderr
    assert not (tmp_path / "x.h5").exists()


def test_flights_of_the_study_are_whole_raids(tmp_path: Path) -> None:
    done = longwatch("check", changed(tmp_path, flights__100000="flights = 100001"))
    assert done.returncode == 2
    assert "'flights' = 100001 (must be a multiple of the raid's size, 10; the nearest is 100000)" in \
        done.stderr.replace("\n", " ")


def test_a_run_stops_at_a_block_when_it_knows_enough(tmp_path: Path) -> None:
    study = changed(tmp_path, 'stop = { on = "p_leak", half_width = 0.004, confidence = 0.9 }\n')
    files = [tmp_path / "one.h5", tmp_path / "two.h5"]
    done = run(study, files[0], "--threads", 1, "--chunk", 10)
    assert done.returncode == 0, done.stderr
    assert run(study, files[1], "--threads", 2, "--chunk", 1000).returncode == 0
    one, two = (shown(file) for file in files)
    assert one["flights"] % 10000 == 0 and one["flights"] < 100000
    assert one["stopped"].startswith(f"after {one['flights']:,} of 100,000 flights: p_leak is known within 0.004")
    assert f"Stopped after {one['flights']:,} of 100,000 flights" in done.stdout
    assert (one["arms"], one["flights"]) == (two["arms"], two["flights"])
    # What is asked for cannot be had: all flights are flown, and nothing is claimed.
    hopeless = changed(tmp_path, 'stop = { on = "p_leak", half_width = 1e-6 }\n')
    done = longwatch("run", hopeless, "-o", files[0], "--device", "cpu", "--flights", 10010)
    assert done.returncode == 0
    assert "all 10,010 flights are flown, and p_leak is not yet known within 1e-06" in done.stderr
    assert shown(files[0])["flights"] == 10010 and shown(files[0])["stopped"] == ""


def test_stopping_names_what_it_can_stop_on(tmp_path: Path) -> None:
    for stop, told in (('{ on = "p_leek", half_width = 1 }', "did you mean 'p_leak'"),
                       ('{ on = "p_leak", half_width = 0 }', "must be > 0"),
                       ('{ on = "p_leak", half_width = 1, arm = "bilatral" }', "did you mean 'bilateral'"),
                       ('{ on = "p_leak", half_width = 1, consumer = "tokyo" }', "not of a consumer"),
                       ('{ on = "p_leak", half_width = 1, arms = "x" }', "key 'arms' = \"x\" is unknown")):
        done = longwatch("check", changed(tmp_path, f"stop = {stop}\n"))
        assert done.returncode == 2
        assert told in done.stderr.replace("\n", " "), done.stderr


def test_importance_sampling_is_told_and_agrees(tmp_path: Path) -> None:
    single = {"size__10": "size = 1"}
    plain, weighted = tmp_path / "plain.h5", tmp_path / "weighted.h5"
    assert run(changed(tmp_path, **single), plain, "--flights", 10000).returncode == 0
    done = run(changed(tmp_path, "importance = { failure = 0.3 }\n", **single), weighted, "--flights", 10000)
    assert done.returncode == 0, done.stderr
    assert "Importance sampling: weighted" in done.stdout
    for a, b in zip(shown(plain)["arms"], shown(weighted)["arms"], strict=True):
        p, w = a["engagement"], b["engagement"]
        assert w["weighted"] and 5000 < w["effective_raids"] < 10000
        assert w["p_leak"]["low"] < p["p_leak"]["high"] and p["p_leak"]["low"] < w["p_leak"]["high"]
        assert w["p_leak"]["high"] - w["p_leak"]["low"] < p["p_leak"]["high"] - p["p_leak"]["low"]
        assert w["batteries"][0]["pk"] is None
        assert a["consumers"] == b["consumers"]  # warnings are untouched


def test_a_member_of_a_raid_is_replayed(flown, tmp_path: Path) -> None:
    done = longwatch("replay", STUDY, "--flight", 17, "-o", tmp_path / "replay", "--device", "cpu")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "replay" / "engagement.csv").exists()
