"""The verb compare as a user meets it: arms of one result, two results, and what cannot be compared.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch"))
TRILATERAL = (ROOT / "studies/trilateral-warning.toml").read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def longwatch(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL)


def fly(folder: Path, name: str, text: str, *options: object) -> Path:
    study = folder / f"{name}.toml"
    study.write_text(text.replace('"../models/catalog"', json.dumps(str(ROOT / "models/catalog"))), encoding="utf-8")
    result = folder / f"{name}.h5"
    done = longwatch("run", study, "-o", result, "--device", "cpu", "--quiet", "--flights", 400, *options)
    assert done.returncode == 0, done.stderr
    return result


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compare")


@pytest.fixture(scope="module")
def first(folder: Path) -> Path:
    return fly(folder, "first", TRILATERAL, "--seed", 1)


def compared(*arguments: object) -> dict:
    done = longwatch("compare", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def quantities(comparison: dict, consumer: str) -> dict[str, dict]:
    found = next(one for one in comparison["consumers"] if one["name"] == consumer)
    return {q["quantity"]: q for q in found["quantities"]}


def test_arms_of_one_file_are_paired_as_show_pairs_them(first: Path) -> None:
    shown = json.loads(longwatch("show", first, "--json").stdout)
    pair = next(p for p in shown["paired"]
                if (p["arm"], p["versus"], p["consumer"]) == ("direct", "bilateral", "tokyo"))
    comparison, = compared(first, "--arm", "direct", "--against", "bilateral")["comparisons"]
    tokyo = quantities(comparison, "tokyo")
    assert comparison["pairing"] == "paired by flight"
    assert tokyo["warning_time_mean_s"]["difference"] == pair["gain_s"]
    assert tokyo["usable_warning_mean_s"]["difference"] == pair["usable_gain_s"]
    assert tokyo["p_warned"]["difference"] == pair["p_warned_gain"]
    assert tokyo["warning_time_p50_s"]["pairing"] == "same flights, unpaired"


def test_the_earlier_arm_against_the_later_has_the_other_sign(first: Path) -> None:
    there = compared(first, "--arm", "direct", "--against", "bilateral")["comparisons"][0]
    back = compared(first, "--arm", "bilateral", "--against", "direct")["comparisons"][0]
    a = quantities(there, "tokyo")["usable_warning_mean_s"]["difference"]
    b = quantities(back, "tokyo")["usable_warning_mean_s"]["difference"]
    assert a["low"] > 0
    assert (a["value"], a["low"], a["high"]) == (-b["value"], -b["high"], -b["low"])


def test_other_seeds_are_two_samples_and_it_says_why(folder: Path, first: Path) -> None:
    second = fly(folder, "second", TRILATERAL, "--seed", 2)
    said = compared(first, second)
    assert [c["arm"] for c in said["comparisons"]] == ["national-only", "bilateral", "via-us-hub", "direct"]
    for comparison in said["comparisons"]:
        assert comparison["pairing"] == "two-sample"
        assert "no flight in common (seeds 2 and 1)" in comparison["why"]
    assert said["study_differences"] == []


def test_another_layout_is_compared_and_its_keys_are_listed(folder: Path, first: Path) -> None:
    assert "decision = { kind = \"lognormal\", median_s = 45.0" in TRILATERAL
    slower = fly(folder, "slower", TRILATERAL.replace("median_s = 45.0", "median_s = 75.0"), "--seed", 1)
    said = compared(first, slower, "--arm", "direct")
    assert {d["key"].split(".")[1] for d in said["study_differences"]} == {"decision"}
    comparison, = said["comparisons"]
    assert comparison["pairing"] == "same flights, unpaired"
    delay = quantities(comparison, "tokyo")["delay_total_mean_s"]
    # A median of 75 s less one of 45 s, at a sigma of the logarithm of 0.4: a mean 32.5 s larger.
    assert delay["difference"]["low"] < 32.5 < delay["difference"]["high"]
    assert delay["difference"]["low"] > 20
    assert delay["effect"]["name"] == "cohen_d"
    text = longwatch("compare", first, slower, "--arm", "direct").stdout
    assert re.search(r"consumer\[\w+\]\.decision\.median_s: 45 -> 75", text)
    assert "cannot be paired" in " ".join(text.split())


def test_raids_of_the_same_seed_pair_by_group(folder: Path) -> None:
    layered = (ROOT / "studies/layered-defence.toml").read_text(encoding="utf-8")
    a = fly(folder, "raids", layered, "--seed", 5)
    b = fly(folder, "raids-slow", re.sub(r"(?m)^commit = .*$", "commit_s = 90", layered), "--seed", 5)
    comparison, = compared(a, b, "--arm", "direct")["comparisons"]
    assert comparison["pairing"] == "paired by group"
    rows = {q["quantity"]: q for q in comparison["engagement"]}
    assert rows["leakers_per_raid"]["pairing"] == "paired by group"
    width = rows["leakers_per_raid"]["difference"]["high"] - rows["leakers_per_raid"]["difference"]["low"]
    single = rows["leakers_per_raid"]["arm"]["high"] - rows["leakers_per_raid"]["arm"]["low"]
    assert 0 < width < 2 * single


@pytest.mark.parametrize(("old", "new", "key"), [
    ("apogee_km = 1000", "apogee_km = 1100", "threat[irbm-over-japan].apogee_m is 1000000 in the one and 1100000"),
    ('threats = ["irbm-over-japan", "lofted-sea-of-japan"]', 'threats = ["lofted-sea-of-japan"]', ".threats is"),
])
def test_what_counts_other_things_is_refused_by_its_first_key(folder: Path, first: Path, old: str, new: str,
                                                              key: str) -> None:
    assert old in TRILATERAL
    other = fly(folder, "other", TRILATERAL.replace(old, new))
    done = longwatch("compare", first, other)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "cannot be compared" in done.stderr and key in done.stderr


def test_every_difference_has_an_interval_and_none_a_bare_p_value(first: Path) -> None:
    arguments = (first, "--arm", "direct", "--against", "bilateral")
    comparison, = compared(*arguments)["comparisons"]
    rows = [q for consumer in comparison["consumers"] for q in consumer["quantities"]] + comparison["engagement"]
    assert len(rows) > 40
    for row in rows:
        assert row["difference"]["low"] <= row["difference"]["value"] <= row["difference"]["high"], row
        is_quantile = row["quantity"].startswith("warning_time_p")
        assert row["effect"] is not None or is_quantile or row["difference"]["value"] == 0, row
    text = longwatch("compare", *arguments).stdout
    assert "95 % intervals" in text
    assert not re.search(r"\bp(-value)? ?[=<]", text)


@pytest.mark.parametrize(("arguments", "said"), [
    (("--arm", "directt"), "did you mean 'direct'?"),
    (("--arm", "direct", "--against", "direct"), "does not differ from itself"),
    (("--arms", "x"), "compare has no option '--arms'"),
])
def test_what_is_wrong_is_told(first: Path, arguments: tuple[str, ...], said: str) -> None:
    done = longwatch("compare", first, *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_file_that_is_no_result_cannot_be_read(folder: Path, first: Path) -> None:
    file = folder / "no.h5"
    file.write_text("nothing", encoding="utf-8")
    done = longwatch("compare", first, file)
    assert done.returncode == 3
    assert str(file) in done.stderr
