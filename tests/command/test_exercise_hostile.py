"""longwatch node in a folder that a stranger has made: what is wrong is told with its file, and nothing outside is touched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/longwatch"
STUDY = ROOT / "studies/trilateral-warning.toml"
NODE = "us-hub"

pytestmark = pytest.mark.skipif(not (ROOT / "build/release/longwatch_dds.so").exists(), reason="DDS is not in this build")

Plan = dict[str, object]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an exercise that has been played."""
    folder = tmp_path_factory.mktemp("hostile") / "exercise"
    done = subprocess.run([PROGRAM, "exercise", STUDY, "--flight", "0", "--arm", "via-us-hub", "--speed", "max", "--no-page",
                           "-o", folder], capture_output=True, text=True, timeout=200, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def folder(played: Path, tmp_path: Path) -> Path:
    return shutil.copytree(played, tmp_path / "exercise")


def node(folder: Path, name: str = NODE) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, "node", STUDY, "--name", name, "--exercise", folder], capture_output=True, text=True,
                          timeout=60, stdin=subprocess.DEVNULL)


def is_refused(done: subprocess.CompletedProcess[str], *said: object) -> None:
    assert done.returncode == 3, done.stdout + done.stderr
    assert "json.exception" not in done.stderr
    for text in said:
        assert str(text) in done.stderr


def change(folder: Path, how: Callable[[Plan], object]) -> Path:
    file = folder / "exercise.json"
    plan = json.loads(file.read_text())
    how(plan)
    file.write_text(json.dumps(plan))
    return file


@pytest.mark.parametrize("opens", [b"\x91", b"\x92", b"\x81\xa0"])
def test_a_script_nested_without_end_is_refused(folder: Path, opens: bytes) -> None:
    file = folder / NODE / "script.msgpack"
    file.write_bytes(opens * (5_000_000 // len(opens)))
    is_refused(node(folder), file, "nested deeper than 32")


@pytest.mark.parametrize("name", ["exercise.json", "certificates.json"])
@pytest.mark.parametrize("opens", ["[", '{"a":'])
def test_json_nested_without_end_is_refused(folder: Path, name: str, opens: str) -> None:
    (folder / name).write_text(opens * 100_000)
    is_refused(node(folder), folder / name, "nested deeper than 32")
    (folder / name).write_text(opens * 2_000_000)
    is_refused(node(folder), folder / name, "bytes")


@pytest.mark.parametrize("key", ["exercise", "address", "peer"])
def test_no_text_of_a_plan_tells_dds_to_write_a_file(folder: Path, key: str) -> None:
    victim = folder.parent / "victim"
    victim.write_text("as it was")
    trace = f"<Tracing><Verbosity>finest</Verbosity><OutputFile>{victim}</OutputFile></Tracing></Domain>"
    in_tag = f'y</Tag></Discovery>{trace}<Domain Id="77"><Discovery><Tag>y'
    in_attribute = (f'127.0.0.1"/></Interfaces></General>{trace}<Domain Id="77"><General><Interfaces>'
                    '<NetworkInterface address="127.0.0.1')

    def harm(plan: Plan) -> None:
        places = plan["places"]
        assert isinstance(places, list)
        if key == "exercise":
            plan["exercise"] = in_tag
        else:
            place = next(place for place in places if (place["member"] == NODE) == (key == "address"))
            place["address"] = in_attribute

    file = change(folder, harm)
    is_refused(node(folder), file, "address: " if key != "exercise" else "a name of 1 to 64 letters")
    assert victim.read_text() == "as it was"


@pytest.mark.parametrize("name", ["../../x", "/etc", ".", "", f"{NODE}/", f"../exercise/{NODE}", "conductor", "a\x1b[31mb"])
def test_a_name_that_is_no_nodes_is_bad_usage_and_no_path(folder: Path, name: str) -> None:
    done = node(folder, name)
    assert done.returncode == 2, done.stderr
    assert "--name" in done.stderr and "script.msgpack" not in done.stderr and "\x1b" not in done.stderr


def test_a_member_of_the_plan_that_is_a_path_is_refused(folder: Path) -> None:
    name = "../elsewhere"
    shutil.copytree(folder / NODE, folder / name)

    def rename(plan: Plan) -> None:
        places = plan["places"]
        assert isinstance(places, list)
        next(place for place in places if place["member"] == NODE)["member"] = name

    file = change(folder, rename)
    is_refused(node(folder, name), file, "member: ")


@pytest.mark.parametrize("name", ["exercise.json", "certificates.json", f"{NODE}/script.msgpack", f"{NODE}/key.pem",
                                  f"{NODE}/ca.pem", f"{NODE}/identity.pem", f"{NODE}/permissions.p7s", f"{NODE}/governance.p7s",
                                  f"{NODE}/journal", f"{NODE}/messages.csv"])
def test_a_pipe_is_named_and_not_waited_for(folder: Path, name: str) -> None:
    (folder / name).unlink()
    os.mkfifo(folder / name)
    is_refused(node(folder), folder / name, "plain file")


@pytest.mark.parametrize("name", ["journal", "messages.csv"])
def test_nothing_is_appended_to_a_file_elsewhere(folder: Path, name: str) -> None:
    victim = folder.parent / "victim"
    victim.write_text("as it was")
    (folder / NODE / name).unlink()
    (folder / NODE / name).symlink_to(victim)
    is_refused(node(folder), folder / NODE / name)
    assert victim.read_text() == "as it was"


@pytest.mark.parametrize(("key", "value"), [
    ("schema", "1"), ("exercise", 7), ("study_hash", None), ("seed", -1), ("seed", 1e300), ("arm", "no-such"), ("arm", []),
    ("flights", "0"), ("flights", [-1]), ("flights", [0.5]), ("flights", [2**64]), ("base_port", 10**30), ("base_port", 0),
    ("places", {}), ("places", []), ("places", [NODE]), ("places", [{"member": NODE, "address": 1, "index": 0}]),
])
def test_a_plan_with_a_wrong_value_is_refused_with_its_key(folder: Path, key: str, value: object) -> None:
    file = change(folder, lambda plan: plan.update({key: value}))
    is_refused(node(folder), file, "belongs there")


@pytest.mark.parametrize("content", ["[]", "7", "{}", f'{{"{NODE}": 7}}', "", '{"conductor": "no certificate"}'])
def test_certificates_that_are_none_are_refused(folder: Path, content: str) -> None:
    file = folder / "certificates.json"
    file.write_text(content)
    is_refused(node(folder), file)


# A map, whose only key is "node".
HEAD = b"\x81\xa4node"


@pytest.mark.parametrize("content", [b"", b"\xc1", b"\xc0", b"\x80", b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff",
                                     b"\xdb\xff\xff\xff\xff", HEAD + b"\xff", HEAD + b"\xcf" + b"\xff" * 8, HEAD + b"\xa1a",
                                     HEAD + b"\xcb\x7f\xf8" + bytes(6)])
def test_a_script_that_is_none_is_refused(folder: Path, content: bytes) -> None:
    file = folder / NODE / "script.msgpack"
    file.write_bytes(content)
    is_refused(node(folder), file)


def test_another_nodes_script_is_refused(folder: Path) -> None:
    file = folder / NODE / "script.msgpack"
    shutil.copy(folder / "kr-fusion" / "script.msgpack", file)
    is_refused(node(folder), file, "is of kr-fusion")


@pytest.mark.parametrize("line", ['{"message": 7, "t_heard_s": 1, "link": "x"}', '{"reached_s": "late"}',
                                  '{"t_heard_s": 1, "link": "x", "message": {}}'])
def test_a_journal_with_a_wrong_line_is_refused(folder: Path, line: str) -> None:
    file = folder / NODE / "journal"
    file.write_text(f'{{"begins": 1}}\n{line}\n')
    is_refused(node(folder), f"{file}:2")


def test_a_journal_of_another_nodes_links_is_refused(folder: Path) -> None:
    journal = folder / NODE / "journal"
    lines = journal.read_text().splitlines()
    at, entry = next((k, json.loads(line)) for k, line in enumerate(lines) if '"message"' in line)
    lines[at] = json.dumps({**entry, "link": "no-such-link"})
    journal.write_text("\n".join(lines) + "\n")
    is_refused(node(folder), journal, "'no-such-link'")
