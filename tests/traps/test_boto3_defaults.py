"""With boto3's old defaults a black hole costs ten minutes per call to DynamoDB, a refusal half a minute.

botocore 1.43.11, httpsession.py and data/_retry.json, legacy mode: 60 s to connect; ten attempts, and before
retry n a wait of 0.05 · 2^(n-1) s without jitter.
"""

import pytest

from tests.small import played
from tests.traps.figures import latency_s

TOPOLOGY = """
    topology: a service with a table
    regions: {eu-central-1: {}}
    tables: {items: {replicas: [eu-central-1]}}
    services:
      api:
        regions: [eu-central-1]
        calls: aws-legacy-boto3
        operations: {view: [{read: items}]}
    dns:
      api.example: {service: api, policy: simple}
    """

EXPERIMENT = """
    experiment: the table's endpoint fails
    topology: system.yaml
    duration: 1 h
    users:
      people:
        near: eu-central-1
        sessions: 10
        think_time: 1 min
        actions: {view: 1}
        client: {profile: script, timeout: 30 min}
    faults:
      - {table: items, mode: black_hole, at: 0 s}
    """

REFUSED = EXPERIMENT.replace("black_hole", "refused")

WAITS_S = sum(0.05 * 2**retry for retry in range(9))
"""25.55 s between ten attempts."""

WAY_S = 0.2
"""At most: lookup, handshakes and the way to the region take 0.1 s, ten handshakes with the endpoint 0.02 s.
"""


def _call_s(calls: str, experiment: str) -> float:
    """The longest time of an action, all of which fail.

    The profiles of 2026 pay for 35 retries with their quota, enough for the first action of each user; later
    ones fail sooner.
    """
    outcome = played(TOPOLOGY.replace("aws-legacy-boto3", calls), experiment)
    assert outcome.tallies.actions[0] == 0
    return latency_s(outcome, 1.0)


def test_trap_a_black_hole_costs_ten_minutes() -> None:
    """Ten times 60 s, and the waits; histograms are exact to 1/256."""
    expected_s = 600 + WAITS_S
    assert _call_s("aws-legacy-boto3", EXPERIMENT) == pytest.approx(expected_s, abs=WAY_S + expected_s / 256)


def test_a_refusal_costs_half_a_minute() -> None:
    took_s = _call_s("aws-legacy-boto3", REFUSED)
    assert took_s == pytest.approx(
        WAITS_S, abs=WAY_S + 10 * 0.015 + WAITS_S / 256
    )  # ten times the p99 of a read


def test_remedy_a_short_time_to_connect() -> None:
    """The defaults of 2026 with 1 s to connect: four attempts, and waits of at most 25, 50 and 100 ms."""
    took_s = _call_s("{profile: aws-standard-2026, connect_timeout: 1 s, keep_alive: 0 s}", EXPERIMENT)
    assert took_s == pytest.approx(4, abs=0.175 + WAY_S + 4 / 256)


def test_it_does_not_help_who_asks_over_a_connection_that_is_open() -> None:
    """The first attempt waits 60 s for an answer; then three connect in vain."""
    took_s = _call_s("{profile: aws-standard-2026, connect_timeout: 1 s}", EXPERIMENT)
    assert took_s == pytest.approx(60 + 3, abs=0.175 + WAY_S + 63 / 256)


def test_the_defaults_of_2026_alone_are_no_remedy() -> None:
    """Four attempts of 60 s: it waits less between them, and still as long for an answer."""
    took_s = _call_s("aws-standard-2026", EXPERIMENT)
    assert took_s == pytest.approx(240, abs=0.175 + WAY_S + 240 / 256)
