#!/usr/bin/env python3
"""Draws work against error from the CSV of tests/bench/work_precision.cpp.

    build/release/bench/work_precision > work_precision.csv
    scripts/benchmarks/draw_work_precision.py work_precision.csv docs/pictures/work-precision.png
"""

import argparse
import csv
import math
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

COLOURS = {
    "RK4": "tab:gray",
    "5(4)": "tab:blue",
    "5(4) textbook control": "tab:cyan",
    "5(4) then 8(5;3)": "tab:purple",
    "8(5;3)": "tab:red",
}
STYLES = {"double": "-", "drag in float": "-.", "mixed": "--", "float": ":"}
MARKERS = {"double": "o", "drag in float": "D", "mixed": "s", "float": "^"}


def read(path: Path) -> dict[str, dict[tuple[str, str], list[dict[str, str]]]]:
    """Rows by problem, then by method and precision."""
    curves: dict[str, dict[tuple[str, str], list[dict[str, str]]]] = {}
    with path.open() as file:
        for row in csv.DictReader(file):
            key = (row["method"], row["precision"])
            curves.setdefault(row["problem"], {}).setdefault(key, []).append(row)
    return curves


def draw(axes, curves, quantity: str, unit: str, title: str, bound: float | None) -> None:
    for (method, precision), rows in curves.items():
        points = [(float(r[quantity]), float(r["evaluations"])) for r in rows]
        # Beyond these a method has failed, not erred.
        points = [p for p in points if math.isfinite(p[0]) and 0 < p[0] < 1e4]
        if not points:
            continue
        label = method.replace(";", ",") + ("" if precision == "double" else f", {precision}")
        axes.loglog(*zip(*points), color=COLOURS[method], linestyle=STYLES[precision],
                    marker=MARKERS[precision], markersize=4, label=label)
    if bound is not None:
        axes.axvline(bound, color="black", linewidth=1)
    axes.set_title(title, fontsize=11)
    axes.set_xlabel(f"largest error, {unit}")
    axes.set_ylabel("evaluations of the force per flight")
    axes.grid(True, which="major", alpha=0.4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv", type=Path)
    parser.add_argument("picture", type=Path)
    arguments = parser.parse_args()
    curves = read(arguments.csv)
    arcs = [p for p in curves if p.startswith("ARC-2000")]
    flights = [p for p in curves if not p.startswith("ARC-2000")]
    columns = max(len(arcs), len(flights))
    figure, axes = plt.subplots(2, columns, figsize=(5.2 * columns, 9), squeeze=False)
    for k, problem in enumerate(arcs):
        draw(axes[0][k], curves[problem], "error_max_m", "m", problem, None)
    for k, problem in enumerate(flights):
        draw(axes[1][k], curves[problem], "error_max_s", "s (events)", f"whole flight: {problem}",
             1e-3)
    known = {}
    for row in axes:
        for one in row:
            for handle, label in zip(*one.get_legend_handles_labels()):
                known[label] = handle
    for one in axes[0][len(arcs):]:
        one.axis("off")
    axes[0][-1].legend(known.values(), known.keys(), loc="center", fontsize=10, title="method")
    figure.tight_layout()
    arguments.picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(arguments.picture, dpi=100)


if __name__ == "__main__":
    main()
