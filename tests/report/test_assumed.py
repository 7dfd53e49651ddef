"""The assumptions that the first screen names are those that decided what the time went to."""

from dataclasses import replace

import pytest

from simulator.boundary.causes import WELL_BETWEEN
from simulator.boundary.phases import PHASES
from simulator.report.assumed import relevant
from simulator.result.recovery import Phase
from simulator.result.whole import Assumption, Result
from tests.measure.handmade import outcome, result

USED = (
    "s3.put",
    "call.endpoint_ttl",
    "client.aws-standard-2026.dns_cache",
    "client.aws-standard-2026.keep_alive",
    "client.browser.attempts",
    "client.browser.timeout",
    "dns.resolver_extends_ttl",
    "dynamodb.partitions",
    "dynamodb.read",
    "gateway.overhead",
    "identity.takes",
    "operator.retry_every",
    "route53.status_to_answer",
)


def mostly(phase: str) -> Result:
    """Of a recovery that went to one phase."""
    made = result(outcome("." * 10))
    phases = (Phase(phase, 0.0, 100.0, "repair", 1, {}),)
    return replace(
        made,
        recovery=replace(made.recovery, recovery_time_s=100.0, phases=phases),
        assumptions=tuple(Assumption(name=name, value="some", label="assumed", source="") for name in USED),
    )


@pytest.mark.parametrize(
    ("phase", "first"),
    [
        ("caches_expire", "dns.resolver_extends_ttl"),
        ("name_servers", "client.aws-standard-2026.dns_cache"),
        ("negative_answers", "client.aws-standard-2026.dns_cache"),
        ("stores", "call.endpoint_ttl"),
        ("cold_caches", "dynamodb.read"),
        ("slow", "client.browser.timeout"),
        ("errors", "client.browser.attempts"),
        ("no_other_answer", "client.browser.attempts"),
        ("capacity_too_small", "dynamodb.partitions"),
        ("issuers", "identity.takes"),
    ],
)
def test_the_assumption_that_decides_the_longest_phase_comes_first(phase: str, first: str) -> None:
    assert relevant(mostly(phase))[0].name == first


def test_where_queues_were_full_the_partitions_of_tables_decided_nothing() -> None:
    made = mostly("capacity_too_small")
    (full,) = made.recovery.phases
    phases = (replace(full, held_by={"queues": 9, "table_limits": 1}),)
    first, *_ = relevant(replace(made, recovery=replace(made.recovery, phases=phases)))
    assert first.name == "dynamodb.read"


@pytest.mark.parametrize("phase", [one for one in PHASES if one not in ("detect", WELL_BETWEEN)])
def test_every_phase_has_assumptions_of_its_own(phase: str) -> None:
    """`s3.put` decides none, so what comes first is what the phase asks for. What detects has sources."""
    first, *others = relevant(mostly(phase))
    assert first.name != "s3.put"
    assert len(others) == len(USED) - 1
