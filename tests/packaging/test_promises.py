"""What SECURITY.md says that the program never does, as far as its binary shows."""

from __future__ import annotations

from pathlib import Path

from installed import BUILD, PROGRAM, ROOT, done, needs_build

pytestmark = needs_build
NETWORK = {"socket", "connect", "bind", "listen", "accept", "getaddrinfo", "gethostbyname", "sendto", "recvfrom"}
SHELL = {"system", "popen", "wordexp", "execl", "execlp", "execle"}


def calls(binary: Path, *which: str) -> set[str]:
    """Functions that a binary or library calls and does not have."""
    lines = done("nm", *which, "--undefined-only", binary).splitlines()
    return {line.split()[-1].split("@")[0] for line in lines if " U " in line}


def test_the_program_calls_no_network_and_no_shell() -> None:
    # Our own code; the runtime of CUDA, where it is built in, has local sockets of its own.
    called = {name for room in ("host", "results", "kernels") for name in calls(BUILD / room / f"liblongwatch_{room}.a")}
    assert {"dlopen", "posix_spawnp", "write"} <= called, "the libraries tell what they call"
    assert not called & (NETWORK | SHELL)
    # Those of HDF5 that speak to a network.
    assert not {name for name in called if name.startswith(("H5FD_ros3", "H5Pset_fapl_ros3", "H5Pset_fapl_hdfs", "curl_"))}


def test_only_the_object_for_ranks_knows_mpi() -> None:
    assert not {name for name in calls(PROGRAM, "-D") if name.startswith("MPI_")}
    if (BUILD / "longwatch_mpi.so").exists():
        assert {name for name in calls(BUILD / "longwatch_mpi.so", "-D") if name.startswith("MPI_Init")}


def test_the_page_names_files_that_are_there() -> None:
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "LONGWATCH_PYTHON" in page and (ROOT / "docs/io_format.md").exists()
