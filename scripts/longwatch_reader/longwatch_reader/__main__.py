"""Draws the warning times of a result: python -m longwatch_reader FILE -o PICTURE."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import ResultError, open, plot_warning_times  # noqa: A004


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="longwatch_reader", description=__doc__)
    parser.add_argument("file", type=Path, help="a result that longwatch run has written")
    parser.add_argument("-o", "--output", type=Path, default=Path("warning-times.png"),
                        help="the picture, .png or .svg (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    try:
        plot_warning_times(open(chosen.file)).savefig(chosen.output, dpi=150)
        print(chosen.output)
    except (ResultError, ValueError, OSError) as error:
        print(f"longwatch_reader: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
