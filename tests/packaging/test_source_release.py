"""The source release: the same bytes each time, and a tree that knows its commit and configures with neither repository nor
network. scripts/check_package builds it whole."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from installed import ROOT, done

pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this tree is a source release itself")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    done(ROOT / "scripts/package", "--no-setup", "source", "-o", folder)
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def tree(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpacked inside somebody else's repository."""
    folder = tmp_path_factory.mktemp("unpacked")
    done("tar", "-xzf", release, "-C", folder)
    done("git", "init", "-q", folder)
    done("git", "-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "-q", "--allow-empty", "-m", "Other", cwd=folder)
    return next(path for path in folder.iterdir() if path.name.startswith("longwatch-"))


def commit() -> str:
    return done("git", "rev-parse", "--short=12", "HEAD", cwd=ROOT).strip()


def test_the_same_commit_makes_the_same_bytes(release: Path, tmp_path: Path) -> None:
    done(ROOT / "scripts/package", "--no-setup", "source", "-o", tmp_path, env={"TZ": "Asia/Tokyo"})
    assert (tmp_path / release.name).read_bytes() == release.read_bytes()
    sums = (tmp_path / "SHA256SUMS").read_text(encoding="utf-8")
    assert done("sha256sum", release.name, cwd=tmp_path) == sums


def test_it_holds_what_the_repository_holds_and_the_bill_of_materials(tree: Path) -> None:
    held = {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()}
    committed = set(done("git", "ls-tree", "-r", "--name-only", "HEAD", cwd=ROOT).splitlines())
    assert held == committed | {"sbom.spdx.json"}
    own = next(p for p in json.loads((tree / "sbom.spdx.json").read_text())["packages"] if p["name"] == "longwatch")
    assert own["sourceInfo"] == f"commit {commit()}"


def test_it_says_the_commit_that_it_is_of_and_not_that_of_a_repository_around_it(tree: Path, tmp_path: Path) -> None:
    written = tmp_path / "code_version.cpp"
    done("cmake", "-DVERSION=1.2.3", f"-DSOURCE={tree}", f"-DFILE={written}", "-P", tree / "cmake/write_code_version.cmake")
    text = written.read_text(encoding="utf-8")
    assert f'code_commit = "{commit()}"' in text and 'code_version = "1.2.3"' in text
    assert re.search(r'code_date = "\d{4}-\d\d-\d\d"', text)


def test_it_configures_without_a_network(tree: Path, tmp_path: Path) -> None:
    """Where the system allows a network namespace of one's own; in a closed container the network is left as it is."""
    alone = next((way for way in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"])
                  if subprocess.run([*way, "true"], capture_output=True).returncode == 0), [])
    told = done(*alone, "cmake", "--preset", "package", "-B", tmp_path / "build", cwd=tree)
    assert "lanes avx2" in told and (tmp_path / "build/build.ninja").exists()
    for file in [tree / "CMakeLists.txt", *tree.glob("cmake/**/*.cmake")]:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"FetchContent|ExternalProject|file\(DOWNLOAD|https?://(?!www\.debian\.org/doc)", text), file
