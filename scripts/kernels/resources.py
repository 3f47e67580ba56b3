"""What each CUDA kernel asks of a multiprocessor, and how many warps that leaves room for.

Reads the report of ptxas that the build keeps (ptxas-report.txt). Occupancy is theoretical: warps that fit a
multiprocessor, of the most it can hold.
"""

import math
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

STORED = Path("tests/baselines/kernels.txt")
HEADINGS = ("device", "kernel", "registers", "spill_stores_b", "spill_loads_b", "stack_b", "shared_b")


@dataclass(frozen=True)
class Multiprocessor:
    """Limits of one multiprocessor. Source: cuda_occupancy.h of the CUDA toolkit, and the table of technical
    specifications per compute capability of the CUDA C++ Programming Guide."""

    warps: int
    blocks: int
    shared_b: int
    registers: int = 65536
    partitions: int = 4  # each with its share of the registers and of the warps
    registers_granted: int = 256  # to a warp at a time
    shared_granted_b: int = 128
    shared_reserved_b: int = 1024  # of every block, by the system


MULTIPROCESSORS = {
    "sm_80": Multiprocessor(warps=64, blocks=32, shared_b=164 << 10),
    "sm_90": Multiprocessor(warps=64, blocks=32, shared_b=228 << 10),
    "sm_120": Multiprocessor(warps=48, blocks=24, shared_b=100 << 10),
}


@dataclass
class Kernel:
    """What ptxas says of one kernel on one kind of device; spills are those of the functions it calls too."""

    device: str
    kernel: str
    registers: int = 0
    spill_stores_b: int = 0
    spill_loads_b: int = 0
    stack_b: int = 0
    shared_b: int = 0

    def row(self) -> tuple[str | int, ...]:
        return tuple(getattr(self, name) for name in HEADINGS)


def up_to(number: int, unit: int) -> int:
    return math.ceil(number / unit) * unit


def warps_resident(limits: Multiprocessor, kernel: Kernel, threads_per_block: int) -> int:
    """Warps of a kernel that one multiprocessor holds at a time, as cuda_occupancy.h counts them."""
    warps = math.ceil(threads_per_block / 32)
    per_warp = up_to(kernel.registers * 32, limits.registers_granted)
    by_registers = limits.registers // limits.partitions // per_warp * limits.partitions // warps
    per_block_b = up_to(kernel.shared_b + limits.shared_reserved_b, limits.shared_granted_b)
    return min(limits.warps // warps, limits.blocks, by_registers, limits.shared_b // per_block_b) * warps


def read_report(text: str) -> list[Kernel]:
    """The kernels of a stage, in the order of their names. Raises ValueError where the report has none."""
    found: list[Kernel] = []
    now = None
    for line in text.splitlines():
        if entry := re.search(r"Compiling entry function '(.*)' for '(sm_\d+)'", line):
            name = re.search(r"(\w+)_kernel\(", entry[1])
            now = Kernel(entry[2], name[1]) if name and "longwatch" in entry[1].split("(")[0] else None
            found += [now] if now else []
        elif now and (spills := re.search(r"(\d+) bytes spill stores, (\d+) bytes spill loads", line)):
            now.spill_stores_b += int(spills[1])
            now.spill_loads_b += int(spills[2])
        elif now and (used := re.search(r"Used (\d+) registers", line)):
            now.registers = int(used[1])
            for name, pattern in (("stack_b", r"(\d+) bytes cumulative stack"), ("shared_b", r"(\d+) bytes smem")):
                told = re.search(pattern, line)
                setattr(now, name, int(told[1]) if told else 0)
    if not found:
        raise ValueError("the report has no kernel (was the build one of portable code only?) build the preset release")
    return sorted(found, key=lambda kernel: (int(kernel.device[3:]), kernel.kernel))


def threads_per_block(source: str) -> int:
    """The size of a block, from the text of cuda_stages.cu."""
    return int(re.search(r"threads_per_block = (\d+);", source)[1])


def nvcc() -> Path | None:
    """The compiler, where cmake/cuda.cmake finds it too."""
    found = shutil.which("nvcc") or shutil.which("/usr/local/cuda/bin/nvcc")
    return Path(found).resolve() if found else None


def nvcc_release() -> str | None:
    """As 13.0; registers differ from one release to another."""
    if nvcc() is None:
        return None
    told = subprocess.run([nvcc(), "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
    return re.search(r"release (\d+\.\d+)", told)[1]


def stored_text(kernels: list[Kernel], release: str | None) -> str:
    """The bound that is kept with the source: what the kernels ask for today, by this release of nvcc."""
    rows = [HEADINGS, *(kernel.row() for kernel in kernels)]
    widths = [max(len(str(row[k])) for row in rows) for k in range(len(HEADINGS))]
    return f"# nvcc {release}\n" + "".join("  ".join(f"{cell!s:<{w}}" if k < 2 else f"{cell!s:>{w}}"
                             for k, (cell, w) in enumerate(zip(row, widths, strict=True))) + "\n" for row in rows)


def read_stored(text: str) -> list[Kernel]:
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return [Kernel(device, kernel, *(int(number) for number in numbers)) for device, kernel, *numbers in lines[1:]]


def complaints(kernels: list[Kernel], bounds: list[Kernel]) -> list[str]:
    """What exceeds its bound, and what only one of the two has."""
    bound_of = {(bound.device, bound.kernel): bound for bound in bounds}
    found = []
    for kernel in kernels:
        bound = bound_of.pop((kernel.device, kernel.kernel), None)
        if bound is None:
            found.append(f"{kernel.device} {kernel.kernel}: no bound is stored")
            continue
        found += [f"{kernel.device} {kernel.kernel}: {name} {getattr(kernel, name)} (the bound is {getattr(bound, name)})"
                  for name in HEADINGS[2:] if getattr(kernel, name) > getattr(bound, name)]
    return found + [f"{device} {kernel}: a bound is stored, the build has no such kernel" for device, kernel in bound_of]
