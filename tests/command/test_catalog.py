"""The models of the catalogue, listed and shown.

LONGWATCH_PROGRAM names the program; build/release/longwatch unless it does.
"""

import json
import math
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch")).resolve()
CATALOG = ROOT / "models/catalog"
FILES = sorted(CATALOG.glob("*/*.toml"))

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def longwatch(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL, cwd=ROOT, **options)


@pytest.fixture(scope="module")
def listed() -> dict[tuple[str, str], dict]:
    models = json.loads(longwatch("catalog", "--json").stdout)["models"]
    return {(model["kind"], model["name"]): model for model in models}


def test_every_file_and_site_is_listed_once_and_nothing_else(listed: dict) -> None:
    sites = tomllib.loads((CATALOG / "sites.toml").read_text())["site"]
    wanted = {(file.parent.name, file.stem) for file in FILES} | {("sites", site["name"]) for site in sites}
    assert set(listed) == wanted
    text = longwatch("catalog").stdout
    assert all(re.search(rf"^  {re.escape(name)}  ", text, re.M) for _, name in wanted)
    assert max(map(len, text.splitlines())) <= 100


def test_every_model_has_a_line_and_figures(listed: dict) -> None:
    for model in listed.values():
        assert model["description"] and model["source"] and model["figures"], model["name"]


def test_ideal_delta_v_and_burn_time_are_those_the_model_states(listed: dict) -> None:
    """The catalogue states both beside the stages: delta-v to 0.1 %, burn time to its own tolerance."""
    for file in (CATALOG / "threats").glob("*.toml"):
        model, published = listed["threats", file.stem], tomllib.loads(file.read_text())["published"]
        assert model["figures"]["ideal_delta_v_mps"] == pytest.approx(published["ideal_delta_v_mps"], rel=1e-3)
        assert model["figures"]["burn_time_s"] == pytest.approx(published["burn_time_s"],
                                                                abs=published["burn_time_tolerance_s"] + 0.5)


def test_ranges_of_radars_are_scaled_by_the_radar_equation(listed: dict) -> None:
    """R ~ (cross-section / SNR)^(1/4): to 1 m2 and an SNR of 20, three digits shown."""
    compared = 0
    for file in (CATALOG / "sensors").glob("*.toml"):
        said = tomllib.loads(file.read_text())
        if "reference_range_km" not in said:
            continue
        compared += 1
        rcs_m2 = said.get("reference_rcs_m2", 10 ** (said.get("reference_rcs_dbsm", 0) / 10))
        snr = 10 ** (said["reference_snr_db"] / 10) if "reference_snr_db" in said else said["reference_snr"]
        snr *= said.get("pulses", 1)
        wanted_km = said["reference_range_km"] * math.sqrt(math.sqrt(snr / 20 / rcs_m2))
        shown_km = listed["sensors", file.stem]["figures"]["range_1m2_13db_km"]
        assert shown_km == pytest.approx(wanted_km, rel=0.006), file.stem
    assert compared >= 8


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_model_is_shown_with_every_value_and_source(file: Path) -> None:
    said = tomllib.loads(file.read_text())
    kind = ["--kind", file.parent.name]
    shown = json.loads(longwatch("catalog", file.stem, *kind, "--json").stdout)["models"]
    assert [model["content"] for model in shown] == [said]
    text = longwatch("catalog", file.stem, *kind).stdout
    words = " ".join(text.split())

    def look_for(table: dict) -> None:
        for key, value in table.items():
            if isinstance(value, dict) and "kind" not in value:
                look_for(value)
            elif isinstance(value, list) and isinstance(value[0], dict):
                for inner in value:
                    look_for(inner)
            else:
                assert re.search(rf"^  {key}  ", text, re.M), key
                if isinstance(value, str):
                    assert " ".join(value.split()) in words

    look_for(said)


def test_values_carry_their_unit() -> None:
    text = longwatch("catalog", "an-tpy-2").stdout
    assert re.search(r"^  reference_range_km +1500 km$", text, re.M)
    assert re.search(r"^  reference_snr_db +13 dB$", text, re.M)
    assert re.search(r"^  bandwidth_mhz +100 MHz$", text, re.M)
    assert re.search(r"^  processing +lognormal, median 4 s, sigma_log 0.3$", text, re.M)


@pytest.mark.parametrize("arguments, reason", [
    (["an-tpy"], "did you mean 'an-tpy-2'?"), (["sado"], "did you mean 'fps5-sado'?"),
    (["--kind", "sensor"], "did you mean 'sensors'?"), (["uewr", "--kind", "threats"], "of kind threats"),
    (["--names", "--json"], "--names"), (["--catalog", "/"], None), (["one", "two"], "no further argument"),
])
def test_what_is_not_there_is_told_with_the_nearest_name(arguments: list[str], reason: str | None) -> None:
    done = longwatch("catalog", *arguments)
    assert done.returncode == (2 if reason else 3) and done.stdout == ""
    assert (reason or "cannot read the catalogue /") in done.stderr


def test_names_are_one_a_line() -> None:
    done = longwatch("catalog", "--names", "--kind", "threats")
    assert done.stdout.split() == sorted(file.stem for file in (CATALOG / "threats").glob("*.toml"))


@pytest.mark.parametrize("what", ["sites.toml", "sensors/an-tpy-2.toml", "links"])
def test_a_link_out_of_the_catalogue_shows_nothing(what: str, tmp_path: Path) -> None:
    subprocess.run(["cp", "-r", CATALOG, tmp_path / "catalog"], check=True)
    (tmp_path / "elsewhere").mkdir()
    for secret in (tmp_path / "secret.toml", tmp_path / "elsewhere/secret.toml"):
        secret.write_text('password = "swordfish"\n')
    place = tmp_path / "catalog" / what
    subprocess.run(["rm", "-r", place], check=True)
    place.symlink_to(tmp_path / ("secret.toml" if place.suffix else "elsewhere"))
    for more in ([], ["--json"], ["--names"], ["secret"], ["an-tpy-2"]):
        done = longwatch("catalog", "--catalog", tmp_path / "catalog", *more)
        assert "swordfish" not in done.stdout + done.stderr
        if what != "sensors/an-tpy-2.toml":
            assert done.returncode == 2 and done.stdout == ""
            assert "leads out of the catalogue" in done.stderr


def test_names_for_a_shell_are_names_of_models(tmp_path: Path) -> None:
    subprocess.run(["cp", "-r", CATALOG, tmp_path / "catalog"], check=True)
    for name in ("a\x1b[31m", "b\nc", "Upper", "d e"):
        (tmp_path / "catalog/threats" / f"{name}.toml").write_text('source = "x"\n')
    sites = tmp_path / "catalog/sites.toml"
    sites.write_text(sites.read_text().replace('name = "', 'name = "\\n', 1))
    done = longwatch("catalog", "--catalog", tmp_path / "catalog", "--names")
    assert done.returncode == 0
    assert all(re.fullmatch(r"[a-z0-9-]{1,64}", name) for name in done.stdout.splitlines())
    assert len(done.stdout.splitlines()) == len(longwatch("catalog", "--names").stdout.splitlines()) - 1


def test_a_pipe_in_the_catalogue_is_told_as_its_file(tmp_path: Path) -> None:
    subprocess.run(["cp", "-r", CATALOG, tmp_path / "catalog"], check=True)
    os.mkfifo(tmp_path / "catalog/sensors/pipe.toml")
    done = longwatch("catalog", "--catalog", tmp_path / "catalog")
    assert done.returncode == 2
    assert f"cannot read '{tmp_path}/catalog/sensors/pipe.toml' (it is not a plain file)" in done.stderr


def test_a_broken_model_is_told_with_its_file(tmp_path: Path) -> None:
    subprocess.run(["cp", "-r", CATALOG, tmp_path / "catalog"], check=True)
    broken = tmp_path / "catalog/threats/irbm-liquid.toml"
    broken.write_text(broken.read_text().replace("payload_kg = ", "payload_kg = -"))
    done = longwatch("catalog", "--catalog", tmp_path / "catalog")
    assert done.returncode == 2 and "irbm-liquid.toml" in done.stderr and "payload_kg" in done.stderr


def test_the_page_names_every_key_of_the_json(listed: dict) -> None:
    page = (ROOT / "docs/io_format.md").read_text()
    page = page[page.index("## `catalog --json`"):]
    for model in listed.values():
        for key in [*model, *model["figures"]]:
            # A link's distributions are the file's own.
            assert f"`{key}`" in page, key
