"""The verb value as a user meets it: a ranking, as text and JSON, on the same flights as a run.

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
ASKED = ("--arm", "via-us-hub", "--flights", "400", "--device", "cpu", "--quiet")

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def value(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, "value", STUDY, *arguments], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def found() -> dict:
    done = value(*ASKED, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def largest_loss_s(thing: dict) -> float:
    return max(consumer["usable_loss_s"]["value"] for consumer in thing["consumers"])


def test_the_largest_loss_comes_first(found: dict) -> None:
    losses = [largest_loss_s(thing) for thing in found["ranking"]]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] > 60 and losses[-1] == 0
    for thing in found["ranking"]:
        by_name = {consumer["name"]: consumer["usable_loss_s"]["value"] for consumer in thing["consumers"]}
        assert by_name[thing["loses_most"]] == largest_loss_s(thing)


def test_nobody_gains_by_what_is_taken_away(found: dict) -> None:
    for thing in found["ranking"]:
        for consumer in thing["consumers"]:
            assert consumer["usable_loss_s"]["value"] >= 0
            assert consumer["p_warned_loss"]["value"] >= 0
            assert all(loss["value"] >= 0 for loss in consumer["p_at_least_loss_s"].values())


def test_the_links_and_sensors_of_the_arm_are_ranked_once_each(found: dict) -> None:
    names = [(thing["kind"], thing["name"]) for thing in found["ranking"]]
    assert len(names) == len(set(names))
    assert ("link", "hub-to-korea") in names and ("sensor", "geo-west-pacific") in names
    # The direct links belong to another arm.
    assert not any("direct" in name for _, name in names)


def test_without_a_national_warning_link_all_warning_is_lost(found: dict) -> None:
    thing = next(thing for thing in found["ranking"] if thing["name"] == "jp-warn-tokyo")
    tokyo = next(consumer for consumer in thing["consumers"] if consumer["name"] == "tokyo")
    assert tokyo["p_warned_loss"]["value"] > 0.99


def test_threads_change_nothing(found: dict) -> None:
    assert json.loads(value(*ASKED, "--json", "--threads", "1").stdout) == found


def test_the_text_says_what_the_json_says(found: dict) -> None:
    text = value(*ASKED).stdout
    assert "arm via-us-hub" in text and "400 flights" in text
    rows = [line.split()[0] for line in text.splitlines() if line.startswith("  ")]
    first = found["ranking"][0]["name"]
    assert rows.index(first) < rows.index(found["ranking"][3]["name"])
    assert "Nothing is lost without:" in text


@pytest.mark.parametrize(("arguments", "said"), [
    (("--arm", "via-us-hubb"), "did you mean 'via-us-hub'?"),
    (("--flights", "0"), "--flights"),
    (("--arms", "x"), "value has no option '--arms'"),
])
def test_what_is_wrong_is_told(arguments: tuple[str, ...], said: str) -> None:
    done = value(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
