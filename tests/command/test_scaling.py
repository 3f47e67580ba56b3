"""scripts/scaling: its arithmetic, what it refuses, and a round of few flights."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/scaling"
RELEASE = ROOT / "build/release"


@pytest.fixture(scope="module")
def scaling() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("scaling", str(SCRIPT))
    spec = importlib.util.spec_from_loader("scaling", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["scaling"] = module
    loader.exec_module(module)
    return module


def test_the_gain_is_of_flights_per_second_in_the_same_round(scaling: ModuleType) -> None:
    alone = [scaling.Taken(10, 9), scaling.Taken(20, 18), scaling.Taken(10, 9)]
    two = [scaling.Taken(8, 12), scaling.Taken(10, 15), scaling.Taken(5, 11)]
    # Weak: twice the flights; gains 2.5, 4 and 4, the median of which is 200 % of two cores; CPU 12, 15 and 11 ms a flight.
    row = scaling.row(scaling.Case(2, 1000), two, alone, 500, 2)
    assert row == "| 2 ranks | 1,000 | 8.00 (5.00 to 10.00) | 4.00 (2.50 to 4.00) | 200 | 12.000 (11.000 to 15.000) |"
    # Four ranks have no more than two cores.
    assert "| 100 |" in scaling.row(scaling.Case(4, 1000), [scaling.Taken(5, 1)], [scaling.Taken(5, 1)], 500, 2)


@pytest.mark.parametrize("options", [["--flights", "0"], ["--rounds", "x"], ["--study", "none.toml"], ["--unknown"]])
def test_what_it_cannot_do_is_refused(options: list[str]) -> None:
    done = subprocess.run([SCRIPT, *options], capture_output=True, text=True)
    assert done.returncode == 2 and options[-1] in done.stderr


@pytest.mark.skipif(shutil.which("mpirun") is None or not (RELEASE / "longwatch_mpi.so").exists(),
                    reason="there is no mpirun, or the program was built without MPI")
def test_a_round_tells_every_number_of_ranks(tmp_path: Path) -> None:
    done = subprocess.run([SCRIPT, "--study", ROOT / "studies/starter.toml", "--flights", "64", "--rounds", "1"], cwd=tmp_path,
                          capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("`starter`, ") and "1 rounds" not in lines[0]
    rows = [line for line in lines if line.startswith("| ")]
    assert sum("| 1 rank |" in row for row in rows) == 2 and any("| 2 ranks |" in row for row in rows)
    assert any(row.startswith("| one process, a thread per core |") for row in rows)
