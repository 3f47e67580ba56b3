"""The lint that no shell is built from input: every rule with a line that it finds, and with one like it that is fine."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "lint"))
import shells  # noqa: E402


def finds(root: Path, file: str, line: str) -> list[str]:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/usr/bin/env bash\n{line}\n" if "." not in path.name else f"{line}\n")
    return shells.problems_of(root, path)


@pytest.mark.parametrize("file, line", [
    ("host/a.cpp", 'std::system(("rm " + name).c_str());'),
    ("host/a.cpp", 'if (system("true") != 0) {}'),
    ("host/a.cpp", 'auto* f = ::popen(text, "r");'),
    ("results/a.cpp", 'execlp("sh", "sh", "-c", text, nullptr);'),
    ("results/a.hpp", "::execv(path, argv);"),
    ("scripts/a.py", "subprocess.run(text, shell=True)"),
    ("scripts/a.py", "os.system(text)"),
    ("scripts/a.py", "value = eval(text)"),
    ("scripts/a.py", "numpy.load(path, allow_pickle=True)"),
    ("scripts/a", 'eval "$line"'),
    ("scripts/a", 'if x; then eval $y; fi'),
    ("scripts/a.sbatch", 'bash -c "run $study"'),
])
def test_found(tmp_path: Path, file: str, line: str) -> None:
    assert finds(tmp_path, file, line)


@pytest.mark.parametrize("file, line", [
    ("host/a.cpp", "posix_spawnp(&child, argv[0], nullptr, nullptr, argv.data(), environ);"),
    ("host/a.cpp", "auto const share = sensor_system(3);"),
    ("host/a.cpp", "file.system(3);"),
    ("host/a.cpp", "catch (std::system_error const& error) {"),
    ("scripts/a.py", "subprocess.run([program, study], check=True)"),
    ("scripts/a.py", "model.eval(x)"),
    ("scripts/a", 'exec "$program" run "$study"'),
    ("scripts/a", "bash -c 'echo \"$0\"' \"$study\""),
    ("scripts/a", "# an eval of the plan"),
])
def test_fine(tmp_path: Path, file: str, line: str) -> None:
    assert not finds(tmp_path, file, line)


def test_the_tree_is_clean() -> None:
    files = [path for folder in shells.FOLDERS for path in (ROOT / folder).rglob("*")
             if path.is_file() and path.name != "shells.py" and "__pycache__" not in path.parts]
    assert not [problem for path in files for problem in shells.problems_of(ROOT, path)]
