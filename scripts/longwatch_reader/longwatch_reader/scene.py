"""What of a study has a place: areas, sensors, consumers, batteries, nodes and links, and which arm has which."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

_DEG = 180 / np.pi


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
        Where the text is no TOML. What a study lacks, the scene lacks.
    """
    study = tomllib.loads(resolved)
    arms = [arm["name"] for arm in study.get("arm", [])]
    areas = []
    for threat in study.get("threat", []):
        for kind in ("launch", "aim"):
            if kind in threat:
                area = threat[kind]
                areas.append(Area(threat["name"], kind == "launch", area["latitude_rad"] * _DEG,
                                  area["longitude_rad"] * _DEG, area["radius_m"] / 1000))
    sites, unplaced = [], []
    for sensor in study.get("sensor", []):
        having = tuple(arm["name"] for arm in study.get("arm", [])
                       if sensor["name"] not in arm.get("without_sensors", []))
        sites += _sensor(sensor, having)
    for kind in ("consumer", "battery"):
        for entry in study.get(kind, []):
            if "latitude_rad" in entry:
                sites.append(Site(entry["name"], kind, entry["node"], entry["latitude_rad"] * _DEG,
                                  entry["longitude_rad"] * _DEG, tuple(arms)))
            else:
                unplaced.append(entry["name"])
    nodes = {node["name"]: node["origin"] for node in study.get("node", [])}
    return Scene(areas, sites, unplaced, nodes, _links(study), arms)


def _sensor(sensor: dict[str, Any], arms: tuple[str, ...]) -> list[Site]:
    name, node = sensor["name"], sensor["node"]
    if sensor["kind"] == "radar":
        return [Site(name, "radar", node, sensor["latitude_rad"] * _DEG, sensor["longitude_rad"] * _DEG, arms,
                     sensor["instrumented_range_m"] / 1000, sensor["azimuth_center_rad"] * _DEG,
                     min(180.0, sensor["azimuth_half_width_rad"] * _DEG))]
    if "satellite_longitude_rad" in sensor:
        return [Site(name, "infrared", node, 0.0, sensor["satellite_longitude_rad"] * _DEG, arms)]
    return []


def _links(study: dict[str, Any]) -> list[Link]:
    links = []
    for link in study.get("link", []):
        plain = {kind: frozenset(link.get("origins", [])) for kind in link.get("carries", [])}
        passes = {}
        for arm in study.get("arm", []):
            if link["name"] not in arm.get("links", []):
                continue
            carried = dict(plain)
            for release in arm.get("release", []):
                if release["link"] == link["name"]:
                    for kind in release["kinds"]:
                        carried[kind] = frozenset(release["origins"])
            passes[arm["name"]] = _carried_text(carried)
        links.append(Link(link["name"], link["from"], link["to"], passes))
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
