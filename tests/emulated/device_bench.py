"""scripts/bench --device cuda, and the counting of what kernels execute: emulated, on the CPU, with a few flights.

Run by scripts/test, with LONGWATCH_CUDA_EMULATOR naming the emulator and build/cuda-emulated built; not collected otherwise.
"""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EMULATOR = os.environ["LONGWATCH_CUDA_EMULATOR"]
BUILD = ROOT / "build/cuda-emulated"
sys.path.insert(0, str(ROOT / "scripts/kernels"))
import count  # noqa: E402
import resources  # noqa: E402

STAGES = ["fly", "clock", "observe", "measure", "share", "battlespace", "engage", "tally"]
# One thread of a block goes round the loop as often as its number says.
LOOP = r"""
namespace counted {
__global__ void loop_kernel(double* x)
{
    double sum = 0;
#pragma unroll 1
    for (int k = 0; k < (int)threadIdx.x; ++k) { sum = __fma_rn(sum, x[64], 1.0); }
    x[threadIdx.x] = sum;
}
}  // namespace counted
int main()
{
    double* x;
    cudaMalloc(&x, 65 * sizeof(double));
    cudaMemset(x, 0, 65 * sizeof(double));
    counted::loop_kernel<<<1, 64>>>(x);
    return cudaDeviceSynchronize() != cudaSuccess;
}
"""


def emulated(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([EMULATOR, "run", "--", *map(str, command)], capture_output=True, text=True, timeout=600,
                          stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def raced(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    out = tmp_path_factory.mktemp("race")
    done = emulated(ROOT / "scripts/bench", "--device", "cuda", "--build", BUILD, "--flights", 64, "--chain-flights", 4,
                    "--rounds", 1, "--core", -1, "--out", out)
    assert done.returncode == 0, done.stderr
    return done.stdout, out


def test_the_race_says_that_it_is_emulated(raced: tuple[str, Path]) -> None:
    first, second, *_ = raced[0].splitlines()
    assert re.match(r"on cuda:0, .*emulated", first)
    assert "say nothing about any device" in second


def test_arcs_keep_their_errors(raced: tuple[str, Path]) -> None:
    with (raced[1] / "arc-2000-cuda.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["program"], row["setting"], row["variant"]) for row in rows] == [
        ("Longwatch", setting, variant) for variant in "ABC" for setting in ("double 1 m", "mixed 1 m")]
    for row in rows:
        assert 0.01 < float(row["error_max_m"]) < 1 and float(row["arcs_per_s"]) > 0
        assert row["variant"] != "C" or float(row["radar_error_s"]) < 0.01


def test_the_chain_is_told_stage_by_stage(raced: tuple[str, Path]) -> None:
    told = (raced[1] / "chain-cuda.txt").read_text(encoding="utf-8")
    assert told.splitlines()[0] in raced[0] and "emulated" in told.splitlines()[0]
    assert re.findall(r"^(\w+) +\d+\.\d+ ±", told, re.MULTILINE) == STAGES
    assert re.search(r"^chain, launches side by side +\d", told, re.MULTILINE)


def test_a_device_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = emulated(ROOT / "scripts/bench", "--device", "cuda:3", "--build", BUILD, "--out", tmp_path)
    assert done.returncode == 3 and "cuda:3 (devices here: 1) use cuda:0" in done.stderr


def test_the_verb_bench_tells_arcs_and_stages_of_the_device() -> None:
    done = emulated(BUILD / "longwatch", "bench", "--device", "cuda", "--flights", 4, "--threads", 1, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert "emulated" in told["device"]
    assert [stage["name"] for stage in told["device_stages"]] == STAGES
    assert len(told["device_arcs"]) == 6 and all(arc["max_error_m"] < 1 for arc in told["device_arcs"])


def test_what_a_kernel_executes_is_counted(tmp_path: Path) -> None:
    """64 threads go round 0 + 1 + ... + 63 times; each of two warps issues as often as its slowest thread goes round."""
    source, program = tmp_path / "loop.cu", tmp_path / "longwatch"
    source.write_text(LOOP, encoding="utf-8")
    subprocess.run([resources.nvcc(), "-cudart", "shared", "--no-compress", "-gencode", "arch=compute_75,code=compute_75", source,
                    "-o", program], check=True, timeout=300, capture_output=True)
    (row,) = count.count(program, EMULATOR, flights=1).splitlines()[1:]
    kernel, fp64, *_, issued_fp64, _, _, _ = row.split(",")
    assert (kernel, int(fp64), int(issued_fp64)) == ("loop", 64 * 63 / 2, 32 * (31 + 63))
