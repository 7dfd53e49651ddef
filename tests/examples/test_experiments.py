"""Every shipped experiment runs, and ends as its story tells."""

from pathlib import Path

import numpy as np
import pytest

import simulator
from tests import tiers
from tests.examples.places import EXPERIMENTS
from tests.examples.runs import loaded, ran, served, unmet, with_topology


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_an_experiment_meets_all_that_it_expects(path: Path) -> None:
    result = ran(path.stem)
    assert [(one.expectation, one.reason) for one in result.expectations if one.verdict != "met"] == []
    assert result.verdict == "met"
    assert result.exit_code == 0


@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
@pytest.mark.slow
def test_it_does_so_for_other_draws_too(path: Path, seed: int) -> None:
    assert unmet(path.stem, seed) == []


# Milan goes dark


@pytest.mark.parametrize(("seed", "seconds"), [(6, 0.0), (14, 0.0), (18, 0.0), (5, 10.0), (16, 23.7)])
def test_neither_seed_nor_second_decides_what_the_demo_shows(seed: int, seconds: float) -> None:
    """Milan goes dark at any second; whom the draws hit first changes figures, but no verdict."""
    assert unmet("milan-goes-dark", seed, seconds) == []


@pytest.mark.middle
@pytest.mark.parametrize(("seed", "seconds"), [(1, 240.0), (2, 60.0), (3, 120.0), (4, 180.0), (5, 300.0)])
def test_nor_do_they_decide_who_still_has_a_connection_when_a_name_loses_its_address(
    seed: int, seconds: float
) -> None:
    assert unmet("aws-2025-10-20-dynamodb-dns", seed, seconds) == []


SHIFTED = [(1, 3.3), (2, 7.1), (3, 16.9), (4, 0.0), (5, 23.7)]


@pytest.mark.middle
@pytest.mark.parametrize(("seed", "seconds"), SHIFTED)
@pytest.mark.parametrize(
    "name",
    [
        "aws-2021-12-07-internal-network",
        "facebook-2021-10-04",
        "github-2018-10-21-split-brain",
        "cloudflare-2025-11-18-flapping",
        "aws-2024-07-30-kinesis-backlog",
        "orders-fail-behind-a-page-that-is-well",
    ],
)
def test_nor_do_they_decide_what_people_plans_and_alarms_can_do(name: str, seed: int, seconds: float) -> None:
    assert unmet(name, seed, seconds) == []


@pytest.mark.parametrize(("seed", "seconds"), tiers.tiered(SHIFTED, 0, 2))
def test_nor_do_they_decide_what_a_scaler_takes_away(seed: int, seconds: float) -> None:
    assert unmet("slack-2021-01-04", seed, seconds) == []


def test_milan_and_frankfurt_both_serve_until_frankfurt_takes_over_and_stockholm_is_not_needed() -> None:
    """Of 1,000 users 200 are near Frankfurt: a fifth of the requests."""
    name, minute = "milan-goes-dark", 60
    frankfurt, milan = (served(name, region, 0, 10 * minute) for region in ("eu-central-1", "eu-south-1"))
    assert frankfurt / (frankfurt + milan) == pytest.approx(0.2, abs=0.02)
    assert served(name, "eu-south-1", 10 * minute + 10, 30 * minute) == 0
    assert served(name, "eu-central-1", 13 * minute, 30 * minute) / 17 > 4 * frankfurt / 10
    assert served(name, "eu-north-1", 0, 45 * minute) == 0


def test_the_curve_falls_in_the_window_in_which_milan_goes_dark() -> None:
    """Actions count where they begin, though those that wait in vain end half a minute later.

    A fifth of the users is Frankfurt's, and succeeds; of the others the few that look at images that a
    content network holds, and in the first window those that were answered before.
    """
    windows = ran("milan-goes-dark").series.windows
    good = windows.success
    dark = int(600 / windows.width_s)
    assert good[: dark - 1].min() > 0.99
    assert good[dark] < 0.4
    assert 0.15 < good[dark + 1 : dark + 9].min() < good[dark + 1 : dark + 9].max() < 0.25


def test_resolvers_that_ignore_the_ttl_decide_the_recovery_time() -> None:
    (caches,) = [
        one for one in ran("milan-goes-dark")["recovery"]["phases"] if one["phase"] == "caches_expire"
    ]
    assert caches["ended_by"] == "repair"
    assert caches["end_s"] == 30 * 60 + 10  # with the window in which those who waited are served


# Azure's wide-area network


@pytest.mark.parametrize("pair", [("eu-west-1", "eu-central-1"), ("eu-central-1", "eu-west-1")])
@pytest.mark.parametrize("wave_s", [600, 600 + 33 * 60])
def test_lag_grows_by_a_second_a_second_in_each_wave(pair: tuple[str, str], wave_s: int) -> None:
    result = ran("azure-2023-01-25-wan")
    (gauges,) = [one.gauges for one in result.replication if (one.from_, one.to) == pair]
    assert result.series.gauges is not None
    assert gauges is not None
    at_s, lag_s = result.series.gauges.at_s, gauges.lag_s
    cut = (at_s >= wave_s + 60) & (
        at_s < wave_s + 20 * 60
    )  # a minute in, the oldest write is one of the cut's
    assert cut.sum() > 10
    assert np.diff(lag_s[cut]) == pytest.approx(np.diff(at_s[cut]), abs=1e-6)


def test_the_backlog_drains_at_the_stated_multiple() -> None:
    """Fluid model: after a stop of 20 min at 20 times the speed, 20 min / 19; and the humps stay apart."""
    catch_up_s = 20 * 60 / (20 - 1)
    for pair in ran("azure-2023-01-25-wan")["replication"]:
        assert pair["catch_up_time_s"] == pytest.approx(catch_up_s, abs=10)  # read in steps of 10 s
        assert [peak["at_s"] for peak in pair["peaks"]] == [1800, 1800 + 33 * 60]


def test_both_ends_stay_alive_and_healthy() -> None:
    result = ran("azure-2023-01-25-wan")
    assert result["dns"]["health"] == []
    assert result["dns"]["answers"] == []
    assert result["loss"]["at_risk"] == 0
    for region in ("eu-west-1", "eu-central-1"):
        assert served("azure-2023-01-25-wan", region, 600, 1800) > 10_000


# Stockholm alone


def test_only_stockholm_serves_while_both_active_regions_are_gone() -> None:
    name, dark_s, back_s = "stockholm-alone", 35 * 60, 75 * 60
    assert served(name, "eu-north-1", 0, dark_s) == 0
    assert served(name, "eu-north-1", dark_s, back_s) > 10_000
    for region in ("eu-south-1", "eu-central-1"):
        assert served(name, region, dark_s + 10, back_s) == 0


def test_milan_never_serves_again_and_takes_its_last_writes_with_it() -> None:
    result = ran("stockholm-alone")
    assert served("stockholm-alone", "eu-south-1", 10 * 60 + 10, 120 * 60) == 0
    assert [event["target"] for event in result["events"] if event["kind"] == "region_lost"] == ["eu-south-1"]
    (unreachable, _) = [event for event in result["events"] if event["kind"] == "data_unreachable"]
    assert result["loss"]["lost"] == unreachable["detail"]["writes"] > 0


def test_stockholm_carries_all_that_two_regions_carried() -> None:
    active = ("eu-south-1", "eu-central-1")
    before = sum(served("stockholm-alone", region, 0, 10 * 60) for region in active) / 10
    alone = served("stockholm-alone", "eu-north-1", 45 * 60, 75 * 60) / 30
    assert alone == pytest.approx(before, rel=0.05)


def test_without_an_issuer_in_the_standby_tokens_outlive_their_issuers_but_nobody_new_gets_in() -> None:
    """Logged out are those who arrived, or whose hour was over, while both issuers were gone."""
    shipped = loaded("stockholm-alone")
    assert shipped.topology.identity is not None
    identity = shipped.topology.identity.model_copy(update={"issuer": ["eu-south-1", "eu-central-1"]})
    result = simulator.run(with_topology(shipped, identity=identity))
    assert ran("stockholm-alone")["continuity"]["logged_out"] == 0
    assert 0.2 < result["continuity"]["logged_out"] < 0.45
