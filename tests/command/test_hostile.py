"""Studies and results from strangers, put to the program as a user would: nothing they hold becomes a command to a terminal, a
page, a spreadsheet or a shell, and nothing they name is reached."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree
import zlib
from html.parser import HTMLParser
from pathlib import Path

import h5py
import pytest

import longwatch_reader

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
SMALL = re.search(r'R"\((.*)\)"', (ROOT / "tests/support/small_study.hpp").read_text(), re.S)[1]

# What may stand in a study's texts, and does harm where it is not escaped.
HOSTILE = "<script>document.title='hit'</script><img src=x onerror=alert(1)> ]]> | `a` [b](javascript:c) & ' \" =1+1"
#: What a file may be called: quotes, a command for a shell, one for a terminal, a formula.
ODD_NAMES = ["a$(touch hit) ;b.toml", "=cmd|' C'!A1.toml", "-rf.toml", "\x1b[31mred\x07.toml", "a\nb.toml", "`touch hit`.toml"]

SEAL_SIZE = 24

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def longwatch(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LONGWATCH_PYTHON": sys.executable}
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=120, errors="replace",
                          stdin=subprocess.DEVNULL, env=environment, **options)


def is_fit_for_a_terminal(text: str) -> bool:
    return not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)


def sealed(content: bytes) -> bytes:
    return content + b"longwatch-crc32:%08x" % zlib.crc32(content)


def toml_string(text: str) -> str:
    return json.dumps(text)


@pytest.fixture(scope="module")
def hostile_result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a study whose texts all mean harm."""
    folder = tmp_path_factory.mktemp("hostile")
    text = SMALL.replace('"Who is warned, and when?"', toml_string(HOSTILE))
    text = text.replace("seed = 7", f"seed = 7\nassumptions = [{toml_string(HOSTILE)}]")
    said = toml_string(HOSTILE)
    text = text.replace('kind = "radar"', f'kind = "radar"\nsource = {said}\ndescription = {said}')
    study = folder / "=<b>x<b>'.toml"
    study.write_text(text)
    done = longwatch("run", study, "-o", folder / "result.h5", "--flights", 200, "--device", "cpu", "--quiet")
    assert done.returncode == 0, done.stderr
    return folder / "result.h5"


class Tags(HTMLParser):
    """Every tag of a page, and its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_texts_of_a_study_are_text_on_a_page(hostile_result: Path, tmp_path: Path) -> None:
    done = longwatch("report", hostile_result, "-o", tmp_path / "page.html")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "page.html").read_text()
    assert "&lt;script&gt;document.title" in page
    found = Tags()
    found.feed(page)
    assert not [tag for tag, attributes in found.tags if tag in ("iframe", "object", "embed", "base")
                or any(name.startswith("on") for name in attributes) or tag == "img"
                or str(attributes.get("href", "")).startswith("javascript:")]
    # The page's own scripts, and no more, whatever the study says.
    assert len([1 for tag, _ in found.tags if tag == "script"]) == page.count("<script")
    assert "<script>document.title" not in page


def test_tables_hold_texts_as_they_are(hostile_result: Path, tmp_path: Path) -> None:
    for name in ("report.md", "report.json", "tables"):
        options = ("--format", "csv") if name == "tables" else ()
        done = longwatch("report", hostile_result, "-o", tmp_path / name, *options)
        assert done.returncode == 0, done.stderr
    markdown = (tmp_path / "report.md").read_text()
    assert "<script" not in markdown.lower() and "<img" not in markdown
    assert not re.search(r"(?<!\\)\[b\]\(javascript", markdown)
    assert json.loads((tmp_path / "report.json").read_text())["question"] == HOSTILE
    for file in (tmp_path / "tables").iterdir():
        for row in csv.reader(io.StringIO(file.read_text())):
            for cell in row:
                is_number = re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?|-?inf|nan", cell)
                assert is_number or cell[:1] not in ("=", "+", "-", "@"), (file.name, cell)


def test_what_is_printed_and_told_is_fit_for_a_terminal(hostile_result: Path) -> None:
    for arguments in (("show",), ("show", "--json"), ("compare",), ("compare", "--json")):
        done = longwatch(arguments[0], hostile_result, *arguments[1:])
        assert done.returncode == 0, done.stderr
        assert is_fit_for_a_terminal(done.stdout + done.stderr)


def test_junit_and_markdown_of_a_regression_are_sound(hostile_result: Path, tmp_path: Path) -> None:
    done = longwatch("regress", hostile_result, hostile_result, "--junit", tmp_path / "a.xml", "--markdown", tmp_path / "a.md")
    assert done.returncode == 0, done.stderr
    root = xml.etree.ElementTree.parse(tmp_path / "a.xml").getroot()
    assert "<b>" in root[0].attrib["name"]
    assert "<b>" not in (tmp_path / "a.md").read_text()


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_study_may_be_called_anything(tmp_path: Path, name: str) -> None:
    study = tmp_path / name
    study.write_text(SMALL)
    flown = longwatch("run", study, "-o", tmp_path / "r.h5", "--flights", 20, "--device", "cpu", cwd=tmp_path)
    assert flown.returncode == 0, flown.stderr
    told = longwatch("replay", study, "--flight", 3, "-o", tmp_path / "replay", "--device", "cpu", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    shown = longwatch("show", tmp_path / "r.h5")
    for done in (flown, told, shown):
        assert is_fit_for_a_terminal(done.stdout.replace("\n", "") + done.stderr.replace("\n", ""))
    assert {path.name for path in tmp_path.iterdir()} == {name, "r.h5", "replay"}
    for file in (tmp_path / "replay").rglob("*"):
        assert re.fullmatch(r"[\w.-]+", file.name)
    for file in (tmp_path / "replay").glob("*.kml"):
        xml.etree.ElementTree.parse(file)


@pytest.mark.parametrize("name", ["../up", "a/b", "/etc/passwd", "..", "a\\b", "A", "a b", "<b>", "=1", "a" * 65, ""])
def test_no_entity_is_called_by_what_could_be_a_path_or_command(tmp_path: Path, name: str) -> None:
    for known in ("alone", "first", "town", "mayor", "guard", "short"):
        study = tmp_path / "study.toml"
        study.write_text(SMALL.replace(f'"{known}"', toml_string(name)))
        done = longwatch("check", study)
        assert done.returncode == 2
        assert "lower-case letters" in done.stderr or "not empty" in done.stderr
        assert is_fit_for_a_terminal(done.stderr)


def test_slurm_scripts_take_odd_names_as_names(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    log = tmp_path / "asked"
    for program, text in (("sbatch", 'printf "%s\\n" "$@" >>"$LOG"; echo 7'), ("longwatch", 'printf "%s\\n" "$@" >>"$LOG"')):
        (tmp_path / "bin" / program).write_text(f"#!/usr/bin/env bash\n{text}\n")
        (tmp_path / "bin" / program).chmod(0o755)
    study = "a$(touch hit) ;b `touch hit` '\" .toml"
    (tmp_path / study).write_text(SMALL)
    environment = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "LOG": str(log), "SLURM_ARRAY_TASK_ID": "0",
                   "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_MAX": "1", "SLURM_CPUS_ON_NODE": "1"}
    for script, *arguments in (("submit", study, "r $(touch hit).h5", "100", "2"), ("array.sbatch", study, "r.h5", "100")):
        subprocess.run(["bash", ROOT / "scripts/slurm" / script, *arguments], check=True, env=environment, cwd=tmp_path,
                       capture_output=True)
    assert study in log.read_text().splitlines()
    assert not (tmp_path / "hit").exists()


def changed(result: Path, to: Path, change: object) -> Path:
    """A copy of a result, changed through HDF5 and sealed anew."""
    to.write_bytes(result.read_bytes()[:-24])
    with h5py.File(to, "r+") as file:
        change(file)  # type: ignore[operator]
    to.write_bytes(sealed(to.read_bytes()))
    return to


@pytest.mark.parametrize("attribute", ["study", "question", "device", "code_version", "created_utc", "stopped", "sampling"])
def test_a_result_with_commands_to_a_terminal_is_refused(hostile_result: Path, tmp_path: Path, attribute: str) -> None:
    def command(file: h5py.File) -> None:
        file.attrs[attribute] = "a\x1b]0;hit\x07b"
    bad = changed(hostile_result, tmp_path / "bad.h5", command)
    for arguments in (("show", bad), ("compare", hostile_result, bad), ("report", bad, "-o", tmp_path / "x.md")):
        done = longwatch(*arguments)
        assert done.returncode == 3
        assert "control characters" in done.stderr
        assert is_fit_for_a_terminal(done.stdout + done.stderr)


@pytest.mark.parametrize("name", ["../../up", "<b>x</b>", "=1+1", "a\x1b[31m"])
def test_a_result_with_names_that_no_study_has_is_refused(hostile_result: Path, tmp_path: Path, name: str) -> None:
    def rename(file: h5py.File) -> None:
        file["arm"][0] = name
    bad = changed(hostile_result, tmp_path / "bad.h5", rename)
    done = longwatch("show", bad)
    assert done.returncode == 3
    assert "lower-case letters, digits and hyphens" in done.stderr


def external_link(file: h5py.File) -> None:
    del file["warned_count"]
    file["warned_count"] = h5py.ExternalLink("/etc/passwd", "/warned_count")


def soft_link(file: h5py.File) -> None:
    del file["warned_count"]
    file["warned_count"] = h5py.SoftLink("/missed_count")


def external_values(file: h5py.File) -> None:
    shape = file["warned_count"].shape
    del file["warned_count"]
    file.create_dataset("warned_count", shape, "<i8", external=[("/etc/passwd", 0, h5py.h5f.UNLIMITED)])


def virtual_values(file: h5py.File) -> None:
    shape = file["warned_count"].shape
    del file["warned_count"]
    layout = h5py.VirtualLayout(shape, "<i8")
    layout[:] = h5py.VirtualSource("/etc/passwd", "warned_count", shape)
    file.create_virtual_dataset("warned_count", layout)


def foreign_filter(file: h5py.File) -> None:
    shape = file["warned_count"].shape
    del file["warned_count"]
    file.create_dataset("warned_count", shape, "<i8", chunks=shape, fletcher32=True)


def vast_chunks(file: h5py.File) -> None:
    shape = file["warned_count"].shape
    del file["warned_count"]
    file.create_dataset("warned_count", shape, "<i8", maxshape=(None, None), chunks=(1 << 14, 1 << 14))


def circle(file: h5py.File) -> None:
    file["scene/again"] = file["/"]


def vast_values(file: h5py.File) -> None:
    file.create_dataset("vast", (1 << 40,), "<i8", chunks=(1024,))


@pytest.mark.parametrize("change, program, reader", [
    (external_link, "soft or external link", "soft or external link"),
    (soft_link, "soft or external link", "soft or external link"),
    (external_values, "from other files", "from elsewhere"),
    (virtual_values, "from other datasets", "from elsewhere"),
    (foreign_filter, "filtered by other than", "filtered by other than"),
    (vast_chunks, "chunks of more than", "chunks of more than"),
    (circle, "", "in two places"),
    (vast_values, "", "more than 2 GiB"),
])
def test_a_result_that_leads_elsewhere_or_beyond_bounds_is_refused(hostile_result: Path, tmp_path: Path, change: object,
                                                                   program: str, reader: str) -> None:
    bad = changed(hostile_result, tmp_path / "bad.h5", change)
    done = longwatch("show", bad)
    # What the program never looks at does not bother it.
    assert (done.returncode, program in done.stderr) == (3 if program else 0, True)
    with pytest.raises(longwatch_reader.ResultError, match=reader):
        longwatch_reader.open(bad)


def test_a_report_tells_what_the_tally_says_whatever_else_the_file_does(hostile_result: Path, tmp_path: Path) -> None:
    """Estimates are made anew, labels are the program's, and what no result has is not looked at."""
    changed = tmp_path / "result.h5"
    changed.write_bytes(hostile_result.read_bytes()[:-SEAL_SIZE])
    with h5py.File(changed, "a") as file:
        for name, dataset in file["estimates"].items():
            if dataset.dtype.kind == "f" and dataset.shape[-1:] == (3,):
                dataset[...] = dataset[...] * 1.7 + 3
            elif name == "estimate":
                dataset[...] = [b"high", b"value", b"low"]
        file["delay"][...] = file["delay"][...][::-1]
        file["\x1b[31mred"] = h5py.SoftLink("/arm")
        file["more"] = ["x" * 10000] + [""] * 10000
    changed.write_bytes(sealed(changed.read_bytes()))
    reports = []
    for file, name in ((hostile_result, "a.md"), (changed, "b.md")):
        done = longwatch("report", file, "-o", tmp_path / name)
        assert done.returncode == 0, done.stderr
        reports.append((tmp_path / name).read_text())
    assert reports[0] == reports[1]


def test_a_result_with_fates_in_another_order_is_refused(hostile_result: Path, tmp_path: Path) -> None:
    changed = tmp_path / "result.h5"
    changed.write_bytes(hostile_result.read_bytes()[:-SEAL_SIZE])
    with h5py.File(changed, "a") as file:
        file["fate"][...] = file["fate"][...][::-1]
    changed.write_bytes(sealed(changed.read_bytes()))
    done = longwatch("show", changed)
    assert done.returncode == 3 and "fates" in done.stderr, done.stderr


def test_a_study_of_more_than_a_result_holds_is_refused_before_it_flies(tmp_path: Path) -> None:
    text = (ROOT / "studies/starter.toml").read_text().replace("../models/catalog", str(ROOT / "models/catalog"))
    consumer = text[text.index("[[consumer]]"):text.index("# --- Batteries")]
    name = re.search(r'^name = "(.*)"', consumer, re.M)[1]
    more = "".join(consumer.replace(f'"{name}"', f'"c{i}"', 1) for i in range(30))
    more += "".join(f'[[arm]]\nname = "a{i}"\nextends = "alone"\n' for i in range(12))
    study = tmp_path / "study.toml"
    study.write_text(text.replace("\nflights = ", "\nsampling = 'sobol'\nrandomisations = 16\nflights = ", 1) + "\n" + more)
    for verb in (["check", study], ["run", study, "-o", tmp_path / "r.h5", "--flights", 64]):
        done = longwatch(*verb)
        assert done.returncode == 2 and re.search(r"study\.toml:\d+.*14 arms and 31 consumers in 16 randomisations are "
                                                  "more than a result holds", done.stderr), done.stderr
    assert list(tmp_path.iterdir()) == [study]


def test_the_reader_waits_for_no_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(longwatch_reader.ResultError, match="plain file"):
        longwatch_reader.open(tmp_path / "pipe")


def test_damage_that_the_library_may_not_survive_is_status_3(hostile_result: Path, tmp_path: Path) -> None:
    # Rubbish all over the structure, under a right checksum: whatever HDF5 makes of it, the program ends well.
    body = bytearray(hostile_result.read_bytes()[:-24])
    for start in range(0, 60):
        broken = bytearray(body)
        for at in range(start * 37 + 8, min(len(body), 6000), 211):
            broken[at] = (broken[at] * 7 + 13 * start + 1) % 256
        bad = tmp_path / "bad.h5"
        bad.write_bytes(sealed(bytes(broken)))
        done = longwatch("show", bad)
        assert done.returncode in (0, 3), (start, done.returncode, done.stderr)
        if done.returncode == 3:
            assert done.stderr.startswith("longwatch: cannot read ") and done.stderr.count("\n") == 1
    assert not list(tmp_path.glob("core*"))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for verb in (("show",), ("check",), ("compare",), ("regress", tmp_path / "pipe"), ("run", "-o", tmp_path / "r.h5")):
        done = longwatch(verb[0], tmp_path / "pipe", *verb[1:])
        assert done.returncode in (2, 3)
        assert "plain file" in done.stderr or "Invalid argument" in done.stderr, done.stderr


def test_a_stranger_cannot_lend_us_a_python(hostile_result: Path, tmp_path: Path) -> None:
    planted = tmp_path / ".venv/bin/python"
    planted.parent.mkdir(parents=True)
    planted.write_text(f"#!/bin/sh\ntouch {tmp_path}/hit\n")
    planted.chmod(0o755)
    environment = {**os.environ, "LONGWATCH_PYTHON": ""}
    subprocess.run([PROGRAM, "report", hostile_result, "-o", "x.md"], cwd=tmp_path, env=environment, check=False,
                   capture_output=True)
    assert not (tmp_path / "hit").exists()
