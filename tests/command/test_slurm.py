"""Shards and ranks on Slurm: a controller and a node daemon of the tests' own on this machine, from Debian's packages.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does. Skipped where the daemons are not installed or
cannot be started.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
STUDY = ROOT / "studies/starter.toml"
SLURM = ROOT / "scripts/slurm"
SEAL_SIZE = 24

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")

CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=2
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MailProg=/bin/true
ReturnToService=2
KillWait=5
MpiDefault=none
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
"""


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def until(is_so: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.1)
    return is_so()


class Cluster:
    """One node with two CPUs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(("SLURM", "SBATCH"))}
        self.environment |= {"SLURM_CONF": str(folder / "slurm.conf"), "LONGWATCH": str(PROGRAM),
                             "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        self.daemons: list[subprocess.Popen[bytes]] = []

    def daemon(self, *command: object) -> None:
        with (self.folder / "daemons.log").open("ab") as log:
            self.daemons.append(subprocess.Popen([str(word) for word in command], stdout=log, stderr=log,
                                                 stdin=subprocess.DEVNULL, env=self.environment))

    def start(self) -> None:
        folder = self.folder
        for name in ("state", "spool"):
            (folder / name).mkdir()
        host = socket.gethostname().split(".")[0]
        controller_port, node_port = free_ports(2)
        (folder / "slurm.conf").write_text(CONFIGURATION.format(host=host, folder=folder, controller_port=controller_port,
                                                                node_port=node_port))
        (folder / "munge.key").write_bytes(os.urandom(1024))
        (folder / "munge.key").chmod(0o600)
        self.daemon("munged", "--foreground", "--force", f"--socket={folder}/munge.socket", f"--key-file={folder}/munge.key",
                    f"--pid-file={folder}/munge.pid", f"--log-file={folder}/munge.log", f"--seed-file={folder}/munge.seed")
        if not until((folder / "munge.socket").exists, 10):
            pytest.skip(f"munged does not start: {self.log()}")
        self.daemon("slurmctld", "-D", "-c")
        self.daemon("slurmd", "-D", "-c", "-N", host)
        if not until(lambda: self.done("sinfo", "-h", "-o", "%T").stdout.strip() == "idle", 30):
            pytest.skip(f"Slurm does not start: {self.log()}")

    def log(self) -> str:
        return (self.folder / "daemons.log").read_text(errors="replace")[-2000:]

    def stop(self) -> None:
        self.done("scancel", "--user=root")
        until(lambda: self.done("squeue", "-h").stdout == "", 10)
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(timeout=10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def done(self, *command: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL, env=self.environment, cwd=self.folder)

    def wait_for_jobs(self) -> None:
        assert until(lambda: self.done("squeue", "-h").stdout == "", 60), self.done("squeue").stdout


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    lacking = [name for name in ("munged", "slurmctld", "slurmd", "sbatch", "srun") if shutil.which(name) is None]
    if lacking:
        pytest.skip(f"not installed: {', '.join(lacking)} (scripts/setup --tests)")
    if os.geteuid() != 0:
        pytest.skip("a node daemon runs as root")
    # Its socket's name must be short.
    with tempfile.TemporaryDirectory(prefix="slurm-") as folder:
        cluster = Cluster(Path(folder))
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()


def alone(output: Path, flights: int, threads: int) -> bytes:
    subprocess.run([PROGRAM, "run", STUDY, "-o", output, "--flights", str(flights), "--threads", str(threads), "--quiet"],
                   check=True, stdout=subprocess.DEVNULL)
    return content(output)


def content(file: Path) -> bytes:
    """All bytes of a result but when it was made, and the checksum over that."""
    made = re.sub(rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"when", file.read_bytes()[:-SEAL_SIZE])
    assert b"when" in made
    return made


def told(cluster: Cluster) -> str:
    return "\n".join(file.read_text() for file in sorted(cluster.folder.glob("slurm-*.out")))


def test_an_array_of_shards_comes_to_the_file_of_a_run_alone(cluster: Cluster, tmp_path: Path) -> None:
    submitted = cluster.done(SLURM / "submit", STUDY, tmp_path / "r.h5", 2003, 3)
    assert re.fullmatch(r"array job \d+, merge job \d+\n", submitted.stdout), submitted.stderr
    cluster.wait_for_jobs()
    assert (tmp_path / "r.h5").exists(), told(cluster)
    assert content(tmp_path / "r.h5") == alone(tmp_path / "alone.h5", 2003, 1)
    assert len(list(tmp_path.glob("r.shard-0000?-of-00003.h5"))) == 3


def test_flights_are_added_by_a_second_array(cluster: Cluster, tmp_path: Path) -> None:
    for result, first, flights in ((tmp_path / "r.h5", 0, 128), (tmp_path / "more.h5", 128, 192)):
        submitted = cluster.done("env", f"LONGWATCH_FIRST={first}", SLURM / "submit", STUDY, result, flights, 2)
        assert submitted.returncode == 0, submitted.stderr
    cluster.wait_for_jobs()
    subprocess.run([PROGRAM, "merge", tmp_path / "r.h5", tmp_path / "more.h5", "-o", tmp_path / "all.h5"], check=True,
                   stdout=subprocess.DEVNULL)
    assert content(tmp_path / "all.h5") == alone(tmp_path / "alone.h5", 320, 1)


def test_a_shard_that_is_missing_at_the_end_is_named_and_the_same_again_goes_on(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "r.shard-00001-of-00003.h5").mkdir()  # in the way of the second
    for _ in range(2):
        submitted = cluster.done(SLURM / "submit", STUDY, tmp_path / "r.h5", 192, 3)
        assert submitted.returncode == 0, submitted.stderr
        cluster.wait_for_jobs()
        if (tmp_path / "r.h5").exists():
            break
        assert "cannot read" in told(cluster) and "r.shard-00001-of-00003.h5" in told(cluster)
        (tmp_path / "r.shard-00001-of-00003.h5").rmdir()
    assert content(tmp_path / "r.h5") == alone(tmp_path / "alone.h5", 192, 1)


@pytest.mark.parametrize("numbers, variables, said", [
    (["1e4", "3"], [], "FLIGHTS '1e4' (must be a whole number from 1)"), (["0100", "3"], [], "FLIGHTS '0100'"),
    (["100", "0"], [], "SHARDS '0'"), (["2", "3"], [], "3 shards of 2 raids or flights"),
    (["100", "3"], ["LONGWATCH_RAID=8"], "multiples of the raid's size, 8"),
    (["100", "3"], ["LONGWATCH_FIRST=-1"], "LONGWATCH_FIRST '-1'"),
])
def test_what_cannot_be_submitted_is_told_and_nothing_is(tmp_path: Path, numbers: list[str], variables: list[str],
                                                         said: str) -> None:
    refused = subprocess.run(["env", *variables, SLURM / "submit", STUDY, tmp_path / "r.h5", *numbers], capture_output=True,
                             text=True)
    assert refused.returncode == 2 and said in refused.stderr and refused.stdout == "", refused.stderr


needs_mpi = pytest.mark.skipif(not PROGRAM.with_name("longwatch_mpi.so").exists(), reason="the program was built without MPI")


@needs_mpi
def test_tasks_of_srun_are_ranks_where_it_speaks_pmix(cluster: Cluster, tmp_path: Path) -> None:
    run = [PROGRAM, "run", STUDY, "-o", tmp_path / "r.h5", "--flights", 2001, "--threads", 1, "--quiet"]
    flown = cluster.done("srun", "-n", 2, "--mpi=pmix", *run)
    assert flown.returncode == 0, flown.stderr
    expected = alone(tmp_path / "alone.h5", 2001, 2)
    assert content(tmp_path / "r.h5") == expected
    # Without it each task would fly everything.
    refused = cluster.done("srun", "-n", 2, *run)
    assert refused.returncode == 3 and "rank 1 of 2 that srun started (it does not tell MPI" in refused.stderr, refused.stderr
    # In a batch script mpirun starts them; the script itself is one process, whatever it was given.
    script = cluster.folder / "ranks.sbatch"
    words = " ".join(map(str, run))
    (tmp_path / "r.h5").unlink()
    script.write_text(f"#!/usr/bin/env bash\nset -e\nmpirun {words}\n{words.replace('r.h5', 'one.h5')}\n")
    submitted = cluster.done("sbatch", "-n", 2, script)
    assert submitted.returncode == 0, submitted.stderr
    cluster.wait_for_jobs()
    assert (tmp_path / "r.h5").exists() and (tmp_path / "one.h5").exists(), told(cluster)
    assert content(tmp_path / "r.h5") == expected
