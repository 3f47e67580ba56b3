"""Mutants of C++ source: the places where a change may be made, and the source with one change made.

A change is one operator, constant, sign, negation or pair of arms. Comments, strings, preprocessor lines and static assertions
are left alone, and so are numbers that are no values of the program (indices of template parameters, digits in names).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# A space or the end of a line on both sides, as clang-format leaves binary operators: never a pointer, a reference or a template.
BINARY = re.compile(r"(?<=[\w)\]}]) (\+|-|\*|/|<|<=|>|>=|==|!=|&&|\|\||\+=|-=|\*=|/=)(?=[ \n])")
OTHERS = {"+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="],
          ">=": [">", "<"], "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"],
          "+=": ["-="], "-=": ["+="], "*=": ["/="], "/=": ["*="]}
NUMBER = re.compile(r"(?<![\w.'])(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)(?![\w.'])")
NEGATION = re.compile(r"!(?=[\w(])")
RETURN = re.compile(r"\breturn (?=[^;{]*;)([^;{]*);")
HAS_SIGN = re.compile(r" [-+*/] |_(?:m|mps|mps2|s|rad|kg|kgps|n|pa|k|w|hz|m2)\b")
IS_TRUTH = re.compile(r"[<>!]|==|&&|\|\||\btrue\b|\bfalse\b|\"|\bis_|\bhas_")
SWAPS = {"smaller": "larger", "larger": "smaller", "sin": "cos", "cos": "sin", "min": "max", "max": "min"}
CALL = re.compile(r"\b(smaller|larger|sin|cos|(?<=std::)min|(?<=std::)max)(?=\()")
SELECT = re.compile(r"\bselect\(")


@dataclass(frozen=True)
class Place:
    """Where a change may be made: characters [begin, end) of a file, and what may stand there instead."""

    file: Path
    begin: int
    end: int
    kind: str
    before: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Mutant:
    place: Place
    after: str

    def of(self, source: str) -> str:
        return source[: self.place.begin] + self.after + source[self.place.end :]

    def line(self, source: str) -> int:
        return source.count("\n", 0, self.place.begin) + 1


def blanked(source: str) -> str:
    """The source with blanks in place of all that is not to be changed, every character where it was."""
    comments_and_strings = r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|(?<![\w])\'(?:\\.|[^\'\\\n])\''
    preprocessor = r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*"
    assertions = r"\bstatic_assert\s*\(.*?\)\s*;|\boperator\s*[-+*/<>=!&|]+|\btemplate\s*<[^{;]*?>\s*(?=\n|\w)"
    for pattern, flags in ((comments_and_strings, re.S), (preprocessor, re.M), (assertions, re.S)):
        source = re.sub(pattern, lambda found: re.sub(r"[^\n]", " ", found[0]), source, flags=flags)
    return source


def changed_number(text: str) -> str:
    """0 <-> 1, n -> n + 1, x -> 1.1 x."""
    if float(text) == 0:
        return "1"
    if float(text) == 1:
        return "0"
    return str(int(text) + 1) if text.isdigit() else repr(1.1 * float(text))


def arguments_of(code: str, begin: int) -> list[tuple[int, int]]:
    """Where each argument of the call whose first argument begins there lies."""
    found: list[tuple[int, int]] = []
    depth, start = 0, begin
    for at in range(begin, len(code)):
        character = code[at]
        if character in "([{":
            depth += 1
        elif character in ")]}":
            if depth == 0:
                return [*found, (start, at)]
            depth -= 1
        elif character == "," and depth == 0:
            found.append((start, at))
            start = at + 1
    return []


def changes_in(source: str) -> Iterator[tuple[int, int, str, tuple[str, ...]]]:
    """Begin, end, kind and choices of every place."""
    code = blanked(source)
    for found in BINARY.finditer(code):
        yield found.start(1), found.end(1), "operator", tuple(OTHERS[found[1]])
    for found in NUMBER.finditer(code):
        yield found.start(1), found.end(1), "constant", (changed_number(found[1]),)
    for found in NEGATION.finditer(code):
        yield found.start(), found.end(), "negation", ("",)
    for found in CALL.finditer(code):
        yield found.start(1), found.end(1), "function", (SWAPS[found[1]],)
    for found in RETURN.finditer(code):
        if HAS_SIGN.search(found[1]) and not IS_TRUTH.search(found[1]):
            begin, end = found.span(1)
            yield begin, end, "sign", (f"-({source[begin:end]})",)
    for found in SELECT.finditer(code):
        arguments = arguments_of(code, found.end())
        if len(arguments) == 3:
            (_, _), (b, b_end), (c, c_end) = arguments
            yield b, c_end, "arms", (f"{source[c:c_end]},{source[b:b_end]}",)


def places_in(file: Path, source: str) -> list[Place]:
    return sorted((Place(file, begin, end, kind, source[begin:end], choices)
                   for begin, end, kind, choices in changes_in(source)), key=lambda place: (place.begin, place.end))


def shuffled(places: list[Place], seed: int) -> Iterator[Mutant]:
    """A mutant of every place, all in an order and with choices that the seed decides."""
    chance = random.Random(seed)
    for place in chance.sample(places, len(places)):
        yield Mutant(place, chance.choice(place.choices))
