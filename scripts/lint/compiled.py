#!/usr/bin/env python3
"""compiled.py BUILD FOLDER...: the C++ files that BUILD compiles of these folders of the tree, from its compile commands,
the slowest kind first: what was not joined with others."""

import json
import sys
from pathlib import Path


def main() -> None:
    build = Path(sys.argv[1]).resolve()
    root = build.parent.parent
    files = {Path(entry["file"]) for entry in json.loads((build / "compile_commands.json").read_text())}
    wanted = []
    for file in files:
        joined = file.is_relative_to(build)
        folder = file.relative_to(build if joined else root).parts[0]
        if folder in sys.argv[2:] and file.suffix in (".cpp", ".cxx"):
            wanted.append((joined, str(file)))
    for _, file in sorted(wanted):
        print(file)


if __name__ == "__main__":
    main()
