"""A platform made worse on purpose: what a check or the gate says; and changes that change nothing."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

import simulator
from simulator.cli import main
from simulator.explore.cells import Cell, play_cells
from simulator.gate.line import failures, line
from simulator.gate.played import Played
from simulator.gate.playing import Asked, play_all, read_all
from simulator.language.files import Loaded
from simulator.language.settings import parse_settings
from tests import small, tiers
from tests.examples.places import ROOT

DEMO = str(ROOT / "experiments" / "milan-goes-dark.yaml")
WHOLE_RUN = pytest.mark.middle


def check(*settings: str) -> Result:
    """What `check --strict` says of the demo with something set."""
    arguments = [part for one in settings for part in ("--set", one)]
    return CliRunner().invoke(main, ["check", DEMO, "--strict", *arguments], env={"COLUMNS": "300"})


def played(*settings: str, seed: int = 1) -> Played:
    """The demo as a gate plays it, with something set."""
    asked = Asked(seed=seed, settings=parse_settings(settings), cache=False)
    (one,) = play_all(read_all([DEMO], asked), asked, heard=lambda _one: None)
    return one


def said(one: Played) -> str:
    """All that the gate prints of a file."""
    return " ".join(" ".join([line(one, 300), *failures(one, 300)]).split())


def a_tenth(rate: str) -> str:
    return f"regions.eu-central-1.quotas={{gateway: {{rate: {rate}, burst: 40}}}}"


# without a run


def test_the_platform_as_it_is_has_nothing_that_a_strict_check_minds() -> None:
    result = check()
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            [a_tenth("1000/s")],
            "api.aworld.example turns to eu-central-1 when eu-south-1 is lost, where the account's gateways "
            "take 1,000 requests a second instead of 2,500 [failover-to-smaller-quota]",
        ),
        (
            [
                "services.api.regions=[eu-south-1, eu-central-1]",
                "tables.progress.replicas=[eu-south-1, eu-central-1]",
            ],
            "✗ replica     progress has no replica there [missing-replica]",
        ),
    ],
    ids=["a small survivor", "no replica"],
)
def test_a_design_made_worse_is_found_by_name(settings: list[str], sentence: str) -> None:
    result = check(*settings)
    assert result.exit_code == 1
    assert sentence in result.stdout
    assert "that --strict minds" in result.stderr


# with one


@WHOLE_RUN
def test_cached_answers_of_an_hour_are_what_a_gate_names() -> None:
    one = played("dns.api.aworld.example.ttl=1h")
    assert (one.verdict, [judgement.measure for judgement in one.failing]) == ("missed", ["recovery_time"])
    assert "recovery time (of 85 %) at most 4 min: 20 min 10 s is more than 4 min" in said(one)
    assert "most of the recovery: caches expire" in said(one)
    assert "people were held by an old DNS answer in a cache" in said(one)


@WHOLE_RUN
def test_a_survivor_that_throttles_is_what_a_gate_names() -> None:
    """Of some 87 requests a second five in six pass the gateways: 40 are less than that half."""
    one = played(a_tenth("40/s"))
    assert one.verdict == "missed"
    assert "recovery time (of 85 %) at most 4 min: " in said(one)
    assert "most of the recovery: capacity too small" in said(one)
    assert "people were held by the limits of a gateway" in said(one)


# and what changes nothing


def without_effect(directory: Path) -> Loaded:
    """The demo with sections in another order, other descriptions, and defaults that are written out."""
    run = yaml.safe_load(Path(DEMO).read_text(encoding="utf-8"))
    system = yaml.safe_load((ROOT / "topologies" / "aworld.yaml").read_text(encoding="utf-8"))
    system["dns"]["api.aworld.example"] |= {"heeds_health": True, "failback": "automatic"}
    system["regions"]["eu-central-1"] = {"zones": 3, "role": "active"}
    turned = [dict(reversed(one.items())) for one in (system, run | {"topology": "aworld.yaml"})]
    path = small.write(directory, *turned)
    return simulator.load(path).with_("experiment", "Renamed")


@pytest.mark.parametrize("seed", tiers.tiered(range(1, 201), 0, 1))
def test_a_change_without_effect_stays_green_whatever_the_seed(seed: int, tmp_path: Path) -> None:
    cells = [Cell(one, seed) for one in (simulator.load(DEMO), without_effect(tmp_path))]
    before, after = play_cells(cells, cache=False)
    assert [one.measure for one in after.judgements if one.verdict != "met"] == []
    assert after.figures == before.figures
