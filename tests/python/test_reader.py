"""The Python reader opens what the C++ store writes, and refuses the rest."""

from __future__ import annotations

import os
import subprocess
import zlib
from pathlib import Path

import h5py
import numpy as np
import pytest

from longwatch_reader import SCHEMA_VERSION, ResultError, open_result, plot_warning_times
from longwatch_reader.__main__ import main

ROOT = Path(__file__).resolve().parents[2]

CASE = "a made-up result can be written for the Python reader"


def unit_test_programs() -> list[Path]:
    given = os.environ.get("LONGWATCH_UNIT_TESTS")
    if given:
        return [Path(given)]
    found = (path / "tests" / "unit" for path in (ROOT / "build").glob("*"))
    return sorted((path for path in found if path.exists()), key=lambda path: path.stat().st_mtime)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result of 20,000 made-up flights; the last consumer is concerned by none."""
    programs = unit_test_programs()
    if not programs:
        pytest.skip("no unit test program is built that could write a result")
    path = tmp_path_factory.mktemp("made") / "made.h5"
    subprocess.run([programs[-1], CASE], env={**os.environ, "LONGWATCH_MADE_RESULT": str(path)}, cwd=ROOT,
                   check=True, capture_output=True)
    return path


def reseal(path: Path) -> None:
    """Gives a changed file a right checksum, so that the reader looks further."""
    body = path.read_bytes()
    path.write_bytes(body + b"longwatch-crc32:%08x" % zlib.crc32(body))


def changed(made: Path, tmp_path: Path, name: str, value: str) -> Path:
    path = tmp_path / "changed.h5"
    path.write_bytes(made.read_bytes()[:-24])
    with h5py.File(path, "a") as file:
        file.attrs[name] = value
    reseal(path)
    return path


def test_arrays_are_labelled(made: Path) -> None:
    result = open_result(made)
    assert result["warned_count"].dims == ("arm", "consumer")
    assert list(result["arm"].values) == ["national-only", "bilateral", "via-us-hub", "direct"]
    assert result["warning_time_histogram"].dims == ("arm", "consumer", "warning_time_bin_s")
    assert result["p_warned"].dims == ("arm", "consumer", "estimate")
    assert result["gain_s"].sel(pair="direct against bilateral").sizes == {"consumer": 3, "estimate": 3}
    for name, variable in result.variables.items():
        assert variable.attrs["units"], name
        assert variable.attrs["description"], name
    assert result.attrs["flight_count"] == 20_000
    assert result.attrs["assumptions"][1].startswith("Élévation")
    assert result.attrs["schema_version"] == SCHEMA_VERSION


def test_estimates_bracket_their_values_and_fit_the_counts(made: Path) -> None:
    result = open_result(made).isel(consumer=[0, 1])
    for name in ("p_warned", "warning_time_mean_s", "warning_time_p50_s"):
        estimate = result[name]
        assert (estimate.sel(estimate="low") <= estimate.sel(estimate="value")).all()
        assert (estimate.sel(estimate="value") <= estimate.sel(estimate="high")).all()
    concerned = result["warned_count"] + result["too_late_count"] + result["none_count"]
    np.testing.assert_allclose(result["p_warned"].sel(estimate="value"), result["warned_count"] / concerned)


def test_a_consumer_that_no_flight_concerns_has_no_estimates(made: Path) -> None:
    last = open_result(made).isel(consumer=-1)
    for name in ("p_warned", "warning_time_mean_s", "gain_s", "p_at_least"):
        assert np.isnan(last[name].values).all()


def test_xarray_opens_the_file_by_itself(made: Path) -> None:
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("h5netcdf")
    with xarray.open_dataset(made, engine="h5netcdf") as root:
        assert root["warned_count"].sel(arm="bilateral", consumer="consumer-1") > 0
    with xarray.open_dataset(made, engine="h5netcdf", group="estimates") as estimates:
        assert 0 < estimates["p_warned"].sel(arm="direct", consumer="consumer-1", estimate="low") < 1


@pytest.mark.parametrize("suffix, beginning", [(".png", b"\x89PNG"), (".svg", b"<?xml")])
def test_pictures_are_drawn(made: Path, tmp_path: Path, suffix: str, beginning: bytes) -> None:
    picture = plot_warning_times(open_result(made), tmp_path / f"picture{suffix}")
    assert picture.read_bytes().startswith(beginning)
    assert picture.stat().st_size > 10_000


def test_the_command_draws_and_says_where(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    picture = tmp_path / "picture.png"
    assert main([str(made), "-o", str(picture)]) == 0
    assert capsys.readouterr().out.strip() == str(picture)
    assert main([str(tmp_path / "none.h5")]) == 3
    assert "none.h5" in capsys.readouterr().err


def test_a_newer_minor_version_is_read(made: Path, tmp_path: Path) -> None:
    newer = SCHEMA_VERSION.split(".")[0] + ".99"
    assert open_result(changed(made, tmp_path, "schema_version", newer)).attrs["schema_version"] == newer


@pytest.mark.parametrize("name, value, why", [
    ("file_type", "weather", "file type is 'weather'"),
    ("schema_version", "99.0", "schema version is 99.0"),
])
def test_other_kinds_and_versions_are_refused(made: Path, tmp_path: Path, name: str, value: str, why: str) -> None:
    with pytest.raises(ResultError, match=why):
        open_result(changed(made, tmp_path, name, value))


def test_damaged_files_are_refused(made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    path = tmp_path / "damaged.h5"
    for content, why in ((b"", "not an HDF5 file"), (b"name = 1\n", "not an HDF5 file"),
                         (whole[:-1], "cut short"), (whole[: len(whole) // 2], "cut short"),
                         (whole[:5000] + b"\x00\x01" + whole[5002:], "damaged")):
        path.write_bytes(content)
        with pytest.raises(ResultError, match=why):
            open_result(path)
    with pytest.raises(ResultError, match="No such file"):
        open_result(tmp_path / "none.h5")
