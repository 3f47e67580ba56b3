"""Looks for ways by which text from a user or a file could become a command: shells, and code made of text.

shells.py [ROOT]: prints "file:line: problem" for each find; exit status 1 if there are any. Programs are started with a list
of arguments and no shell: posix_spawn in C++, subprocess.run([...]) in Python, quoted words in bash.
The rules are the table below; tests/lint has a case for each.
"""

import re
import sys
from pathlib import Path

FOLDERS = ("models", "kernels", "results", "host", "scripts")
CPP, PYTHON, BASH = "C++", "Python", "bash"
SUFFIXES = {".cpp": CPP, ".hpp": CPP, ".cu": CPP, ".py": PYTHON, ".sbatch": BASH}

RULES = [
    (CPP, re.compile(r"(?<![\w.>])(?:std::|::)?(?:system|popen|wordexp)\s*\("), "starts a shell"),
    (CPP, re.compile(r"(?<![\w.>])(?:::)?exec(?:l|lp|le|v|vp|ve|vpe)\s*\("), "replaces the program"),
    (PYTHON, re.compile(r"\bshell\s*=\s*True"), "starts a shell"),
    (PYTHON, re.compile(r"\bos\.(?:system|popen|exec\w+|spawn\w+)\s*\("), "starts a shell or program past subprocess"),
    (PYTHON, re.compile(r"(?<![\w.])(?:eval|exec)\s*\("), "makes code of text"),
    (PYTHON, re.compile(r"\b(?:pickle|marshal|shelve)\.|allow_pickle\s*=\s*True|\byaml\.load\s*\("), "loads code"),
    (BASH, re.compile(r"(?:^|[;&|(]|\bthen|\bdo)\s*eval\s"), "makes code of text"),
    (BASH, re.compile(r"""\b(?:ba|z|da)?sh\s+-c\s+"[^"]*\$"""), "makes code of text"),
]


def language(path: Path) -> str | None:
    if path.suffix in SUFFIXES:
        return SUFFIXES[path.suffix]
    if path.suffix:
        return None
    with path.open("rb") as file:
        first = file.readline()
    return BASH if first.startswith(b"#!") and b"bash" in first else PYTHON if b"python" in first else None


def problems_of(root: Path, path: Path) -> list[str]:
    spoken = language(path)
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if spoken else [], start=1):
        found += [f"{path.relative_to(root).as_posix()}:{number}: {why} ({line.strip()[:60]}) start programs with a list of "
                  "arguments" for told, pattern, why in RULES if told == spoken and pattern.search(line)]
    return found


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    own = root / "scripts" / "lint" / "shells.py"
    files = sorted(path for folder in FOLDERS for path in (root / folder).rglob("*")
                   if path.is_file() and path != own and "__pycache__" not in path.parts)
    found = [problem for path in files for problem in problems_of(root, path)]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
