"""The CUDA backend when a device fails it, has little memory, or is one of several: emulated, on the CPU.

Run by scripts/test, with LONGWATCH_CUDA_EMULATOR naming the emulator and build/cuda-emulated built; not collected otherwise.
The emulator checks every address that a kernel touches, in every run.
"""

import os
import re
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
EMULATOR = os.environ["LONGWATCH_CUDA_EMULATOR"]
PROGRAM = ROOT / "build/cuda-emulated/longwatch"
STUDY = ROOT / "studies/trilateral-warning.toml"
FEW = 8
SEVERAL = 201  # in four launches of uneven size; no multiple of a block, of the mix, or of a chunk
# Of every kind of call that a run makes, some: 1 is the first.
FAILED_CALLS = [
    "cudaGetDeviceCount:1:100", "cudaGetDeviceProperties:1", "cudaSetDevice:1", "cudaMemGetInfo:1", "cudaFuncGetAttributes:1",
    "cudaMalloc:1:2", "cudaMalloc:3:2", "cudaMalloc:4", "cudaMemset:1", "cudaMemset:3", "cudaDeviceSynchronize:2",
    "cudaStreamCreateWithFlags:1", "cudaStreamCreateWithFlags:3", "cudaStreamSynchronize:5", "cudaMemcpy:1", "cudaMemcpy:2",
    "cudaMemcpy:3", "launch:1", "launch:13", "launch:48", "kernel:1", "kernel:20", "kernel:48",
]


def emulated(options: list[str], *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([EMULATOR, "run", *options, "--", PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                          timeout=600, stdin=subprocess.DEVNULL)


def run(output: Path, *options: str, device: str = "cuda", flights: int = FEW) -> subprocess.CompletedProcess[str]:
    return emulated(list(options), "run", STUDY, "--device", device, "--flights", flights, "--quiet", "-o", output)


def numbers(file: Path) -> dict[str, np.ndarray]:
    """Every number of a result but what tells of the run itself."""
    found: dict[str, np.ndarray] = {}
    with h5py.File(file) as result:
        result.visititems(lambda name, item: found.update({name: item[()]})
                          if isinstance(item, h5py.Dataset) and item.dtype.kind in "iuf" else None)
    return found


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    file = tmp_path_factory.mktemp("plain") / "r.h5"
    assert run(file, flights=SEVERAL).returncode == 0
    return numbers(file)


@pytest.mark.parametrize("call", FAILED_CALLS)
def test_a_call_that_fails_is_told_and_leaves_no_result(call: str, tmp_path: Path) -> None:
    done = run(tmp_path / "r.h5", "--fail", call)
    assert done.returncode == 3, done.stderr
    assert re.search(r"longwatch: .*\(.+\)", done.stderr), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_device_that_fails_later_loses_nothing_that_was_finished(plain: dict, tmp_path: Path) -> None:
    """A chunk is 48 kernels, and a piece of its own."""
    file = tmp_path / "r.h5"
    asked = ["run", STUDY, "--device", "cuda", "--flights", SEVERAL, "--chunk", 64, "--checkpoint-s", 0, "--quiet", "-o", file]
    done = emulated(["--fail", "kernel:120"], *asked)
    assert done.returncode == 3 and re.search(r"[1-9]\d* of 201 flights are kept in", done.stderr), done.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "r.h5.partial"]
    done = emulated([], *asked, "--resume")
    assert done.returncode == 0 and "flying the rest" in done.stderr
    for name, value in numbers(file).items():
        np.testing.assert_array_equal(value, plain[name], err_msg=name)


@pytest.mark.parametrize("options", [
    ("--order", "reverse", "--lazy-streams"), ("--order", "random", "--seed", "7", "--threads", "1"),
    ("--memory", "120"), ("--lazy-streams", "--memory", "200")], ids=" ".join)
def test_orders_streams_and_memory_change_no_number(options: tuple[str, ...], plain: dict, tmp_path: Path) -> None:
    """The smaller memories hold a part of the flights, so that chunks fly in turns; streams that are lazy run only when
    waited for."""
    done = run(tmp_path / "r.h5", "--leaks", *options, flights=SEVERAL)
    assert done.returncode == 0, done.stderr
    found = numbers(tmp_path / "r.h5")
    assert found.keys() == plain.keys() and len(found) > 100
    for name, value in found.items():
        np.testing.assert_array_equal(value, plain[name], err_msg=name)


def test_a_device_with_too_little_memory_for_one_flight_is_told(tmp_path: Path) -> None:
    done = run(tmp_path / "r.h5", "--memory", "8")
    assert done.returncode == 3 and re.search(r"too little memory \(.*MiB.*\).*use", done.stderr), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_devices_that_share_a_run_make_the_file_of_one(plain: dict, tmp_path: Path) -> None:
    split = 77
    parts = [tmp_path / "first.h5", tmp_path / "second.h5"]
    for device, (part, first, flights) in enumerate(zip(parts, (0, split), (split, SEVERAL - split), strict=True)):
        done = emulated(["--devices", "2"], "run", STUDY, "--device", f"cuda:{device}", "--first-flight", first,
                        "--flights", flights, "--quiet", "-o", part)
        assert done.returncode == 0, done.stderr
    whole = tmp_path / "whole.h5"
    done = emulated([], "merge", *parts, "-o", whole)
    assert done.returncode == 0, done.stderr
    merged = numbers(whole)
    assert merged.keys() == plain.keys()
    assert all(np.array_equal(merged[name], plain[name], equal_nan=merged[name].dtype.kind == "f") for name in plain)


def test_one_of_several_devices_is_chosen_by_number(tmp_path: Path) -> None:
    done = run(tmp_path / "r.h5", "--devices", "2", "--trace", device="cuda:1")
    assert done.returncode == 0 and len(re.findall(r"cudaSetDevice\b", done.stderr)) == 1, done.stderr
    done = run(tmp_path / "second.h5", "--devices", "2", device="cuda:2")
    assert done.returncode == 3 and "--device cuda:2 (devices here: 2) use cuda:0 to cuda:1" in done.stderr
    done = run(tmp_path / "none.h5", "--devices", "0")
    assert done.returncode == 3 and "use --device cpu" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["r.h5"]

