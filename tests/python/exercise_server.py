"""A server that plays a live exercise to its page: snapshots of one flight over Japan, with answers made up, not flown."""

from __future__ import annotations

import json
import math
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TREE = Path(__file__).parents[2]
PAGE = TREE / "host" / "exercise" / "page"
TOKEN = "token-of-the-test"
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
          "form-action 'none'; frame-ancestors 'none'")
KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}

LAUNCH, IMPACT = (39.2, 125.7), (37.4, 179.1)
T_IMPACT_S, APOGEE_M = 1330.0, 1.0e6
PLACES = {
    "korea": {"kr-sensors": (36.4, 129.0), "kr-fusion": (37.1, 127.0), "kr-seoul": (37.6, 127.0)},
    "japan": {"jp-sensors": (34.3, 134.2), "jp-fusion": (35.7, 139.3), "jp-tokyo": (35.7, 139.7), "jp-sapporo": (43.1, 141.4),
              "jp-ship-west": (39.5, 134.5), "jp-ship-north": (43.0, 139.0)},
    "united-states": {"us-forward": (38.4, 137.8), "us-home": (55.5, -170.0), "us-fusion": (39.0, -150.0),
                      "us-hub": (21.3, -157.9), "us-honolulu": (21.3, -157.8), "us-anchorage": (61.2, -149.9),
                      "us-ship-hawaii": (29.0, -160.0)},
}
LINKS = {
    "korea": ["kr-report kr-sensors kr-fusion", "kr-cue kr-fusion kr-sensors", "kr-warn-seoul kr-fusion kr-seoul",
              "korea-to-hub kr-fusion us-hub", "hub-to-korea us-hub kr-fusion"],
    "japan": ["jp-report jp-sensors jp-fusion", "jp-cue jp-fusion jp-sensors", "jp-ship-west-up jp-ship-west jp-fusion",
              "jp-ship-west-down jp-fusion jp-ship-west", "jp-ship-north-down jp-fusion jp-ship-north",
              "jp-warn-tokyo jp-fusion jp-tokyo", "jp-warn-sapporo jp-fusion jp-sapporo", "japan-to-hub jp-fusion us-hub",
              "hub-to-japan us-hub jp-fusion"],
    "united-states": ["us-space-report us-space us-fusion", "us-forward-report us-forward us-fusion",
                      "us-forward-cue us-fusion us-forward", "us-home-report us-home us-fusion", "us-hub-up us-hub us-fusion",
                      "us-hub-down us-fusion us-hub", "us-warn-honolulu us-fusion us-honolulu",
                      "us-warn-anchorage us-fusion us-anchorage"],
}
# When, of what kind, made by whom, of whose data, by which link, at which node.
TOLD = {
    "korea": [(92.0, "track", "green-pine-centre", "korea", "kr-report", "kr-fusion"),
              (118.5, "alert", "geo-west-pacific", "united-states", "hub-to-korea", "kr-fusion"),
              (131.0, "alert", "geo-west-pacific", "united-states", "kr-warn-seoul", "kr-seoul"),
              (215.0, "track", "fps5-sado", "japan", "hub-to-korea", "kr-fusion"),
              (262.4, "impact-prediction", "kr-fusion", "korea japan", None, "kr-fusion"),
              (281.9, "impact-prediction", "kr-fusion", "korea japan", "kr-warn-seoul", "kr-seoul")],
    "japan": [(120.2, "alert", "geo-west-pacific", "united-states", "hub-to-japan", "jp-fusion"),
              (141.0, "alert", "geo-west-pacific", "united-states", "jp-warn-tokyo", "jp-tokyo"),
              (158.2, "track", "fps5-sado", "japan", "jp-report", "jp-fusion"),
              (163.0, "track", "spy-jp", "japan", "jp-ship-west-up", "jp-fusion"),
              (179.0, "track", "fps5-sado", "japan", "jp-warn-tokyo", "jp-tokyo"),
              (188.7, "impact-prediction", "jp-ship-west", "japan", "jp-ship-west-up", "jp-fusion"),
              (204.0, "impact-prediction", "jp-fusion", "japan united-states", "jp-warn-sapporo", "jp-sapporo"),
              (240.3, "track", "green-pine-centre", "korea", "hub-to-japan", "jp-fusion")],
    "united-states": [(95.0, "alert", "geo-west-pacific", "united-states", "us-space-report", "us-fusion"),
                      (171.0, "track", "tpy2-shariki", "united-states", "us-forward-report", "us-fusion"),
                      (228.4, "track", "fps5-sado", "japan", "us-hub-up", "us-fusion")],
}
# Who predicts, from when, from how many tracks, half axis in kilometres and offset of its estimate in degrees.
PREDICTS = {"korea": [("kr-fusion", 262.4, 2, 60.0, 0.35)],
            "japan": [("jp-ship-west", 188.7, 1, 44.0, -0.20), ("jp-fusion", 204.0, 3, 21.0, 0.12)], "united-states": []}
# Who is warned, by what, when, and when the clock ends.
CLOCKS = {"korea": [("seoul", "alert", 172.0, T_IMPACT_S)],
          "japan": [("tokyo", "track", 221.0, T_IMPACT_S), ("sapporo", "impact-prediction", 262.0, 584.0)], "united-states": []}


def on_the_way(part: float) -> list[float]:
    """Time, latitude, longitude and altitude, a part of the way along the great circle."""
    def unit(latitude_deg: float, longitude_deg: float) -> list[float]:
        phi, lam = math.radians(latitude_deg), math.radians(longitude_deg)
        return [math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)]

    a, b = unit(*LAUNCH), unit(*IMPACT)
    angle = math.acos(sum(x * y for x, y in zip(a, b)))
    x, y, z = ((math.sin((1 - part) * angle) * p + math.sin(part * angle) * q) / math.sin(angle) for p, q in zip(a, b))
    return [part * T_IMPACT_S, math.degrees(math.asin(z)), math.degrees(math.atan2(y, x)), 4 * APOGEE_M * part * (1 - part)]


def known(nation: str, t_s: float) -> list[dict[str, Any]]:
    """What the nation's centres know, and since when."""
    launch = {"latitude_deg": 39.24, "longitude_deg": 125.66, "half_axis_m": 4000}
    found = [{"flight": 0, "node": node, "t_s": t_s - 2.3, "age_s": 2.3, "tracks": tracks,
              "launch": launch if nation != "japan" else None,
              "impact": {"latitude_deg": IMPACT[0] + 0.4 * off_deg, "longitude_deg": IMPACT[1] + off_deg,
                         "half_axis_major_m": half_axis_km * 1000 * math.sqrt(t_from_s / t_s),
                         "half_axis_minor_m": half_axis_km * 280, "major_azimuth_deg": 82 + 40 * off_deg,
                         "t_impact_s": T_IMPACT_S + 8 * off_deg, "time_sigma_s": 2.4}}
             for node, t_from_s, tracks, half_axis_km, off_deg in PREDICTS[nation] if t_from_s <= t_s]
    heard = [at_s for at_s, *_ in TOLD[nation] if at_s <= t_s]
    if not found and heard:
        found = [{"flight": 0, "node": next(iter(TOLD[nation]))[5], "t_s": heard[-1], "age_s": t_s - heard[-1], "tracks": 0,
                  "launch": launch, "impact": None}]
    return found


def clock_of(consumer: str, by: str, t_warned_s: float, t_end_s: float, t_s: float, predicted: bool) -> dict[str, Any]:
    state = "over" if t_s > t_end_s else "warned" if t_s >= t_warned_s else "deciding" if t_s > t_warned_s - 45 else "no-word"
    return {"consumer": consumer, "flight": 0, "state": state, "by": by if state in ("warned", "deciding", "over") else None,
            "t_warned_s": t_warned_s if t_s >= t_warned_s else None, "t_clock_end_s": t_end_s if predicted else None}


def link_of(words: str, t_s: float, number: int) -> dict[str, Any]:
    name, sender, receiver = words.split()
    dropped = {"refused": 0, "replayed": 0, "forged": 0, "malformed": 0, "expired": 0}
    state = "slow" if name == "jp-ship-north-down" else "up"
    return {"name": name, "from": sender, "to": receiver, "state": state, "t_heard_s": t_s - 0.7 * number, "sent": 3 * number + 5,
            "heard": 3 * number + 5, "dropped": dropped}


def nation_of(name: str, t_s: float) -> dict[str, Any]:
    predicted = bool([1 for _, t_from_s, *_ in PREDICTS[name] if t_from_s <= t_s])
    return {
        "name": name, "knows": known(name, t_s),
        "told": [{"t_s": at_s, "kind": kind, "maker": maker, "origins": origins.split(), "link": link, "node": node, "flight": 0}
                 for at_s, kind, maker, origins, link, node in TOLD[name] if at_s <= t_s],
        "clocks": [clock_of(*clock, t_s, predicted) for clock in CLOCKS[name]],
        "links": [link_of(words, t_s, number) for number, words in enumerate(LINKS[name])],
        "nodes": [{"name": node, "state": "up", "t_heard_s": t_s - 0.4} for node in PLACES[name]]}


def snapshot(t_s: float = 312.4, speed: int | str = 10, paused: bool = False, over: bool = False) -> dict[str, Any]:
    part = min(t_s / T_IMPACT_S, 1.0)
    _, latitude_deg, longitude_deg, altitude_m = on_the_way(part)
    position = {"latitude_deg": latitude_deg, "longitude_deg": longitude_deg, "altitude_m": altitude_m} if part < 1 else None
    return {
        "schema": 1, "study": "trilateral-warning", "arm": "via-us-hub", "exercise": "ab12cd34",
        "flights": [{"flight": 0, "threat": "irbm-over-japan", "t_ignition_s": 0.0}],
        "clock": {"t_s": t_s, "speed": speed, "paused": paused, "over": over, "may_control": True},
        "places": [{"name": name, "latitude_deg": at[0], "longitude_deg": at[1], "nation": nation}
                   for nation, places in PLACES.items() for name, at in places.items()],
        "nations": [nation_of(name, t_s) for name in PLACES],
        "truth": {"flights": [{"flight": 0, "path": [on_the_way(i / 60) for i in range(61)], "position": position,
                               "impact": {"latitude_deg": IMPACT[0], "longitude_deg": IMPACT[1], "t_s": T_IMPACT_S}}],
                  "worst_overhead_ms": 0.4}}


def land() -> dict[str, Any]:
    """The catalogue's mask as it is."""
    with (TREE / "models" / "catalog" / "land.toml").open("rb") as file:
        mask = tomllib.load(file)
    return {"cell_deg": mask["cell_deg"], "rows": mask["rows"]}


class PlayedExercise:
    """The server; `state` is what it says next, as JSON text, `posted` what it was asked."""

    def __init__(self) -> None:
        self.state = json.dumps(snapshot())
        self.is_streaming = True
        self.posted: list[tuple[dict[str, str], bytes]] = []
        self.land = json.dumps(land())
        self.changed = threading.Condition()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def say(self, state: Any) -> None:
        with self.changed:
            self.state = state if isinstance(state, str) else json.dumps(state)
            self.changed.notify_all()

    def stream(self, on: bool) -> None:
        with self.changed:
            self.is_streaming = on
            self.changed.notify_all()

    def close(self) -> None:
        self.stream(False)
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        play = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

            def answer(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                for key, value in (("Content-Type", kind), ("Content-Security-Policy", POLICY), ("Cache-Control", "no-store"),
                                   ("X-Content-Type-Options", "nosniff"), ("Content-Length", str(len(body)))):
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                name = self.path.strip("/") or "index.html"
                file = PAGE / name
                if name == "events":
                    self.events()
                elif name in ("state", "land"):
                    self.answer(200, "application/json", (play.state if name == "state" else play.land).encode())
                elif file.suffix in KINDS and file.parent == PAGE and file.is_file():
                    self.answer(200, KINDS[file.suffix], file.read_bytes().replace(b"@TOKEN@", TOKEN.encode()))
                else:
                    self.answer(404, "text/plain", b"")

            def events(self) -> None:
                if not play.is_streaming:
                    self.answer(503, "text/plain", b"")
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                try:
                    while play.is_streaming:
                        self.wfile.write(f"data: {play.state}\n\n".encode())
                        self.wfile.flush()
                        with play.changed:
                            play.changed.wait(0.5)
                except OSError:
                    pass  # the page has gone
                self.close_connection = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                play.posted.append((dict(self.headers), body))
                is_allowed = self.path == "/control" and self.headers.get("X-Longwatch-Token") == TOKEN
                self.answer(204 if is_allowed else 403, "text/plain", b"")

        return Handler
