"""Draws the warning times of a result: python -m longwatch_reader FILE -o PICTURE."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import ResultError, open, plot_warning_times  # noqa: A004
from .fit import one_line
from .untrusted import limit_memory, reason


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="longwatch_reader", description=__doc__)
    parser.add_argument("file", type=Path, help="a result that longwatch run has written")
    parser.add_argument("-o", "--output", type=Path, default=Path("warning-times.png"),
                        help="the picture, .png or .svg (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    try:
        plot_warning_times(open(chosen.file)).savefig(chosen.output, dpi=150)
    except ResultError as error:
        print(f"longwatch_reader: {error}", file=sys.stderr)
        return 3
    except Exception as error:  # what a file says must not end in a traceback, whatever it is
        print(f"longwatch_reader: cannot draw {one_line(chosen.file)} to {one_line(chosen.output)} ({reason(error)})",
              file=sys.stderr)
        return 3
    print(one_line(chosen.output))
    return 0


if __name__ == "__main__":
    limit_memory()
    sys.exit(main())
