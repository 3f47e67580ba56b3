"""longwatch report: the verb that has the Python reader write a page or tables."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
STUDY = ROOT / "studies/layered-defence.toml"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def longwatch(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LONGWATCH_PYTHON": sys.executable, **options.pop("env", {})}
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, env=environment, **options)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("flown") / "result.h5"
    done = longwatch("run", STUDY, "-o", file, "--flights", 200, "--device", "cpu", "--quiet")
    assert done.returncode == 0, done.stderr
    return file


@pytest.mark.parametrize("name, beginning", [
    ("report.html", "<!DOCTYPE html>"), ("report.md", "<!-- Longwatch report -->"), ("report.json", "{")])
def test_a_report_is_written_in_the_format_of_its_name(result: Path, tmp_path: Path, name: str, beginning: str) -> None:
    done = longwatch("report", result, "-o", tmp_path / name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{tmp_path / name}\n"
    assert (tmp_path / name).read_text().startswith(beginning)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_tables_are_a_folder_of_csv_files(result: Path, tmp_path: Path) -> None:
    done = longwatch("report", result, "-o", tmp_path / "tables", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert "consumer,arm,flights,p_warned,p_warned_low,p_warned_high" in (tmp_path / "tables/warnings.csv").read_text()


def test_the_worth_of_links_comes_from_what_value_prints(result: Path, tmp_path: Path) -> None:
    value = longwatch("value", STUDY, "--json", "--flights", 100, "--device", "cpu", "--quiet")
    assert value.returncode == 0, value.stderr
    (tmp_path / "value.json").write_text(value.stdout)
    done = longwatch("report", result, "-o", tmp_path / "report.json", "--value", tmp_path / "value.json")
    assert done.returncode == 0, done.stderr
    rows = json.loads((tmp_path / "report.json").read_text())["tables"]["value"]["rows"]
    assert len(rows) == len(json.loads(value.stdout)["ranking"])


def test_names_are_never_read_as_options_or_by_a_shell(result: Path, tmp_path: Path) -> None:
    odd = tmp_path / "-x; touch hit; $(touch hit) 'a\" b.h5"
    odd.write_bytes(result.read_bytes())
    done = longwatch("report", "--format", "md", "-o", "--=; touch hit.md", odd, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {odd.name, "--=; touch hit.md"}


def test_a_file_of_the_working_folder_does_not_pass_for_a_library(result: Path, tmp_path: Path) -> None:
    (tmp_path / "plotly.py").write_text("raise SystemExit(99)")
    (tmp_path / "longwatch_reader.py").write_text("raise SystemExit(98)")
    done = longwatch("report", result, "-o", "report.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("arguments, status, why", [
    (("-o", "x.txt"), 2, "does not say which format"),
    (("-o", "x.html", "--format", "htm"), 2, "did you mean 'html'"),
    (("-o", "none/x.html"), 3, "No such file or directory"),
    (("-o", "x.html", "--value", "none.json"), 2, "--value: cannot read none.json"),
    ((), 2, "report lacks -o FILE"),
])
def test_what_cannot_be_done_is_said(result: Path, tmp_path: Path, arguments: tuple, status: int, why: str) -> None:
    done = longwatch("report", result, *arguments, cwd=tmp_path)
    assert done.returncode == status
    assert why in done.stderr and done.stderr.startswith("longwatch: ") and done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_result_itself_is_never_replaced(result: Path) -> None:
    before = result.read_bytes()
    done = longwatch("report", result, "-o", result, "--format", "md")
    assert done.returncode == 2
    assert "is the file to report on" in done.stderr
    assert result.read_bytes() == before


def test_damaged_and_other_files_are_refused(result: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.h5"
    whole = result.read_bytes()
    damaged.write_bytes(whole[:9000] + b"\x00\x01" + whole[9002:])
    for file, why in ((damaged, "its checksum is wrong"), (STUDY, "not an HDF5 file"),
                      (tmp_path / "none.h5", "No such file")):
        done = longwatch("report", file, "-o", tmp_path / "x.html")
        assert done.returncode == 3
        assert why in done.stderr
    assert not (tmp_path / "x.html").exists()


def test_a_python_without_the_reader_is_told_apart_from_a_failed_report(result: Path, tmp_path: Path) -> None:
    bare = tmp_path / "python"
    # As a Python that has no longwatch_reader: what the program asks first ends with 1.
    bare.write_text("#!/bin/sh\nexit 1\n")
    bare.chmod(0o755)
    for options, environment in ((("--python", bare), {}), ((), {"LONGWATCH_PYTHON": str(bare)}),
                                 (("--python", tmp_path / "none"), {})):
        done = longwatch("report", result, "-o", tmp_path / "x.html", *options, env=environment)
        assert done.returncode == 3
        assert "pip install ./scripts/longwatch_reader" in done.stderr
    assert not (tmp_path / "x.html").exists()


def test_the_python_beside_the_source_tree_is_found(result: Path, tmp_path: Path) -> None:
    if not (ROOT / ".venv/bin/python").exists() or ROOT not in PROGRAM.resolve().parents:
        pytest.skip("there is no .venv above the program")
    # Neither the variable nor anything on the path is of use.
    done = longwatch("report", result, "-o", tmp_path / "x.md", env={"LONGWATCH_PYTHON": "", "PATH": "/nonexistent"})
    assert done.returncode == 0, done.stderr
