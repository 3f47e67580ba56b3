"""Runs that are killed, resumed, extended, flown in shards and merged: the result is always that of a run that nobody
disturbed, byte for byte but for when it was made.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
STUDY = ROOT / "studies/starter.toml"
FLIGHTS = 1024
SEAL_SIZE = 24
HEAD = re.compile(rb"longwatch checkpoint ([0-9a-f]{16}) ([0-9a-f]{16}) ([0-9a-f]{16})\n")

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def longwatch(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL)


def command(output: Path, *arguments: object, study: Path = STUDY) -> list[str]:
    return ["run", str(study), "-o", str(output), "--device", "cpu", "--threads", "1", "--quiet", *map(str, arguments)]


def run(output: Path, *arguments: object, study: Path = STUDY) -> subprocess.CompletedProcess[str]:
    return longwatch(*command(output, *arguments, study=study))


def content(file: Path) -> bytes:
    """All bytes of a result but when it was made, and the checksum over that."""
    made = re.sub(rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"when", file.read_bytes()[:-SEAL_SIZE])
    assert b"when" in made
    return made


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What FLIGHTS flights come to."""
    file = tmp_path_factory.mktemp("whole") / "r.h5"
    done = run(file, "--flights", FLIGHTS)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert list(file.parent.iterdir()) == [file]
    return content(file)


def newest_number(kept: Path) -> int:
    """Of the copies in a checkpoint; 0 without one."""
    try:
        with kept.open("rb") as file:
            first = HEAD.match(file.read(72))
            file.seek(int(first[3], 16) if first else 0)
            second = HEAD.match(file.read(72))
    except FileNotFoundError:
        return 0
    return max(int(found[1], 16) if found else 0 for found in (first, second))


def end_at_first_checkpoint(output: Path, *arguments: object, by: signal.Signals = signal.SIGTERM,
                            study: Path = STUDY) -> None:
    """A run that ends by a signal once it has kept something."""
    kept = output.with_name(output.name + ".partial")
    with subprocess.Popen([PROGRAM, *command(output, *arguments, "--checkpoint-s", 0, study=study)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        # Two copies: both places of the file are written.
        while time.monotonic() < deadline and newest_number(kept) < 2:
            time.sleep(0.002)
        process.send_signal(by)
        assert process.wait(timeout=30) == -by
    assert kept.exists() and not output.exists()


# --- killed -------------------------------------------------------------------------------------------------------------


class Instant(NamedTuple):
    """When a run is killed, and by what: so long after its start, or after the checkpoint of that number."""

    after_checkpoint: int
    delay_s: float
    by: signal.Signals


def killed_and_resumed(output: Path, instant: Instant) -> str:
    """A run that is killed at an instant, and resumed. What resuming said."""
    asked = command(output, "--flights", FLIGHTS, "--checkpoint-s", 0)
    kept = output.with_name("r.h5.partial")
    with subprocess.Popen([PROGRAM, *asked], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and newest_number(kept) < instant.after_checkpoint:
            time.sleep(0.001)
        time.sleep(instant.delay_s)
        process.send_signal(instant.by)
        assert process.wait(timeout=60) in (0, -instant.by)
    if output.exists():
        assert longwatch("show", output).returncode == 0
    resumed = run(output, "--flights", FLIGHTS, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    return resumed.stderr


def test_a_run_killed_at_any_instant_and_resumed_comes_to_the_same(whole: bytes, tmp_path: Path) -> None:
    dice = random.Random(8)
    signals = [signal.SIGKILL, signal.SIGTERM, signal.SIGINT]
    # A chunk is 64 flights on eight lanes, so there are some sixteen checkpoints, and after the last the result is written.
    instants = [Instant(0, dice.uniform(0, 0.3), dice.choice(signals)) for _ in range(10)]
    instants += [Instant(dice.randint(1, 16), dice.uniform(0, 0.02), dice.choice(signals)) for _ in range(40)]
    outputs = [tmp_path / str(i) / "r.h5" for i in range(len(instants))]
    for output in outputs:
        output.parent.mkdir()
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(killed_and_resumed, outputs, instants))
    for output, instant in zip(outputs, instants, strict=True):
        assert content(output) == whole, instant
        # Nothing else is left, but what kill -9 leaves of a file in the making.
        others = {path.name for path in output.parent.iterdir()} - {"r.h5"}
        assert not others or instant.by == signal.SIGKILL and all(name.startswith(".r.h5") for name in others), instant
    # The instants were such that there was something to go on from.
    assert sum("flying the rest" in text for text in told) >= 20, told


def test_a_run_killed_again_and_again_comes_to_the_same(whole: bytes, tmp_path: Path) -> None:
    output = tmp_path / "r.h5"
    for by in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM):
        if not (tmp_path / "r.h5.partial").exists():
            end_at_first_checkpoint(output, "--flights", FLIGHTS, by=by)
        else:
            with subprocess.Popen([PROGRAM, *command(output, "--flights", FLIGHTS, "--checkpoint-s", 0, "--resume")],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
                # kill -9 may have come while a copy was written: that is said first.
                told = [process.stderr.readline()]
                if "copies is damaged" in told[0]:
                    told.append(process.stderr.readline())
                assert "flying the rest" in told[-1], told
                process.send_signal(by)
                process.wait(timeout=30)
    # Other threads and chunks change nothing but the number of threads that the file names.
    done = run(output, "--flights", FLIGHTS, "--resume", "--chunk", 96)
    assert done.returncode == 0 and content(output) == whole


# --- said ---------------------------------------------------------------------------------------------------------------


def test_with_nothing_to_resume_it_starts_from_the_first_flight_and_says_so(whole: bytes, tmp_path: Path) -> None:
    done = run(tmp_path / "r.h5", "--flights", FLIGHTS, "--resume")
    assert done.returncode == 0 and content(tmp_path / "r.h5") == whole
    assert "nothing to resume" in done.stderr and "from the first flight" in done.stderr


def test_a_complete_result_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "r.h5"
    printed = run(file, "--flights", 64).stdout
    before = (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino)
    done = run(file, "--flights", 64, "--resume")
    assert (done.returncode, done.stdout) == (0, printed)
    assert "is complete (64 flights): nothing to fly" in done.stderr
    assert before == (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino)


def test_a_complete_result_needs_no_checkpoint_of_more_flights_which_stays(whole: bytes, tmp_path: Path) -> None:
    file, partial = tmp_path / "r.h5", tmp_path / "r.h5.partial"
    end_at_first_checkpoint(file, "--flights", FLIGHTS)
    kept = partial.read_bytes()
    partial.unlink()
    assert run(file, "--flights", 64).returncode == 0
    partial.write_bytes(kept)
    done = run(file, "--flights", 64, "--resume")
    assert done.returncode == 0 and "is complete (64 flights): nothing to fly" in done.stderr, done.stderr
    assert "r.h5.partial is of flights 0 to " in done.stderr and partial.read_bytes() == kept
    done = run(file, "--flights", FLIGHTS, "--resume")
    assert done.returncode == 0 and content(file) == whole and not partial.exists(), done.stderr


def test_a_run_that_is_to_replace_another_run_s_result_is_gone_on_with(whole: bytes, tmp_path: Path) -> None:
    file, partial = tmp_path / "r.h5", tmp_path / "r.h5.partial"
    end_at_first_checkpoint(file, "--flights", FLIGHTS)
    kept = partial.read_bytes()
    partial.unlink()
    assert run(file, "--flights", 64, "--seed", 2).returncode == 0
    partial.write_bytes(kept)
    done = run(file, "--flights", FLIGHTS, "--resume")
    assert done.returncode == 0 and "are in" in done.stderr and content(file) == whole, done.stderr
    assert "r.h5 is of flights 0 to 63 of study" in done.stderr and "will be replaced" in done.stderr, done.stderr


def test_a_result_that_was_put_there_since_is_not_lost(tmp_path: Path) -> None:
    file, other = tmp_path / "r.h5", tmp_path / "other.h5"
    end_at_first_checkpoint(file, "--flights", FLIGHTS)
    assert run(other, "--flights", 64, "--seed", 2).returncode == 0
    shutil.copyfile(other, file)
    done = run(file, "--flights", FLIGHTS, "--resume")
    assert done.returncode == 2, done.stderr
    assert "r.h5 was put there, which would be lost; it is of another run: seed" in done.stderr, done.stderr
    assert file.read_bytes() == other.read_bytes()


def test_a_complete_result_needs_no_folder_to_write_to(tmp_path: Path) -> None:
    file = tmp_path / "r.h5"
    assert run(file, "--flights", 64).returncode == 0
    tmp_path.chmod(0o555)
    try:
        # The superuser may write to any folder, unless that is taken away.
        bound = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
        done = subprocess.run([*bound, PROGRAM, *command(file, "--flights", 64, "--resume")], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=120)
        refused = subprocess.run([*bound, PROGRAM, *command(file, "--flights", 128, "--resume")], capture_output=True, text=True,
                                 stdin=subprocess.DEVNULL, timeout=120)
    finally:
        tmp_path.chmod(0o755)
    assert done.returncode == 0 and "is complete (64 flights): nothing to fly" in done.stderr, done.stderr
    assert refused.returncode == 3 and f"cannot write {file} (folder {tmp_path}: " in refused.stderr, refused.stderr


@pytest.mark.parametrize("attribute, value, said", [
    ("schema_version", "9.0", "its schema version is 9.0"), ("file_type", "longwatch placement", "longwatch placement")])
def test_a_whole_file_of_another_kind_is_not_flown_over(tmp_path: Path, attribute: str, value: str, said: str) -> None:
    file = tmp_path / "r.h5"
    assert run(file, "--flights", 64).returncode == 0
    altered(file, file, attribute, value)
    before = file.read_bytes()
    done = run(file, "--flights", 128, "--resume")
    assert done.returncode in (2, 3) and said in done.stderr and "would be lost" in done.stderr, done.stderr
    if attribute == "file_type":
        part = tmp_path / "part.h5"
        assert run(part, "--flights", 64).returncode == 0
        for verb in (["run", STUDY, "--flights", 64], ["merge", part]):
            done = longwatch(*verb, "-o", file)
            assert done.returncode == 3 and "it is a longwatch placement, it would be lost" in done.stderr, done.stderr
    assert file.read_bytes() == before


def test_two_runs_of_one_name_do_not_mix(tmp_path: Path) -> None:
    """The one that comes second to a checkpoint ends, and says why; the other's is whole."""
    file, partial = tmp_path / "r.h5", tmp_path / "r.h5.partial"
    first = [PROGRAM, *command(file, "--flights", 10**7, "--checkpoint-s", 0)]
    late = [PROGRAM, *command(file, "--flights", 10**7, "--seed", 2, "--checkpoint-s", 1)]
    with subprocess.Popen(late, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as second:
        time.sleep(0.1)
        with subprocess.Popen(first, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as other:
            told = second.communicate(timeout=60)[1]
            other.send_signal(signal.SIGTERM)
            assert other.wait(timeout=30) == -signal.SIGTERM
    assert second.returncode == 3 and "another run keeps its flights in it" in told, told
    done = run(file, "--flights", 1, "--resume")
    assert done.returncode == 2 and "flights 0 to" in done.stderr and "seed" not in done.stderr, done.stderr
    assert partial.exists()


def test_a_checkpoint_that_is_a_link_is_refused_before_flying(tmp_path: Path) -> None:
    (tmp_path / "r.h5.partial").symlink_to(tmp_path / "elsewhere")
    for option in ([], ["--resume"], ["--restart"]):
        done = run(tmp_path / "r.h5", "--flights", 64, *option)
        assert done.returncode == 3 and "r.h5.partial (it is a link)" in done.stderr, done.stderr
    (tmp_path / "dangling.h5").symlink_to(tmp_path / "nowhere.h5")
    done = run(tmp_path / "dangling.h5", "--flights", 64)
    assert done.returncode == 3 and "a link to a file that is not there" in done.stderr, done.stderr


def test_a_checkpoint_is_not_lost_without_being_given_up(tmp_path: Path) -> None:
    file = tmp_path / "r.h5"
    end_at_first_checkpoint(file, "--flights", FLIGHTS)
    kept = (tmp_path / "r.h5.partial").read_bytes()
    done = run(file, "--flights", FLIGHTS)
    assert done.returncode == 3 and done.stdout == ""
    assert re.search(r"r\.h5\.partial holds flights 0 to [\d,]+ of study starter, seed 1.*--resume.*--restart", done.stderr)
    assert (tmp_path / "r.h5.partial").read_bytes() == kept
    shown = longwatch("show", tmp_path / "r.h5.partial")
    assert shown.returncode == 3 and "--resume finishes it" in shown.stderr
    done = run(file, "--flights", 64, "--restart")
    assert done.returncode == 0 and list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("option", [["--resume"], ["--restart"], []])
def test_a_file_of_that_name_that_is_no_checkpoint_stays(tmp_path: Path, option: list[str]) -> None:
    (tmp_path / "r.h5.partial").write_text("my notes")
    done = run(tmp_path / "r.h5", "--flights", 64, *option)
    assert done.returncode == 3 and "no checkpoint" in done.stderr and "move it away" in done.stderr
    assert "--restart" not in done.stderr
    assert (tmp_path / "r.h5.partial").read_text() == "my notes"
    assert not (tmp_path / "r.h5").exists()


def test_another_run_is_not_gone_on_with_and_the_difference_is_named(tmp_path: Path) -> None:
    file = tmp_path / "r.h5"
    changed = tmp_path / "changed.toml"
    text = STUDY.read_text().replace("../models/catalog", str(ROOT / "models/catalog"))
    (tmp_path / "starter.toml").write_text(text)
    changed.write_text(text.replace("apogee_km = 300", "apogee_km = 310"))
    end_at_first_checkpoint(file, "--flights", FLIGHTS)
    kept = (tmp_path / "r.h5.partial").read_bytes()
    for study, arguments, reason in [
        (changed, [], r"threat\[mrbm-short-of-coast\]\.apogee_m is 300000(\.0)? there and 310000(\.0)? here"),
        (STUDY, ["--seed", 7], "seed is 1 there and 7 here"),
        (STUDY, ["--first-flight", 1024], "it holds flights 0 to .* and flights 1,024 to 2,047 are asked for"),
    ]:
        done = run(file, "--flights", FLIGHTS, "--resume", *arguments, study=study)
        assert done.returncode == 2 and re.search(rf"r\.h5\.partial .*{reason}", done.stderr), done.stderr
    assert (tmp_path / "r.h5.partial").read_bytes() == kept
    assert not file.exists()
    # The same study in another place is the same.
    assert run(file, "--flights", FLIGHTS, "--resume", study=tmp_path / "starter.toml").returncode == 0


@pytest.mark.parametrize("arguments, why", [
    (["--resume", "--restart"], "give one of them"),
    (["--checkpoint-s", "-1"], "--checkpoint-s"), (["--checkpoint-s", "soon"], "--checkpoint-s"),
    (["--first-flight", "-1"], "--first-flight"), (["--first-flight", "1099511627776"], "--first-flight"),
    (["--first-flight", "1099511627700"], "numbered from 0 to 1099511627775"),
])
def test_what_makes_no_sense_is_bad_usage(tmp_path: Path, arguments: list[str], why: str) -> None:
    done = run(tmp_path / "r.h5", "--flights", 100, *arguments)
    assert done.returncode == 2 and why in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_leaves_no_room_for_the_checkpoint_s_is_told_before_flying(tmp_path: Path) -> None:
    done = run(tmp_path / ("n" * 250), "--flights", 10**9)
    assert done.returncode == 3 and "cannot keep a checkpoint" in done.stderr and "too long" in done.stderr
    assert list(tmp_path.iterdir()) == []


# --- damaged ------------------------------------------------------------------------------------------------------------


def copies(kept: bytes) -> list[tuple[int, int, int]]:
    """Number, place and length of each copy in a checkpoint, the newer first."""
    return sorted(((int(found[1], 16), found.start(), found.end() - found.start() + int(found[2], 16) + SEAL_SIZE)
                   for found in HEAD.finditer(kept)), reverse=True)


def flipped(kept: bytes, place: int) -> bytes:
    return kept[:place] + bytes([kept[place] ^ 0x10]) + kept[place + 1:]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A checkpoint with two copies."""
    folder = tmp_path_factory.mktemp("kept")
    end_at_first_checkpoint(folder / "r.h5", "--flights", FLIGHTS)
    found = (folder / "r.h5.partial").read_bytes()
    assert len(copies(found)) == 2
    return found


@pytest.mark.parametrize("case", ["newer", "older", "newer's head", "older's mark", "second half", "newer's end"])
def test_a_checkpoint_with_one_damaged_copy_goes_on_with_the_other(whole: bytes, kept: bytes, tmp_path: Path,
                                                                   case: str) -> None:
    (_, newer, length), (_, older, _) = copies(kept)
    second = max(newer, older)
    damaged = {"newer": flipped(kept, newer + 5000), "older": flipped(kept, older + 5000),
               "newer's head": flipped(kept, newer + 30), "older's mark": flipped(kept, older + 3),
               "second half": kept[:second + 2000], "newer's end": flipped(kept, newer + length - 1)}[case]
    (tmp_path / "r.h5.partial").write_bytes(damaged)
    done = run(tmp_path / "r.h5", "--flights", FLIGHTS, "--resume")
    assert done.returncode == 0 and content(tmp_path / "r.h5") == whole
    assert "r.h5.partial: one of its two copies is damaged" in done.stderr and "flying the rest" in done.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "r.h5"]


@pytest.mark.parametrize("case", ["both", "cut in the first copy", "cut in its head", "empty", "both marks", "zeros"])
def test_a_checkpoint_without_a_whole_copy_is_named_and_all_is_flown_again(whole: bytes, kept: bytes, tmp_path: Path,
                                                                           case: str) -> None:
    (_, newer, _), (_, older, _) = copies(kept)
    damaged = {"both": flipped(flipped(kept, newer + 999), older + 1999), "cut in the first copy": kept[:3000],
               "cut in its head": kept[:10], "empty": b"", "both marks": flipped(flipped(kept, newer + 3), older + 4),
               "zeros": bytes(len(kept))}[case]
    (tmp_path / "r.h5.partial").write_bytes(damaged)
    done = run(tmp_path / "r.h5", "--flights", FLIGHTS, "--resume")
    assert done.returncode == 0 and content(tmp_path / "r.h5") == whole
    assert "r.h5.partial: it is damaged" in done.stderr and "starting from the first flight" in done.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "r.h5"]


def test_flips_anywhere_in_a_checkpoint_change_no_result(whole: bytes, kept: bytes, tmp_path: Path) -> None:
    dice = random.Random(9)
    for _ in range(6):
        damaged = kept
        for _ in range(dice.choice([1, 2, 20])):
            damaged = flipped(damaged, dice.randrange(len(kept)))
        (tmp_path / "r.h5.partial").write_bytes(damaged)
        done = run(tmp_path / "r.h5", "--flights", FLIGHTS, "--resume")
        assert done.returncode == 0 and content(tmp_path / "r.h5") == whole, done.stderr
        (tmp_path / "r.h5").unlink()


def test_a_damaged_result_is_named_and_its_flights_are_flown_again(whole: bytes, tmp_path: Path) -> None:
    file = tmp_path / "r.h5"
    assert run(file, "--flights", 600).returncode == 0
    file.write_bytes(flipped(file.read_bytes(), 4321))
    done = run(file, "--flights", FLIGHTS, "--resume")
    assert done.returncode == 0 and content(file) == whole
    assert "r.h5 (it is damaged or was changed: its checksum is wrong): its flights are flown again" in done.stderr


# --- full ---------------------------------------------------------------------------------------------------------------

FULL_DISK = """
kept=$1.kept when=$2
mount -t tmpfs -o size=1m none "$1" && mkdir "$kept" && cd "$1" || exit
shift 2
fill() { dd if=/dev/zero of=filler bs=1k 2>/dev/null; }
if [[ $when == before ]]; then fill; fi
"$@" 2>"$kept/told" &
if [[ $when == after ]]; then
    until [[ -e r.h5.partial ]]; do sleep 0.01; done
    fill
fi
wait $!
echo $? >"$kept/status"
ls -A >"$kept/left"
rm filler
"$@" --resume 2>"$kept/told-then"
echo $? >"$kept/status-then"
cp r.h5 "$kept"
"""


def on_a_full_disk(folder: Path, when: str, asked: list[str]) -> Path:
    """Runs on a file system of 1 MiB of its own that is full; then again, resuming, with room. What was left, and said."""
    (folder / "disk").mkdir()
    for namespaces in (["--mount"], ["--user", "--map-root-user", "--mount"]):
        done = subprocess.run(["unshare", *namespaces, "bash", "-c", FULL_DISK, "_", folder / "disk", when, PROGRAM, *asked],
                              capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        if (folder / "disk.kept").exists():
            return folder / "disk.kept"
    pytest.skip(f"no small file system can be mounted here ({done.stderr.strip()})")


@pytest.mark.skipif(shutil.which("unshare") is None, reason="unshare (util-linux) is not here")
def test_a_disk_that_fills_up_loses_nothing_that_was_flown(tmp_path: Path) -> None:
    flights = 12000
    asked = command(Path("r.h5"), "--flights", flights, "--checkpoint-s", 0.05)
    kept = on_a_full_disk(tmp_path, "after", asked)
    told = (kept / "told").read_text()
    assert (kept / "status").read_text() == "3\n", told
    assert "No space left" in told and "12,000 of 12,000 flights are kept in r.h5.partial" in told
    assert {"r.h5", ".r.h5"}.isdisjoint((kept / "left").read_text().split())
    assert "all 12,000 flights are in r.h5.partial" in (kept / "told-then").read_text()
    assert (kept / "status-then").read_text() == "0\n"
    assert run(tmp_path / "r.h5", "--flights", flights).returncode == 0
    assert content(kept / "r.h5") == content(tmp_path / "r.h5")


@pytest.mark.skipif(shutil.which("unshare") is None, reason="unshare (util-linux) is not here")
def test_a_disk_that_is_full_from_the_start_is_told_at_the_first_checkpoint(whole: bytes, tmp_path: Path) -> None:
    kept = on_a_full_disk(tmp_path, "before", command(Path("r.h5"), "--flights", FLIGHTS, "--checkpoint-s", 0))
    told = (kept / "told").read_text()
    assert (kept / "status").read_text() == "3\n" and "No space left" in told, told
    assert "no flights could be kept" in told
    assert not [name for name in (kept / "left").read_text().split() if "r.h5" in name]
    assert (kept / "status-then").read_text() == "0\n" and content(kept / "r.h5") == whole


# --- extended, sharded, merged ------------------------------------------------------------------------------------------


def test_more_flights_cost_only_the_new_ones(whole: bytes, tmp_path: Path) -> None:
    file = tmp_path / "r.h5"
    assert run(file, "--flights", 700).returncode == 0
    timing = tmp_path / "timing"
    done = longwatch("run", STUDY, "-o", file, "--device", "cpu", "--threads", 1, "--flights", FLIGHTS, "--resume",
                     "--timing", timing)
    assert done.returncode == 0 and content(file) == whole
    assert "700 of 1,024 flights are in" in done.stderr and "\n324 flights in " in done.stderr
    assert timing.read_text().count("\n") == 1


def test_fewer_flights_cannot_be_taken_out(tmp_path: Path) -> None:
    file = tmp_path / "r.h5"
    assert run(file, "--flights", 200).returncode == 0
    before = file.read_bytes()
    done = run(file, "--flights", 100, "--resume")
    assert done.returncode == 2 and "none can be taken out" in done.stderr
    assert file.read_bytes() == before


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The flights of `whole` in three shards."""
    folder = tmp_path_factory.mktemp("parts")
    files = []
    for first, count in ((0, 512), (512, 301), (813, FLIGHTS - 813)):
        files.append(folder / f"from-{first}.h5")
        assert run(files[-1], "--first-flight", first, "--flights", count).returncode == 0
    return files


def test_shards_merge_into_the_result_of_one_run_in_any_order(whole: bytes, parts: list[Path], tmp_path: Path) -> None:
    for order in ((0, 1, 2), (2, 0, 1)):
        done = longwatch("merge", *(parts[i] for i in order), "-o", tmp_path / "r.h5")
        assert (done.returncode, done.stderr) == (0, "")
        assert content(tmp_path / "r.h5") == whole
        assert done.stdout.splitlines()[-1] == str(tmp_path / "r.h5")
    first = tmp_path / "first.h5"
    assert longwatch("merge", parts[1], parts[0], "-o", first).returncode == 0
    assert longwatch("merge", first, parts[2], "-o", tmp_path / "r.h5").returncode == 0
    assert content(tmp_path / "r.h5") == whole


def test_missing_flights_are_reported_and_can_be_filled_in(whole: bytes, parts: list[Path], tmp_path: Path) -> None:
    file = tmp_path / "r.h5"
    done = longwatch("merge", parts[2], parts[0], "-o", file)
    assert done.returncode == 1 and "flights 512 to 812 between the parts are missing (301 in all)" in done.stderr
    assert done.stdout == "" and list(tmp_path.iterdir()) == []
    done = longwatch("merge", parts[2], parts[0], "-o", file, "--gaps")
    assert done.returncode == 0 and "are missing" in done.stderr
    assert "flights 0 to 511 and 813 to 1,023 (flights 512 to 812 are missing)" in " ".join(done.stdout.split())
    with h5py.File(file) as opened:
        assert (opened["gaps/first_flight"][:].tolist(), opened["gaps/flight_count"][:].tolist()) == ([512], [301])
        assert opened.attrs["flight_count"] == FLIGHTS - 301 == np.sum(opened["fate_count"])
    assert "(flights 512 to 812 are missing)" in longwatch("compare", file).stdout
    refused = longwatch("regress", file, file)
    assert refused.returncode == 2 and "merged with gaps" in refused.stderr
    assert longwatch("merge", file, parts[1], "-o", tmp_path / "filled.h5").returncode == 0
    assert content(tmp_path / "filled.h5") == whole
    assert run(file, "--flights", FLIGHTS, "--resume").returncode == 0
    assert content(file) == whole


def test_a_missing_first_or_last_part_is_told_where_the_number_is_said(parts: list[Path], tmp_path: Path) -> None:
    file = tmp_path / "r.h5"
    for given, missing in ((parts[1:], "flights 0 to 511 are missing (512 in all)"),
                           (parts[:2], "flights 813 to 1,023 are missing (211 in all)")):
        done = longwatch("merge", *given, "-o", file, "--flights", FLIGHTS)
        assert done.returncode == 1 and missing in done.stderr and not file.exists(), done.stderr
    assert longwatch("merge", *parts[1:], "-o", file, "--flights", FLIGHTS - 512, "--first-flight", 512).returncode == 0
    done = longwatch("merge", *parts, "-o", file, "--flights", 1000)
    assert done.returncode == 2 and "the parts hold flights 0 to 1,023, and flights 0 to 999 are asked for" in done.stderr
    done = longwatch("merge", *parts, "-o", file, "--first-flight", 5)
    assert done.returncode == 2 and "give both" in done.stderr


def altered(source: Path, to: Path, attribute: str, value: object) -> Path:
    """A copy with another attribute and a right checksum."""
    to.write_bytes(source.read_bytes()[:-SEAL_SIZE])
    with h5py.File(to, "a") as file:
        file.attrs[attribute] = value
    body = to.read_bytes()
    to.write_bytes(body + b"longwatch-crc32:%08x" % zlib.crc32(body))
    return to


def test_what_does_not_belong_together_is_refused_and_named(parts: list[Path], tmp_path: Path) -> None:
    text = STUDY.read_text().replace("../models/catalog", str(ROOT / "models/catalog"))
    study = tmp_path / "starter.toml"
    study.write_text(text.replace("aim = { latitude_deg = 40.6", "aim = { latitude_deg = 40.7"))
    other, seeded = tmp_path / "other.h5", tmp_path / "seeded.h5"
    assert run(other, "--first-flight", 1024, "--flights", 64, study=study).returncode == 0
    assert run(seeded, "--first-flight", 1024, "--flights", 64, "--seed", 2).returncode == 0
    versions = {key: altered(parts[1], tmp_path / f"{key}.h5", key, value) for key, value in
                {"code_version": "9.9.9", "git_hash": "0000", "instructions": "sse4.2", "device": "cuda: Some"}.items()}
    cases = [(other, r"threat\[mrbm-short-of-coast\]\.aim\.latitude_rad is 0\.7086\d* in the one and 0\.7103\d* in the other"),
             (seeded, "seed is 1 in the one and 2 in the other"),
             *((file, f"{key} is .* in the one and {value} in the other") for (key, file), value in
               zip(versions.items(), ("9.9.9", "0000", "sse4.2", "cuda: Some"), strict=True)),
             (parts[0], "both hold flights 0 to 511"),
             (tmp_path / "none.h5", "cannot be opened")]
    for file, reason in cases:
        done = longwatch("merge", parts[0], file, "-o", tmp_path / "r.h5")
        assert done.returncode == (3 if file.name == "none.h5" else 2), done.stderr
        assert str(file) in done.stderr and re.search(reason, done.stderr), done.stderr
        assert not (tmp_path / "r.h5").exists()
    done = longwatch("merge", parts[0], parts[1], "-o", parts[0])
    assert done.returncode == 2 and "is one of the parts" in done.stderr


def variant(folder: Path, more: str) -> Path:
    """The study with something before its first table."""
    text = STUDY.read_text().replace("../models/catalog", str(ROOT / "models/catalog"))
    study = folder / "study.toml"
    study.write_text(text.replace("\nflights = ", f"\n{more}\nflights = ", 1))
    return study


@pytest.mark.parametrize("more", ['sampling = "sobol"', "raid = { size = 4 }"])
def test_spread_inputs_and_raids_merge_and_resume_too(tmp_path: Path, more: str) -> None:
    study = variant(tmp_path, more)
    one, part, merged, cut = (tmp_path / f"{name}.h5" for name in ("one", "part", "merged", "cut"))
    assert run(one, "--flights", 512, study=study).returncode == 0
    assert run(part, "--first-flight", 200, "--flights", 312, study=study).returncode == 0
    end_at_first_checkpoint(cut, "--flights", 200, study=study)
    assert run(cut, "--flights", 200, "--resume", study=study).returncode == 0
    assert longwatch("merge", part, cut, "-o", merged).returncode == 0
    assert run(cut, "--flights", 512, "--resume", study=study).returncode == 0
    assert content(merged) == content(one) == content(cut)


def test_spread_inputs_have_numbers_for_fewer_flights(tmp_path: Path) -> None:
    study = variant(tmp_path, 'sampling = "sobol"')
    done = run(tmp_path / "r.h5", "--first-flight", 2**35 - 16, "--flights", 32, study=study)
    assert done.returncode == 2 and "numbered from 0 to 34359738367" in done.stderr
    done = longwatch("replay", study, "--flight", 2**35, "-o", tmp_path / "replay", "--device", "cpu")
    assert done.returncode == 2 and "numbered from 0 to 34359738367" in done.stderr
    study.write_text(study.read_text().replace("\nflights = ", f"\nflights = {2**36} #"))
    done = longwatch("check", study)
    assert done.returncode == 2 and "must be at most 34359738368" in done.stderr


def test_whole_raids_make_shards(tmp_path: Path) -> None:
    study = variant(tmp_path, "raid = { size = 4 }")
    done = run(tmp_path / "r.h5", "--first-flight", 6, "--flights", 8, study=study)
    assert done.returncode == 2 and "--first-flight 6 (must be a multiple of the raid's size, 4" in done.stderr


def test_a_study_that_stops_early_stops_at_the_same_flight_however_it_is_cut(tmp_path: Path) -> None:
    study = variant(tmp_path, 'stop = { on = "warning_time_mean_s", half_width = 0.6 }')
    one, cut, longer = (tmp_path / f"{name}.h5" for name in ("one", "cut", "longer"))
    asked = ["--flights", 60000]
    assert run(one, *asked, study=study).returncode == 0
    with h5py.File(one) as file:
        assert file.attrs["stopped"].startswith("after ") and 0 < file.attrs["flight_count"] < 60000
    # Cut in the middle of a block; and from a result that ended within one.
    end_at_first_checkpoint(cut, *asked, study=study)
    done = run(cut, *asked, "--resume", study=study)
    assert done.returncode == 0 and content(cut) == content(one)
    assert run(longer, "--flights", 3000, study=study).returncode == 0
    assert run(longer, *asked, "--resume", study=study).returncode == 0
    assert content(longer) == content(one)
    assert "nothing to fly" in run(one, *asked, "--resume", study=study).stderr
    done = run(tmp_path / "r.h5", "--first-flight", 10000, study=study)
    assert done.returncode == 2 and "[stop]" in done.stderr
    done = longwatch("merge", one, "-o", tmp_path / "r.h5")
    assert done.returncode == 2 and "ended early" in done.stderr
