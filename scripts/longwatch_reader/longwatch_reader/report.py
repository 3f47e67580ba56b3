"""Writes the report of a result: python -m longwatch_reader.report FILE -o report.html. `longwatch report` runs this."""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xarray as xr

from .answer import answer
from .errors import ResultError, UsageError
from .fit import one_line
from .placement import FILE_TYPE as PLACEMENT
from .placement import file_type, placement_in
from .placement_report import placement_answer, placement_tables
from .reader import result_in, sealed_content
from .report_text import INDEX_MARK, INDEX_NAME, JSON_MARK, MARKDOWN_MARK, PAGE_MARK, Report, as_json, csv_files, markdown
from .scene import Scene, read_scene
from .tables import result_tables
from .untrusted import FAILURES, limit_memory, reason
from .value_file import read_value_file

FORMATS = ("html", "md", "csv", "json")
#: Names of tables, as the index of a folder lists them; no index is longer.
_TABLE_NAME, _INDEX_SIZE_MAX = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}"), 1 << 16
_MARKS = {"html": PAGE_MARK, "md": MARKDOWN_MARK, "json": JSON_MARK}


class CannotWrite(Exception):
    """The report cannot be made or written here."""


def _report_on(path: Path, content: bytes, value_path: Path | None) -> tuple[Report, xr.Dataset, dict[str, Any] | None]:
    if file_type(path, content) == PLACEMENT:
        if value_path is not None:
            raise UsageError(f"--value {value_path} goes with a result ({path} is a placement)")
        dataset, value = placement_in(path, content), None
        _scene(path, dataset)
        tables, sentences = placement_tables(dataset), placement_answer(dataset)
    else:
        dataset = result_in(path, content).dataset
        value = read_value_file(value_path, dataset) if value_path is not None else None
        tables, sentences = result_tables(dataset, _scene(path, dataset), value), answer(dataset)
    a = dataset.attrs
    return Report(f"Longwatch report: {a['study']}", a["question"], sentences, tables, a["assumptions"]), dataset, value


def _scene(path: Path, dataset: xr.Dataset) -> Scene:
    try:
        return read_scene(dataset.attrs["study_resolved"])
    except FAILURES as error:
        raise ResultError(f"cannot report on {path} (its resolved study is not to be understood: {reason(error)})") from error


def _page(report: Report, dataset: xr.Dataset, value: dict[str, Any] | None) -> str:
    try:
        from . import report_page

        if dataset.attrs["file_type"] == PLACEMENT:
            return report_page.placement_page(dataset, report)
        return report_page.result_page(dataset, report, value)
    except ImportError as error:
        raise CannotWrite(f"cannot make the page ({error}) install the reader with: {sys.executable} -m pip install "
                          "./scripts/longwatch_reader, or ask for --format md, csv or json") from error


def _format_of(given: str | None, output: Path) -> str:
    if given is not None:
        return given
    suffix = {".htm": "html", ".markdown": "md"}.get(output.suffix, output.suffix[1:])
    if suffix in FORMATS:
        return suffix
    raise UsageError(f"-o {output} does not say which format (its name ends in none of .html, .md, .csv, .json) "
                     "give --format")


def _write(output: Path, text: str, mark: str, source: Path) -> None:
    """All of it or nothing, and never over anything but an earlier report."""
    try:
        if output.exists():
            if output.samefile(source):
                raise UsageError(f"-o {output} is the file to report on (it would be replaced) give another file")
            if not output.is_file():
                raise CannotWrite(f"cannot write {output} (it is there and not a plain file) choose another name")
            with output.open("rb") as old:
                start = old.read(len(mark.encode()))
            if start and start != mark.encode():
                raise CannotWrite(f"cannot write {output} (it exists and is no report of this format, it would be "
                                  "lost) choose another name")
        _replace(output, text)
    except OSError as error:
        raise CannotWrite(f"cannot write {output} ({error.strerror})") from error


def _replace(output: Path, text: str) -> None:
    target = output.resolve()
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write_folder(folder: Path, files: dict[str, str]) -> None:
    """A new or empty folder, or one that holds tables of an earlier report: its files give way, all others stay. The index is
    taken away first and written last: a folder that has one is whole."""
    try:
        if folder.exists() and not folder.is_dir():
            raise CannotWrite(f"cannot write tables to {folder} (it is there and not a folder) give another with -o")
        is_new = not folder.exists()
        folder.mkdir(exist_ok=True)
        try:
            earlier = _earlier_tables(folder, files)
            with tempfile.TemporaryDirectory(prefix=".tables.", suffix=".partial", dir=folder) as made:
                for name, text in files.items():
                    Path(made, name).write_text(text, encoding="utf-8", newline="")
                for name in [INDEX_NAME, *earlier]:
                    (folder / name).unlink(missing_ok=True)
                for name in sorted(files, key=lambda name: name == INDEX_NAME):
                    Path(made, name).replace(folder / name)
        except BaseException:
            if is_new:
                with contextlib.suppress(OSError):  # what it holds is worth more than an empty folder is trouble
                    folder.rmdir()
            raise
    except OSError as error:
        raise CannotWrite(f"cannot write tables to {folder} ({error.strerror})") from error


def _earlier_tables(folder: Path, files: Iterable[str]) -> list[str]:
    """The files of an earlier report in a folder; CannotWrite where it holds others in place of tables, links too."""
    index = folder / INDEX_NAME
    listed: list[str] = []
    if index.is_file() and not index.is_symlink() and index.stat().st_size <= _INDEX_SIZE_MAX:
        rows = list(csv.reader(index.read_text(encoding="utf-8", errors="replace").splitlines()))
        if rows and rows[0] == INDEX_MARK.split(","):
            names = [f"{row[0]}.csv" for row in rows[1:] if row and _TABLE_NAME.fullmatch(row[0])]
            listed = [INDEX_NAME, *names]
    if not listed and any(folder.iterdir()):
        raise CannotWrite(f"cannot write tables to {folder} (it holds other files and no tables, which alone "
                          "would be replaced) give another folder with -o")
    for name in {*listed, *files}:
        there = folder / name
        if os.path.lexists(there) and (there.is_symlink() or not there.is_file() or name not in listed):
            raise CannotWrite(f"cannot write tables to {folder} ({name} there is no table of an earlier report) give another "
                              "folder with -o")
    return [name for name in listed if name != INDEX_NAME]


def _run(chosen: argparse.Namespace) -> None:
    format_ = _format_of(chosen.format, chosen.output)
    report, dataset, value = _report_on(chosen.file, sealed_content(chosen.checked or chosen.file), chosen.value)
    if format_ == "csv":
        _write_folder(chosen.output, csv_files(report))
    else:
        text = {"md": lambda: markdown(report), "json": lambda: as_json(report),
                "html": lambda: _page(report, dataset, value)}[format_]()
        _write(chosen.output, text, _MARKS[format_], chosen.file)
    print(one_line(chosen.output))


def main(arguments: list[str] | None = None) -> int:
    """0 fine; 2 bad usage; 3 could not run."""
    parser = argparse.ArgumentParser(prog="longwatch report", description=__doc__)
    parser.add_argument("file", type=Path, help="a result that longwatch run has written, or a placement")
    parser.add_argument("-o", "--output", type=Path, required=True, help="what to write; a folder for csv")
    parser.add_argument("--format", choices=FORMATS, help="as the name after -o ends unless given")
    parser.add_argument("--value", type=Path, help="what `longwatch value --json` printed")
    parser.add_argument("--checked", type=Path, help="the same result as the program has read it: reported on in its place")
    chosen = parser.parse_args(arguments)
    try:
        _run(chosen)
    except UsageError as error:
        print(f"longwatch: {one_line(error)}", file=sys.stderr)
        return 2
    except (ResultError, CannotWrite) as error:
        print(f"longwatch: {one_line(error)}", file=sys.stderr)
        return 3
    except Exception as error:  # what a file says must not end in a traceback, whatever it is
        print(f"longwatch: cannot report on {one_line(chosen.file)} ({reason(error)})", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    limit_memory()
    sys.exit(main())
