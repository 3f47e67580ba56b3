"""The command line as a user meets it: exit statuses, messages, and what is left on the disk.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

import json
import os
import pty
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
STUDY = ROOT / "studies/trilateral-warning.toml"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def longwatch(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL, **options)


def run(output: Path, *arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    return longwatch("run", STUDY, "-o", output, "--device", "cpu", *arguments, **options)


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A small result, and what its run printed."""
    file = tmp_path_factory.mktemp("flown") / "result.h5"
    return file, run(file, "--flights", 300, "--seed", 5, "--threads", 2)


def test_a_run_prints_tables_and_ends_with_the_path(flown) -> None:
    file, done = flown
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == str(file)
    assert "via-us-hub" in done.stdout
    assert file.exists()
    assert list(file.parent.iterdir()) == [file]


def test_progress_is_on_standard_error_in_plain_lines(flown) -> None:
    _, done = flown
    assert "300 flights, seed 5, on cpu" in done.stderr
    assert "\r" not in done.stderr and "\033" not in done.stderr


def test_quiet_says_nothing_on_standard_error(tmp_path: Path) -> None:
    done = run(tmp_path / "result.h5", "--flights", 64, "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


def test_on_a_terminal_a_bar_shows_rate_and_time_left(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    command = [PROGRAM, "run", STUDY, "-o", tmp_path / "r.h5", "--device", "cpu", "--flights", "40000"]
    with subprocess.Popen(command, stderr=slave, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                          env={**os.environ, "TERM": "xterm"}) as process:
        os.close(slave)
        seen = b""
        while True:
            try:
                piece = os.read(master, 4096)
            except OSError:
                break
            if not piece:
                break
            seen += piece
    os.close(master)
    assert process.returncode == 0
    assert re.search(rb"\r\[#*\.*\] +\d+ %  [\d,]+ of 40,000 flights  [\d,]+/s  \d+:\d\d left", seen)


def test_show_prints_what_the_run_printed(flown) -> None:
    file, done = flown
    shown = longwatch("show", file)
    assert shown.returncode == 0
    assert done.stdout == shown.stdout + f"\n{file}\n"


def test_show_json_is_the_contract(flown) -> None:
    file, _ = flown
    shown = json.loads(longwatch("show", file, "--json").stdout)
    assert (shown["flights"], shown["seed"], shown["device"]) == (300, 5, "cpu")
    assert shown["study"] and sum(shown["fates"].values()) == 300
    for arm in shown["arms"]:
        assert set(arm["engagement"]) >= {"pk", "p_leak", "shots_mean"}
        for consumer in arm["consumers"]:
            parts = [consumer[key] for key in ("p_warned", "p_too_late", "p_none")]
            if None not in parts:
                assert sum(part["value"] for part in parts) == pytest.approx(1, abs=1e-12)
    assert {"arm", "versus", "consumer", "gain_s", "p_warned_gain"} <= set(shown["paired"][0])


def test_threads_and_chunks_change_nothing(flown, tmp_path: Path) -> None:
    file, _ = flown
    other = tmp_path / "other.h5"
    assert run(other, "--flights", 300, "--seed", 5, "--threads", 1, "--chunk", 64).returncode == 0
    first, second = (json.loads(longwatch("show", shown, "--json").stdout) for shown in (file, other))
    for key in ("fates", "arms", "paired"):
        assert first[key] == second[key]


def test_an_existing_result_is_replaced(flown, tmp_path: Path) -> None:
    older, _ = flown
    file = tmp_path / "result.h5"
    file.write_bytes(older.read_bytes())
    assert run(file, "--flights", 64).returncode == 0
    assert longwatch("show", file).returncode == 0
    assert list(tmp_path.iterdir()) == [file]


def test_check_prints_the_resolved_study_and_its_hash() -> None:
    done = longwatch("check", STUDY)
    assert done.returncode == 0 and done.stderr == ""
    assert re.fullmatch(r"# study hash: [0-9a-f]{64}", done.stdout.splitlines()[-1])


def test_info_tells_lanes_and_devices() -> None:
    assert "lanes" in longwatch("info").stdout
    told = json.loads(longwatch("info", "--json").stdout)
    assert told["cpu"]["lanes"] >= 1 and isinstance(told["cuda"]["built"], bool)


@pytest.mark.parametrize("verb", [[], ["run"], ["replay"], ["check"], ["show"], ["info"], ["init"], ["catalog"],
                                  ["generate"]])
def test_help_has_examples_and_status_zero(verb: list[str]) -> None:
    done = longwatch(*verb, "--help")
    assert done.returncode == 0 and done.stderr == ""
    assert "Examples:" in done.stdout


def test_version() -> None:
    assert re.fullmatch(r"longwatch \d+\.\d+\.\d+ \(commit \S+\)\n", longwatch("--version").stdout)


@pytest.mark.parametrize("arguments", [
    [], ["fly"], ["run"], ["run", STUDY], ["check"], ["show"], ["info", "more"], ["--quiet"],
    ["run", STUDY, "-o", "{folder}/r.h5", "--colour"],
    ["check", "{folder}/missing.toml"], ["check", "{folder}"],
    *(["run", STUDY, "-o", "{folder}/r.h5", "--flights", number]
      for number in ("0", "-5", "1e6", "1.5", "many", "", " 7", "1099511627777", "9" * 40)),
    ["run", STUDY, "-o", "{folder}/r.h5", "--seed", "-1"],
    ["run", STUDY, "-o", "{folder}/r.h5", "--seed", "18446744073709551616"],
    ["run", STUDY, "-o", "{folder}/r.h5", "--threads", "0"],
    ["run", STUDY, "-o", "{folder}/r.h5", "--chunk", "-1"],
    ["run", STUDY, "-o", "{folder}/r.h5", "--device", "gpu"],
    ["run", STUDY, "-o", STUDY],
])
def test_bad_usage_is_status_two_with_a_reason_and_no_file(arguments: list, tmp_path: Path) -> None:
    before = STUDY.read_bytes()
    done = longwatch(*(str(argument).format(folder=tmp_path) for argument in arguments))
    assert done.returncode == 2
    assert done.stdout == "" and done.stderr.strip()
    assert list(tmp_path.iterdir()) == []
    assert STUDY.read_bytes() == before


def test_a_number_out_of_bounds_is_told_with_its_bounds(tmp_path: Path) -> None:
    done = run(tmp_path / "r.h5", "--flights", "1e6")
    assert "--flights 1e6" in done.stderr and "1099511627776" in done.stderr


def test_a_bad_study_tells_all_its_problems_and_leaves_no_file(tmp_path: Path) -> None:
    study = tmp_path / "bad.toml"
    text = STUDY.read_text()
    study.write_text("flihgts = 3\nsede = 4\n" + text)
    done = longwatch("run", study, "-o", tmp_path / "r.h5", "--device", "cpu")
    assert done.returncode == 2 and done.stdout == ""
    lines = done.stderr.splitlines()
    assert any(re.match(r".*bad\.toml:1:\d+: .*flihgts", line) for line in lines)
    assert any(re.match(r".*bad\.toml:2:\d+: .*sede", line) for line in lines)
    assert list(tmp_path.iterdir()) == [study]


@pytest.mark.parametrize("output, reason", [
    ("missing/r.h5", "does not exist"), (".", "folder"), ("file/r.h5", "not a folder"),
    ("pipe", "plain file"), (300 * "n", "too long"), ("mine.txt", "result"),
])
def test_a_place_that_takes_no_file_is_told_before_flying(tmp_path: Path, output: str, reason: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "mine.txt").write_text("my notes")
    os.mkfifo(tmp_path / "pipe")
    before = sorted(tmp_path.iterdir())
    start = time.monotonic()
    done = run(tmp_path / output, "--flights", 10**9)
    assert time.monotonic() - start < 5
    assert done.returncode == 3 and reason in done.stderr and done.stdout == ""
    assert sorted(tmp_path.iterdir()) == before


def test_cuda_without_a_device_is_status_three(tmp_path: Path) -> None:
    told = json.loads(longwatch("info", "--json").stdout)
    if told["cuda"]["devices"]:
        pytest.skip("there is a device")
    done = longwatch("run", STUDY, "-o", tmp_path / "r.h5", "--device", "cuda", "--flights", 10)
    assert done.returncode == 3 and "--device cpu" in done.stderr
    done = longwatch("run", STUDY, "-o", tmp_path / "r.h5", "--device", "cuda:1", "--flights", 10)
    assert done.returncode == 3 and "--device cpu" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no result", b"\x89HDF\r\n\x1a\n" + bytes(100)])
def test_show_refuses_what_is_no_result(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "r.h5"
    file.write_bytes(content)
    done = longwatch("show", file)
    assert done.returncode == 3 and str(file) in done.stderr and done.stdout == ""


def test_show_of_a_missing_file_is_status_three(tmp_path: Path) -> None:
    assert longwatch("show", tmp_path / "r.h5").returncode == 3


def test_a_reader_that_leaves_early_is_no_error(flown) -> None:
    file, _ = flown
    done = subprocess.run(["bash", "-c", f'set -o pipefail; "{PROGRAM}" show "{file}" --json | head -c 1'],
                          capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_standard_output_is_status_three(flown) -> None:
    file, _ = flown
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([PROGRAM, "show", file], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 3 and "standard output" in done.stderr


@pytest.mark.parametrize("signal_sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_ends_by_the_signal_and_leaves_its_checkpoint(tmp_path: Path,
                                                                         signal_sent: signal.Signals) -> None:
    with subprocess.Popen([PROGRAM, "run", STUDY, "-o", tmp_path / "r.h5", "--device", "cpu",
                           "--flights", str(10**9)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True) as process:
        assert "seed" in process.stderr.readline()
        process.send_signal(signal_sent)
        try:
            assert process.wait(timeout=20) == -signal_sent
        finally:
            process.kill()
        told = process.stderr.read()
    assert re.search(rf"of 1,000,000,000 flights are kept in {tmp_path}/r.h5.partial: go on with .* --resume", told)
    assert list(tmp_path.iterdir()) == [tmp_path / "r.h5.partial"]


@pytest.mark.parametrize("arguments, told", [
    (["rnu", STUDY], "no verb 'rnu' (known: {verbs}); did you mean 'run'?"),
    (["RUN"], "no verb 'RUN' (known: {verbs}); did you mean 'run'?"),
    ([], "no verb given ({verbs}) see longwatch --help"),
    (["help"], "no verb 'help' (known: {verbs}); see longwatch --help"),
    (["--quiet", "run"], "no verb before '--quiet'"),
    (["run", STUDY], "run lacks -o FILE (see longwatch run --help)"),
    (["run"], "run lacks STUDY"),
    (["replay", STUDY, "--flight", "1"], "replay lacks -o DIR (see longwatch replay --help)"),
    (["init"], "init lacks FILE"), (["generate"], "generate lacks WHAT"),
    (["run", STUDY, "-o", "a", "-o", "b"], "--output is given more than once"),
    (["run", STUDY, "-o", "a", "--seed", "1", "--seed", "1"], "--seed is given more than once"),
    (["run", STUDY, "-o", "a", "--flights"], "--flights is given without its value"),
    (["run", STUDY, "-o", "a", "--flihgts", "5"], "run has no option '--flihgts' (see longwatch run --help); "
                                                  "did you mean '--flights'?"),
    (["run", STUDY, "-o", "a", "--device", "gpu"], "--device 'gpu' (known: auto, cpu, cuda, cuda:N)"),
    (["run", STUDY, "-o", "a", "--device", "cuda:first"], "cuda:N, N being first: not a plain whole number (digits only"),
    (["info", "x", "y", "z"], "info takes no further argument 'x', 'y', 'z'"),
])
def test_bad_usage_is_told_in_plain_words(arguments: list, told: str, tmp_path: Path) -> None:
    verbs = re.findall(r"^  ([a-z]+)  ", longwatch("--help").stdout.partition("Subcommands:")[2], re.M)
    assert len(verbs) >= 11 and verbs[0] == "run"
    done = longwatch(*arguments, cwd=tmp_path)
    assert done.returncode == 2 and told.replace("{verbs}", ", ".join(verbs)) in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", ["check", "show"])
def test_a_file_name_commands_no_terminal(verb: str, tmp_path: Path) -> None:
    done = longwatch(verb, tmp_path / "a\033[31m\x9bb.toml")
    assert done.returncode in (2, 3) and "a?[31m?b.toml" in done.stderr
    assert "\033" not in done.stderr and "\x9b" not in done.stderr


def test_threads_that_cannot_start_are_told(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root has no limit of processes")
    command = f'ulimit -u 5; exec "{PROGRAM}" run "{STUDY}" -o r.h5 --device cpu --flights 100000 --threads 100'
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3 and "cannot start 100 threads" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_reaches_its_allowed_size_is_told_and_cleared_away(tmp_path: Path) -> None:
    command = f'ulimit -f 4; exec "{PROGRAM}" run "{STUDY}" -o r.h5 --device cpu --flights 64'
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3 and "File too large" in done.stderr
    assert list(tmp_path.iterdir()) == []


def changed_study(folder: Path, what: str = "", by: str = "", more: str = "") -> Path:
    text = STUDY.read_text().replace("../models/catalog", str(ROOT / "models/catalog"))
    study = folder / "study.toml"
    study.write_text(text.replace(what, by, 1) + more)
    return study


def test_an_apogee_that_cannot_be_flown_is_told_at_its_line(tmp_path: Path) -> None:
    wanted = re.search(r"^apogee_km = .*$", STUDY.read_text(), re.MULTILINE)
    assert wanted
    study = changed_study(tmp_path, wanted[0], "apogee_km = 19999")
    line = study.read_text().splitlines().index("apogee_km = 19999") + 1
    done = longwatch("check", study)
    assert done.returncode == 2 and f"study.toml:{line}:1: threat" in done.stderr


def test_a_consumer_whom_no_message_reaches_is_remarked(tmp_path: Path) -> None:
    study = changed_study(tmp_path, more='\n[[arm]]\nname = "silence"\n')
    for done in (longwatch("check", study),
                 longwatch("run", study, "-o", tmp_path / "r.h5", "--device", "cpu", "--flights", 64)):
        assert done.returncode == 0
        assert "can get no message it acts on in arm 'silence'" in done.stderr
