"""A study is built, changed, checked and run from Python, and says what the program says.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import tomllib
from pathlib import Path

import numpy as np
import pytest

import longwatch_reader
from longwatch_reader import (
    CannotRun,
    FlightsFailed,
    Remark,
    ResultError,
    Study,
    StudyError,
    UnknownName,
    UsageError,
    find_program,
    read_replay,
)

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
FILE = ROOT / "studies/trilateral-warning.toml"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


@pytest.fixture
def study() -> Study:
    return Study.read(FILE)


def run_by_hand(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=60)


def stand_in(folder: Path, script: str) -> Path:
    """A program that does what the script says, in place of the real one."""
    path = folder / "longwatch"
    path.write_text(f"#!/bin/bash\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


# --- Editing

def test_an_edit_changes_its_line_and_no_other(study: Study) -> None:
    study["threat"]["irbm-over-japan"]["apogee_km"] = 1100
    study["link"]["hub-to-japan"]["release"]["median_s"] = np.float64(20)
    study["flights"] = np.int64(5000)
    study["catalog"] = Path("../models/catalog")
    before, after = FILE.read_text().splitlines(), study.text.splitlines()
    changed = [line for old, line in zip(before, after, strict=True) if old != line]
    assert changed == ["flights = 5000", "apogee_km = 1100",
                       'release = { kind = "lognormal", median_s = 20.0, sigma_log = 0.5 }']


def test_a_study_read_and_written_is_the_same_to_the_byte(study: Study, tmp_path: Path) -> None:
    assert study.write(tmp_path / "again.toml").read_bytes() == FILE.read_bytes()


def test_line_ends_of_another_system_are_kept(tmp_path: Path) -> None:
    (tmp_path / "crlf.toml").write_bytes(b'# A question.\r\nquestion = "?"\r\nflights = 3\r\n')
    study = Study.read(tmp_path / "crlf.toml")
    study["flights"] = 4
    assert study.write(tmp_path / "again.toml").read_bytes() == b'# A question.\r\nquestion = "?"\r\nflights = 4\r\n'


def test_a_study_is_named_as_a_file_may_be() -> None:
    for name in ("", "a/b"):
        with pytest.raises(ValueError, match="cannot be called"):
            Study("flights = 3", name=name)


def test_a_copy_is_changed_alone(study: Study) -> None:
    other = study.copy()
    other["seed"] = 7
    del other["sensor"]["spy-jp"]
    assert study["seed"] == 20231219 and "spy-jp" in study["sensor"]
    assert "spy-jp" not in other["sensor"] and len(other["sensor"]) == len(study["sensor"]) - 1


def test_entries_are_added_and_replaced_by_name(study: Study) -> None:
    study["arm"]["hub-only"] = {"description": "no more than the hub", "extends": "via-us-hub"}
    study["arm"]["direct"] = {"description": "as the hub", "extends": "via-us-hub"}
    assert study["arm"].names == ["national-only", "bilateral", "via-us-hub", "direct", "hub-only"]
    resolved = study.check()
    assert resolved["arm"].names == study["arm"].names
    assert tomllib.loads(study.text)["arm"][3]["description"] == "as the hub"


def test_an_entry_given_from_another_is_a_copy(study: Study) -> None:
    study["link"]["second"] = study["link"]["hub-to-japan"]
    study["link"]["second"]["release"]["median_s"] = 99.0
    study["link"]["second"]["availability"] = np.float32(0.5)
    assert study["link"]["hub-to-japan"]["release"]["median_s"] == 8.0
    assert study["link"].names[-1] == "second"
    assert study.check()["link"]["second"]["availability"] == 0.5


def test_wrong_names_are_answered_with_the_nearest(study: Study) -> None:
    for wrong, why in ((lambda: study["threat"]["irbm-over-jpn"], "did you mean 'irbm-over-japan'"),
                       (lambda: study["treat"], "did you mean 'threat'"),
                       (lambda: study.check()["sensors"], "did you mean 'sensor'")):
        with pytest.raises(UnknownName, match=why):
            wrong()


def test_a_study_can_be_built_of_dicts() -> None:
    shipped = tomllib.loads(FILE.read_text())
    built = Study(shipped, name="trilateral-warning", folder=ROOT / "studies")
    assert built.check().hash == Study.read(FILE).check().hash


def test_the_resolved_study_of_a_result_is_a_study_that_needs_no_catalogue(study: Study, tmp_path: Path) -> None:
    result = study.run(flights=16, device="cpu")
    again = Study(result.study.text, name="again", folder=tmp_path)
    assert again.check().hash == result.attrs["study_hash"]


# --- Checking

def test_check_tells_what_the_program_tells(study: Study) -> None:
    resolved = study.check()
    by_hand = run_by_hand("check", FILE).stdout
    assert by_hand == resolved.text
    assert resolved.hash in by_hand and len(resolved.hash) == 64
    assert resolved["threat"]["irbm-over-japan"]["apogee_m"] == 1e6
    assert resolved.to_dict()["threat"][0]["apogee_m"] == 1e6
    assert resolved.remarks == ()


def test_every_problem_has_its_line_in_the_study_as_it_was_changed(study: Study) -> None:
    study["threat"]["irbm-over-japan"]["apogee_kms"] = 3
    study["sensor"]["spy-jp"]["model"] = "spy-2"
    del study["battery"]["jp-aegis-west"]["node"]
    with pytest.raises(StudyError) as caught:
        study.check()
    problems = caught.value.problems
    assert [problem.key for problem in problems] == ["apogee_kms", "model", "node"]
    assert problems[0].excerpt == "apogee_kms = 3" == study.text.splitlines()[problems[0].line - 1]
    assert problems[1].excerpt == 'model = "spy-2"'
    assert "did you mean 'apogee_km'?" in problems[0].message
    assert all(problem.file == FILE for problem in problems)
    assert str(caught.value).splitlines()[0] == str(problems[0]).splitlines()[0]
    # Studies may run in a pool of processes, from which errors come back pickled.
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == problems and str(again) == str(caught.value)


def test_problems_of_a_file_are_those_of_the_program(tmp_path: Path) -> None:
    path = tmp_path / "no: good.toml"
    path.write_text(FILE.read_text())  # whose catalogue is not there
    with pytest.raises(StudyError) as caught:
        Study.read(path).check()
    by_hand = run_by_hand("check", path).stderr.splitlines()
    assert len(by_hand) > 10
    assert len(caught.value.problems) == len(by_hand)
    assert {problem.file for problem in caught.value.problems} == {path}


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"study.toml:2:\d+: no valid TOML") as caught:
        Study('question = "?"\nflights = = 3\n')
    assert caught.value.problems[0].excerpt == "flights = = 3"
    with pytest.raises(StudyError, match="No such file"):
        Study.read(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'question = "\xe9"\n')
    with pytest.raises(StudyError, match="no UTF-8"):
        Study.read(tmp_path / "latin.toml")


# --- Running

def test_a_run_gives_the_numbers_of_the_program(study: Study, tmp_path: Path) -> None:
    done = run_by_hand("run", FILE, "-o", tmp_path / "by-hand.h5", "--flights", 300, "--seed", 5, "--device", "cpu")
    assert done.returncode == 0, done.stderr
    by_hand = longwatch_reader.open(tmp_path / "by-hand.h5")
    here = study.run(output=tmp_path / "here.h5", flights=300, seed=5, threads=1, device="cpu")
    assert here.tallies.identical(by_hand.tallies) and here.estimates.identical(by_hand.estimates)
    assert here.path == tmp_path / "here.h5" and here.path.exists()
    assert here.study_text == FILE.read_text()


def test_a_changed_study_runs_as_changed_and_its_text_is_kept_as_written(study: Study) -> None:
    study["link"]["hub-to-japan"]["release"]["median_s"] = 60.0
    changed = study.run(flights=300, device="cpu")
    assert changed.path is None
    assert changed.study_text == study.text
    plain = Study.read(FILE).run(flights=300, device="cpu")
    # The same seed draws the same flights: a slower release can only cost warning.
    where = {"arm": "via-us-hub", "consumer": "tokyo"}
    slower, faster = (result.estimate("warning_time_mean_s", **where).value for result in (changed, plain))
    assert faster - 52 < slower < faster
    assert changed["fate_count"].identical(plain["fate_count"])


@pytest.mark.parametrize("catalog", ["catalog", "./catalog", "../up/catalog", "../../two/up/catalog"])
def test_a_relative_catalogue_is_found_from_a_changed_study_too(tmp_path: Path, catalog: str) -> None:
    home = tmp_path / "a/b/c"
    home.mkdir(parents=True)
    place = home / catalog
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "models/catalog", place)
    study = Study(FILE.read_text(), name="mine", folder=home, catalog=None if "up" not in catalog else place)
    study["catalog"] = catalog
    assert study.check()["threat"]["irbm-over-japan"]["apogee_m"] == 1e6


def test_a_catalogue_outside_the_folder_of_the_study_has_to_be_given(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "models/catalog", tmp_path / "up/catalog")
    (tmp_path / "home").mkdir()
    study = Study(FILE.read_text(), name="mine", folder=tmp_path / "home")
    study["catalog"] = "../up/catalog"
    with pytest.raises(StudyError, match="leads out of the folder of the study"):
        study.check()
    study.write(study.path)
    with pytest.raises(StudyError, match="leads out of the folder of the study"):
        Study.read(study.path).check()
    assert Study.read(study.path, catalog=tmp_path / "up/catalog").check()["threat"]


def test_what_cannot_be_is_refused_in_the_words_of_the_program(study: Study, tmp_path: Path) -> None:
    raids = Study.read(ROOT / "studies/layered-defence.toml")
    with pytest.raises(UsageError, match="multiple of the raid's size"):
        raids.run(flights=7)
    with pytest.raises(UsageError, match="--device 'gpu'.*known: auto, cpu, cuda"):
        study.run(flights=8, device="gpu")
    with pytest.raises(UsageError, match="no arm of the study"):
        study.value(arm="hub", flights=8)
    with pytest.raises(CannotRun, match="does not exist"):
        study.run(flights=8, output=tmp_path / "none/result.h5")
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    with pytest.raises(CannotRun, match="precious.txt"):
        study.run(flights=8, output=precious)
    assert precious.read_text() == "mine"
    with pytest.raises(StudyError):
        study["clutter"] = 1
        study.run(flights=8)


def test_remarks_of_the_program_are_warnings(study: Study) -> None:
    study["sampling"] = "sobol"
    study["flights"] = 320
    assert any("16 randomisations" in remark for remark in study.check().remarks)
    with pytest.warns(Remark, match="16 randomisations"):
        result = study.run(flights=320, device="cpu")
    assert result.randomisations is not None
    counts = result.randomisations["warned_count"]
    assert counts.dims == ("randomisation", "arm", "consumer") and counts.sizes["randomisation"] == 16
    assert (counts.sum("randomisation") == result["warned_count"]).all()
    assert counts.sel(consumer="tokyo").sizes == {"randomisation": 16, "arm": 4}


def test_failed_flights_warn_and_the_result_is_there(study: Study, tmp_path: Path) -> None:
    done = study.run(output=tmp_path / "done.h5", flights=16, device="cpu")
    script = f'while [ "$1" != --output ]; do shift; done; cp "{done.path}" "$2"\n' \
             'echo "longwatch: 3 of 16 flights failed" >&2; exit 1'
    study.program = stand_in(tmp_path, script)
    with pytest.warns(FlightsFailed, match="3 of 16 flights failed"):
        result = study.run(flights=16)
    assert result.attrs["flight_count"] == 16


# --- The program

def test_the_program_is_found_as_told_or_not_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named = stand_in(tmp_path, "exit 3")
    monkeypatch.delenv("LONGWATCH_PROGRAM", raising=False)
    assert find_program(named) == named
    if (ROOT / "build/release/longwatch").exists():
        assert find_program() == ROOT / "build/release/longwatch"
    monkeypatch.setenv("LONGWATCH_PROGRAM", str(named))
    assert find_program() == named
    monkeypatch.setenv("LONGWATCH_PROGRAM", str(tmp_path / "none"))
    with pytest.raises(CannotRun, match="none.*named by LONGWATCH_PROGRAM"):
        find_program()
    with pytest.raises(CannotRun, match="other.*given"):
        find_program(tmp_path / "other")
    monkeypatch.delenv("LONGWATCH_PROGRAM")
    monkeypatch.setattr(longwatch_reader.program, "__file__", str(tmp_path / "a/b/c/program.py"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_program() == named
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CannotRun, match="none is on PATH.*LONGWATCH_PROGRAM"):
        find_program()


@pytest.mark.parametrize("script, why", [
    ("echo 'longwatch: out of memory' >&2; exit 3", "out of memory"),
    ("exit 77", "ended with status 77"),
    ("kill -SEGV $$", "SIGSEGV"),
    ("exit 0", "tells no hash"),
])
def test_a_program_that_ends_badly_is_told(study: Study, tmp_path: Path, script: str, why: str) -> None:
    study.program = stand_in(tmp_path, script)
    with pytest.raises(CannotRun, match=why):
        study.check()


def test_an_interrupted_run_leaves_no_program_behind_and_no_result(tmp_path: Path) -> None:
    script = ("from longwatch_reader import Study; import sys\n"
              f"Study.read({str(FILE)!r}).run(output='{tmp_path}/r.h5', flights=50_000_000, device='cpu')")
    process = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + 30
    while not (running := children.read_text().split()) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)  # to Python alone, as a notebook does
    try:
        _, told = process.communicate(timeout=30)
    finally:
        process.kill()
        is_left = any(Path(f"/proc/{one}").exists() for one in running)
        for one in running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(one), signal.SIGKILL)
    assert "KeyboardInterrupt" in told
    assert running and not is_left
    # What it had flown, if it came to that.
    assert set(tmp_path.iterdir()) <= {tmp_path / "r.h5.partial"}


def test_a_run_adds_flights_to_an_earlier_one_and_resumes(tmp_path: Path, study: Study) -> None:
    file = tmp_path / "r.h5"
    study.run(output=file, flights=64, device="cpu")
    longer = study.run(output=file, flights=128, device="cpu", resume=True)
    whole = study.run(flights=128, device="cpu")
    assert longer.attrs["flight_count"] == 128 and longer.missing_flights == 0
    assert all((longer.tallies[name] == whole.tallies[name]).all() for name in whole.tallies)
    (tmp_path / "r.h5.partial").write_bytes(b"")
    with pytest.raises(CannotRun, match="--resume"):
        study.run(output=file, flights=192, device="cpu")
    assert study.run(output=file, flights=192, device="cpu", restart=True).attrs["flight_count"] == 192
    with pytest.raises(UsageError, match="none can be taken out"):
        study.run(output=file, flights=64, device="cpu", resume=True)
    with pytest.raises(ValueError, match="need output"):
        study.run(flights=64, device="cpu", resume=True)


def test_a_value_that_toml_does_not_have_is_refused_with_its_key(study: Study) -> None:
    with pytest.raises(ValueError, match=r"study\['question'\] = None \(TOML has no such value"):
        study["question"] = None


def test_a_summary_tells_what_is_missing_and_what_has_no_bound(tmp_path: Path, study: Study) -> None:
    parts = [tmp_path / "0.h5", tmp_path / "2.h5"]
    for first, file in zip((0, 128), parts, strict=True):
        subprocess.run([PROGRAM, "run", FILE, "--flights", "64", "--first-flight", str(first), "-o", file, "--device", "cpu"],
                       check=True, capture_output=True)
    subprocess.run([PROGRAM, "merge", *parts, "-o", tmp_path / "r.h5", "--gaps"], check=True, capture_output=True)
    assert "64 flights MISSING between the first and the last" in str(longwatch_reader.open(tmp_path / "r.h5"))
    study["sampling"] = "sobol"
    with pytest.warns(Remark, match="randomisations"):
        told = str(study.run(flights=1, device="cpu"))
    assert "1 flight, seed" in told and "(no bound to no bound)" in told and "inf" not in told


def test_progress_is_shown_on_a_terminal_and_nowhere_else(tmp_path: Path, study: Study,
                                                          capfd: pytest.CaptureFixture[str]) -> None:
    study.run(flights=64, device="cpu")
    assert capfd.readouterr() == ("", "")
    script = ("import sys; sys.stderr.isatty = lambda: True\n"
              f"from longwatch_reader import Study; Study.read({str(FILE)!r}).run(flights=64, device='cpu')")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stderr.startswith("64 flights in ") and len(done.stderr.splitlines()) == 1


def test_studies_run_side_by_side(study: Study) -> None:
    """Threads may run studies: each has a folder of its own."""
    seeds = (1, 2)
    found: dict[int, object] = {}

    def one(seed: int) -> None:
        changed = study.copy()
        changed["seed"] = seed
        found[seed] = changed.run(flights=64, threads=1, device="cpu").attrs["seed"]

    threads = [threading.Thread(target=one, args=(seed,)) for seed in seeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {1: 1, 2: 2}


# --- Value and replay

def test_value_is_that_of_the_program_as_arrays(study: Study) -> None:
    asked = {"arm": "via-us-hub", "flights": 200, "device": "cpu"}
    value = study.value(**asked)
    told = json.loads(run_by_hand("value", FILE, "--json", "--quiet", "--arm", "via-us-hub", "--flights", 200,
                                  "--device", "cpu").stdout)
    assert list(value["name"].values) == [thing["name"] for thing in told["ranking"]]
    for rank, thing in enumerate(told["ranking"], 1):
        for consumer in thing["consumers"]:
            here = value.sel(rank=rank, consumer=consumer["name"], estimate="value")
            assert here["usable_loss_s"] == consumer["usable_loss_s"]["value"]
            assert here["p_at_least_loss"].sel(threshold_s=300) == consumer["p_at_least_loss_s"]["300"]["value"]
    assert all(variable.attrs["units"] in ("s", "1") for variable in value.variables.values())
    assert value.attrs["arm"] == "via-us-hub"


def test_a_replay_is_tables(study: Study, tmp_path: Path) -> None:
    replay = study.replay(3, output=tmp_path / "three", device="cpu")
    assert replay.index["flight"] == 3 and replay.index["fate"] == "impact"
    assert set(replay) == {path.stem for path in (tmp_path / "three").glob("*.csv")}
    messages = replay["messages"].set_index(["arm", "consumer"])
    warned = messages.loc[("direct", "tokyo")]
    assert warned["warning_time_us"] == round((warned["t_clock_end_s"] - warned["t_message_s"]) * 1e6)
    # Empty cells are NaN, and nothing else is.
    assert replay["tracks"]["t_firm_s"].isna().any() and not replay["history"]["t_s"].isna().any()
    again = read_replay(tmp_path / "three")
    assert all(again[name].equals(replay[name]) for name in replay)
    with pytest.raises(UnknownName, match="did you mean 'messages'"):
        replay["message"]
    (tmp_path / "three/replay.json").write_text('{"file_type": "longwatch replay", "unfinished": true}')
    with pytest.raises(ResultError, match="no finished replay"):
        read_replay(tmp_path / "three")
    with pytest.raises(ResultError, match="no index"):
        read_replay(tmp_path)


# --- What the pages show

@pytest.mark.parametrize("page, count", [("scripts/longwatch_reader/README.md", 8), ("docs/python.md", 5)])
def test_the_examples_of_the_pages_run(page: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Indented lines are code, but those of the shell; run where the root of a tree would be."""
    code = [line[4:] for line in (ROOT / page).read_text().splitlines()
            if line.startswith("    ") and not line.startswith("    pip ")]
    assert len(code) >= count
    for name in ("studies", "models"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "out").mkdir()
    Study.read(FILE).run(output=tmp_path / "out/trilateral-warning.h5", flights=16, device="cpu")
    monkeypatch.chdir(tmp_path)
    exec("\n".join(code), {"lw": longwatch_reader})
