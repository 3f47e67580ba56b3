"""Draws a replayed flight: altitude against time and against range, speed, ground track.

draw_flight.py REPLAY PICTURE
"""

import csv
import json
import math
import sys
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402

# Of Okabe and Ito's colours, told apart with every common colour vision; lines also differ in width and dashes.
FLIGHT, BOOST, GREY = "#0072B2", "#D55E00", "#666666"
MARKERS = {"ignition": "o", "burnout": "s", "apogee": "^", "down through 100 km": "v", "impact": "X"}


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def columns(rows: list[dict[str, str]]) -> dict[str, np.ndarray]:
    """Every column that holds numbers, empty cells as NaN."""
    out = {}
    for key in rows[0]:
        try:
            out[key] = np.array([float(row[key] or "nan") for row in rows])
        except ValueError:
            continue
    return out


class Picture:
    def __init__(self, folder: Path) -> None:
        rows = table(folder, "history.csv")
        self.index = json.loads((folder / "replay.json").read_text(encoding="utf-8"))
        self.path = columns(rows)
        self.boost = np.array([row["phase"] == "boost" for row in rows])
        self.events = [row for row in table(folder, "events.csv") if row["event"] in MARKERS]
        self.marks = columns(self.events)
        for part in (self.path, self.marks):
            part["longitude_deg"] = np.unwrap(part["longitude_deg"], period=360)
            part["t_min"] = part["t_s"] / 60
            part["range_km"] = part["ground_range_m"] / 1000
            part["altitude_km"] = part["altitude_m"] / 1000
            part["inertial_kmps"] = part["speed_inertial_mps"] / 1000
            part["relative_kmps"] = part["speed_relative_mps"] / 1000

    def line(self, axes: Axes, x: str, y: str) -> None:
        axes.plot(self.path[x], self.path[y], color=FLIGHT, lw=1.6, zorder=2)
        axes.plot(self.path[x][self.boost], self.path[y][self.boost], color=BOOST, lw=3.2, zorder=3,
                  solid_capstyle="butt")
        self.mark(axes, x, y)

    def mark(self, axes: Axes, x: str, y: str) -> None:
        for k, event in enumerate(self.events):
            axes.plot(self.marks[x][k], self.marks[y][k], MARKERS[event["event"]], color="black", ms=6.5, mfc="white",
                      mew=1.2, zorder=5, clip_on=False)

    def altitude(self, over_time: Axes, over_range: Axes) -> None:
        self.line(over_time, "t_min", "altitude_km")
        self.line(over_range, "range_km", "altitude_km")
        over_time.set(xlabel="time after ignition (min)", ylabel="altitude (km)")
        over_range.set(xlabel="ground range from launch (km)", ylabel="altitude (km)")
        for axes in (over_time, over_range):
            axes.set_xlim(left=0)
            axes.set_ylim(bottom=0)

    def speed(self, axes: Axes) -> None:
        self.line(axes, "t_min", "inertial_kmps")
        axes.plot(self.path["t_min"], self.path["relative_kmps"], color=GREY, lw=1.2, ls=(0, (4, 2)), zorder=1)
        axes.set(xlabel="time after ignition (min)", ylabel="speed (km/s)")
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)

    def ground_track(self, axes: Axes) -> None:
        self.line(axes, "longitude_deg", "latitude_deg")
        latitudes, longitudes = self.path["latitude_deg"], self.path["longitude_deg"]
        middle = math.cos(math.radians((latitudes.min() + latitudes.max()) / 2))
        # At least half as high as wide, in kilometres, so that a track along a parallel has room.
        span = max(longitudes.max() - longitudes.min(), 2 * (latitudes.max() - latitudes.min()) / middle) * 1.15
        low = (longitudes.min() + longitudes.max() - span) / 2
        axes.set_xlim(low, low + span)
        height = max(span * middle * 0.62, (latitudes.max() - latitudes.min()) * 1.2)
        bottom = (latitudes.min() + latitudes.max() - height) / 2
        axes.set_ylim(bottom, bottom + height)
        axes.set_aspect(1 / middle)
        axes.set(xlabel="longitude", ylabel="latitude")
        axes.xaxis.set_major_formatter(lambda x, _: degrees((x + 180) % 360 - 180, "E", "W"))
        axes.yaxis.set_major_formatter(lambda y, _: degrees(y, "N", "S"))
        axes.xaxis.set_major_locator(plt.MaxNLocator(6, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_locator(plt.MaxNLocator(5, steps=[1, 2, 5, 10]))

    def legend(self, figure: plt.Figure) -> None:
        handles = [plt.Line2D([], [], color=BOOST, lw=3.2, label="boost"),
                   plt.Line2D([], [], color=FLIGHT, lw=1.6, label="free flight; speed inertial"),
                   plt.Line2D([], [], color=GREY, lw=1.2, ls=(0, (4, 2)), label="speed relative to the Earth")]
        handles += [plt.Line2D([], [], color="black", ls="", marker=MARKERS[event["event"]], ms=6.5, mfc="white", mew=1.2,
                               label=f"{event['event']}, {clock(float(event['t_s']))}") for event in self.events]
        figure.legend(handles=handles, loc="lower center", ncols=4, frameon=False, fontsize=8.5)

    def draw(self, path: Path) -> None:
        figure, ((by_time, by_range), (speed, track)) = plt.subplots(2, 2, figsize=(10, 7.6))
        self.altitude(by_time, by_range)
        self.speed(speed)
        self.ground_track(track)
        for axes in (by_time, by_range, speed, track):
            axes.grid(color="#DDDDDD", lw=0.6)
            axes.set_axisbelow(True)
            axes.spines[["top", "right"]].set_visible(False)
        apogee = self.marks["altitude_km"].max()
        figure.suptitle(f"{self.index['threat']} (notional): apogee {apogee:.0f} km, "
                        f"range {self.path['range_km'][-1]:.0f} km, {clock(self.path['t_s'][-1])}", fontsize=12)
        self.legend(figure)
        figure.tight_layout(rect=(0, 0.075, 1, 1))
        figure.savefig(path, dpi=110, metadata={"Software": None})
        plt.close(figure)


def degrees(x: float, positive: str, negative: str) -> str:
    side = "" if abs(x) in (0, 180) else f" {positive if x > 0 else negative}"
    return f"{abs(x):g}°{side}"


def clock(t_s: float) -> str:
    """Minutes and seconds, as 4:07."""
    whole = round(t_s)
    return f"{whole // 60}:{whole % 60:02d} min"


if __name__ == "__main__":
    Picture(Path(sys.argv[1])).draw(Path(sys.argv[2]))
