"""What a Python program that races on ARC-2000 does besides flying; see peer.hpp for the requests and the files."""

import os
import sys
import time
from collections.abc import Callable

import numpy as np

MU, RADIUS, J2, ROTATION = 398600.4418, 6378.137, 1.08262668e-3, 7.292115e-5
DENSITY, SCALE_HEIGHT = 1.225e3, 7.2  # at the ground, for areas in m2 and the rest in km: kg/(km m2), km
# Latitude, longitude and mask, rad.
RADARS = np.radians([[14.0, 30.0, 3.0], [28.0, 64.0, 3.0]])

# What libraries print would mix with the answers.
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

Fly = Callable[[np.ndarray, str, int], np.ndarray]


def serve(settings: list[str], fly: Fly, seconds: Callable[[], float] = time.process_time) -> None:
    """Answers requests. fly(table [7, n], variant, setting) returns ends [4 or 8, n]; seconds() is the clock that tells how
    long it took.

    A first flight of a few compiles what is compiled on the way; how long that takes is told on standard error.
    """
    table = np.fromfile(sys.argv[1]).reshape(7, -1)
    print("\t".join(settings), file=ANSWERS, flush=True)
    warm = set()
    for line in sys.stdin:
        variant, setting, count, path = line.split()
        flights = np.ascontiguousarray(table[:, : int(count)])
        key = (variant, setting, count)
        if key not in warm:
            begin = time.perf_counter()
            fly(flights, variant, int(setting))
            print(f"prepared {variant} {setting} in {time.perf_counter() - begin:.3f} s", file=sys.stderr, flush=True)
            warm.add(key)
        begin = seconds()
        ends = fly(flights, variant, int(setting))
        took = seconds() - begin
        np.ascontiguousarray(ends, dtype=float).tofile(path)
        print(f"{took:.9f}", file=ANSWERS, flush=True)
