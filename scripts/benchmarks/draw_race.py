#!/usr/bin/env python3
"""Draws arcs per second against the largest error from the CSV of scripts/bench.

    scripts/benchmarks/draw_race.py out/bench/arc-2000.csv docs/pictures/arc-2000.png
"""

import argparse
import csv
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

# Curves of a program: the settings that begin so, and how they are drawn.
CURVES = [
    ("Longwatch", "double", "Longwatch, double", "tab:red", "o-"),
    ("Longwatch", "mixed", "Longwatch, mixed", "tab:orange", "s-"),
    ("Longwatch", "steps only", "Longwatch, steps only", "tab:red", "o:"),
    ("Longwatch", "RK4", "RK4, eight lanes", "tab:gray", "x-"),
    ("heyoka", "", "heyoka", "tab:blue", "^-"),
    ("numba", "", "numba, 8(5,3)", "tab:green", "v-"),
    ("warp", "", "warp, 5(4)", "tab:purple", "D-"),
    ("jax", "", "JAX, order 8", "tab:brown", "P-"),
    ("odeint", "5(4)", "Boost.odeint 5(4)", "tab:pink", "<-"),
    ("odeint", "7(8)", "Boost.odeint 7(8)", "tab:pink", "<:"),
    ("sundials", "CVODE", "SUNDIALS, Adams", "tab:cyan", ">-"),
    ("sundials", "ARKODE", "SUNDIALS, order 8", "tab:cyan", ">:"),
    ("basilisk", "", "Basilisk", "black", "*-"),
]
TITLES = {"A": "A: to 2000 s", "B": "B: to the ground", "C": "C: and over two radars"}


def frontier(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Those that no other beats in both error and rate."""
    return sorted(p for p in points if not any(q != p and q[0] <= p[0] and q[1] >= p[1] for q in points))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv", type=Path)
    parser.add_argument("picture", type=Path)
    arguments = parser.parse_args()
    with arguments.csv.open() as file:
        rows = list(csv.DictReader(file))
    variants = [v for v in TITLES if any(r["variant"] == v for r in rows)]
    figure, axes = plt.subplots(1, len(variants), figsize=(5.2 * len(variants), 6), squeeze=False, sharey=True)
    for axis, variant in zip(axes[0], variants):
        for program, prefix, label, colour, style in CURVES:
            points = [(float(r["error_max_m"]), float(r["arcs_per_s"])) for r in rows
                      if (r["program"], r["variant"]) == (program, variant) and r["setting"].startswith(prefix)
                      and r["error_max_m"] and float(r["error_max_m"]) < 1e3]
            if points:
                axis.loglog(*zip(*frontier(points)), style, color=colour, markersize=5, label=label)
        axis.axvspan(1e-3, 1e2, color="black", alpha=0.04)
        axis.set_title(TITLES[variant], fontsize=11)
        axis.set_xlabel("largest error of place, m")
        axis.grid(True, which="major", alpha=0.4)
    axes[0][0].set_ylabel("arcs per second, one core")
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncol=5, fontsize=9)
    figure.tight_layout(rect=(0, 0.13, 1, 1))
    figure.savefig(arguments.picture, dpi=110)


if __name__ == "__main__":
    main()
