"""The model of a device: which of its limits decides, and how its one fitted number follows from what was measured."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts/kernels"))
import model  # noqa: E402
import resources  # noqa: E402

WORK = {one.kernel: one for one in model.work()}
MEASURED = {one.kernel: one for one in model.read_work((ROOT / "scripts/kernels/work_measured.csv").read_text(encoding="utf-8"))}
H100 = next(device for device in model.DEVICES if device.name == "H100 SXM")
CONSUMER = next(device for device in model.DEVICES if device.fp64_lanes == 2)


def test_every_kernel_of_the_build_has_its_work_counted():
    bounds = resources.read_stored((ROOT / resources.STORED).read_text(encoding="utf-8"))
    assert set(WORK) == {bound.kernel for bound in bounds}
    assert all(work.all <= work.issued_all and work.fp64 <= work.issued_fp64 < work.issued_all for work in WORK.values())
    source = (ROOT / "kernels/backend/cuda_stages.cu").read_text(encoding="utf-8")
    assert resources.threads_per_block(source) == model.THREADS_PER_BLOCK


def test_peaks_are_those_of_the_makers():
    """Two operations for a multiply-add: 34 TFLOP/s and 9.7 of the H100's and the A100's data sheets; 105 in float over 64 of
    the consumer card's. Data sheets round to two places."""
    peaks = {device.name: 2 * device.multiprocessors * device.fp64_lanes * device.clock_hz for device in model.DEVICES}
    assert peaks == {"H100 SXM": pytest.approx(34e12, rel=0.02), "A100 SXM": pytest.approx(9.7e12, rel=0.02),
                     "GeForce RTX 5090": pytest.approx(105e12 / 64, rel=0.02)}


def test_twice_the_warps_halve_the_waiting_until_the_units_are_busy():
    few, more = (model.predict(H100, WORK["fly"], warps) for warps in (4, 8))
    assert more.seconds == pytest.approx(few.seconds / 2) and few.limit == more.limit == "waiting"
    # A warp issues every tenth cycle, nearly every second time to the double-precision units, which take it in half a cycle.
    many = model.predict(H100, WORK["fly"], 64)
    assert many.seconds == max(many.fp64_s, many.issue_s) > many.waiting_s


def test_double_precision_decides_where_it_is_scarce():
    """One unit where the H100 has 32: nothing else of the chain comes near."""
    told = {one.kernel: one for one in model.predictions(CONSUMER)}
    assert all(one.limit == "FP64" for kernel, one in told.items() if kernel != "tally")
    assert all(one.limit == "waiting" for one in model.predictions(H100))
    scarce = model.predict(replace(H100, fp64_lanes=2), WORK["fly"], 8)
    assert scarce.fp64_s == pytest.approx(32 * model.predict(H100, WORK["fly"], 8).fp64_s)


@pytest.mark.parametrize(("kernels", "measured_ms", "cycles"), [
    (("fly",), 50.3, model.CALCULATING), (("clock",), 5.7, model.CALCULATING),
    (("observe_windows", "observe_radar", "observe_infrared"), 65.6, model.CALCULATING),
    (("measure_transitions", "measure_maps", "measure_radar"), 82.0, model.MEASURING),
    (("share",), 216.4, model.SHARING), (("tally",), 3.7, model.TALLYING)])
def test_cycles_between_instructions_are_those_of_the_device_measured(kernels: tuple, measured_ms: float, cycles: float):
    """docs/on_a_device.md, 65,536 flights in four launches, at a clock that fly shows to be 28.8 / 50.3 of the full one."""
    issued = sum(MEASURED[kernel].issued_all for kernel in kernels)
    told = model.calibrated_cycles(measured_ms * 1e-3 * 28.8 / 50.3, issued, launches=4, clock_hz=1.98e9)
    # Three stages that calculate share one number: within 3 % of each other. The rest is rounding.
    assert told == pytest.approx(cycles, rel=0.03)
