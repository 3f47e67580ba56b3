"""The include lint finds what it must, and nothing else: every rule with a case that passes and one that fails."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "lint"))
import includes  # noqa: E402


def finds(root: Path, file: str, text: str) -> list[str]:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return includes.problems(root)


@pytest.mark.parametrize("file, line", [
    ("models/flight/coast.hpp", '#include "models/math/vec3.hpp"'),
    ("models/flight/coast.hpp", "#include <cmath>"),
    ("kernels/stages/fly.hpp", '#include "models/flight/coast.hpp"'),
    ("kernels/backend/cuda.cu", "#include <thrust/sort.h>"),
    ("kernels/backend/cuda.cu", "#include <cuda_runtime.h>"),
    ("kernels/lanes/lanes.hpp", "#include <xsimd/xsimd.hpp>"),
    ("kernels/draw/philox.hpp", "#include <Random123/philox.h>"),
    ("results/store/file.cpp", '#include "kernels/tally/tally.hpp"'),
    ("results/store/file.cpp", '#include "kernels/fate.hpp"'),
    ("results/store/file.cpp", "#include <H5Cpp.h>"),
    ("host/plan/aim.cpp", '#include "kernels/backend/backend.hpp"'),
    ("host/plan/aim.cpp", "#include <Eigen/Dense>"),
    ("host/study/read.cpp", "#include <toml++/toml.h>"),
    ("host/command/main.cpp", "#include <CLI/CLI.hpp>"),
    ("host/run/ranks.cpp", "#include <mpi.h>"),
    ("host/exercise/page_http.cpp", "#include <httplib.h>"),
    ("tests/physics/test_kepler.cpp", "#include <Eigen/Dense>"),
    ("tests/physics/test_kepler.cpp", "#include <catch2/catch.hpp>"),
    ("host/study/read.cpp", '// "kernels are not host": #include nothing'),
])
def test_allowed(tmp_path: Path, file: str, line: str) -> None:
    assert finds(tmp_path, file, line) == []


@pytest.mark.parametrize("file, line", [
    ("models/flight/coast.hpp", '#include "kernels/fate.hpp"'),
    ("models/flight/coast.hpp", '#include "host/study/study.hpp"'),
    ("models/flight/coast.hpp", "#include <cuda_runtime.h>"),
    ("models/flight/coast.hpp", "#include <Eigen/Dense>"),
    ("models/flight/coast.hpp", "  #  include <xsimd/xsimd.hpp>"),
    ("models/flight/coast.hpp", "#include <Random123/philox.h>"),
    ("kernels/stages/fly.hpp", '#include "results/statistics/wilson.hpp"'),
    ("kernels/stages/fly.hpp", '#include "host/study/study.hpp"'),
    ("kernels/stages/fly.hpp", "#include <xsimd/xsimd.hpp>"),
    ("kernels/stages/fly.hpp", "#include <H5Cpp.h>"),
    ("results/store/file.cpp", '#include "models/math/real.hpp"'),
    ("results/store/file.cpp", '#include "kernels/backend/backend.hpp"'),
    ("results/store/file.cpp", '#include "host/study/study.hpp"'),
    ("results/statistics/wilson.cpp", "#include <hdf5.h>"),
    ("host/plan/aim.cpp", "#include <thrust/sort.h>"),
    ("host/plan/aim.cpp", "#include <toml++/toml.h>"),
    ("host/plan/aim.cpp", "#include <H5Cpp.h>"),
    ("host/plan/aim.cpp", '#include "aim_detail.hpp"'),
    ("results/store/file.cpp", "#include <mpi.h>"),
    ("host/command/main.cpp", "#include <catch2/catch.hpp>"),
    ("host/exercise/open_page_server.cpp", "#include <httplib.h>"),
])
def test_refused(tmp_path: Path, file: str, line: str) -> None:
    found = finds(tmp_path, file, "\n" + line)
    assert len(found) == 1
    assert found[0].startswith(f"{file}:2: ")


def test_mpi_in_one_file_only(tmp_path: Path) -> None:
    assert finds(tmp_path, "host/run/ranks.cpp", "#include <mpi.h>") == []
    found = finds(tmp_path, "host/run/second.cpp", "#include <mpi.h>")
    assert len(found) == 1 and "host/run/second.cpp" in found[0] and "ranks.cpp" in found[0]


def test_headers_have_a_length(tmp_path: Path) -> None:
    assert finds(tmp_path, "models/math/long.hpp", "\n" * includes.HEADER_LINES_MAX) == []
    assert len(finds(tmp_path, "models/math/long.hpp", "\n" * (includes.HEADER_LINES_MAX + 1))) == 1


def test_long_cuda_files_are_noted_only(tmp_path: Path) -> None:
    assert finds(tmp_path, "kernels/backend/long.cu", "\n" * includes.CUDA_LINES_MAX) == []
    assert includes.notes(tmp_path) == []
    assert finds(tmp_path, "kernels/backend/long.cu", "\n" * (includes.CUDA_LINES_MAX + 1)) == []
    assert len(includes.notes(tmp_path)) == 1
