"""Runs the tutorial, docs/tutorial.ipynb, and writes its outputs into it anew:

    .venv/bin/python scripts/tutorial/run_tutorial.py

Look at what changed before you commit it. A test runs it too and compares (tests/python/test_tutorial.py).
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs/tutorial.ipynb"
CELL_SECONDS = 120


def run(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with the outputs of a fresh run, in the folder that it lies in.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        Where a cell fails.
    """
    client = NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3", record_timing=False,
                            resources={"metadata": {"path": str(TUTORIAL.parent)}})
    fresh = client.execute()
    fresh.metadata["language_info"] = {"name": "python"}  # the rest is the version of whoever ran it
    return fresh


def read() -> nbformat.NotebookNode:
    return nbformat.read(TUTORIAL, as_version=4)


if __name__ == "__main__":
    nbformat.write(run(read()), TUTORIAL)
    print(TUTORIAL)
