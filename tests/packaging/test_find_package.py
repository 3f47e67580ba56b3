"""find_package(longwatch): the example project builds on an installed tree, and says what the program says."""

from __future__ import annotations

import json
import math
import re
import shutil
from pathlib import Path

import pytest
from installed import BUILD, ROOT, done, needs_build

pytestmark = needs_build
STUDY = "studies/trilateral-warning.toml"


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("installed")
    done("cmake", "--install", BUILD, "--prefix", place)
    return place


@pytest.fixture(scope="module")
def example(prefix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example as it is installed, built beside a folder that has the names of ours."""
    source = tmp_path_factory.mktemp("example")
    shutil.copytree(prefix / "share/doc/longwatch/examples/cpp", source, dirs_exist_ok=True)
    (source / "models").mkdir()
    (source / "models/limits.hpp").write_text("#error a header of this project in place of Longwatch's\n", encoding="utf-8")
    configure(source, source / "build", prefix, "-DCMAKE_CXX_FLAGS=-I" + str(source))
    done("cmake", "--build", source / "build")
    return source / "build"


def configure(source: Path, build: Path, prefix: Path, *options: str, status: int = 0) -> str:
    return done("cmake", "-G", "Ninja", "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}", *options, status=status)


def project(folder: Path, find: str, languages: str = "C CXX") -> Path:
    folder.mkdir()
    (folder / "CMakeLists.txt").write_text(
        f"cmake_minimum_required(VERSION 3.25)\nproject(own LANGUAGES {languages})\n{find}\n", encoding="utf-8")
    return folder


def test_a_library_user_gets_the_numbers_of_the_program(example: Path, prefix: Path, tmp_path: Path) -> None:
    told = done(example / "fly_study", prefix / "share/longwatch" / STUDY, 640)
    done(prefix / "bin/longwatch", "run", prefix / "share/longwatch" / STUDY, "-o", tmp_path / "r.h5", "--flights", 640,
         "--device", "cpu", "--quiet")
    shown = json.loads(done(prefix / "bin/longwatch", "show", tmp_path / "r.h5", "--json"))
    expected = []
    for arm in shown["arms"]:
        for consumer in arm["consumers"]:
            p = consumer["p_warned"]
            expected.append(f"{arm['name']} {consumer['name']} warned {p['value']:.9f} ({p['low']:.9f} to {p['high']:.9f})")
    assert told.splitlines() == expected
    assert len({line.split("warned ")[1] for line in expected}) > 3, "the numbers differ, so that they can be confused"


def test_the_physics_alone_sees_a_missile_where_a_sphere_and_kepler_say(example: Path) -> None:
    told = re.fullmatch(r"seen ([\d.]+) s after launch, ([\d.]+) km away and ([\d.]+) km high; it falls after ([\d.]+) s\n",
                        done(example / "first_sight"))
    assert told is not None
    seen_s, range_km, altitude_km, flight_s = map(float, told.groups())
    # The arc as in the example: apogee 300 km over 0.16 rad, round Earth; Bate, Mueller and White (1971), chapter 6.
    radius, gm, apogee, angle = 6371000.0, 3.986004418e14, 300e3, 0.16
    e = apogee / (radius + apogee - radius * math.cos(angle / 2))
    a = (radius + apogee) / (1 + e)
    end = math.acos((1 - radius / a) / e)
    assert flight_s == pytest.approx(2 * math.sqrt(a**3 / gm) * (math.pi - end + e * math.sin(end)), abs=0.06)

    def height(t_s: float) -> float:
        mean = math.pi + math.sqrt(gm / a**3) * (t_s - flight_s / 2)
        eccentric = mean
        for _ in range(200):  # converges by e < 1 at each round
            eccentric = mean + e * math.sin(eccentric)
        return a * (1 - e * math.cos(eccentric)) - radius

    assert altitude_km * 1e3 == pytest.approx(height(seen_s), abs=100)
    # Elevation by the law of cosines on a sphere 4/3 as large, from range and height: 3 degrees when it is first seen. The
    # example's is on WGS 84 and bends the straight line, hence the tolerance.
    bent = radius * 4 / 3
    sine = ((bent + altitude_km * 1e3) ** 2 - bent**2 - (range_km * 1e3) ** 2) / (2 * bent * range_km * 1e3)
    assert math.degrees(math.asin(sine)) == pytest.approx(3, abs=0.05)


def test_installed_headers_name_each_other_below_their_own_folder(prefix: Path) -> None:
    headers = list((prefix / "include").rglob("*.hpp"))
    assert all(header.is_relative_to(prefix / "include/longwatch") for header in headers)
    named = {name for header in headers for name in re.findall(r'#include "([^"]+)"', header.read_text(encoding="utf-8"))}
    assert named and all((prefix / "include" / name).is_file() for name in named)
    models = {str(file.relative_to(ROOT)) for file in (ROOT / "models").rglob("*.hpp")}
    assert models <= {str(header.relative_to(prefix / "include/longwatch")) for header in headers}
    # What the libraries use inside is nobody else's business.
    used = {name for header in headers for name in re.findall(r"#include <([^>]+/[^>]+)>", header.read_text(encoding="utf-8"))}
    assert used == {"Random123/philox.h"}


def test_the_physics_asks_for_no_library_and_no_language_but_c_plus_plus(prefix: Path, tmp_path: Path) -> None:
    source = project(tmp_path / "own", """find_package(longwatch 0.1 REQUIRED COMPONENTS models)
        if(fmt_FOUND OR HDF5_FOUND OR OpenSSL_FOUND)
            message(FATAL_ERROR "a library was looked for")
        endif()""", "CXX")
    configure(source, tmp_path / "build", prefix)


@pytest.mark.parametrize(("find", "languages", "said"), [
    ("find_package(longwatch 0.2 REQUIRED)", "C CXX", "version: 0.1"),
    ("find_package(longwatch 1.0 REQUIRED)", "C CXX", "version: 0.1"),
    ("find_package(longwatch 0.1 REQUIRED COMPONENTS radars)", "C CXX", "no component radars (known: models,"),
    ("find_package(longwatch 0.1 REQUIRED COMPONENTS host)", "CXX", "needs the language C"),
])
def test_what_is_not_there_is_not_found_and_told(prefix: Path, tmp_path: Path, find: str, languages: str, said: str) -> None:
    source = project(tmp_path / "own", find, languages)
    assert said in configure(source, tmp_path / "build", prefix, status=1)
