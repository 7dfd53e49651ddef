"""What zonal shifts leave: workers by hand, beside the load that a region has today."""

from typing import Any

import pytest

from simulator.readiness.whole import readiness_of
from simulator.report.readiness import shift_lines
from simulator.result.readiness import Left
from tests.readiness.asking import arriving
from tests.small import HERE, NAME, THERE, Written, experiment, read, topology

SHIFT = {"zone": f"{HERE}a", "trigger": {"at": "1 min"}, "expires": "1 h"}


def left(requests_a_second: float, near: str = HERE, zones: int = 3, **nodes: Any) -> Left:
    """Of a service with one node of four workers in each zone of two regions, 300 ms of work a request."""
    fleet = {"nodes": {"per_zone": 1, "workers": 4} | nodes}
    service: Written = {
        "regions": [HERE, THERE],
        "compute": fleet,
        "operations": {"view": [{"compute": "300 ms"}]},
    }
    system = topology(
        regions={HERE: {"zones": zones}, THERE: {}},
        services={"api": service},
        dns={NAME: {"service": "api", "policy": "latency", "ttl": "60 s"}},
        zonal_shifts={"away": SHIFT},
    )
    users = {"people": arriving(requests_a_second) | {"near": near}}
    loaded = read(system, experiment(users=users))
    (found,) = readiness_of(loaded.topology, loaded.experiment).shifts
    return found


def said(one: Left) -> str:
    return " ".join(line.strip() for line in shift_lines((one,), 80))


def test_two_zones_of_three_carry_what_keeps_their_workers_busy() -> None:
    """26 requests a second of 300 ms keep 7.8 of the eight workers busy that are left of twelve."""
    one = left(26)
    assert (one.nodes, one.of, one.is_enough) == (2, 3, True)
    assert one.limits[0].needed == pytest.approx(7.8, rel=1e-6)
    assert said(one) == (
        "zonal shift away ✓ api keeps 2 of 3 nodes outside eu-central-1a, which would bear 1.03 times "
        "today's load: 8 workers of api"
    )


def test_and_not_more() -> None:
    """30 requests a second keep nine busy: one in nine is too much, though all three zones bear it."""
    one = left(30)
    assert not one.is_enough
    assert said(one) == (
        "zonal shift away ✗ api keeps 2 of 3 nodes outside eu-central-1a: 8 workers of api, and today's "
        "load keeps 9 busy; 11.1 % of it would be too much"
    )


def test_what_other_regions_serve_is_not_counted() -> None:
    one = left(30, near=THERE)
    assert one.limits == ()
    assert said(one).endswith("nodes outside eu-central-1a; no load of this region is declared")


def test_memory_may_be_narrower_than_workers() -> None:
    """Each node holds three requests, of which 7.8 are there at once."""
    memory = {"memory": "4 MB", "idle_memory": "1 MB", "request_memory": "1 MB"}
    assert not left(26, **memory).is_enough
    assert left(26, **memory).limits[0].there == 6


def test_a_region_of_one_zone_has_nowhere_to_shift_to() -> None:
    one = left(1, zones=1)
    assert not one.is_enough
    assert said(one).endswith("has no node outside eu-central-1a, so that the shift would have no effect")
