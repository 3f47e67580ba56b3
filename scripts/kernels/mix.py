#!/usr/bin/env python3
"""mix.py [BUILD]: what kinds of machine instructions each CUDA kernel is made of, by disassembly of the build's device code
(build/release). Static: an instruction counts once, however often a flight comes by it.

Needs the disassemblers of the CUDA toolkit, cuobjdump and nvdisasm: on PATH, beside nvcc, or in a Python environment:
pip install nvidia-cuda-cuobjdump nvidia-cuda-nvdisasm."""

import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OBJECT = "kernels/CMakeFiles/longwatch_cuda.dir/backend/cuda_stages.cu.o"
# Opcodes by their beginnings, the first that fits. Source: "Instruction Set Reference", CUDA Binary Utilities.
KINDS = (
    ("special", r"MUFU"),
    ("conversion", r"I2F|F2I|F2F|FRND|I2I"),
    ("fp64", r"D(ADD|MUL|FMA|SETP|MNMX)"),
    ("fp32", r"F(ADD|MUL|FMA|SETP|SEL|MNMX|CHK|SET|CMP|SWZADD|RND)"),
    ("global", r"LDG|STG|ATOM|RED|LD\b|ST\b|LD\.|ST\.|CCTL"),
    ("local", r"LDL|STL"),
    ("shared", r"LDS|STS"),
    ("constant", r"LDC|ULDC"),
    ("control", r"BRA|BRX|BRXU|JMP|CALL|RET|EXIT|BSSY|BSYNC|BREAK|BMOV|WARPSYNC|NOP|YIELD|BPT|KILL|NANOSLEEP|BAR|ERRBAR|DEPBAR"),
    ("integer", r""),
)
COLUMNS = ("fp64", "fp32", "special", "conversion", "global", "local", "constant", "control", "integer")


def kind_of(opcode: str) -> str:
    return next(kind for kind, beginning in KINDS if re.match(beginning, opcode))


def kernel_name(symbol: str) -> str | None:
    """fly of ..8fly_kernelE..: a name follows its length."""
    end = symbol.find("_kernelE")
    return next((symbol[first:end] for first in range(end - 1, 0, -1)
                 if symbol[first].isalpha() and symbol[:first].endswith(str(end - first + len("_kernel")))), None)


def read_disassembly(lines: Iterable[str]) -> dict[tuple[str, str], collections.Counter]:
    """(device, kernel): instructions of each kind, padding after a kernel's end left out."""
    found: dict[tuple[str, str], collections.Counter] = {}
    device, counts = "", None
    for line in lines:
        if told := re.match(r"\s*arch = (sm_\d+)", line):
            device, counts = told[1], None
        elif told := re.match(r"\s*Function : (\S+)", line):
            name = kernel_name(told[1])
            counts = found.setdefault((device, name), collections.Counter()) if name else None
        elif counts is not None and (told := re.match(r"\s*/\*[0-9a-f]{4,}\*/\s+(?:@!?U?P\w+\s+)?([A-Z][\w.]*)", line)):
            if told[1] != "NOP":
                counts[kind_of(told[1])] += 1
                counts["all"] += 1
    return found


def disassembler() -> tuple[str, dict[str, str]]:
    """cuobjdump, and an environment in which it finds nvdisasm. Raises OSError where either is missing."""
    places = [*sys.path, "/usr/local/cuda/bin"]
    folders = [Path(place) / "nvidia/cu13/bin" for place in places] + [Path("/usr/local/cuda/bin")]
    path = os.pathsep.join([os.environ.get("PATH", ""), *(str(folder) for folder in folders if folder.is_dir())])
    for program in ("cuobjdump", "nvdisasm"):
        if shutil.which(program, path=path) is None:
            raise OSError(f"{program} was not found (it comes with the CUDA toolkit) "
                          f"pip install nvidia-cuda-cuobjdump nvidia-cuda-nvdisasm")
    return shutil.which("cuobjdump", path=path), {**os.environ, "PATH": path}


def table(found: dict[tuple[str, str], collections.Counter]) -> str:
    lines = [f"| device | kernel | instructions | {', % | '.join(COLUMNS)}, % |",
             "|---" * (3 + len(COLUMNS)) + "|"]
    for (device, kernel), counts in sorted(found.items(), key=lambda item: (int(item[0][0][3:]), item[0][1])):
        shares = " | ".join(f"{100 * counts[kind] / counts['all']:.1f}" for kind in COLUMNS)
        lines.append(f"| {device} | {kernel} | {counts['all']} | {shares} |")
    return "\n".join(lines)


def disassembled(build: Path) -> dict[tuple[str, str], collections.Counter]:
    """Raises OSError or CalledProcessError where it cannot be."""
    program, environment = disassembler()
    done = subprocess.run([program, "-sass", build / OBJECT], env=environment, capture_output=True, text=True, check=True)
    return read_disassembly(done.stdout.splitlines())


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("build", nargs="?", type=Path, default=ROOT / "build/release")
    build = arguments.parse_args().build
    try:
        print(table(disassembled(build)))
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"mix.py: cannot disassemble {build / OBJECT} ({error})", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
