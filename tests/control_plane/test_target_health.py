"""`EvaluateTargetHealth`: what an alias record notices by itself, and what it never does."""

from typing import Any

import numpy as np
import pytest

from simulator.plan.timeline import FaultPlan
from tests.control_plane.handmade import (
    API,
    FRANKFURT,
    MILAN,
    REGIONS,
    SECOND,
    WEB,
    balancer,
    changes,
    check,
    fault,
    log,
    name,
    zone,
)

BEHIND_GATEWAYS = np.ones((3, 3), np.int64)
ALIAS = name(target_health=True)
CHECKED = name(health_check="deep")
BOTH = name(target_health=True, health_check="deep")


def answers(faults: list[FaultPlan], record: Any, **system: Any) -> list[tuple[float, int]]:
    """When the answer changes, and to which region."""
    given = {"names": [record], "checks": [check()], "balancers": [balancer()]} | system
    told = changes(faults, "set_answer", **given)
    return [(at, weights.index(1)) for at, (_, _, weights, _) in told][1:]


@pytest.mark.parametrize("mode", ["refused", "black_hole", "lost"])
def test_a_region_that_is_down_is_known_at_once_and_answered_after_the_delay(mode: str) -> None:
    end = None if mode == "lost" else 300
    faults = [fault("region", mode, 100, end, region=MILAN)]
    back = [] if mode == "lost" else [(302, MILAN)]
    assert answers(faults, ALIAS) == [(102, FRANKFURT), *back]
    assert log(faults, "health_unhealthy", names=[ALIAS]) == [
        (100, "health_unhealthy", f"api.example@{REGIONS[MILAN]}")
    ]


@pytest.mark.parametrize("mode", ["refused", "black_hole", "error", "slow"])
def test_a_broken_application_behind_the_gateway_goes_unnoticed_which_a_health_check_sees(mode: str) -> None:
    given = {"service": API, "regions": (MILAN,), "add_ns": 5 * SECOND}
    faults = [fault("service", mode, 100, **given)]
    assert answers(faults, ALIAS, site_gateway=BEHIND_GATEWAYS) == []
    assert [region for _, region in answers(faults, CHECKED, site_gateway=BEHIND_GATEWAYS)] == [FRANKFURT]


@pytest.mark.parametrize("mode", ["error", "slow"])
def test_a_region_that_errs_or_is_slow_goes_unnoticed_behind_the_gateway(mode: str) -> None:
    faults = [fault("region", mode, 100, region=MILAN, add_ns=5 * SECOND)]
    assert answers(faults, ALIAS, site_gateway=BEHIND_GATEWAYS) == []


@pytest.mark.parametrize("mode", ["refused", "black_hole", "error", "slow"])
def test_a_broken_application_behind_a_load_balancer_is_turned_away_from(mode: str) -> None:
    """Once the last of its nodes is out, and again once the first is back; 2 s to the answer."""
    faults = [fault("service", mode, 100, 300, service=API, regions=(MILAN,), add_ns=5 * SECOND)]
    out = [at for at, _, _ in log(faults, "target_unhealthy", balancers=[balancer()])]
    back = [at for at, _, _ in log(faults, "target_healthy", balancers=[balancer()])]
    assert len(out) == len(back) == 6
    assert answers(faults, ALIAS) == [(out[-1] + 2, FRANKFURT), (back[0] + 2, MILAN)]


def test_where_every_region_s_application_is_broken_the_primary_is_answered() -> None:
    faults = [fault("service", "error", at, service=API, regions=(region,))
              for at, region in ((100, MILAN), (200, FRANKFURT))]  # fmt: skip
    balancers = [balancer(), balancer(region=FRANKFURT)]
    out = [at for at, _, _ in log(faults, "target_unhealthy", balancers=balancers)]
    assert len(out) == 12
    assert answers(faults, ALIAS, balancers=balancers) == [(out[5] + 2, FRANKFURT), (out[11] + 2, MILAN)]


def test_all_zones_down_are_the_region_down() -> None:
    faults = [zone(number, 100 + number, 300) for number in range(3)]
    assert answers(faults, ALIAS) == [(104, FRANKFURT), (302, MILAN)]


def test_a_load_balancer_without_targets_counts_as_down() -> None:
    """Milan's nodes are all in its first zone here, and its region lives on in the others."""
    zones = np.zeros(16, np.int64)
    faults = [zone(0, 100, 300)]
    out = [at for at, _, _ in log(faults, "target_unhealthy", balancers=[balancer()], instance_zone=zones)]
    back = [at for at, _, _ in log(faults, "target_healthy", balancers=[balancer()], instance_zone=zones)]
    assert len(out) == len(back) == 6
    assert answers(faults, ALIAS, instance_zone=zones) == [(out[-1] + 2, FRANKFURT), (back[0] + 2, MILAN)]
    assert answers(faults, ALIAS, instance_zone=zones, site_gateway=BEHIND_GATEWAYS) == []
    # another service of the region has no load balancer
    assert answers(faults, name(target_health=True, service=WEB), instance_zone=zones) == []


def test_a_record_that_follows_both_is_healthy_only_if_both_are() -> None:
    region = [fault("region", "refused", 100, 300, region=MILAN)]
    by_check = answers(region, CHECKED)
    # out by its target, which is quicker; back by its check, which is slower
    assert answers(region, BOTH) == [(102, FRANKFURT), by_check[1]]
    service = [fault("service", "refused", 100, 300, service=API, regions=(MILAN,))]
    gateway = {"site_gateway": BEHIND_GATEWAYS}
    assert answers(service, BOTH, **gateway) == answers(service, CHECKED, **gateway) != []


def test_simple_records_have_no_health() -> None:
    faults = [fault("region", "refused", 100, region=MILAN)]
    assert log(faults, "health_unhealthy", "answer_changed", names=[name("simple", target_health=True)]) == []


def test_flapping_regions_flap_in_the_answers() -> None:
    faults = [fault("region", "refused", 100, 160, region=MILAN, period_ns=30 * SECOND, on_ns=10 * SECOND)]
    expected = [(102, FRANKFURT), (112, MILAN), (132, FRANKFURT), (142, MILAN)]
    assert answers(faults, ALIAS) == expected
