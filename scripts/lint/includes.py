"""Checks the direction of includes and the length of headers; tells which CUDA files are long.

includes.py [ROOT]: prints "file:line: problem" for each find; exit status 1 if there are any. Long CUDA
files are told as notes and are no problem: a file of kernels may be split only so far.
The rules are the tables below; tests/lint has a case for each.
"""

import fnmatch
import re
import sys
from pathlib import Path

SUFFIXES = {".hpp", ".cpp", ".cu", ".cuh"}

# Which files of the tree a folder's files may include, as patterns of their paths.
ALLOWED = {
    "models": ["models/*"],
    "kernels": ["models/*", "kernels/*"],
    "results": ["results/*", "kernels/tally/*", "kernels/fate.hpp"],
    "host": ["*"],
    "tests": ["*"],
}

# Which files may include what of other projects: a pattern of the include, and of the files.
OUTSIDE = [
    (r"cuda.*|.*_launch_parameters\.h|curand.*|nv/.*|thrust/.*|cub/.*|cuda/.*", ["kernels/*"]),
    (r"xsimd/.*", ["kernels/lanes/*"]),
    (r"Random123/.*", ["kernels/draw/*"]),
    (r"H5.*|hdf5.*", ["results/store/*", "tests/*"]),
    (r"toml\+\+/.*|toml\.hpp", ["host/study/*"]),
    (r"mpi\.h", ["host/*"]),
    (r"dds/.*|warning_exercise\.h", ["host/exercise/dds_wire.cpp"]),
    (r"httplib\.h", ["host/exercise/page_http.cpp"]),
    (r"Eigen/.*", ["host/*", "tests/*"]),
    (r"CLI/.*", ["host/command/*"]),
    (r"pugixml\.hpp", ["host/exercise/dds_configuration.cpp", "host/replay/*", "host/command/regress_junit.cpp"]),
    (r"catch2/.*", ["tests/*"]),
]
MPI = r"mpi\.h"

HEADER_LINES_MAX = 250
CUDA_LINES_MAX = 60

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


def matches(path: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def sources(root: Path) -> list[Path]:
    """Every C++ and CUDA file of the folders that have a rule."""
    return sorted(path for folder in ALLOWED for path in (root / folder).rglob("*")
                  if path.suffix in SUFFIXES)


def inner_problem(file: str, included: str) -> str | None:
    folder = file.split("/")[0]
    if matches(included, ALLOWED[folder]):
        return None
    return (f"{folder}/ includes {included} (the direction is models, kernels, results, host) "
            f"{folder}/ may include {', '.join(ALLOWED[folder])}")


def outer_problem(file: str, included: str) -> str | None:
    for pattern, files in OUTSIDE:
        if re.fullmatch(pattern, included) and not matches(file, files):
            return f"{included} is included (only {', '.join(files)} may) move its use there"
    return None


def problems_of(root: Path, path: Path) -> list[str]:
    file = path.relative_to(root).as_posix()
    lines = path.read_text(encoding="utf-8").splitlines()
    found = []
    for number, line in enumerate(lines, start=1):
        include = INCLUDE.match(line)
        if not include:
            continue
        quoted, included = include.group(1) == '"', include.group(2)
        if quoted and included.split("/")[0] not in ALLOWED and not (root / included).exists():
            problem = (f'"{included}" is not a path from the root of the tree (two files of one name '
                       "would be mixed up) write it from the root, or in angle brackets")
        elif included.split("/")[0] in ALLOWED:
            problem = inner_problem(file, included)
        else:
            problem = outer_problem(file, included)
        if problem:
            found.append(f"{file}:{number}: {problem}")

    if path.suffix in (".hpp", ".cuh") and len(lines) > HEADER_LINES_MAX:
        found.append(f"{file}:{HEADER_LINES_MAX + 1}: {len(lines)} lines (at most {HEADER_LINES_MAX}) "
                     "split it by subject")
    return found


def notes(root: Path) -> list[str]:
    """CUDA files longer than they need to be if a launcher only launches."""
    lengths = [(path, len(path.read_text(encoding="utf-8").splitlines())) for path in sources(root)
               if path.suffix == ".cu"]
    return [f"{path.relative_to(root).as_posix()}: note: {length} lines (a launcher has up to "
            f"{CUDA_LINES_MAX})" for path, length in lengths if length > CUDA_LINES_MAX]


def mpi_problems(root: Path, paths: list[Path]) -> list[str]:
    """MPI belongs in one file."""
    users = [path.relative_to(root).as_posix() for path in paths
             if any((include := INCLUDE.match(line)) and re.fullmatch(MPI, include.group(2))
                    for line in path.read_text(encoding="utf-8").splitlines())]
    return [f"{user}:1: MPI is also in {users[0]} (one file only) call that one" for user in users[1:]]


def problems(root: Path) -> list[str]:
    paths = sources(root)
    return [problem for path in paths for problem in problems_of(root, path)] + mpi_problems(root, paths)


def main() -> None:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    found = problems(root)
    for line in notes(root) + found:
        print(line)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
