"""What a report says in words, tables and files, against the numbers of the result."""

from __future__ import annotations

import csv
import errno
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from report_files import ROOT, changed, fly, make_placement, rename

import longwatch_reader
from longwatch_reader import figures, maps, open_result
from longwatch_reader.answer import answer
from longwatch_reader.report import main
from longwatch_reader.scene import drawn_places, read_scene
from longwatch_reader.tables import result_tables, triple
from longwatch_reader.wording import minutes_text, number_text, percent_text


@pytest.fixture(scope="module")
def layered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fly("layered-defence", 400, tmp_path_factory.mktemp("flown"))


@pytest.mark.parametrize("estimate, text", [
    ((1146.71, 1146.5, 1147.0), "19:06.7 (19:06.5 to 19:07.0)"), ((164.2, 161.0, 168.1), "2:44 (2:41 to 2:48)"),
    ((-5.0, -6.0, -4.0), "−0:05.0 (−0:06.0 to −0:04.0)"), ((59.99, 59.9, 60.01), "1:00.0 (0:59.9 to 1:00.0)"),
    ((60.0, -math.inf, math.inf), "1:00 (no bound to no bound)"), ((math.nan,) * 3, "–"),
    ((math.inf, 1.0, math.inf), "beyond what is told apart")])
def test_minutes_are_written_with_the_digits_their_interval_bears(estimate: tuple, text: str) -> None:
    assert minutes_text(estimate) == text


def test_gains_carry_their_sign_and_nothing_has_none() -> None:
    assert percent_text((0.0114, 0.0109, 0.0118), signed=True) == "+1.14 (+1.09 to +1.18)"
    assert number_text((0.0, 0.0, 0.0), signed=True) == "0"
    assert number_text((-0.0001, -0.02, 0.02), signed=True) == "0.00 (−0.02 to +0.02)"
    assert minutes_text((-0.01, -0.02, 0.0), signed=True) == "0:00.0 (0:00.0 to 0:00.0)"


def test_the_answer_tells_the_gains_that_the_file_holds(layered: Path) -> None:
    result = open_result(layered)
    sentences = answer(result)
    assert len(sentences) == 3
    gain = result["usable_gain_s"].sel(pair="direct against national-only", consumer="tokyo")
    assert minutes_text(triple(gain), signed=True) in sentences[0]
    assert percent_text(triple(result["pk"].sel(arm="direct"))) in sentences[2]
    assert percent_text(triple(result["pk_gain"].sel(pair="direct against national-only")), signed=True) in sentences[2]


def test_the_answer_claims_no_gain_where_the_interval_holds_zero(layered: Path) -> None:
    result = open_result(layered)
    result["usable_gain_s"][...] = np.array([0.1, -1.0, 1.2])
    result["pk_gain"][...] = np.array([0.0, -0.01, 0.01])
    first, second, third = answer(result)
    assert first.startswith("No arm gives any consumer more usable warning")
    assert second.startswith("Nobody profits beyond doubt")
    assert "no difference that these flights can tell" in third


def test_the_arm_of_the_answer_is_the_one_that_gains_most(layered: Path) -> None:
    result = open_result(layered)
    result["usable_gain_s"][...] = np.array([5.0, 4.0, 6.0])
    result["usable_gain_s"].loc[{"pair": "via-us-hub against national-only"}] = np.array([9.0, 8.0, 10.0])
    assert answer(result)[0].startswith("Of 4 arms, via-us-hub gives most: against national-only")


def test_csv_holds_every_number_of_the_file(layered: Path, tmp_path: Path) -> None:
    assert main([str(layered), "-o", str(tmp_path / "tables"), "--format", "csv"]) == 0
    result = open_result(layered)
    with (tmp_path / "tables/tables.csv").open() as file:
        index = {row["table"]: int(row["rows"]) for row in csv.DictReader(file)}
    assert {path.stem for path in (tmp_path / "tables").iterdir()} == {*index, "tables"}
    for name, count in index.items():
        with (tmp_path / f"tables/{name}.csv").open() as file:
            assert len(list(csv.DictReader(file))) == count
    with (tmp_path / "tables/warnings.csv").open() as file:
        for row in csv.DictReader(file):
            one = result.sel(arm=row["arm"], consumer=row["consumer"])
            got = tuple(float(row[f"warning_time_p50_s{end}"]) for end in ("", "_low", "_high"))
            assert got == triple(one["warning_time_p50_s"])
    with (tmp_path / "tables/warning_curve.csv").open() as file:
        assert sum(1 for _ in file) == 1 + result["p_at_least"].size / 3


def test_a_folder_of_tables_has_those_of_one_report_alone(layered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, placement = tmp_path / "tables", make_placement(tmp_path / "place.h5")
    asked = ["-o", str(folder), "--format", "csv"]
    assert main([str(placement), *asked]) == 0
    (folder / "notes.txt").write_text("mine")
    assert main([str(layered), *asked]) == 0
    with (folder / "tables.csv").open() as file:
        listed = {f"{row['table']}.csv" for row in csv.DictReader(file)}
    assert {path.name for path in folder.iterdir()} == {*listed, "tables.csv", "notes.txt"}

    # A disk that is full while tables are made leaves the earlier ones; one that fails while they are put there leaves no index.
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        assert main([str(placement), *asked]) == 3
        assert main([str(placement), "-o", str(tmp_path / "new"), "--format", "csv"]) == 3
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert not (tmp_path / "new").exists()
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        assert main([str(placement), *asked]) == 3
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("name", ["warnings.csv", "tables.csv", "answer.csv"])
def test_no_link_or_file_of_somebody_else_gives_way_to_a_table(layered: Path, tmp_path: Path, name: str) -> None:
    folder, precious = tmp_path / "tables", tmp_path / "precious.csv"
    asked = [str(layered), "-o", str(folder), "--format", "csv"]
    assert main(asked) == 0
    precious.write_bytes((folder / "tables.csv").read_bytes() if name == "tables.csv" else b"precious")
    kept = precious.read_bytes()
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(precious)
    assert main(asked) == (0 if name == "answer.csv" else 3)
    assert precious.read_bytes() == kept
    (folder / name).unlink()
    if name == "warnings.csv":
        # Not listed: a table of nobody's.
        rows = [line for line in (folder / "tables.csv").read_text().splitlines() if not line.startswith("warnings,")]
        (folder / "tables.csv").write_text("\n".join(rows))
        (folder / name).write_text("mine")
        assert main(asked) == 3 and (folder / name).read_text() == "mine"


def test_json_has_no_number_that_json_does_not_know(layered: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    assert main([str(layered), "-o", str(path)]) == 0

    def refuse(word: str) -> float:
        raise AssertionError(word)

    report = json.loads(path.read_text(), parse_constant=refuse)
    assert report["file_type"] == "longwatch report"
    assert len(report["answer"]) == 3
    killed = {row["arm"]: row["pk"]["value"] for row in report["tables"]["engagements"]["rows"]}
    result = open_result(layered)
    assert killed == {arm: float(result["pk"].sel(arm=arm, estimate="value")) for arm in killed}
    tracks = report["tables"]["tracks"]["rows"]
    assert [row["track_t_s"] for row in tracks] == list(map(float, result["track_t_s"].values[0]))


def test_an_end_without_a_bound_is_said_to_be_open(layered: Path, tmp_path: Path) -> None:
    def open_end(file: object) -> None:
        file["estimates/warning_time_p95_s"][0, 0] = [500.0, 499.0, np.inf]

    path = tmp_path / "report.json"
    assert main([str(changed(layered, tmp_path / "open.h5", open_end)), "-o", str(path)]) == 0
    row = json.loads(path.read_text())["tables"]["warnings"]["rows"][0]
    assert row["warning_time_p95_s"] == {"value": 500.0, "low": 499.0, "high": None, "high_open": True}


def test_markdown_tables_keep_their_columns_whatever_the_names(layered: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    named = changed(layered, tmp_path / "named.h5", lambda file: rename(file, "national-only", "a|b <i>*_`x`"))
    assert main([str(named), "-o", str(path)]) == 0
    columns = None
    for line in path.read_text().splitlines():
        cells = line.replace("\\|", "").count("|") if line.startswith("|") else None
        assert columns is None or cells is None or cells == columns
        columns = cells
    assert "a\\|b &lt;i&gt;\\*\\_\\`x\\`" in path.read_text()


def test_text_that_a_spreadsheet_would_run_is_disarmed(layered: Path, tmp_path: Path) -> None:
    named = changed(layered, tmp_path / "x.h5", lambda file: rename(file, "tokyo", "=1+1"))
    assert main([str(named), "-o", str(tmp_path / "t"), "--format", "csv"]) == 0
    assert "'=1+1" in (tmp_path / "t/warnings.csv").read_text()


@pytest.mark.parametrize("format_", ["md", "json", "csv"])
def test_plain_tables_need_no_plotting_library(layered: Path, tmp_path: Path, format_: str) -> None:
    assert without_plotly(layered, tmp_path / f"report-{format_}", format_).returncode == 0


def test_a_page_without_the_plotting_library_says_how_to_get_it(layered: Path, tmp_path: Path) -> None:
    done = without_plotly(layered, tmp_path / "report.html", "html")
    assert done.returncode == 3
    assert "pip install" in done.stderr and "--format md, csv or json" in done.stderr
    assert list(tmp_path.iterdir()) == []


def without_plotly(file: Path, output: Path, format_: str) -> subprocess.CompletedProcess[str]:
    code = ("import sys\nfor name in ('plotly', 'shapely', 'shapefile'): sys.modules[name] = None\n"
            "from longwatch_reader.report import main\nsys.exit(main(sys.argv[1:]))")
    return subprocess.run([sys.executable, "-c", code, str(file), "-o", str(output), "--format", format_],
                          capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("name, format_", [("report.html", "html"), ("report.md", "md"), ("report.json", "json")])
def test_only_an_earlier_report_is_replaced(layered: Path, tmp_path: Path, name: str, format_: str,
                                            capsys: pytest.CaptureFixture) -> None:
    output = tmp_path / name
    output.write_text("somebody's work")
    assert main([str(layered), "-o", str(output), "--format", format_]) == 3
    assert "would be lost" in capsys.readouterr().err
    assert output.read_text() == "somebody's work"
    output.write_text("")
    for _ in range(2):
        assert main([str(layered), "-o", str(output), "--format", format_]) == 0
    assert output.stat().st_size > 10_000
    assert list(tmp_path.iterdir()) == [output]


def test_a_folder_of_other_files_is_left_alone(layered: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert main([str(layered), "-o", str(tmp_path), "--format", "csv"]) == 3
    assert "holds other files" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    for _ in range(2):
        assert main([str(layered), "-o", str(tmp_path / "new"), "--format", "csv"]) == 0


def test_the_worth_of_links_must_be_of_the_same_study(layered: Path, tmp_path: Path,
                                                      capsys: pytest.CaptureFixture) -> None:
    value = tmp_path / "value.json"
    output = ["-o", str(tmp_path / "report.md"), "--value", str(value)]
    for text, why in (("{", "is no JSON"), ("[]", "has no ranking"),
                      ('{"arm": "direct", "ranking": [], "study_hash": "00"}', "is of another study")):
        value.write_text(text)
        assert main([str(layered), *output]) == 2
        assert why in capsys.readouterr().err
    assert main([str(layered), "-o", str(tmp_path / "report.md"), "--value", str(tmp_path / "none")]) == 2


def test_a_file_of_the_first_minor_version_makes_a_report_too(layered: Path, tmp_path: Path) -> None:
    old = changed(layered, tmp_path / "old.h5", lambda file: file.pop("scene"))
    tables = {table.name for table in result_tables(open_result(old), read_scene(""))}
    assert "tracks" not in tables and "warnings" in tables
    assert main([str(old), "-o", str(tmp_path / "old.html")]) == 0


def test_a_study_that_cannot_be_understood_is_named(layered: Path, tmp_path: Path,
                                                    capsys: pytest.CaptureFixture) -> None:
    for text in ("[[[", "[[sensor]]\nkind = 'radar'"):
        bad = changed(layered, tmp_path / "bad.h5", lambda file, text=text: file["study/resolved"].__setitem__((), text))
        assert main([str(bad), "-o", str(tmp_path / "x.html")]) == 3
        assert "its resolved study is not to be understood" in capsys.readouterr().err


def test_a_figure_is_the_same_however_the_file_was_opened(layered: Path) -> None:
    assert figures.warning_curves(longwatch_reader.open(layered), "tokyo").to_json() == \
        figures.warning_curves(open_result(layered), "tokyo").to_json()
    assert maps.scene_map(longwatch_reader.open(layered)).to_json() == maps.scene_map(open_result(layered)).to_json()


def test_links_that_differ_are_those_some_arm_lacks_or_widens(layered: Path) -> None:
    scene = read_scene(open_result(layered).attrs["study_resolved"])
    assert {link.name for link in scene.differing_links()} == {
        "korea-to-hub", "hub-to-korea", "japan-to-hub", "hub-to-japan", "korea-to-japan", "japan-to-korea"}
    to_japan = next(link for link in scene.links if link.name == "hub-to-japan")
    assert "korea" not in to_japan.passes["bilateral"] and "korea" in to_japan.passes["via-us-hub"]


def test_nodes_with_a_place_stand_there_and_others_between_those_they_are_linked_with() -> None:
    study = """
[[node]]
name = "a"
origin = "x"
[[node]]
name = "b"
origin = "x"
[[node]]
name = "between"
origin = "x"
[[node]]
name = "leaf"
origin = "x"
[[node]]
name = "alone"
origin = "x"
[[link]]
name = "1"
from = "a"
to = "between"
[[link]]
name = "2"
from = "between"
to = "b"
[[link]]
name = "3"
from = "between"
to = "leaf"
"""
    at = {"a": np.array([0.0, 0.0]), "b": np.array([100.0, 20.0])}
    places = drawn_places(read_scene(study), at, 7.0)
    assert set(places) == {"a", "b", "between", "leaf"}
    assert places["a"] is at["a"]
    # Three springs of one strength, one of them to the leaf, which is no weight.
    assert places["between"] == pytest.approx([50, 10])
    assert np.hypot(*(places["leaf"] - places["between"])) == pytest.approx(7)


def test_a_placement_is_told_best_first(tmp_path: Path) -> None:
    path = make_placement(tmp_path / "placement.h5")
    assert main([str(path), "-o", str(tmp_path / "placement.json")]) == 0
    report = json.loads((tmp_path / "placement.json").read_text())
    rows = report["tables"]["candidates"]["rows"]
    objective = [row["objective"]["value"] for row in rows]
    assert objective == sorted(objective, reverse=True)
    assert rows[0]["candidate"] in report["answer"][0]
    assert "+60 (+59 to +61) s" in report["answer"][0]


def test_a_placement_that_lacks_something_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    whole = make_placement(tmp_path / "placement.h5")
    less = changed(whole, tmp_path / "less.h5", lambda file: file.pop("p_best"))
    assert main([str(less), "-o", str(tmp_path / "x.md")]) == 3
    assert "p_best" in capsys.readouterr().err
    other = changed(whole, tmp_path / "other.h5", lambda file: file.attrs.__setitem__("file_type", "weather"))
    assert main([str(other), "-o", str(tmp_path / "x.md")]) == 3
    assert "file type is 'weather'" in capsys.readouterr().err


def test_the_sources_name_no_network_address_to_load_from() -> None:
    package = ROOT / "scripts/longwatch_reader/longwatch_reader"
    for path in [*package.glob("page.*"), package / "report_page.py", package / "maps.py"]:
        assert "http://" not in path.read_text() and "https://" not in path.read_text(), path
