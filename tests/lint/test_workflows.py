"""The workflow files: they parse, call scripts that exist, may only read, and pin actions to a major version."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def steps(workflow: dict) -> list[dict]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_there_is_one_for_hosted_machines_one_for_a_gpu_and_one_for_packages() -> None:
    assert [file.name for file in WORKFLOWS] == ["ci.yml", "nightly-gpu.yml", "packages.yml"]
    loaded = {file.name: yaml.safe_load(file.read_text(encoding="utf-8")) for file in WORKFLOWS}
    assert "scripts/test" in [step.get("run") for step in steps(loaded["ci.yml"])]
    assert "self-hosted" in loaded["nightly-gpu.yml"]["jobs"]["nightly"]["runs-on"]
    # YAML 1.1 takes the key "on" for true.
    assert "schedule" in loaded["nightly-gpu.yml"][True]
    assert "schedule" in loaded["packages.yml"][True]
    assert "scripts/check_package" in [step.get("run") for step in steps(loaded["packages.yml"])]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_it_may_only_read_and_calls_what_is_there(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    called = 0
    for step in steps(workflow):
        assert ("run" in step) != ("uses" in step)
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"])
        for script in re.findall(r"(?<!\S)scripts/\S+", step.get("run", "")):
            assert (ROOT / script).is_file(), script
            assert (ROOT / script).stat().st_mode & 0o100, script
            called += 1
    assert called > 0


def test_the_options_given_to_the_night_are_its_own() -> None:
    known = set(re.findall(r"^#\s+(--?[\w-]+)", (ROOT / "scripts/nightly").read_text(encoding="utf-8"), re.MULTILINE))
    for file in WORKFLOWS:
        for command in re.findall(r"scripts/nightly (.*)", file.read_text(encoding="utf-8")):
            assert set(re.findall(r"(?<!\S)--?[\w-]+", command)) <= known
