"""ARC-2000 by heyoka's Taylor integrator in batches: 8 flights a batch in lanes of AVX-512, LLVM's fast code.

Settings: the tolerance, and how many flights a batch has (more amortise what Python takes). Variants b and c use its own
event detection, whose callbacks are Python. From 1930 s on steps are held to 8 s: Taylor's series about a place in vacuum does
not see the air that a long step would enter.
"""

import heyoka as hy
import numpy as np
from peer import DENSITY, J2, MU, RADARS, RADIUS, ROTATION, SCALE_HEIGHT, serve

TOLERANCES = [1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12]
BATCHES = [8, 32]
SETTINGS = [(t, b) for b in BATCHES for t in TOLERANCES]


def dynamics() -> list:
    x, y, z, u, v, w = hy.make_vars("x", "y", "z", "u", "v", "w")
    d2 = hy.sum([x * x, y * y, z * z])
    q = 1.0 / d2
    d = hy.sqrt(d2)
    g = -MU * q / d
    k = 1.5 * J2 * RADIUS**2 * q
    z2 = 5.0 * z * z * q
    level, polar = g * (1.0 + k * (1.0 - z2)), g * (1.0 + k * (3.0 - z2))
    p, r = u + ROTATION * y, v - ROTATION * x
    drag = (-0.5 * DENSITY * hy.par[0]) * hy.exp((RADIUS - d) * (1 / SCALE_HEIGHT)) * hy.sqrt(hy.sum([p * p, r * r, w * w]))
    return [(x, u), (y, v), (z, w), (u, level * x + drag * p), (v, level * y + drag * r), (w, polar * z + drag * w)]


def heights() -> list:
    """Positive over each radar's horizon, as peer.hpp has it."""
    x, y, z = hy.make_vars("x", "y", "z")
    out = []
    for latitude, longitude, mask in RADARS:
        a = ROTATION * hy.time + longitude
        along = np.cos(latitude) * (x * hy.cos(a) + y * hy.sin(a)) + np.sin(latitude) * z
        d2 = x * x + y * y + z * z - 2 * RADIUS * along + RADIUS**2
        out.append(along - RADIUS - np.sin(mask) * hy.sqrt(d2))
    return out


class Racer:
    """One compiled integrator."""

    def __init__(self, variant: str, tolerance: float, batch: int) -> None:
        self.batch, self.variant = batch, variant
        more = {}
        if variant != "a":
            x, y, z = hy.make_vars("x", "y", "z")
            ground = x * x + y * y + z * z - RADIUS**2
            more["t_events"] = [hy.t_event_batch(ground, direction=hy.event_direction.negative)]
        if variant == "c":
            self.over = np.full((4, batch), 1e30)

            def of(k: int):
                def passed(_, time: float, sign: int, lane: int) -> None:
                    if sign > 0:
                        self.over[2 * k, lane] = min(self.over[2 * k, lane], time)
                    else:
                        self.over[2 * k + 1, lane] = time
                return passed
            more["nt_events"] = [hy.nt_event_batch(g, callback=of(k)) for k, g in enumerate(heights())]
        self.taylor = hy.taylor_adaptive_batch(dynamics(), np.ones((6, batch)), tol=tolerance, pars=np.zeros((1, batch)),
                                               high_accuracy=False, compact_mode=False, **more)
        self.zero = [0.0] * batch
        self.outside, self.longest = [1930.0] * batch, [8.0] * batch
        self.until = [2000.0 if variant == "a" else 20000.0] * batch

    def fly(self, table: np.ndarray) -> np.ndarray:
        count, batch, taylor = table.shape[1], self.batch, self.taylor
        ends = np.empty((8, count))
        for i in range(0, count, batch):
            pick = slice(i, i + batch)
            taylor.set_time(self.zero)
            taylor.state[:] = table[:6, pick]
            taylor.pars[0] = table[6, pick]
            if self.variant != "a":
                taylor.reset_cooldowns()
            if self.variant == "c":
                self.over[:] = 1e30
            self.advance()
            ends[0, pick] = taylor.time
            ends[1:4, pick] = taylor.state[:3]
            if self.variant == "c":
                ends[4:, pick] = self.over
        return ends

    def advance(self) -> None:
        taylor = self.taylor
        if self.variant == "a":
            taylor.propagate_until(self.outside)
            taylor.propagate_until(self.until, max_delta_t=self.longest)
            return
        # To 1930 s; then a lane that has landed stays: its longest step is none.
        taylor.propagate_until(self.outside)
        moves = np.full(self.batch, 8.0)
        while moves.any():
            taylor.step(list(moves))
            for lane, (outcome, _) in enumerate(taylor.step_res):
                if outcome == hy.taylor_outcome(-1):
                    moves[lane] = 0.0


RACERS: dict[tuple[str, int], Racer] = {}


def fly(table: np.ndarray, variant: str, setting: int) -> np.ndarray:
    key = (variant, setting)
    if key not in RACERS:
        RACERS[key] = Racer(variant, *SETTINGS[setting])
    return RACERS[key].fly(table)


serve([f"{t:g}, batch of {b}" for t, b in SETTINGS], fly)
