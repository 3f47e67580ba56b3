"""The Python reader opens what the C++ store writes, and refuses the rest."""

from __future__ import annotations

import os
import subprocess
import zlib
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

import longwatch_reader
from longwatch_reader import SCHEMA_VERSION, Result, ResultError, UnknownName, open_result, plot_warning_times
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


def test_everything_in_the_file_can_be_reached(made: Path) -> None:
    result = longwatch_reader.open(made)
    with h5py.File(made) as file:
        attributes = set(file.attrs)
        names: list[str] = []
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        assert len(names) > 100
        for name in names:
            group, _, leaf = name.rpartition("/")
            read = result.groups[group or "/"][leaf]
            stored = file[name].asstr()[()] if read.dtype.kind == "O" else file[name][()]
            np.testing.assert_array_equal(read.values, stored, err_msg=name)
            assert read.attrs["units"] == file[name].attrs["units"], name
    assert set(result.attrs) == attributes


def test_what_a_newer_minor_version_adds_is_left_out(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "newer.h5"
    path.write_bytes(made.read_bytes()[:-24])
    with h5py.File(path, "a") as file:
        file.create_dataset("tracks/latitude_rad", data=np.arange(8.0).reshape(4, 2))
        file.create_dataset("estimates/p_seen", data=np.arange(4.0))
        file.attrs["weather"] = "fair"
    reseal(path)
    newer, known = longwatch_reader.open(path), longwatch_reader.open(made)
    assert newer.groups.keys() == known.groups.keys() and newer.attrs == known.attrs
    assert newer.dataset.identical(known.dataset)


def test_sums_in_limbs_are_put_together_exactly(made: Path) -> None:
    result = longwatch_reader.open(made)
    with h5py.File(made) as file:
        bits = int(file.attrs["limb_bits"])
        for name in ("warning_time_sum_us", "gain_sum_us", "gain_sum_squares_us2", "shots_sum"):
            exact = result.exact(name)
            for place in np.ndindex(exact.shape):
                limbs = [int(limb) for limb in file[name][place]]
                whole = exact.values[place]
                # Limbs below the last are never negative in a file of so few flights.
                assert isinstance(whole, int) and whole == sum(limb << bits * k for k, limb in enumerate(limbs)), name
    # A mean is the sum by the count: 2^-52 of it is what the division and the factor of 1e-6 may lose.
    tokyo = result.exact("warning_time_sum_us").isel(consumer=0).astype(float) * 1e-6
    mean = tokyo / result["warning_time_count"].isel(consumer=0)
    stored = result["warning_time_mean_s"].isel(consumer=0).sel(estimate="value")
    np.testing.assert_allclose(mean.values, stored.values, rtol=1e-14)


def test_sums_of_many_flights_and_of_negative_values_are_exact_too() -> None:
    # As docs/io_format.md has it: the last limb of a sum is signed, all others are taken modulo 2^64.
    limbs = xr.Dataset({"gain_sum_us": (("arm", "sum_limb"), np.array([[-1, 3], [5, -2]])),
                        "gain_sum_squares_us2": (("arm", "sum_squares_limb"), np.array([[0, 0, -1], [1, 0, 0]]))})
    made_up = Result(None, {"limb_bits": 28}, {"/": limbs, "estimates": xr.Dataset()})
    assert made_up.exact("gain_sum_us").values.tolist() == [2**64 - 1 + 3 * 2**28, 5 - 2 * 2**28]
    assert made_up.exact("gain_sum_squares_us2").values.tolist() == [(2**64 - 1) * 2**56, 1]


def test_pairs_are_found_by_their_arms(made: Path) -> None:
    result = longwatch_reader.open(made)
    gain = result.select("gain_s", arm="direct", versus="bilateral", consumer="consumer-1")
    by_label = result.estimates["gain_s"].sel(pair="direct against bilateral", consumer="consumer-1")
    assert gain.values.tolist() == by_label.values.tolist()
    one = result.estimate("gain_s", arm="direct", versus="bilateral", consumer="consumer-1")
    assert (one.value, one.low, one.high, one.units) == (*gain.values, "s")
    assert result.estimates["pair_arm"].sel(pair="direct against bilateral") == "direct"
    against_first = result.table("gain_s", versus="national-only", consumer="consumer-1")
    assert list(against_first.index) == [f"{arm} against national-only" for arm in ("bilateral", "via-us-hub", "direct")]
    of_two = result.select("gain_s", arm=["direct", "via-us-hub"], versus=["bilateral"])
    assert list(of_two["pair_arm"].values) == ["direct", "via-us-hub"]
    assert result.select("gain_s", arm="direct").sizes["pair"] == 3
    assert result.select("p_warned", consumer=["consumer-2", "consumer-1"]).sizes["consumer"] == 2


@pytest.mark.parametrize("name, labels, why", [
    ("p_warned", {"arm": "bilaterl"}, "did you mean 'bilateral'"),
    ("p_warned", {"consumers": "consumer-1"}, "did you mean 'consumer'"),
    ("p_warnd", {}, "did you mean 'p_warned'"),
    ("p_warned", {"arm": 1}, "no arm 1; known: national-only"),
    ("p_at_least", {"warning_threshold_s": 302}, "nearest: 300 and 310"),
    ("gain_s", {"arm": "bilateral", "versus": "direct"}, "ask for arm='direct', versus='bilateral'"),
    ("gain_s", {"arm": "direct", "versus": "direct"}, "compared with an earlier one.$"),
    ("gain_s", {"arm": "direct", "versus": "bilaterl"}, "did you mean 'bilateral'"),
])
def test_a_wrong_name_is_answered_with_the_nearest(made: Path, name: str, labels: dict[str, object], why: str) -> None:
    with pytest.raises(UnknownName, match=why):
        longwatch_reader.open(made).select(name, **labels)


def test_a_table_has_a_row_per_label_and_the_ends_as_columns(made: Path) -> None:
    result = longwatch_reader.open(made)
    table = result.table("gain_s", arm="direct", versus="bilateral")
    assert list(table.columns) == ["value", "low", "high"] and table.index.name == "consumer"
    one = result.estimate("gain_s", arm="direct", versus="bilateral", consumer="consumer-1")
    assert tuple(table.loc["consumer-1"]) == one[:3]
    assert list(result.table("p_warned").index.names) == ["arm", "consumer"]
    for name, labels in (("p_warned", {"arm": "direct", "consumer": "consumer-1"}), ("warned_count", {})):
        with pytest.raises(ValueError, match="makes no table"):
            result.table(name, **labels)


def test_what_is_no_single_estimate_says_what_is_missing(made: Path) -> None:
    result = longwatch_reader.open(made)
    with pytest.raises(ValueError, match="give one label for consumer"):
        result.estimate("p_warned", arm="direct")
    with pytest.raises(ValueError, match="give one label for arm and for versus"):
        result.estimate("gain_s", arm="direct", consumer="consumer-1")
    with pytest.raises(ValueError, match="is no estimate"):
        result.estimate("warned_count", arm="direct", consumer="consumer-1")
    with pytest.raises(ValueError, match="no sum in limbs"):
        result.exact("warned_count")


def test_printing_a_result_tells_the_question_and_each_consumer_with_intervals(made: Path) -> None:
    result = longwatch_reader.open(made)
    told = str(result)
    assert result.attrs["question"] in " ".join(told.split())
    assert "20,000 flights" in told
    median = result.estimate("warning_time_p50_s", arm="direct", consumer="consumer-1")
    minutes = f"{int(median.value // 60)}:{median.value % 60:04.1f} ("
    assert any("consumer-1" in line and "direct" in line and minutes in line for line in told.splitlines())
    assert max(map(len, told.splitlines())) <= 110


def test_failed_flights_are_counted_and_told(made: Path, tmp_path: Path) -> None:
    before = longwatch_reader.open(made)
    assert before.failed_count == before.failures.sizes["flight"] > 0
    path = tmp_path / "failed.h5"
    path.write_bytes(made.read_bytes()[:-24])
    with h5py.File(path, "a") as file:
        fates = list(file["fate"].asstr()[:])
        file["fate_count"][0, fates.index("timed_out")] += 3
        file["fate_count"][0, fates.index("broke_up")] += 5
    reseal(path)
    failed = longwatch_reader.open(path)
    assert failed.failed_count == before.failed_count + 3
    assert f"{before.failed_count + 3} flights FAILED" in str(failed)


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
    picture = tmp_path / f"picture{suffix}"
    plot_warning_times(longwatch_reader.open(made)).savefig(picture)
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
    ("schema_version", "99.0", "schema version is 99.0.*install a newer"),
    ("schema_version", "3.9", "schema version is 3.9.*fly the study again"),
    ("schema_version", "latest", "schema version is latest"),
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
