"""What a probe sees can differ from what users see: a shallow check does not know that the table is gone.

Amazon Builders' Library, *Implementing health checks*: local checks see the process, dependency checks what
it calls. Where what is broken is shared, dependency checks fail everywhere, and the answer stays as it was.
"""

import pytest

from simulator.outcome import Outcome
from tests.small import played
from tests.traps.figures import kinds, success

TOPOLOGY = """
    topology: two regions with a table each
    regions: {{eu-central-1: {{}}, eu-west-1: {{}}}}
    tables: {{rows: {{replicas: [eu-central-1, eu-west-1], capacity: unlimited}}}}
    caches: {{hot: {{regions: [eu-central-1, eu-west-1]}}}}
    services:
      api:
        regions: [eu-central-1, eu-west-1]
        {compute}
        calls: {{profile: script, attempts: 1}}
        operations: {{view: [{{cache: hot, miss: rows}}, {{compute: 1 ms}}, {{read: rows}}]}}
    dns: {{api.example: {{service: api, policy: failover, {health}}}}}
    {checks}
    """

EXPERIMENT = """
    experiment: a store breaks
    topology: system.yaml
    duration: 10 min
    users:
      people: {{near: eu-central-1, arrivals: 1/s, session_length: 1 ms, think_time: 1 h,
               actions: {{view: 1}}, client: {{profile: script, attempts: 1}},
               resolvers: {{extend_ttl: 0 %}}}}
    faults: [{{{fault}, at: 3 min}}]
    """

ROWS = "table: rows, region: eu-central-1, mode: "


def run(depth: str, fault: str, by_balancer: bool = False) -> Outcome:
    check = f"depth: {depth}, interval: 10 s"
    compute = f"compute: {{nodes: {{per_zone: 1, check: {{{check}}}}}}}" if by_balancer else ""
    checks = "" if by_balancer else f"health_checks: {{c: {{protocol: https, {check}}}}}"
    health = "evaluate_target_health: true" if by_balancer else "health_check: c"
    topology = TOPOLOGY.format(compute=compute, health=health, checks=checks)
    return played(topology, EXPERIMENT.format(fault=fault))


@pytest.mark.parametrize("by_balancer", [False, True])
@pytest.mark.parametrize("mode", ["error", "refused", "black_hole", "empty_answer", "throttled"])
def test_a_deep_check_finds_the_broken_table_which_a_shallow_one_does_not(
    mode: str, by_balancer: bool
) -> None:
    """Out within 60 s, answered 5 s later, cached for 60 s: over by 180 + 130 s."""
    shallow, deep = (run(depth, ROWS + mode, by_balancer) for depth in ("shallow", "deep"))
    assert success(shallow, 310) == 0
    assert "answer_changed" not in kinds(shallow)
    assert success(deep, 310) == 1
    assert "answer_changed" in kinds(deep)


@pytest.mark.parametrize("by_balancer", [False, True])
def test_trap_what_all_regions_share_makes_deep_checks_fail_everywhere(by_balancer: bool) -> None:
    """Nobody is healthy: the first region is answered as before, with what is left of it."""
    outcome = run("deep", "table: rows, mode: error", by_balancer)
    assert {"health_unhealthy"} <= kinds(outcome)
    regions = outcome.tallies.window_cached + outcome.tallies.window_fresh
    assert regions[-10:, 0].sum() > 0
    assert regions[-10:, 1].sum() == 0


def test_a_cache_in_front_of_a_table_is_not_needed() -> None:
    """Its failed calls go on to the table, so users notice nothing, and neither does the check."""
    outcome = run("deep", "cache: hot, region: eu-central-1, mode: error")
    assert success(outcome, 180) == 1
    assert "health_unhealthy" not in kinds(outcome)


def test_a_share_of_errors_below_what_the_checkers_need_goes_unnoticed() -> None:
    """Three failures in a row of 5 % each come once in 8,000 probes of a checker; 14 must agree."""
    outcome = run("deep", ROWS + "error, share: 5 %")
    assert "health_unhealthy" not in kinds(outcome)
    assert 0.85 < success(outcome, 180) < 0.95  # two reads, 95 % each: 90 %
