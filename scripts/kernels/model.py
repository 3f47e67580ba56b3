#!/usr/bin/env python3
"""model.py: flights per second that devices can reach, from what each kernel executes (work.csv), the warps that fit a
multiprocessor (tests/baselines/kernels.txt) and the cycles between two instructions of a warp, as one device showed them.
docs/device_model.md says where every number comes from, and how far the model is off.

work.csv, by count.py: per flight of studies/trilateral-warning.toml, mean of 1,024: portable instructions executed, as machine
instructions; issued_: what its warp issues for it, 32 flights together, the slowest deciding. work_measured.csv: the same of the
code that the device flew, which the cycles are fitted with."""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import resources

ROOT = Path(__file__).resolve().parents[2]
THREADS_PER_BLOCK = 64


@dataclass(frozen=True)
class Device:
    """A device by its maker's figures."""

    name: str
    compiled_for: str
    multiprocessors: int
    clock_hz: float
    fp64_lanes: int  # per multiprocessor: fused multiply-adds a cycle
    memory_bps: float
    schedulers: int = 4  # per multiprocessor: instructions of a warp a cycle


DEVICES = (
    Device("H100 SXM", "sm_90", multiprocessors=132, clock_hz=1.98e9, fp64_lanes=64, memory_bps=3.35e12),
    Device("A100 SXM", "sm_80", multiprocessors=108, clock_hz=1.41e9, fp64_lanes=32, memory_bps=2.04e12),
    Device("GeForce RTX 5090", "sm_120", multiprocessors=170, clock_hz=2.41e9, fp64_lanes=2, memory_bps=1.79e12),
)

# Cycles between two instructions of one warp, from times of stages on an H200; see calibrated_cycles().
CALCULATING, SHARING, MEASURING, TALLYING = 10.3, 20.7, 43.9, 49.1
CYCLES = {"share": SHARING, "measure_radar": MEASURING, "measure_maps": MEASURING, "measure_transitions": MEASURING,
          "tally": TALLYING}


@dataclass(frozen=True)
class Work:
    """Instructions per flight of one kernel."""

    kernel: str
    fp64: float
    division: float
    root: float
    conversion: float
    all: float
    issued_fp64: float
    issued_conversion: float
    issued_all: float
    memory_b: float


@dataclass(frozen=True)
class Prediction:
    """Seconds per flight that one kernel takes of a device: the longest of what limits it, and each of them."""

    kernel: str
    waiting_s: float  # for a warp's previous instruction, with as many warps as fit
    fp64_s: float  # for the units of double precision, conversions to and from it included
    issue_s: float  # for the schedulers

    @property
    def seconds(self) -> float:
        return max(self.waiting_s, self.fp64_s, self.issue_s)

    @property
    def limit(self) -> str:
        return {self.waiting_s: "waiting", self.fp64_s: "FP64", self.issue_s: "issue"}[self.seconds]


def read_work(text: str) -> list[Work]:
    return [Work(row.pop("kernel"), **{name: float(number) for name, number in row.items()})
            for row in csv.DictReader(text.splitlines())]


def predict(device: Device, work: Work, warps_resident: int) -> Prediction:
    cycles_hz = device.multiprocessors * device.clock_hz
    cycles = CYCLES.get(work.kernel, CALCULATING)
    return Prediction(work.kernel, waiting_s=work.issued_all / 32 * cycles / (warps_resident * cycles_hz),
                      fp64_s=(work.issued_fp64 + work.issued_conversion) / (device.fp64_lanes * cycles_hz),
                      issue_s=work.issued_all / 32 / (device.schedulers * cycles_hz))


def calibrated_cycles(time_s: float, issued_all: float, launches: int, clock_hz: float) -> float:
    """Cycles between two instructions of a warp in a launch that leaves every scheduler one warp: its time is that of a warp."""
    return time_s / launches * clock_hz / issued_all


def predictions(device: Device) -> list[Prediction]:
    bounds = resources.read_stored((ROOT / resources.STORED).read_text(encoding="utf-8"))
    kernels = {bound.kernel: bound for bound in bounds if bound.device == device.compiled_for}
    limits = resources.MULTIPROCESSORS[device.compiled_for]
    return [predict(device, one, resources.warps_resident(limits, kernels[one.kernel], THREADS_PER_BLOCK)) for one in work()]


def work() -> list[Work]:
    return read_work((Path(__file__).parent / "work.csv").read_text(encoding="utf-8"))


def work_table() -> str:
    """What a flight executes, the kernel of most first."""
    lines = ["| kernel | FP64 | of these in divisions and roots, % | all | FP64, % | lanes, % | memory, KB |",
             "|---|---|---|---|---|---|---|"]
    kernels = work()
    total = Work("all", **{name: sum(getattr(one, name) for one in kernels) for name in Work.__annotations__ if name != "kernel"})
    for one in [*sorted(kernels, key=lambda one: -one.all), total]:
        apart = 100 * 8 * (one.division + one.root) / max(one.fp64, 1)
        lines.append(f"| {one.kernel} | {one.fp64:,.0f} | {apart:.0f} | {one.all:,.0f} | {100 * one.fp64 / one.all:.0f} "
                     f"| {100 * one.all / one.issued_all:.1f} | {one.memory_b / 1000:.0f} |")
    return "\n".join(lines)


def prediction_table(device: Device) -> str:
    told = predictions(device)
    whole_s = sum(one.seconds for one in told)
    lines = [f"{device.name}: {1 / whole_s:,.0f} flights/s predicted", "",
             "| kernel | us per flight | share, % | limit | waiting, us | FP64, us | issue, us |",
             "|---|---|---|---|---|---|---|"]
    for one in sorted(told, key=lambda one: -one.seconds):
        lines.append(f"| {one.kernel} | {one.seconds * 1e6:.3f} | {100 * one.seconds / whole_s:.1f} | {one.limit} "
                     f"| {one.waiting_s * 1e6:.3f} | {one.fp64_s * 1e6:.3f} | {one.issue_s * 1e6:.3f} |")
    lines.append(f"| all | {whole_s * 1e6:.3f} | | | {sum(one.waiting_s for one in told) * 1e6:.3f} "
                 f"| {sum(one.fp64_s for one in told) * 1e6:.3f} | {sum(one.issue_s for one in told) * 1e6:.3f} |")
    return "\n".join(lines)


def main() -> None:
    print(work_table(), *(prediction_table(device) for device in DEVICES), sep="\n\n")


if __name__ == "__main__":
    main()
