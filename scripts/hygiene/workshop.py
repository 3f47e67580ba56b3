"""Compiles and runs the tests of one mutant at a time, in copies of the tree.

A build folder of CMake and Ninja says how each file is compiled and what tests are linked with. What a change does not touch is
taken from there as it is.
"""

from __future__ import annotations

import functools
import json
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mutants import Mutant

INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)
COMPILE_LIMIT_S = 400
# What test programs are told, and which cases then follow.
ALWAYS = ("--abort", "--order", "decl", "--rng-seed", "1", "--filenames-as-tags")
MEMORY_LIMIT_BYTES, FILE_LIMIT_BYTES = 6 << 30, 1 << 30


@dataclass(frozen=True)
class Build:
    """How the files of a tree are compiled (arguments, without output) and where their objects are; and what a test program is
    linked with: what stands before its own objects, and after."""

    root: Path
    folder: Path
    commands: dict[Path, list[str]]
    objects: dict[Path, Path]
    link_head: list[str]
    link_tail: list[str]


@dataclass(frozen=True)
class Job:
    """One test program: the files that the change touches, compiled anew, and the objects of all others; and of these the tests
    that are likeliest to tell, which run before all of them do."""

    anew: tuple[Path, ...]
    kept: tuple[Path, ...] = ()
    first: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        return str(self.anew[0]) if not self.kept else "all tests"


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: survived, killed, timed out, or does not compile; and by which test."""

    status: str
    by: str = ""


def read_build(root: Path, folder: Path, target: str) -> Build:
    commands: dict[Path, list[str]] = {}
    objects: dict[Path, Path] = {}
    for entry in json.loads((folder / "compile_commands.json").read_text(encoding="utf-8")):
        file = Path(entry["file"])
        arguments = shlex.split(entry["command"])
        if not file.is_relative_to(root) or "-o" not in arguments:
            continue
        at = arguments.index("-o")
        objects[file.relative_to(root)] = folder / arguments[at + 1]
        commands[file.relative_to(root)] = [one for one in arguments[:at] if not one.endswith("ccache")]
    said = subprocess.run(["ninja", "-C", folder, "-t", "commands", target], check=True, capture_output=True, text=True).stdout
    words = shlex.split(said.splitlines()[-1])
    words = words[words.index("&&") + 1 :]
    output = words.index("-o")
    until = words.index("&&") if "&&" in words else len(words)
    head = [word for word in words[:output] if not word.endswith(".o") or "test_main" in word]
    return Build(root, folder, commands, objects, head, words[output + 2 : until])


class Includes:
    """Which files a file reaches by the includes of the tree, and in how many steps."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._direct: dict[Path, list[Path]] = {}

    def _of(self, file: Path) -> list[Path]:
        if file not in self._direct:
            path = self.root / file
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
            self._direct[file] = [Path(name) for name in INCLUDE.findall(text)]
        return self._direct[file]

    @functools.cache  # noqa: B019
    def steps(self, file: Path) -> dict[Path, int]:
        found, edge = {file: 0}, [file]
        while edge:
            edge = [to for one in edge for to in self._of(one) if found.setdefault(to, found[one] + 1) == found[one] + 1]
            edge = list(dict.fromkeys(edge))
        return found

    def reach(self, files: Iterable[Path], header: Path) -> list[Path]:
        """Those that reach the header, nearest first; then those whose folder has its name."""
        near = [(self.steps(file)[header], file.parent.name != header.parent.name, file)
                for file in files if header in self.steps(file)]
        return [file for *_, file in sorted(near)]


def limits(cpu_s: float) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_s) + 1, int(cpu_s) + 2))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT_BYTES, FILE_LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Bench:
    """A copy of the tree in which one mutant at a time is made, compiled and tested."""

    def __init__(self, build: Build, folder: Path, files: Iterable[Path]) -> None:
        self.build, self.folder = build, folder
        self.tree = folder / "tree"
        shutil.rmtree(folder, ignore_errors=True)
        for file in files:
            (self.tree / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(build.root / file, self.tree / file)
        (folder / "tmp").mkdir()

    def compiled(self, file: Path, output: Path) -> str:
        """What the compiler said against it; nothing where it compiles."""
        # What the build has made, as precompiled headers, is in no copy.
        made = str(self.build.folder)
        command = [made.join(part.replace(str(self.build.root), str(self.tree)) for part in one.split(made))
                   for one in self.build.commands[file]]
        command = [one for one in command if not re.fullmatch(r"-O.|-W.*|-g.?", one)]
        done = subprocess.run([*command, "-O0", "-w", "-o", output, "-c", self.tree / file], capture_output=True, text=True,
                              timeout=COMPILE_LIMIT_S, cwd=self.folder)
        return "" if done.returncode == 0 else done.stderr[-2000:] or "the compiler failed"

    def linked(self, job: Job) -> tuple[Path | None, str]:
        objects = []
        for number, file in enumerate(job.anew):
            objects.append(self.folder / f"{number}.o")
            problem = self.compiled(file, objects[-1])
            if problem:
                return None, problem
        kept = [self.build.objects[file] for file in job.kept if file not in job.anew]
        program = self.folder / "tests"
        command = [*self.build.link_head, *map(str, objects), *map(str, kept), "-o", str(program), *self.build.link_tail]
        done = subprocess.run(command, cwd=self.build.folder, capture_output=True, text=True)
        return (program, "") if done.returncode == 0 else (None, done.stderr[-2000:])

    def run(self, program: Path, cpu_s: float, of: tuple[Path, ...] = ()) -> tuple[int, str, float]:
        """Exit status (negative: by a signal), what was said, and CPU seconds; -SIGXCPU where it took too long. Of
        some files alone, where they are given."""
        chosen = ",".join(f"[#{file.stem}]~[slow]" for file in of) if of else "~[slow]"
        apart = str(self.folder / "tmp")
        with (self.folder / "said.txt").open("w+", encoding="utf-8", errors="replace") as said:
            started = subprocess.Popen([program, *ALWAYS, chosen], cwd=self.tree,
                                       env=dict(os.environ, TMPDIR=apart, GCOV_PREFIX=apart), stdin=subprocess.DEVNULL,
                                       stdout=said, stderr=subprocess.STDOUT, preexec_fn=functools.partial(limits, cpu_s))
            too_long = threading.Timer(20 * cpu_s + 60, started.kill)  # asleep, or waiting for what never comes
            too_long.start()
            _, status, used = os.wait4(started.pid, 0)
            too_long.cancel()
            started.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            text = said.read()[-4000:]
        code = -signal.SIGXCPU if started.returncode == -signal.SIGKILL else started.returncode
        return code, text, used.ru_utime + used.ru_stime

    def outcome(self, mutant: Mutant, jobs: Iterable[tuple[Job, float]]) -> Outcome:
        """Jobs with their limits, CPU seconds, one after the other until one of them tells the mutant."""
        file = self.tree / mutant.place.file
        source = file.read_text(encoding="utf-8")
        file.write_text(mutant.of(source), encoding="utf-8")
        try:
            by = "no test reaches it"
            for job, limit_s in jobs:
                by = ""
                try:
                    program, problem = self.linked(job)
                except subprocess.TimeoutExpired:
                    return Outcome("does not compile", "the compiler took too long")
                if program is None:
                    return Outcome("does not compile", problem)
                status = self.run(program, limit_s, job.first)[0]
                if status == 0 and job.first:
                    status = self.run(program, limit_s)[0]
                if status != 0:
                    return Outcome("timed out" if status == -signal.SIGXCPU else "killed", job.name)
            return Outcome("survived", by)
        finally:
            file.write_text(source, encoding="utf-8")


class Workshop:
    """As many benches as mutants are tried at a time; and how long each test takes without a mutant."""

    def __init__(self, build: Build, folder: Path, files: list[Path], benches: int) -> None:
        self.build = build
        folder.mkdir(parents=True, exist_ok=True)
        self.free = [Bench(build, folder / str(k), files) for k in range(benches)]
        self._took_s: dict[str, float | None] = {}
        self.unusable: dict[str, str] = {}
        self._lock = threading.Lock()

    def limit_s(self, bench: Bench, job: Job) -> float | None:
        """Five times what the job takes without a mutant, and ten seconds; nothing where it does not pass alone."""
        if job.name not in self._took_s:
            program, problem = bench.linked(job)
            status, said, took = bench.run(program, 300) if program else (1, problem, 0.0)
            with self._lock:
                self._took_s[job.name] = took if status == 0 else None
                if status != 0:
                    self.unusable[job.name] = said
        took_s = self._took_s[job.name]
        return None if took_s is None else 5 * took_s + 10

    def outcome(self, mutant: Mutant, jobs: list[Job]) -> Outcome:
        with self._lock:
            bench = self.free.pop()
        try:
            usable = ((job, limit) for job in jobs if (limit := self._limit_without(bench, job, mutant)) is not None)
            return bench.outcome(mutant, usable)
        finally:
            with self._lock:
                self.free.append(bench)

    def _limit_without(self, bench: Bench, job: Job, mutant: Mutant) -> float | None:
        """The limit of a job, measured with the mutant taken out for as long."""
        if job.name in self._took_s:
            return self.limit_s(bench, job)
        file = bench.tree / mutant.place.file
        mutated = file.read_text(encoding="utf-8")
        shutil.copyfile(self.build.root / mutant.place.file, file)
        try:
            return self.limit_s(bench, job)
        finally:
            file.write_text(mutated, encoding="utf-8")
