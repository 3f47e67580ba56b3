"""docs/study.schema.json against the reader of studies, both ways.

The schema is made from what the reader asks for, and here it is held against what the reader does: whatever is sound for
one is sound for the other, and what is misspelt, of a wrong type or out of bounds is refused by both.
LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not here (scripts/setup --tests installs it)")

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch")).resolve()
SPECIMENS = sorted((ROOT / "tests/study_schema").glob("*.toml"))
STUDIES = sorted((ROOT / "studies").glob("*.toml")) + SPECIMENS
SCHEMA = json.loads((ROOT / "docs/study.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

sys.path.insert(0, str(ROOT / "scripts/schema"))
import make_study_schema as maker  # noqa: E402

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")

# One table of a study: its path in the study ("threat", 0, "stage", 1), what it is ("threat.stage"), and its schema.
Table = tuple[tuple[str | int, ...], str, dict[str, Any]]


def tables(value: Any, schema: dict[str, Any], path: tuple = (), what: str = "") -> Iterator[Table]:
    """Those of a study which the schema knows, without distributions."""
    if isinstance(value, list):
        for i, inner in enumerate(value):
            yield from tables(inner, schema.get("items", {}), (*path, i), what)
    elif isinstance(value, dict) and "properties" in schema:
        yield path, what, schema
        for key, inner in value.items():
            yield from tables(inner, schema["properties"].get(key, {}), (*path, key), f"{what}.{key}".lstrip("."))


def at(study: dict, path: tuple) -> Any:
    for key in path:
        study = study[key]
    return study


def toml(value: Any) -> str:
    """TOML of a value, tables in line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def problems(study: dict, file: Path) -> list[str]:
    """What the reader says of it, told as lines; none if it is sound."""
    file.write_text("".join(f"{key} = {toml(value)}\n" for key, value in study.items()))
    done = subprocess.run([PROGRAM, "check", file, "--keys"], capture_output=True, text=True, timeout=60)
    assert (done.returncode == 2) == bool(done.stderr.strip()) and done.returncode in (0, 2)
    return done.stderr.splitlines()


def specimen(file: Path) -> dict:
    return tomllib.loads(file.read_text()) | {"catalog": str(ROOT / "models/catalog")}


def test_the_schema_is_what_the_reader_asks_for_now() -> None:
    assert maker.main(["--check"]) == 0
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("file", STUDIES, ids=lambda file: file.stem)
def test_a_sound_study_is_sound_by_the_schema(file: Path) -> None:
    done = subprocess.run([PROGRAM, "check", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    VALIDATOR.validate(tomllib.loads(file.read_text()))
    # So is what it resolves to, with every default, in SI units.
    VALIDATOR.validate(tomllib.loads(done.stdout))


def test_the_small_study_of_the_unit_tests_is_sound_by_the_schema() -> None:
    text = re.search(r'R"\((.*?)\)"', (ROOT / "tests/support/small_study.hpp").read_text(), re.S).group(1)
    VALIDATOR.validate(tomllib.loads(text))


def test_page_and_schema_name_the_same_keys() -> None:
    page = (ROOT / "docs/study_format.md").read_text()
    named = set(re.findall(r"`\[*(?:\w+\.)?(\w+)\]*`", page)) | set(re.findall(r"(\w+) = ", page))
    asked = {(table, key) for table, said in maker.asked_tables(maker.specimens()).items() for key in said["keys"]}
    for table, key in sorted(asked - maker.REFUSED):
        assert key in named, f"the page lacks {table}.{key}"
    # A row of the page may name keys of a table within, such as those of an aspect.
    for table, key in maker.described_keys():
        assert (table, key) in asked, f"the schema lacks {table}.{key}"


def test_every_key_has_a_text_for_editors() -> None:
    without = [key for _, _, schema in all_tables() for key, value in schema["properties"].items()
               if not value.get("description")]
    assert without == []


def all_tables(schema: dict = SCHEMA, what: str = "") -> Iterator[Table]:
    if "items" in schema:
        schema = schema["items"]
    if "properties" in schema:
        yield (), what, schema
        for key, inner in schema["properties"].items():
            yield from all_tables(inner, f"{what}.{key}".lstrip("."))


def test_the_reader_knows_every_key_of_the_schema(tmp_path: Path) -> None:
    """In some table of the kind: a radar knows no orbit, and an infrared sensor no bandwidth."""
    wanted = {(what, key) for _, what, schema in all_tables() for key in schema["properties"]}
    known: set[tuple[str, str]] = set()
    for file in SPECIMENS:
        study = specimen(file)
        found = list(tables(study, SCHEMA))
        known |= {(what, key) for path, what, _ in found for key in at(study, path)}
        # Twice: a key that turns the reading elsewhere is known from another table by then.
        for path, what, schema in found + found:
            table = at(study, path)
            # A value of no type that any key may have; all at once, since all problems are told at once.
            changed = copy.deepcopy(study)
            # Not both of what a change may be of: it is not read then.
            more = [key for key in schema["properties"] if key not in table and (what, key) not in known]
            if not more:
                continue
            at(changed, path).update({key: [[]] for key in more})
            told = "\n".join(problems(changed, tmp_path / "study.toml"))
            unknown = set(re.findall(r"key '(\w+)' = \S.* is unknown in", told))
            # Some change which branch is read; their own messages prove them known.
            known |= {(what, key) for key in more if key not in unknown and re.search(rf"'{key}'", told)}
    assert sorted(wanted - known) == []


def mutations(study: dict) -> Iterator[tuple[str, dict]]:
    """Changed studies, each with the key that is now wrong."""

    def changed(path: tuple, key: str, value: Any) -> tuple[str, dict]:
        other = copy.deepcopy(study)
        at(other, path)[key] = value
        return key, other

    for path, what, schema in tables(study, SCHEMA):
        table = at(study, path)
        yield changed(path, "no_such_key", 1)
        for key, value in table.items():
            if what == "" and key == "catalog":
                continue
            wrong_type = 5 if isinstance(value, (str, list, dict)) else "five"
            if isinstance(value, dict) and "kind" in value:
                wrong_type = []  # a distribution without a unit may be a number
            yield changed(path, key, wrong_type)
            said = schema["properties"][key]
            for inner in (said, *said.get("anyOf", [])):
                if inner.get("type") not in ("number", "integer") or isinstance(value, dict):
                    continue
                if "maximum" in inner and key != "seed":
                    yield changed(path, key, inner["maximum"] * 1.01 + 1 if inner["type"] == "number"
                                  else inner["maximum"] + 1)
                if "minimum" in inner:
                    yield changed(path, key, inner["minimum"] - (1 if inner["type"] == "integer" else 0.01))
                if "exclusiveMinimum" in inner:
                    yield changed(path, key, inner["exclusiveMinimum"])
            if said.get("type") == "array" and said["items"].get("type") == "number":
                yield changed(path, key, [*value[:-1], "five"])
                yield changed(path, key, [])
            if "enum" in said:
                yield changed(path, key, "no-such-choice")
        for name in schema.get("required", []):
            other = copy.deepcopy(study)
            del at(other, path)[name]
            yield name, other
        for key in table:
            # The same quantity in another unit.
            for twin in schema["properties"]:
                base = key.rsplit("_", 1)[0]
                if twin != key and twin.rsplit("_", 1)[0] == base and {twin, key} & {base + "_m", base + "_rad"}:
                    yield changed(path, twin, table[key])


@pytest.mark.parametrize("file", SPECIMENS, ids=lambda file: file.stem)
def test_what_is_wrong_is_refused_by_both(file: Path, tmp_path: Path) -> None:
    study = specimen(file)
    assert problems(study, tmp_path / "study.toml") == []

    def told(numbered: tuple[int, tuple[str, dict]]) -> tuple[str, dict, list[str]]:
        number, (key, other) = numbered
        return key, other, problems(other, tmp_path / f"{number}.toml")

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(told, enumerate(mutations(study))))
    assert len(done) > 100
    for key, other, said in done:
        assert said, f"the reader takes a wrong '{key}'"
        assert any(key.rsplit("_", 1)[0] in line for line in said), (key, said)
        assert not VALIDATOR.is_valid(other), f"the schema takes a wrong '{key}': {said[0]}"


@pytest.mark.parametrize("kind, parameters, sound", [
    ("constant", "value_s = 4", True), ("uniform", "low_s = 1, high_min = 2", True),
    ("triangular", "low_s = 1, mode_s = 2, high_s = 3", True), ("lognormal", "median_s = 4, sigma_log = 0.4", True),
    ("truncated-normal", "mean_s = 5, sigma_s = 1, low_s = 3, high_s = 7", True),
    ("normal", "mean_s = 5, sigma_s = 0.1", False), ("gaussian", "mean_s = 5", False), ("constant", "value = 4", False),
    ("constant", "", False), ("uniform", "low_s = 1", False), ("lognormal", "median_s = 0, sigma_log = 0.4", False),
    ("lognormal", "median_s = 4, sigma_log = 2.1", False), ("lognormal", "median_s = 4, sigma_log_s = 1", False),
    ("triangular", "low_s = -1, mode_s = 2, high_s = 3", False), ("constant", "value_s = 90000", False),
    ("truncated-normal", "mean_s = 5, sigma_s = 0, low_s = 3, high_s = 7", False),
    ("constant", "value_s = 4, value_min = 1", False), ("constant", "value_s = 4, colour = 1", False),
    ("constant", "value_s = 4, source = 3", False),
])
def test_distributions_are_refused_alike(tmp_path: Path, kind: str, parameters: str, sound: bool) -> None:
    """A delay: no plain normal, nothing below 0 or above a day."""
    study = specimen(SPECIMENS[0])
    wanted = ", ".join(part for part in (f'kind = "{kind}"', parameters) if part)
    study["link"][0].pop("latency_s")
    study["link"][0]["latency"] = tomllib.loads(f"latency = {{ {wanted} }}")["latency"]
    assert (problems(study, tmp_path / "study.toml") == []) == sound
    assert VALIDATOR.is_valid(study) == sound


def test_numbers_at_their_bounds_are_taken_by_both(tmp_path: Path) -> None:
    """Rounding of bounds to ten digits opens no gap: what the schema takes there, the reader takes."""
    study = specimen(SPECIMENS[0])
    taken = 0
    for end in ("minimum", "maximum"):
        # All at once, since all problems are told at once.
        other = copy.deepcopy(study)
        for path, _, schema in tables(study, SCHEMA):
            for key, value in at(study, path).items():
                said = schema["properties"].get(key, {})
                if said.get("type") == "number" and end in said and not isinstance(value, dict):
                    at(other, path)[key] = said[end]
                    taken += 1
        VALIDATOR.validate(other)
        # Rules that tie two keys (low below high) refuse some, bounds none.
        told = problems(other, tmp_path / "study.toml")
        assert told and [line for line in told if re.search(r"\(must be (at least|> |at most)", line)] == []
    assert taken > 100


def test_the_page_names_every_key_of_the_json() -> None:
    page = (ROOT / "docs/io_format.md").read_text()
    page = page[page.index("## `check --keys`"):]
    done = subprocess.run([PROGRAM, "check", SPECIMENS[0], "--keys"], capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    keys = [key for table in said["tables"] for key in table["keys"]]
    names = {*said, *said["tables"][0], *(name for key in keys for name in key),
             *(name for key in keys for spelling in key.get("spellings", []) for name in spelling),
             *(key["kind"] for key in keys)}
    assert len(names) >= 22
    assert [name for name in names if f"`{name}`" not in page] == []
