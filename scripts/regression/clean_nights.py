"""Simulates clean nights: every shipped study flown with fresh seeds, each against one baseline of the same program.

clean_nights.py [--nights N] [--flights F] [--threads T] [--program PROGRAM] [STUDY ...]

Nothing has changed, so every alarm is a false one. Prints how many comparisons, and how many nights, had one, and how
often the smallest p-value of a comparison (after Holm's correction) fell below looser levels, at which
there is something to count. docs/regression.md has what was measured.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BASELINE_SEED = 1
FIRST_SEED = 1_000_000
LEVELS = (0.001, 0.01, 0.05)


def fly(program: Path, study: Path, seed: int, asked: argparse.Namespace, output: Path) -> None:
    subprocess.run([program, "run", study, "--flights", str(asked.flights), "--seed", str(seed), "--threads",
                    str(asked.threads), "--device", asked.device, "--quiet", "-o", output],
                   check=True, stdout=subprocess.DEVNULL)


def smallest_p(program: Path, before: Path, after: Path) -> tuple[float, int]:
    """The smallest p-value after Holm's correction, and 1 where something moved."""
    done = subprocess.run([program, "regress", before, after, "--json"], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr or done.stdout)
    said = json.loads(done.stdout)
    return min(q["p_holm"] for q in said["quantities"]), done.returncode


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("studies", nargs="*", type=Path, metavar="STUDY")
    parser.add_argument("--nights", type=int, default=100)
    parser.add_argument("--flights", type=int, default=10000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--program", type=Path, default=ROOT / "build/release/longwatch")
    asked = parser.parse_args()
    studies = asked.studies or sorted((ROOT / "studies").glob("*.toml"))
    alarmed_nights, alarms, comparisons = set(), 0, 0
    below = dict.fromkeys(LEVELS, 0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for study in studies:
            before = folder / f"{study.stem}-baseline.h5"
            fly(asked.program, study, BASELINE_SEED, asked, before)
            own = 0
            for night in range(asked.nights):
                after = folder / "night.h5"
                fly(asked.program, study, FIRST_SEED + night, asked, after)
                p, moved = smallest_p(asked.program, before, after)
                own += moved
                comparisons += 1
                for level in LEVELS:
                    below[level] += p < level
                if moved:
                    alarmed_nights.add(night)
            alarms += own
            print(f"{study.stem}: {own} of {asked.nights} nights had a false alarm", flush=True)
    print(f"in all: {alarms} false alarms in {comparisons} comparisons, on {len(alarmed_nights)} of {asked.nights} nights")
    for level in LEVELS:
        print(f"smallest p-value of a comparison below {level}: {below[level]} ({below[level] / comparisons:.2%})")


if __name__ == "__main__":
    main()
