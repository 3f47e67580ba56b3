"""The version stands in one place, CMakeLists.txt; everything that tells it agrees."""

from __future__ import annotations

import json
import re
import tomllib

from installed import BUILD, PROGRAM, ROOT, done, needs_build

pytestmark = needs_build


def version() -> str:
    found = re.search(r"project\(longwatch\s+VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def test_the_program_says_it_everywhere() -> None:
    assert done(PROGRAM, "--version").startswith(f"longwatch {version()} (commit ")
    assert json.loads(done(PROGRAM, "info", "--json"))["version"] == version()
    title = next(line for line in done(PROGRAM, "generate", "man").splitlines() if line.startswith(".TH"))
    assert f'"longwatch {version()}"' in title


def test_the_cmake_package_the_reader_and_the_bill_of_materials_have_it() -> None:
    config = (BUILD / "longwatchConfigVersion.cmake").read_text(encoding="utf-8")
    assert f'set(PACKAGE_VERSION "{version()}")' in config
    reader = tomllib.loads((ROOT / "scripts/longwatch_reader/pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert reader["version"] == version()
    bill = json.loads(done(ROOT / "scripts/packaging/make_sbom.py", "--source"))
    told = {package["name"]: package.get("versionInfo") for package in bill["packages"]}
    assert told["longwatch"] == told["longwatch_reader"] == version()
