"""Before which fronts a web ACL may stand, and how its windows are written."""

from typing import Any

import pytest

from simulator.errors import SpecError
from simulator.language.changes import with_changes
from simulator.language.countermeasures import BY_KEY
from tests.small import HERE, THERE, experiment, guarded, plan_of, read

CLOUDFRONT = "or say 'scope: cloudfront'"


def system(scope: str = "regional", window: str = "5 min", **service: Any) -> dict[str, Any]:
    """One service in two regions, and a web ACL before it."""
    return guarded(service, scope, window=window)


FRONTS: dict[str, dict[str, Any]] = {
    "a REST API": {"gateway": {}},
    "a load balancer of nodes": {"compute": {"nodes": {}}},
    "a load balancer of a function": {"compute": {"lambda": {}}},
}


@pytest.mark.parametrize("front", FRONTS)
def test_a_regional_web_acl_stands_before_each_region(front: str) -> None:
    data = plan_of(system(**FRONTS[front])).data
    assert data.service_acl[0].tolist() == [0, 1]
    assert data.acl_global.tolist() == [0, 0]


@pytest.mark.parametrize("front", [*FRONTS, "nothing", "an HTTP API"])
def test_one_before_cloudfront_stands_before_all_regions(front: str) -> None:
    service = FRONTS.get(front, {"gateway": {"kind": "http"}} if front == "an HTTP API" else {})
    data = plan_of(system("cloudfront", **service)).data
    assert data.service_acl[0].tolist() == [0, 0]
    assert data.acl_global.tolist() == [1]


@pytest.mark.parametrize(
    ("service", "said"),
    [
        (
            {"gateway": {"kind": "http"}},
            "an HTTP API, as 'api' has, carries no web ACL; make it 'kind: rest'",
        ),
        ({}, "nothing that could have a web ACL stands before 'api'; give it a 'gateway'"),
        (
            {"compute": {"nodes": {}}, "compute_in": {THERE: "unlimited"}},
            "nothing that could have a web ACL stands before 'api'",
        ),
    ],
)
def test_what_cannot_have_one_is_refused_with_a_remedy(service: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecError) as refused:
        plan_of(system(**service))
    assert said in str(refused.value)
    assert CLOUDFRONT in str(refused.value)


@pytest.mark.parametrize(
    ("written", "slice_s"), [("60 s", 10), ("2 min", 20), ("300 s", 50), ("600000 ms", 100)]
)
def test_a_window_may_be_written_as_any_duration(written: str, slice_s: int) -> None:
    plan = plan_of(system(window=written, gateway={}))
    assert plan.data.rule_slice_ns.tolist() == [slice_s * 10**9] * 2


def test_a_region_without_the_service_has_none() -> None:
    data = plan_of(system(regions=[HERE], gateway={})).data
    assert data.service_acl[0].tolist() == [0, -1]
    assert len(data.rule_limit) == 1


def test_without_the_countermeasure_its_rules_count_and_block_nobody() -> None:
    """So its metrics, and the alarms that follow them, are still there."""
    kind = BY_KEY["waf"]
    loaded = read(system(gateway={}), experiment())
    assert [*kind.names(loaded)] == ["front"]
    without = with_changes(kind.without(loaded, "front"))
    assert without.topology.waf["front"].rules["flood"].action == "count"
    detail = {"countermeasure": "front", "action": "block"}
    assert kind.acted("web_acl_limits", "front: flood@eu-central-1", detail) == "front"
    assert kind.acted("web_acl_limits", "front: flood@eu-central-1", detail | {"action": "count"}) is None
