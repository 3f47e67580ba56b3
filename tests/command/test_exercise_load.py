"""scripts/exercise_load, small: a raid on few nodes, hurried and interrupted; and what it says of messages that are lost."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/exercise_load"
HAS_DDS = (ROOT / "build/release/longwatch_dds.so").exists()
HEAD = "t_s,what,link,kind,maker,stamp,origins,flight,part,number,sequence_number,t_made_s,t_sent_s,t_arrives_s"


@pytest.fixture(scope="module")
def load() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("exercise_load", str(SCRIPT))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    sys.modules[loader.name] = module
    is_left_alone, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = is_left_alone
    return module


def exercise_load(*options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SCRIPT, *map(str, options)], capture_output=True, text=True, timeout=280, stdin=subprocess.DEVNULL)


@pytest.mark.skipif(not HAS_DDS, reason="DDS is not in this build")
def test_a_small_load_loses_nothing_and_stays_flat(tmp_path: Path) -> None:
    kept = tmp_path / "load.json"
    done = exercise_load("--nodes", 12, "--flights", 5, "--speed", 10, "--minutes", 1, "--json", kept)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("exercise_load: no message lost, memory flat\n")
    for words in ("12 nodes, 5 flights; all tracked for", "lost on a link: 0 (none); not passed on: 0 (none)",
                  "thrown away: none", "on the wire, sent to heard:", "relay, heard to sent on:", "largest growth of a node:",
                  "memory of the exercise itself:"):
        assert words in done.stdout
    assert len(re.findall(r"[\d.]+ ms \(median\), [\d.]+ ms \(p99\), [\d.]+ ms \(max\)", done.stdout)) == 3
    found = json.loads(kept.read_text(encoding="utf-8"))
    assert found["sent"] > 0 and found["relay_ms"]["of"] > 0
    assert len(found["memory_kb"]) == 13
    # Ten a second of each flight; the first seconds have fewer.
    assert 25 < found["tracks_made_per_s"] <= 50


@pytest.mark.parametrize(("nodes", "flights"), [(8, 1), (12, 5), (31, 100), (32, 7), (64, 100)])
def test_the_study_has_the_nodes_asked_for_and_the_program_takes_it(load: ModuleType, tmp_path: Path, nodes: int,
                                                                      flights: int) -> None:
    network = load.Network(nodes)
    study = tomllib.loads(load.study_text(network, flights))
    assert len(study["node"]) == nodes and study["raid"]["size"] == flights
    assert len(study["consumer"]) <= 32 and len(study["battery"]) <= 16 and len(study["threat"]) <= 16
    talk = {link[end] for link in study["link"] for end in ("from", "to")}
    assert talk == {node["name"] for node in study["node"]}, "every node takes part"
    program = ROOT / "build/release/longwatch"
    if program.exists():
        file = tmp_path / "load.toml"
        file.write_text(load.study_text(network, flights), encoding="utf-8")
        done = subprocess.run([program, "check", file], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr


def rows_of(*rows: tuple[float, str, str, int, float, float]) -> str:
    """Rows of one track's messages: when, what, link, number, when sent, when it arrives."""
    return "\n".join([HEAD, *(f"{t_s},{what},{link},track,radar-1,,nation-1,0,0,{number},{number},0,{sent_s},{arrives_s}"
                              for t_s, what, link, number, sent_s, arrives_s in rows)]) + "\n"


def test_what_is_lost_and_how_long_a_relay_takes(load: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "messages.csv"
    file.write_text(rows_of(
        # Heard before the row was written that it was sent; passed on 5 ms late.
        (1.001, "heard", "report-site-1", 1, 1.0, 1.1),
        (1.002, "sent", "report-site-1", 1, 1.0, 1.1),
        (1.205, "sent", "up-centre-1", 1, 1.205, 1.305),
        (1.206, "heard", "up-centre-1", 1, 1.205, 1.305),
        # Lost on the link, though the next one came, which the centre keeps to itself.
        (2.0, "sent", "report-site-1", 2, 2.0, 2.1),
        (3.0, "sent", "report-site-1", 3, 3.0, 3.1),
        (3.001, "heard", "report-site-1", 3, 3.0, 3.1),
        (9.0, "sent", "report-site-1", 4, 9.0, 9.1),
        (9.1, "replayed", "report-site-1", 4, 9.0, 9.1),
    ), encoding="utf-8")
    messages = load.Messages(load.Network(12), 1.0)
    messages.read(file)
    assert messages.lost(9.5) == {"report-site-1": 2}
    assert messages.lost(4.0) == {"report-site-1": 1}, "the last may be on its way"
    assert messages.kept(9.5) == {"hub": 1, "centre-1": 1}
    assert messages.kept(1.0) == {}
    assert messages.thrown_away == {"replayed": 1}
    assert load.spread_ms(messages.wire_s) == {"median": 1.0, "p99": 1.0, "max": 1.0, "of": 3}
    assert load.spread_ms(messages.relay_s)["max"] == pytest.approx(204)
    assert load.spread_ms(messages.late_s)["max"] == pytest.approx(5)


def test_memory_is_held_against_its_first_third(load: ModuleType) -> None:
    memory = load.Memory()
    memory.samples = [(t_s, {"hub": 10000 + int(100 * t_s)}) for t_s in range(0, 91, 10)]
    assert memory.growth(1000) == {"hub": (13000, 19000)}
    # What comes later is not the load's.
    assert memory.growth(65) == {"hub": (12000, 16000)}


@pytest.mark.parametrize(("options", "said"), [
    (["--nodes", "65"], "--nodes: '65' is no whole number from 8 to 64"),
    (["--flights", "0"], "--flights: '0' is no whole number from 1 to 100"),
    (["--speed", "max"], "--speed: 'max' is no number from 0.1 to 1000"),
    (["--minutes", "nan"], "--minutes: 'nan' is no number"),
])
def test_bad_usage_is_told(options: list[str], said: str) -> None:
    done = exercise_load(*options)
    assert done.returncode == 2
    assert said in done.stderr
