"""longwatch exercise on three machines: network namespaces of Linux, one a nation.

Korea and Japan have a wire to the US each, and the US passes nothing on: the nodes of a study whose allies have no link
between them need no more than that.
"""

from __future__ import annotations

import contextlib
import json
import re
import select
import shlex
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/longwatch"
STUDY = ROOT / "studies/trilateral-warning.toml"

pytestmark = pytest.mark.skipif(not (ROOT / "build/release/longwatch_dds.so").exists(), reason="DDS is not in this build")

# Of a nation: the end of its wire in the US, and its own end.
WIRES = {"kr": ("10.1.0.1", "10.1.0.2"), "jp": ("10.2.0.1", "10.2.0.2")}
ADDRESS = {"us": WIRES["kr"][0], "kr": WIRES["kr"][1], "jp": WIRES["jp"][1]}
REACHED_FROM = {"us": {"kr", "jp"}, "kr": {"us"}, "jp": {"us"}}

# Makes a socket where it runs, of the kind that the second argument names, and hands it over by the first.
SOCKET_MAKER = """
import socket, sys
made = socket.socket(socket.AF_INET, socket.SocketKind(int(sys.argv[2])))
socket.send_fds(socket.socket(fileno=int(sys.argv[1])), [b"."], [made.fileno()])
"""

# Sets the sysctl that the first argument names to 0, where it is not.
SWITCH_OFF = """
import pathlib, sys
switch = pathlib.Path("/proc/sys", sys.argv[1])
if switch.read_text().strip() != "0":
    switch.write_text("0")
"""

# Root takes namespaces as they are; who is not, or may not do all that root may, is root of a namespace of its own.
WAYS = {"as root": [], "as root of a namespace": ["--map-root-user"]}


class NoNamespacesError(Exception):
    """This machine, or what this process may do on it, does not allow for them."""


class Nations:
    """A namespace each. They go when the last process in them has ended, so nothing is left behind but what runs."""

    def __init__(self, cleanup: contextlib.ExitStack, way: list[str]) -> None:
        self.cleanup = cleanup
        self.enter: dict[str, list[str]] = {}
        as_root = ["--user", "--preserve-credentials"] if way else []
        us = self._hold("unshare", *way, "--net", "cat")
        self.enter["us"] = ["nsenter", "--target", str(us), *as_root, "--net"]
        self._must("us", "ip", "link", "set", "lo", "up")
        for ally, (us_end, own_end) in WIRES.items():
            holder = self._hold(*self.enter["us"], "unshare", "--net", "cat")
            self.enter[ally] = ["nsenter", "--target", str(holder), *as_root, "--net"]
            self._must("us", "ip", "link", "add", f"to-{ally}", "type", "veth", "peer", "name", "to-us", "netns", str(holder))
            self._must("us", "ip", "address", "add", f"{us_end}/24", "dev", f"to-{ally}")
            self._must("us", "ip", "link", "set", f"to-{ally}", "up")
            self._must(ally, "ip", "link", "set", "lo", "up")
            self._must(ally, "ip", "address", "add", f"{own_end}/24", "dev", "to-us")
            self._must(ally, "ip", "link", "set", "to-us", "up")
            self._must(ally, "ip", "route", "add", "default", "via", us_end)
        self._must("us", sys.executable, "-c", SWITCH_OFF, "net/ipv4/ip_forward")

    def _hold(self, *command: str) -> int:
        """A process that keeps a namespace, until its input ends: at the latest when this process does."""
        holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        self.cleanup.callback(end, holder)
        assert holder.stdin and holder.stdout and holder.stderr
        with contextlib.suppress(BrokenPipeError):
            holder.stdin.write(b".")
        if holder.stdout.read(1) != b".":
            raise NoNamespacesError(holder.stderr.read().decode().strip())
        return holder.pid

    def _must(self, nation: str, *command: str) -> None:
        done = subprocess.run([*self.enter[nation], *command], capture_output=True, text=True, timeout=30)
        if done.returncode != 0:
            why = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
            raise NoNamespacesError(f"{command[0]}: {why[-1]}")

    def start(self, nation: str, output: Path, *command: object) -> subprocess.Popen[bytes]:
        with output.with_suffix(".out").open("wb") as out, output.with_suffix(".err").open("wb") as err:
            started = subprocess.Popen([*self.enter[nation], *map(str, command)], stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=err)
        self.cleanup.callback(end, started)
        return started

    def socket(self, nation: str, kind: socket.SocketKind) -> socket.socket:
        """Of this process, but in the nation's network."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            subprocess.run([*self.enter[nation], sys.executable, "-c", SOCKET_MAKER, str(theirs.fileno()), str(int(kind))],
                           pass_fds=[theirs.fileno()], check=True, timeout=30)
            _, (made, *_), _, _ = socket.recv_fds(ours, 1, 1)
        own = socket.socket(fileno=made)
        own.settimeout(2)
        self.cleanup.callback(own.close)
        return own

    def count_of_the_us(self, counter: str) -> int:
        """Of IP as a whole: a line of names and one of numbers."""
        names, numbers = (line.split() for line in self._lines_of_the_us("/proc/net/snmp") if line.startswith("Ip: "))
        return int(dict(zip(names, numbers))[counter])

    def packets_from(self, ally: str) -> int:
        (line,) = (line for line in self._lines_of_the_us("/proc/net/dev") if line.strip().startswith(f"to-{ally}:"))
        # After the name: bytes received, packets received.
        return int(line.split(":")[1].split()[1])

    def _lines_of_the_us(self, file: str) -> list[str]:
        return subprocess.run([*self.enter["us"], "cat", file], capture_output=True, text=True, check=True,
                              timeout=30).stdout.splitlines()


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            pipe.close()


@pytest.fixture
def nations() -> Iterator[Nations]:
    missing = [program for program in ("ip", "unshare", "nsenter") if shutil.which(program) is None]
    if missing:
        pytest.skip(f"not here: {', '.join(missing)} (packages iproute2, util-linux)")
    why_not = []
    for name, way in WAYS.items():
        with contextlib.ExitStack() as cleanup:
            try:
                made = Nations(cleanup, way)
            except NoNamespacesError as why:
                why_not.append(f"{name}: {why}")
                continue
            yield made
            return
    pytest.skip(f"network namespaces cannot be made here ({'; '.join(why_not)})")


def nation_of(member: str) -> str:
    return "us" if member == "conductor" else member.split("-")[0]


def lines_to_start(said: Path, count: int, asked: subprocess.Popen[bytes]) -> list[list[str]]:
    """The commands that the exercise asks for, once it has asked for all."""
    until = time.monotonic() + 120
    while True:
        has_ended = asked.poll() is not None
        lines = [line.removeprefix("start: ") for line in said.read_text().split("\n")[:-1] if line.startswith("start: ")]
        if len(lines) == count:
            return [shlex.split(line) for line in lines]
        assert not has_ended and time.monotonic() < until, said.read_text()
        time.sleep(0.1)


def carry(folder: Path, name: str, to: Path) -> Path:
    """The folder that a node needs on a machine of its own; what is the node's is there only."""
    to.mkdir()
    for file in ("exercise.json", "certificates.json"):
        shutil.copy(folder / file, to)
    shutil.move(folder / name, to)
    return to


def play(nations: Nations, folder: Path, arm: str) -> str:
    """Plays an exercise whose nodes are started by hand, each in its nation; what it prints. Allies have folders of their own."""
    nodes = [node["name"] for node in tomllib.loads(STUDY.read_text())["node"]]
    places = [f"--place={member}={ADDRESS[nation_of(member)]}" for member in ["conductor", *nodes]]
    output = folder.with_name("conductor")
    exercise = nations.start("us", output, PROGRAM, "exercise", STUDY, "--flight", 0, "--arm", arm, "--speed", "max",
                             "-o", folder, *places)
    started = {}
    for program, *command in lines_to_start(output.with_suffix(".err"), len(nodes), exercise):
        assert (program, command[0]) == ("longwatch", "node")
        name = command[command.index("--name") + 1]
        if nation_of(name) in WIRES:
            command[command.index("--exercise") + 1] = str(carry(folder, name, folder.with_name(f"at-{name}")))
        started[name] = nations.start(nation_of(name), folder.with_name(name), PROGRAM, *command)
    assert sorted(started) == sorted(nodes)
    status = exercise.wait(timeout=400)
    said = output.with_suffix(".out").read_text()
    assert status == 0, said + output.with_suffix(".err").read_text()
    for name, node in started.items():
        assert node.wait(timeout=90) == 0, name + folder.with_name(name).with_suffix(".err").read_text()
    return said


def ports_of(folder: Path, nation: str) -> list[int]:
    """Where the members there are met, as DDS has it: its domain 0, two ports a member."""
    plan = json.loads((folder / "exercise.json").read_text())
    at = [place for place in plan["places"] if nation_of(place["member"]) == nation]
    assert at and {place["address"] for place in at} == {ADDRESS[nation]}
    return [plan["base_port"] + first + 2 * place["index"] for place in at for first in (10, 11)]


def datagrams_heard(nations: Nations, to: str, ports: list[int]) -> dict[int, set[str]]:
    """Of each port: the other nations from which a datagram arrives."""
    listeners = {nations.socket(to, socket.SOCK_DGRAM): port for port in ports}
    for listener, port in listeners.items():
        listener.bind((ADDRESS[to], port))
    for other in ADDRESS.keys() - {to}:
        sender = nations.socket(other, socket.SOCK_DGRAM)
        for port in ports:
            sender.sendto(other.encode(), (ADDRESS[to], port))
    heard: dict[int, set[str]] = {port: set() for port in ports}
    # Until nothing has come for a while.
    while ready := select.select(list(listeners), [], [], 1.0)[0]:
        for listener in ready:
            heard[listeners[listener]].add(listener.recv(16).decode())
    for listener in listeners:
        listener.close()
    return heard


def connections_made(nations: Nations, to: str, port: int) -> set[str]:
    """The other nations from which a connection is made."""
    made = set()
    with nations.socket(to, socket.SOCK_STREAM) as listener:
        listener.bind((ADDRESS[to], port))
        listener.listen()
        for other in ADDRESS.keys() - {to}:
            with contextlib.suppress(OSError):
                nations.socket(other, socket.SOCK_STREAM).connect((ADDRESS[to], port))
                made.add(other)
    return made


def test_allies_without_a_link_share_by_the_hub_and_cannot_reach_each_other(nations: Nations, tmp_path: Path) -> None:
    folder = tmp_path / "exercise"
    said = play(nations, folder, "via-us-hub")
    assert re.search("^18 of 18 nodes.*; everything happened when the model says$", said, re.MULTILINE), said
    # Both allies were in it, nothing passed between them, and nobody even tried: the kernel counts what it does not pass on.
    assert all(nations.packets_from(ally) > 100 for ally in WIRES)
    assert (nations.count_of_the_us("ForwDatagrams"), nations.count_of_the_us("InAddrErrors")) == (0, 0)

    # Who does try is not heard, at any of the ports at which the nodes of the other were met; the hub hears both.
    for nation, reached_from in REACHED_FROM.items():
        ports = ports_of(folder, nation)
        assert datagrams_heard(nations, nation, ports) == dict.fromkeys(ports, reached_from)
        assert connections_made(nations, nation, ports[0]) == reached_from
    tried = sum(len(ports_of(folder, ally)) for ally in WIRES)
    assert nations.count_of_the_us("InAddrErrors") >= tried
    assert nations.count_of_the_us("ForwDatagrams") == 0
