"""cpack makes Debian packages: what is in them, what they ask for, what version they are of.

That they install and run on a clean system is for scripts/check_package.
"""

from __future__ import annotations

import re
import subprocess
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest
from installed import BUILD, PROGRAM, ROOT, done, needs_build

pytestmark = [needs_build, pytest.mark.skipif(not Path("/usr/bin/dpkg-shlibdeps").exists(), reason="dpkg-dev is not installed")]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Of this build, whatever its lanes, by name; compressed quickly."""
    folder = tmp_path_factory.mktemp("packed")
    done("cpack", "-G", "DEB", "-B", folder, "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=zstd", "-D", "CPACK_THREADS=0", cwd=BUILD)
    return {file.name.split("_")[0]: file for file in folder.glob("*.deb")}


def control(package: Path) -> Message:
    return message_from_string(done("dpkg-deb", "-f", package))


def asked_for(package: Path, field: str = "Depends") -> set[str]:
    return {one.split()[0] for one in control(package)[field].split(",")}


def contents(package: Path) -> dict[str, str]:
    """Files by path, with permissions and owner."""
    lines = [line.split(maxsplit=5) for line in done("dpkg-deb", "-c", package).splitlines()]
    return {fields[5].split(" -> ")[0].removeprefix("."): f"{fields[0]} {fields[1]}" for fields in lines if fields[0][0] != "d"}


@pytest.fixture(scope="module")
def unpacked(packages: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("root")
    done("dpkg-deb", "-x", packages["longwatch"], root)
    return root


def test_there_is_one_for_users_one_for_developers_one_for_ranks_and_one_for_exercises(packages: dict[str, Path]) -> None:
    objects = {"longwatch-mpi": "longwatch_mpi.so", "longwatch-exercise": "longwatch_dds.so"}
    built = {name for name, file in objects.items() if (BUILD / file).exists()}
    assert set(packages) == {"longwatch", "longwatch-dev"} | built
    for package in packages.values():
        fields = control(package)
        assert fields["Description"].splitlines()[0].startswith("Monte Carlo planner of missile warning and defence")
        assert re.fullmatch(r".+ <.+@.+>", fields["Maintainer"])
        assert fields["Architecture"] == done("dpkg", "--print-architecture").strip()


def test_the_version_is_what_the_program_says_of_itself(packages: dict[str, Path]) -> None:
    said = re.fullmatch(r"longwatch ([\d.]+) \(commit (\w+)(-changed-\w{8})?\)\n", done(PROGRAM, "--version"))
    assert said is not None
    version = control(packages["longwatch"])["Version"]
    assert version.startswith(f"{said[1]}~git")
    assert f".{said[2]}" in version and ("+changed" in version) == bool(said[3])
    # Before the release that it will be, after the one that was.
    assert subprocess.run(["dpkg", "--compare-versions", version, "lt", said[1]]).returncode == 0
    for other in set(packages) - {"longwatch"}:
        assert f"longwatch (= {version})" in control(packages[other])["Depends"]
    # A build that is not for everybody's processor says so.
    lanes = re.search(r"^LW_LANES:\w+=(\w+)", (BUILD / "CMakeCache.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert lanes is not None and (lanes[1] == "avx2" or version.endswith(f"+{lanes[1]}-1"))


def test_it_asks_for_the_libraries_that_it_loads_and_for_no_other(packages: dict[str, Path]) -> None:
    needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", done("readelf", "-d", "-W", PROGRAM)))
    owners = {line.split(":")[0] for library in needed - {"ld-linux-x86-64.so.2"}
              for line in done("dpkg-query", "-S", f"*/{library}").splitlines()}
    # Another build of HDF5 has libraries of the same names.
    assert asked_for(packages["longwatch"]) <= owners
    assert {"libc6", "libfmt9", "libhdf5-103-1", "libpugixml1v5", "libssl3", "coinor-libcbc3"} <= asked_for(packages["longwatch"])
    if "longwatch-mpi" in packages:
        assert "libopenmpi3" in asked_for(packages["longwatch-mpi"])
        assert not any("mpi" in name for name in asked_for(packages["longwatch"]))
    if "longwatch-exercise" in packages:
        assert any(name.startswith("libddsc0") for name in asked_for(packages["longwatch-exercise"]))
        watched = (BUILD / "longwatch_page.so").exists()
        assert any("httplib" in name for name in asked_for(packages["longwatch-exercise"])) == watched
        assert not any("dds" in name or "httplib" in name for name in asked_for(packages["longwatch"]))


def test_the_development_files_ask_for_what_their_cmake_package_looks_for(packages: dict[str, Path]) -> None:
    config = (ROOT / "cmake/longwatchConfig.cmake.in").read_text(encoding="utf-8")
    looked_for = set(re.findall(r"find_(?:dependency|library|path)\((\w+)", config)) - {"Threads", "CUDAToolkit"}
    brings = {"fmt": "libfmt-dev", "OpenSSL": "libssl-dev", "pugixml": "libpugixml-dev", "HDF5": "libhdf5-dev",
              "longwatch_CBC_LIBRARY": "coinor-libcbc-dev", "longwatch_RANDOM123_HEADERS": "librandom123-dev"}
    assert looked_for == set(brings)
    assert asked_for(packages["longwatch-dev"]) == set(brings.values()) | {"longwatch"}


def test_every_file_is_roots_and_lies_where_debian_wants_it(packages: dict[str, Path]) -> None:
    for package in packages.values():
        files = contents(package)
        assert files
        for path, rights in files.items():
            assert path.startswith(("/usr/bin/", "/usr/lib/", "/usr/include/longwatch/", "/usr/share/")), path
            expected = "lrwxrwxrwx" if rights[0] == "l" else "-rwxr-xr-x" if path == "/usr/bin/longwatch" else "-rw-r--r--"
            assert rights == f"{expected} root/root", path
    assert {"/usr/share/man/man1/longwatch.1.gz", "/usr/share/doc/longwatch/copyright", "/usr/share/doc/longwatch/SECURITY.md",
            "/usr/share/doc/longwatch/sbom.spdx.json", "/usr/share/doc/longwatch/changelog.Debian.gz",
            "/usr/share/zsh/vendor-completions/_longwatch"} <= set(contents(packages["longwatch"]))
    together = [path for package in packages.values() for path in contents(package)]
    assert len(together) == len(set(together)), "no file is in two packages"


def test_its_changelog_is_debians_form_and_names_the_version(packages: dict[str, Path], unpacked: Path) -> None:
    changelog = unpacked / "usr/share/doc/longwatch/changelog.Debian.gz"
    text = unpacked / "changelog"
    text.write_text(done("gzip", "-dc", changelog), encoding="utf-8")
    assert done("dpkg-parsechangelog", "-l", text, "-S", "Version").strip() == control(packages["longwatch"])["Version"]


def test_the_unpacked_program_works_with_its_own_catalogue(unpacked: Path, tmp_path: Path) -> None:
    program = unpacked / "usr/bin/longwatch"
    assert done(program, "--version") == done(PROGRAM, "--version")
    study = unpacked / "usr/share/longwatch/studies/starter.toml"
    done(program, "run", study, "-o", tmp_path / "r.h5", "--flights", 64, "--device", "cpu", "--quiet", cwd=tmp_path)
    # Nothing of the tree that it was built in is in it.
    if "prefix-map" in (BUILD / "CMakeCache.txt").read_text(encoding="utf-8"):
        assert str(ROOT).encode() not in program.read_bytes()


def test_examples_are_where_debian_puts_them_and_find_the_catalogue_by_that_path(unpacked: Path) -> None:
    for study in (unpacked / "usr/share/doc/longwatch/examples/studies").glob("*.toml"):
        done(unpacked / "usr/bin/longwatch", "check", study)


def test_without_the_python_reader_a_report_says_where_the_package_has_it(unpacked: Path, tmp_path: Path) -> None:
    program, study = unpacked / "usr/bin/longwatch", unpacked / "usr/share/longwatch/studies/starter.toml"
    done(program, "run", study, "-o", tmp_path / "r.h5", "--flights", 64, "--device", "cpu", "--quiet")
    report = [program, "report", tmp_path / "r.h5", "-o", tmp_path / "r.html", "--python", "/bin/false"]
    wheel = unpacked / "usr/share/longwatch/python/longwatch_reader-0.1.0-py3-none-any.whl"
    if not wheel.exists():  # cpack alone packs without it; scripts/package makes it first
        assert "pip install ./scripts/longwatch_reader" in done(*report, status=3)
        wheel.parent.mkdir()
        wheel.write_bytes(b"")
    said = done(*report, status=3)
    assert f"ENV/bin/pip install {wheel}, and name that Python with --python ENV/bin/python" in said
