"""A first study: written as text, sound as it is, flown as it is.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

import json
import os
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch")).resolve()
CATALOG = ROOT / "models/catalog"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def longwatch(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL, **options)


def test_the_written_study_is_sound_and_warns_in_every_arm(tmp_path: Path) -> None:
    done = longwatch("init", "mine.toml", "--catalog", CATALOG, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    checked = longwatch("check", "mine.toml", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")  # no remark either
    flown = longwatch("run", "mine.toml", "-o", "mine.h5", "--flights", 500, "--device", "cpu", "--quiet", cwd=tmp_path)
    assert (flown.returncode, flown.stderr) == (0, "")
    shown = json.loads(longwatch("show", tmp_path / "mine.h5", "--json").stdout)
    assert shown["fates"]["impact"] == 500
    for arm in shown["arms"]:
        # Two radars look at a flight of some eight minutes: nearly all are seen. The bound is far below the 99.9 %
        # that 20,000 flights gave, and far above what an arm without a link to the consumer would reach.
        assert all(consumer["p_warned"]["value"] > 0.9 for consumer in arm["consumers"])
        assert arm["engagement"]["shots_mean"]["value"] > 0
    # What it teaches: the neighbour's radar sees the flight earlier. 38 s were found, 0.4 s wide.
    assert shown["paired"][0]["gain_s"]["low"] > 20


def test_the_commands_it_names_are_those_that_come_next(tmp_path: Path) -> None:
    done = longwatch("init", "mine.toml", "--catalog", CATALOG, cwd=tmp_path)
    assert "longwatch check mine.toml" in done.stdout and "longwatch run mine.toml -o mine.h5" in done.stdout


def test_the_commands_it_names_are_fit_for_a_shell(tmp_path: Path) -> None:
    for name in ("with space.toml", "it's $(touch ran).toml", "Münze;.toml"):
        done = longwatch("init", name, "--catalog", CATALOG, cwd=tmp_path)
        named = [line.strip() for line in done.stdout.splitlines() if line.startswith("  longwatch ")]
        assert [shlex.split(line)[:3] for line in named] == [["longwatch", "check", name], ["longwatch", "run", name]]
        check = named[0].replace("longwatch", str(PROGRAM), 1)
        assert subprocess.run(["bash", "-c", check], cwd=tmp_path, capture_output=True, timeout=60).returncode == 0
    assert not (tmp_path / "ran").exists()


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("mine")
    done = longwatch("init", tmp_path / "mine.toml", "--catalog", CATALOG)
    assert done.returncode == 3 and "mine.toml (it exists" in done.stderr and done.stdout == ""
    assert (tmp_path / "mine.toml").read_text() == "mine"


@pytest.mark.parametrize("file, status, reason", [
    ("", 2, "FILE ''"), ("missing/mine.toml", 3, "missing does not exist"), (".", 3, "exists"), (300 * "n", 3, "too long"),
])
def test_a_place_that_takes_no_file_is_told(tmp_path: Path, file: str, status: int, reason: str) -> None:
    done = longwatch("init", file, "--catalog", CATALOG, cwd=tmp_path)
    assert done.returncode == status and reason in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_leaves_no_half_of_a_study(tmp_path: Path) -> None:
    done = subprocess.run(["bash", "-c", 'ulimit -f 1; exec "$@"', "_", PROGRAM, "init", tmp_path / "mine.toml",
                           "--catalog", CATALOG], capture_output=True, text=True)
    assert done.returncode == 3 and "cannot write" in done.stderr
    assert list(tmp_path.iterdir()) == []


def catalog_of(study: Path) -> str:
    return tomllib.loads(study.read_text())["catalog"]


def test_the_catalogue_is_named_as_seen_from_the_study(tmp_path: Path) -> None:
    """They share the folder in which tests make theirs, so that both can move together."""
    catalog = tmp_path / "share" / "catalog"
    catalog.parent.mkdir()
    subprocess.run(["cp", "-r", CATALOG, catalog], check=True)
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    for place in ("mine.toml", "../b/../b/other.toml", folder / "third.toml"):
        made = longwatch("init", place, "--catalog", "../../share/catalog", cwd=folder)
        assert made.returncode == 0
        assert made.stdout.count(" --catalog ../../share/catalog\n") == 2
        assert catalog_of(folder / place) == "../../share/catalog"
        # It lies outside the folder of the study, and so has to be given (docs/hostile_input.md).
        assert longwatch("check", place, cwd=folder).returncode == 2
        assert longwatch("check", place, "--catalog", "../../share/catalog", cwd=folder).returncode == 0
        assert longwatch("check", folder / place, "--catalog", catalog, cwd="/").returncode == 0


def test_behind_a_symbolic_link_the_catalogue_is_named_in_full(tmp_path: Path) -> None:
    """Seen from behind the link, ".." would lead elsewhere."""
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)
    (tmp_path / "short").symlink_to(folder)
    assert longwatch("init", tmp_path / "short" / "mine.toml", "--catalog", CATALOG).returncode == 0
    assert catalog_of(folder / "mine.toml") == str(CATALOG)
    assert longwatch("check", tmp_path / "short" / "mine.toml").returncode == 0
    assert longwatch("check", folder / "mine.toml").returncode == 0


def test_without_an_option_the_catalogue_is_found_above_the_program(tmp_path: Path) -> None:
    assert longwatch("init", "mine.toml", cwd=tmp_path).returncode == 0
    assert (tmp_path / catalog_of(tmp_path / "mine.toml")).resolve() == CATALOG
