"""Writes a study of one flight: a threat of the catalogue on the longest shape published for its class.

make_study.py THREAT STUDY
"""

import math
import sys
import tomllib
from pathlib import Path

CATALOG = Path(__file__).resolve().parents[2] / "models/catalog"
MEAN_RADIUS_KM = 6371.0088

STUDY = """question = "How does {threat} fly?"
flights = 1
catalog = "{catalog}"

[[threat]]
name = "{threat}"
model = "{threat}"
source = "shape of {date}: {source}"
launch = {{ latitude_deg = {latitude_deg}, longitude_deg = {longitude_deg} }}
aim = {{ latitude_deg = {aim_latitude_deg:.4f}, longitude_deg = {aim_longitude_deg:.4f} }}
apogee_km = {apogee_km}
dispersion = {{ thrust = 1, specific_impulse = 1, drag = 1, ballistic_coefficient = 1, air_density = 1, rcs = 1 }}

[[origin]]
name = "nobody"
[[node]]
name = "nowhere"
origin = "nobody"
[[sensor]]
name = "space"
model = "geo-infrared"
node = "nowhere"
satellite_longitude_deg = {longitude_deg}
[[consumer]]
name = "reader"
node = "nowhere"
threats = ["{threat}"]
clock = "impact"
acts_on = ["alert"]
[[arm]]
name = "alone"
"""


def aim_place(flight: dict) -> tuple[float, float]:
    """Latitude and longitude, in degrees, at the flight's range and azimuth along the mean sphere."""
    latitude, azimuth = math.radians(flight["latitude_deg"]), math.radians(flight["azimuth_deg"])
    angle = flight["range_km"] / MEAN_RADIUS_KM
    sine = math.sin(latitude) * math.cos(angle) + math.cos(latitude) * math.sin(angle) * math.cos(azimuth)
    turn = math.atan2(math.sin(azimuth) * math.sin(angle) * math.cos(latitude),
                      math.cos(angle) - math.sin(latitude) * sine)
    longitude = flight["longitude_deg"] + math.degrees(turn)
    return math.degrees(math.asin(sine)), (longitude + 180) % 360 - 180


def study_of(threat: str) -> str:
    file = CATALOG / "threats" / f"{threat}.toml"
    flights = tomllib.loads(file.read_text(encoding="utf-8")).get("published", {}).get("flight", [])
    if not flights:
        raise SystemExit(f"{file}: no published flight (one gives the shape to draw) add a [[published.flight]]")
    flight = max(flights, key=lambda one: one["range_km"])
    latitude_deg, longitude_deg = aim_place(flight)
    return STUDY.format(threat=threat, catalog=CATALOG, aim_latitude_deg=latitude_deg,
                        aim_longitude_deg=longitude_deg, **flight)


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(study_of(sys.argv[1]), encoding="utf-8")
