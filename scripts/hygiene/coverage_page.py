#!/usr/bin/env python3
"""The table of line coverage, from what gcovr counted; run by scripts/coverage.

Exit status: 0; 1 below the bound; 3 could not run.
"""

from __future__ import annotations

import argparse
import collections
import datetime
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "pages"))
import pages

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/hygiene.md"
BOUND = 0.90
TOLD = ("models", "results")
Lines = dict[str, tuple[int, int]]  # covered, all


def share(lines: tuple[int, int]) -> float:
    return lines[0] / lines[1]


def per_folder(summary: dict[str, list[dict[str, object]]]) -> Lines:
    """Lines of each folder with its files, and of each of the two in all. Raises ValueError where one has no line counted."""
    found: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
    for file in summary["files"]:
        path = Path(str(file["filename"]))
        for folder in {str(path.parent), path.parts[0]}:
            found[folder][0] += int(str(file["line_covered"]))
            found[folder][1] += int(str(file["line_total"]))
    for folder in TOLD:
        if found[folder][1] == 0:
            raise ValueError(f"no line of {folder}/ was counted (run scripts/coverage without --no-build)")
    return {folder: (covered, lines) for folder, (covered, lines) in sorted(found.items()) if lines}


def least_covered(summary: dict[str, list[dict[str, object]]], count: int = 8) -> list[tuple[str, int, int]]:
    """File, uncovered and all lines, of the files with most uncovered lines."""
    files = [(str(file["filename"]), int(str(file["line_total"])) - int(str(file["line_covered"])), int(str(file["line_total"])))
             for file in summary["files"]]
    return sorted((file for file in files if file[1]), key=lambda file: -file[1])[:count]


def table(summary: dict[str, list[dict[str, object]]]) -> str:
    rows = ["| folder | lines | covered | % |", "|---|---|---|---|"]
    for folder, lines in per_folder(summary).items():
        mark = "**" if folder in TOLD else ""
        rows.append(f"| {mark}{folder}/{mark} | {lines[1]} | {lines[0]} | {mark}{100 * share(lines):.1f}{mark} |")
    rows += ["", "| most lines not run | of | file |", "|---|---|---|"]
    rows += [f"| {uncovered} | {lines} | {file} |" for file, uncovered, lines in least_covered(summary)]
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return "\n".join([*rows, "", f"Commit {commit}, {datetime.date.today()}."])


def main() -> int:
    parser = argparse.ArgumentParser(prog="coverage", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("summary", type=Path)
    parser.add_argument("--store", action="store_true")
    asked = parser.parse_args()
    try:
        summary = json.loads(asked.summary.read_text(encoding="utf-8"))
        text, lines = table(summary), per_folder(summary)
        if asked.store:
            pages.renew(PAGE, {"coverage": text})
        print(text)
    except (OSError, ValueError) as error:
        print(f"coverage: {error}", file=sys.stderr)
        return 3
    low = [folder for folder in TOLD if share(lines[folder]) < BOUND]
    for folder in low:
        print(f"coverage: {100 * share(lines[folder]):.1f} % of the lines of {folder}/ are run (at least {100 * BOUND:.0f} % are "
              "asked for) out/coverage/lines.txt names those that are not", file=sys.stderr)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
