"""The table of scripts/coverage: folders and files add up, and too few lines are told."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def told(folder: Path, files: dict[str, tuple[int, int]]) -> subprocess.CompletedProcess[str]:
    """What is said of files with so many lines covered, of so many."""
    summary = folder / "summary.json"
    summary.write_text(json.dumps({"files": [{"filename": name, "line_covered": covered, "line_total": lines}
                                             for name, (covered, lines) in files.items()]}), encoding="utf-8")
    return subprocess.run([sys.executable, ROOT / "scripts/hygiene/coverage_page.py", summary], capture_output=True, text=True)


def test_a_folder_has_the_lines_of_its_files_and_each_of_the_two_those_of_its_folders(tmp_path: Path) -> None:
    done = told(tmp_path, {"models/limits.hpp": (1, 1), "models/earth/a.hpp": (90, 100), "models/earth/b.hpp": (20, 20),
                           "results/store/a.cpp": (9, 10)})
    assert done.returncode == 0, done.stderr
    assert "| models/earth/ | 120 | 110 | 91.7 |" in done.stdout
    assert "| **models/** | 121 | 111 | **91.7** |" in done.stdout
    assert "| **results/** | 10 | 9 | **90.0** |" in done.stdout
    assert "| 10 | 100 | models/earth/a.hpp |\n| 1 | 10 | results/store/a.cpp |" in done.stdout


def test_fewer_than_nine_in_ten_of_one_is_status_1_and_named(tmp_path: Path) -> None:
    done = told(tmp_path, {"models/a.hpp": (899, 1000), "results/a.cpp": (10, 10)})
    assert done.returncode == 1
    assert "89.9 % of the lines of models/ are run" in done.stderr and "results" not in done.stderr


def test_a_summary_without_a_counted_line_is_no_full_coverage(tmp_path: Path) -> None:
    done = told(tmp_path, {"models/a.hpp": (10, 10)})
    assert done.returncode == 3
    assert "no line of results/ was counted" in done.stderr
