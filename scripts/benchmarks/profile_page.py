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
sys.path.insert(0, str(Path(__file__).parents[1]))
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
class Profile:
    four: Counts  # by callgrind
    eight: Counts  # by the processor itself
    four_lanes: str
    eight_lanes: str
    times: Times
    peaks: dict[tuple[str, str], Peak]

    @property
    def threats(self) -> list[str]:
        return list(dict.fromkeys(threat for threat, _ in self.eight))

    @property
    def stages(self) -> list[str]:
        return list(dict.fromkeys(stage for _, stage in self.eight))


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


def measure(study: Path, packs: int, folder: Path) -> None:
    """Leaves in the folder what the programs said, for read()."""
    prepared = folder / "prepared"
    output(PREPARE, study, prepared)
    # Twice the packs of half the lanes: the same flights.
    runs = {"time": lambda: output(PROGRAM, "time", prepared, 200), "peak": lambda: output(PEAK, study),
            "callgrind": lambda: run_callgrind(prepared, 2 * packs, folder),
            "step": lambda: output(PROGRAM, "step", prepared, packs)}
    for name, run in runs.items():
        print(f"profile: {name}", file=sys.stderr, flush=True)
        (folder / f"{name}.txt").write_text("\n".join(run()) + "\n", encoding="utf-8")


def read(folder: Path) -> Profile:
    """What measure() has left there. Raises RuntimeError where the programs have been built anew since."""
    for program, name in ((PROGRAM, "step"), (FOUR_LANES, "callgrind")):
        if program.stat().st_mtime > (folder / f"{name}.txt").stat().st_mtime:
            raise RuntimeError(f"{program} is newer than {folder / name}.txt (places in it have moved) measure anew")

    def lines(name: str) -> list[str]:
        return (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines()

    eight_lanes, *steps = lines("step")
    return Profile(read_dumps(folder), instructions.read_steps(steps), lines("callgrind")[0], eight_lanes,
                   read_times(lines("time")[1:]), read_peaks(lines("peak")))


def per_flight(count: Count) -> float:
    return count.all / count.flights


def row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def heading(*cells: str) -> list[str]:
    return [row(*cells), "|" + "---|" * len(cells)]


def counts_tables(told: Profile) -> str:
    lines = [f"Four lanes: {told.four_lanes}, callgrind. Eight: {told.eight_lanes}, counted on the processor. Instructions and "
             "microseconds per flight, one thread; ± is the median absolute deviation."
             .replace("Four lanes: 4 lanes, ", "Four lanes: ").replace("Eight: 8 lanes, ", "Eight: ")]
    for threat in told.threats:
        lines += ["", f"**{threat}**, {told.eight[threat, told.stages[0]].flights} flights", ""]
        lines += heading("stage", "four lanes, instructions", "share, %", "eight lanes, instructions", "share, %",
                         "eight lanes, us", "share, %")
        four = {stage: per_flight(told.four[threat, stage]) for stage in told.stages}
        eight = {stage: per_flight(told.eight[threat, stage]) for stage in told.stages}
        us = {stage: told.times[threat, stage][0] for stage in told.stages}
        for stage in told.stages:
            lines.append(row(stage, f"{four[stage]:,.0f}", f"{100 * four[stage] / sum(four.values()):.1f}",
                             f"{eight[stage]:,.0f}", f"{100 * eight[stage] / sum(eight.values()):.1f}",
                             f"{us[stage]:.1f} ± {told.times[threat, stage][1]:.1f}",
                             f"{100 * us[stage] / sum(us.values()):.1f}"))
        lines.append(row("all", f"{sum(four.values()):,.0f}", "", f"{sum(eight.values()):,.0f}", "",
                         f"{sum(us.values()):.1f}", ""))
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
    eight_parts = instructions.parts_of_program(PROGRAM, (a for count in told.eight.values() for a in count.own))
    four_parts = instructions.parts_of_program(FOUR_LANES, (a for count in told.four.values() for a in count.own))
    lines = heading("stage", "part", "eight lanes, instructions per flight", "of the stage, %", "four lanes, of the stage, %")
    for stage in told.stages:
        eight, four = of_stage(told.eight, stage, eight_parts), of_stage(told.four, stage, four_parts)
        for k, (part, n) in enumerate(eight.most_common(PARTS)):
            lines.append(row(stage if k == 0 else "", part, f"{n:,.0f}", f"{100 * n / eight.total():.1f}",
                             f"{100 * four[part] / four.total():.1f}"))
        rest = sum(n for _, n in eight.most_common()[PARTS:])
        lines.append(row("", "all others", f"{rest:,.0f}", f"{100 * rest / eight.total():.1f}", ""))
    return "\n".join(lines)


def kinds_table(told: Profile, kinds: dict[int, str]) -> str:
    of = {stage: of_stage(told.eight, stage, kinds) for stage in told.stages}
    lines = heading("kind, % of the stage's instructions, eight lanes", *told.stages)
    for kind in instructions.KIND_NAMES:
        lines.append(row(kind, *(f"{100 * of[stage][kind] / of[stage].total():.1f}" for stage in told.stages)))
    others = {stage: sum(n for name, n in of[stage].items() if name not in instructions.KIND_NAMES) for stage in told.stages}
    lines.append(row("in libraries", *(f"{100 * others[stage] / of[stage].total():.1f}" for stage in told.stages)))
    lines.append(row("**instructions per flight**", *(f"{of[stage].total():,.0f}" for stage in told.stages)))
    return "\n".join(lines)


def peak_table(told: Profile, kinds: dict[int, str]) -> str:
    """The share of the peak as a product of what it is lost by. A slot is the time of one multiply-add of all lanes at the
    peak."""
    width = int(told.eight_lanes.split()[0])
    lines = heading("threat", "stage", "us", "useful operations", "of the peak, %", "= arithmetic, % of the instructions",
                    "x useful operations of each, of two, %", "x lanes under way, %", "x instructions per slot")
    for (threat, stage), peak in told.peaks.items():
        count = told.eight[threat, stage]
        executed, of_kind = per_flight(count), instructions.by(count, kinds)
        arithmetic = sum(of_kind[kind] for kind in instructions.ARITHMETIC) / count.all
        slots = peak.us * 1e-6 * peak.peak_per_s / (2 * width)
        share = peak.useful / (peak.us * 1e-6 * peak.peak_per_s)
        of_two = share / (arithmetic * peak.lanes / 100 * executed / slots)
        lines.append(row(threat, stage, f"{peak.us:.1f}", f"{peak.useful:,.0f}", f"{100 * share:.1f}", f"{100 * arithmetic:.1f}",
                         f"{100 * of_two:.0f}", f"{peak.lanes:.1f}", f"{executed / slots:.2f}"))
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
    parser.add_argument("--measured", action="store_true", help="tell what is in that folder, without measuring anew")
    parser.add_argument("--store", action="store_true", help=f"write the tables into {PAGE.relative_to(ROOT)}")
    asked = parser.parse_args()
    try:
        asked.out.mkdir(parents=True, exist_ok=True)
        if not asked.measured:
            measure(asked.study, asked.packs, asked.out)
        told = read(asked.out)
        kinds = instructions.kinds_of_program(PROGRAM)
        sections = {"machine": machine(), "counts": counts_tables(told), "parts": parts_table(told),
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
