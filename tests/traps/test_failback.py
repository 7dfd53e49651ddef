"""Going back too early: who writes where copies are still missing takes away what was written meanwhile.

And until the old side has caught up, there is no second copy: a second outage then takes more than later.
"""

from functools import cache

from simulator.measure import protection
from simulator.outcome import Outcome
from tests.small import played

HOME, OTHER = "eu-central-1", "eu-west-1"

TOPOLOGY = f"""
    topology: a primary and a standby
    regions: {{{HOME}: {{}}, {OTHER}: {{}}}}
    tables:
      orders: {{replicas: [{HOME}, {OTHER}], items: 200, catch_up: 2}}
    services:
      api: {{regions: [{HOME}, {OTHER}], operations: {{save: [{{write: orders}}]}}}}
    dns:
      api.example: {{service: api, policy: failover, health_check: fast, failback: FAILBACK}}
    health_checks:
      fast: {{interval: 10 s}}
    plans:
      back:
        trigger: {{healthy: fast, region: {HOME}, for: 1 min}}
        decision: none
        steps:
          - {{wait_for: {{replication: orders, region: {HOME}, within: 2 s}}}}
          - {{fail_back: api.example}}
    """

EXPERIMENT = f"""
    experiment: the primary is dark for ten minutes, and catches up for ten
    topology: system.yaml
    duration: 40 min
    users:
      people:
        near: {HOME}
        sessions: 20
        think_time: 4 s
        actions: {{save: 1}}
        client: {{keep_alive: 0 s}}
        resolvers: {{extend_ttl: 0 %}}
    faults:
      - {{region: {HOME}, mode: black_hole, at: 5 min, for: 10 min}}
    """


@cache
def run(failback: str, more: str = "") -> Outcome:
    topology = TOPOLOGY.replace("FAILBACK", failback)
    if failback == "automatic":
        topology = topology.partition("    plans:")[0]
    return played(topology, EXPERIMENT.rstrip() + "\n" + more)


def lost_updates(outcome: Outcome) -> int:
    return int(outcome.tallies.lost_updates.sum())


def back_at_min(outcome: Outcome) -> float:
    """When the primary was answered again."""
    changes = [event for event in outcome.events if event.kind == "answer_changed"]
    return changes[-1].at_ns / 60e9


def test_trap_users_return_before_their_writes_do() -> None:
    """Well at 15 min and found so within half a minute; the copies of ten minutes need ten more."""
    outcome = run("automatic")
    assert 15 < back_at_min(outcome) < 15.75
    assert lost_updates(outcome) > 200


def test_remedy_a_latch_that_is_released_once_copies_have_arrived() -> None:
    outcome = run("manual")
    assert 22 < back_at_min(outcome) < 26
    assert lost_updates(outcome) < lost_updates(run("automatic")) / 20


def test_the_sample_tells_which_write_won_over_which() -> None:
    """The first that are gone were written in the other region, and overtaken at home after the return."""
    t = run("automatic").tallies
    first = t.gone_cause[0] == 1
    assert first.all()
    assert (t.gone_origin[0] == 1).sum() >= 8
    overtaken_at_home = t.gone_for[0] == 1
    assert (t.gone_for_ns[0][overtaken_at_home] > 15 * 60e9).all()
    assert (t.gone_ns[0] < t.gone_for_ns[0]).all()


SECOND = f"      - {{region: {OTHER}, mode: lost, at: WHEN}}\n"


def lost(when: str) -> int:
    return int(run("manual", SECOND.replace("WHEN", when)).tallies.lost[0])


def test_a_second_outage_before_the_old_side_has_caught_up_takes_more_than_after_it() -> None:
    """At 16 min five to six minutes of writes are in one region alone; at 30 min the lag's, if any."""
    early, late = lost("16 min"), lost("30 min")
    assert early > 500
    assert late <= 5


def test_the_time_in_between_is_told() -> None:
    """Alone from the begin of the outage until the copies of ten minutes have arrived at double pace."""
    [found] = protection.section(run("manual"))
    assert (found.from_s, OTHER in found.regions, HOME in found.behind) == (300.0, True, True)
    assert found.to_s is not None
    assert 22 * 60 < found.to_s < 26 * 60
    assert found.waited > lost("16 min")
