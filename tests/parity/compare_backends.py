"""Compares what two backends made of the same flights: compare_backends.py PROGRAM CPU_RESULT OTHER_RESULT.

The written bound. Backends differ in the last digits (fused multiply-add, mathematical functions), so a
flight that stands on a threshold (a detection, a commit, a kill) may fall to either side, and its message
then comes by another look, link or sensor. Hence:
- every flight ends in the same fate;
- in each count at most one flight in 500 differs, or two, and the rest of its raid with it; each count that differs is
  listed;
- mean warning times and gains differ by at most 0.1 ms where the counts agree. A flight on a threshold may
  bring any warning time, so means beyond that are listed, and must stay within a tenth of their own 95 %
  interval.
Exit status 1 if the bound is not kept.
"""

import json
import subprocess
import sys
from collections.abc import Iterator

ON_THRESHOLD_FRAC = 1 / 500
ON_THRESHOLD_LEAST = 2
MEAN_BOUND_S = 1e-4
MEAN_BOUND_INTERVAL_FRAC = 0.1

Estimate = dict[str, float] | None


def shown(program: str, file: str) -> dict:
    return json.loads(subprocess.run([program, "show", file, "--json"], check=True,
                                     capture_output=True, text=True).stdout)


def counts(result: dict) -> Iterator[tuple[str, int]]:
    """Every count of a result, by a name that says what it is."""
    for arm in result["arms"]:
        for consumer in arm["consumers"]:
            for key in ("p_warned", "p_too_late", "p_none"):
                if consumer[key]:
                    yield (f"{arm['name']}, {consumer['name']}: {key}",
                           round(consumer[key]["value"] * consumer["flights"]))
        engagement = arm["engagement"]
        if engagement["pk"]:
            yield f"{arm['name']}: killed", round(engagement["pk"]["value"] * engagement["flights"])
        for battery in engagement["batteries"]:
            for key in ("engaged", "killed"):
                yield f"{arm['name']}, {battery['name']}: {key}", battery[key]
    for pair in result["paired"]:
        for key in ("newly_reached", "lost_message", "newly_warned", "lost_warning"):
            yield f"{pair['arm']} against {pair['versus']}, {pair['consumer']}: {key}", pair[key]


def means(result: dict) -> Iterator[tuple[str, Estimate]]:
    for arm in result["arms"]:
        for consumer in arm["consumers"]:
            times = consumer["warning_time_s"]
            yield f"{arm['name']}, {consumer['name']}: mean warning time", times and times["mean"]
    for pair in result["paired"]:
        yield f"{pair['arm']} against {pair['versus']}, {pair['consumer']}: mean gain", pair["gain_s"]


def compare(first: dict, second: dict) -> bool:
    """Prints what differs; true if the bound is kept."""
    kept = first["flights"] == second["flights"] and first["fates_by_threat"] == second["fates_by_threat"]
    if not kept:
        print(f"fates differ: {first['fates_by_threat']} and {second['fates_by_threat']}")
    allowed = max(ON_THRESHOLD_LEAST, int(first["flights"] * ON_THRESHOLD_FRAC)) * first["raid_size"]

    compared = 0
    for (name, a), (other_name, b) in zip(counts(first), counts(second), strict=True):
        assert name == other_name
        compared += 1
        if a != b:
            within = abs(a - b) <= allowed
            print(f"{name}: {a} and {b} flights{'' if within else f', beyond {allowed}'}")
            kept = kept and within

    largest_s = 0.0
    for (name, a), (other_name, b) in zip(means(first), means(second), strict=True):
        assert name == other_name
        if not a or not b:
            continue
        difference_s = abs(a["value"] - b["value"])
        largest_s = max(largest_s, difference_s)
        if difference_s > MEAN_BOUND_S:
            bound_s = MEAN_BOUND_INTERVAL_FRAC * (a["high"] - a["low"])
            within = difference_s <= bound_s
            print(f"{name}: {difference_s:.6f} s apart{'' if within else f', beyond {bound_s:.6f} s'}")
            kept = kept and within
    print(f"{first['device']} and {second['device']}, {first['flights']} flights: {compared} counts "
          f"compared, means at most {largest_s:.2g} s apart: {'within' if kept else 'NOT within'} the bound")
    return kept


if __name__ == "__main__":
    program, first_file, second_file = sys.argv[1:]
    sys.exit(0 if compare(shown(program, first_file), shown(program, second_file)) else 1)
