"""On a processor that lacks what the program was compiled for, it says so, and does not die of an unknown instruction."""

from __future__ import annotations

import shutil

import pytest
from installed import PROGRAM, done, needs_build

pytestmark = [needs_build, pytest.mark.skipif(shutil.which("qemu-x86_64") is None, reason="qemu-user is not installed")]


def uses_avx() -> bool:
    return done(PROGRAM, "info").find("avx") >= 0


def test_an_old_processor_is_told_in_words_with_status_3() -> None:
    if not uses_avx():
        pytest.skip("built for processors as old as the oldest that is tried here")
    # Nehalem (2008) has SSE4.2 and no AVX.
    said = done("qemu-x86_64", "-cpu", "Nehalem", PROGRAM, "info", status=3)
    assert said.startswith("longwatch: cannot run on this processor (this build uses AVX")
    assert "LW_LANES=sse4" in said and said.count("\n") == 1
