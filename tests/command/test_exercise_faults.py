"""longwatch exercise when things break: nodes die and come back, links are cut, slow, lossy or double, clocks are off."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/longwatch"
STUDY = ROOT / "studies/trilateral-warning.toml"
ROW = re.compile(r"^ +0  (firm track|warned|prediction held|may launch) +(\S+) +(\S+) +(\S+) +(\S+)$", re.MULTILINE)
# Of the exercise: what the busiest machine may add at a hundred seconds a second.
SLACK_S = 60.0

pytestmark = pytest.mark.skipif(not (ROOT / "build/release/longwatch_dds.so").exists(), reason="DDS is not in this build")

Events = dict[tuple[str, str], float | None]


class Exercise:
    """One that has been played: what the model says, what happened, what it printed."""

    def __init__(self, *options: object, arm: str = "via-us-hub", speed: object = 100) -> None:
        faults = [word for option in options if str(option)[:1].isdigit() for word in ("--fault", str(option))]
        others = [str(option) for option in options if not str(option)[:1].isdigit()]
        done = subprocess.run([PROGRAM, "exercise", STUDY, "--flight", "0", "--arm", arm, "--speed", str(speed), "--no-page",
                               *faults, *others], capture_output=True, text=True, timeout=280, stdin=subprocess.DEVNULL)
        self.status, self.said, self.told = done.returncode, done.stdout, done.stderr
        assert done.returncode in (0, 1), done.stdout + done.stderr
        rows = ROW.findall(done.stdout)
        self.model: Events = {(kind, who): number(model) for kind, who, model, _, _ in rows}
        self.live: Events = {(kind, who): number(live) for kind, who, _, live, _ in rows}


def number(text: str) -> float | None:
    return None if text == "never" else float(text)


def kept(events: Events, kind: str) -> dict[str, float]:
    return {who: t_s for (what, who), t_s in events.items() if what == kind and t_s is not None}


@pytest.fixture(scope="module")
def alone() -> Exercise:
    """What happens without any sharing."""
    return Exercise(arm="national-only", speed="max")


def test_without_its_hub_each_nation_has_what_it_sees_itself(alone: Exercise) -> None:
    shared = Exercise("0 kill us-hub")
    for kind in ("warned", "prediction held", "firm track"):
        want, got = kept(alone.model, kind), kept(shared.live, kind)
        assert got.keys() == want.keys()
        for who, t_s in want.items():
            assert -0.001 <= got[who] - t_s < SLACK_S, (kind, who)
    assert "us-hub is killed" in shared.told
    assert re.search(r"^ +us-hub +dead", shared.said, re.MULTILINE)
    assert re.search(r"^ +kr-fusion +0 +\d+ +[\d.]+ ", shared.said, re.MULTILINE)


def test_a_hub_that_comes_back_catches_up_and_repeats_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "exercise"
    played = Exercise("30 kill us-hub", "500 restart us-hub", "-o", folder)
    assert played.status == 0, played.said + played.told
    # Korea hears of it only once the hub is back.
    rows = list(csv.DictReader((folder / "messages.csv").open()))
    heard = [row for row in rows if row["what"] == "heard" and row["link"] == "hub-to-korea"]
    assert heard and all(float(row["t_s"]) > 500 for row in heard)
    same = Counter((r["kind"], r["maker"], r["part"], r["number"], r["stamp"]) for r in heard)
    assert max(same.values()) == 1
    warned = kept(played.live, "warned")
    assert warned.keys() == kept(played.model, "warned").keys()
    assert played.said.count("warned ") == len(set(warned))


def test_a_node_that_is_started_again_mid_flight_knows_what_it_knew() -> None:
    played = Exercise("200 kill kr-fusion", "230 restart kr-fusion", "260 kill jp-fusion", "262 restart jp-fusion")
    assert played.status == 0, played.said + played.told
    assert "did not end well" not in played.told


def test_a_link_that_is_cut_gives_the_last_of_everything_when_it_is_mended(tmp_path: Path) -> None:
    folder = tmp_path / "exercise"
    played = Exercise("0 cut hub-to-korea", "600 mend hub-to-korea", "-o", folder)
    assert played.status == 0, played.said + played.told
    rows = [row for row in csv.DictReader((folder / "messages.csv").open()) if row["link"] == "hub-to-korea"]
    heard = [row for row in rows if row["what"] == "heard"]
    assert heard and min(float(row["t_s"]) for row in heard) > 600


def test_a_slow_link_is_late_by_as_much() -> None:
    played = Exercise("0 slow jp-warn-tokyo 100")
    assert played.status == 0, played.said + played.told
    late = kept(played.live, "warned")["tokyo"] - kept(played.model, "warned")["tokyo"]
    assert 99.9 < late < 100 + SLACK_S


def test_lost_and_doubled_messages_and_a_wrong_clock_change_nothing_that_matters(tmp_path: Path) -> None:
    folder = tmp_path / "exercise"
    played = Exercise("0 repeat japan-to-hub", "0 repeat jp-report", "0 lose kr-report 0.3", "0 clock us-fusion 4",
                      "0 clock kr-sensors -3", "-o", folder)
    assert "did not end well" not in played.told
    lost = [who for (kind, who), t_s in played.live.items() if kind == "warned" and t_s is None]
    assert not lost, played.said + played.told
    rows = list(csv.DictReader((folder / "messages.csv").open()))
    counts = Counter((row["link"], row["what"]) for row in rows)
    assert counts["japan-to-hub", "replayed"] == counts["japan-to-hub", "heard"] > 0
    assert counts["jp-report", "replayed"] == counts["jp-report", "heard"] > 0


def node_process(exercise: int, name: str) -> int | None:
    """Process of a node that this exercise has started."""
    for child in Path(f"/proc/{exercise}/task/{exercise}/children").read_text().split():
        words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if b"--name" in words and words[words.index(b"--name") + 1] == name.encode():
            return int(child)
    return None


@pytest.mark.parametrize("later_s", [1, 6])
def test_a_node_that_stands_still_for_seconds_is_found_again(later_s: float) -> None:
    with subprocess.Popen([PROGRAM, "exercise", STUDY, "--flight", "0", "--arm", "via-us-hub", "--speed", "50", "--no-page"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL) as exercise:
        node, patient_until = None, time.monotonic() + 60
        while node is None and time.monotonic() < patient_until:
            node = node_process(exercise.pid, "us-hub")
        assert node
        time.sleep(later_s)
        os.kill(node, signal.SIGSTOP)
        time.sleep(5)
        os.kill(node, signal.SIGCONT)
        said, told = exercise.communicate(timeout=250)
    assert exercise.returncode == 0, said + told
    assert "everything happened that the model says" in said


@pytest.mark.parametrize(("fault", "said"), [
    ("120 kill us-hbu", "did you mean 'us-hub'?"),
    ("120 explode us-hub", "'explode' is nothing that can happen (known: kill NODE, restart NODE, cut LINK"),
    ("120 slow hub-to-korea", "write: SECONDS slow LINK SECONDS"),
    ("120 slow hub-to-korea -5", "--fault"),
    ("soon kill us-hub", "--fault"),
    ("120 restart us-hub", "us-hub has not been killed by then"),
])
def test_a_fault_that_cannot_be_is_told(fault: str, said: str) -> None:
    done = subprocess.run([PROGRAM, "exercise", STUDY, "--flight", "0", "--arm", "via-us-hub", "--fault", fault],
                          capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert said in done.stderr


def test_faults_need_a_clock() -> None:
    done = subprocess.run([PROGRAM, "exercise", STUDY, "--flight", "0", "--speed", "max", "--fault", "9 kill us-hub", "--arm",
                           "via-us-hub"], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == 2 and "by the clock" in done.stderr
