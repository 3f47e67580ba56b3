"""The page of an exercise that runs, served by it: watched in headless Chromium, paused and hurried from there."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from listened_page import ListenedPage

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/longwatch"
STUDY = ROOT / "studies/trilateral-warning.toml"
CHROMIUM = shutil.which("chromium")
BUILT = all((ROOT / "build/release" / name).exists() for name in ("longwatch_dds.so", "longwatch_page.so"))

pytestmark = pytest.mark.skipif(CHROMIUM is None or not BUILT, reason="chromium, DDS or the server is not here")


class Watched(ListenedPage):
    """An exercise under way, and its page."""

    def __init__(self, page: Any, url: str, process: subprocess.Popen[str]) -> None:
        super().__init__(page)
        self.url, self.process = url, process

    def state(self) -> dict[str, Any]:
        with urllib.request.urlopen(self.url + "state", timeout=30) as answer:
            return json.load(answer)

    def wait_for_state(self, holds: Any) -> dict[str, Any]:
        for _ in range(1200):
            state = self.state()
            if holds(state):
                return state
            self.page.wait_for_timeout(100)
        raise AssertionError(f"never so; the last state was {state['clock']}")

    def clock_s(self) -> float:
        return float(self.state()["clock"]["t_s"])


def begin(browser: Any, *options: str) -> Watched:
    process = subprocess.Popen([PROGRAM, "exercise", STUDY, "--flight", "0", "--arm", "via-us-hub", "--hold", *options],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
    url, said = "", []
    assert process.stderr is not None
    for line in process.stderr:
        said.append(line)
        if found := re.match(r"watch it: (http://127\.0\.0\.1:\d+/)$", line):
            url = found[1]
            break
    assert url, said
    threading.Thread(target=lambda: [None for _ in process.stderr or ()], daemon=True).start()
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, color_scheme="light")
    it = Watched(context.new_page(), url, process)
    it.page.goto(url)
    it.wait("document.body.dataset.shown === ''")
    return it


def end(it: Watched) -> None:
    it.page.context.close()
    it.process.send_signal(signal.SIGINT)
    it.process.wait(timeout=60)


@pytest.fixture(scope="module")
def watched(browser: Any) -> Iterator[Watched]:
    it = begin(browser, "--speed", "10", "--fault", "20 cut japan-to-hub", "--fault", "900 mend japan-to-hub")
    yield it
    end(it)


def test_the_page_shows_each_nation_as_the_exercise_goes(watched: Watched, tmp_path: Path) -> None:
    headings = watched.page.evaluate("[...document.querySelectorAll('main section h2')].map((h) => h.textContent)")
    assert headings == ["Korea", "Japan", "United States", "What is true"]
    state = watched.wait_for_state(lambda s: s["clock"]["t_s"] > 150)
    japan = next(nation for nation in state["nations"] if nation["name"] == "japan")
    assert any(row["maker"] for row in japan["told"])
    assert next(link for link in japan["links"] if link["name"] == "japan-to-hub")["state"] == "down"
    watched.wait("document.querySelectorAll('[data-part=told] tbody tr').length > 3")
    assert all(url.startswith((watched.url, "data:")) for url in watched.requests)
    watched.page.screenshot(path=tmp_path / "exercise.png")
    assert watched.complaints == []


def test_who_watches_pauses_hurries_and_lets_it_go_on(watched: Watched) -> None:
    watched.page.click("#pause")
    watched.wait_for_state(lambda s: s["clock"]["paused"])
    stands_s = watched.clock_s()
    watched.page.wait_for_timeout(1500)
    assert watched.clock_s() == pytest.approx(stands_s, abs=1e-6)
    watched.page.click("#run")
    watched.wait_for_state(lambda s: not s["clock"]["paused"] and s["clock"]["t_s"] > stands_s)
    watched.page.click("#speed-1")
    watched.wait_for_state(lambda s: s["clock"]["speed"] == 1)
    watched.page.click("#speed-10")
    watched.wait_for_state(lambda s: s["clock"]["speed"] == 10)
    assert watched.complaints == []


def test_strangers_cannot_control_it(watched: Watched) -> None:
    request = urllib.request.Request(watched.url + "control", data=b'{"action": "pause"}', method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    assert refused.value.code == 403
    assert not watched.state()["clock"]["paused"]


def test_at_the_end_everybody_was_warned_and_the_page_says_that_it_is_over(browser: Any) -> None:
    hurried = begin(browser, "--speed", "60")
    state = hurried.wait_for_state(lambda s: s["clock"]["over"])
    clocks = {clock["consumer"]: clock for nation in state["nations"] for clock in nation["clocks"]}
    assert clocks["tokyo"]["t_warned_s"] > 0
    assert state["truth"]["flights"][0]["impact"]["t_s"] > 600
    hurried.wait("!document.getElementById('over').hidden")
    assert hurried.process.poll() is None
    assert hurried.complaints == []
    end(hurried)
