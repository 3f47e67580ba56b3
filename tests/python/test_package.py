"""The reader as a package: a wheel of it installs and imports apart from the source tree."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

import longwatch_reader

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "scripts/longwatch_reader"


def done(*command: object, cwd: Path | None = None) -> str:
    finished = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=cwd, timeout=120)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built of a copy of the package, without the network."""
    source = tmp_path_factory.mktemp("source") / "package"
    shutil.copytree(PACKAGE, source, ignore=shutil.ignore_patterns("*.egg-info", "build", "__pycache__"))
    place = tmp_path_factory.mktemp("wheel")
    done(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index",
         "--disable-pip-version-check", "-w", place, source)
    return next(place.glob("*.whl"))


def test_the_wheel_holds_every_module_and_says_that_it_is_typed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("longwatch_reader/")}
    modules = {f"longwatch_reader/{path.name}" for path in (PACKAGE / "longwatch_reader").glob("*.py")}
    assert modules | {"longwatch_reader/py.typed"} <= held


def test_the_wheel_installs_and_imports_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    done(sys.executable, "-m", "venv", "--without-pip", tmp_path / "own")
    python = tmp_path / "own/bin/python"
    site = Path(done(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    done(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check",
         "--target", site, wheel)
    # Dependencies are those of the tests' environment; a path in a .pth file brings no editable install with it.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    script = ("import longwatch_reader as lw; print(lw.__file__); print(lw.__version__); "
              "s = lw.Study('flights = 7'); s['flights'] += 1; print(s.text)")
    told = done(python, "-c", script, cwd=tmp_path).splitlines()
    assert Path(told[0]).is_relative_to(tmp_path)
    assert told[1:] == [longwatch_reader.__version__, "flights = 8"]
    assert "usage: longwatch_reader" in done(python, "-m", "longwatch_reader", "--help", cwd=tmp_path)


def test_versions_agree() -> None:
    project = re.search(r"project\(longwatch\s+VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())
    assert project is not None
    stated = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]
    assert stated["version"] == project[1] == longwatch_reader.__version__


def test_what_the_tests_run_with_is_what_the_package_asks_for() -> None:
    stated = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]
    asked = dict(line.split(">=") for line in stated["dependencies"])
    pinned = dict(line.split("==") for line in (PACKAGE / "requirements.txt").read_text().splitlines()
                  if line and not line.startswith("#"))
    assert set(asked) == set(pinned)

    def numbers(version: str) -> list[int]:
        return [int(part) for part in version.split(".")]

    assert all(numbers(pinned[name]) >= numbers(asked[name]) for name in asked)


def test_public_names_are_documented() -> None:
    page = (ROOT / "docs/python.md").read_text()
    for name in longwatch_reader.__all__:
        assert name in page, name
        if callable(getattr(longwatch_reader, name)):
            assert getattr(longwatch_reader, name).__doc__, name
