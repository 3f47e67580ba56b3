#!/usr/bin/env python3
"""count.py [--store] [--flights N] [BUILD]: what a flight of studies/trilateral-warning.toml executes of each CUDA kernel.

Counted where the build for an emulator (build/cuda-emulated) runs under LONGWATCH_CUDA_EMULATOR. Prints work.csv, which model.py
reads; --store writes it. Some minutes.

Counted are portable instructions (PTX), told as machine instructions; docs/device_model.md says how."""

import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import mix

ROOT = Path(__file__).resolve().parents[2]
STORED = Path(__file__).parent / "work.csv"
STUDY = "studies/trilateral-warning.toml"
# Machine instructions of one portable one, by disassembly: of double precision, special, others.
AS_MACHINE = {"f64.div": (8, 1, 10), "f64.sqrt": (8, 1, 12), "f64.rcp": (5, 1, 10)}
MEMORY = re.compile(r"(ld|ldu|st|atom|red)\.(\w+)\.(\d+)$")
HEADINGS = ("kernel", "fp64", "division", "root", "conversion", "all", "issued_fp64", "issued_conversion", "issued_all",
            "memory_b")


def fp64(kinds: collections.Counter) -> int:
    return sum(kinds[f"f64.{kind}"] for kind in ("add", "mul", "fma", "compare")) + sum(
        machine[0] * kinds[kind] for kind, machine in AS_MACHINE.items())


def every(kinds: collections.Counter) -> int:
    """Moves are left out: most are no instruction of the machine."""
    plain = ("integer", "select", "control", "f32", "convert.f64", "convert.f32", "f64.sign")
    return (fp64(kinds) + sum(kinds[kind] for kind in plain) + 2 * kinds["select64"]
            + sum((machine[1] + machine[2]) * kinds[kind] for kind, machine in AS_MACHINE.items())
            + sum(n for kind, n in kinds.items() if "approx" in kind or MEMORY.match(kind)))


def bytes_of(kinds: collections.Counter) -> int:
    told = ((MEMORY.match(kind), n) for kind, n in kinds.items())
    return sum(int(memory[3]) * n for memory, n in told if memory and memory[2] in ("global", "generic", "local"))


def read_counts(lines: list[str], blocks: list[dict[str, int]]) -> dict[str, tuple[collections.Counter, collections.Counter]]:
    """For each kernel portable instructions by kind: executed by threads, and issued by warps."""
    found: dict[str, tuple[collections.Counter, collections.Counter]] = {}
    executed = issued = collections.Counter()
    for line in lines:
        first, *numbers = line.split()
        if not first.isdecimal():
            executed, issued = found.setdefault(mix.kernel_name(first) or first, (collections.Counter(), collections.Counter()))
            continue
        for kind, n in blocks[int(first)].items():
            executed[kind] += n * int(numbers[0])
            issued[kind] += n * int(numbers[1])
    return found


def work_text(counts: dict[str, tuple[collections.Counter, collections.Counter]], flights: int) -> str:
    lines = [",".join(HEADINGS)]
    for kernel, (executed, issued) in sorted(counts.items()):
        numbers = (fp64(executed), executed["f64.div"], executed["f64.sqrt"], executed["convert.f64"], every(executed),
                   32 * fp64(issued), 32 * issued["convert.f64"], 32 * every(issued), bytes_of(executed))
        lines.append(",".join([kernel, *(f"{n / flights:.0f}" for n in numbers)]))
    return "\n".join(lines) + "\n"


def count(program: Path, emulator: str, flights: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        own = {"LONGWATCH_COUNT_FOLDER": folder, "CUDA_ON_CPU_CACHE": f"{folder}/cache",
               "CUDA_ON_CPU_PYTHON": str(Path(__file__).resolve().parent / "count_blocks.py")}
        done = subprocess.run([emulator, "run", "--threads", "1", "--", program, "run", STUDY, "--device", "cuda", "--flights",
                               str(flights), "--quiet", "-o", f"{folder}/r.h5"], env=os.environ | own, cwd=ROOT,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip()[-500:])
        counts, blocks = Path(folder, "counts.txt"), Path(folder, "blocks.json")
        if not counts.exists() or not blocks.exists():
            raise RuntimeError(f"{emulator} counted nothing (is it cuda-on-cpu?)")
        return work_text(read_counts(counts.read_text(encoding="utf-8").splitlines(),
                                     json.loads(blocks.read_text(encoding="utf-8"))), flights)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--store", action="store_true", help=f"write {STORED.name}")
    arguments.add_argument("--flights", type=int, default=1024)
    arguments.add_argument("build", nargs="?", type=Path, default=ROOT / "build/cuda-emulated")
    asked = arguments.parse_args()
    emulator = os.environ.get("LONGWATCH_CUDA_EMULATOR")
    if emulator is None:
        print("count.py: LONGWATCH_CUDA_EMULATOR names no emulator (what is counted runs under one)", file=sys.stderr)
        return 3
    try:
        text = count(asked.build / "longwatch", emulator, asked.flights)
    except (OSError, RuntimeError) as error:
        print(f"count.py: cannot count ({error})", file=sys.stderr)
        return 3
    if asked.store:
        STORED.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
