"""longwatch exercise from outside: the nodes of a study as processes, held against the model."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/longwatch"
STUDY = ROOT / "studies/trilateral-warning.toml"

pytestmark = pytest.mark.skipif(not (ROOT / "build/release/longwatch_dds.so").exists(), reason="DDS is not in this build")


def exercise(*options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, "exercise", STUDY, *map(str, options)], capture_output=True, text=True, timeout=200,
                          stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("arm", ["national-only", "via-us-hub", "direct"])
def test_everything_happens_when_the_model_says(arm: str) -> None:
    began = time.monotonic()
    done = exercise("--flight", 0, "--arm", arm, "--speed", "max")
    assert done.returncode == 0, done.stdout + done.stderr
    # The demo's promise is 30 s; tests share their cores with others.
    assert time.monotonic() - began < 90
    assert "everything happened when the model says" in done.stdout
    rows = re.findall(r"^ +0  (firm track|warned|prediction held|may launch) +(\S+) +([\d.]+) +([\d.]+) +(-?[\d.]+)$",
                      done.stdout, re.MULTILINE)
    assert {"warned", "firm track"} <= {row[0] for row in rows}
    assert all(abs(float(row[4])) < 1 for row in rows)


def test_a_folder_that_is_asked_for_is_kept_and_keys_are_their_nodes_own(tmp_path: Path) -> None:
    folder = tmp_path / "exercise"
    done = exercise("--flight", 1, "--arm", "national-only", "--speed", "max", "-o", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    for node in ("kr-fusion", "us-hub"):
        assert (folder / node / "key.pem").stat().st_mode & 0o077 == 0
        assert (folder / node / "log").exists()
    again = exercise("--flight", 1, "--speed", "max", "-o", folder)
    assert again.returncode != 0 and str(folder) in again.stderr


@pytest.mark.parametrize(("options", "said"), [
    (["--flight", "0", "--speed", "-7"], "--speed"),
    (["--flight", "0", "--place", "us-hub=here"], "write MEMBER=ADDRESS"),
    (["--flight", "0", "--place", "us-hbu=10.0.0.1", "--arm", "via-us-hub"], "did you mean 'us-hub'?"),
    (["--flight", "0", "--place", "us-hub=127.0.0.1", "--arm", "via-us-hub"], "where one is placed all must be"),
    (["--flight", "0", "--flights", "5000"], "--flights"),
    (["--flight", "0", "--page", "8080"], "write ADDRESS:PORT"),
    (["--flight", "-1"], "--flight"),
    (["--flight", "0", "--arm", "via-hub"], "did you mean 'via-us-hub'?"),
])
def test_bad_usage_is_told(options: list[str], said: str) -> None:
    done = exercise(*options)
    assert done.returncode == 2
    assert said in done.stderr
