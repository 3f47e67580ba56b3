#!/usr/bin/env python3
"""page.py [BUILD]: renews the tables of docs/device_model.md: what the kernels of BUILD (build/release) ask for, what they are
made of (where a disassembler is found; see mix.py), and what a flight executes of them (work.csv; count.py --store)."""

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "pages"))
import mix
import model
import pages
import resources
import show

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("build", nargs="?", type=Path, default=ROOT / "build/release")
    build = arguments.parse_args().build
    sections = {"executes": model.work_table(), "predicts": "\n\n".join(map(model.prediction_table, model.DEVICES))}
    try:
        kernels = resources.read_report((build / "ptxas-report.txt").read_text(encoding="utf-8"))
        sections["asks"] = show.rows(kernels, model.THREADS_PER_BLOCK)
        instructions = {key: counts for key, counts in mix.disassembled(build).items() if key[0] == "sm_90"}
        sections["made of"] = mix.table(instructions)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"page.py: some tables are left as they are ({error})", file=sys.stderr)
    pages.renew(ROOT / "docs/device_model.md", sections)
    return 0


if __name__ == "__main__":
    sys.exit(main())
