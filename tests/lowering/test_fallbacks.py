"""Notes on regions to which a name falls back and that can take less than the first."""

from typing import Any

import pytest

from simulator.lowering.checks import notes
from tests.small import HERE, Written, experiment, read, topology

MILAN = "eu-south-1"
VIEW = {"view": [{"compute": "1 ms"}]}
LAMBDA: Written = {"lambda": {}}
NODES: Written = {"nodes": {}}


def found(service: Written, record: Written | None = None, **changes: Any) -> list[str]:
    """The notes of this rule on a system of Frankfurt and Milan with a name that fails over."""
    services = {"api": {"regions": [HERE, MILAN], "operations": VIEW} | service}
    dns = {"api.example": {"service": "api", "policy": "failover", "health_check": "deep"} | (record or {})}
    written: Written = {"regions": {HERE: {}, MILAN: {}}, "health_checks": {"deep": {}}} | changes
    system = read(topology(services=services, dns=dns, **written), experiment()).topology
    return [note.said for note in notes(system) if note.rule == "failover-to-smaller-quota"]


def test_milans_gateways_take_a_quarter_of_frankfurts() -> None:
    assert found({"gateway": {}}) == [
        f"api.example falls back from {HERE} to {MILAN}, where the account's gateways take 2,500 requests a "
        "second instead of 10,000"
    ]


@pytest.mark.parametrize(
    ("service", "record", "changes"),
    [
        ({}, {}, {}),  # no gateway
        ({"gateway": {}}, {"order": [MILAN, HERE]}, {}),  # the fallback takes more
        ({"gateway": {}}, {"policy": "simple"}, {}),  # nobody is led elsewhere
        ({"gateway": {}}, {"policy": "latency", "heeds_health": False}, {}),
        (
            {"gateway": {}},
            {},
            {"regions": {HERE: {}, MILAN: {"quotas": {"gateway": {"rate": "10_000/s", "burst": 9}}}}},
        ),
    ],
)
def test_no_note_where_the_fallback_takes_as_much(
    service: Written, record: Written, changes: Written
) -> None:
    assert found(service, record, **changes) == []


def test_each_of_several_active_regions_stands_in_for_the_others() -> None:
    """A record by latency leaves out who is lost; so Milan has Frankfurt's users then, and the reverse."""
    assert found({"gateway": {}}, {"policy": "latency"}) == [
        f"api.example turns to {MILAN} when {HERE} is lost, where the account's gateways take 2,500 requests "
        "a second instead of 10,000"
    ]
    a_tenth = {HERE: {"quotas": {"gateway": {"rate": "1000/s", "burst": 500}}}, MILAN: {}}
    assert found({"gateway": {}}, {"policy": "latency"}, regions=a_tenth) == [
        f"api.example turns to {HERE} when {MILAN} is lost, where the account's gateways take 1,000 requests "
        "a second instead of 2,500"
    ]


def test_a_standby_stands_in_whatever_the_policy() -> None:
    regions = {HERE: {}, MILAN: {"role": "standby"}}
    assert len(found({"gateway": {}}, {"policy": "latency"}, regions=regions)) == 1


@pytest.mark.parametrize(
    ("service", "regions", "limit"),
    [
        (
            {"compute": LAMBDA},
            {HERE: {}, MILAN: {"quotas": {"lambda_concurrency": 50}}},
            "Lambda works on 50 requests at once instead of 1,000",
        ),
        (
            {"compute": NODES, "compute_in": {MILAN: {"nodes": {"workers": 2}}}},
            {HERE: {}, MILAN: {"zones": 2}},
            "nodes work on 4 requests at once instead of 24",
        ),
    ],
)
def test_a_fallback_that_works_on_less_at_once(service: Written, regions: Written, limit: str) -> None:
    expected = [f"api.example falls back from {HERE} to {MILAN}, where {limit}"]
    assert found(service, regions=regions) == expected
