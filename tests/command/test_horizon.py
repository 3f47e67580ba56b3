"""The verb horizon as a user meets it: one arm under both bounds of how radar rays bend.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
STUDY = ROOT / "studies/trilateral-warning.toml"
ASKED = ("--arm", "via-us-hub", "--flights", "800", "--device", "cpu", "--quiet")

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def longwatch(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def found() -> dict:
    done = longwatch("horizon", STUDY, *ASKED, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_refraction_never_costs_the_mean_warning(found: dict) -> None:
    gains = {consumer["name"]: consumer["gain_s"]["value"] for consumer in found["consumers"]}
    assert all(gain >= 0 for gain in gains.values())
    # Tokyo acts on tracks, which come as soon as the first radar sees over the horizon.
    assert 1 < gains["tokyo"] < 30


def test_straight_rays_are_those_of_the_study(found: dict, tmp_path: Path) -> None:
    """Every radar of the shipped study has straight rays."""
    assert longwatch("run", STUDY, "--flights", "800", "--device", "cpu", "--quiet", "-o", tmp_path / "r.h5").returncode == 0
    result = json.loads(longwatch("show", tmp_path / "r.h5", "--json").stdout)
    arm = next(arm for arm in result["arms"] if arm["name"] == "via-us-hub")
    for ours, theirs in zip(found["consumers"], arm["consumers"], strict=True):
        assert ours["name"] == theirs["name"]
        assert ours["straight"]["warning_time_p50_s"] == theirs["warning_time_s"]["p50"]
        assert ours["straight"]["p_warned"] == theirs["p_warned"]


def test_the_text_tells_both_bounds() -> None:
    text = longwatch("horizon", STUDY, *ASKED).stdout
    assert "k = 1" in text and "k = 4/3" in text and "tokyo" in text


def test_an_unknown_arm_is_refused() -> None:
    done = longwatch("horizon", STUDY, "--arm", "via-hub")
    assert done.returncode == 2 and "via-us-hub" in done.stderr
