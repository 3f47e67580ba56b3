"""cmake --install: a program that works where it was put, away from the source tree.

LONGWATCH_PROGRAM names the program, in its build folder; build/release/longwatch unless it does.
"""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch")).resolve()
BUILD = PROGRAM.parent

pytestmark = pytest.mark.skipif(not (PROGRAM.exists() and (BUILD / "cmake_install.cmake").exists()),
                                reason=f"{PROGRAM} is not built, or not by cmake")


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("installed")
    done = subprocess.run(["cmake", "--install", BUILD, "--prefix", place], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return place


def test_what_is_installed_is_the_program_and_what_belongs_to_it(prefix: Path) -> None:
    files = {str(file.relative_to(prefix)) for file in prefix.rglob("*") if file.is_file()}
    catalog = {file for file in files if file.startswith("share/longwatch/catalog/")}
    assert len(catalog) == sum(file.suffix in (".toml", ".md") for file in (ROOT / "models/catalog").rglob("*"))
    assert files - catalog == {
        "bin/longwatch", "share/longwatch/study.schema.json", "share/man/man1/longwatch.1",
        "share/bash-completion/completions/longwatch", "share/zsh/site-functions/_longwatch"}
    assert (prefix / "share/man/man1/longwatch.1").read_text().startswith('.\\"')
    assert (prefix / "share/zsh/site-functions/_longwatch").read_text().startswith("#compdef longwatch")


def test_it_finds_its_catalogue_and_flies_a_first_study(prefix: Path, tmp_path: Path) -> None:
    def longwatch(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([prefix / "bin/longwatch", *arguments], capture_output=True, text=True, cwd=tmp_path,
                              timeout=120)

    listed = longwatch("catalog")
    assert listed.returncode == 0 and str(prefix / "share/longwatch/catalog") in listed.stdout
    assert longwatch("init", "mine.toml").returncode == 0
    flown = longwatch("run", "mine.toml", "-o", "mine.h5", "--flights", "64", "--device", "cpu", "--quiet")
    assert (flown.returncode, flown.stderr) == (0, "")
