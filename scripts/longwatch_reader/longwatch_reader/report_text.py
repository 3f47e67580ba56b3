"""A report as plain tables: Markdown, JSON, and a folder of CSV files. None needs a plotting library."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from .fit import by_number, fit
from .tables import Table, cell_for_json

#: How each kind begins; a file that begins so may be replaced by a new one.
PAGE_MARK = '<!DOCTYPE html><html lang="en"><!-- Longwatch report -->'
MARKDOWN_MARK = "<!-- Longwatch report -->"
JSON_MARK = '{\n "file_type": "longwatch report"'
#: The index of a folder of tables, and its first line.
INDEX_NAME, INDEX_MARK = "tables.csv", "table,title,rows"


@dataclass(frozen=True)
class Report:
    """What a report says, whatever it is written as."""

    title: str
    question: str
    sentences: Sequence[str]
    tables: Sequence[Table]
    assumptions: Sequence[str]


def markdown(report: Report) -> str:
    """The report as Markdown: the answer and the tables that are not too long to read."""
    lines = [MARKDOWN_MARK, f"# {_escape(report.title)}", "", _escape(report.question), "", "## The answer", ""]
    for sentence in report.sentences:
        lines += [_escape(sentence), ""]
    for table in report.tables:
        if table.is_long:
            continue
        lines += [f"## {_escape(table.title)}", "",
                  _row([column.label for column in table.columns]),
                  _row(["---" if column.kind == "text" else "---:" for column in table.columns])]
        lines += [_row([column.shown(cell) for column, cell in zip(table.columns, row, strict=True)])
                  for row in table.rows]
        lines.append("")
    lines += ["## Assumptions and limits", "", *(f"- {_escape(text)}" for text in report.assumptions), ""]
    return "\n".join(lines)


def _escape(text: str) -> str:
    text = fit(" ".join(text.split()))
    for sign in "\\`*_{}[]<>#|":
        text = text.replace(sign, "\\" + sign if sign not in "<>" else {"<": "&lt;", ">": "&gt;"}[sign])
    return text


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell if cell.startswith("---") else _escape(cell) for cell in cells) + " |"


def as_json(report: Report) -> str:
    """The report as JSON: an estimate is an object with value, low and high; open ends are null and said to be.

    Texts are whole: what is not fit to be shown stands there by its number, as JSON has it."""
    tables = {table.name: {
        "title": table.title,
        "rows": [{column.key: cell_for_json(column, cell) for column, cell in zip(table.columns, row, strict=True)}
                 for row in table.rows]} for table in report.tables}
    whole = {"file_type": "longwatch report", "title": report.title, "question": report.question,
             "answer": list(report.sentences), "assumptions": list(report.assumptions), "tables": tables}
    return by_number(json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False)) + "\n"


def csv_files(report: Report) -> dict[str, str]:
    """Names and texts of CSV files, one per table and an index; an estimate takes three columns.

    Text that a spreadsheet would take for a formula is led by an apostrophe.
    """
    files = {INDEX_NAME: _csv([INDEX_MARK.split(",")] + [[t.name, t.title, len(t.rows)] for t in report.tables])}
    for table in report.tables:
        files[f"{table.name}.csv"] = _csv([table.flat_names(), *table.flat_rows()])
    return files


def _csv(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow(["" if cell is None else _csv_text(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue()


def _csv_text(cell: str) -> str:
    cell = fit(cell)
    return "'" + cell if cell[:1] in "=+-@\t\r" and cell else cell
