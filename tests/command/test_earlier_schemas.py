"""Results that earlier versions wrote (tests/results/kept): the Python reader opens them, and every verb that reads results does.
And studies written for them.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

import longwatch_reader
from longwatch_reader import SCHEMA_VERSION

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch")).resolve()
KEPT = ROOT / "tests/results/kept"
MAJOR, MINOR = (int(part) for part in SCHEMA_VERSION.split("."))
VERSIONS = [f"{MAJOR}.{minor}" for minor in range(MINOR)]


def test_one_of_each_earlier_minor_version_is_kept() -> None:
    assert sorted(file.stem for file in KEPT.glob("*.h5")) == [f"schema-{version}" for version in VERSIONS]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_python_reader_says_of_it_what_the_program_said_then(version: str) -> None:
    result = longwatch_reader.open(KEPT / f"schema-{version}.h5")
    then = json.loads((KEPT / f"schema-{version}.json").read_text(encoding="utf-8"))
    assert result.attrs["schema_version"] == version
    compared = 0
    for arm in then["arms"]:
        for consumer in arm["consumers"]:
            told = {"p_warned": consumer["p_warned"], "warning_time_p50_s": consumer["warning_time_s"]["p50"]}
            for name, estimate in told.items():
                now = result.estimate(name, arm=arm["name"], consumer=consumer["name"])
                assert (now.value, now.low, now.high) == pytest.approx(
                    (estimate["value"], estimate["low"], estimate["high"]), rel=1e-12)
                compared += 1
    assert compared == 4
    # What came later is not there, and nothing stumbles over it.
    assert result.missing_flights == 0
    assert ("scene" in result.groups) == (version != "4.0")
    assert "coast-alert" in str(result) and len(result.dataset) > 50
    assert longwatch_reader.plot_warning_times(result) is not None


@pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("verb", [
    ("show", "FILE"), ("show", "FILE", "--json"), ("compare", "FILE", "--arm", "shared", "--against", "alone"),
    ("report", "FILE", "--format", "json", "-o", "OUT"), ("merge", "FILE", "-o", "OUT"), ("regress", "FILE", "--renew", "OUT"),
], ids=" ".join)
def test_every_verb_that_reads_results_takes_it(version: str, verb: tuple[str, ...], tmp_path: Path) -> None:
    named = {"FILE": KEPT / f"schema-{version}.h5", "OUT": tmp_path / "out"}
    finished = subprocess.run([PROGRAM, *(named.get(part, part) for part in verb)], capture_output=True, text=True, timeout=120)
    assert finished.returncode == 0, finished.stderr


@pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")
def test_a_study_written_for_an_earlier_version_reads(tmp_path: Path) -> None:
    study = KEPT / "zz-small.toml"
    finished = subprocess.run([PROGRAM, "check", study], capture_output=True, text=True, timeout=120)
    assert finished.returncode == 0, finished.stderr

    # The one key that is gone says what took its place.
    old = tmp_path / "old.toml"
    old.write_text("raid_size = 2\n" + study.read_text(encoding="utf-8"), encoding="utf-8")
    finished = subprocess.run([PROGRAM, "check", old, "--catalog", ROOT / "models/catalog"], capture_output=True, text=True,
                              timeout=120)
    assert finished.returncode == 2
    assert "old.toml:1:1: key 'raid_size' = 2 is unknown in the study (write it as 'size' in [raid])" in finished.stderr
