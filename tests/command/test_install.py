"""cmake --install: a program that works where it was put, away from the source tree.

LONGWATCH_PROGRAM names the program, in its build folder; build/release/longwatch unless it does.
"""

import os
import re
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
    done = subprocess.run(["cmake", "--install", BUILD, "--prefix", place, "--component", "program"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return place


def test_what_is_installed_is_the_program_and_what_belongs_to_it(prefix: Path) -> None:
    files = {str(file.relative_to(prefix)) for file in prefix.rglob("*") if file.is_file()}
    for installed, shipped in (("share/longwatch/models/catalog", "models/catalog"), ("share/longwatch/studies", "studies")):
        there = {str(Path(file).relative_to(installed)) for file in files if file.startswith(installed + "/")}
        assert there == {str(file.relative_to(ROOT / shipped)) for file in (ROOT / shipped).rglob("*.toml")}
    folders = ("share/longwatch/models/", "share/longwatch/studies/", "share/doc/")
    others = {file for file in files if not file.startswith(folders)}
    assert others == {
        "bin/longwatch", "share/longwatch/study.schema.json", "share/man/man1/longwatch.1",
        "share/bash-completion/completions/longwatch", "share/zsh/site-functions/_longwatch"}
    assert (prefix / "share/man/man1/longwatch.1").read_text().startswith('.\\"')
    assert (prefix / "share/zsh/site-functions/_longwatch").read_text().startswith("#compdef longwatch")


def test_links_between_the_installed_pages_lead_somewhere(prefix: Path) -> None:
    documents = prefix / "share/doc/longwatch"
    followed = 0
    for page in documents.rglob("*.md"):
        for link in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if ":" in link:
                continue
            target = page.parent / link
            # Folders of the source tree that are not installed are told by name in docs/install.md.
            if not target.exists():
                assert (ROOT / page.relative_to(documents).parent / link).exists(), f"{page}: {link}"
                continue
            followed += 1
    assert followed > 100


def test_every_shipped_study_reads_where_it_is_installed(prefix: Path, tmp_path: Path) -> None:
    for study in sorted((prefix / "share/longwatch/studies").glob("*.toml")):
        checked = subprocess.run([prefix / "bin/longwatch", "check", study], capture_output=True, text=True, cwd=tmp_path,
                                 timeout=120)
        assert checked.returncode == 0, checked.stderr


def test_it_finds_its_catalogue_and_flies_a_first_study(prefix: Path, tmp_path: Path) -> None:
    def longwatch(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([prefix / "bin/longwatch", *arguments], capture_output=True, text=True, cwd=tmp_path,
                              timeout=120)

    listed = longwatch("catalog")
    assert listed.returncode == 0 and str(prefix / "share/longwatch/models/catalog") in listed.stdout
    assert longwatch("init", "mine.toml").returncode == 0
    flown = longwatch("run", "mine.toml", "-o", "mine.h5", "--flights", "64", "--device", "cpu", "--quiet")
    assert (flown.returncode, flown.stderr) == (0, "")
