"""What the CUDA kernels ask of a multiprocessor: kept within stored bounds, and occupancy as the toolkit counts it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts/kernels"))
import resources  # noqa: E402

REPORT = ROOT / "build/release/ptxas-report.txt"
STORED = (ROOT / resources.STORED).read_text(encoding="utf-8")
BOUNDS = resources.read_stored(STORED)
COUNTED_BY_TOOLKIT = r"""
#include <cuda_occupancy.h>
#include <cstdio>
int main() {
    int major, minor, warps, shared_b, registers, shared_of_block_b, threads;
    while (std::scanf("%d %d %d %d %d %d %d", &major, &minor, &warps, &shared_b, &registers, &shared_of_block_b,
                      &threads) == 7) {
        cudaOccDeviceProp device;
        device.computeMajor = major, device.computeMinor = minor;
        device.maxThreadsPerBlock = 1024, device.maxThreadsPerMultiprocessor = 32 * warps;
        device.regsPerBlock = device.regsPerMultiprocessor = 65536, device.warpSize = 32;
        device.sharedMemPerBlock = 48 << 10, device.sharedMemPerMultiprocessor = shared_b;
        device.numSms = 1, device.sharedMemPerBlockOptin = shared_b - 1024, device.reservedSharedMemPerBlock = 1024;
        cudaOccFuncAttributes kernel;
        kernel.maxThreadsPerBlock = 1024, kernel.numRegs = registers;
        kernel.sharedSizeBytes = shared_of_block_b;
        cudaOccDeviceState state;
        cudaOccResult result;
        auto const error = cudaOccMaxActiveBlocksPerMultiprocessor(&result, &device, &kernel, &state, threads, 0);
        std::printf("%d\n", error ? -1 : result.activeBlocksPerMultiprocessor * ((threads + 31) / 32));
    }
}
"""


needs_toolkit = pytest.mark.skipif(resources.nvcc() is None, reason="nvcc was not found")


@needs_toolkit
@pytest.mark.skipif(not STORED.startswith(f"# nvcc {resources.nvcc_release()}\n"), reason="bounds are of another nvcc")
def test_every_kernel_of_the_build_keeps_to_its_stored_bound():
    kernels = resources.read_report(REPORT.read_text(encoding="utf-8"))
    assert {kernel.device for kernel in kernels} == set(resources.MULTIPROCESSORS)
    found = resources.complaints(kernels, BOUNDS)
    assert not found, "\n".join([*found, "if this is meant to be: scripts/kernels/show.py --store, and look at what changed"])


def test_flight_observation_and_engagement_spill_no_register():
    without = [bound for bound in BOUNDS if re.match("fly|observe|engage", bound.kernel)]
    assert len(without) == 5 * len(resources.MULTIPROCESSORS)
    assert all(bound.spill_stores_b == bound.spill_loads_b == 0 for bound in without)


def test_a_kernel_above_its_bound_is_named_with_what_it_exceeds():
    bound = resources.Kernel("sm_90", "fly", registers=200)
    above = resources.Kernel("sm_90", "fly", registers=201, spill_stores_b=8)
    assert resources.complaints([above], [bound]) == [
        "sm_90 fly: registers 201 (the bound is 200)", "sm_90 fly: spill_stores_b 8 (the bound is 0)"]
    assert resources.complaints([bound], [above]) == []
    assert resources.complaints([bound], []) == ["sm_90 fly: no bound is stored"]
    assert resources.complaints([], [bound]) == ["sm_90 fly: a bound is stored, the build has no such kernel"]


def test_bounds_are_read_as_they_were_stored():
    assert resources.read_stored(resources.stored_text(BOUNDS, "13.0")) == BOUNDS


def test_the_report_of_ptxas_is_read_with_what_a_kernel_calls():
    # Two lines of a report of nvcc 13.0 for each function; numbers changed.
    text = """ptxas info    : Compiling entry function 'longwatch::(anonymous namespace)::fly_kernel(longwatch::A)' for 'sm_90'
ptxas info    : Function properties for longwatch::(anonymous namespace)::fly_kernel(longwatch::A)
    2864 bytes stack frame, 8 bytes spill stores, 16 bytes spill loads
ptxas info    : Used 254 registers, used 0 barriers, 2864 bytes cumulative stack size, 24 bytes smem
ptxas info    : Function properties for longwatch::step()
    0 bytes stack frame, 4 bytes spill stores, 4 bytes spill loads
ptxas info    : Compiling entry function 'void cub::detail::other_kernel(longwatch::A)' for 'sm_90'
    0 bytes stack frame, 99 bytes spill stores, 99 bytes spill loads
"""
    assert resources.read_report(text) == [resources.Kernel("sm_90", "fly", 254, 12, 20, 2864, 24)]
    with pytest.raises(ValueError, match="no kernel"):
        resources.read_report("== cuda_stages.cu\nptxas did not run")


@needs_toolkit
@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ was not found")
def test_warps_resident_are_those_that_the_toolkit_counts(tmp_path):
    """Against cuda_occupancy.h, for every count of registers and blocks of many sizes."""
    source, program = tmp_path / "occupancy.cpp", tmp_path / "occupancy"
    source.write_text(COUNTED_BY_TOOLKIT, encoding="utf-8")
    subprocess.run(["g++", "-I", resources.nvcc().parents[1] / "include", source, "-o", program], check=True, timeout=120)
    kernels = [resources.Kernel(device, "any", registers, shared_b=shared_b) for device in resources.MULTIPROCESSORS
               for registers in range(16, 256) for shared_b in (0, 5000, 40000)]
    cases = [(kernel, resources.MULTIPROCESSORS[kernel.device], threads) for kernel in kernels
             for threads in (32, 64, 128, 256)]
    asked = "".join(f"{int(kernel.device[3:]) // 10} {int(kernel.device[3:]) % 10} {limits.warps} {limits.shared_b} "
                    f"{kernel.registers} {kernel.shared_b} {threads}\n" for kernel, limits, threads in cases)
    told = subprocess.run([program], input=asked, capture_output=True, text=True, check=True, timeout=60).stdout.split()
    mine = [resources.warps_resident(limits, kernel, threads) for kernel, limits, threads in cases]
    assert [int(warps) for warps in told] == mine
