"""Maps of a study and of placement candidates, on ordinary axes in our own projection: they load nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import shapely
import xarray as xr

from . import world
from .figures import COLOURS, THEME, arm_style, base_figure, plain
from .placement_report import adds_something, gain_text, is_fraction, ranked, set_sites
from .result import Result, flat
from .scene import Area, Link, Scene, Site, drawn_places, read_scene
from .tables import ends, names
from .wording import number_text, percent_text

#: How wide a map is for its height; pages keep it.
ASPECT = 1.6
_HEIGHT_PX = 620
# A close-up is worth a second map where the sites in the middle of the scene take up less than this of it.
_CLOSE_UP_FRAC = 0.45
# Land is drawn beyond the edge, for panning.
_BEYOND = 0.35
_KIND_STYLE = {  # words, symbol, size
    "consumer": ("consumer", "star", 13), "radar": ("radar", "triangle-up", 10),
    "battery": ("battery", "square-open", 15), "infrared": ("infrared sensor, below its orbit", "diamond", 10),
}
_LABEL_PX = 6.6, 15  # of a letter's width, of a line's height, at the size of the labels


@dataclass(frozen=True)
class _Frame:
    """The part of the world a map shows: kilometres from the projection's centre."""

    projection: world.Projection
    west: float
    south: float
    east: float
    north: float

    @property
    def km_per_px(self) -> float:
        return (self.north - self.south) / _HEIGHT_PX

    def holds(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (x >= self.west) & (x <= self.east) & (y >= self.south) & (y <= self.north)


def _frame_about(latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> _Frame:
    projection = world.center(latitude_deg, longitude_deg)
    x, y = projection.forward(latitude_deg, longitude_deg)
    far = np.hypot(x, y)
    inside = far <= max(world.MAP_RADIUS_MAX_KM, far.min())
    west, east, south, north = x[inside].min(), x[inside].max(), y[inside].min(), y[inside].max()
    height = max(1.22 * (north - south), 1.16 * (east - west) / ASPECT, 200.0)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return _Frame(projection, middle_x - ASPECT * height / 2, middle_y - height / 2,
                  middle_x + ASPECT * height / 2, middle_y + height / 2)


def scene_map(result: xr.Dataset | Result, close_up: bool = False) -> go.Figure:
    """The study on a map: land, launch and aim areas, ground tracks, radar fans, sites, and links coloured by arm.

    Links that are the same in every arm are thin and grey; one that some arm lacks, or that carries more in one
    arm than in another, is drawn once per arm, side by side. Nodes without a place of their own are hollow: where
    they stand says nothing but who is linked with whom.

    Parameters
    ----------
    result : xarray.Dataset or Result
        From `open_result` or `open`.
    close_up : bool, optional
        Only the part of the scene where most sites are; see `has_close_up`.

    Raises
    ------
    ValueError
        Where the study has nothing with a place.
    """
    result = flat(result)
    scene = read_scene(result.attrs["study_resolved"])
    tracks = _tracks(result)
    frame = _close_frame(scene) if close_up else _whole_frame(scene, tracks)
    if frame is None:
        raise ValueError("the study has nothing to draw a map of")
    inset = None if close_up else _close_frame_if_worth(scene, tracks)
    figure = _map_figure(frame)
    _add_fans(figure, frame, scene)
    _add_areas(figure, frame, scene)
    _add_tracks(figure, frame, tracks)
    _add_links(figure, frame, scene, full=inset is None)
    _add_sites(figure, frame, scene, inset, _Labels(frame))
    return figure


def has_close_up(result: xr.Dataset | Result) -> bool:
    """True where sites crowd in a part of the scene, so that a second map of that part is worth it."""
    result = flat(result)
    scene = read_scene(result.attrs["study_resolved"])
    return _close_frame_if_worth(scene, _tracks(result)) is not None


def _tracks(result: xr.Dataset) -> dict[str, tuple[np.ndarray, ...]]:
    """Of each threat: time, latitude, longitude, altitude; none in a file older than schema 4.1."""
    if "track_t_s" not in result:
        return {}
    keys = ("track_t_s", "track_latitude_deg", "track_longitude_deg", "track_altitude_km")
    return {threat: tuple(result[key].sel(threat=threat).values for key in keys) for threat in names(result, "threat")}


def _ground(scene: Scene) -> list[Site]:
    return [site for site in scene.sites if site.kind != "infrared"]


def _whole_frame(scene: Scene, tracks: dict[str, tuple[np.ndarray, ...]]) -> _Frame | None:
    latitude = [s.latitude_deg for s in _ground(scene)] + [a.latitude_deg for a in scene.areas]
    longitude = [s.longitude_deg for s in _ground(scene)] + [a.longitude_deg for a in scene.areas]
    for _, lat, lon, _ in tracks.values():
        latitude += list(lat)
        longitude += list(lon)
    return _frame_about(np.array(latitude), np.array(longitude)) if latitude else None


def _close_frame(scene: Scene) -> _Frame | None:
    """About the sites and launch areas nearest to where these crowd: the densest three fifths."""
    places = [(s.latitude_deg, s.longitude_deg) for s in _ground(scene)]
    places += [(a.latitude_deg, a.longitude_deg) for a in scene.areas if a.is_launch]
    if len(places) < 4:
        return None
    lat, lon = np.array(places).T
    far = np.array([np.hypot(*world.Projection(a, b).forward(lat, lon)) for a, b in places])
    middle = int(np.argmin(np.median(far, axis=1)))
    near = far[middle] <= 1.6 * np.quantile(far[middle], 0.6)
    return _frame_about(lat[near], lon[near])


def _close_frame_if_worth(scene: Scene, tracks: dict[str, tuple[np.ndarray, ...]]) -> _Frame | None:
    whole, close = _whole_frame(scene, tracks), _close_frame(scene)
    if whole is None or close is None:
        return None
    return close if close.north - close.south < _CLOSE_UP_FRAC * (whole.north - whole.south) else None


def _map_figure(frame: _Frame) -> go.Figure:
    figure = base_figure(_HEIGHT_PX)
    wide, high = _BEYOND * (frame.east - frame.west), _BEYOND * (frame.north - frame.south)
    box = (frame.west - wide, frame.south - high, frame.east + wide, frame.north + high)
    outlines = world.land(frame.projection, box, 1.2 * frame.km_per_px)
    digits = max(0, int(np.ceil(-np.log10(frame.km_per_px))))
    x, y = _joined([np.round(outline, digits) for outline in outlines])
    figure.add_scatter(x=x, y=y, mode="lines", fill="toself", hoverinfo="skip", showlegend=False, name="land",
                       fillcolor=THEME["land"], line={"color": THEME["coast"], "width": 0.7},
                       meta={"theme": {"fillcolor": "land", "line.color": "coast"}})
    hidden = {"showgrid": False, "showticklabels": False, "ticks": "", "title": None, "zeroline": False,
              "showline": True, "mirror": True}
    figure.update_xaxes(**hidden, range=[frame.west, frame.east], constrain="range")
    figure.update_yaxes(**hidden, range=[frame.south, frame.north], scaleanchor="x", scaleratio=1,
                        constrain="range")
    _add_scale_bar(figure, frame)
    return figure.update_layout(
        plot_bgcolor=THEME["sea"], hovermode="closest", dragmode="pan", margin={"l": 4, "r": 4, "t": 8, "b": 4},
        legend={"y": -0.02, "yanchor": "top", "orientation": "h"}, meta={"map": True, "aspect": ASPECT})


def _joined(outlines: list[np.ndarray]) -> tuple[list[float | None], list[float | None]]:
    """Outlines in one trace, with gaps between."""
    x: list[float | None] = []
    y: list[float | None] = []
    for outline in outlines:
        x += [*outline[:, 0].tolist(), None]
        y += [*outline[:, 1].tolist(), None]
    return x[:-1], y[:-1]


def _add_scale_bar(figure: go.Figure, frame: _Frame) -> None:
    wanted = 0.2 * (frame.east - frame.west)
    unit = 10 ** np.floor(np.log10(wanted))
    length = unit * max(step for step in (1, 2, 5) if step * unit <= wanted)
    x, y = frame.west + 0.03 * (frame.east - frame.west), frame.south + 0.035 * (frame.north - frame.south)
    tick = 0.008 * (frame.north - frame.south)
    figure.add_scatter(x=[x, x, x, x + length, x + length, x + length],
                       y=[y + tick, y - tick, y, y, y + tick, y - tick], mode="lines", hoverinfo="skip",
                       showlegend=False, name="scale", line={"color": THEME["mark"], "width": 1.5},
                       meta={"theme": {"line.color": "mark"}})
    figure.add_annotation(x=x + length / 2, y=y + tick, text=f"{length:,.0f} km", showarrow=False, yanchor="bottom",
                          font={"size": 11})


def _add_outline(figure: go.Figure, frame: _Frame, outline_deg: tuple[np.ndarray, np.ndarray], **trace: Any
                 ) -> None:
    x, y = frame.projection.forward(*outline_deg)
    figure.add_scatter(x=np.round(x, 2), y=np.round(y, 2), mode="lines", fill="toself", **trace)


def _add_fans(figure: go.Figure, frame: _Frame, scene: Scene) -> None:
    first = True
    for site in scene.sites:
        if site.kind != "radar" or not site.arms:
            continue
        looks = "all round" if site.half_width_deg >= 180 else \
            f"{site.azimuth_deg % 360:.0f} ± {site.half_width_deg:.0f} deg"
        _add_outline(
            figure, frame,
            world.fan(site.latitude_deg, site.longitude_deg, site.range_km, site.azimuth_deg, site.half_width_deg),
            fillcolor="rgba(110,120,132,0.02)", line={"color": THEME["zero"], "width": 0.9, "dash": "dot"},
            name="radar fan", legendgroup="fan", showlegend=first, hoveron="points", hoverinfo="text",
            text=f"fan of {plain(site.name)}: {site.range_km:,.0f} km, {looks}",
            meta={"arms": list(site.arms), "any": True, "theme": {"line.color": "zero"}})
        first = False


def _add_areas(figure: go.Figure, frame: _Frame, scene: Scene) -> None:
    shown = set()
    for area in scene.areas:
        words, colour, dash = ("launch area", COLOURS[1], "solid") if area.is_launch else \
            ("aim area", COLOURS[0], "5px,3px")
        # Small areas on a wide map are still to be seen.
        radius = max(area.radius_km, 5 * frame.km_per_px)
        _add_outline(figure, frame, world.circle(area.latitude_deg, area.longitude_deg, radius),
                     fillcolor=_faint(colour), line={"color": colour, "width": 1.6, "dash": dash},
                     name=words, legendgroup=words, showlegend=words not in shown, hoveron="fills+points",
                     hoverinfo="text", text=f"{words} of {plain(area.threat)}, radius {area.radius_km:,.0f} km")
        shown.add(words)


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i:i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.22)"


def _add_tracks(figure: go.Figure, frame: _Frame, tracks: dict[str, tuple[np.ndarray, ...]]) -> None:
    for number, (threat, (t_s, latitude, longitude, altitude)) in enumerate(tracks.items()):
        x, y = frame.projection.forward(latitude, longitude)
        figure.add_scatter(
            x=np.round(x, 2), y=np.round(y, 2), mode="lines", name="ground track", legendgroup="track",
            showlegend=number == 0, line={"color": THEME["mark"], "width": 1.8},
            text=[f"{plain(threat)}: {t / 60:.1f} min, {h:,.0f} km high" for t, h in zip(t_s, altitude, strict=True)],
            hoverinfo="text", meta={"theme": {"line.color": "mark"}})
        _add_arrow_head(figure, frame, x, y)


def _add_arrow_head(figure: go.Figure, frame: _Frame, x: np.ndarray, y: np.ndarray) -> None:
    inside = np.flatnonzero(frame.holds(x, y))
    if inside.size < 3:
        return
    at = int(inside[int(0.6 * inside.size)])
    course = float(np.degrees(np.arctan2(x[at] - x[at - 1], y[at] - y[at - 1])))
    figure.add_scatter(x=[x[at]], y=[y[at]], mode="markers", showlegend=False, hoverinfo="skip",
                       marker={"symbol": "arrow", "size": 12, "angle": course, "color": THEME["mark"]},
                       name="course", meta={"theme": {"marker.color": "mark"}})


def _node_places(frame: _Frame, scene: Scene) -> tuple[dict[str, np.ndarray], set[str]]:
    """Where nodes are drawn, and which of them have a place of their own."""
    fixed = {}
    for node in scene.nodes:
        place = scene.place_of_node(node)
        if place is not None:
            fixed[node] = np.array([float(v) for v in frame.projection.forward(*place)])
    return drawn_places(scene, fixed, 45 * frame.km_per_px), set(fixed)


def _add_links(figure: go.Figure, frame: _Frame, scene: Scene, full: bool) -> None:
    """`full`: also the links that are the same in every arm, and the nodes between them."""
    places, fixed = _node_places(frame, scene)
    links = [link for link in scene.links if link.source in places and link.target in places]
    in_some = {link.name for link in scene.differing_links()}
    differing = [link for link in links if link.name in in_some]
    if full:
        same = [link for link in links if link.name not in in_some]
        _add_link_lines(figure, places, same, 0.0, name="link, the same in every arm", legendgroup="same links",
                        line={"color": THEME["soft"], "width": 1.1}, meta={"theme": {"line.color": "soft"}})
    for number, arm in enumerate(scene.arms):
        style = arm_style(number)
        apart = (number - (len(scene.arms) - 1) / 2) * 4.5 * frame.km_per_px
        chosen = [link for link in differing if arm in link.passes]
        _add_link_lines(figure, places, chosen, apart, arm, name=f"link, {plain(arm)}",
                        legendgroup=f"arm {number}", meta={"arms": [arm]},
                        line={"color": style["colour"], "width": 2.4, "dash": style["dash"]})
    used = {node for link in (links if full else differing) for node in (link.source, link.target)}
    for is_fixed, words, symbol, size in ((False, "node, drawn by its links only", "circle-open", 8),
                                          (True, "node, amid what is there", "circle", 5)):
        _add_nodes(figure, {node: places[node] for node in places if node in used and (node in fixed) == is_fixed},
                   words, {"symbol": symbol, "size": size, "color": THEME["soft"], "line": {"width": 1.6}})


def _add_link_lines(figure: go.Figure, places: dict[str, np.ndarray], links: list[Link], apart_km: float,
                    arm: str | None = None, **trace: Any) -> None:
    x: list[float | None] = []
    y: list[float | None] = []
    text = []
    drawn: dict[frozenset[str], list[Link]] = {}
    for link in links:
        drawn.setdefault(frozenset((link.source, link.target)), []).append(link)
    for nodes, both in drawn.items():
        a, b = min(nodes), max(nodes)
        start, end = places[a], places[b]
        along = end - start
        length = float(np.hypot(*along)) or 1.0
        aside = apart_km * np.array([-along[1], along[0]]) / length
        words = "<br>".join(f"{plain(link.name)}: {plain(link.source)} to {plain(link.target)}"
                            + (f"<br>  carries {plain(link.passes[arm])}" if arm else "") for link in both)
        for part in np.linspace(0, 1, 9):
            point = start + part * along + aside
            x.append(round(float(point[0]), 2))
            y.append(round(float(point[1]), 2))
            text.append(words)
        x.append(None)
        y.append(None)
        text.append("")
    if x:
        figure.add_scatter(x=x, y=y, text=text, hoverinfo="text", mode="lines", **trace)


def _add_nodes(figure: go.Figure, places: dict[str, np.ndarray], words: str, marker: dict[str, Any]) -> None:
    if not places:
        return
    x, y = np.array(list(places.values())).T
    figure.add_scatter(x=np.round(x, 2), y=np.round(y, 2), mode="markers", name=words, marker=marker,
                       text=[f"{words}: {plain(node)}" for node in places], hoverinfo="text",
                       meta={"theme": {"marker.color": "soft"}})


def _add_inset(figure: go.Figure, frame: _Frame, inset: _Frame, labels: _Labels) -> None:
    """Where the close-up is, as an outline with a name."""
    part = np.linspace(0, 1, 25)
    x = np.concatenate([inset.west + part * (inset.east - inset.west), np.full(25, inset.east),
                        inset.east - part * (inset.east - inset.west), np.full(25, inset.west)])
    y = np.concatenate([np.full(25, inset.north), inset.north - part * (inset.north - inset.south),
                        np.full(25, inset.south), inset.south + part * (inset.north - inset.south)])
    _add_outline(figure, frame, inset.projection.inverse(x, y), name="close-up", hoverinfo="skip",
                 fillcolor="rgba(0,0,0,0)", line={"color": THEME["mark"], "width": 1.2, "dash": "2px,3px"},
                 meta={"theme": {"line.color": "mark"}})
    corner_x, corner_y = frame.projection.forward(*inset.projection.inverse(inset.west, inset.south))
    labels.want(["close-up"], np.atleast_1d(corner_x), np.atleast_1d(corner_y))


def _add_sites(figure: go.Figure, frame: _Frame, scene: Scene, inset: _Frame | None, labels: _Labels) -> None:
    """`inset`: what another map shows closer; names in it are left to that map. `labels`: others that come first."""
    if inset is not None:
        _add_inset(figure, frame, inset, labels)
    for kind, (words, symbol, size) in _KIND_STYLE.items():
        chosen = [site for site in scene.sites if site.kind == kind]
        if not chosen:
            continue
        x, y = frame.projection.forward(np.array([s.latitude_deg for s in chosen]),
                                        np.array([s.longitude_deg for s in chosen]))
        seen = frame.holds(x, y)
        if not seen.any():
            continue
        figure.add_scatter(
            x=np.round(x[seen], 2), y=np.round(y[seen], 2), mode="markers", name=words,
            text=[_site_text(site) for site, here in zip(chosen, seen, strict=True) if here], hoverinfo="text",
            marker={"symbol": symbol, "size": size, "color": THEME["mark"],
                    "line": {"width": 1.6, "color": THEME["mark" if symbol.endswith("open") else "halo"]}},
            meta={"theme": {"marker.color": "mark",
                            "marker.line.color": "mark" if symbol.endswith("open") else "halo"}})
        labels.block(x[seen], y[seen])
        if inset is not None:
            seen &= ~inset.holds(*inset.projection.forward(np.array([s.latitude_deg for s in chosen]),
                                                           np.array([s.longitude_deg for s in chosen])))
        labels.want([site.name for site, here in zip(chosen, seen, strict=True) if here], x[seen], y[seen])
    labels.add_to(figure)


def _site_text(site: Site) -> str:
    words = f"{site.kind} {plain(site.name)}<br>node {plain(site.node)}"
    if site.kind != "infrared":
        words += f"<br>{abs(site.latitude_deg):.2f} {'N' if site.latitude_deg >= 0 else 'S'}, " \
                 f"{abs(site.longitude_deg):.2f} {'E' if site.longitude_deg >= 0 else 'W'}"
    return words + (f"<br>range {site.range_km:,.0f} km" if site.kind == "radar" else "")


class _Labels:
    """Names beside their marks, each in the first of six places where it hides nothing; left out, but for hover,
    where there is none."""

    _PLACES = (("middle right", 9, 0, 0, 0.5), ("middle left", -9, 0, -1, 0.5), ("top center", 0, 9, -0.5, 0),
               ("bottom center", 0, -9, -0.5, 1), ("top right", 6, 7, 0, 0), ("bottom right", 6, -7, 0, 1))

    def __init__(self, frame: _Frame) -> None:
        self._frame = frame
        self._taken: list[tuple[float, float, float, float]] = []
        self._wanted: list[tuple[str, float, float, float]] = []

    def block(self, x: np.ndarray, y: np.ndarray) -> None:
        """Nothing may cover these marks."""
        for at_x, at_y in zip(x / self._frame.km_per_px, y / self._frame.km_per_px, strict=True):
            self._taken.append((at_x - 7, at_y - 7, at_x + 7, at_y + 7))

    def want(self, labels: list[str], x: np.ndarray, y: np.ndarray, mark_px: float = 15) -> None:
        """`mark_px` is how wide the marks are that the labels stand beside."""
        self._wanted += [(name, float(a), float(b), mark_px) for name, a, b in zip(labels, x, y, strict=True)]

    def add_to(self, figure: go.Figure) -> None:
        """Draws the labels wanted since the last time."""
        per_px = self._frame.km_per_px
        placed = [(name, x, y, where, mark_px) for name, x, y, mark_px in self._wanted
                  if (where := self._place(name, x / per_px, y / per_px, mark_px))]
        self._wanted.clear()
        if placed:
            figure.add_scatter(
                x=[p[1] for p in placed], y=[p[2] for p in placed], text=[plain(p[0]) for p in placed],
                textposition=[p[3] for p in placed], mode="markers+text", hoverinfo="skip", showlegend=False, name="names",
                marker={"size": [p[4] for p in placed], "opacity": 0}, textfont={"size": 11, "color": THEME["text"]},
                meta={"theme": {"textfont.color": "text"}, "names": True})

    def _place(self, name: str, x_px: float, y_px: float, mark_px: float) -> str | None:
        letter, line = _LABEL_PX
        wide = letter * len(name)
        larger = mark_px / 15
        edge = self._frame
        for where, dx, dy, left, down in self._PLACES:
            west, south = x_px + larger * dx + left * wide, y_px + larger * dy - down * line
            box = (west, south, west + wide, south + line)
            inside = (box[0] >= edge.west / edge.km_per_px and box[2] <= edge.east / edge.km_per_px)
            if inside and not any(box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3]
                                  for t in self._taken):
                self._taken.append(box)
                return where
        return None


def placement_map(dataset: xr.Dataset) -> go.Figure:
    """The candidates of a placement on a map, coloured by what each adds to the objective, amid what is there.

    Squares stand on land, circles on water. Hollow ones add nothing that the flights can tell. The best candidate is
    ringed, and those that are best together, where more than one was wanted.

    Parameters
    ----------
    dataset : xarray.Dataset
        From `longwatch_reader.open_placement`.

    Raises
    ------
    ValueError
        Where there are no candidates.
    """
    if dataset.sizes["candidate"] == 0:
        raise ValueError("the placement has no candidates to draw")
    frame = _frame_about(dataset["latitude_deg"].values, dataset["longitude_deg"].values)
    figure = _map_figure(frame)
    scene = _scene_of_arm(dataset, frame)
    _add_areas(figure, frame, scene)
    x, y = frame.projection.forward(dataset["latitude_deg"].values, dataset["longitude_deg"].values)
    size_px = _candidate_size_px(x / frame.km_per_px, y / frame.km_per_px)
    _add_candidates(figure, dataset, x, y, size_px)
    labels = _Labels(frame)
    _add_best(figure, dataset, (x, y), size_px, labels)
    labels.block(x, y)
    _add_sites(figure, frame, scene, None, labels)
    # The colour bar lies above the map, where the buttons are not.
    return figure.update_layout(margin_t=66)


def _scene_of_arm(dataset: xr.Dataset, frame: _Frame) -> Scene:
    """What is there already in the arm of the placement, and in the frame."""
    scene = read_scene(dataset.attrs["study_resolved"])

    def is_seen(place: Area | Site) -> bool:
        return bool(frame.holds(*frame.projection.forward(place.latitude_deg, place.longitude_deg)))

    return replace(scene, areas=[area for area in scene.areas if is_seen(area)],
                   sites=[site for site in scene.sites if dataset.attrs["arm"] in site.arms and is_seen(site)])


def _candidate_size_px(x_px: np.ndarray, y_px: np.ndarray) -> float:
    """As wide as candidates are apart, in the median, less a gap."""
    apart = shapely.STRtree(shapely.points(x_px, y_px)).query_nearest(
        shapely.points(x_px, y_px), exclusive=True, return_distance=True, all_matches=False)[1]
    return float(np.clip(0.85 * np.median(apart), 5, 18)) if apart.size else 18.0


def _add_candidates(figure: go.Figure, dataset: xr.Dataset, x: np.ndarray, y: np.ndarray, size_px: float) -> None:
    scale = 100 if is_fraction(dataset) else 1
    gain = scale * dataset["objective_gain"].sel(estimate="value").values
    words = _candidate_texts(dataset)
    surface, adds = dataset["surface"].values, adds_something(dataset)
    quiet = ~adds
    if quiet.any():
        symbols = np.where(surface[quiet] == "land", "square-open", "circle-open")
        figure.add_scatter(
            x=np.round(x[quiet], 2), y=np.round(y[quiet], 2), mode="markers", text=words[quiet], hoverinfo="text",
            name="adds nothing that these flights tell", meta={"theme": {"marker.color": "zero"}, "scales": True},
            marker={"symbol": symbols, "size": 0.6 * size_px, "color": THEME["zero"], "line": {"width": 1}})
    has_bar = False
    for where, symbol in (("land", "square"), ("water", "circle")):
        here = adds & (surface == where)
        if not here.any():
            continue
        figure.add_scatter(
            x=np.round(x[here], 2), y=np.round(y[here], 2), mode="markers", name=f"candidate on {where}",
            text=words[here], hoverinfo="text",
            marker={"symbol": symbol, "size": size_px, "color": gain[here], "cmin": 0, "cmax": float(gain[adds].max()),
                    "colorscale": [[0, THEME["least"]], [0.5, THEME["some"]], [1, THEME["most"]]],
                    "showscale": not has_bar, "colorbar": _colour_bar(dataset),
                    "line": {"width": 0.6 if size_px > 9 else 0.2, "color": THEME["zero"]}},
            meta={"scales": True, "theme": {
                "marker.line.color": "zero", "marker.colorscale.0.1": "least", "marker.colorscale.1.1": "some",
                "marker.colorscale.2.1": "most"}})
        has_bar = True


def _colour_bar(dataset: xr.Dataset) -> dict[str, Any]:
    unit = "% points" if is_fraction(dataset) else "s"
    return {"title": {"text": f"gain, {unit}", "side": "top", "font": {"size": 12}},
            "orientation": "h", "thickness": 9, "len": 0.6, "lenmode": "fraction", "x": 0, "xanchor": "left",
            "y": 1.0, "yanchor": "bottom", "ypad": 6, "outlinewidth": 0, "tickfont": {"size": 11}, "nticks": 6}


def _candidate_texts(dataset: xr.Dataset) -> np.ndarray:
    consumers = [plain(name) for name in names(dataset, "consumer")]
    columns = [dataset[key].values for key in ("candidate", "surface", "objective_gain", "p_best", "coverage", "gain_s")]
    texts = []
    for name, surface, gain, p_best, coverage, gains in zip(*columns, strict=True):
        lines = [f"<b>{plain(str(name))}</b>, on {plain(str(surface))}", f"gain {gain_text(dataset, ends(gain))}",
                 f"the best with probability {p_best:.3f}", f"sees {percent_text(ends(coverage))} % of the flights"]
        lines += ["usable warning gained by"] * bool(consumers)
        lines += [f"  {consumer}: {number_text(ends(of), True)} s" for consumer, of in zip(consumers, gains, strict=True)]
        texts.append("<br>".join(lines))
    return np.array(texts, dtype=object)


def _add_best(figure: go.Figure, dataset: xr.Dataset, places: tuple[np.ndarray, np.ndarray], size_px: float,
              labels: _Labels) -> None:
    """Rings about the best candidate, and about those that are best together, with names that hide no dark candidate."""
    x, y = places
    candidates = names(dataset, "candidate")
    best = ranked(dataset)[0]
    gain = dataset["objective_gain"].sel(estimate="value").values
    labels.block(*(v[adds_something(dataset) & (gain > 0.25 * gain[best])] for v in places))
    together = set_sites(dataset, "exact")
    if len(together) > 1:
        at = [candidates.index(name) for name in together]
        figure.add_scatter(x=x[at], y=y[at], mode="markers", name="best together", hoverinfo="skip", meta={"scales": True},
                           marker={"symbol": "square-open", "size": size_px + 7, "color": COLOURS[2], "line": {"width": 3}})
        others = [i for i in at if i != best]
        labels.want([candidates[i] for i in others], x[others], y[others], size_px + 10)
    figure.add_scatter(x=x[[best]], y=y[[best]], mode="markers", name="best candidate", hoverinfo="skip", meta={"scales": True},
                       marker={"symbol": "circle-open", "size": size_px + 18, "color": COLOURS[1], "line": {"width": 3}})
    labels.want([candidates[best]], x[[best]], y[[best]], size_px + 21)
    labels.add_to(figure)
