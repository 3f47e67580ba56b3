"""scripts/nightly from end to end with few flights: renewing, a clean night, a night on which something moved."""

import json
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/longwatch"
STUDIES = ["japan-alert-2012", "japan-alert-2022"]  # the fastest

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def nightly(folder: Path, *options: object) -> subprocess.CompletedProcess[str]:
    studies = [f"studies/{name}.toml" for name in STUDIES]
    return subprocess.run([ROOT / "scripts/nightly", "--no-build", "--device", "cpu", "--flights", "100", "--repeats", "1",
                           "--seed", "20240501", "--baselines", folder / "baselines", "-o", folder / "night", *options,
                           *studies], capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nightly")
    done = nightly(folder, "--renew")
    assert done.returncode == 0, done.stderr
    return folder


def test_renewing_writes_a_table_for_each_study(folder: Path) -> None:
    assert sorted(file.stem for file in (folder / "baselines").glob("*.json")) == STUDIES


def test_a_night_that_changed_nothing_is_clean_and_one_number_off_is_not(folder: Path) -> None:
    done = nightly(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    reports = sorted(file.stem for file in (folder / "night/junit").glob("*.xml"))
    assert reports == sorted([*STUDIES, *(f"{name}-fresh" for name in STUDIES)])
    for file in (folder / "night/junit").glob("*.xml"):
        suite, = ElementTree.parse(file).getroot()
        assert suite.get("failures") == "0" and int(suite.get("tests")) > 0
    summary = (folder / "night/summary.md").read_text(encoding="utf-8")
    assert summary.count("identical in every count") == len(STUDIES)

    table = folder / "baselines/japan-alert-2012.json"
    kept = table.read_text(encoding="utf-8")
    changed = json.loads(kept)
    changed["tally_sha256"] = "0" * 64
    table.write_text(json.dumps(changed), encoding="utf-8")
    (folder / "baselines/japan-alert-2022.json").rename(folder / "kept.json")
    done = nightly(folder)
    assert done.returncode == 2  # the worst: a baseline is missing
    assert "japan-alert-2012: moved" in done.stdout
    assert "no baseline" in done.stderr
    assert json.loads(table.read_text(encoding="utf-8")) == changed, "only --renew changes a baseline"
    (folder / "kept.json").rename(folder / "baselines/japan-alert-2022.json")
    assert nightly(folder).returncode == 1
    table.write_text(kept, encoding="utf-8")


@pytest.mark.parametrize(("options", "said"), [
    (("--flights", "many"), "--flights 'many' is no whole number"),
    (("--fast",), "unknown argument --fast"),
    (("studies/none.toml",), "no study studies/none.toml"),
])
def test_bad_usage_is_told(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    done = nightly(tmp_path, *options)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_folder_that_is_no_earlier_nights_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "night").mkdir()
    (tmp_path / "night/mine.txt").write_text("mine", encoding="utf-8")
    assert nightly(tmp_path).returncode == 2
    assert (tmp_path / "night/mine.txt").exists()
