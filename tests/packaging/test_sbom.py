"""The bill of materials: valid SPDX, nothing left out of what the program links, and the same bytes for the same build."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from installed import BUILD, ROOT, done, needs_build
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

MAKE = ROOT / "scripts/packaging/make_sbom.py"
needs_dpkg = pytest.mark.skipif(not Path("/usr/bin/dpkg-query").exists(), reason="packages are asked of dpkg")

# What CMakeLists.txt looks for, and the Debian package whose headers that brings.
FOUND = {
    "Threads": "libc6-dev", "fmt": "libfmt-dev", "nlohmann_json": "nlohmann-json3-dev", "CLI11": "libcli11-dev",
    "Eigen3": "libeigen3-dev", "OpenSSL": "libssl-dev", "pugixml": "libpugixml-dev", "Boost": "libboost1.74-dev",
    "HDF5": "libhdf5-dev", "MPI": "libopenmpi-dev", "CycloneDDS": "cyclonedds-dev", "LW_RANDOM123": "librandom123-dev",
    "LW_TOMLPLUSPLUS": "libtomlplusplus-dev", "LW_XSIMD": "libxsimd-dev", "LW_CBC_HEADERS": "coinor-libcbc-dev",
    "LW_CBC": "coinor-libcbc3", "LW_HTTPLIB_HEADERS": "libcpp-httplib-dev", "LW_HTTPLIB": "libcpp-httplib0.11",
}


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("bills")
    for name, what in {"build": ["--build", BUILD], "again": ["--build", BUILD], "source": ["--source"]}.items():
        done(MAKE, *what, "-o", folder / f"{name}.spdx.json", env={"SOURCE_DATE_EPOCH": "1700000000"})
    return {name: folder / f"{name}.spdx.json" for name in ("build", "again", "source")}


def names(bill: Path) -> set[str]:
    return {package["name"] for package in json.loads(bill.read_text(encoding="utf-8"))["packages"]}


@needs_build
@needs_dpkg
@pytest.mark.parametrize("which", ["build", "source"])
def test_it_is_valid_spdx(bills: dict[str, Path], which: str) -> None:
    document = parse_file(str(bills[which]))
    assert validate_full_spdx_document(document) == []
    assert document.creation_info.spdx_version == "SPDX-2.3"


@needs_build
@needs_dpkg
def test_every_library_that_is_linked_is_in_it_with_the_version_installed(bills: dict[str, Path]) -> None:
    packages = {package["name"]: package for package in json.loads(bills["build"].read_text(encoding="utf-8"))["packages"]}
    linked = set()
    for binary in [BUILD / "longwatch", *BUILD.glob("longwatch_*.so")]:
        linked |= set(re.findall(r"\(NEEDED\).*\[(.+)\]", done("readelf", "-d", "-W", binary)))
    assert {"libc.so.6", "libfmt.so.9", "libCbcSolver.so.3"} <= linked
    for library in linked:
        # By the library's name alone, anywhere: another way than the bill was made.
        owners = {line.split(":")[0] for line in done("dpkg-query", "-S", f"*/{library}").splitlines()}
        listed = owners & set(packages)
        assert listed, f"{library} of {owners}"
        for name in listed:
            versions = done("dpkg-query", "-W", "-f", "${Version}\n", name).splitlines()
            assert packages[name]["versionInfo"] in versions


@needs_build
@needs_dpkg
def test_everything_that_the_build_looks_for_is_in_it(bills: dict[str, Path]) -> None:
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    asked = set(re.findall(r"^find_(?:package|path|library)\((\w+)", text, re.MULTILINE))
    assert asked == set(FOUND), "a library is new, or gone: put its package into this table"
    objects = {"MPI": "longwatch_mpi.so", "CycloneDDS": "longwatch_dds.so", "LW_HTTPLIB": "longwatch_page.so",
               "LW_HTTPLIB_HEADERS": "longwatch_page.so"}
    absent = {name for name, file in objects.items() if not (BUILD / file).exists()}
    assert {FOUND[name] for name in asked - absent} <= names(bills["build"])


@needs_build
@needs_dpkg
def test_what_only_the_tests_use_is_not_in_it(bills: dict[str, Path]) -> None:
    assert "catch2" not in names(bills["build"])


@needs_build
@needs_dpkg
def test_the_same_build_makes_the_same_bytes(bills: dict[str, Path]) -> None:
    assert bills["build"].read_bytes() == bills["again"].read_bytes()


@needs_dpkg
def test_the_bill_of_the_source_has_what_it_is_built_with_and_what_the_reader_asks_for(bills: dict[str, Path]) -> None:
    listed = names(bills["source"])
    assert {"libhdf5-dev", "cmake", "g++", "libxsimd-dev"} <= listed
    pinned = (ROOT / "scripts/longwatch_reader/requirements.txt").read_text(encoding="utf-8").splitlines()
    assert {line.split("==")[0] for line in pinned if line and not line.startswith("#")} <= listed


def test_where_nothing_is_built_it_says_so(tmp_path: Path) -> None:
    finished = subprocess.run([MAKE, "--build", tmp_path], capture_output=True, text=True)
    assert finished.returncode == 3
    assert finished.stderr.startswith("make_sbom: ")
