"""Draws what the pages of docs/physics say of the models to docs/pictures/model-FIGURE.png.

draw_models.py [FIGURE...]

Detection, horizon, accuracy and links are computed here from published formulas, not by the program; marks are the
program's numbers, as docs/physics/sensing.md lists them. Infrared, track, delays and engagement show what the program
(LONGWATCH_PROGRAM, build/release/longwatch unless it is set) makes of a shipped study.
"""

import csv
import json
import math
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.ticker import FuncFormatter, PercentFormatter  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
CATALOG = ROOT / "models/catalog"
PICTURES = ROOT / "docs/pictures"
PROGRAM = ROOT / os.environ.get("LONGWATCH_PROGRAM", "build/release/longwatch")
STUDY = ROOT / "studies/trilateral-warning.toml"
RAIDS = ROOT / "studies/layered-defence.toml"
FLIGHTS = 20000

# Okabe and Ito's colours, told apart with every common colour vision.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, RED, PURPLE, GREY, DARK = "#0072B2", "#D55E00", "#CC79A7", "#BBBBBB", "#666666"
# Four arms: earlier ones wider and below, later ones thinner and broken, so that arms that coincide stay visible.
ARM_STYLES = ((GREY, 6.0, "-"), (ORANGE, 4.2, "-"), (BLUE, 2.4, (0, (3, 1.5))), (BLACK, 1.4, (0, (1.5, 2.5))))

R_KM = 6371.0
C_MPS = 299792458.0
PFA = 1e-6


def new_figure(columns: int = 1, height_in: float = 4.5, rows: int = 1, **given: object) -> tuple[Figure, np.ndarray]:
    figure, axes = plt.subplots(rows, columns, squeeze=False, layout="constrained", figsize=(8, height_in), **given)
    for one in axes.flat:
        one.grid(color="#DDDDDD", lw=0.6)
        one.set_axisbelow(True)
        one.spines[["top", "right"]].set_visible(False)
    return figure, axes


def legend_below(figure: Figure, axes: Axes, columns: int, **given: object) -> None:
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=columns, frameon=False, fontsize="small", **given)


@cache
def toml(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def table_of_docs(first_cell: str) -> list[list[str]]:
    """The rows of the table of docs/physics/sensing.md whose head begins with the cell."""
    lines = (ROOT / "docs/physics/sensing.md").read_text(encoding="utf-8").splitlines()
    rows = []
    for line in lines[lines.index(next(x for x in lines if x.startswith(f"| {first_cell} |"))) + 2:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def longwatch(*arguments: str) -> str:
    return subprocess.run([PROGRAM, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


@cache
def replay(study: Path = STUDY, flight: int = 0) -> dict[str, list[dict[str, str]]]:
    """A flight of a study, as rows of its files by their names."""
    with tempfile.TemporaryDirectory() as work:
        longwatch("replay", str(study), "--flight", str(flight), "--device", "cpu", "-o", f"{work}/replay")
        files = {}
        for file in Path(work, "replay").glob("*.csv"):
            with file.open(newline="", encoding="utf-8") as stream:
                files[file.stem] = list(csv.DictReader(stream))
        return files


def column(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float(row[name] or "nan") for row in rows])


# --- Detection -------------------------------------------------------------------------------------------------------


def threshold(pulses: int) -> float:
    """Where the sum of so many pulses of noise alone, a Gamma variable of that order, lies above with PFA."""
    low, high = 0.0, 200.0
    for _ in range(100):
        middle = (low + high) / 2
        above = sum(math.exp(-middle) * middle**j / math.factorial(j) for j in range(pulses))
        low, high = (middle, high) if above > PFA else (low, middle)
    return low


def detection_probability(case: int, pulses: int, snr: float) -> float:
    """That the sum of the pulses lies above the threshold, from the Laplace transform of its density.

    Given the energy E of the signal that is exp(-E s / (1 + s)) / (1 + s)^n, and over an E that is Gamma of order k
    the mean of this, (1 + E/k s / (1 + s))^-k / (1 + s)^n. Inverted by Talbot's method with fixed nodes (Abate and
    Valko, Int. J. Numer. Meth. Engng 60 (2004) 979-993), which is good to 1e-6 here.
    """
    energy, order = pulses * snr, (None, 1, pulses, 2, 2 * pulses)[case]

    def above(s: np.ndarray) -> np.ndarray:
        part = energy * s / (1 + s)
        faded = np.exp(-part) if order is None else (1 + part / order) ** -order
        return (1 - faded / (1 + s) ** pulses) / s

    nodes, end = 32, threshold(pulses)
    angle = np.arange(1, nodes) * np.pi / nodes
    cotangent, scale = 1 / np.tan(angle), 2 * nodes / (5 * end)
    s = scale * angle * (cotangent + 1j)
    slope = 1 + 1j * (angle + (angle * cotangent - 1) * cotangent)
    terms = np.real(np.exp(end * s) * above(s) * slope)
    return float(scale / nodes * (math.exp(end * scale) * np.real(above(scale + 0j)) / 2 + terms.sum()))


def one_pulse_closed_form(case: int, snr: np.ndarray) -> np.ndarray:
    if case == 1:
        return PFA ** (1 / (1 + snr))
    mean = 1 + snr / 2
    return np.exp(math.log(PFA) / mean) * (1 - math.log(PFA) * (mean - 1) / mean**2)


def draw_detection() -> Figure:
    styles = ((BLACK, "-"), (ORANGE, "-"), (RED, (0, (4, 2))), (BLUE, "-"), (SKY, (0, (4, 2))))
    figure, axes = new_figure(2, sharey=True)
    snr_db = np.arange(-5, 30.01, 0.1)
    snr = 10 ** (snr_db / 10)
    for panel, pulses in zip(axes[0], (1, 10)):
        for case in (0, 1, 3) if pulses == 1 else range(5):
            closed = pulses == 1 and case != 0
            pd = one_pulse_closed_form(case, snr) if closed else [detection_probability(case, pulses, x) for x in snr]
            label = {0: "Swerling 0 (steady)"}.get(case, f"Swerling {case}")
            panel.plot(snr_db, pd, color=styles[case][0], ls=styles[case][1], lw=1.8, label=label)
        panel.set_title(f"{pulses} pulses, added noncoherently" if pulses > 1 else "one pulse (2 is as 1, 4 as 3)",
                        fontsize="medium")
        panel.set(xlabel="SNR of one pulse (dB)", xlim=(-5, 30), ylim=(-0.02, 1.02))
        panel.yaxis.set_major_formatter(PercentFormatter(1))
    one, ten = axes[0]
    one.set_ylabel(f"probability of detection (Pfa {PFA:g})")
    for snr_of_row, _, ours in table_of_docs("SNR dB"):
        for pd in ours.split("/"):
            one.plot(float(snr_of_row), float(pd), "o", color=DARK, mfc="white", ms=6, zorder=5)
    quantities = table_of_docs("quantity")
    at = next(k for k, row in enumerate(quantities) if row[0].startswith("ten pulses"))
    for row in quantities[at:at + 2]:
        ten.plot(float(row[2]), 0.9, "o", color=DARK, mfc="white", ms=6, zorder=5)
    ten.plot([], [], "o", color=DARK, mfc="white", ms=6, label="Longwatch")
    legend_below(figure, ten, 6)
    return figure


# --- Horizon ---------------------------------------------------------------------------------------------------------


def altitude_in_view_km(ground_km: np.ndarray, k: float, elevation_deg: float) -> np.ndarray:
    elevation = math.radians(elevation_deg)
    return k * R_KM * (math.cos(elevation) / np.cos(ground_km / (k * R_KM) + elevation) - 1)


def ground_range_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    (lat1, lon1), (lat2, lon2) = np.radians(one), np.radians(other)
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * R_KM * math.asin(math.sqrt(half))


def horizon_marks() -> list[tuple[float, str, list[float]]]:
    """Ground range, name, and altitudes by the program of each row of the table."""
    launches = {"Sunan": (39.2, 125.7), "Sohae": (39.7, 124.7)}
    places = {site["name"].split("-")[-1]: (site["latitude_deg"], site["longitude_deg"])
              for site in toml(CATALOG / "sites.toml")["site"] if "latitude_deg" in site}
    places["ship at 40n 135e"] = (40.0, 135.0)
    marks = []
    for row in table_of_docs("radar"):
        ground_km = ground_range_km(places[row[0].lower()], launches[row[1]])
        marks.append((ground_km, f"{row[0]}, {row[1]}", [float(row[k]) for k in (3, 5, 7)]))
    return sorted(marks)


def draw_horizon() -> Figure:
    figure, ((axes,),) = new_figure(height_in=5)
    ground_km = np.linspace(0, 2000, 401)
    for elevation_deg, colour, face in ((3, ORANGE, "#F8E0B0"), (0, BLUE, "#B9D8EA")):
        straight, bent = (altitude_in_view_km(ground_km, k, elevation_deg) for k in (1, 4 / 3))
        mask = f"{elevation_deg} deg mask" if elevation_deg else "no mask"
        axes.fill_between(ground_km, bent, straight, color=face, lw=0)
        axes.plot(ground_km, straight, color=colour, lw=1.8, label=f"{mask}, straight rays (k = 1)")
        axes.plot(ground_km, bent, color=colour, lw=1.8, ls=(0, (4, 2)), label=f"{mask}, k = 4/3")
    told_km = -math.inf
    for where_km, name, altitudes in horizon_marks():
        for altitude, marker in zip(altitudes, "osD"):
            axes.plot(where_km, altitude, marker, color=BLACK, mfc="white", ms=5, zorder=5)
        axes.plot([where_km, where_km], [altitudes[1], altitudes[2]], color=BLACK, lw=0.6, zorder=4)
        # Names of places at about the same range stand side by side.
        told_km = max(where_km, told_km + 52)
        above_km = float(altitude_in_view_km(np.array(told_km), 1, 3)) + 15
        axes.annotate(name, (where_km, altitudes[2]), (told_km, above_km), rotation=90, ha="center",
                      va="bottom", fontsize="small",
                      arrowprops={"arrowstyle": "-", "color": DARK, "lw": 0.6, "shrinkA": 1, "shrinkB": 3})
    for marker, what in zip("osD", ("k = 1", "k = 4/3", "k = 4/3, 3 deg mask")):
        axes.plot([], [], marker, color=BLACK, mfc="white", ms=5, ls="", label=f"Longwatch, {what}")
    axes.set(xlabel="ground range (km)", ylabel="altitude at which a target comes into view (km)", xlim=(0, 2000),
             ylim=(0, 500))
    axes.legend(loc="upper left", frameon=False, fontsize="small")
    return figure


# --- Accuracy --------------------------------------------------------------------------------------------------------


def sigmas_m(radar: dict, range_km: np.ndarray, gain_db: float) -> tuple[np.ndarray, np.ndarray]:
    """Of range, and of position across the line in either direction, for 1 m2."""
    snr_0 = 10 ** ((radar["reference_snr_db"] + gain_db) / 10)
    snr = snr_0 * (radar["reference_range_km"] / range_km) ** 4 / radar["reference_rcs_m2"]
    along = np.sqrt((C_MPS / (2 * radar["bandwidth_mhz"] * 1e6)) ** 2 / (2 * snr) + radar["range_floor_m"] ** 2)
    angle = np.sqrt((math.radians(radar["beamwidth_deg"]) / 1.6) ** 2 / (2 * snr)
                    + math.radians(radar["angle_floor_deg"]) ** 2)
    return along, range_km * 1e3 * angle


def draw_accuracy() -> Figure:
    figure, axes = new_figure(2)
    for name, colour in (("an-tpy-2", BLUE), ("spy-1", RED), ("uewr", GREEN)):
        radar = toml(CATALOG / f"sensors/{name}.toml")
        range_km = np.geomspace(100, radar["instrumented_range_km"], 200)
        for gain_db, dashes, what in ((0.0, "-", "searching"), (radar["cue_gain_db"], (0, (4, 2)), "cued")):
            for panel, sigma_m in zip(axes[0], sigmas_m(radar, range_km, gain_db)):
                panel.plot(range_km, sigma_m, color=colour, ls=dashes, lw=1.8, label=f"{name}, {what}")
        for panel, floor_m in zip(axes[0], sigmas_m(radar, range_km, math.inf)):
            panel.plot(range_km, floor_m, color=colour, ls=(0, (1, 2)), lw=1.2, label=f"{name}, floor")
    for panel, what in zip(axes[0], ("of range", "across the line")):
        panel.set(xscale="log", yscale="log", xlabel="slant range (km)", ylabel=f"standard deviation {what} (m)")
        panel.set_xticks((100, 200, 500, 1000, 2000, 5000), minor=False)
        panel.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        panel.xaxis.set_minor_formatter("")
        panel.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.0f}"))
    axes[0, 0].set_ylim(3, 100)
    axes[0, 0].set_yticks((5, 10, 20, 50, 100), minor=False)
    axes[0, 0].yaxis.set_minor_formatter("")
    legend_below(figure, axes[0, 0], 3, handlelength=3)
    return figure


# --- Infrared --------------------------------------------------------------------------------------------------------


def draw_brightness(axes: Axes) -> None:
    sensor = toml(CATALOG / "sensors/heo-infrared.toml")
    table = sensor["brightness"]
    axes.plot(table["altitude_km"], table["factor"], color=BLACK, lw=1.8, marker="o", ms=4, clip_on=False,
              label="factor on a plume's intensity")
    for threat, stage, colour in (("irbm-liquid", 1, GREEN), ("icbm-solid", 3, BLUE), ("icbm-light-liquid", 2, RED)):
        intensity = toml(CATALOG / f"threats/{threat}.toml")["stage"][stage - 1]["plume_intensity_kwpsr"]
        least = sensor["threshold_kwpsr"] / intensity
        axes.axhline(least, color=colour, lw=1.4, ls=(0, (4, 2)))
        axes.text(200, least + 0.012, f"{threat}, stage {stage}", color=colour, fontsize="small", ha="right",
                  va="bottom")
    axes.plot([], [], color=DARK, lw=1.4, ls=(0, (4, 2)),
              label="least factor that is noticed:\nthreshold over intensity")
    axes.legend(loc="upper right", frameon=False, fontsize="small")
    axes.set(xlabel="altitude (km)", ylabel="brightness factor", xlim=(0, 200), ylim=(0, 1.05))
    axes.set_title("heo-infrared", fontsize="medium")


def draw_scans(axes: Axes) -> None:
    scans = replay()["scans"]
    sensor = scans[0]["sensor"]
    scans = [scan for scan in scans if scan["sensor"] == sensor]
    history = [row for row in replay()["history"] if row["phase"] == "boost"]
    end_s, top_km = float(scans[-1]["t_s"]) + 4, float(scans[-1]["altitude_m"]) / 1e3 * 1.15
    axes.plot(column(history, "t_s"), column(history, "altitude_m") / 1e3, color=GREY, lw=1.6, label="flight, boosting",
              zorder=1)
    cloud_top_km = float(scans[0]["cloud_top_m"]) / 1e3
    axes.axhspan(0, cloud_top_km, color="#EEF2F5", lw=0, zorder=0)
    axes.axhline(cloud_top_km, color=DARK, lw=1, ls=(0, (4, 2)), label="cloud top drawn for this flight")
    kinds = ((("1", "1"), "hit", {"marker": "o", "color": RED}),
             (("1", "0"), "visible, not detected", {"marker": "o", "color": BLUE, "mfc": "white"}),
             (("0", "0"), "not visible", {"marker": "x", "color": BLACK}))
    for kind, label, style in kinds:
        of_kind = [scan for scan in scans if (scan["visible"], scan["hit"]) == kind]
        if of_kind:
            axes.plot(column(of_kind, "t_s"), column(of_kind, "altitude_m") / 1e3, ls="", ms=7, mew=1.6, clip_on=False,
                      label=f"scan: {label}", zorder=5, **style)
    axes.set(xlabel="time after ignition (s)", ylabel="altitude (km)", xlim=(0, end_s), ylim=(0, top_km))
    axes.set_title(f"{sensor}, flight 0", fontsize="medium")
    axes.legend(loc="upper left", frameon=False, fontsize="small")


def draw_infrared() -> Figure:
    figure, ((left, right),) = new_figure(2)
    draw_brightness(left)
    draw_scans(right)
    return figure


# --- Track -----------------------------------------------------------------------------------------------------------


def draw_track() -> Figure:
    node, figure_end_s = "jp-fusion", 400
    figure, ((ellipse, arrival),) = new_figure(2)
    arms = [arm["name"] for arm in toml(STUDY)["arm"]]
    for arm, (colour, width, dashes) in zip(arms, ARM_STYLES):
        rows = [row for row in replay()["estimates"]
                if (row["arm"], row["node"]) == (arm, node) and float(row["t_s"]) <= figure_end_s]
        t_s = column(rows, "t_s")
        ellipse.plot(t_s, column(rows, "impact_half_axis_major_m") / 1e3, color=colour, lw=width, ls=dashes, label=arm)
        arrival.plot(t_s, column(rows, "time_sigma_s"), color=colour, lw=width, ls=dashes)
    asked_km = sorted({consumer["impact_sigma_km"] for consumer in toml(STUDY)["consumer"]})
    for one, way in zip(asked_km, ("top", "bottom")):
        ellipse.axhline(one, color=RED, lw=1.2, zorder=1)
        ellipse.text(figure_end_s, one * (0.92 if way == "top" else 1.08), f"asked for: {one:g} km", color=RED,
                     fontsize="small", ha="right", va=way)
    ellipse.set(ylabel="longer half axis of the impact's ellipse (km)", ylim=(0.03, 2000))
    arrival.set(ylabel="standard deviation of the time of impact (s)", ylim=(0.005, 300))
    for axes in (ellipse, arrival):
        axes.set(xlabel="time after ignition (s)", yscale="log", xlim=(150, figure_end_s))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
    figure.suptitle(f"{node}, flight 0", fontsize="medium")
    legend_below(figure, ellipse, 4, handlelength=4)
    return figure


# --- Links -----------------------------------------------------------------------------------------------------------


def draw_links() -> Figure:
    rng, draws = np.random.default_rng(1), 2_000_000
    slot_period_s, service_s, load, loss, retransmit_s = 12.0, 1.0, 0.8, 0.1, 3.0
    latency_s = 2.0 * np.exp(0.3 * rng.standard_normal(draws))
    slot_s = slot_period_s * rng.random(draws)
    # P(wait > t) = load exp(-(1 - load) t / service), and then the service itself.
    busy = rng.random(draws) < load
    queue_s = service_s + busy * rng.exponential(service_s / (1 - load), draws)
    lost_s = retransmit_s * (rng.geometric(1 - loss, draws) - 1)
    figure, ((axes,),) = new_figure()
    t_s, total_s = np.linspace(0, 50, 501), np.zeros(draws)
    for part_s, label, colour in ((latency_s, "latency: lognormal, median 2 s", GREY),
                                  (slot_s, "and one slot in 12 s", ORANGE),
                                  (queue_s, "and a queue: service 1 s, load 0.8", BLUE),
                                  (lost_s, "and loss 0.1, sent again after 3 s", BLACK)):
        total_s = total_s + part_s
        later = 1 - np.searchsorted(np.sort(total_s), t_s, side="right") / draws
        axes.plot(t_s[later > 0], later[later > 0], color=colour, lw=2, label=f"{label} (mean {total_s.mean():.1f} s)")
    axes.set(xlabel="time a message takes on the link (s)", ylabel="messages that take longer", yscale="log",
             xlim=(0, 50), ylim=(1e-3, 1.2))
    axes.set_yticks([1, 0.1, 0.01, 1e-3], ["100%", "10%", "1%", "0.1%"])
    axes.legend(loc="upper right", frameon=False, fontsize="small")
    return figure


# --- Delays ----------------------------------------------------------------------------------------------------------


def flown(study: Path, flights: int) -> dict:
    with tempfile.TemporaryDirectory() as work:
        longwatch("run", str(study), "--flights", str(flights), "--device", "cpu", "--quiet", "-o",
                  f"{work}/result.h5")
        return json.loads(longwatch("show", f"{work}/result.h5", "--json"))


def draw_delays() -> Figure:
    result = flown(STUDY, FLIGHTS)
    parts = {"geometry": GREY, "detection": BLACK, "confirmation": ORANGE, "processing": SKY, "link": BLUE,
             "release": GREEN, "decision": RED}
    arms = [arm["name"] for arm in result["arms"]]
    consumers = [consumer["name"] for consumer in result["arms"][0]["consumers"]]
    figure, axes = new_figure(rows=len(consumers), height_in=6.8, sharex=True)
    for k, (panel, consumer) in enumerate(zip(axes[:, 0], consumers)):
        delays = [arm["consumers"][k]["delay_s"] for arm in result["arms"]]
        left = np.zeros(len(arms))
        for part, colour in parts.items():
            mean_s = np.array([delay[part]["mean"]["value"] for delay in delays])
            panel.barh(arms, mean_s, left=left, color=colour, height=0.8, label=part)
            left += mean_s
        for arm, total_s in zip(arms, left):
            panel.text(total_s + 4, arm, f"{total_s:.0f} s", va="center", fontsize="small")
        panel.invert_yaxis()
        panel.tick_params(axis="y", length=0, labelsize="small")
        panel.grid(visible=False, axis="y")
        panel.set_title(consumer, fontsize="medium", loc="left")
    axes[-1, 0].set_xlim(0, 1.05 * axes[-1, 0].get_xlim()[1])
    axes[-1, 0].set_xlabel("time from ignition to acting, mean over the flights with a message (s)")
    legend_below(figure, axes[0, 0], len(parts), handlelength=1.2, columnspacing=1.2)
    return figure


def draw_battlespace(axes: Axes, flight: int, arms: tuple[str, str]) -> None:
    """Latest launch against intercept, per battery; who commits when in two arms, and what is fired."""
    files = replay(RAIDS, flight)
    colours = dict(zip(dict.fromkeys(row["battery"] for row in files["battlespace"]), (BLUE, ORANGE, GREEN)))
    for battery, colour in colours.items():
        rows = [row for row in files["battlespace"] if row["battery"] == battery]
        axes.plot(column(rows, "t_intercept_s"), column(rows, "latest_launch_s"), color=colour, lw=2.5, label=battery)
        for arm, dashes in zip(arms, ("-", (0, (2, 2)))):
            commit = column([row for row in files["engagement"]
                             if row["arm"] == arm and row["battery"] == battery], "t_commit_s")
            axes.axhline(commit[0], color=colour, lw=1, ls=dashes, alpha=0.8)
    for arm, marker in zip(arms, ("o", "D")):
        shots = [row for row in files["shots"] if row["arm"] == arm]
        axes.scatter(column(shots, "t_intercept_s"), column(shots, "t_launch_s"), marker=marker, s=36, zorder=3,
                     facecolors=[colours[row["battery"]] if row["hits"] == "1" else "white" for row in shots],
                     edgecolors=[colours[row["battery"]] for row in shots], linewidths=1.4)
    axes.plot([], [], color=DARK, lw=1, label=f"may launch, {arms[0]}")
    axes.plot([], [], color=DARK, lw=1, ls=(0, (2, 2)), label=f"may launch, {arms[1]}")
    for arm, marker in zip(arms, ("o", "D")):
        axes.scatter([], [], marker=marker, s=36, facecolors=DARK, edgecolors=DARK,
                     label=f"shot, {arm} (open: no hit)")
    axes.set_xlabel("intercept, since ignition (s)")
    axes.set_ylabel("launch, since ignition (s)")
    axes.set_title(f"One flight of a raid (flight {flight})", fontsize="medium", loc="left")
    axes.legend(frameon=False, fontsize="x-small", loc="upper left")


def draw_leakers(axes: Axes) -> None:
    result = flown(RAIDS, 5 * FLIGHTS)
    most = max(k for arm in result["arms"] for k, p in enumerate(arm["engagement"]["p_leakers"]) if p["value"] > 0)
    for place, (arm, colour) in enumerate(zip(result["arms"], (GREY, ORANGE, BLUE, BLACK))):
        p = arm["engagement"]["p_leakers"][:most + 1]
        x = np.arange(most + 1) + 0.2 * (place - 1.5)
        value = np.array([one["value"] for one in p])
        spread = np.abs([[one["value"] - one["low"] for one in p], [one["high"] - one["value"] for one in p]])
        axes.bar(x, value, width=0.2, color=colour, label=arm["name"])
        axes.errorbar(x, value, yerr=spread, fmt="none", ecolor=DARK, elinewidth=1)
    axes.set_yscale("log")
    axes.set_ylim(bottom=3e-5)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda part, _: f"{100 * part:g} %"))
    axes.set_xlabel(f"leakers of a raid of {result['raid_size']}")
    axes.set_ylabel("raids")
    axes.set_title("Leakage by arm, with 95 % intervals", fontsize="medium", loc="left")
    axes.legend(frameon=False, fontsize="x-small")


def draw_engagement() -> Figure:
    figure, axes = new_figure(2, height_in=4.2)
    draw_battlespace(axes[0, 0], 2, ("national-only", "via-us-hub"))
    draw_leakers(axes[0, 1])
    return figure


FIGURES: dict[str, Callable[[], Figure]] = {
    "detection": draw_detection, "horizon": draw_horizon, "accuracy": draw_accuracy, "infrared": draw_infrared,
    "track": draw_track, "links": draw_links, "delays": draw_delays, "engagement": draw_engagement}


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        raise SystemExit(f"draw_models: no figure {', '.join(unknown)} (known: {', '.join(FIGURES)})")
    for name in names or FIGURES:
        figure = FIGURES[name]()
        figure.savefig(PICTURES / f"model-{name}.png", dpi=150, metadata={"Software": None})
        plt.close(figure)


if __name__ == "__main__":
    main(sys.argv[1:])
