"""The page of a live exercise in headless Chromium: what it says to eyes and ears, what it asks for, that it trusts nothing."""

from __future__ import annotations

import copy
import json
import math
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from exercise_server import PAGE, TOKEN, PlayedExercise, snapshot
from listened_page import ListenedPage

CHROMIUM = shutil.which("chromium")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


class Opened(ListenedPage):
    """The page, and the exercise it watches."""

    def __init__(self, page: Any, play: PlayedExercise) -> None:
        super().__init__(page)
        self.play = play

    def text(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text()

    def say(self, state: Any, until: str) -> None:
        self.play.say(state)
        self.wait(until)

    def posted(self, count: int) -> list[dict[str, Any]]:
        """What the exercise was asked, once it is so many."""
        for _ in range(400):
            if len(self.play.posted) >= count:
                break
            self.page.wait_for_timeout(50)
        return [json.loads(body) for _, body in self.play.posted]


def says(id_: str, text: str) -> str:
    return f"document.getElementById('{id_}').textContent.includes({json.dumps(text)})"


@pytest.fixture(scope="module")
def opened(browser: Any) -> Iterator[Opened]:
    play = PlayedExercise()
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, color_scheme="light")
    it = Opened(context.new_page(), play)
    yield it
    context.close()
    play.close()


@pytest.fixture
def reader(opened: Opened) -> Opened:
    """The page as it first appears at T+05:12, loaded anew for each test."""
    opened.play.posted.clear()
    opened.play.stream(True)
    opened.play.say(snapshot())
    opened.page.set_viewport_size({"width": 1600, "height": 1000})
    opened.page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    opened.page.goto(opened.play.url)
    opened.wait("document.body.dataset.shown === ''")
    opened.complaints.clear()
    return opened


_COLUMNS = """[...document.querySelectorAll('main section')].map(
    (section) => document.getElementById(section.getAttribute('aria-labelledby')).textContent)"""


def table(it: Opened, column: int, part: str) -> list[list[str]]:
    """The cells of a nation's table, row by row."""
    return it.page.evaluate("""([column, part]) => [...document.querySelectorAll('main section')[column]
        .querySelectorAll(`[data-part=${part}] tbody tr`)].map((row) => [...row.cells].map((cell) => cell.innerText))""",
                            [column, part])


def test_each_nation_has_a_column_with_what_it_knows_and_the_truth_stands_beside(reader: Opened) -> None:
    assert reader.page.evaluate(_COLUMNS) == ["Korea", "Japan", "United States", "What is true"]
    assert [reader.text(f"#{id_}") for id_ in ("study", "arm", "exercise", "clock", "running")] == [
        "trilateral-warning", "via-us-hub", "ab12cd34", "T+05:12", "10 times real time"]
    told = table(reader, 0, "told")
    assert len(told) == 6
    assert told[0] == ["T+04:41", "impact prediction\nof korea and japan", "kr-fusion\nby kr-warn-seoul", "kr-seoul"]
    assert [row[0] for row in told] == sorted((row[0] for row in told), reverse=True)
    # 1330 s less 312.4 s.
    assert table(reader, 0, "clocks") == [["seoul", "●warned\nby alert, at T+02:52", "16:57\nends T+22:10"]]
    assert table(reader, 1, "links")[4] == ["jp-ship-north-down\njp-fusion → jp-ship-north", "◐slow", "2 s ago", "17", "17", "0"]
    assert table(reader, 0, "nodes")[0] == ["kr-sensors", "●up", "0 s ago"]
    assert reader.text("main section:nth-of-type(3) [data-part=clocks]").endswith("Nobody here is to be warned.")
    # 2.45 standard deviations of 60 km * sqrt(262.4 / 312.4) and of 60 km * 0.28.
    assert "135 km by 41 km half axes (95 %)" in reader.text("main section [data-part=knows]").replace("\n", " ")
    assert re.search(r"kr-fusion\s+\d+ km off\s+inside its 95 %, 2\.8 s late", reader.text("[data-part=misses]"))
    assert reader.complaints == []
    assert [url for url in reader.requests if not url.startswith((reader.play.url, "data:"))] == []


def test_the_example_of_the_readme_is_a_whole_snapshot(reader: Opened) -> None:
    example = (PAGE / "README.md").read_text().split("```jsonc\n")[1].split("```")[0]
    reader.say(json.loads(re.sub(r"//.*", "", example)), "document.querySelectorAll('main section').length === 2")
    assert "unknown" not in reader.page.evaluate("document.body.innerText").lower()
    assert reader.page.locator("#cut").is_hidden()
    assert "launch" in reader.text("[data-part=knows]").lower() and reader.text("#clock") == "T+05:12"


def test_what_is_not_known_is_said_in_words(reader: Opened) -> None:
    reader.say(snapshot(50.0), says("clock", "T+00:50"))
    korea = "main section:nth-of-type(1) "
    assert "has heard of nothing yet" in reader.text(korea + ".status").lower()
    assert reader.text(korea + "[data-part=told]").endswith("It has been told nothing yet.")
    clocks = reader.text(korea + "[data-part=clocks]")
    assert "no word" in clocks and "end not predicted yet" in clocks
    label = reader.page.locator(korea + ".map").first
    assert label.get_attribute("aria-label") == "Korea has heard of nothing yet; the map shows its nodes."
    assert "has predicted its impact yet" in reader.text("#truth")
    reader.say(snapshot(130.0), says("clock", "T+02:10"))
    assert "launch seen at 39.2 N 125.7 E, no impact predicted yet" in label.get_attribute("aria-label")


def test_maps_and_regions_have_words_for_those_who_do_not_see_them(reader: Opened) -> None:
    labels = reader.page.evaluate("[...document.querySelectorAll('.map-place [role=img]')].map((map) => map.ariaLabel)")
    assert labels[0] == ("Korea knows of 1 flight. kr-fusion: impact expected at 37.5 N 179.5 E, at T+22:12, "
                         "95 % ellipse with half axes 135 km by 41 km.")
    assert re.fullmatch(r"What is true: flight 0 is at .* km up, comes down at 37.4 N 179.1 E, at T\+22:10.", labels[3])
    bare = reader.page.evaluate("""[...document.querySelectorAll('svg')].filter(
        (svg) => svg.getAttribute('aria-hidden') !== 'true' && !(svg.getAttribute('aria-label') || '').length).length""")
    assert bare == 0
    ids = reader.page.evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids))
    named = reader.page.evaluate("""[...document.querySelectorAll('[aria-labelledby]')].every(
        (element) => document.getElementById(element.getAttribute('aria-labelledby')))""")
    assert named
    levels = reader.page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((heading) => Number(heading.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1 and all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:]))


def test_only_important_changes_are_said_aloud(reader: Opened) -> None:
    reader.say(snapshot(100.0), says("clock", "T+01:40"))
    assert reader.page.locator("#news").get_attribute("aria-live") == "polite"
    reader.say(snapshot(125.0), says("news", "first alert"))
    assert reader.text("#news") == ("T+02:05: Korea has its first alert, made by geo-west-pacific, at T+01:58; "
                                    "Japan has its first alert, made by geo-west-pacific, at T+02:00.")
    for t_s in (126.0, 127.0, 128.0):
        reader.say(snapshot(t_s), says("clock", f"T+02:0{t_s - 120:.0f}"))
        assert reader.text("#news").startswith("T+02:05: ")
    state = snapshot(175.0)
    state["nations"][0]["links"][4]["state"] = "down"
    state["nations"][1]["nodes"][5]["state"] = "lost"
    reader.say(state, says("news", "seoul is warned of flight 0, at T+02:52"))
    assert "link hub-to-korea is down" in reader.text("#news") and "node jp-ship-north is lost" in reader.text("#news")
    assert "1 link not up" in reader.text("main section:nth-of-type(1) .status")
    assert "1 node lost" in reader.text("main section:nth-of-type(2) .status")


def test_the_exercise_is_paused_and_sped_up_from_the_keyboard(reader: Opened) -> None:
    page = reader.page
    page.keyboard.press("Space")
    assert reader.posted(1) == [{"action": "pause"}]
    headers = {key.lower(): value for key, value in reader.play.posted[0][0].items()}
    assert headers["x-longwatch-token"] == TOKEN and headers["content-type"] == "application/json"
    reader.say(snapshot(paused=True), says("running", "paused"))
    pressed = "['run', 'pause', 'speed-1', 'speed-10'].map((id) => document.getElementById(id).getAttribute('aria-pressed'))"
    assert page.evaluate(pressed) == ["false", "true", "false", "true"]
    page.keyboard.press("Space")
    assert reader.posted(2)[1] == {"action": "resume"}
    # Run, pause, real time: three steps of the tab key. A control that has the focus takes the space for itself.
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "speed-1"
    assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2
    page.keyboard.press("Space")
    assert reader.posted(3)[2] == {"action": "speed", "speed": 1}
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert reader.posted(4)[3] == {"action": "speed", "speed": 10}
    page.evaluate("document.querySelector('meta[name=longwatch-token]').content = 'another'")
    page.keyboard.press("Enter")
    reader.wait(says("refused", "the exercise refused to speed (status 403)"))
    held = snapshot(313.0, speed="max")
    held["clock"]["may_control"] = False
    reader.say(held, says("running", "as fast as it goes"))
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    page.wait_for_timeout(300)
    assert len(reader.play.posted) == 5
    assert page.evaluate("[...document.querySelectorAll('button')].every((button) => button.disabled)")


def test_a_lost_stream_is_said_and_found_again(reader: Opened) -> None:
    reader.play.stream(False)
    reader.wait(says("lost", "connection to the exercise lost; showing T+05:12"))
    assert reader.page.locator("#lost").is_visible() and "Korea" in reader.page.evaluate(_COLUMNS)
    reader.play.say(snapshot(400.0))
    reader.play.stream(True)
    reader.wait("document.getElementById('lost').hidden && " + says("clock", "T+06:40"))
    reader.say(snapshot(1340.0, over=True), says("over", "The exercise is over; this is how it ended, at T+22:20."))
    reader.play.stream(False)
    reader.page.wait_for_timeout(500)
    assert reader.text("#running") == "over" and reader.page.locator("#lost").is_hidden()


def test_what_the_page_cannot_read_leaves_the_last_state_in_place(reader: Opened) -> None:
    for garbled in ("{", "[]", "null", '{"schema": 2}', json.dumps({**snapshot(400.0), "schema": "1"})):
        reader.say(garbled, "!document.getElementById('garbled').hidden")
        assert reader.text("#clock") == "T+05:12"
        reader.say(snapshot(), "document.getElementById('garbled').hidden")


def test_the_page_fits_every_width_in_light_and_dark(reader: Opened) -> None:
    tops = "[...document.querySelectorAll('main section')].map((section) => Math.round(section.getBoundingClientRect().top))"
    for width, rows in ((1920, 1), (1600, 1), (1280, 2), (480, 4)):
        for scheme, ground in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(13, 17, 23)")):
            reader.page.set_viewport_size({"width": width, "height": 1000})
            reader.page.emulate_media(color_scheme=scheme)
            reader.wait(f"getComputedStyle(document.body).backgroundColor === '{ground}'")
            assert len(set(reader.page.evaluate(tops))) == rows
            assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
    reader.page.emulate_media(reduced_motion="reduce")
    assert reader.page.evaluate("document.getAnimations().length") == 0
    assert reader.complaints == []


def test_land_and_ellipses_lie_where_they_are(reader: Opened) -> None:
    # Places well inside land and water at any resolution: the run lengths are read as the catalogue means them.
    shown = reader.page.evaluate("""async () => {
        const { View, ellipse, way } = await import('/geo.js');
        const { checkedLand, coastPath } = await import('/land.js');
        const { svg } = await import('/map.js');
        const land = checkedLand(await (await fetch('/land')).json());
        const at = (latitude_deg, longitude_deg) => ({ latitude_deg, longitude_deg });
        const inside = (view, place) => {
            const path = svg('path', { d: coastPath(land, view) });
            document.body.append(svg('svg')); document.body.lastChild.append(path);
            const [x, y] = view.pixels(place);
            const point = document.body.lastChild.createSVGPoint();
            Object.assign(point, { x, y });
            const is_land = path.isPointInFill(point);
            document.body.lastChild.remove();
            return is_land;
        };
        const pacific = new View([at(39, 125), at(37, 179), at(21, -158), at(61, -150)], 400, 220);
        const near = new View([at(37, 126), at(38, 129)], 120, 120);
        const arctic = new View([at(80, 0), at(80, 180), at(75, 90)], 200, 200);
        const ring = ellipse(at(37.4, 179.1), 41000, 12000, 30);
        return { land: [[pacific, 36.5, 138], [pacific, 50, 125], [pacific, 64.5, -155], [near, 37.3, 127.8], [arctic, 78.8, 16]]
                     .map(([view, ...place]) => inside(view, at(...place))),
                 water: [[pacific, 35, 170], [pacific, 39.5, 134], [pacific, 55, -170], [near, 37.5, 130.2], [arctic, 88, 40]]
                     .map(([view, ...place]) => inside(view, at(...place))),
                 reach_m: ring.map((place) => way(at(37.4, 179.1), place).distance_m), first: ring[0],
                 back: pacific.place(...pacific.pixels(at(37.4, 179.1))),
                 bad: [null, {}, { cell_deg: 0.5, rows: [] }, { cell_deg: 90, rows: ['4', '4'] }].map(checkedLand) };
    }""")
    assert shown["land"] == [True] * 5 and shown["water"] == [False] * 5 and shown["bad"] == [None] * 4
    assert max(shown["reach_m"]) == pytest.approx(41000, rel=1e-6) and min(shown["reach_m"]) == pytest.approx(12000, rel=1e-6)
    # 41 km to the north-north-east, on a sphere of 6371 km.
    assert shown["first"]["latitude_deg"] == pytest.approx(37.4 + math.degrees(41 / 6371) * math.cos(math.radians(30)), abs=1e-3)
    assert shown["back"]["longitude_deg"] == pytest.approx(179.1, abs=1e-9)


ATTACK = "</script><img src=x onerror=\"window.hit=1\"><svg onload=window.hit=2>\u202e\u0007'"


def hostile() -> dict[str, Any]:
    """A snapshot in which Japan is in order and nothing else is."""
    state = snapshot(320.0)
    korea, japan, united_states = state["nations"]
    state["study"] = ATTACK
    korea["name"] = ATTACK
    korea["knows"][0]["impact"].update(latitude_deg="NaN", half_axis_major_m=1e400, t_impact_s="Infinity")
    korea["knows"].append({"flight": {}, "node": [ATTACK], "impact": [], "launch": {"latitude_deg": 91}})
    told = [{"t_s": 0.001 * i, "kind": "x", "maker": ATTACK, "origins": [ATTACK]} for i in range(5000)]
    korea["told"] = [*told, {**told[-1], "origins": [ATTACK] * 5000}, None, 7, "x"]
    korea["links"] = [{"name": ATTACK * 50, "from": "a" * 5000, "to": "b", "state": "constructor", "sent": -1, "heard": 1.5,
                       "dropped": "no"}] * 300
    korea["nodes"] = {"length": 5}
    korea["clocks"] = [{"consumer": ATTACK, "state": "__proto__", "by": "toString", "t_clock_end_s": "soon"}]
    united_states.clear()
    state["places"] += [{"name": ATTACK, "latitude_deg": 0, "longitude_deg": "0"}, None] * 500
    state["truth"]["flights"][0]["path"] += [[1, 2], "abc", [ATTACK, 1, 2, 3]]
    state["truth"]["worst_overhead_ms"] = "0"
    state["clock"]["speed"] = ATTACK
    return state


def test_nothing_of_a_hostile_snapshot_is_run_and_the_rest_is_shown(reader: Opened) -> None:
    japan = [table(reader, 1, part) for part in ("told", "clocks")]
    poison = '"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "study"'
    text = json.dumps(hostile()).replace('"study"', poison, 1)
    assert "Infinity" in text  # no JSON: a reader of Python's own would take it
    reader.say(text, "!document.getElementById('garbled').hidden")
    reader.say(text.replace(": Infinity", ": 1e400"), says("clock", "T+05:20"))
    page = reader.page
    assert page.evaluate("[window.hit, {}.polluted, Object.prototype.polluted]") == [None, None, None]
    assert page.evaluate("document.querySelectorAll('main img, main script, [onload], [onerror], [style]').length") == 0
    columns = page.evaluate(_COLUMNS)
    assert columns[1:] == ["Japan", "Unknown", "What is true"]
    assert "img src=x" in columns[0] and not re.search("[\u202e\u0007]", page.evaluate("document.body.textContent"))
    assert table(reader, 1, "told") == japan[0]
    assert table(reader, 1, "clocks")[0][1] == japan[1][0][1]
    told, links = table(reader, 0, "told"), table(reader, 0, "links")
    assert len(told) == 50 and told[0][1].startswith("unknown\nof ") and told[0][3] == "unknown"
    assert len(links) == 80 and links[0][1:] == ["?unknown", "unknown", "unknown", "unknown", "unknown"]
    assert table(reader, 0, "clocks")[0][1].startswith("?unknown\nby unknown")
    assert "It has no nodes." in reader.text("main section:nth-of-type(1)")
    knows = reader.text("main section:nth-of-type(1) [data-part=knows]")
    assert "unknown" in knows and "NaN" not in page.evaluate("document.body.innerHTML")
    assert "left out" in reader.text("#cut") and "at an unknown speed" == reader.text("#running")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1600
    page.set_viewport_size({"width": 480, "height": 900})
    reader.wait("document.querySelector('.map-place svg').getBoundingClientRect().width < 480")
    assert page.evaluate("document.documentElement.scrollWidth") <= 480
    assert reader.complaints == []


def test_hostile_input_does_not_break_what_follows(reader: Opened) -> None:
    for key in snapshot():
        for value in (None, 7, "x", [], {}, [[]], [{}], {"flights": [None]}):
            if key == "schema":
                continue
            reader.play.state = json.dumps({**copy.deepcopy(snapshot(330.0)), key: value})
            reader.page.evaluate("""async (text) => { const { checkedState } = await import('/state.js');
                const { nationScene, region, truthScene } = await import('/scenes.js');
                const state = checkedState(JSON.parse(text));
                truthScene(state, region(state));
                state.nations.forEach((nation) => nationScene(state, nation, region(state))); }""",
                                 reader.play.state)
    reader.say(snapshot(340.0), says("clock", "T+05:40"))
    assert reader.page.evaluate(_COLUMNS) == ["Korea", "Japan", "United States", "What is true"]
    assert reader.complaints == []


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""
    def luminance(colour: str) -> float:
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_and_lines_stand_out_from_their_ground() -> None:
    blocks = re.findall(r":root \{(.*?)\}", (PAGE / "page.css").read_text(), re.S)
    assert len(blocks) == 2
    for block in blocks:
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
        # WCAG 2.2 AA: 4.5 for text, on every ground that has some. Lines of nations are named or differ in dash, so 2 is enough.
        grounds = ("page", "panel", "fresh")
        texts_and_grounds = [(text, ground) for text in ("text", "soft", "bad", "odd", "good") for ground in grounds]
        on_maps = [(text, ground) for text in ("text", "soft") for ground in ("sea", "land")]
        assert min(_contrast(colours[text], colours[ground]) for text, ground in texts_and_grounds + on_maps) >= 4.5
        assert min(_contrast(colours[f"n{i}"], colours["page"]) for i in range(6)) >= 2


def test_the_page_is_plain_files_that_hold_to_the_policy() -> None:
    html = (PAGE / "index.html").read_text()
    assert html.count("@TOKEN@") == 1 and not re.search(r"<style|<script(?! type=\"module\" src=)|\son\w+=|\sstyle=", html)
    scripts = "\n".join(path.read_text() for path in sorted(PAGE.glob("*.js")))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|setTimeout\(['\"`]", scripts)
    assert set(re.findall(r"https?://[^\"]+", scripts)) == {"http://www.w3.org/2000/svg"}
    assert all(len(path.read_text().splitlines()) <= 250 for path in PAGE.iterdir())
