"""longwatch reconstruct as a user meets it.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch")).resolve()

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")

# As reported for 29 November 2017 (KCNA, 53 min).
OBSERVED = {"--launch": "39.2,125.7", "--azimuth-deg": "62", "--apogee-km": "4475",
            "--range-km": "950", "--flight-time-s": "3180"}
# As claimed for 24 March 2022 (KCNA).
CLAIMED = OBSERVED | {"--apogee-km": "6248.5", "--range-km": "1090", "--flight-time-s": "4052"}


def reconstruct(given: dict[str, str], *more: str,
                cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    arguments = [word for pair in given.items() for word in pair]
    return subprocess.run([PROGRAM, "reconstruct", *arguments, *more], capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL, cwd=cwd)


def test_an_observed_flight_is_matched() -> None:
    done = reconstruct(OBSERVED, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["matches"] is True and found["reason"] is None
    assert found["vehicle"] == "icbm-liquid"
    # 3038 s by an independent script of the same formula.
    assert found["two_body_time_s"] == pytest.approx(3038, abs=1.5)
    assert found["two_body_time_s"] < found["flight_time_s"]
    assert found["flight_time_s"] == pytest.approx(3180, abs=60)
    assert 0 < found["burnout_time_s"] < found["apogee_time_s"] < found["flight_time_s"]
    # Eastward, so that the Earth's turning is part of the inertial speed.
    assert found["burnout_speed_relative_mps"] < found["burnout_speed_inertial_mps"]
    assert found["impact"]["range_km"] == pytest.approx(950, abs=0.1)
    assert set(found["impact"]) == {"latitude_deg", "longitude_deg", "range_km"}
    assert found["first_seen"]["uewr-fylingdales"] is None
    assert 30 < found["first_seen"]["geo-west-pacific"] < 65
    track = found["ground_track"]
    assert track[0]["time_s"] == 0 and track[-1]["time_s"] == found["flight_time_s"]
    assert max(point["altitude_km"] for point in track) == pytest.approx(4475, abs=0.1)


def test_an_impossible_claim_is_refused_with_the_reason() -> None:
    done = reconstruct(CLAIMED, "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert found["matches"] is False
    assert "57 s shorter than the 4109 s" in found["reason"]
    told = reconstruct(CLAIMED)
    assert told.returncode == 1
    assert "no match: the reported flight time of 4052 s" in told.stdout


def test_without_a_reported_time_the_bound_is_told() -> None:
    given = {key: value for key, value in CLAIMED.items() if key != "--flight-time-s"}
    done = reconstruct(given, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["reported_excess_s"] is None


def test_a_vehicle_that_cannot_is_told_how_far_short_it_falls_and_which_can() -> None:
    done = reconstruct(OBSERVED, "--vehicle", "irbm-liquid", "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert "km too low" in found["reason"] and "icbm-liquid" in found["reason"]
    assert found["flight_time_s"] is None and found["two_body_time_s"] > 0


def test_a_time_far_from_the_vehicles_is_no_match_unless_tolerated() -> None:
    late = OBSERVED | {"--flight-time-s": "3500"}
    done = reconstruct(late)
    assert done.returncode == 1
    assert "longer than" in done.stdout and "120 s allowed" in done.stdout
    assert reconstruct(late, "--time-tolerance-s", "400").returncode == 0


@pytest.mark.parametrize(("option", "value", "said"), [
    ("--launch", "91,0", "allowed: -89 to 89"),
    ("--launch", "39.2", "two numbers with a comma"),
    ("--launch", "39.2,nan", "not a number"),
    ("--apogee-km", "-3", "above 0"),
    ("--range-km", "0", "above 0"),
    ("--range-km", "25000", "to 20000"),
    ("--azimuth-deg", "east", "not a number"),
    ("--flight-time-s", "inf", "not a number"),
    ("--vehicle", "icbm-liquit", "did you mean 'icbm-liquid'?"),
])
def test_bad_usage_is_told_with_what_is_allowed(option: str, value: str, said: str) -> None:
    done = reconstruct(OBSERVED | {option: value})
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_missing_option_is_bad_usage() -> None:
    done = reconstruct({key: value for key, value in OBSERVED.items() if key != "--launch"})
    assert done.returncode == 2
    assert "reconstruct lacks --launch" in done.stderr


def test_the_catalogue_is_found_from_anywhere_or_named(tmp_path: Path) -> None:
    named = reconstruct(OBSERVED, "--catalog", str(ROOT / "models/catalog"), cwd=tmp_path)
    assert named.returncode == 0, named.stderr
    missing = reconstruct(OBSERVED, "--catalog", str(tmp_path))
    assert missing.returncode == 3
    assert "cannot read the catalogue" in missing.stderr


@pytest.mark.parametrize("what", ["sites.toml", "threats/icbm-liquid.toml", "threats"])
def test_no_link_is_followed_out_of_the_catalogue(what: str, tmp_path: Path) -> None:
    subprocess.run(["cp", "-r", ROOT / "models/catalog", tmp_path / "catalog"], check=True)
    (tmp_path / "elsewhere").mkdir()
    for secret in (tmp_path / "secret.toml", tmp_path / "elsewhere/secret.toml"):
        secret.write_text('password = "swordfish"\n')
    place = tmp_path / "catalog" / what
    subprocess.run(["rm", "-r", place], check=True)
    place.symlink_to(tmp_path / ("secret.toml" if place.suffix else "elsewhere"))
    for vehicle in ("icbm-liquid", "secret"):
        done = reconstruct(OBSERVED, "--catalog", str(tmp_path / "catalog"), "--vehicle", vehicle)
        assert (done.returncode, done.stdout) == (2, "")
        assert "swordfish" not in done.stderr and "password" not in done.stderr
