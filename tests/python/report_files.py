"""Files that several tests of reports are about: flown results, changed copies, and a placement made here."""

from __future__ import annotations

import json
import os
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))


def fly(study: str, flights: int, folder: Path) -> Path:
    """A result of a shipped study, of few flights."""
    if not PROGRAM.exists():
        pytest.skip(f"{PROGRAM} is not built")
    path = folder / f"{study}.h5"
    subprocess.run([PROGRAM, "run", ROOT / f"studies/{study}.toml", "-o", path, "--flights", str(flights), "--seed", "5",
                    "--device", "cpu", "--quiet"], check=True, capture_output=True, timeout=120)
    return path


def seal(path: Path) -> None:
    """Gives a file that HDF5 has written the checksum at its end."""
    body = path.read_bytes()
    path.write_bytes(body + b"longwatch-crc32:%08x" % zlib.crc32(body))


def changed(source: Path, path: Path, change: Callable[[h5py.File], None]) -> Path:
    """A copy with something changed and a right checksum."""
    path.write_bytes(source.read_bytes()[:-24])
    with h5py.File(path, "a") as file:
        change(file)
    seal(path)
    return path


def rename(file: h5py.File, old: str, new: str) -> None:
    """A name, everywhere in a result: in labels, and in the resolved study."""
    def visit(_: str, item: object) -> None:
        if not isinstance(item, h5py.Dataset) or h5py.check_string_dtype(item.dtype) is None or item.ndim != 1:
            return
        for i, text in enumerate(item.asstr()[:]):
            # The label of a pair has two names.
            parts = text.split(" against ")
            if old in parts:
                item[i] = " against ".join(new if part == old else part for part in parts)

    file.visititems(visit)
    resolved = file["study/resolved"].asstr()[()]
    assert f'"{old}"' in resolved
    file["study/resolved"][()] = resolved.replace(f'"{old}"', json.dumps(new))


def make_placement(path: Path, names: list[str] | None = None) -> Path:
    """A placement of twelve candidates on a grid over the Sea of Japan: the farther north, the better."""
    rng = np.random.default_rng(11)
    latitude, longitude = (x.ravel() for x in np.meshgrid(np.linspace(36, 42, 4), [131.0, 134.0, 137.0]))
    names = names or [f"place-{i}" for i in range(len(latitude))]
    consumers = ["seoul", "tokyo"]
    text = h5py.string_dtype()

    def estimates(value: np.ndarray, half: float) -> np.ndarray:
        return np.stack([value, value - half, value + half], axis=-1)

    gain = 10 * (latitude - 36)
    with h5py.File(path, "w") as file:
        file.attrs.update({
            "file_type": "longwatch placement", "schema_version": "4.1", "code_version": "0.1.0", "git_hash": "0123",
            "created_utc": "2026-01-01T00:00:00Z", "study": "made-up placement", "question": "Where to put the radar?",
            "study_hash": "a" * 64, "seed": np.uint64(3), "first_flight": 0, "flight_count": 1000, "failed_count": 0,
            "kept_flights": 1000, "device": "cpu", "precision": "double", "instructions": "made up", "lanes": 4, "threads": 1,
            "arm": "present", "sensor": "new-radar", "objective": "expected-warning", "objective_units": "s",
            "at_least_s": 0.0})
        file.create_dataset("candidate", data=names, dtype=text)
        file.create_dataset("consumer", data=consumers, dtype=text)
        file.create_dataset("surface", data=["land" if lon == 137 else "water" for lon in longitude], dtype=text)
        file["latitude_deg"], file["longitude_deg"] = latitude, longitude
        file["coverage"] = estimates(np.linspace(0.5, 0.9, len(latitude)), 0.02)
        per_consumer = np.column_stack([gain, gain / 2])
        file["warning_time_p50_s"] = estimates(600 + per_consumer, 1)
        file["warning_time_p05_s"] = estimates(300 + per_consumer, 2)
        file["gain_s"] = estimates(per_consumer, 1)
        file["objective"] = estimates(500 + gain, 1)
        file["objective_gain"] = estimates(gain, 1)
        best = np.exp(gain / 5 + 0.1 * rng.random(len(gain)))
        file["p_best"] = best / best.sum()
        for how in ("greedy", "exact"):
            chosen = file.create_dataset(f"chosen/{how}", data=[names[3]], dtype=text)
            chosen.attrs.update({"gain": 60.0, "bound": 60.0, "gap": 0.0})
        file.create_dataset("checked/sites", data=[names[3]], dtype=text)
        file["checked/usable_gain_s"] = estimates(per_consumer[3:4], 1)
        file["checked/pk_gain"] = np.full((1, 3), np.nan)
        file.create_dataset("study/text", data="question = 'Where?'", dtype=text)
        file.create_dataset("study/resolved", data="question = 'Where?'", dtype=text)
        file.create_dataset("study/assumption", data=["Every figure is made up."], dtype=text)
    seal(path)
    return path
