"""Calls that a store throttles though it has capacity: the callers' retries hide most, and not all."""

import math

import pytest

from simulator.outcome import Outcome
from tests.small import played

TOPOLOGY = """
    topology: one table without limits
    regions: {{eu-west-1: {{}}}}
    tables: {{orders: {{replicas: [eu-west-1], capacity: unlimited}}}}
    services:
      api:
        regions: [eu-west-1]
        calls: {{profile: script, attempts: {attempts}, backoff: {{base: 1 ms, cap: 1 ms}}}}
        operations: {{put: [{{write: orders}}]}}
    dns: {{api.example: {{service: api, policy: simple}}}}
    """

EXPERIMENT = """
    experiment: some calls are throttled
    topology: system.yaml
    duration: 200 s
    users:
      all: {near: eu-west-1, arrivals: 50/s, session_length: 1 ms, think_time: 1 h, actions: {put: 1},
            client: {profile: script, attempts: 1}}
    faults: [{at: 0 s, table: orders, mode: throttled, share: 30 %},
             {at: 0 s, table: orders, mode: error, share: 20 %}]
    """


def run(attempts: int) -> Outcome:
    return played(TOPOLOGY.format(attempts=attempts), EXPERIMENT)


@pytest.mark.parametrize("attempts", [1, 3])
def test_each_try_is_throttled_with_the_share_of_what_is_not_an_error(attempts: int) -> None:
    t = run(attempts).tallies
    tries, throttled = int(t.call_tries.sum()), int(t.store_throttled.sum())
    share = (1 - 0.2) * 0.3  # of the 80 % that are no errors
    assert abs(throttled / tries - share) < 3 * math.sqrt(share * (1 - share) / tries)
    failed = 0.2 + share
    lost = failed**attempts  # every try failed
    calls = int(t.calls.sum())
    assert abs(t.calls_failed.sum() / calls - lost) < 3 * math.sqrt(lost * (1 - lost) / calls)
