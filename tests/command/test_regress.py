"""The verb regress as a user and a CI system meet it: identity, a planted change, reports, renewing.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
STUDY = "layered-defence"
FLIGHTS = 4000

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def longwatch(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL)


def fly(study: Path, result: Path, *options: object) -> Path:
    done = longwatch("run", study, "-o", result, "--device", "cpu", "--quiet", *options)
    assert done.returncode == 0, done.stderr
    return result


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("regress")


@pytest.fixture(scope="module")
def before(folder: Path) -> Path:
    return fly(ROOT / f"studies/{STUDY}.toml", folder / "before.h5", "--flights", FLIGHTS, "--seed", 1, "--timing",
               folder / "timing.jsonl")


@pytest.fixture(scope="module")
def baseline(folder: Path, before: Path) -> Path:
    table = folder / "baseline.json"
    done = longwatch("regress", before, "--renew", table, "--timing", folder / "timing.jsonl")
    assert done.returncode == 0, done.stderr
    return table


@pytest.fixture(scope="module")
def planted(folder: Path) -> Path:
    """The same study, flown with another seed, of a threat with 1 % more thrust."""
    shutil.copytree(ROOT / "models/catalog", folder / "planted/models/catalog")
    (folder / "planted/studies").mkdir()
    study = shutil.copy(ROOT / f"studies/{STUDY}.toml", folder / "planted/studies")
    changed = 0
    for file in (folder / "planted/models/catalog/threats").glob("*.toml"):
        text, count = re.subn(r"(thrust_vacuum_kn = )([\d.]+)", lambda m: f"{m[1]}{1.01 * float(m[2])!r}",
                              file.read_text(encoding="utf-8"))
        file.write_text(text, encoding="utf-8")
        changed += count
    assert changed > 0
    return fly(Path(study), folder / "planted.h5", "--flights", FLIGHTS, "--seed", 2)


def regressed(*arguments: object) -> tuple[int, dict]:
    done = longwatch("regress", *arguments, "--json")
    return done.returncode, json.loads(done.stdout)


def test_the_same_run_is_identical_to_its_baseline(baseline: Path, before: Path) -> None:
    status, said = regressed(baseline, before)
    assert status == 0
    assert said["must_be_identical"] and said["identical"]
    assert len(said["quantities"]) > 100


def test_another_seed_is_clean_and_need_not_be_identical(folder: Path, baseline: Path) -> None:
    fresh = fly(ROOT / f"studies/{STUDY}.toml", folder / "fresh.h5", "--flights", FLIGHTS, "--seed", 3)
    status, said = regressed(baseline, fresh)
    assert (status, said["verdict"], said["must_be_identical"]) == (0, "clean", False)


def test_one_per_cent_of_thrust_is_caught_and_named(baseline: Path, planted: Path) -> None:
    status, said = regressed(baseline, planted)
    assert status == 1
    assert [entry.split("[")[0] for entry in said["changed_entries"]] == ["threat"]
    moved = {(q["arm"], q["subject"], q["quantity"]): q for q in said["quantities"] if q["moved"]}
    # More thrust burns out sooner: flights are seen, and can be met, earlier.
    geometry = moved["national-only", "tokyo", "delay_geometry_mean_s"]
    assert geometry["difference"]["high"] < 0
    assert geometry["effect"]["value"] < 0
    assert any(quantity == "last_intercept_mean_s" for _, _, quantity in moved)


def test_it_is_caught_where_only_the_numbers_tell(folder: Path, baseline: Path, planted: Path) -> None:
    """As if the code had changed: the study claims to be the same."""
    table = folder / "planted.json"
    assert longwatch("regress", planted, "--renew", table).returncode == 0
    clean, changed = (json.loads(file.read_text(encoding="utf-8")) for file in (baseline, table))
    changed["study_hash"], changed["entries"] = clean["study_hash"], clean["entries"]
    table.write_text(json.dumps(changed), encoding="utf-8")
    status, said = regressed(baseline, table)
    assert (status, said["changed_entries"]) == (1, [])
    assert "delay_geometry_mean_s" in {q["quantity"] for q in said["quantities"] if q["moved"]}


def test_of_two_results_the_first_key_that_differs_is_named(before: Path, planted: Path) -> None:
    text = " ".join(longwatch("regress", before, planted).stdout.split())
    assert re.search(r"The study differs, first in threat\[[\w-]+\]\.stage\[0\]\.thrust_vacuum_n: \d+ -> \d+", text)


def test_a_count_that_differs_on_the_same_backend_is_named(folder: Path, baseline: Path, before: Path) -> None:
    table = json.loads(baseline.read_text(encoding="utf-8"))
    row = next(q for q in table["quantities"] if q["quantity"] == "pk")
    row["hits"] -= 1
    table["tally_sha256"] = "0" * 64
    other = folder / "one-off.json"
    other.write_text(json.dumps(table), encoding="utf-8")
    status, said = regressed(other, before)
    assert status == 1
    assert not said["identical"]
    assert said["first_difference"].startswith(f"arm {row['arm']}: pk: {row['hits']} of ")


def test_the_reports_say_what_moved_by_how_much_and_since_when(folder: Path, baseline: Path, planted: Path) -> None:
    junit, markdown = folder / "junit.xml", folder / "moved.md"
    done = longwatch("regress", baseline, planted, "--junit", junit, "--markdown", markdown)
    assert done.returncode == 1
    suite, = ElementTree.parse(junit).getroot()
    cases = suite.findall("testcase")
    failures = [case for case in cases if case.find("failure") is not None]
    assert int(suite.get("tests")) == len(cases) > 100
    assert int(suite.get("failures")) == len(failures) > 0
    assert all(case.get("classname").startswith(STUDY) and case.get("name") for case in cases)
    message = next(case.find("failure").get("message") for case in failures
                   if case.get("name") == "delay_geometry_mean_s")
    version = json.loads(baseline.read_text(encoding="utf-8"))["code_version"]
    assert re.search(r"difference -0\.\d+ \(-0\.\d+ to -0\.\d+\) s, effect d -0\.\d+", message)
    assert f"between {version} (commit " in message
    text = markdown.read_text(encoding="utf-8")
    assert text.startswith(f"## {STUDY}: moved")
    assert "| national-only | tokyo | delay_geometry_mean_s |" in text
    columns = {line.count("|") for line in text.splitlines() if line.startswith("|")}
    assert columns == {9}


def test_another_study_cannot_be_compared(folder: Path, baseline: Path) -> None:
    other = fly(ROOT / "studies/japan-alert-2012.toml", folder / "other.h5", "--flights", 64)
    status, said = regressed(baseline, other)
    assert (status, said["verdict"]) == (2, "not comparable")
    assert said["why_not_comparable"].startswith("study is layered-defence")


def test_timing_is_kept_and_leaves_the_result_alone(folder: Path, before: Path, baseline: Path) -> None:
    line, = (folder / "timing.jsonl").read_text(encoding="utf-8").splitlines()
    timing = json.loads(line)
    assert timing["device"] == "cpu" and timing["flights_per_s"][0] > 0 and timing["processor"]
    assert json.loads(baseline.read_text(encoding="utf-8"))["throughput"][0]["flights_per_s"] == timing["flights_per_s"]
    status, said = regressed(baseline, before, "--timing", folder / "timing.jsonl")
    assert status == 0
    assert said["throughput"][0]["ratio"]["value"] == 1
    assert not said["throughput"][0]["slower"]


def test_every_shipped_study_has_a_baseline_of_its_own() -> None:
    studies = {file.stem for file in (ROOT / "studies").glob("*.toml")}
    tables = {file.stem: json.loads(file.read_text(encoding="utf-8"))
              for file in (ROOT / "tests/baselines").glob("*.json")}
    assert set(tables) == studies
    for name, table in tables.items():
        assert table["study"] == name
        assert table["flights"] >= 10000
        assert table["throughput"] and len(table["throughput"][0]["flights_per_s"]) >= 3


def test_the_committed_baseline_of_the_fastest_study_still_holds(folder: Path) -> None:
    result = fly(ROOT / "studies/japan-alert-2012.toml", folder / "2012.h5", "--flights", 10000)
    done = longwatch("regress", ROOT / "tests/baselines/japan-alert-2012.json", result)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("arguments", "status", "said"), [
    (("BASELINE",), 2, "regress lacks NEW"),
    (("BASELINE", "nowhere.json"), 3, "cannot read nowhere.json"),
    (("BASELINE", "RESULT", "--renew", "x.json"), 2, "takes one result file"),
    (("BASELINE", "--renew", "x.json"), 2, "is no result file"),
    (("RESULT", "--renew", "RESULT"), 3, "it is there and no baseline"),
    (("BASELINE", "RESULT", "--markdown", "BASELINE"), 2, "is one of the two that are compared"),
    (("BASELINE", "RESULT", "--junit", "/nowhere/x.xml"), 3, "cannot write /nowhere/x.xml"),
    (("BASELINE", "FOLDER"), 3, "(it is a folder)"),
    (("BASELINE", "PIPE"), 3, "(it is not a plain file)"),
    (("BASELINE", "RESULT", "--timing", "PIPE"), 3, "(it is not a plain file)"),
    (("BASELINE", "RESULT", "--junit", "FOLDER"), 3, "it is a folder"),
    (("BASELINE", "RESULT", "--junit", "PIPE"), 3, "it is there and not a plain file"),
    (("BASELINE", "RESULT", "--markdown", "PIPE"), 3, "it is there and not a plain file"),
    (("BASELINE", "RESULT", "--markdown", "/dev/null"), 3, "it is there and not a plain file"),
    (("BASELINE", "RESULT", "--markdown", "DANGLING"), 3, "it is a link to a file that is not there"),
    (("RESULT", "--renew", "PIPE"), 3, "it is there and not a plain file"),
])
def test_what_is_wrong_is_told(baseline: Path, before: Path, arguments: tuple[str, ...], status: int,
                               said: str) -> None:
    pipe, dangling = before.parent / "pipe", before.parent / "dangling"
    if not pipe.exists():
        os.mkfifo(pipe)
        dangling.symlink_to(before.parent / "nowhere")
    given = [{"BASELINE": baseline, "RESULT": before, "FOLDER": before.parent, "PIPE": pipe,
              "DANGLING": dangling}.get(one, one) for one in arguments]
    done = longwatch("regress", *given)
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr


@pytest.mark.parametrize("option", ["--junit", "--markdown"])
def test_a_report_replaces_its_like_and_nothing_else(option: str, tmp_path: Path, baseline: Path,
                                                     before: Path) -> None:
    report = tmp_path / "report"
    for earlier in (None, "", "a report"):
        if earlier == "":
            report.write_text("")
        assert longwatch("regress", baseline, before, option, report).returncode == 0
    once = report.read_text(encoding="utf-8")
    assert STUDY in once
    other = {"--junit": "--markdown", "--markdown": "--junit"}[option]
    for text in ("mine\n", "## Shopping\n", "<?xml version='1.0'?>\n<notes/>\n", "question = 'Who?'\n", once):
        report.write_text(text, encoding="utf-8")
        given = other if text == once else option
        done = longwatch("regress", baseline, before, given, report)
        assert (done.returncode, done.stdout) == (3, "")
        assert "report of a regression, it would be lost" in done.stderr and given in done.stderr
        assert report.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(("what", "said"), [
    ("study", "is there and no file of timings, it would be lost"), ("pipe", "it is there and not a plain file"),
    ("folder", "it is a folder"), ("result", "is there and no file of timings, it would be lost"),
])
def test_timing_is_added_to_timings_only(what: str, said: str, tmp_path: Path, before: Path) -> None:
    study = Path(shutil.copy(ROOT / "studies/starter.toml", tmp_path))
    place = {"study": study, "pipe": tmp_path / "pipe", "folder": tmp_path,
             "result": Path(shutil.copy(before, tmp_path / "old.h5"))}[what]
    if what == "pipe":
        os.mkfifo(place)
    kept = place.read_bytes() if place.is_file() else None
    done = longwatch("run", study, "--catalog", ROOT / "models/catalog", "-o", tmp_path / "r.h5", "--device", "cpu",
                     "--flights", 16, "--quiet", "--timing", place)
    assert done.returncode == 3
    assert said in done.stderr
    assert not (tmp_path / "r.h5").exists()
    assert kept is None or place.read_bytes() == kept


def test_a_comparison_that_tested_nothing_is_not_clean(tmp_path: Path, baseline: Path, before: Path) -> None:
    table = json.loads(baseline.read_text(encoding="utf-8"))
    other = tmp_path / "other.json"
    for quantities in ([], [{**one, "quantity": one["quantity"] + "_of_old"} for one in table["quantities"]]):
        other.write_text(json.dumps(table | {"quantities": quantities}), encoding="utf-8")
        status, said = regressed(other, before)
        assert (status, said["verdict"]) == (2, "not comparable")
        assert said["why_not_comparable"] == "the two have no quantity in common that could be tested"


@pytest.mark.parametrize(("key", "value", "said"), [
    ("trials", 2**63 - 1, "key 'trials' = 9223372036854775807 (must be a whole number from 0 to 1099511627776)"),
    ("count", 2**41, "key 'count' = 2199023255552"),
    ("mean", 1e308, "key 'mean' = 1e+308 (must be a number from -1e+15 to 1e+15)"),
    ("standard_deviation", 1e308, "key 'standard_deviation' = 1e+308 (must be a number from 0 to 1e+15)"),
    ("study", "a" * 10_000_000, "key 'study' is a text of more than 16 KiB"),
])
def test_a_baseline_of_impossible_values_is_refused_at_once(key: str, value: object, said: str, tmp_path: Path,
                                                            baseline: Path, before: Path) -> None:
    table = json.loads(baseline.read_text(encoding="utf-8"))
    for one in [table, *table["quantities"]]:
        if key in one:
            one[key] = value
    other = tmp_path / "other.json"
    other.write_text(json.dumps(table), encoding="utf-8")
    done = longwatch("regress", other, before)
    assert (done.returncode, done.stdout) == (3, "")
    assert said in done.stderr and len(done.stderr) < 500
