#!/usr/bin/env python3
"""count_blocks.py PTX_TO_CPP ARGUMENTS: the emulator's translator, but the C++ it makes counts how often each thread comes by
each block of straight-line code; scripts/kernels/count.py has the emulator start this in place of Python.

LONGWATCH_COUNT_FOLDER gets blocks.json, the kinds of portable instructions of each block, and in the end counts.txt (see
count_blocks.hpp)."""

from __future__ import annotations

import collections
import importlib.util
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEADER = Path(__file__).resolve().with_suffix(".hpp")
ENDS_BLOCK = re.compile(r"(@\s*!?[%\w$]+\s+)?(bra|ret|exit|call|brx)\b")
WIDTH_B = {"8": 1, "16": 2, "32": 4, "64": 8}


def kind_of(text: str) -> str:
    """Of a line of PTX; memory accesses with their space and bytes. Source: PTX ISA, "Instruction Set"."""
    told = re.match(r"(?:@\s*!?[%\w$]+\s+)?([a-z]\w*)((?:\.[\w:]+)*)", text)
    opcode, modifiers = told[1], told[2].split(".")[1:]
    if opcode in ("bra", "ret", "exit", "call", "brx", "bar", "trap"):
        return "control"
    if opcode in ("mov", "cvta", "prefetch"):
        return "move"
    if opcode in ("ld", "ldu", "st", "atom", "red"):
        space = next((m for m in modifiers if m in ("global", "local", "shared", "param", "const")), "generic")
        numbers = 2 if "v2" in modifiers else 4 if "v4" in modifiers else 1
        return f"{opcode}.{space}.{WIDTH_B[re.sub('[a-z]', '', modifiers[-1])] * numbers}"
    if opcode == "cvt":
        return "convert.f64" if "f64" in modifiers else "convert.f32" if "f32" in modifiers else "integer"
    if "f64" in modifiers:
        return kind_of_f64(opcode, modifiers)
    if "f32" in modifiers:
        return "f32"
    return "select" if opcode == "selp" else "integer"


def kind_of_f64(opcode: str, modifiers: list[str]) -> str:
    if opcode in ("add", "sub", "mul", "fma", "mad"):
        return "f64." + {"sub": "add", "mad": "fma"}.get(opcode, opcode)
    if opcode in ("div", "sqrt", "rcp", "rsqrt"):
        return f"f64.{opcode}" + (".approx" if {"approx", "ftz"} & set(modifiers) else "")
    if opcode in ("setp", "set", "min", "max"):
        return "f64.compare"
    if opcode in ("neg", "abs", "copysign", "testp"):
        return "f64.sign"
    return "select64" if opcode == "selp" else f"f64.other.{opcode}"


def with_visits(statements: list[tuple[str, str]], blocks: list[collections.Counter]) -> list[tuple[str, str]]:
    """The statements with a count before the first instruction of each block."""
    out, fresh = [], True
    for kind, text in statements:
        if kind == "label":
            fresh = True
        elif kind == "text" and text and not text.startswith("."):
            if fresh:
                out.append(("brace", f"++visits[{len(blocks)}];"))
                blocks.append(collections.Counter())
            blocks[-1][kind_of(text)] += 1
            fresh = ENDS_BLOCK.match(text) is not None
        out.append((kind, text))
    return out


def counting(translator: Any) -> None:
    """Changes the translator's module so that what it writes counts."""
    blocks: list[collections.Counter] = []
    kept, written = translator.FunctionTranslator.read_branch_tables, translator.write_module

    def read_branch_tables(self: Any, statements: list[tuple[str, str]]) -> list[tuple[str, str]]:
        counted = with_visits(kept(self, statements), blocks)
        begins = [("brace", f'counts.begin("{self.function.name}", (unsigned)t.tid.x);')] if self.function.is_kernel else []
        return begins + counted

    def write_module(module: Any) -> Iterator[str]:
        yield f'enum {{ block_count = {len(blocks)} }};\n#include "{HEADER}"'
        yield from written(module)
        folder = Path(os.environ["LONGWATCH_COUNT_FOLDER"])
        (folder / "blocks.json").write_text(json.dumps(blocks), encoding="utf-8")

    translator.FunctionTranslator.read_branch_tables = read_branch_tables
    translator.write_module = write_module


def main() -> None:
    path = Path(sys.argv[1])
    description = importlib.util.spec_from_file_location("translator", path)
    translator = importlib.util.module_from_spec(description)
    sys.modules["translator"] = translator
    description.loader.exec_module(translator)
    sys.argv = sys.argv[1:]
    counting(translator)
    translator.main()


if __name__ == "__main__":
    main()
