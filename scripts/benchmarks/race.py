#!/usr/bin/env python3
"""Races programs on ARC-2000: every setting of each on one table of flights, repeated in turns, on one core or a CUDA device.

Run by scripts/bench, which builds what is raced. Writes arc-2000.csv, a row for each program, setting and variant: arcs per
CPU second, errors. On a device: arc-2000-cuda.csv, arcs per second of the device, and the chain's stages in chain-cuda.txt.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import resource
import statistics
import subprocess
import sys
from array import array
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "tests/bench/peers"
FLIGHTS = 4096  # on one core; of these errors are found on a device too
DEVICE_FLIGHTS = 1 << 20
CHAIN_FLIGHTS = 65536
# A program that takes longer for a request flies fewer of the flights.
REQUEST_S = 0.1
LEAST_FLIGHTS = 32
# What is compiled anew for every number of flights flies this many at a time, and multiples of it.
LEAST_OF = {"jax": 256}
# Settings that fly variant A alone.
ONLY_A = (("Longwatch", "RK4"), ("odeint", "7(8)"))
# Where a program is worse than this it has failed, and its rate says nothing.
WORST_M = 1e4


class Peer:
    """A program that answers requests; see tests/bench/peers/peer.hpp."""

    def __init__(self, name: str, command: list[str], variants: str, table: Path, core: int | None) -> None:
        self.name, self.variants = name, variants
        pinned = [] if core is None else ["taskset", "-c", str(core)]
        one_thread = {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1",
                      "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"}
        self.log: list[str] = []
        self.process = subprocess.Popen([*pinned, *command, str(table)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, env=os.environ | one_thread)
        line = self.answer()
        self.settings = line.rstrip("\n").rstrip("\t").split("\t")

    def answer(self) -> str:
        line = self.process.stdout.readline()
        if not line:
            raise EOFError(f"{self.name} ended")
        return line

    def fly(self, variant: str, setting: int, count: int, file: Path) -> float:
        """CPU seconds."""
        self.process.stdin.write(f"{variant} {setting} {count} {file}\n")
        self.process.stdin.flush()
        return float(self.answer())

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait()


class Entry:
    """One setting of one program in one variant, and what was measured of it."""

    def __init__(self, peer: Peer, variant: str, setting: int) -> None:
        self.peer, self.variant, self.setting = peer, variant, setting
        self.count, self.rates = FLIGHTS, []
        self.first_s = math.nan
        self.errors: dict[str, float] = {}

    def prepare_on_device(self, file: Path, flights: int) -> None:
        """Loads what is loaded on the way; a device flies all flights at once."""
        self.count = flights
        self.first_s = 0.0
        self.peer.fly(self.variant, self.setting, flights, file)

    def prepare(self, file: Path) -> None:
        """Compiles what is compiled on the way, and finds how many flights take the wished time."""
        least = LEAST_OF.get(self.peer.name, LEAST_FLIGHTS)
        first = self.peer.fly(self.variant, self.setting, least, file)
        again = self.peer.fly(self.variant, self.setting, least, file)
        self.first_s = max(first - again, 0.0)
        wished = REQUEST_S / max(again, 1e-9) * least
        self.count = max(least, min(FLIGHTS, int(wished) // least * least))
        self.peer.fly(self.variant, self.setting, self.count, file)

    def time(self, file: Path) -> None:
        self.rates.append(self.count / self.peer.fly(self.variant, self.setting, self.count, file))


def columns(file: Path, count: int) -> list[list[float]]:
    """Of the first FLIGHTS flights."""
    numbers = array("d")
    with file.open("rb") as stream:
        numbers.frombytes(stream.read())
    return [list(numbers[i : i + min(count, FLIGHTS)]) for i in range(0, len(numbers), count)]


def quantile(values: list[float], q: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(q * len(ordered)) - 1)]


def compare(ends: list[list[float]], truth: list[list[float]], variant: str) -> dict[str, float]:
    """Errors of place, of the instant of impact and of rising and setting."""
    count = len(ends[0])
    place_m = [1e3 * math.dist([ends[c][i] for c in (1, 2, 3)], [truth[c][i] for c in (1, 2, 3)]) for i in range(count)]
    place_m = [x if math.isfinite(x) else math.inf for x in place_m]
    out = {"error_max_m": max(place_m), "error99_m": quantile(place_m, 0.99),
           "impact_error_s": max(abs(a - b) for a, b in zip(ends[0], truth[0]))}
    if variant == "c":
        out["radar_error_s"] = max(abs(ends[c][i] - truth[c][i]) for c in range(4, 8) for i in range(count))
    return out


def programs(folder: Path, quick: bool) -> list[tuple[str, list[str], str]]:
    """Name, command and variants of what there is to race."""
    entry = os.environ.get("LONGWATCH_BENCH_ENTRY", str(ROOT / "build/release/bench/arc_2000_peer"))
    found = [("Longwatch", [entry], "abc")]
    if quick:
        return found
    for name, variants in (("odeint", "abc"), ("sundials", "abc")):
        if (folder / name).exists():
            found.append((name, [str(folder / name)], variants))
    for name, module, variants in (("heyoka", "heyoka", "abc"), ("numba", "numba", "ab"), ("jax", "jax", "a"),
                                   ("warp", "warp", "a"), ("basilisk", "Basilisk", "a")):
        script = PEERS / f"{name}_peer.py"
        known = subprocess.run([sys.executable, "-c", f"import importlib.util as u; exit(u.find_spec('{module}') is None)"],
                               check=False).returncode == 0
        if script.exists() and known:
            found.append((name, [sys.executable, str(script)], variants))
        else:
            print(f"bench: without {name} (it is not installed) run scripts/setup --bench", file=sys.stderr)
    return found


def device_programs(build: Path, number: int) -> list[tuple[str, list[str], str]]:
    """What there is to race on a CUDA device. The CPU's own entry comes first: it makes the table and the converged arcs."""
    found = [("CPU", [str(build / "bench/arc_2000_peer")], ""),
             ("Longwatch", [str(build / "bench/arc_2000_cuda_peer"), str(number)], "abc")]
    sees = subprocess.run([sys.executable, "-c", "import warp; exit(not warp.is_cuda_available())"], check=False,
                          capture_output=True).returncode == 0
    if sees:
        found.append(("warp", [sys.executable, str(PEERS / "warp_peer.py"), "--device", f"cuda:{number}"], "a"))
    else:
        print("bench: without warp (it is not installed, or sees no CUDA device) run scripts/setup --bench", file=sys.stderr)
    return found


def device_name(build: Path, number: int) -> str:
    """Raises LookupError where there is no such device."""
    told = json.loads(subprocess.run([build / "longwatch", "info", "--json"], check=True, capture_output=True, text=True).stdout)
    devices = told["cuda"]["devices"]
    if number < len(devices):
        return devices[number]
    raise LookupError(f"cuda:{number} (devices here: {len(devices)}) use cuda:0 to cuda:{len(devices) - 1}" if devices
                      else f"{told['cuda']['problem']} use --device cpu")


def yardstick_rate(folder: Path, core: int | None) -> float | None:
    """Arcs per CPU second of the yardstick, plain RK4 of 4096 flights at 1 s."""
    program = folder / "yardstick"
    if not program.exists():
        return None
    pinned = [] if core is None else ["taskset", "-c", str(core)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*pinned, str(program)], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 4096 / (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def race(arguments: argparse.Namespace) -> list[dict[str, object]]:
    folder, scratch = arguments.out, arguments.out / "ends.bin"
    core = None if arguments.core < 0 else arguments.core
    table = folder / "table.bin"
    on_device = arguments.device is not None
    flights = arguments.flights if on_device else FLIGHTS
    found = device_programs(arguments.build, arguments.device) if on_device else programs(folder, arguments.quick)
    subprocess.run([*found[0][1], "--table", str(flights), str(table)], check=True)
    peers = [Peer(name, command, variants, table, core) for name, command, variants in found
             if not arguments.only or name in arguments.only or name in ("CPU", "Longwatch")]
    variants = arguments.variants
    truth = {}
    for variant in variants:
        peers[0].fly(variant, peers[0].settings.index("converged"), min(flights, FLIGHTS), scratch)
        truth[variant] = columns(scratch, min(flights, FLIGHTS))
    entries = []
    for peer in peers:
        for variant in (v for v in variants if v in peer.variants):
            for k, setting in enumerate(peer.settings):
                if setting == "converged" or (variant != "a" and (peer.name, setting.split(" ")[0]) in ONLY_A):
                    continue
                entry = Entry(peer, variant, k)
                if on_device:
                    entry.prepare_on_device(scratch, flights)
                else:
                    entry.prepare(scratch)
                entry.errors = compare(columns(scratch, entry.count), [c[: entry.count] for c in truth[variant]], variant)
                entries.append(entry)
        print(f"bench: {peer.name} prepared", file=sys.stderr, flush=True)
    yardstick = []
    for k in range(arguments.rounds):
        rate = None if on_device else yardstick_rate(folder, core)
        if rate is not None:
            yardstick.append(rate)
        for entry in entries:
            if entry.errors["error_max_m"] < WORST_M:
                entry.time(scratch)
        print(f"bench: round {k + 1} of {arguments.rounds}", file=sys.stderr, flush=True)
    for peer in peers:
        peer.end()
    rows = [row_of(e.peer.name, e.peer.settings[e.setting], e.variant, e.count, e.rates, e.first_s, e.errors) for e in entries
            if e.rates]
    if yardstick:
        rows.append(row_of("yardstick", "RK4 1 s", "a", 4096, yardstick, 0.0, {}))
    return rows


def row_of(program: str, setting: str, variant: str, count: int, rates: list[float], first_s: float,
           errors: dict[str, float]) -> dict[str, object]:
    median = statistics.median(rates)
    spread = statistics.median(abs(r - median) for r in rates)
    return {"program": program, "setting": setting, "variant": variant.upper(), "flights": count,
            "arcs_per_s": f"{median:.0f}", "deviation_arcs_per_s": f"{spread:.0f}", "prepare_s": f"{first_s:.2f}",
            **{key: f"{errors[key]:.3e}" if key in errors else ""
               for key in ("error_max_m", "error99_m", "impact_error_s", "radar_error_s")}}


def tell(rows: list[dict[str, object]]) -> None:
    print(f"{'program':10} {'setting':22} {'':1} {'arcs/s':>10} {'+-':>8} {'max error m':>12} {'99 % m':>10}")
    for r in rows:
        print(f"{r['program']:10} {r['setting']:22} {r['variant']} {r['arcs_per_s']:>10} {r['deviation_arcs_per_s']:>8} "
              f"{r['error_max_m']:>12} {r['error99_m']:>10}")


def device_number(text: str) -> int | None:
    """None for the CPU."""
    if text == "cpu":
        return None
    kind, _, number = text.partition(":")
    if kind != "cuda" or not (number or "0").isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' (known: cpu, cuda, cuda:N)")
    return int(number or 0)


def race_on_device(arguments: argparse.Namespace) -> list[dict[str, object]]:
    """ARC-2000, and the chain stage by stage beside the CPU's."""
    name = device_name(arguments.build, arguments.device)
    print(f"on cuda:{arguments.device}, {name}")
    if "emulated" in name:
        print("emulated on the CPU: the times below say nothing about any device")
    print("\nARC-2000, arcs per second of the device", flush=True)
    rows = race(arguments)
    tell(rows)
    print("\nThe chain, studies/trilateral-warning.toml", flush=True)
    command = [arguments.build / "bench/device_stages", ROOT / "studies/trilateral-warning.toml",
               arguments.chain_flights, arguments.device, arguments.rounds]
    done = subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True)
    print(done.stdout, end="")
    (arguments.out / "chain-cuda.txt").write_text(f"{name}\n{done.stdout}", encoding="utf-8")
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="Longwatch's entries alone")
    parser.add_argument("--rounds", type=int, default=9, help="timings of each setting, in turns")
    parser.add_argument("--variants", default="abc", help="which of a, b and c")
    parser.add_argument("--core", type=int, default=0, help="the core that all are pinned to; -1: none")
    parser.add_argument("--only", action="append", default=[], help="race this peer; may be repeated")
    parser.add_argument("--out", type=Path, default=ROOT / "out/bench", help="folder for what is written")
    parser.add_argument("--device", type=device_number, default=None, help="cpu, cuda, or cuda:N for one of several")
    parser.add_argument("--build", type=Path, default=ROOT / "build/cuda", help="with a device: the build whose programs race")
    parser.add_argument("--flights", type=int, default=DEVICE_FLIGHTS, help="with a device: of ARC-2000")
    parser.add_argument("--chain-flights", type=int, default=CHAIN_FLIGHTS, help="with a device: of the chain")
    arguments = parser.parse_args()
    on_device = arguments.device is not None
    try:
        rows = race_on_device(arguments) if on_device else race(arguments)
    except (LookupError, EOFError, OSError, subprocess.CalledProcessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 3
    with (arguments.out / ("arc-2000-cuda.csv" if on_device else "arc-2000.csv")).open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    if not on_device:
        tell(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
