#!/usr/bin/env python3
"""make_study_schema.py [--check]: writes docs/study.schema.json, the JSON Schema of study files.

The keys, their kinds, units, bounds and choices come from the reader of studies itself: `longwatch check STUDY --keys`
writes down what it asks for in each table, for the studies that ship and for those in tests/study_schema, which between
them visit every table and branch. What a key means, for editors to show, comes from docs/study_format.md.
With --check nothing is written, and the status is 1 if the file differs from what would be.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it is set.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / os.environ.get("LONGWATCH_PROGRAM", "build/release/longwatch")
SCHEMA = ROOT / "docs/study.schema.json"
FORMAT = ROOT / "docs/study_format.md"

Node = dict[str, Any]

# The parameters of each kind of distribution (host/study/table_distribution.cpp): "value" obeys the quantity's bounds,
# "positive" must be above 0 besides, a "spread" has its unit but not its lower bound.
DISTRIBUTIONS = {
    "constant": {"value": "value"},
    "normal": {"mean": "value", "sigma": "spread"},
    "uniform": {"low": "value", "high": "value"},
    "triangular": {"low": "value", "mode": "value", "high": "value"},
    "lognormal": {"median": "positive", "sigma_log": "log"},
    "truncated-normal": {"mean": "value", "sigma": "positive spread", "low": "value", "high": "value"},
}
# The reader knows it as what only a catalogue model may have.
REFUSED = {("threat", "published")}
# A table that has the keys of another.
SAME = {"placement.sensor.radar_equation": "sensor.radar_equation"}
NAME = {"type": "string", "pattern": "^[a-z0-9-]{1,64}$"}


# --- What the reader asks for -----------------------------------------------------------------------------------------


def specimens() -> list[Path]:
    """The studies that are read, in a fixed order."""
    return sorted(ROOT.glob("studies/*.toml")) + sorted(ROOT.glob("tests/study_schema/*.toml"))


def asked_tables(studies: list[Path]) -> dict[str, Node]:
    """Of each kind of table ("threat.stage") its keys, each with all that was asked of it, and how often it was read."""
    tables: dict[str, Node] = {}
    for study in studies:
        done = subprocess.run([PROGRAM, "check", study, "--keys"], capture_output=True, text=True, check=True)
        for visit in json.loads(done.stdout)["tables"]:
            table = tables.setdefault(visit["table"], {"visits": 0, "keys": {}})
            table["visits"] += 1
            required = set()
            for asked in visit["keys"]:
                key = table["keys"].setdefault(asked["key"], {"required": 0})
                merge(key, asked)
                if asked["required"]:
                    required.add(asked["key"])
            for name in required:
                table["keys"][name]["required"] += 1
    for table, other in SAME.items():
        tables[table] = tables[other]
    return tables


def merge(key: Node, asked: Node) -> None:
    """Adds what this asking says to what others said of the key: the widest bounds, and choices where there are any."""
    for name, value in asked.items():
        if name == "required":
            continue
        if name == "spellings" and "spellings" in key:
            for known, new in zip(key["spellings"], value, strict=True):
                widen(known, new)
        else:
            key[name] = value


def widen(known: Node, new: Node) -> None:
    for end, better in (("low", min), ("high", max)):
        if known[end] is not None:
            known[end] = None if new[end] is None else better(known[end], new[end])
    known["above_low"] = known["above_low"] and new["above_low"]


# --- What the page says of them ---------------------------------------------------------------------------------------


def described_keys() -> dict[tuple[str, str], str]:
    """Text of each (table, key) that a row of docs/study_format.md names, with its default."""
    texts: dict[tuple[str, str], str] = {}
    table = None
    for line in FORMAT.read_text().splitlines():
        if line.startswith("## "):
            header = re.match(r"## `\[+(\w+)\]+`", line)
            table = "" if line == "## Top level" else header.group(1) if header else None
        elif inner := re.match(r"`\[+(\w+\.\w+)\]+`, ", line):
            table = inner.group(1)
        elif line.startswith("A `kill_vehicle`"):
            table = "battery.kill_vehicle"
        elif table is not None and line.startswith("| `"):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            text = plain(cells[1]).removesuffix(".") + "."
            if len(cells) > 2:
                default = cells[2].replace("`", "").strip()
                text += f" {plain(default)}." if default.startswith("required") else f" Default: {default}."
            for key in re.findall(r"`(\w+)`", cells[0]):
                texts[table, key] = text
    return texts


def described_tables() -> dict[tuple[str, str], str]:
    """First paragraph of each table that has a heading, or a paragraph of its own, under its (table, key)."""
    texts: dict[tuple[str, str], str] = {}
    for block in re.split(r"\n(?=## )", FORMAT.read_text()):
        paragraphs = [" ".join(part.split()) for part in re.sub(r"<a id=[^>]*></a>", "", block).split("\n\n")]
        if header := re.match(r"## `\[+(\w+)\]+` ?(.*)", paragraphs[0]):
            texts["", header.group(1)] = plain(header.group(2) or paragraphs[1])
        for paragraph in paragraphs:
            if inner := re.match(r"`\[+(\w+)\.(\w+)\]+`[:,]? ?(.*)", paragraph):
                texts[inner.group(1), inner.group(2)] = plain(inner.group(3))
    return texts


def plain(text: str) -> str:
    """Words without the marks of the page."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = text.replace("`", "").strip()
    return text[0].upper() + text[1:]


# --- Both together ----------------------------------------------------------------------------------------------------


def number(spelling: Node, low: Any = ..., high: Any = ..., above: bool | None = None) -> Node:
    low = spelling["low"] if low is ... else low
    high = spelling["high"] if high is ... else high
    above = spelling["above_low"] if above is None else above
    node: Node = {"type": "number"}
    if low is not None:
        node["exclusiveMinimum" if above else "minimum"] = low
    if high is not None:
        node["maximum"] = high
    return node


def closed(properties: Node, rules: list[Node] | None = None, required: list[str] | None = None) -> Node:
    node: Node = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        node["required"] = required
    if rules:
        node["allOf"] = rules
    return node


def one_of(names: list[str], required: bool) -> list[Node]:
    """One quantity, one spelling."""
    given = [{"required": [name]} for name in names]
    if len(names) == 1:
        return [given[0]] if required else []
    return [{"oneOf": given}] if required else [
        {"not": {"required": [a, b]}} for i, a in enumerate(names) for b in names[i + 1:]]


def distribution(asked: Node) -> Node:
    """A table { kind = ... } of each kind, its parameters with the units of the quantity."""
    suffixes = [(spelling["key"].removeprefix(asked["key"]), spelling) for spelling in asked["spellings"]]
    kinds = []
    for kind, parameters in DISTRIBUTIONS.items():
        if kind == "normal" and asked["normals_refused"]:
            continue
        properties: Node = {"kind": {"const": kind}}
        rules = []
        for name, rule in parameters.items():
            names = []
            for suffix, spelling in suffixes:
                if rule == "log":
                    suffix, bounds = "", {"type": "number", "minimum": 0, "maximum": 2}
                elif "spread" in rule:
                    bounds = number(spelling, 0, above="positive" in rule)
                elif rule == "positive" and spelling["low"] is not None and spelling["low"] <= 0:
                    bounds = number(spelling, 0, above=True)
                else:
                    bounds = number(spelling)
                if name + suffix not in names:
                    names.append(name + suffix)
                    properties[name + suffix] = bounds
            rules += one_of(names, required=True)
        properties["source"] = {"$ref": "#/$defs/text"}
        kinds.append(closed(properties, rules, ["kind"]))
    return {"type": "object", "required": ["kind"], "oneOf": kinds}


class Maker:
    def __init__(self) -> None:
        self.tables = asked_tables(specimens())
        self.texts = described_tables() | described_keys()
        self.distributions: Node = {}

    def description(self, table: str, key: str) -> str:
        # A battery's stages and drag are those of a threat; what an arm changes is a link's or a node's.
        same = ["link", "node"] if table == "arm.change" else [re.sub("^battery", "threat", table)]
        same += [re.sub(r"^placement\.", "", table)] if table.startswith("placement.sensor") else []
        same += ["sensor"] if key in ("latitude", "longitude", "altitude") else []
        for place in (table, *same):
            if (place, key) in self.texts:
                return self.texts[place, key]
        usual = {"source": "Where the values come from; assumed: why, if nobody published them.",
                 "description": "What it is, in a few words.",
                 "assumed": "The values, or some of them, are assumed.",
                 "based_on": "Model that a resolved study started from; never looked up."}
        if key in usual or not table:
            return usual.get(key, "")
        # The text of a small table speaks of its keys.
        return self.description(*table.rpartition(".")[::2])

    def shared(self, asked: Node) -> Node:
        """A distribution's table, written once for all quantities alike."""
        made = distribution(asked)
        first = asked["spellings"][0]
        quantity = first["key"].removeprefix(asked["key"]).strip("_") or "number"
        name = base = "distribution-of-" + quantity
        count = 1
        while self.distributions.setdefault(name, made) != made:
            count += 1
            name = f"{base}-{count}"
        return {"$ref": f"#/$defs/{name}"}

    def value(self, table: str, asked: Node) -> dict[str, Node]:
        """What may stand under each spelling of the key."""
        key, kind = asked["key"], asked["kind"]
        path = f"{table}.{key}" if table else key
        if kind in ("number", "distribution"):
            values = {spelling["key"]: number(spelling) for spelling in asked["spellings"]}
            if kind == "distribution":
                bare = self.shared(asked)
                values[key] = {"anyOf": [values[key], bare]} if key in values else bare
            return values
        if kind == "integer":
            spelling = asked["spellings"][0]
            # 2^53 and more: JSON readers may round it, and no study means the last digits.
            return {key: number(spelling) | {"type": "integer"}}
        if kind == "numbers":
            return {spelling["key"]: {"type": "array", "items": number(spelling), "minItems": 1,
                                      "maxItems": asked["most"]} for spelling in asked["spellings"]}
        if kind == "rows":
            row = {"type": "array", "items": number(asked["spellings"][0]), "minItems": 1, "maxItems": asked["most"]}
            return {key: {"type": "array", "items": row, "maxItems": asked["most"]}}
        if kind == "boolean":
            return {key: {"type": "boolean"}}
        if kind == "table":
            return {key: self.table(path)}
        if kind == "tables":
            least = {"minItems": 1} if asked["required"] else {}
            return {key: {"type": "array", "items": self.table(path), **least, "maxItems": asked["most"]}}
        text: Node = {"enum": asked["choices"]} if "choices" in asked else (
            NAME if key in ("name", "group", "model") else {"$ref": "#/$defs/text"})
        return {key: text if kind == "text" else {"type": "array", "items": text}}

    def table(self, table: str) -> Node:
        if table not in self.tables:
            raise SystemExit(f"make_study_schema.py: no study read has a table '{table}'; give one in tests/study_schema")
        asked = self.tables[table]
        properties: Node = {}
        rules: list[Node] = []
        required: list[str] = []
        for key, said in asked["keys"].items():
            if (table, key) in REFUSED:
                continue
            values = self.value(table, said)
            text = self.description(table, key)
            is_required = said["required"] == asked["visits"]
            units = {spelling["key"]: spelling["unit"] for spelling in said.get("spellings", [])}
            for name, value in values.items():
                shown = text + (f" [{units[name]}]" if units.get(name) else "")
                properties[name] = ({"description": shown} if shown else {}) | value
            if len(values) == 1 and is_required:
                required.append(next(iter(values)))
            else:
                rules += one_of(list(values), is_required)
        return closed(properties, rules, required)

    def schema(self) -> Node:
        root = self.table("")
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$comment": "Made by scripts/schema/make_study_schema.py.",
            "title": "Longwatch study",
            "description": "One question, its threats, sensors, network, batteries and arms; see docs/study_format.md.",
            **root,
            "$defs": {"text": {"type": "string", "minLength": 1}, **self.distributions},
        }


def written(node: Any, indent: str = "") -> str:
    """JSON, with what fits on a line there."""
    line = json.dumps(node, ensure_ascii=False)
    if len(indent) + len(line) <= 130 or not isinstance(node, (dict, list)) or not node:
        return line
    inner = indent + " "
    if isinstance(node, list):
        parts = [inner + written(value, inner) for value in node]
    else:
        parts = [f"{inner}{json.dumps(key)}: {written(value, inner)}" for key, value in node.items()]
    opened, closed_by = "[]" if isinstance(node, list) else "{}"
    return opened + "\n" + ",\n".join(parts) + "\n" + indent + closed_by


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print("make_study_schema.py: unknown argument (known: --check)", file=sys.stderr)
        return 2
    text = written(Maker().schema()) + "\n"
    if not arguments:
        SCHEMA.write_text(text)
    elif SCHEMA.read_text() != text:
        print(f"{SCHEMA} is not what the reader of studies asks for; run scripts/schema/make_study_schema.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
