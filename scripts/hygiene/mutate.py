#!/usr/bin/env python3
"""How many small mistakes in models/ and results/ the tests find: mutation testing.

Picks places at random, makes one mutant at a time in a copy of the tree, compiles what tests it, and runs those tests. The
score is the share of mutants that a test tells, out of those that compile; docs/hygiene.md says what is changed and tested.
Exit status: 0 done; 2 bad usage; 3 could not run.
"""

from __future__ import annotations

import argparse
import datetime
import math
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "pages"))
import pages
from mutants import Mutant, Place, places_in, shuffled
from workshop import Includes, Job, Outcome, Workshop, read_build

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/hygiene.md"
# Where every file is compiled on its own.
PRESET = "coverage"
BUILD = ROOT / "build" / PRESET
TARGETS = ("longwatch_tests_unit", "longwatch_tests_statistics")
TESTED = ("models", "results")
# Where the tests of a model are looked for, and those of the results.
TESTS = {"models": ("tests/models/", "tests/physics/", "tests/kernels/"), "results": ("tests/results/", "tests/statistics/")}


@dataclass(frozen=True)
class Tried:
    number: int
    mutant: Mutant
    outcome: Outcome

    @property
    def counts(self) -> bool:
        return self.outcome.status != "does not compile"

    def told(self, root: Path) -> str:
        place = self.mutant.place
        line = self.mutant.line((root / place.file).read_text(encoding="utf-8"))
        return f"{place.file}:{line}: `{one_line(place.before)}` → `{one_line(self.mutant.after) or 'nothing'}`"


def one_line(text: str) -> str:
    return " ".join(text.split())


def wilson(successes: int, trials: int, z: float = 1.959964) -> tuple[float, float]:
    """The Wilson interval of a proportion."""
    p, n = successes / trials, trials
    center, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (center - half) / (1 + z * z / n), (center + half) / (1 + z * z / n)


def jobs_of(file: Path, tests: list[Path], sources: list[Path], includes: Includes, most: int) -> list[Job]:
    """The test programs that may tell a mutant of the file: of a model (a header) each nearest test alone; of the results all
    their tests in one, the nearest first, with what includes the file compiled anew. Raises ValueError for a source that is
    joined with others."""
    if file.suffix == ".cpp" and file not in sources:
        raise ValueError(f"{file} is not compiled on its own in {BUILD.relative_to(ROOT)}, so that no mutant of it would be")
    if file.parts[0] == "models":
        return [Job((test,)) for test in includes.reach(tests, file)[:most]]
    anew = includes.reach([*sources, *tests], file)
    return [Job(tuple(anew), tuple(tests), tuple(includes.reach(tests, file.with_suffix(".hpp"))[:most]))]


def tracked(root: Path) -> list[Path]:
    said = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, check=True, capture_output=True, text=True)
    return [Path(line) for line in said.stdout.splitlines() if (root / line).is_file()]


def places_of(root: Path, files: list[Path], folder: str) -> list[Place]:
    mine = sorted(file for file in files if file.parts[0] == folder and file.suffix in (".hpp", ".cpp"))
    return [place for file in mine for place in places_in(file, (root / file).read_text(encoding="utf-8"))]


class Trial:
    """Mutants of one folder, tried in the order that the seed decides."""

    def __init__(self, workshop: Workshop, files: list[Path], folder: str, asked: argparse.Namespace) -> None:
        self.workshop, self.asked = workshop, asked
        root = workshop.build.root
        self.includes = Includes(root)
        self.tests = [file for file in workshop.build.commands if str(file).startswith(TESTS[folder])]
        self.sources = [file for file in workshop.build.commands if file.parts[0] == folder]
        self.places = places_of(root, files, folder)
        self.order = list(enumerate(shuffled(self.places, asked.seed), 1))

    def _try(self, number: int, mutant: Mutant) -> Tried | None:
        if self.asked.minutes and time.monotonic() > self.asked.began + 60 * self.asked.minutes:
            return None
        jobs = jobs_of(mutant.place.file, self.tests, self.sources, self.includes, self.asked.tests)
        tried = Tried(number, mutant, self.workshop.outcome(mutant, jobs))
        unusable = self.workshop.unusable
        if jobs and all(job.name in unusable for job in jobs):
            first = jobs[0].name
            raise ValueError(f"no test of {mutant.place.file} passes without a mutant; {first}: {unusable[first][-600:]}")
        by = f" by {tried.outcome.by}" if tried.outcome.status in ("killed", "timed out") else ""
        print(f"mutate: {number} {tried.told(self.workshop.build.root)} {tried.outcome.status}{by}", file=sys.stderr, flush=True)
        return tried

    def run(self) -> list[Tried]:
        """The first mutants that compile, as many as asked for; or those with the numbers asked for."""
        only = [int(number) for number in self.asked.only.split(",")] if self.asked.only else []
        left = [one for one in self.order if not only or one[0] in only]
        count = len(left) if only else self.asked.count
        tried: list[Tried] = []
        with ThreadPoolExecutor(len(self.workshop.free)) as pool:
            while left and (wanted := count - sum(one.counts for one in tried)) > 0:
                now, left = left[:wanted], left[wanted:]
                done = [one for one in pool.map(lambda one: self._try(*one), now) if one]
                tried += done
                if len(done) < len(now):
                    break
        return tried


def told(folder: str, trial: Trial, tried: list[Tried]) -> str:
    """What the page shows."""
    root = trial.workshop.build.root
    count = {status: sum(one.outcome.status == status for one in tried)
             for status in ("killed", "timed out", "survived", "does not compile")}
    detected, counted = count["killed"] + count["timed out"], sum(one.counts for one in tried)
    if counted == 0:
        return f"`{folder}/`: no mutant that compiles."
    low, high = wilson(detected, counted)
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=root, capture_output=True, text=True).stdout.strip()
    # Mutants that somebody chose are no sample.
    score = f"**{100 * detected / counted:.0f} %** ({100 * low:.0f} to {100 * high:.0f} %, Wilson 95 %)"
    score = "no score, chosen by number" if trial.asked.only else score
    lines = [f"`{folder}/`: {score}: of {counted} mutants {count['killed']} killed by a test, {count['timed out']} by the time "
             f"limit, {count['survived']} survived; {count['does not compile']} more did not compile. Drawn from "
             f"{len(trial.places)} places with seed {trial.asked.seed}; commit {commit}, {datetime.date.today()}."]
    survivors = [one for one in tried if one.outcome.status == "survived"]
    if survivors:
        lines += ["", "| number | survivor |", "|---|---|", *(f"| {one.number} | {one.told(root)} |" for one in survivors)]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="mutate", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folder", choices=TESTED, help="only this one; both unless given")
    parser.add_argument("--count", type=int, default=60, help="mutants of each folder that compile; 60 unless given")
    parser.add_argument("--seed", type=int, default=1, help="decides which mutants, and their order; 1 unless given")
    parser.add_argument("--only", default="", metavar="N,N...", help="the mutants with these numbers alone (needs --folder)")
    parser.add_argument("--tests", type=int, default=8, help="test files tried on a model, nearest first; 8 unless given")
    parser.add_argument("--minutes", type=float, default=0, help="begin no further mutant after so long")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants at a time; as many as cores unless given")
    parser.add_argument("--no-build", action="store_true", help="take build/coverage as it is")
    parser.add_argument("--store", action="store_true", help=f"write what is told into {PAGE.relative_to(ROOT)}")
    asked = parser.parse_args()
    if min(asked.count, asked.tests, asked.jobs) < 1:
        parser.error("--count, --tests and --jobs are whole numbers from 1")
    if asked.only and not (asked.folder and all(number.isdigit() for number in asked.only.split(","))):
        parser.error("--only needs --folder, and numbers as 3,17")
    if asked.only and asked.store:
        parser.error("--store with --only (mutants chosen by hand are no sample) leave one of the two out")
    try:
        if not asked.no_build:
            subprocess.run([ROOT / "scripts/build/preset", PRESET, *TARGETS], check=True)
        files = tracked(ROOT)
        workshop = Workshop(read_build(ROOT, BUILD, TARGETS[0]), ROOT / "build/mutants", files, asked.jobs)
        sections = {}
        for folder in (asked.folder,) if asked.folder else TESTED:
            asked.began = time.monotonic()
            trial = Trial(workshop, files, folder, asked)
            sections[f"mutants of {folder}"] = told(folder, trial, trial.run())
        for name, problem in workshop.unusable.items():
            print(f"mutate: left out {name}, which does not pass alone: {problem[-600:]}", file=sys.stderr)
        if asked.store:
            pages.renew(PAGE, sections)
        print(*sections.values(), sep="\n\n")
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        print(f"mutate: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
