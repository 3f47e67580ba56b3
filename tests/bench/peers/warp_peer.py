"""ARC-2000 by warp: the pair 5(4) of Dormand and Prince in a kernel, float64, a flight a thread of the launch; on the CPU, or
on the CUDA device that --device names before the table."""

import importlib.util
import pathlib
import sys
import tempfile
import time

import numpy as np
import warp as wp
from peer import DENSITY, J2, MU, RADIUS, ROTATION, SCALE_HEIGHT, serve

TOLERANCES = [100.0, 10.0, 1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5]
wp.config.quiet = True
wp.init()

MU_, J, RE, OMEGA = wp.constant(wp.float64(MU)), wp.constant(wp.float64(1.5 * J2 * RADIUS**2)), wp.constant(
    wp.float64(RADIUS)), wp.constant(wp.float64(ROTATION))
RHO, PER_KM = wp.constant(wp.float64(-0.5 * DENSITY)), wp.constant(wp.float64(1 / SCALE_HEIGHT))


@wp.func
def force(r: wp.vec3d, v: wp.vec3d, area: wp.float64):
    q = wp.float64(1.0) / wp.dot(r, r)
    inverse = wp.sqrt(q)
    g = -MU_ * q * inverse
    k = J * q
    z2 = wp.float64(5.0) * r[2] * r[2] * q
    level = g * (wp.float64(1.0) + k * (wp.float64(1.0) - z2))
    polar = g * (wp.float64(1.0) + k * (wp.float64(3.0) - z2))
    u = wp.vec3d(v[0] + OMEGA * r[1], v[1] - OMEGA * r[0], v[2])
    drag = RHO * area * wp.exp((RE - wp.float64(1.0) / inverse) * PER_KM) * wp.length(u)
    return wp.vec3d(level * r[0] + drag * u[0], level * r[1] + drag * u[1], polar * r[2] + drag * u[2])


ROWS = [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
]
ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40]


def kernel_source() -> str:
    """The step unrolled, since a kernel has no table."""
    def total(weights, letter):
        return " + ".join(f"wp.float64({w!r}) * {letter}{j}" for j, w in enumerate(weights) if w != 0)
    lines = ["@wp.kernel", "def fly_one(table: wp.array2d(dtype=wp.float64), tolerance: wp.float64,",
             "            ends: wp.array2d(dtype=wp.float64)):", "    i = wp.tid()",
             "    r = wp.vec3d(table[0, i], table[1, i], table[2, i])",
             "    v0 = wp.vec3d(table[3, i], table[4, i], table[5, i])", "    area = table[6, i]",
             "    t = wp.float64(0.0)", "    h = wp.float64(60.0)", "    a0 = force(r, v0, area)",
             "    while t < wp.float64(2000.0):", "        left = wp.float64(2000.0) - t",
             "        this = wp.min(h, left)"]
    for i in range(1, 7):
        lines += [f"        v{i} = v0 + this * ({total(ROWS[i], 'a')})",
                  f"        r{i} = r + this * ({total(ROWS[i], 'v')})", f"        a{i} = force(r{i}, v{i}, area)"]
    lines += [f"        dr = this * ({total(ERROR, 'v')})", f"        dv = this * ({total(ERROR, 'a')})",
              "        error = (wp.length(dr) + wp.float64(10.0) * wp.length(dv)) / tolerance",
              "        h = this * wp.clamp(wp.float64(0.9) * wp.pow(error + wp.float64(1.0e-10), wp.float64(-0.2)),",
              "                            wp.float64(0.2), wp.float64(5.0))",
              "        if error <= wp.float64(1.0):", "            if this == left:",
              "                t = wp.float64(2000.0)", "            else:", "                t = t + this",
              "            r = r6", "            v0 = v6", "            a0 = a6",
              "    ends[0, i] = t", "    ends[1, i] = r[0]", "    ends[2, i] = r[1]", "    ends[3, i] = r[2]"]
    return "\n".join(lines) + "\n"


# warp reads a kernel's source from its file.
FOLDER = tempfile.TemporaryDirectory()
PATH = pathlib.Path(FOLDER.name) / "arc_2000_kernel.py"
PATH.write_text(kernel_source())
SPEC = importlib.util.spec_from_file_location("arc_2000_kernel", PATH)
MODULE = importlib.util.module_from_spec(SPEC)
MODULE.wp, MODULE.force = wp, force
SPEC.loader.exec_module(MODULE)


DEVICE = "cpu"
if sys.argv[1] == "--device":
    _, DEVICE = sys.argv.pop(1), sys.argv.pop(1)
launched_s = 0.0


def fly(table: np.ndarray, variant: str, setting: int) -> np.ndarray:
    global launched_s
    ends = wp.zeros((4, table.shape[1]), dtype=wp.float64, device=DEVICE)
    given = wp.array(table, dtype=wp.float64, device=DEVICE)
    wp.synchronize()
    begin = time.perf_counter()
    wp.launch(MODULE.fly_one, dim=table.shape[1], inputs=[given, wp.float64(TOLERANCES[setting] * 1e-3), ends], device=DEVICE)
    wp.synchronize()
    launched_s += time.perf_counter() - begin
    return ends.numpy()


serve([f"{t:g} m" for t in TOLERANCES], fly, time.process_time if DEVICE == "cpu" else lambda: launched_s)
