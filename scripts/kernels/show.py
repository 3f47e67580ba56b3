#!/usr/bin/env python3
"""show.py [--check | --store] [BUILD]: registers, spills, stack, shared memory and theoretical occupancy of every CUDA
kernel on every kind of device that BUILD (build/release) compiled for. --check compares with the stored bounds
(tests/baselines/kernels.txt); --store writes them anew."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import resources

ROOT = Path(__file__).resolve().parents[2]


def rows(kernels: list[resources.Kernel], threads: int) -> str:
    lines = ["| device | kernel | registers | spill stores, loads, B | stack, B | shared, B | warps |",
             "|---|---|---|---|---|---|---|"]
    for k in kernels:
        limits = resources.MULTIPROCESSORS.get(k.device)
        warps = "?"
        if limits:
            resident = resources.warps_resident(limits, k, threads)
            warps = f"{resident} of {limits.warps}, {100 * resident / limits.warps:.1f} %"
        lines.append(f"| {k.device} | {k.kernel} | {k.registers} | {k.spill_stores_b}, {k.spill_loads_b} | {k.stack_b} "
                     f"| {k.shared_b} | {warps} |")
    return "\n".join(lines)


def table(kernels: list[resources.Kernel], threads: int) -> str:
    return f"Blocks of {threads} threads. Warps: on a multiprocessor at a time, of the most it holds.\n\n{rows(kernels, threads)}"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true", help="compare with the stored bounds; status 1 if exceeded")
    arguments.add_argument("--store", action="store_true", help="store what the kernels ask for as their bounds")
    arguments.add_argument("build", nargs="?", type=Path, default=ROOT / "build/release")
    asked = arguments.parse_args()
    report = asked.build / "ptxas-report.txt"
    try:
        kernels = resources.read_report(report.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"show.py: cannot read {report} ({error})", file=sys.stderr)
        return 3
    if asked.store:
        (ROOT / resources.STORED).write_text(resources.stored_text(kernels, resources.nvcc_release()), encoding="utf-8")
        return 0
    if asked.check:
        bounds = resources.read_stored((ROOT / resources.STORED).read_text(encoding="utf-8"))
        found = resources.complaints(kernels, bounds)
        print("\n".join(found) or "every kernel keeps to its bound")
        return 1 if found else 0
    source = (ROOT / "kernels/backend/cuda_stages.cu").read_text(encoding="utf-8")
    print(table(kernels, resources.threads_per_block(source)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
