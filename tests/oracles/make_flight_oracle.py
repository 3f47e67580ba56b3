#!/usr/bin/env python3
"""Flies one notional one-stage vehicle by SciPy and writes its course beside this script.

Written from the equations of docs/physics/flight.md and earth.md, not from the program: gravity is the
gradient of the potential taken through dU/dr and dU/ds, altitude by iteration, and the integrator is
DOP853 at a relative tolerance of 1e-13. The flight stays below 86 km, where the air is a formula.

    python tests/oracles/make_flight_oracle.py        (numpy, scipy)
"""

from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp

# WGS 84 and EGM96, as published.
A, F, OMEGA = 6378137.0, 1 / 298.257223563, 7.292115e-5
E2 = F * (2 - F)
MU, RADIUS = 3.986004415e14, 6378136.3
J = {2: 1.0826266835e-3, 3: -2.5326564853e-6, 4: -1.6196215914e-6}
G0 = 9.80665

# The vehicle: the V-2 class of tests/support/notional_threats.hpp, launched to stay low.
PROPELLANT, DRY, PAYLOAD = 8750.0, 3000.0, 1000.0
THRUST, IMPULSE = 294e3, 239.0
EXIT_AREA = (294e3 - 245e3) / 101325
AREA = np.pi / 4 * 1.65**2
BETA = 4000 / (0.2 * AREA)
RISE, TURN, PITCH, AZIMUTH = 4.0, 30.0, np.radians(52), 1.0
LATITUDE, LONGITUDE = 0.68, 2.2
MACH, CD = [0.0, 0.8, 1.2, 1.8, 5.0], [0.15, 0.15, 0.40, 0.25, 0.15]

# US Standard Atmosphere 1976: base of each layer in geopotential metres, and lapse rate.
BASES = [0, 11000, 20000, 32000, 47000, 51000, 71000]
LAPSES = [-6.5e-3, 0, 1e-3, 2.8e-3, 0, -2.8e-3, -2e-3]
GAS = 8314.32 / 28.9644


def air(altitude):
    """Density, pressure, speed of sound."""
    h = max(altitude, 0.0)
    assert h < 86000
    h = 6356766.0 * h / (6356766.0 + h)
    t, p = 288.15, 101325.0
    for i, (base, lapse) in enumerate(zip(BASES, LAPSES)):
        top = BASES[i + 1] if i + 1 < len(BASES) else np.inf
        dh = min(h, top) - base
        t1 = t + lapse * dh
        p *= np.exp(-G0 * dh / (GAS * t)) if lapse == 0 else (t1 / t) ** (-G0 / (GAS * lapse))
        t = t1
        if h <= top:
            break
    return p / (GAS * t), p, np.sqrt(1.4 * GAS * t)


def gravity(r):
    d = np.linalg.norm(r)
    s = r[2] / d
    p = {2: (3 * s**2 - 1) / 2, 3: (5 * s**3 - 3 * s) / 2, 4: (35 * s**4 - 30 * s**2 + 3) / 8}
    dp = {2: 3 * s, 3: (15 * s**2 - 3) / 2, 4: (140 * s**3 - 60 * s) / 8}
    du_dr = -MU / d**2 * (1 - sum((n + 1) * J[n] * (RADIUS / d) ** n * p[n] for n in J))
    du_ds = -MU / d * sum(J[n] * (RADIUS / d) ** n * dp[n] for n in J)
    return du_dr * r / d + du_ds * (np.array([0, 0, 1.0]) - s * r / d) / d


def geodetic(r):
    """Latitude and altitude, by iteration until nothing changes."""
    rho = np.hypot(r[0], r[1])
    latitude = np.arctan2(r[2], rho * (1 - E2))
    for _ in range(12):
        n = A / np.sqrt(1 - E2 * np.sin(latitude) ** 2)
        latitude = np.arctan2(r[2] + E2 * n * np.sin(latitude), rho)
    n = A / np.sqrt(1 - E2 * np.sin(latitude) ** 2)
    altitude = rho * np.cos(latitude) + r[2] * np.sin(latitude) - n * (1 - E2 * np.sin(latitude) ** 2)
    return latitude, altitude


def slope(t, y, steering):
    r, v = y[:3], y[3:]
    latitude, altitude = geodetic(r)
    density, pressure, sound = air(altitude)
    u = v - np.cross([0, 0, OMEGA], r)
    speed = np.linalg.norm(u)
    if steering is None:
        return np.concatenate([v, gravity(r) - density * speed / (2 * BETA) * u])
    flow = THRUST / (G0 * IMPULSE)
    mass = PROPELLANT + DRY + PAYLOAD - flow * t
    drag = density * speed * np.interp(speed / sound, MACH, CD) * AREA / (2 * mass) * u
    longitude = np.arctan2(r[1], r[0])
    up = np.array([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude),
                   np.sin(latitude)])
    east = np.array([-np.sin(longitude), np.cos(longitude), 0])
    if steering == "along":
        direction = u / speed
    else:
        angle = PITCH / TURN * (t - RISE) if steering == "turn" else 0.0
        direction = np.cos(angle) * up + np.sin(angle) * (
            np.sin(AZIMUTH) * east + np.cos(AZIMUTH) * np.cross(up, east))
    return np.concatenate([v, gravity(r) - drag + (THRUST - EXIT_AREA * pressure) / mass * direction])


def ground(_t, y, _steering):
    return geodetic(y[:3])[1]


ground.terminal, ground.direction = True, -1


def main():
    n = A / np.sqrt(1 - E2 * np.sin(LATITUDE) ** 2)
    r = np.array([n * np.cos(LATITUDE) * np.cos(LONGITUDE), n * np.cos(LATITUDE) * np.sin(LONGITUDE),
                  n * (1 - E2) * np.sin(LATITUDE)])
    y = np.concatenate([r, np.cross([0, 0, OMEGA], r)])
    burnout = PROPELLANT * G0 * IMPULSE / THRUST
    phases = [(0.0, RISE, "up"), (RISE, RISE + TURN, "turn"), (RISE + TURN, burnout, "along"),
              (burnout, 600.0, None)]
    rows = []
    for start, end, steering in phases:
        # A step across a kink of a table misses its order; short steps keep that below a millimetre.
        done = solve_ivp(slope, (start, end), y, "DOP853", rtol=1e-13, atol=1e-7, max_step=0.1,
                         dense_output=True, args=(steering,),
                         events=ground if steering is None else None)
        stop = done.t[-1]
        rows += [(t, "", *done.sol(t)) for t in np.arange(20 * np.ceil((start + 1e-9) / 20), stop, 20)]
        y = done.y[:, -1]
        rows.append((stop, {"along": "burnout", None: "impact"}.get(steering, steering), *y))
    with (Path(__file__).parent / "flight.csv").open("w") as out:
        out.write("t_s,what,x_m,y_m,z_m,vx_mps,vy_mps,vz_mps\n")
        for t, what, *state in rows:
            out.write(f"{t:.6f},{what}," + ",".join(f"{x:.5f}" for x in state) + "\n")


if __name__ == "__main__":
    main()
