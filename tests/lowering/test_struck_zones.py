"""Faults of zones in which nothing is bound to a zone are noted by `simulator check`."""

from typing import Any

import pytest

from simulator.lowering.struck_zones import fault_notes
from tests.small import HERE, THERE, Written, experiment, read, topology

A, B, C = (f"{HERE}{letter}" for letter in "abc")


def noted(*zones: str, **changes: Any) -> int:
    """How many faults of zones are noted to strike nothing."""
    faults = [{"at": "1 min", "zone": zone, "mode": "refused"} for zone in zones]
    loaded = read(topology(**changes), experiment(faults=faults))
    return len([*fault_notes(loaded.experiment, loaded.topology)])


def service(compute: Any, *regions: str) -> Written:
    operations = {"view": [{"compute": "1 ms"}]}
    return {"api": {"regions": [*regions], "operations": operations, "compute": compute}}


NODES: Written = {"nodes": {"per_zone": 1, "workers": 1}}
TABLE: Written = {"items": {"replicas": [HERE]}}


def test_a_service_without_limits_is_in_no_zone() -> None:
    assert noted(A) == 1
    assert noted(A, A) == 1
    assert noted(A, B) == 2


@pytest.mark.parametrize("compute", [NODES, {"lambda": {}}])
def test_nodes_and_environments_are_in_every_zone(compute: Written) -> None:
    assert noted(C, services=service(compute, HERE)) == 0
    assert noted(f"{THERE}a", services=service(compute, HERE)) == 1


def test_all_zones_together_are_the_region() -> None:
    assert noted(A, B, C) == 0


def test_a_table_works_on_in_two_of_three_zones_and_not_in_one() -> None:
    assert noted(A, tables=TABLE) == 1
    assert noted(A, B, tables=TABLE) == 0
    assert noted(A, tables=TABLE, regions={HERE: {"zones": 2}, THERE: {}}) == 1


@pytest.mark.parametrize(("replicas", "expected"), [(0, 1), (1, 0)])
def test_a_cache_has_its_primary_in_the_first_zone_and_replicas_in_the_next(
    replicas: int, expected: int
) -> None:
    caches = {"seen": {"regions": [HERE], "failover": {"replicas": replicas}}}
    assert noted(A, caches=caches) == 0
    assert noted(B, caches=caches) == expected
