"""The page as a reader meets it, in headless Chromium: it opens offline, shows every figure, obeys its switches."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from report_files import changed, fly, make_placement, rename

from longwatch_reader import figures, open_result
from longwatch_reader.report import main

CHROMIUM = shutil.which("chromium")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

EIGHT_MEGABYTES = 8_000_000
STUDIES = {"trilateral-warning": 600, "layered-defence": 400}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("flown")
    return {study: fly(study, flights, folder) for study, flights in STUDIES.items()}


@pytest.fixture(scope="module")
def pages(results: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {}
    for study, result in results.items():
        made[study] = folder / f"{study}.html"
        options = ["--value", str(made_value(folder / "value.json", result))] if study == "trilateral-warning" else []
        assert main([str(result), "-o", str(made[study]), *options]) == 0
    return made


def made_value(path: Path, result: Path) -> Path:
    """As `longwatch value --json` prints: two links and a sensor."""
    def estimate(x: float) -> dict:
        return {"value": x, "low": x - 1, "high": x + 1}

    entries = [{"kind": kind, "name": name, "loses_most": most, "pk_loss": estimate(0.0),
                "consumers": [{"name": "tokyo", "usable_loss_s": estimate(loss), "warning_loss_s": None,
                               "p_warned_loss": estimate(0.0), "p_at_least_loss_s": {}}]}
               for kind, name, most, loss in (("link", "korea-to-japan", "tokyo", 60.0),
                                              ("sensor", "green-pine-centre", "tokyo", 8.0),
                                              ("link", "jp-cue", None, 0.0))]
    path.write_text(json.dumps({"arm": "direct", "flights": 1000, "ranking": entries,
                                "study_hash": open_result(result).attrs["study_hash"]}))
    return path


@dataclass
class Opened:
    """A page, and all that it complained of or asked the network for."""

    page: object
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


def opened(browser: object, path: Path) -> Opened:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    it = Opened(context.new_page())
    it.page.on("console", lambda message: it.complaints.append(f"{message.type}: {message.text}"))
    it.page.on("pageerror", lambda error: it.complaints.append(str(error)))
    it.page.on("request", lambda request: it.requests.append(request.url))
    it.page.goto(path.as_uri())
    it.page.wait_for_selector("body[data-drawn]", timeout=30_000)
    return it


@pytest.fixture(scope="module")
def opened_once(browser: object, pages: dict[str, Path]) -> dict[str, Opened]:
    return {study: opened(browser, path) for study, path in pages.items()}


@pytest.fixture
def reader(opened_once: dict[str, Opened]) -> dict[str, Opened]:
    """The pages as they first appear, opened once for all tests."""
    for it in opened_once.values():
        it.page.set_viewport_size({"width": 1280, "height": 900})
        it.page.emulate_media(media="screen", color_scheme="light")
        for box in it.page.locator("input[data-arm]").all():
            box.check()
    return opened_once


def wait_until(it: Opened, expression: str) -> None:
    """Until it holds; ten seconds at most. The page's own policy forbids playwright's way of waiting."""
    for _ in range(200):
        if it.page.evaluate(expression):
            return
        it.page.wait_for_timeout(50)
    raise AssertionError(f"never so: {expression}")


def asked_of_the_network(it: Opened, path: Path) -> list[str]:
    return [url for url in it.requests if url != path.as_uri() and not url.startswith(("data:", "blob:"))]


# Of each figure: how many traces it shows, and whether anything of them is drawn.
_DRAWN = """() => Object.fromEntries([...document.querySelectorAll('.plot')].map((plot) => [plot.id, {
    traces: (plot.data || []).filter((trace) => trace.visible !== false).length,
    marks: plot.querySelectorAll('.trace path, .point path, .points path').length,
    wide: plot.getBoundingClientRect().width,
    svg: plot.querySelector('.main-svg').getBoundingClientRect().width}]))"""

# Of each figure: the arms of the traces it shows.
_ARMS_SHOWN = """() => Object.fromEntries([...document.querySelectorAll('.plot')].map((plot) => [plot.id,
    plot.data.filter((trace) => trace.visible !== false && trace.meta && trace.meta.arms && !trace.meta.any)
        .flatMap((trace) => trace.meta.arms)]))"""


@pytest.mark.parametrize("study", STUDIES)
def test_a_page_opens_whole_without_network_error_or_overflow(reader, pages, results, study: str) -> None:
    it = reader[study]
    result = open_result(results[study])
    consumers, is_raid = result.sizes["consumer"], result.attrs["raid_size"] > 1
    wanted = {"warning": consumers, "delay": consumers, "gain": consumers, "map": 2 if consumers > 1 else 1,
              "value": 1 if study == "trilateral-warning" else 0, "leakers": is_raid, "batteries": 1,
              "engagement": 4 if is_raid else 2}
    for width, scheme in ((1280, "light"), (1280, "dark"), (390, "dark"), (390, "light")):
        it.page.set_viewport_size({"width": width, "height": 900})
        it.page.emulate_media(color_scheme=scheme)
        wait_until(it, f"document.getElementById('map').getBoundingClientRect().width < {width}")
        drawn = it.page.evaluate(_DRAWN)
        assert {kind: sum(id_.split("-")[0] == kind for id_ in drawn) for kind in wanted} == wanted
        assert len(drawn) == sum(wanted.values())
        for id_, figure in drawn.items():
            assert figure["traces"] > 0 and figure["marks"] > 0 and figure["wide"] > 300, (id_, width)
            assert figure["svg"] == pytest.approx(figure["wide"], abs=1), (id_, width)
        assert it.page.evaluate("document.documentElement.scrollWidth") <= width
    assert it.complaints == []
    assert asked_of_the_network(it, pages[study]) == []


def test_hiding_an_arm_hides_it_in_every_figure_and_table(reader) -> None:
    it = reader["layered-defence"]
    before = it.page.evaluate(_ARMS_SHOWN)
    with_arm = {id_ for id_, arms in before.items() if "direct" in arms}
    assert {id_.split("-")[0] for id_ in with_arm} == {"map", "warning", "delay", "gain", "engagement", "leakers",
                                                       "batteries"}
    rows = "[...document.querySelectorAll('tr[data-arms]')].filter((row) => !row.hidden && " \
           "JSON.parse(row.dataset.arms).includes('direct')).length"
    assert it.page.evaluate(rows) > 20
    it.page.locator("input[data-arm='direct']").uncheck()
    after = it.page.evaluate(_ARMS_SHOWN)
    assert all("direct" not in arms for arms in after.values())
    assert all("bilateral" in arms for arms in after.values() if arms)
    assert it.page.evaluate(rows) == 0
    it.page.locator("input[data-arm='direct']").check()
    assert it.page.evaluate(_ARMS_SHOWN) == before
    assert it.page.evaluate(rows) > 20
    assert it.complaints == []


def test_a_click_in_a_legend_is_a_click_for_all_figures(reader) -> None:
    it = reader["layered-defence"]
    legend = it.page.locator("#warning-0-tokyo .legendtoggle")
    legend.nth(1).scroll_into_view_if_needed()
    legend.nth(1).click()
    # Plotly waits whether it becomes a double click.
    wait_until(it, "!document.querySelector(\"input[data-arm='bilateral']\").checked")
    assert all("bilateral" not in arms for arms in it.page.evaluate(_ARMS_SHOWN).values())


def test_on_paper_everything_is_shown_and_fits(reader, tmp_path: Path) -> None:
    it = reader["layered-defence"]
    it.page.emulate_media(color_scheme="dark")
    it.page.locator("input[data-arm='direct']").uncheck()
    it.page.emulate_media(media="print")
    wait_until(it, "document.body.classList.contains('paper')")
    shown = it.page.evaluate(_ARMS_SHOWN)
    assert "direct" in shown["warning-0-tokyo"] and "direct" in shown["map"]
    assert it.page.locator("input[data-arm]").first.is_hidden()
    # A4 less its margins of 13 mm is 695 px wide; Chromium shrinks by less than 1 % without cutting.
    assert it.page.evaluate("Math.max(...[...document.querySelectorAll('main *')].map("
                            "(e) => e.closest('.scroll, svg, details') ? 0 : e.getBoundingClientRect().right))") <= 702
    text, ground = it.page.evaluate("[getComputedStyle(document.body).color, "
                                    "document.querySelector('#warning-0-tokyo .xtitle').style.fill]")
    assert text == ground == "rgb(31, 35, 40)"
    it.page.emulate_media(media="screen")
    wait_until(it, "!document.body.classList.contains('paper')")
    assert "direct" not in it.page.evaluate(_ARMS_SHOWN)["map"]
    pdf = tmp_path / "page.pdf"
    it.page.pdf(path=pdf, prefer_css_page_size=True)
    assert pdf.read_bytes().startswith(b"%PDF")


def test_figures_follow_light_and_dark_while_the_page_is_open(reader) -> None:
    it = reader["layered-defence"]
    colour = "document.querySelector('#warning-0-tokyo .xtitle').style.fill"
    assert it.page.evaluate(colour) == "rgb(31, 35, 40)"
    it.page.emulate_media(color_scheme="dark")
    wait_until(it, f"{colour} === 'rgb(230, 237, 243)'")
    land = "document.querySelector('#map').data.find((trace) => trace.name === 'land').fillcolor"
    assert it.page.evaluate(land) == figures.THEME_DARK["land"]


def test_text_of_the_file_is_shown_and_never_run(browser, results, tmp_path: Path) -> None:
    attack = "</script><script>window.hit=1</script><img src=x onerror=window.hit=2>&amp;'\""

    def poison(file: object) -> None:
        for attribute in ("study", "question", "device"):
            file.attrs[attribute] = attack
        file["study/text"][()] = attack
        file["study/assumption"][0] = attack
        for name in ("tokyo", "direct", "aegis-west", "mrbm-off-the-coast", "spy-kr", "hub-to-japan"):
            rename(file, name, f"{name}{attack}")

    page = tmp_path / "page.html"
    assert main([str(changed(results["layered-defence"], tmp_path / "bad.h5", poison)), "-o", str(page)]) == 0
    it = opened(browser, page)
    assert it.page.evaluate("window.hit") is None
    assert it.complaints == [] and asked_of_the_network(it, page) == []
    assert attack in it.page.locator("h1").inner_text()
    assert attack in it.page.locator("#limits").inner_text()
    assert it.page.evaluate("document.querySelectorAll('main img, main script').length") == 0
    # Figures too show names letter by letter.
    legends = it.page.evaluate("[...document.querySelectorAll('.plot .legendtext')].map((text) => text.textContent)")
    assert any(text == f"direct{attack}" for text in legends)
    it.page.locator("input[data-arm]").nth(3).uncheck()
    assert it.page.evaluate("window.hit") is None and it.complaints == []


@pytest.mark.parametrize("study", STUDIES)
def test_a_page_is_small_enough_to_send_and_says_what_is_in_it(reader, pages, study: str) -> None:
    path = pages[study]
    assert path.stat().st_size < EIGHT_MEGABYTES
    it = reader[study]
    levels = [int(level) for level in it.page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map((h) => h.tagName[1])")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:]))
    links = it.page.evaluate("[...document.querySelectorAll('nav a')].map((a) => [a.hash, a.textContent])")
    titles = it.page.evaluate("[...document.querySelectorAll('main h2')].map((h) => ['#' + h.parentElement.id, h.textContent])")
    assert links == titles and len(titles) >= 8
    labels = it.page.evaluate("[...document.querySelectorAll('.plot')].map((p) => [p.getAttribute('role'), p.ariaLabel])")
    assert all(role == "img" and len(label) > 15 for role, label in labels)
    # A section with figures has tables with their numbers.
    bare = it.page.evaluate("[...document.querySelectorAll('section')].filter((s) => s.querySelector('.plot') && "
                            "!s.querySelector('tbody tr')).map((s) => s.id)")
    assert bare == []
    ids = re.findall(r'\bid="([^"]+)"', path.read_text().split("<script", 1)[0])
    assert len(ids) == len(set(ids))


def test_a_placement_has_a_map_of_its_candidates(browser, tmp_path: Path) -> None:
    page = tmp_path / "placement.html"
    hostile = ["<b>x</b>", *(f"place-{i}" for i in range(1, 12))]
    assert main([str(make_placement(tmp_path / "placement.h5", hostile)), "-o", str(page)]) == 0
    it = opened(browser, page)
    assert it.complaints == [] and asked_of_the_network(it, page) == []
    drawn = it.page.evaluate(_DRAWN)
    assert list(drawn) == ["map-placement", "placement-gains"]
    candidates = "document.querySelector('#map-placement').data.filter((t) => /candidate on|adds nothing/.test(t.name))"
    # The southernmost row gains nothing.
    assert sorted(it.page.evaluate(f"{candidates}.map((t) => [t.name, t.text.length])")) == [
        ["adds nothing that these flights tell", 3], ["candidate on land", 3], ["candidate on water", 6]]
    # The colour of a large gain stands out from land and sea, light and dark.
    for scheme, theme in (("light", figures.THEME), ("dark", figures.THEME_DARK)):
        it.page.emulate_media(color_scheme=scheme)
        wait_until(it, f"{candidates}.filter((t) => t.marker.colorscale).every((t) => "
                       f"t.marker.colorscale[2][1] === '{theme['most']}')")
        assert min(_contrast(theme["most"], theme[ground]) for ground in ("land", "sea")) >= 4.5
    assert it.page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert it.page.locator("tbody tr").first.inner_text().startswith("place-3")


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""
    def luminance(colour: str) -> float:
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme, ground", [(figures.THEME, "#ffffff"), (figures.THEME_DARK, "#0d1117")])
def test_text_and_lines_stand_out_from_their_ground(theme: dict, ground: str) -> None:
    # WCAG 2.2 AA: 4.5 for text. Lines of arms differ in dash and symbol too, so 2 is enough for them.
    assert min(_contrast(theme[name], ground) for name in ("text", "soft")) >= 4.5
    assert min(_contrast(colour, ground) for colour in figures.COLOURS) >= 2


def test_arms_differ_in_more_than_colour() -> None:
    styles = [figures.arm_style(number) for number in range(7)]
    for key in ("colour", "dash", "symbol", "hatch"):
        assert len({style[key] for style in styles}) == 7
