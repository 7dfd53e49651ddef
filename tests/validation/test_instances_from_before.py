"""What instances keep has ages of its own when a run begins (docs/model-request-path.md §3, §5, §6).

A connection's life is uniform from half its age A to one and a half, with mean A. Of one that is found at a
random instant (renewal theory: the density of the rest is the chance to live longer, divided by the mean) the
rest R is at most r with probability r / A, for r up to A / 2.
"""

import numpy as np
import pytest

from simulator.boundary.outcomes import DNS_CALL, OPEN_CALL
from simulator.outcome import Outcome
from tests.small import played

TOPOLOGY = """
    topology: two hundred nodes read a table
    regions: {eu-central-1: {}}
    tables: {rows: {replicas: [eu-central-1], items: 1000}}
    services:
      web:
        regions: [eu-central-1]
        compute: {nodes: {per_zone: 67, workers: 4}}
        calls: {attempts: 1, connection_age: 60 s, keep_alive: 1 h}
        operations: {view: [{read: rows}]}
    dns: {web.example: {service: web, policy: simple}}
    """

EXPERIMENT = """
    experiment: the table's name has no address for half the connections' age
    topology: system.yaml
    duration: 600 s
    users:
      guests:
        near: eu-central-1
        arrivals: 200/s
        session_length: 1 ms
        think_time: 1 h
        actions: {view: 1}
        client: {profile: script, attempts: 1}
    faults: [{at: 300 s, for: 30 s, table: rows, region: eu-central-1, mode: empty_answer}]
    """

NODES = 3 * 67


def failed_within_half_an_age(at_s: int, seed: int) -> float:
    """The share of the calls that fail in the first half minute of a fault that begins at a time."""
    run = EXPERIMENT.replace("at: 300 s", f"at: {at_s} s").replace("600 s", f"{at_s + 30} s")
    outcome = played(TOPOLOGY, run, seed=seed)
    return int(outcome.tallies.call_failures[DNS_CALL, 0, 0]) / (30 * 200)


@pytest.mark.parametrize(("at_s", "seed"), [(1, 1), (15, 2), (30, 3), (44, 4), (60, 5), (75, 6), (180, 7)])
def test_a_quarter_has_lost_its_connection_within_half_an_age_whenever_that_begins(
    at_s: int, seed: int
) -> None:
    """Of a node's calls in [0, A/2] the part 1 - 2 R / A fails: on average 1/4, with standard deviation 0.32.

    Of 201 nodes that is 0.023, and each finds its connection too old within a second of that; four of them.
    Opened together at time zero none would have ended until 30 s, and all between 30 and 90.
    """
    assert failed_within_half_an_age(at_s, seed) == pytest.approx(0.25, abs=0.09)


def test_who_has_a_connection_from_before_opens_none() -> None:
    """Without an age each of the nodes keeps its own; a keep-alive of a second is shorter than most gaps."""
    calm = EXPERIMENT.replace("600 s", "60 s").split("    faults")[0]
    kept = played(TOPOLOGY.replace("connection_age: 60 s, ", ""), calm)
    assert kept.tallies.connections_opened.sum() == 0
    closed = played(TOPOLOGY.replace("keep_alive: 1 h", "keep_alive: 0 s"), calm)
    assert closed.tallies.connections_opened.sum() == closed.tallies.call_tries.sum()


def test_nodes_renew_their_connections_at_one_pace_from_the_first_second_on() -> None:
    """One every A and the half second until the next call: 199 of 201 nodes a minute, in whichever minute.

    The variance of a node's number in a time A is about 1/12 + 1/6 (Cox, Renewal Theory, 4.5): 7 for all.
    Five standard deviations.
    """
    opened = [
        int(
            played(
                TOPOLOGY, EXPERIMENT.replace("600 s", f"{s} s").split("    faults")[0]
            ).tallies.connections_opened.sum()
        )
        for s in (60, 120)
    ]
    assert opened[0] == pytest.approx(NODES, abs=35)
    assert opened[1] - opened[0] == pytest.approx(NODES, abs=35)


ON_LAMBDA = TOPOLOGY.replace(
    "{nodes: {per_zone: 67, workers: 4}}", "{lambda: {runtime: python3.12, memory: 512 MB}}"
)


def test_an_environment_that_starts_in_the_run_opens_its_connection_in_it() -> None:
    outcome = played(ON_LAMBDA, EXPERIMENT.replace("600 s", "20 s").split("    faults")[0])
    assert outcome.tallies.cold_starts.sum() > 0
    assert outcome.tallies.connections_opened.sum() == outcome.tallies.cold_starts.sum()


VERIFYING = """
    topology: nodes verify tokens
    regions: {eu-central-1: {}}
    services:
      web:
        regions: [eu-central-1]
        compute: {nodes: {per_zone: 67, workers: 4}}
        verifies_tokens: compute
        operations: {view: [{compute: 1 ms}]}
    identity: {issuer: [eu-central-1], keys_cache: 300 s}
    dns: {web.example: {service: web, policy: simple}}
    """

SIGNED_IN = """
    experiment: people who are signed in
    topology: system.yaml
    duration: 60 s
    users:
      people:
        near: eu-central-1
        sessions: 2000
        think_time: {mean: 10 s}
        actions: {view: 1}
        client: {profile: script, attempts: 1}
    """


def fetched(seconds: int) -> int:
    run = SIGNED_IN.replace("60 s", f"{seconds} s")
    return int(played(VERIFYING, run).tallies.key_fetches.sum())


def test_keys_are_fetched_anew_at_one_pace_from_the_first_second_on() -> None:
    """A fifth of the nodes' keys become too old in each minute of five: 40, give or take 6 (binomial)."""
    first, both = fetched(60), fetched(120)
    assert first == pytest.approx(NODES / 5, abs=24)
    assert both - first == pytest.approx(NODES / 5, abs=24)


BROKEN = """
    experiment: the table errs from the first moment on
    topology: system.yaml
    duration: 20 s
    users:
      guests:
        near: eu-central-1
        arrivals: 20/s
        session_length: 1 ms
        think_time: 1 h
        actions: {view: 1}
        client: {profile: script, attempts: 1}
    faults: [{at: 0 s, table: rows, region: eu-central-1, mode: error, share: 100 %}]
    """


def tried(outcome: Outcome) -> int:
    """Calls that a breaker has let through."""
    t = outcome.tallies
    return int(np.sum(t.call_tries) - np.sum(t.call_failures[OPEN_CALL]))


def test_a_breaker_has_a_window_of_successes_behind_it() -> None:
    """Of its last 20 results half must have failed: 10 calls. With an empty memory 5 would do."""
    breaker = "{window: 20, least: 5, threshold: 50 %, open: 1 h}"
    one = TOPOLOGY.replace("compute: {nodes: {per_zone: 67, workers: 4}}", "").replace(
        "connection_age: 60 s", f"circuit_breaker: {breaker}"
    )
    assert tried(played(one, BROKEN)) == 10
