"""The map's geometry, against published numbers and places that everybody can look up."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import Point, Polygon

from longwatch_reader import world


def test_the_projection_meets_snyders_worked_example() -> None:
    # Snyder, USGS Professional Paper 1395, appendix A, azimuthal equidistant, sphere: R = 3, centre 40 N 100 W,
    # place 20 S 100 E gives x = -5.8311398, y = 5.5444634.
    x, y = world.Projection(40, -100).forward(-20.0, 100.0)
    scale = 3.0 / world.EARTH_RADIUS_KM
    assert (x * scale, y * scale) == pytest.approx((-5.8311398, 5.5444634), abs=1e-7)


def test_places_come_back_through_the_projection() -> None:
    rng = np.random.default_rng(1)
    latitude, longitude = rng.uniform(-80, 80, 500), rng.uniform(-180, 180, 500)
    for center in ((38.0, 135.0), (-60.0, 179.0), (90.0, 0.0)):
        projection = world.Projection(*center)
        back = projection.inverse(*projection.forward(latitude, longitude))
        assert back[0] == pytest.approx(latitude, abs=1e-7)
        assert np.abs((back[1] - longitude + 180) % 360 - 180).max() < 1e-7


def test_a_circle_is_as_far_away_as_it_says_everywhere() -> None:
    latitude, longitude = world.circle(65.0, 179.0, 3000)
    there = world.Projection(65.0, 179.0).forward(latitude, longitude)
    assert np.hypot(*there) == pytest.approx(3000, abs=1e-6)


def test_a_fan_spans_its_azimuths_and_a_full_one_is_a_circle() -> None:
    projection = world.Projection(36.0, 137.0)
    x, y = projection.forward(*world.fan(36.0, 137.0, 1000, 350, 60))
    out = np.hypot(x, y) > 1
    bearing = (np.degrees(np.arctan2(x[out], y[out])) - 350 + 180) % 360 - 180
    assert np.abs(bearing).max() == pytest.approx(60, abs=1e-6)
    assert np.hypot(x, y).max() == pytest.approx(1000, abs=1e-6)
    assert np.hypot(x, y).min() == pytest.approx(0, abs=1e-6)
    assert np.array_equal(world.fan(36.0, 137.0, 1000, 350, 180), world.circle(36.0, 137.0, 1000))


def test_the_middle_of_places_on_both_sides_of_the_date_line_is_between_them() -> None:
    middle = world.center(np.array([50.0, 50.0]), np.array([170.0, -170.0]))
    assert abs(middle.longitude_deg) == pytest.approx(180, abs=0.1)


@pytest.mark.parametrize("place, latitude, longitude, is_land", [
    ("Seoul", 37.55, 126.99, True), ("Tokyo", 35.69, 139.70, True), ("Sapporo", 43.06, 141.35, True),
    ("Jeju", 33.38, 126.55, True), ("Sado", 38.02, 138.37, True), ("the Sea of Japan", 40.0, 135.0, False),
    ("the Yellow Sea", 36.0, 123.5, False), ("the strait off Tsushima", 34.0, 129.9, False)])
def test_the_coast_is_where_it_is(place: str, latitude: float, longitude: float, is_land: bool) -> None:
    projection = world.Projection(38, 134)
    outlines = world.land(projection, (-1300, -900, 1300, 900), 2.0)
    at = Point(*projection.forward(latitude, longitude))
    inside = sum(Polygon(outline).contains(at) for outline in outlines)
    # Within an even number of outlines: not at all, or in a lake's or an enclave's ring as well.
    assert inside % 2 == is_land, place


def test_no_seam_is_left_where_a_country_crosses_the_date_line() -> None:
    projection = world.Projection(66, 180)
    outlines = world.land(projection, (-700, -500, 700, 500), 2.0)
    # On Chukotka, ten kilometres on either side of 180 degrees: one outline holds both.
    west, east = (Point(*projection.forward(67.5, lon)) for lon in (179.8, -179.8))
    assert any(Polygon(outline).contains(west) and Polygon(outline).contains(east) for outline in outlines)
    for outline in outlines:
        x = outline[:, 0]
        assert not np.any((np.abs(x[1:]) < 0.6) & (np.abs(x[:-1]) < 0.6) & (np.abs(np.diff(outline[:, 1])) > 20))
