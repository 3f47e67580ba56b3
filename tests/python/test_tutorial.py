"""The tutorial runs, and what stands in it is what it says when it runs.

It runs the program, LONGWATCH_PROGRAM or build/release/longwatch. scripts/tutorial/run_tutorial.py renews what it says.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
sys.path.insert(0, str(ROOT / "scripts/tutorial"))

pytest.importorskip("nbclient")
tutorial = pytest.importorskip("run_tutorial")

NUMBER = re.compile(r"\d+(?:\.\d+)?")
DEVICE = re.compile(r"on (?:cpu|cuda: [^;]*);")


def told(output: dict[str, Any]) -> str:
    """The text of an output; of a picture, that it is one."""
    if output["output_type"] == "stream":
        return output["text"]
    data = output["data"]
    return "a picture" if "image/png" in data else DEVICE.sub("on a device;", data["text/plain"])


@pytest.fixture(scope="module")
def stored_and_fresh() -> tuple[list[Any], list[Any]]:
    if not PROGRAM.exists():
        pytest.skip(f"{PROGRAM} is not built")
    stored, fresh = tutorial.read(), tutorial.run(tutorial.read())
    return ([cell for cell in notebook.cells if cell.cell_type == "code"] for notebook in (stored, fresh))


def test_the_tutorial_runs_and_says_what_stands_in_it(stored_and_fresh: tuple[list[Any], list[Any]]) -> None:
    stored, fresh = stored_and_fresh
    assert len(fresh) > 10
    for before, after in zip(stored, fresh, strict=True):
        assert [output["output_type"] for output in before.outputs] == \
            [output["output_type"] for output in after.outputs], before.source
        for old, new in zip(map(told, before.outputs), map(told, after.outputs), strict=True):
            # White space gives way to the width of the numbers.
            assert NUMBER.sub("", old).split() == NUMBER.sub("", new).split(), before.source
            # Another instruction set or device changes results in the last of sixteen digits, and so what is
            # printed by one in its last place; no number here moves more than this by that.
            assert [float(number) for number in NUMBER.findall(new)] == pytest.approx(
                [float(number) for number in NUMBER.findall(old)], rel=0.02, abs=0.15), before.source


def test_the_tutorial_names_no_place_of_a_machine() -> None:
    text = tutorial.TUTORIAL.read_text()
    for word in (str(ROOT), str(Path.home()) + "/", "/tmp/"):
        assert word not in text


def test_every_page_that_the_tutorial_names_is_there() -> None:
    pages = re.findall(r"\]\(([^)#]+)", " ".join(cell.source for cell in tutorial.read().cells))
    assert len(pages) >= 4
    for page in pages:
        assert (tutorial.TUTORIAL.parent / page).exists(), page
