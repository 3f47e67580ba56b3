"""One run on several ranks, as mpirun starts them: the file is that of a run alone, byte for byte but for when it was made;
a rank that is lost costs at most what it had not handed in.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
STUDY = ROOT / "studies/starter.toml"
SEAL_SIZE = 24
MADE = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")
MPI_OBJECT = PROGRAM.with_name("longwatch_mpi.so")
# As root and on fewer cores than ranks, as containers have it, and free to move on a machine that others use too.
MPIRUN = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"]

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")
needs_mpi = pytest.mark.skipif(shutil.which("mpirun") is None or not MPI_OBJECT.exists(),
                               reason="there is no mpirun, or the program was built without MPI")


def command(output: Path, *arguments: object, study: Path = STUDY) -> list[str]:
    return [str(PROGRAM), "run", str(study), "-o", str(output), "--device", "cpu", "--quiet", *map(str, arguments)]


def done(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
                          env=os.environ | environment)


def on_ranks(ranks: int, output: Path, *arguments: object, study: Path = STUDY) -> subprocess.CompletedProcess[str]:
    return done([*MPIRUN, "-n", str(ranks), *command(output, *arguments, study=study)])


def content(file: Path) -> bytes:
    """All bytes of a result but when it was made, and the checksum over that."""
    made = re.sub(MADE.pattern.encode(), b"when", file.read_bytes()[:-SEAL_SIZE])
    assert b"when" in made
    return made


def variant(folder: Path, more: str) -> Path:
    """The study with something before its first table."""
    text = STUDY.read_text().replace("../models/catalog", str(ROOT / "models/catalog"))
    study = folder / "study.toml"
    study.write_text(text.replace("\nflights = ", f"\n{more}\nflights = ", 1))
    return study


@needs_mpi
@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_ranks_write_the_file_of_a_run_alone(tmp_path: Path, ranks: int) -> None:
    alone, together = tmp_path / "alone.h5", tmp_path / "together.h5"
    # The file names how many threads flew; with as many it is the same in every byte.
    one = done(command(alone, "--flights", 2001, "--threads", ranks))
    run = on_ranks(ranks, together, "--flights", 2001, "--threads", 1, "--checkpoint-s", 0.1)
    assert (one.returncode, run.returncode) == (0, 0), run.stderr
    assert MADE.sub("", run.stdout) == MADE.sub("", one.stdout).replace("alone.h5", "together.h5")
    assert content(together) == content(alone)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alone.h5", "together.h5"]


@needs_mpi
@pytest.mark.parametrize("more, flights", [('sampling = "sobol"', 1024), ("raid = { size = 4 }", 1024),
                                           ('stop = { on = "warning_time_mean_s", half_width = 0.6 }', 60000)])
def test_spread_raids_and_a_run_that_stops_early_are_the_same_on_ranks(tmp_path: Path, more: str, flights: int) -> None:
    study = variant(tmp_path, more)
    alone, together = tmp_path / "alone.h5", tmp_path / "together.h5"
    assert done(command(alone, "--flights", flights, "--threads", 3, study=study)).returncode == 0
    run = on_ranks(3, together, "--flights", flights, "--threads", 1, study=study)
    assert run.returncode == 0, run.stderr
    assert content(together) == content(alone)


@contextmanager
def flying(output: Path, flights: int) -> Iterator[tuple[subprocess.Popen[str], dict[int, int]]]:
    """A run on two ranks that has kept something: mpirun, and the process of each rank."""
    run = [*MPIRUN, "-n", "2", *command(output, "--flights", flights, "--threads", 1, "--checkpoint-s", 0)]
    with subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as mpirun:
        kept = output.with_name(output.name + ".partial")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not kept.exists():
            time.sleep(0.01)
        children = Path(f"/proc/{mpirun.pid}/task/{mpirun.pid}/children").read_text().split()
        ranks = {}
        for child in children:
            variables = Path(f"/proc/{child}/environ").read_bytes().split(b"\0")
            ranks |= {int(text.split(b"=")[1]): int(child) for text in variables if text.startswith(b"OMPI_COMM_WORLD_RANK=")}
        assert set(ranks) == {0, 1}
        yield mpirun, ranks


FLIGHTS = 60000


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What FLIGHTS flights come to, on two threads."""
    file = tmp_path_factory.mktemp("whole") / "r.h5"
    assert done(command(file, "--flights", FLIGHTS, "--threads", 2)).returncode == 0
    return content(file)


@needs_mpi
@pytest.mark.parametrize("rank, by", [(1, signal.SIGKILL), (0, signal.SIGKILL), (0, signal.SIGTERM)])
def test_what_a_lost_rank_leaves_is_gone_on_with(whole: bytes, tmp_path: Path, rank: int, by: signal.Signals) -> None:
    output = tmp_path / "r.h5"
    with flying(output, FLIGHTS) as (mpirun, ranks):
        os.kill(ranks[rank], by)
        told = mpirun.communicate(timeout=60)[1]
        assert mpirun.returncode != 0
    assert not output.exists() and output.with_name("r.h5.partial").exists()
    # Rank 0 has a second before mpirun kills it too, unless it is the one that was killed.
    if (rank, by) != (0, signal.SIGKILL):
        assert re.search(r"flights are kept in .*r\.h5\.partial: go on with the same command and --resume", told), told
    resumed = on_ranks(2, output, "--flights", FLIGHTS, "--threads", 1, "--resume")
    assert resumed.returncode == 0 and "flying the rest" in resumed.stderr, resumed.stderr
    assert content(output) == whole
    assert not output.with_name("r.h5.partial").exists()


@needs_mpi
def test_a_rank_that_is_told_to_end_leaves_its_flights_to_the_others(whole: bytes, tmp_path: Path) -> None:
    output = tmp_path / "r.h5"
    with flying(output, FLIGHTS) as (mpirun, ranks):
        os.kill(ranks[1], signal.SIGTERM)
        told = mpirun.communicate(timeout=60)[1]
    assert mpirun.returncode == 0, told
    assert re.search(r"rank 1 on .*: it was told to end: it flies no more, the other ranks fly for it", told), told
    assert content(output) == whole


@needs_mpi
def test_a_rank_that_hangs_is_told_of(tmp_path: Path) -> None:
    with flying(tmp_path / "r.h5", 10**8) as (mpirun, ranks):
        os.kill(ranks[1], signal.SIGSTOP)
        told = ""
        deadline = time.monotonic() + 60
        assert mpirun.stderr is not None
        while "has said nothing for" not in told and time.monotonic() < deadline:
            told += mpirun.stderr.readline()
        os.kill(ranks[1], signal.SIGCONT)
        mpirun.send_signal(signal.SIGTERM)
        mpirun.communicate(timeout=60)
    assert "rank 1 has said nothing for" in told and "--resume" in told


@needs_mpi
def test_mpirun_that_is_told_to_end_leaves_what_was_flown(whole: bytes, tmp_path: Path) -> None:
    output = tmp_path / "r.h5"
    with flying(output, FLIGHTS) as (mpirun, _):
        mpirun.send_signal(signal.SIGTERM)
        mpirun.communicate(timeout=60)
    assert not output.exists()
    # On one rank fewer, and then none.
    resumed = done(command(output, "--flights", FLIGHTS, "--threads", 2, "--resume"))
    assert resumed.returncode == 0 and "flying the rest" in resumed.stderr
    assert content(output) == whole


@needs_mpi
@pytest.mark.parametrize("arguments, status, said", [
    (["--flights", "0"], 2, "--flights"), (["--flight", "1"], 2, "no option '--flight'"),
    (["--device", "cuda:1000"], 3, "--device cuda:1000"),
])
def test_what_all_ranks_are_asked_wrongly_one_tells(tmp_path: Path, arguments: list[str], status: int, said: str) -> None:
    if arguments[0] == "--device":
        run = done([*MPIRUN, "-n", "3", str(PROGRAM), "run", str(STUDY), "-o", str(tmp_path / "r.h5"), *arguments])
        if "is not built" not in run.stderr and "CUDA" in run.stderr:
            said = "CUDA"
    else:
        run = on_ranks(3, tmp_path / "r.h5", *arguments)
    assert run.returncode == status
    assert run.stderr.count("longwatch: ") == 1 and said in run.stderr, run.stderr
    assert list(tmp_path.iterdir()) == []


@needs_mpi
def test_ranks_that_would_fly_another_run_are_refused_and_the_difference_is_named(tmp_path: Path) -> None:
    study = variant(tmp_path, "")
    run = done([*MPIRUN, "-n", "1", *command(tmp_path / "r.h5", "--flights", 4000, study=study),
                ":", "-n", "1", *command(tmp_path / "r.h5", "--flights", 4000, "--seed", 7, study=study)])
    assert run.returncode == 2
    assert re.search(r"rank 1 on .* would fly another run \(seed is '7' there and '1' on rank 0\)", run.stderr), run.stderr
    assert not (tmp_path / "r.h5").exists()


@needs_mpi
@pytest.mark.parametrize("there, reason", [
    (["-o", "{}/other.h5"], r"what is asked for is 'flights 0 to 3,999 to .*other\.h5' there"),
    (["-o", "{}/r.h5", "--first-flight", "4000"], "what is asked for is 'flights 4,000 to 7,999 to")])
def test_ranks_that_would_fly_other_flights_or_write_elsewhere_are_refused(tmp_path: Path, there: list[str], reason: str) -> None:
    common = [str(PROGRAM), "run", str(STUDY), "--device", "cpu", "--quiet", "--flights", "4000"]
    other = [word.format(tmp_path) for word in there]
    run = done([*MPIRUN, "-n", "1", *common, "-o", str(tmp_path / "r.h5"), ":", "-n", "1", *common, *other])
    assert run.returncode == 2 and re.search(reason, run.stderr) and "--alone" in run.stderr, run.stderr
    # What rank 0 may have flown until then is kept.
    assert {path.name for path in tmp_path.iterdir()} <= {"r.h5.partial"}


@needs_mpi
def test_runs_of_their_own_under_a_launcher_are_asked_for(tmp_path: Path) -> None:
    shard = f"exec {PROGRAM} run {STUDY} --alone -o {tmp_path}/r$OMPI_COMM_WORLD_RANK.h5 --first-flight " \
            "$((OMPI_COMM_WORLD_RANK * 100)) --flights 100 --threads 1 --device cpu --quiet"
    run = done([*MPIRUN, "-n", "2", "bash", "-c", shard])
    assert run.returncode == 0, run.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r0.h5", "r1.h5"]


@needs_mpi
def test_a_rank_that_cannot_read_the_study_is_named_and_the_others_fly(tmp_path: Path) -> None:
    study, gone, output = variant(tmp_path, ""), tmp_path / "gone.toml", tmp_path / "r.h5"
    run = done([*MPIRUN, "-n", "1", *command(output, "--flights", 6000, "--threads", 1, study=study),
                ":", "-n", "1", *command(output, "--flights", 6000, study=gone)])
    assert run.returncode == 0, run.stderr
    assert re.search(r"rank 1 on .*gone\.toml.*the other ranks fly for it", run.stderr.replace("\n", " ")), run.stderr
    alone = tmp_path / "alone.h5"
    assert done(command(alone, "--flights", 6000, "--threads", 1, study=study)).returncode == 0
    assert content(alone) == content(output)


def copy_without_mpi(folder: Path) -> Path:
    program = folder / "longwatch"
    shutil.copy2(PROGRAM, program)
    return program


@pytest.mark.parametrize("variables, said", [
    ({"OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "2"}, "rank 0 of 2 that mpirun started (MPI is not in this build)"),
    ({"SLURM_PROCID": "1", "SLURM_STEP_NUM_TASKS": "3"}, "rank 1 of 3 that srun started (it does not tell MPI"),
])
def test_a_program_without_mpi_says_so_when_a_launcher_starts_it(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    program = copy_without_mpi(tmp_path)
    run = [str(program), "run", str(STUDY), "-o", str(tmp_path / "r.h5"), "--flights", "64", "--device", "cpu", "--quiet"]
    refused = done(run, **variables)
    assert refused.returncode == 3 and said in refused.stderr, refused.stderr
    assert not (tmp_path / "r.h5").exists()
    assert done([*run, "--alone"], **variables).returncode == 0
    # Alone it flies, and other verbs do under a launcher.
    assert done(run).returncode == 0
    assert done([str(program), "show", str(tmp_path / "r.h5")], **variables).returncode == 0


@needs_mpi
def test_a_run_alone_loads_no_mpi(tmp_path: Path) -> None:
    traced = done([*command(tmp_path / "r.h5", "--flights", 64)], LD_DEBUG="files")
    assert traced.returncode == 0 and "libhdf5" in traced.stderr
    assert "libmpi" not in traced.stderr and "longwatch_mpi" not in traced.stderr
