"""Text that came with a file, made fit to be shown: nothing in it commands a terminal, or turns the writing about it."""

from __future__ import annotations

import re

# Control characters, ends of lines but the plain one, marks that turn the direction of writing, halves of characters:
# what results/show/terminal_text.cpp takes out.
_STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST = 300


def fit(text: object) -> str:
    """The text with ``?`` for each such character; ends of lines and tabs stay."""
    return _STRANGE.sub("?", str(text).replace("\r\n", "\n"))


def by_number(text: str) -> str:
    """The text with ``\\u202e`` and the like for each: JSON means the same by it."""
    return _STRANGE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def is_fit(text: str) -> bool:
    """Whether it holds none of them, nor ends of lines and tabs: what a name may be."""
    return not _STRANGE.search(text) and "\n" not in text and "\t" not in text


def one_line(text: object) -> str:
    """The text fit for one line."""
    return fit(text).replace("\n", "?").replace("\t", "?")


def brief(text: object) -> str:
    """Something out of a file as a message quotes it: one line, and no longer than readers bear."""
    line = one_line(str(text)[:_LONGEST + 1])
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
