"""The verb bench as a user meets it, and Longwatch's own entries in the race of scripts/bench.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

import csv
import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
ENTRY = ROOT / "build/release/bench/arc_2000_peer"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def bench(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, "bench", *arguments], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, cwd=folder)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict:
    # From elsewhere: the study comes with the program, the catalogue is found beside it or named.
    done = bench("--threads", "1", "--device", "cpu", "--json", "--catalog", str(ROOT / "models/catalog"),
                 folder=tmp_path_factory.mktemp("elsewhere"))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_arcs_are_told_with_their_largest_error(told: dict) -> None:
    assert set(told["arc2000"]) == {"arcs_per_s", "max_error_m", "threads"}
    assert told["arc2000"]["threads"] == told["threads"] == 1
    # Never better than the method, never worse than it says: 0.43 m measured.
    assert 0.1 < told["arc2000"]["max_error_m"] <= 1
    assert told["arc2000"]["arcs_per_s"] > 1e4
    assert [(arc["variant"], arc["numbers"]) for arc in told["arcs"]] == [
        (variant, numbers) for variant in "ABC" for numbers in ("double", "mixed")]
    for arc in told["arcs"]:
        assert arc["max_error_m"] <= 1
        assert arc["lane_occupancy"] > 0.9
        assert 0 <= arc["arcs_per_s"]["deviation"] < arc["arcs_per_s"]["median"]


def test_stages_add_up_to_the_chain(told: dict) -> None:
    assert [stage["name"] for stage in told["stages"]] == ["fly", "clock", "observe", "measure", "share", "battlespace",
                                                          "engage"]
    of_stages_us = sum(stage["us_per_flight"]["median"] for stage in told["stages"])
    of_chain_us = 1e6 / told["chain"]["flights_per_s"]["median"]
    # Medians do not add up, and other programs take their share of the machine between the two timings.
    assert 0.3 < of_stages_us / of_chain_us < 3


def test_a_user_sees_rates_errors_and_other_machines() -> None:
    done = bench("--threads", "1", "--device", "cpu")
    assert done.returncode == 0, done.stderr
    for part in ("ARC-2000", "arcs per second", " m\n", "trilateral-warning", "observe", "Other machines", "times", "±"):
        assert part in done.stdout


@pytest.mark.parametrize(("arguments", "said"), [
    (("--threads", "0"), "--threads"),
    (("--device", "gpu"), "--device 'gpu'"),
    (("--thread", "1"), "--threads"),
    (("study.toml",), "study.toml"),
])
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...], said: str) -> None:
    done = bench(*arguments)
    assert done.returncode == 2
    assert said in done.stderr and not done.stdout


def test_a_missing_catalogue_is_said(tmp_path: Path) -> None:
    done = bench("--catalog", str(tmp_path))
    assert done.returncode == 3
    assert str(tmp_path) in done.stderr


@pytest.mark.skipif(not ENTRY.exists(), reason=f"{ENTRY} is not built (LW_BENCH=ON)")
def test_the_race_keeps_longwatchs_errors(tmp_path: Path) -> None:
    environment = os.environ | {"LONGWATCH_BENCH_ENTRY": str(ENTRY), "LONGWATCH_BENCH_OUT": str(tmp_path)}
    done = subprocess.run([ROOT / "scripts/bench", "--quick", "--rounds", "1", "--variants", "a", "--core", "-1"],
                          capture_output=True, text=True, timeout=120, env=environment, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "arc-2000.csv").open() as file:
        errors = {row["setting"]: float(row["error_max_m"]) for row in csv.DictReader(file)}
    for claim, bound_m in (("10 m", 10), ("1 m", 1), ("5 cm", 0.05)):
        assert errors[f"double {claim}"] < bound_m
        assert errors[f"mixed {claim}"] < bound_m
    assert errors["double 1 mm"] < 1e-3
    # Classical fourth order: half the step, a sixteenth of the error.
    assert 10 < errors["RK4 10.000000"] / errors["RK4 5.000000"] < 24
