"""ARC-2000 by numba: the pair 8(5,3) with coefficients of SciPy, compiled for one flight after the other, fast-math on."""

import math

import numpy as np
from numba import njit
from peer import DENSITY, J2, MU, RADIUS, ROTATION, SCALE_HEIGHT, serve
from scipy.integrate._ivp import dop853_coefficients as dop

TOLERANCES = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8]
A, B, E = np.ascontiguousarray(dop.A[:12, :12]), dop.B.copy(), dop.E5.copy()
TABLE_A = tuple(tuple(row) for row in A)
FAST = {"fastmath": True, "error_model": "numpy"}


@njit(inline="always", **FAST)
def slope(s, area, d):
    d2 = s[0] * s[0] + s[1] * s[1] + s[2] * s[2]
    inverse = 1.0 / math.sqrt(d2)
    q = inverse * inverse
    g = -MU * q * inverse
    k = 1.5 * J2 * RADIUS * RADIUS * q
    z2 = 5.0 * s[2] * s[2] * q
    level, polar = g * (1.0 + k * (1.0 - z2)), g * (1.0 + k * (3.0 - z2))
    u, v = s[3] + ROTATION * s[1], s[4] - ROTATION * s[0]
    drag = -0.5 * DENSITY * area * math.exp((RADIUS - d2 * inverse) * (1 / SCALE_HEIGHT)) * math.sqrt(u * u + v * v + s[5] * s[5])
    d[0], d[1], d[2] = s[3], s[4], s[5]
    d[3], d[4], d[5] = level * s[0] + drag * u, level * s[1] + drag * v, polar * s[2] + drag * s[5]


def unrolled_step():
    """Source of one step: sums without the zeros of the table."""
    lines = ["def step(s, area, h, k, trial, end):"]
    for i in range(1, 12):
        for c in range(6):
            terms = " + ".join(f"{float(A[i, j])!r} * k[{j}, {c}]" for j in range(i) if A[i, j] != 0)
            lines.append(f"    trial[{c}] = s[{c}] + h * ({terms})")
        lines.append(f"    slope(trial, area, k[{i}])")
    for c in range(6):
        terms = " + ".join(f"{float(B[j])!r} * k[{j}, {c}]" for j in range(12) if B[j] != 0)
        lines.append(f"    end[{c}] = s[{c}] + h * ({terms})")
    lines.append("    error = 0.0")
    for c in range(6):
        scale = 1.0 if c < 3 else 10.0
        terms = " + ".join(f"{float(E[j]) * scale!r} * k[{j}, {c}]" for j in range(12) if E[j] != 0)
        lines.append(f"    error += ({terms}) ** 2")
    lines.append("    return h * math.sqrt(error)")
    space = {"slope": slope, "math": math}
    exec("\n".join(lines), space)
    return njit(**FAST)(space["step"])


step = unrolled_step()


@njit(**FAST)
def fly_all(table, tolerance_km, to_ground, ends):
    k, s, trial, end = np.empty((13, 6)), np.empty(6), np.empty(6), np.empty(6)
    for i in range(table.shape[1]):
        for c in range(6):
            s[c] = table[c, i]
        area, t, h = table[6, i], 0.0, 60.0
        slope(s, area, k[0])
        while True:
            left = 2000.0 - t
            last = not to_ground and h >= left
            this = left if last else h
            error = step(s, area, this, k, trial, end) / tolerance_km
            h = this * min(5.0, max(0.2, 0.9 * (error + 1e-12) ** (-1.0 / 8.0)))
            if error > 1.0:
                continue
            if to_ground and end[0] ** 2 + end[1] ** 2 + end[2] ** 2 < RADIUS**2:
                # The step that ends on the ground: Newton's method between bounds.
                low, high = 0.0, this
                for _ in range(60):
                    d = math.sqrt(end[0] ** 2 + end[1] ** 2 + end[2] ** 2)
                    if d < RADIUS:
                        high = this
                    else:
                        low = this
                    late = (d - RADIUS) * d / (end[0] * end[3] + end[1] * end[4] + end[2] * end[5])
                    if abs(late) < 1e-9:
                        break
                    this = this - late
                    if not low < this < high:
                        this = 0.5 * (low + high)
                    step(s, area, this, k, trial, end)
                t += this
                s[:] = end
                break
            t += this
            s[:] = end
            if last:
                break
            slope(s, area, k[0])
        ends[0, i] = t
        for c in range(3):
            ends[c + 1, i] = s[c]


def fly(table: np.ndarray, variant: str, setting: int) -> np.ndarray:
    ends = np.empty((4, table.shape[1]))
    fly_all(table, TOLERANCES[setting] * 1e-3, variant == "b", ends)
    return ends


serve([f"{t:g} m" for t in TOLERANCES], fly)
