#!/usr/bin/env python3
"""Where the chain's instructions and time go, stage by stage and threat by threat.

Run by scripts/profile, which builds what is run. Prints the tables of docs/profile.md; --store puts them there.
"""

from __future__ import annotations

import argparse
import collections
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "pages"))
import instructions
import pages
from instructions import Count, Counts

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/profile.md"
PREPARE = ROOT / "build/release/bench/prepare_study"
PROGRAM, FOUR_LANES = ROOT / "build/release/bench/profile", ROOT / "build/profile-avx2/bench/profile"
PEAK = ROOT / "build/release/bench/core_peak"
PARTS = 12
Times = dict[tuple[str, str], tuple[float, float]]  # us per flight: median, deviation


@dataclass(frozen=True)
class Peak:
    """A row of core_peak."""

    us: float
    useful: float
    peak_per_s: float
    lanes: float
    kinds: dict[str, float]


@dataclass
class Counted:
    """What one of the two counters told of its build."""

    lanes: str
    by_whom: str
    counts: Counts
    program: Path

    @property
    def width(self) -> int:
        return int(self.lanes.split()[0])


@dataclass
class Profile:
    counted: list[Counted]  # the widest lanes first
    times: Times
    peaks: dict[tuple[str, str], Peak]

    @property
    def threats(self) -> list[str]:
        return list(dict.fromkeys(threat for threat, _ in self.counted[0].counts))

    @property
    def stages(self) -> list[str]:
        return list(dict.fromkeys(stage for _, stage in self.counted[0].counts))


def output(*command: object) -> list[str]:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode != 0:
        raise RuntimeError(f"{Path(str(command[0])).name} ended with status {done.returncode} ({done.stderr.strip()[-500:]})")
    return done.stdout.splitlines()


def run_callgrind(prepared: Path, packs: int, folder: Path) -> list[str]:
    for old in folder.glob("callgrind.out*"):
        old.unlink()
    return output("valgrind", "--tool=callgrind", "--instr-atstart=no", "--dump-instr=yes", "--compress-strings=no",
                  "--compress-pos=no", f"--callgrind-out-file={folder}/callgrind.out", FOUR_LANES, "callgrind", prepared, packs)


def read_dumps(folder: Path) -> Counts:
    counts: Counts = {}
    for dump in sorted(folder.glob("callgrind.out.*"), key=lambda path: int(path.suffix[1:])):
        with dump.open(encoding="utf-8") as lines:
            counts |= instructions.read_callgrind(lines, FOUR_LANES.name)
    return counts


def read_times(lines: list[str]) -> Times:
    return {(threat, stage): (float(us), float(off)) for threat, stage, us, off in map(str.split, lines)}


def read_peaks(lines: list[str]) -> dict[tuple[str, str], Peak]:
    """The header names the columns from the third on."""
    header, *rows = (line.split() for line in lines if not line.startswith("Per flight"))
    found = {}
    for threat, stage, *cells in rows:
        row = dict(zip(header[2:], map(float, cells), strict=True))
        kinds = dict(list(row.items())[5:])
        found[threat, stage] = Peak(row["us"], row["useful"], row["peak"] * 1e9, row["lanes%"], kinds)
    return found


def measure(study: Path, packs: int, folder: Path, steps: bool) -> None:
    """Leaves in the folder what the programs said, for read()."""
    prepared = folder / "prepared"
    output(PREPARE, study, prepared)
    # Twice the packs of half the lanes: the same flights.
    runs = {"time": lambda: output(PROGRAM, "time", prepared, 200), "peak": lambda: output(PEAK, study),
            "callgrind": lambda: run_callgrind(prepared, 2 * packs, folder)}
    (folder / "step.txt").unlink(missing_ok=True)
    if steps:
        runs["step"] = lambda: output(PROGRAM, "step", prepared, packs)
    for name, run in runs.items():
        print(f"profile: {name}", file=sys.stderr, flush=True)
        (folder / f"{name}.txt").write_text("\n".join(run()) + "\n", encoding="utf-8")


def read(folder: Path) -> Profile:
    """What measure() has left there. Raises RuntimeError where the programs have been built anew since."""
    def lines(name: str, program: Path) -> list[str]:
        file = folder / f"{name}.txt"
        if program.stat().st_mtime > file.stat().st_mtime:
            raise RuntimeError(f"{program} is newer than {file} (places in it have moved) measure anew")
        return file.read_text(encoding="utf-8").splitlines()

    counted = []
    if (folder / "step.txt").exists():
        lanes, *steps = lines("step", PROGRAM)
        counted.append(Counted(lanes, "the processor itself", instructions.read_steps(steps), PROGRAM))
    counted.append(Counted(lines("callgrind", FOUR_LANES)[0], "callgrind", read_dumps(folder), FOUR_LANES))
    return Profile(counted, read_times(lines("time", PROGRAM)[1:]), read_peaks(lines("peak", PEAK)))


def per_flight(count: Count) -> float:
    return count.all / count.flights


def row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def heading(*cells: str) -> list[str]:
    return [row(*cells), "|" + "---|" * len(cells)]


def counts_tables(told: Profile) -> str:
    lines = ["Instructions and microseconds per flight, one thread; ± is the median absolute deviation. Counted: "
             + "; ".join(f"{one.lanes} by {one.by_whom}" for one in told.counted) + "."]
    for threat in told.threats:
        columns = {}
        for one in told.counted:
            each = {stage: per_flight(one.counts[threat, stage]) for stage in told.stages}
            columns[f"{one.width} lanes, instructions"] = (each, {stage: f"{n:,.0f}" for stage, n in each.items()})
        us = {stage: told.times[threat, stage] for stage in told.stages}
        columns["time, us"] = ({stage: t for stage, (t, _) in us.items()},
                               {stage: f"{t:.1f} ± {d:.1f}" for stage, (t, d) in us.items()})
        flights = told.counted[0].counts[threat, told.stages[0]].flights
        lines += ["", f"**{threat}**, {flights} flights counted", ""]
        lines += heading("stage", *(cell for name in columns for cell in (name, "share, %")))
        for stage in told.stages:
            lines.append(row(stage, *(cell for numbers, texts in columns.values()
                                      for cell in (texts[stage], f"{100 * numbers[stage] / sum(numbers.values()):.1f}"))))
        totals = [sum(numbers.values()) for numbers, _ in columns.values()]
        lines.append(row("all", *(cell for n in totals[:-1] for cell in (f"{n:,.0f}", "")), f"{totals[-1]:.1f}", ""))
    return "\n".join(lines)


def of_stage(counts: Counts, stage: str, names: dict[int, str]) -> collections.Counter:
    """Instructions per flight by name, mean over the threats."""
    out: collections.Counter = collections.Counter()
    mine = [count for (_, one), count in counts.items() if one == stage]
    for count in mine:
        for name, n in instructions.by(count, names).items():
            out[name] += n / count.flights / len(mine)
    return out


def parts_table(told: Profile) -> str:
    """The parts that take most, by the first counter."""
    parts = [instructions.parts_of_program(one.program, (a for count in one.counts.values() for a in count.own))
             for one in told.counted]
    lines = heading("stage", "part", *(cell for one in told.counted
                                       for cell in (f"{one.width} lanes, instructions per flight", "of the stage, %")))
    for stage in told.stages:
        of = [of_stage(one.counts, stage, names) for one, names in zip(told.counted, parts, strict=True)]
        most = [part for part, _ in of[0].most_common(PARTS)]
        for k, part in enumerate(most):
            lines.append(row(stage if k == 0 else "", part, *(cell for n in of for cell in (
                f"{n[part]:,.0f}", f"{100 * n[part] / n.total():.1f}"))))
        rests = [n.total() - sum(n[part] for part in most) for n in of]
        lines.append(row("", "all others", *(cell for n, rest in zip(of, rests, strict=True)
                                             for cell in (f"{rest:,.0f}", f"{100 * rest / n.total():.1f}"))))
    return "\n".join(lines)


def kinds_table(told: Profile, kinds: dict[int, str]) -> str:
    one = told.counted[0]
    of = {stage: of_stage(one.counts, stage, kinds) for stage in told.stages}
    lines = heading(f"kind, % of the stage's instructions, {one.width} lanes", *told.stages)
    for kind in instructions.KIND_NAMES:
        lines.append(row(kind, *(f"{100 * of[stage][kind] / of[stage].total():.1f}" for stage in told.stages)))
    others = {stage: sum(n for name, n in of[stage].items() if name not in instructions.KIND_NAMES) for stage in told.stages}
    lines.append(row("in libraries", *(f"{100 * others[stage] / of[stage].total():.1f}" for stage in told.stages)))
    lines.append(row("**instructions per flight**", *(f"{of[stage].total():,.0f}" for stage in told.stages)))
    return "\n".join(lines)


def peak_table(told: Profile, kinds: dict[int, str]) -> str:
    """The share of the peak, as a product of what it is lost by where the instructions of that build were counted. A slot is
    the time of one multiply-add of all lanes at the peak."""
    one = told.counted[0]
    is_counted = one.program == PROGRAM
    factors = ("= arithmetic, % of the instructions", "x useful operations of each, of two, %", "x instructions per slot")
    lines = heading("threat", "stage", "us", "useful operations", "of the peak, %", "lanes under way, %",
                    *(factors if is_counted else ()))
    for (threat, stage), peak in told.peaks.items():
        share = peak.useful / (peak.us * 1e-6 * peak.peak_per_s)
        cells = [f"{peak.us:.1f}", f"{peak.useful:,.0f}", f"{100 * share:.1f}", f"{peak.lanes:.1f}"]
        if is_counted:
            count = one.counts[threat, stage]
            of_kind = instructions.by(count, kinds)
            arithmetic = sum(of_kind[kind] for kind in instructions.ARITHMETIC) / count.all
            per_slot = per_flight(count) / (peak.us * 1e-6 * peak.peak_per_s / (2 * one.width))
            of_two = share / (arithmetic * peak.lanes / 100 * per_slot)
            cells += [f"{100 * arithmetic:.1f}", f"{100 * of_two:.0f}", f"{per_slot:.2f}"]
        lines.append(row(threat, stage, *cells))
    rate = max(peak.peak_per_s for peak in told.peaks.values())
    return "\n".join([f"The core's peak: {rate * 1e-9:.0f}e9 operations/s in multiply-adds alone.", "", *lines])


def operations_table(told: Profile) -> str:
    lines = heading("threat", "stage", *next(iter(told.peaks.values())).kinds)
    for (threat, stage), peak in told.peaks.items():
        lines.append(row(threat, stage, *(f"{n:,.0f}" for n in peak.kinds.values())))
    return "\n".join(lines)


def machine() -> str:
    told = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    valgrind = output("valgrind", "--version")[0]
    compiler = output("c++", "--version")[0]
    commit = output("git", "describe", "--always", "--dirty")[0]
    return f"{told[1] if told else 'unknown processor'}, {os.cpu_count()} cores; {compiler}; {valgrind}; commit {commit}."


def main() -> int:
    parser = argparse.ArgumentParser(prog="profile", description=__doc__.splitlines()[0])
    parser.add_argument("study", nargs="?", type=Path, default=Path("studies/trilateral-warning.toml"))
    parser.add_argument("--packs", type=int, default=1, help="packs of lanes whose instructions are counted, of each threat")
    parser.add_argument("--out", type=Path, default=ROOT / "out/profile", help="folder for what the programs said")
    parser.add_argument("--no-steps", action="store_true", help="leave out the processor's own count, which takes longest")
    parser.add_argument("--measured", action="store_true", help="tell what is in that folder, without measuring anew")
    parser.add_argument("--store", action="store_true", help=f"write the tables into {PAGE.relative_to(ROOT)}")
    asked = parser.parse_args()
    try:
        asked.out.mkdir(parents=True, exist_ok=True)
        if not asked.measured:
            measure(asked.study, asked.packs, asked.out, steps=not asked.no_steps)
        told = read(asked.out)
        kinds = instructions.kinds_of_program(told.counted[0].program)
        left_out = "" if told.counted[0].program == PROGRAM else " Instructions of eight lanes were not counted (`--no-steps`)."
        sections = {"machine": machine() + left_out, "counts": counts_tables(told), "parts": parts_table(told),
                    "kinds": kinds_table(told, kinds), "peak": peak_table(told, kinds), "operations": operations_table(told)}
        if asked.store:
            pages.renew(PAGE, sections)
        else:
            print(*sections.values(), sep="\n\n")
    except (OSError, RuntimeError, ValueError) as error:
        print(f"profile: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
