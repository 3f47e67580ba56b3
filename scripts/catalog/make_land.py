"""Makes models/catalog/land.toml, the map of land and water that placements read.

    .venv/bin/python -m pip install global-land-mask
    .venv/bin/python scripts/catalog/make_land.py models/catalog/land.toml

The package global-land-mask holds the land mask of GLOBE (30 arc seconds, NOAA 1999, public domain). A cell of the
map is land where at least half of its 144 cells of GLOBE are.
"""

from __future__ import annotations

import sys
from pathlib import Path

import global_land_mask
import numpy as np

CELLS_PER_DEG = 10
GLOBE_PER_CELL = 12

HEADER = """# Land and water, for the places of placements. Made by scripts/catalog/make_land.py.
description = "land mask of 0.1 degrees; lakes count as land, ice shelves as GLOBE has them"
source = "NOAA, Global Land One-km Base Elevation (GLOBE) 1.0, 1999, public domain; land where half of a cell is"
cell_deg = 0.1
# From 90 degrees north to 90 degrees south, a row of cells each; in a row, from 180 degrees west on, how many
# cells of water follow one another, then of land, in turn.
rows = [
"""


def land_cells() -> np.ndarray:
    """Land or not, [row from the north, column from 180 degrees west]."""
    folder = Path(global_land_mask.__file__).parent
    is_ocean = np.load(folder / "globe_combined_mask_compressed.npz")["mask"]
    rows, columns = (n // GLOBE_PER_CELL for n in is_ocean.shape)
    blocks = is_ocean.reshape(rows, GLOBE_PER_CELL, columns, GLOBE_PER_CELL)
    return 1 - blocks.mean(axis=(1, 3)) >= 0.5


def run_lengths(row: np.ndarray) -> str:
    ends = np.append(np.flatnonzero(np.diff(row)) + 1, row.size)
    lengths = np.diff(np.append(0, ends))
    return " ".join(str(n) for n in ([0] if row[0] else []) + lengths.tolist())


def main() -> None:
    cells = land_cells()
    assert cells.shape == (180 * CELLS_PER_DEG, 360 * CELLS_PER_DEG), cells.shape
    lines = "".join(f'"{run_lengths(row)}",\n' for row in cells)
    Path(sys.argv[1]).write_text(HEADER + lines + "]\n", encoding="utf-8")
    print(f"{cells.mean():.3f} of the cells are land")


if __name__ == "__main__":
    main()
