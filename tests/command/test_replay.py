"""The verb replay as a user meets it: its files, what they agree with, and what it refuses.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

import csv
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from datetime import datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
STUDY = ROOT / "studies/trilateral-warning.toml"
KML = "{http://www.opengis.net/kml/2.2}"
GX = "{http://www.google.com/kml/ext/2.2}"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def longwatch(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL, **options)


def replay(folder: Path, *arguments: object, flight: object = 0) -> subprocess.CompletedProcess[str]:
    return longwatch("replay", STUDY, "--flight", flight, "-o", folder, "--device", "cpu", *arguments)


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("replayed") / "flight"
    return folder, replay(folder)


def test_a_replay_prints_tables_and_ends_with_its_folder(replayed) -> None:
    folder, done = replayed
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout.splitlines()[-1] == str(folder)
    for word in ("apogee", "impact", "via-us-hub", "sapporo", "jp-aegis-west"):
        assert word in done.stdout


def test_the_index_names_every_file_and_no_other(replayed) -> None:
    folder, _ = replayed
    index = json.loads((folder / "replay.json").read_text())
    assert index["file_type"] == "longwatch replay"
    assert set(index["files"]) == set(contents(folder)) - {"replay.json"}
    assert all(index["files"].values())
    assert index["flight"] == 0 and index["fate"] == "impact" and len(index["arms"]) == 4


def test_every_column_is_documented(replayed) -> None:
    folder, _ = replayed
    page = (ROOT / "docs/replay.md").read_text()
    for path in sorted(folder.glob("*.csv")):
        section = page.split(f"## {path.name}\n", 1)
        assert len(section) == 2, path.name
        text = section[1].split("\n## ", 1)[0]
        for column in path.read_text().splitlines()[0].split(","):
            assert f"`{column}`" in text, (path.name, column)


def test_rows_are_as_wide_as_their_header_and_hold_finite_numbers(replayed) -> None:
    folder, _ = replayed
    for path in folder.glob("*.csv"):
        lines = path.read_text().splitlines()
        assert len(lines) > 1 or path.name == "shots.csv", path.name  # nobody may have fired
        assert {line.count(",") for line in lines} == {lines[0].count(",")}, path.name
        assert not any(word in path.read_text() for word in ("nan", "inf,", "e+30")), path.name


def test_a_run_of_that_flight_gives_the_same_warning_times(replayed, tmp_path: Path) -> None:
    folder, _ = replayed
    result = tmp_path / "r.h5"
    assert longwatch("run", STUDY, "-o", result, "--flights", 1, "--device", "cpu").returncode == 0
    told = json.loads(longwatch("show", result, "--json").stdout)
    checked = 0
    rows = {(row["arm"], row["consumer"]): row for row in table(folder, "messages.csv")}
    for arm in told["arms"]:
        for consumer in arm["consumers"]:
            row = rows[arm["name"], consumer["name"]]
            assert (consumer["flights"] == 1) == (row["outcome"] != "not concerned")
            if consumer["warning_time_s"]:
                # One flight: the mean is the flight's own time, whole microseconds.
                assert round(consumer["warning_time_s"]["mean"]["value"] * 1e6) == int(row["warning_time_us"])
                checked += 1
    assert checked >= 8


def test_the_history_goes_up_and_comes_down_at_the_events(replayed) -> None:
    folder, _ = replayed
    rows = table(folder, "history.csv")
    times = [float(row["t_s"]) for row in rows]
    assert times == sorted(times) and times[0] == 0
    events = {row["event"]: row for row in table(folder, "events.csv")}
    highest = max(float(row["altitude_m"]) for row in rows)
    apogee = float(events["apogee"]["altitude_m"])
    # A sample every ten seconds misses the top by less than g (5 s)^2 / 2.
    assert 0 <= apogee - highest < 125
    assert float(events["impact"]["t_s"]) == times[-1]
    assert abs(float(events["impact"]["altitude_m"])) < 0.01
    samples = [float(row["t_s"]) for row in rows if row["row"] == "sample"]
    burnout = float(events["burnout"]["t_s"])
    assert samples[:3] == [0, 1, 2]
    assert all(later - earlier <= 10 for earlier, later in zip(samples, samples[1:]))
    assert all(t % 10 == 0 for t in samples if t > burnout + 10)


def test_one_arm_alone_has_the_rows_it_has_among_all(replayed, tmp_path: Path) -> None:
    folder, _ = replayed
    assert replay(tmp_path / "one", "--arm", "via-us-hub").returncode == 0
    for name in ("messages.csv", "tracks.csv", "engagement.csv"):
        of_all = [row for row in table(folder, name) if row["arm"] == "via-us-hub"]
        assert of_all and table(tmp_path / "one", name) == of_all
    for name in ("history.csv", "looks.csv", "inputs.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (folder / name).read_bytes()


def test_a_replay_replaces_a_replay_and_leaves_what_else_is_there(replayed, tmp_path: Path) -> None:
    folder, _ = replayed
    place = tmp_path / "place"
    place.mkdir()  # an empty folder takes a replay
    assert replay(place, flight=3).returncode == 0
    (place / "notes.txt").write_text("mine")
    assert replay(place).returncode == 0
    now = contents(place)
    assert now.pop("notes.txt") == b"mine"
    assert now == contents(folder)


def test_seed_and_flight_change_the_flight(replayed, tmp_path: Path) -> None:
    folder, _ = replayed
    assert replay(tmp_path / "seed", "--seed", 1).returncode == 0
    assert (tmp_path / "seed/history.csv").read_bytes() != (folder / "history.csv").read_bytes()


def test_a_flight_beyond_the_study_is_flown_and_remarked(tmp_path: Path) -> None:
    done = replay(tmp_path / "far", flight=10**9)
    assert done.returncode == 0 and "beyond the 200000" in done.stderr


# --- KML -----------------------------------------------------------------------------------------

# Order of elements in the OGC schema (12-007r2), those that can occur here.
FEATURE = ["name", "visibility", "open", "description", "LookAt", "Camera", "TimeStamp", "TimeSpan", "styleUrl",
           "Style", "Region", "ExtendedData"]
ORDER = {
    "Document": FEATURE + ["Placemark", "Folder"],
    "Folder": FEATURE + ["Placemark", "Folder"],
    "Placemark": FEATURE + ["Point", "LineString", "Track"],
    "Style": ["IconStyle", "LabelStyle", "LineStyle"],
    "IconStyle": ["color", "colorMode", "scale"],
    "LineStyle": ["color", "colorMode", "width"],
    "Point": ["extrude", "altitudeMode", "coordinates"],
    "LineString": ["extrude", "tessellate", "altitudeMode", "coordinates"],
    "Track": ["extrude", "tessellate", "altitudeMode", "when", "coord"],
    "TimeStamp": ["when"],
    "kml": ["Document"],
}


def plain(element: ElementTree.Element) -> str:
    return element.tag.split("}")[1]


@pytest.fixture(scope="module")
def kml(replayed) -> ElementTree.Element:
    return ElementTree.parse(replayed[0] / "flight.kml").getroot()


def test_kml_elements_stand_in_the_order_of_the_schema(kml) -> None:
    for element in kml.iter():
        children = [plain(child) for child in element]
        if not children:
            continue
        order = ORDER[plain(element)]
        assert set(children) <= set(order), plain(element)
        assert children == sorted(children, key=order.index), plain(element)
    styles = {style.get("id") for style in kml.iter(f"{KML}Style")}
    assert {url.text for url in kml.iter(f"{KML}styleUrl")} == {f"#{style}" for style in styles}


def test_kml_line_and_track_are_the_history(replayed, kml) -> None:
    folder, _ = replayed
    history = table(folder, "history.csv")
    track = next(kml.iter(f"{GX}Track"))
    when = [datetime.fromisoformat(one.text.replace("Z", "+00:00")) for one in track.iter(f"{KML}when")]
    places = [tuple(map(float, one.text.split())) for one in track.iter(f"{GX}coord")]
    assert len(when) == len(places) == len({row["t_s"] for row in history})
    assert when == sorted(when)
    assert (when[-1] - when[0]).total_seconds() == pytest.approx(float(history[-1]["t_s"]), abs=1e-3)
    line = next(kml.iter(f"{KML}LineString")).find(f"{KML}coordinates")
    assert line is not None
    assert [tuple(map(float, one.split(","))) for one in line.text.split()] == places
    last = history[-1]
    # Seven decimals of a degree and two of a metre.
    assert places[-1] == pytest.approx((float(last["longitude_deg"]), float(last["latitude_deg"]),
                                        float(last["altitude_m"])), abs=6e-3)


def test_kml_marks_events_messages_and_sites(kml) -> None:
    names = [mark.findtext(f"{KML}name") for mark in kml.iter(f"{KML}Placemark")]
    assert {"ignition", "apogee", "impact", "sapporo (via-us-hub)", "fps5-sado", "geo-west-pacific",
            "sapporo", "us-aegis-hawaii"} <= set(names)


# --- CZML ----------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def czml(replayed) -> list[dict]:
    return json.loads((replayed[0] / "flight.czml").read_text())


def test_czml_begins_with_its_document_and_ids_are_unique(czml) -> None:
    assert czml[0]["id"] == "document" and czml[0]["version"] == "1.0"
    ids = [packet["id"] for packet in czml]
    assert len(ids) == len(set(ids))
    start, end = czml[0]["clock"]["interval"].split("/")
    assert start < end and czml[0]["clock"]["currentTime"] == start
    for packet in czml[1:]:
        first, last = packet.get("availability", f"{start}/{end}").split("/")
        assert start <= first <= last, packet["id"]
        assert "point" in packet and "position" in packet


def test_czml_positions_are_the_history_fixed_to_the_earth(replayed, czml) -> None:
    folder, _ = replayed
    flight = next(packet for packet in czml if packet["id"] == "flight")["position"]
    assert flight["referenceFrame"] == "FIXED" and flight["epoch"].endswith("Z")
    numbers = flight["cartesian"]
    times, x, y, z = (numbers[k::4] for k in range(4))
    assert times == sorted(set(times))
    history = {float(row["t_s"]): row for row in table(folder, "history.csv")}
    assert set(times) == set(history)
    for k in range(0, len(times), 50):
        row = history[times[k]]
        # Turning with the Earth keeps the distance from the axis and the height above the equator.
        radius = (float(row["r_eci_x_m"]) ** 2 + float(row["r_eci_y_m"]) ** 2) ** 0.5
        assert (x[k] ** 2 + y[k] ** 2) ** 0.5 == pytest.approx(radius, rel=1e-12)
        assert z[k] == float(row["r_eci_z_m"])


# --- What it refuses -----------------------------------------------------------------------------

@pytest.mark.parametrize("arguments, told", [
    (["--flight", "-1", "-o", "{folder}/new"], "--flight -1: not a plain whole number"),
    (["--flight", "1.5", "-o", "{folder}/new"], "--flight 1.5"),
    (["--flight", str(2**40), "-o", "{folder}/new"], "out of range (allowed: 0 to 1099511627775)"),
    (["-o", "{folder}/new"], "replay lacks --flight"),
    (["--flight", "0"], "replay lacks -o DIR (see longwatch replay --help)"),
    (["--flight", "0", "-o", "{folder}/new", "--arm", "via-us-hob"], "did you mean 'via-us-hub'?"),
    (["--flight", "0", "-o", "{folder}/new", "--seed", "-1"], "--seed -1"),
    (["--flight", "0", "-o", "{folder}/new", "--device", "gpu"], "--device 'gpu'"),
    (["--flight", "0", "-o", "{folder}/new", "--flights", "5"], "replay has no option '--flights'"),
])
def test_bad_usage_is_status_two_with_a_reason_and_no_folder(arguments: list, told: str, tmp_path: Path) -> None:
    done = longwatch("replay", STUDY, *(one.format(folder=tmp_path) for one in arguments), cwd=tmp_path)
    assert done.returncode == 2 and told in done.stderr and done.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("output, reason", [
    ("file", "not a folder"), ("file/new", "not a folder"), ("missing/new", "does not exist"), (".", "other files"),
    ("mine", "other files"), ("", "no name"), ("dangling", "not a folder"), (300 * "n", "too long"),
    ("piped", "other files"), ("endless", "other files"),
])
def test_a_place_that_takes_no_replay_is_told_and_left_alone(tmp_path: Path, output: str, reason: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/history.csv").write_text("my own")
    (tmp_path / "mine/replay.json").write_text('{"file_type": "something else"}')
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "piped").mkdir()
    os.mkfifo(tmp_path / "piped/replay.json")
    (tmp_path / "endless").mkdir()
    (tmp_path / "endless/replay.json").symlink_to("/dev/zero")
    before = sorted(tmp_path.rglob("*"))
    done = longwatch("replay", STUDY, "--flight", 0, "-o", output, "--device", "cpu", cwd=tmp_path)
    assert done.returncode == 3 and reason in done.stderr and done.stdout == ""
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "mine/history.csv").read_text() == "my own"


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    command = (f'ulimit -f 4; exec "{PROGRAM}" replay "{STUDY}" --flight 0 -o r --device cpu')
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3 and "File too large" in done.stderr
    # What is there is known as a replay cut short, and the next one replaces it.
    assert json.loads((tmp_path / "r/replay.json").read_text())["unfinished"] is True
    assert not list((tmp_path / "r").glob(".*"))
    assert replay(tmp_path / "r").returncode == 0


# --- The pictures of the documentation -----------------------------------------------------------

@pytest.mark.parametrize("threat", sorted(path.stem for path in (ROOT / "models/catalog/threats").glob("*.toml")))
def test_each_catalogue_threat_can_be_drawn_and_is_shown(threat: str, tmp_path: Path) -> None:
    study, flight, picture = tmp_path / "study.toml", tmp_path / "flight", tmp_path / "flight.png"
    scripts = ROOT / "scripts/flights"
    subprocess.run([sys.executable, scripts / "make_study.py", threat, study], check=True, timeout=60)
    done = longwatch("replay", study, "--flight", 0, "-o", flight, "--device", "cpu")
    assert done.returncode == 0, done.stderr
    subprocess.run([sys.executable, scripts / "draw_flight.py", flight, picture], check=True, timeout=60)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert f"flight-{threat}.png" in (ROOT / "docs/physics/flight.md").read_text()
    assert (ROOT / f"docs/pictures/flight-{threat}.png").exists()


def test_what_a_node_knows_gets_better_until_it_predicts(replayed) -> None:
    folder, _ = replayed
    rows = [row for row in table(folder, "estimates.csv") if row["arm"] == "via-us-hub" and row["node"] == "jp-fusion"]
    assert len(rows) > 20
    axes = [float(row["impact_half_axis_major_m"]) for row in rows]
    # Looks only add: the ellipse of the impact never grows, but for rounding.
    assert all(after <= before * (1 + 1e-6) for before, after in zip(axes, axes[1:], strict=False))
    assert axes[-1] < 100e3 < axes[0] * 1000
    for row in rows:
        assert float(row["impact_half_axis_minor_m"]) <= float(row["impact_half_axis_major_m"]) * (1 + 1e-9)
        assert 0 <= float(row["impact_major_azimuth_deg"]) <= 180
        assert int(row["tracks"]) >= 1


def test_a_node_knows_where_a_flight_came_from_once_infrared_is_shared_with_it(replayed) -> None:
    folder, _ = replayed

    def knows(arm: str) -> list[float]:
        return [float(row["launch_half_axis_m"]) for row in table(folder, "estimates.csv")
                if row["arm"] == arm and row["node"] == "jp-fusion" and row["launch_half_axis_m"]]
    assert not knows("national-only")
    axes = knows("via-us-hub")
    assert all(after <= before * (1 + 1e-9) for before, after in zip(axes, axes[1:], strict=False))
    # What the sensor itself tells by all its scans.
    sensor = next(row for row in table(folder, "sensors.csv") if row["sensor"] == "geo-west-pacific")
    assert abs(axes[-1] / float(sensor["launch_half_axis_burnout_m"]) - 1) < 1e-6


def test_more_sharing_knows_no_less(replayed) -> None:
    folder, _ = replayed

    def knows(arm: str) -> dict[str, float]:
        return {row["t_s"]: float(row["impact_half_axis_major_m"]) for row in table(folder, "estimates.csv")
                if row["arm"] == arm and row["node"] == "jp-fusion"}
    alone, shared = knows("national-only"), knows("via-us-hub")
    assert alone and set(alone) <= set(shared)
    assert all(shared[t] <= alone[t] * (1 + 1e-6) for t in alone)
    assert min(shared[t] / alone[t] for t in alone) < 0.5
