"""What of a study has a place: areas, sensors, consumers, batteries, nodes and links, and which arm has which."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from .resolved import parsed
from .schema import STUDY_MAX
from .stored import NAME_MAX, check_names

_DEG = 180 / np.pi
_TURN_RAD = 2 * np.pi
# Farther than any sensor looks.
_LENGTH_MAX_M = 1e8
_TEXTS_MAX = 4000


@dataclass(frozen=True)
class Area:
    """Where a threat starts or is aimed."""

    threat: str
    is_launch: bool
    latitude_deg: float
    longitude_deg: float
    radius_km: float


@dataclass(frozen=True)
class Site:
    """Something at a place; `kind` is radar, infrared, consumer or battery."""

    name: str
    kind: str
    node: str
    latitude_deg: float
    longitude_deg: float
    arms: tuple[str, ...]
    #: Of a radar: how far it is instrumented, and where it looks. A half width of 180 is all round.
    range_km: float = 0.0
    azimuth_deg: float = 0.0
    half_width_deg: float = 180.0


@dataclass(frozen=True)
class Link:
    """A one-way channel; `passes` says of each arm that has it what it may carry of whom."""

    name: str
    source: str
    target: str
    passes: dict[str, str]


@dataclass(frozen=True)
class Scene:
    """The geography of one study. Places in degrees."""

    areas: list[Area]
    sites: list[Site]
    #: Consumers whose clock ends at impact need no place, and many nodes have none.
    unplaced: list[str]
    nodes: dict[str, str]  # name: origin
    links: list[Link]
    arms: list[str]

    def place_of_node(self, node: str) -> tuple[float, float] | None:
        """The middle of what is at a node, or None; infrared sensors are far above and count for nothing."""
        here = [site for site in self.sites if site.node == node and site.kind != "infrared"]
        if not here:
            return None
        return (float(np.mean([site.latitude_deg for site in here])),
                float(np.mean([site.longitude_deg for site in here])))

    def differing_links(self) -> list[Link]:
        """Links that some arm lacks, or that carry more in one arm than in another."""
        return [link for link in self.links
                if len(link.passes) < len(self.arms) or len(set(link.passes.values())) > 1]


def read_scene(resolved: str) -> Scene:
    """Read the places out of a resolved study.

    Parameters
    ----------
    resolved : str
        The text of ``/study/resolved`` of a result: TOML, SI units.

    Raises
    ------
    ValueError
        Where the text is no TOML, or what it says is no study. What a study lacks, the scene lacks.
    """
    study = _checked(parsed(resolved))
    arms = [arm["name"] for arm in study["arm"]]
    areas = [_area(threat, kind) for threat in study["threat"] for kind in ("launch", "aim") if kind in threat]
    sites, unplaced = [], []
    for sensor in study["sensor"]:
        having = tuple(arm["name"] for arm in study["arm"] if sensor["name"] not in _texts(arm, "without_sensors"))
        sites += _sensor(sensor, having)
    for kind in ("consumer", "battery"):
        for entry in study[kind]:
            if "latitude_rad" in entry:
                sites.append(Site(entry["name"], kind, _text(entry, "node"), *_place_deg(entry), tuple(arms)))
            else:
                unplaced.append(entry["name"])
    nodes = {node["name"]: _text(node, "origin") for node in study["node"]}
    return Scene(areas, sites, unplaced, nodes, _links(study), arms)


def _checked(study: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The tables of each kind, no more than a study may have, and their names."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind, most in STUDY_MAX.items():
        found[kind] = _tables(study, kind, most)
        check_names(kind, [_text(table, "name") for table in found[kind]])
    return found


def _tables(of: dict[str, Any], key: str, most: int) -> list[dict[str, Any]]:
    tables = of.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError(f"'{key}' is no list of tables")
    if len(tables) > most:
        raise ValueError(f"'{key}' is given {len(tables)} times (at most {most})")
    return tables


def _text(of: dict[str, Any], key: str) -> str:
    text = of.get(key)
    if not isinstance(text, str) or len(text) > NAME_MAX:
        raise ValueError(f"it lacks '{key}'" if text is None else f"'{key}' is no text of at most {NAME_MAX} characters")
    return text


def _texts(of: dict[str, Any], key: str) -> list[str]:
    texts = of.get(key, [])
    if not isinstance(texts, list) or len(texts) > _TEXTS_MAX or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"'{key}' is no list of at most {_TEXTS_MAX} texts")
    return texts


def _number(of: dict[str, Any], key: str, low: float, high: float) -> float:
    number = of.get(key)
    if not isinstance(number, (int, float)) or isinstance(number, bool) or not low <= number <= high:
        raise ValueError(f"'{key}' is no number from {low:g} to {high:g}")
    return float(number)


def _place_deg(of: dict[str, Any]) -> tuple[float, float]:
    return (_number(of, "latitude_rad", -np.pi / 2, np.pi / 2) * _DEG, _number(of, "longitude_rad", -_TURN_RAD, _TURN_RAD) * _DEG)


def _area(threat: dict[str, Any], kind: str) -> Area:
    area = threat[kind]
    if not isinstance(area, dict):
        raise ValueError(f"'{kind}' is no table")
    return Area(threat["name"], kind == "launch", *_place_deg(area), _number(area, "radius_m", 0, _LENGTH_MAX_M) / 1000)


def _sensor(sensor: dict[str, Any], arms: tuple[str, ...]) -> list[Site]:
    name, node = sensor["name"], _text(sensor, "node")
    if _text(sensor, "kind") == "radar":
        return [Site(name, "radar", node, *_place_deg(sensor), arms,
                     _number(sensor, "instrumented_range_m", 0, _LENGTH_MAX_M) / 1000,
                     _number(sensor, "azimuth_center_rad", -_TURN_RAD, _TURN_RAD) * _DEG,
                     min(180.0, _number(sensor, "azimuth_half_width_rad", 0, _TURN_RAD) * _DEG))]
    if "satellite_longitude_rad" in sensor:
        longitude = _number(sensor, "satellite_longitude_rad", -_TURN_RAD, _TURN_RAD)
        return [Site(name, "infrared", node, 0.0, longitude * _DEG, arms)]
    return []


def _links(study: dict[str, list[dict[str, Any]]]) -> list[Link]:
    links = []
    for link in study["link"]:
        origins = frozenset(_texts(link, "origins"))
        plain = {kind: origins for kind in _texts(link, "carries")}
        passes = {}
        for arm in study["arm"]:
            if link["name"] not in _texts(arm, "links"):
                continue
            carried = dict(plain)
            for release in _tables(arm, "release", _TEXTS_MAX):
                if _text(release, "link") == link["name"]:
                    carried |= {kind: frozenset(_texts(release, "origins")) for kind in _texts(release, "kinds")}
            passes[arm["name"]] = _carried_text(carried)
        links.append(Link(link["name"], _text(link, "from"), _text(link, "to"), passes))
    return links


def _carried_text(carried: dict[str, frozenset[str]]) -> str:
    kinds_of = defaultdict(list)
    for kind, origins in carried.items():
        kinds_of[origins].append(kind)
    return "; ".join(f"{', '.join(kinds)} of {', '.join(sorted(origins)) or 'nobody'}"
                     for origins, kinds in kinds_of.items()) or "nothing"


def drawn_places(scene: Scene, east_north_km: dict[str, np.ndarray], apart_km: float) -> dict[str, np.ndarray]:
    """Where to draw every node, in kilometres on the map.

    Nodes with sensors, batteries or consumers of known place stand there. The others stand where the springs of
    their links come to rest, those within a state eight times as strong; a node with one neighbour stands
    `apart_km` beside it. Such places say who is linked with whom and nothing else.

    Parameters
    ----------
    scene : Scene
    east_north_km : dict
        The places of the nodes that have one, each of shape (2,).
    apart_km : float

    Returns
    -------
    dict
        Of every node that has a place or is linked, over others, with one that has.
    """
    neighbours = defaultdict(set)
    for link in scene.links:
        neighbours[link.source].add(link.target)
        neighbours[link.target].add(link.source)
    fixed = dict(east_north_km)
    reached, frontier = set(fixed), list(fixed)
    while frontier:
        for other in neighbours[frontier.pop()]:
            if other not in reached:
                reached.add(other)
                frontier.append(other)
    free = [node for node in scene.nodes if node in reached and node not in fixed]
    leaves = [node for node in free if len(neighbours[node]) == 1]
    inner = [node for node in free if node not in leaves]
    places = fixed | _at_rest(scene, inner, fixed, neighbours)
    beside: defaultdict[str, int] = defaultdict(int)
    for leaf in leaves:
        (other,) = neighbours[leaf]
        if other not in places:
            continue
        angle = np.radians(150 - 60 * beside[other])
        beside[other] += 1
        places[leaf] = places[other] + apart_km * np.array([np.cos(angle), np.sin(angle)])
    return places


def _at_rest(scene: Scene, inner: list[str], fixed: dict[str, np.ndarray], neighbours: dict[str, set[str]]
             ) -> dict[str, np.ndarray]:
    if not inner:
        return {}
    number = {node: i for i, node in enumerate(inner)}
    matrix, right = np.zeros((len(inner), len(inner))), np.zeros((len(inner), 2))
    for node, i in number.items():
        for other in neighbours[node]:
            strength = 8.0 if scene.nodes.get(other) == scene.nodes[node] else 1.0
            if other in number:
                matrix[i, number[other]] -= strength
            elif other in fixed:
                right[i] += strength * fixed[other]
            else:
                continue
            matrix[i, i] += strength
    # Nodes linked with each other only hang on nothing: the smallest change to the equations, and no singular matrix.
    places = np.linalg.lstsq(matrix, right, rcond=None)[0]
    return {node: places[i] for node, i in number.items()}
