"""What the tests of packaging start from: the built tree, and an installed copy of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch")).resolve()
BUILD = PROGRAM.parent

needs_build = pytest.mark.skipif(not (PROGRAM.exists() and (BUILD / "cmake_install.cmake").exists()),
                                 reason=f"{PROGRAM} is not built, or not by cmake")


def done(*command: object, cwd: Path | None = None, env: dict[str, str] | None = None, status: int = 0) -> str:
    """Standard output of a command that ends with the status."""
    finished = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=cwd, timeout=300,
                              env=os.environ | (env or {}), stdin=subprocess.DEVNULL)
    assert finished.returncode == status, finished.stdout[-2000:] + finished.stderr[-2000:]
    return finished.stdout + (finished.stderr if status else "")
