"""Files from strangers, put to the Python reader and its commands: what makes no sense is refused in one line of words, in little
time and memory, and nothing that a file says commands a terminal or turns the writing of a page."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from report_files import ROOT, changed, make_placement

import longwatch_reader
from longwatch_reader import ResultError, open_placement, open_result, read_replay, report, schema
from longwatch_reader.__main__ import main as draw
from longwatch_reader.report import main
from longwatch_reader.scene import read_scene
from longwatch_reader.stored import STUDY_TEXT_MAX

#: A result that is kept whatever is built: two arms, one consumer, one battery.
RESULT = ROOT / "tests/results/kept/schema-4.1.h5"
TEXT = h5py.string_dtype()
STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
ATTACK = "a\x1b[31m\x07\u202eb\x9b\u2066"

Change = Callable[[h5py.File], None]


def put(name: str, values: object) -> Change:
    """Other values in the place of a dataset's, of the same shape or of one value for all."""
    return lambda file: file[name].__setitem__(Ellipsis, values)


def anew(name: str, **made: object) -> Change:
    """Another dataset in the place of one."""
    def change(file: h5py.File) -> None:
        del file[name]
        file.create_dataset(name, **made)

    return change


def attribute(name: str, value: object) -> Change:
    return lambda file: file.attrs.__setitem__(name, value)


def swapped(name: str, i: int = 0, j: int = -1) -> Change:
    def change(file: h5py.File) -> None:
        texts = list(file[name].asstr()[:])
        texts[i], texts[j] = texts[j], texts[i]
        file[name][...] = texts

    return change


def resolved(text: str) -> Change:
    return lambda file: file["study/resolved"].__setitem__((), text)


def complaint(capsys: pytest.CaptureFixture) -> str:
    """The one line that a command said on stderr."""
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and told.endswith("\n"), told
    assert not STRANGE.search(told[:-1]) and len(told) < 1500
    return told


LIES = {
    "fates in another order": (swapped("fate"), r"dataset fate is non_finite, .*\(it must be impact"),
    "delays in another order": (swapped("delay"), "dataset delay is total"),
    "estimates in another order": (put("estimates/estimate", ["high", "low", "value"]), "it must be value, low, high"),
    "arms of a pair the other way": (put("pair_arm", "alone"), "pair_arm does not have the arms of the pairs"),
    "pairs of other names": (put("pair", "alone against shared"), "pair does not have each arm"),
    "an arm twice": (put("arm", "alone"), "dataset arm has 'alone' twice"),
    "a name for a terminal": (put("arm", ["alone", ATTACK]), r"dataset arm has 'a\?\[31m\?\?b\?\?' \(a name is"),
    "a name without an end": (put("arm", ["alone", "a" * 257]), "a name is 1 to 256"),
    "no name": (put("arm", ["alone", ""]), "a name is 1 to 256"),
    "more arms than a study takes": (anew("arm", data=[f"a{i}" for i in range(17)], dtype=TEXT), r"17 values \(at most 16\)"),
    "arms that are numbers": (anew("arm", data=[1, 2]), "dataset arm is no text"),
    "arms of fixed width": (anew("arm", data=np.array([b"alone", b"shared"])), "dataset arm is no text"),
    "warned of 170 %": (put("estimates/p_warned", [1.7, 1.6, 1.9]), "p_warned has the value 1.7"),
    "killed of -1 %": (put("estimates/pk", [-0.01, -0.02, 0.0]), "pk has the value -0.0"),
    "a value outside its interval": (put("estimates/gain_s", [5.0, 6.0, 7.0]), "gain_s has a value outside its interval"),
    "an interval turned round": (put("estimates/gain_s", [5.0, 6.0, 4.0]), "outside its interval"),
    "a value without an interval": (put("estimates/gain_s", [5.0, np.nan, np.nan]), "an interval without a value"),
    "a mean that is infinite": (put("estimates/gain_s", np.inf), "gain_s has a value that is infinite"),
    "a time beyond all": (put("estimates/gain_s", 1e300), "gain_s has the value 1e.300"),
    "a count below nothing": (put("warned_count", -1), "warned_count has the value -1"),
    "thresholds that fall": (put("estimates/warning_threshold_s", 0.0), "warning_threshold_s does not rise"),
    "a track off the globe": (put("scene/track_latitude_deg", 1e308), "track_latitude_deg has the value"),
    "a track of no numbers": (put("scene/track_altitude_km", np.nan), "track_altitude_km has the value nan"),
    "another shape": (anew("estimates/pk", data=np.zeros((3, 3))), r"pk has the shape \(3, 3\), not \(2, 3\)"),
    "another type": (anew("warned_count", data=np.zeros((2, 1))), "warned_count has values of type float64, not int64"),
    "a dataset that is not there": (lambda file: file["estimates"].pop("p_warned"), "it has no dataset p_warned"),
    "a group that is not there": (lambda file: file.pop("study"), "it has no group study"),
    "a dataset for a group": (anew("study", data=1), "it has no group study"),
    "no question": (lambda file: file.attrs.pop("question"), "it has no attribute question"),
    "many questions": (attribute("question", ["a", "b"]), "question is not a single value"),
    "a question that is a number": (attribute("question", 5.0), "question is no text"),
    "a question without end": (attribute("question", "a" * 16385), "question is no text of at most 16,384"),
    "flights below nothing": (attribute("flight_count", np.int64(-5)), "flight_count is -5"),
    "flights that are none": (attribute("flight_count", "many"), "flight_count is no number"),
    "raids of nothing": (attribute("raid_size", np.int64(0)), "raid_size is 0"),
    "sampling by magic": (attribute("sampling", "<b>"), "sampling is '<b>'"),
    "a version for a terminal": (attribute("schema_version", "\x1b[31m9"), r"version is \?\[31m9, this reader"),
    "a version without end": (attribute("schema_version", "9" * 10000), "schema version is 9999"),
    "a kind for a terminal": (attribute("file_type", ATTACK), r"its file type is 'a\?\[31m"),
    "a link with a name for a terminal": (lambda file: file.__setitem__("\x1b]0;x\x07", h5py.SoftLink("/arm")),
                                          r"\?\]0;x\? is a soft or external link"),
    "more than any result has": (lambda file: [file.create_group(f"g{i}") for i in range(1001)], "more than any result"),
    "a study too long": (resolved("#" * (STUDY_TEXT_MAX + 1)), "dataset resolved has more text than 4,194,304"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_result_that_makes_no_sense_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture, lie: str) -> None:
    change, why = LIES[lie]
    bad = changed(RESULT, tmp_path / "bad.h5", change)
    with pytest.raises(ResultError, match=why):
        open_result(bad)
    assert main([str(bad), "-o", str(tmp_path / "report.md")]) == 3
    assert re.search(why, complaint(capsys))
    assert draw([str(bad), "-o", str(tmp_path / "picture.png")]) == 3
    assert re.search(why, complaint(capsys))
    assert list(tmp_path.iterdir()) == [bad]


PLACEMENT_LIES = {
    "seen of -500 %": (put("coverage", -5.0), "coverage has the value -5"),
    "a probability of 7": (put("p_best", 7.0), "p_best has the value 7"),
    "a probability that is none": (put("p_best", np.nan), "p_best has the value nan"),
    "a latitude beyond the pole": (put("latitude_deg", 1e300), "latitude_deg has the value"),
    "a longitude without end": (put("longitude_deg", np.inf), "longitude_deg has the value inf"),
    "a gain beyond all": (put("gain_s", 1e300), "gain_s has the value"),
    "a gain without an interval": (put("objective_gain", [1.0, np.nan, np.nan]), "objective_gain has an interval without"),
    "gains of nothing": (put("objective_gain", np.nan), "objective_gain lacks a value"),
    "a gain that is text": (lambda file: file["chosen/greedy"].attrs.__setitem__("gain", "x"), "gain is no number"),
    "a gap of nothing": (lambda file: file["chosen/exact"].attrs.__setitem__("gap", np.nan), "gap is nan"),
    "chosen what is no candidate": (put("chosen/exact", "mars"), "has 'mars', which is no candidate"),
    "a candidate twice": (put("candidate", "place"), "candidate has 'place' twice"),
    "a candidate for a terminal": (lambda file: file["candidate"].__setitem__(0, ATTACK), r"candidate has 'a\?\[31m"),
    "candidates without end": (lambda file: file["candidate"].__setitem__(0, "a" * 30_000_000), "candidate has more text than"),
    "neither land nor water": (lambda file: file["surface"].__setitem__(0, "<b>"), "surface is not land or water"),
    "no consumers": (lambda file: file.pop("consumer"), "it has no dataset consumer"),
    "another shape": (anew("coverage", data=np.zeros((3, 3))), "coverage has the shape"),
    "failures below nothing": (attribute("failed_count", -1), "failed_count is -1"),
    "a time below nothing": (attribute("at_least_s", -1.0), "at_least_s is -1"),
    "an objective of its own": (attribute("objective", ATTACK), r"its objective is 'a\?\[31m"),
    "an objective in another unit": (attribute("objective_units", "1"), "'expected-warning' in '1'"),
    "no objective": (lambda file: file.attrs.pop("objective"), "it has no attribute objective"),
    "an arm for a terminal": (attribute("arm", ATTACK), r"attribute arm has 'a\?\[31m"),
    "a version for a terminal": (attribute("schema_version", "\x1b[31m9"), r"version is \?\[31m9"),
}


@pytest.mark.parametrize("lie", PLACEMENT_LIES)
def test_a_placement_that_makes_no_sense_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture, lie: str) -> None:
    change, why = PLACEMENT_LIES[lie]
    bad = changed(make_placement(tmp_path / "placement.h5"), tmp_path / "bad.h5", change)
    with pytest.raises(ResultError, match=why):
        open_placement(bad)
    assert main([str(bad), "-o", str(tmp_path / "report.md")]) == 3
    assert re.search(why, complaint(capsys))


def test_what_is_not_listed_is_not_read(tmp_path: Path) -> None:
    def blow_up(file: h5py.File) -> None:
        many = file.create_dataset("x", (100_000,), dtype=TEXT, chunks=(10_000,), compression=4)
        many[0] = "a" * 60_000
        for i in range(300):
            file.create_dataset(f"y{i}", (200_000,), dtype="f8", chunks=(50_000,), compression=9)

    large = changed(RESULT, tmp_path / "large.h5", blow_up)
    assert large.stat().st_size < 1 << 20
    assert open_result(large).identical(open_result(RESULT))


def test_texts_are_bounded_in_length_and_number(tmp_path: Path) -> None:
    few = changed(RESULT, tmp_path / "few.h5", anew("study/assumption", data=["a" * 16_000] * 3000, dtype=TEXT))
    assert len(open_result(few).attrs["assumptions"]) == 3000
    for number, texts in enumerate((["a" * 16_385], ["a"] * 4001)):
        with pytest.raises(ResultError, match=r"assumption has more text than|4001 values \(at most 4000\)"):
            open_result(changed(RESULT, tmp_path / f"{number}.h5", anew("study/assumption", data=texts, dtype=TEXT)))


STUDIES = {
    "more nodes than a study takes": ("".join(f'[[node]]\nname = "n{i}"\norigin = "x"\n' for i in range(65)),
                                      r"'node' is given 65 times \(at most 64\)"),
    "a node twice": ('[[node]]\nname = "a"\norigin = "x"\n' * 2, "node has 'a' twice"),
    "a node for a terminal": ('[[node]]\nname = "a\\u001b"\norigin = "x"\n', r"node has 'a\?'"),
    "nodes that are none": ("node = 5\n", "'node' is no list of tables"),
    "a name that is a number": ("[[arm]]\nname = 1\n", "'name' is no text"),
    "nesting without end": ("a = " + "[" * 100_000, "nested too deeply"),
    "dots without end": (".".join("a" * 20_000) + " = 1\n", "more than 200 dots in one line"),
    "dots in a table": ("b = {" + ".".join("a" * 20_000) + " = 1}\n", "more than 200 dots in one line"),
    "a place off the globe": ('[[battery]]\nname = "b"\nnode = "n"\nlatitude_rad = 1e300\nlongitude_rad = 0.0\n',
                              "'latitude_rad' is no number from"),
    "a place of no number": ('[[battery]]\nname = "b"\nnode = "n"\nlatitude_rad = nan\nlongitude_rad = 0.0\n',
                             "'latitude_rad' is no number"),
    "a place of text": ('[[battery]]\nname = "b"\nnode = "n"\nlatitude_rad = "x"\nlongitude_rad = 0.0\n',
                        "'latitude_rad' is no number"),
    "links that are numbers": ('[[arm]]\nname = "a"\nlinks = [1]\n[[link]]\nname = "l"\nfrom = "x"\nto = "y"\n',
                               "'links' is no list of at most"),
}


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_that_no_run_had_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture, study: str) -> None:
    text, why = STUDIES[study]
    with pytest.raises(ValueError, match=why):
        read_scene(text)
    bad = changed(RESULT, tmp_path / "bad.h5", resolved(text))
    assert main([str(bad), "-o", str(tmp_path / "report.html")]) == 3
    assert re.search(f"its resolved study is not to be understood.*{why}", complaint(capsys))


def test_a_program_of_this_package_takes_no_more_than_its_share_of_memory() -> None:
    code = ("from longwatch_reader.untrusted import limit_memory, reason\nlimit_memory()\n"
            "try:\n    bytearray(9 << 30)\nexcept MemoryError as error:\n    print(reason(error))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "it takes more memory than there is\n", done.stderr
    for module in ("report", "__main__"):
        text = (ROOT / f"scripts/longwatch_reader/longwatch_reader/{module}.py").read_text()
        assert text.endswith('if __name__ == "__main__":\n    limit_memory()\n    sys.exit(main())\n')


@pytest.mark.parametrize("error", [MemoryError(), RecursionError("deep"), ZeroDivisionError("x\x1b"), AttributeError("a\nb"),
                                   KeyError("k"), AssertionError()])
def test_whatever_goes_wrong_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch,
                                                 error: Exception) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(report, "result_tables", fail)
    monkeypatch.setattr("longwatch_reader.__main__.plot_warning_times", fail)
    assert main([str(RESULT), "-o", str(tmp_path / "report.md")]) == 3
    assert complaint(capsys).startswith("longwatch: cannot report on")
    assert draw([str(RESULT), "-o", str(tmp_path / "picture.png")]) == 3
    assert complaint(capsys).startswith("longwatch_reader: cannot draw")


def test_what_the_program_has_checked_is_reported_on_in_its_place(tmp_path: Path) -> None:
    lying = changed(RESULT, tmp_path / "lying.h5", put("estimates/p_warned", [0.1, 0.0, 0.2]))
    output = tmp_path / "report.json"
    assert main([str(lying), "-o", str(output), f"--checked={RESULT}"]) == 0
    told = json.loads(output.read_text())["tables"]["warnings"]["rows"]
    sound = open_result(RESULT)["p_warned"].sel(estimate="value")
    for row in told:
        assert row["p_warned"]["value"] == float(sound.sel(arm=row["arm"], consumer=row["consumer"]))


def value_of(result: Path) -> dict:
    """As `longwatch value --json` prints: one link, in the last arm."""
    loss = {"value": 0.5, "low": 0.4, "high": 0.6}
    dataset = open_result(result)
    consumer = str(dataset["consumer"].values[0])
    return {"study_hash": dataset.attrs["study_hash"], "arm": str(dataset["arm"].values[-1]), "flights": 200, "ranking": [
        {"kind": "link", "name": "east-warn", "loses_most": consumer, "pk_loss": loss,
         "consumers": [{"name": consumer, "usable_loss_s": loss, "warning_loss_s": None, "p_warned_loss": loss}]}]}


def within(path: str, value: object) -> Callable[[dict], None]:
    """Sets what a path as "ranking.0.name" names, or takes it away where the value is `within`."""
    def change(told: dict) -> None:
        *before, last = [int(key) if key.isdigit() else key for key in path.split(".")]
        for key in before:
            told = told[key]
        if value is within:
            del told[last]
        else:
            told[last] = value

    return change


VALUES = {
    "entries that are numbers": (within("ranking", [1]), "an entry of ranking is no object"),
    "a ranking that is text": (within("ranking", "x"), "ranking is no list"),
    "a ranking without end": (within("ranking", [1] * 321), "more entries than a study has"),
    "an arm of another study": (within("arm", ATTACK), r"has no arm 'a\?\[31m"),
    "an arm that is NaN": (within("arm", float("nan")), "NaN is no number"),
    "flights below nothing": (within("flights", -5), "flights is not from 0"),
    "flights that are text": (within("flights", "a"), "flights is no whole number"),
    "no flights": (within("flights", within), "flights is not there"),
    "a name for a page": (within("ranking.0.name", "<script>\x1b[31m"), r"a name is '<script>\?\[31m'"),
    "a name of its own key": (within("ranking.0.name", within), "name is not there"),
    "another kind": (within("ranking.0.kind", "node"), "neither link nor sensor"),
    "who loses most is nobody": (within("ranking.0.loses_most", "=cmd()"), "loses_most of east-warn"),
    "who loses most is not told": (within("ranking.0.loses_most", within), "loses_most of east-warn"),
    "a consumer of another study": (within("ranking.0.consumers.0.name", "mars"), "has no consumer 'mars'"),
    "consumers that are none": (within("ranking.0.consumers", {}), "consumers is no list"),
    "a loss that is a list": (within("ranking.0.pk_loss", []), "pk_loss is no object"),
    "a loss that is NaN": (within("ranking.0.pk_loss.value", float("nan")), "NaN is no number"),
    "a loss beyond all": (within("ranking.0.consumers.0.usable_loss_s.high", 5e300), "high is no number that is possible"),
    "a loss of 500 %": (within("ranking.0.pk_loss", {"value": 5, "low": 5, "high": 5}), "pk_loss is 5"),
    "a loss outside its interval": (within("ranking.0.pk_loss.low", 0.55), "pk_loss is 0.5"),
    "a loss that is true": (within("ranking.0.pk_loss.value", True), "value is no number"),
    "a loss without an end": (within("ranking.0.pk_loss.high", within), "high is no number"),
}


@pytest.mark.parametrize("value", VALUES)
def test_a_ranking_that_makes_no_sense_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture, value: str) -> None:
    change, why = VALUES[value]
    told = value_of(RESULT)
    change(told)
    path = tmp_path / "value.json"
    path.write_text(json.dumps(told))
    assert main([str(RESULT), "-o", str(tmp_path / "report.md"), "--value", str(path)]) == 2
    assert re.search(why, complaint(capsys))


def test_a_sound_ranking_is_taken_and_of_other_files_none(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path, output = tmp_path / "value.json", ["-o", str(tmp_path / "report.md")]
    path.write_text(json.dumps(value_of(RESULT)))
    assert main([str(RESULT), *output, "--value", str(path)]) == 0
    capsys.readouterr()
    (tmp_path / "large").write_bytes(b" " * ((1 << 24) + 1))
    (tmp_path / "deep").write_text('{"a": ' + "[" * 200_000)
    os.mkfifo(tmp_path / "pipe")
    for name, why in (("large", "larger than 16 MiB"), ("deep", "nested too deeply"), ("pipe", "not a plain file"),
                      ("/dev/zero", "not a plain file"), (".", "not a plain file|Is a directory"), ("none", "No such file")):
        assert main([str(RESULT), *output, "--value", str(tmp_path / name)]) == 2
        assert re.search(why, complaint(capsys)), name


def every_page(file: Path, folder: Path) -> str:
    """What a report of it says, in every format; the page without the scripts that are always the same."""
    said = []
    for name in ("report.html", "report.md", "report.json"):
        assert main([str(file), "-o", str(folder / name)]) == 0
        said.append((folder / name).read_text())
    page = said[0]
    start, end = page.index("</script>", page.index("page-data")), page.rindex("</main>")
    said[0] = page[:end] + page[page.index('<script type="application/json"'):start]
    assert main([str(file), "-o", str(folder / "tables"), "--format", "csv"]) == 0
    said += [path.read_text() for path in (folder / "tables").iterdir()]
    return "\n".join(said)


def test_no_text_of_a_file_commands_a_terminal_or_turns_a_page(tmp_path: Path) -> None:
    def poison(file: h5py.File) -> None:
        for name in ("study", "question", "device", "code_version", "git_hash", "created_utc", "instructions", "precision"):
            file.attrs[name] = ATTACK
        file["study/text"][()] = f"{ATTACK}\r\nsecond line"
        file["study/assumption"][0] = ATTACK

    files = [changed(RESULT, tmp_path / "result.h5", poison),
             changed(make_placement(tmp_path / "sound.h5"), tmp_path / "placement.h5", poison)]
    for number, bad in enumerate(files):
        folder = tmp_path / str(number)
        folder.mkdir()
        said = every_page(bad, folder)
        assert not STRANGE.search(said)
        assert "a?[31m??b??\nsecond line" in said
        # JSON has them by their numbers: nothing is lost there.
        assert ATTACK in json.loads((folder / "report.json").read_text())["title"]
        with (folder / "tables/provenance.csv").open() as file:
            assert ["study", "a?[31m??b??"] in list(csv.reader(file))
    assert not STRANGE.search(repr(longwatch_reader.open(files[0])))
    assert not STRANGE.search(repr(longwatch_reader.open(files[0]).study))


INDEX = {"file_type": "longwatch replay", "format_version": "1.0", "study": "s", "threat": "t", "fate": "impact", "seed": 1,
         "flight": 3, "arms": ["a"], "files": {"events.csv": "ignition"}}


def replayed(folder: Path, **changes: object) -> Path:
    folder.mkdir()
    (folder / "events.csv").write_text("event,t_s\nignition,0\n")
    (folder / "replay.json").write_text(json.dumps(INDEX | changes))
    return folder


def test_a_replay_reads_the_files_of_its_folder_only(tmp_path: Path) -> None:
    assert list(read_replay(replayed(tmp_path / "good"))) == ["events"]
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nsesame\n")
    for number, name in enumerate(("../secret.csv", str(secret), "..", "a/b.csv", "a\\b.csv", ".csv", "\x1b.csv", "", "link.csv",
                                   "pipe.csv", "none.csv", "folder.csv")):
        folder = replayed(tmp_path / str(number), files={name + ("" if name.endswith(".csv") else ".csv"): "secret"})
        (folder / "link.csv").symlink_to(secret)
        os.mkfifo(folder / "pipe.csv")
        (folder / "folder.csv").mkdir()
        with pytest.raises(ResultError, match="not the name of a plain file|not a plain file|No such file|directory") as told:
            read_replay(folder)
        assert "sesame" not in str(told.value) and not STRANGE.search(str(told.value))


@pytest.mark.parametrize("changes, why", [
    ({"files": None}, "'files' of its replay.json"), ({"files": ["events.csv"]}, "'files' of its replay.json"),
    ({"files": {"events.csv": 5}}, "does not say what each has"), ({"flight": "3"}, "'flight'"), ({"seed": True}, "'seed'"),
    ({"study": None}, "'study'"), ({"arms": {}}, "'arms'"), ({"format_version": "\x1b2"}, r"its version is \?2"),
    ({"file_type": "weather"}, "no finished replay")])
def test_an_index_that_makes_no_sense_is_refused(tmp_path: Path, changes: dict, why: str) -> None:
    with pytest.raises(ResultError, match=why):
        read_replay(replayed(tmp_path / "bad", **changes))


def test_an_index_that_is_none_is_refused(tmp_path: Path) -> None:
    for number, text in enumerate(("[" * 100_000, "[1]", "5", "{", '"x"', "{\"flight\": " + "9" * 5000 + "}")):
        folder = replayed(tmp_path / str(number))
        (folder / "replay.json").write_text(text)
        with pytest.raises(ResultError, match="no index replay.json|no finished replay"):
            read_replay(folder)
    for number, make in enumerate((lambda path: path.symlink_to("/dev/zero"), os.mkfifo, lambda path: path.symlink_to(RESULT))):
        folder = replayed(tmp_path / f"odd{number}")
        (folder / "replay.json").unlink()
        make(folder / "replay.json")
        with pytest.raises(ResultError, match="no index replay.json"):
            read_replay(folder)


def test_the_schema_is_that_of_the_documents() -> None:
    listed: dict[str, dict[str, tuple[str, ...]]] = {}
    page = (ROOT / "docs/io_format.md").read_text()
    for group, name, axes in re.findall(r"^\| `/(?:(\w+)/)?(\w+)` \| (?:text|int64|float64) \| (.*?) \| ", page, re.M):
        listed.setdefault(group, {})[name] = tuple(axes.split(", "))
    tallies = {name: axes for name, axes in listed[""].items() if axes != (name,) and not name.startswith("pair_")}
    assert tallies == schema.TALLIES
    estimates = {name: axes[:-1] for name, axes in listed["estimates"].items() if axes[-1] == "estimate" and name != "estimate"}
    assert estimates == schema.ESTIMATES
    axes = {name for name, axes in listed[""].items() if axes == (name,)}
    assert axes == {*schema.ROOT_LABELS, *schema.ROOT_VALUES}
    limits = (ROOT / "models/limits.hpp").read_text()
    for kind, most in schema.STUDY_MAX.items():
        plural = {"battery": "batteries"}.get(kind, f"{kind}s")
        assert f"max_{plural} = {most};" in limits
    fates = re.search(r"fate_names\[fate_count\] = \{(.*?)\}", (ROOT / "kernels/fate.hpp").read_text(), re.S)[1]
    assert tuple(re.findall(r'"(\w+)"', fates)) == schema.FIXED_LABELS["fate"]
