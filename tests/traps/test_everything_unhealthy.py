"""If every record of a name is unhealthy, Route 53 answers as if all were healthy: the dead region included.

Amazon Route 53 developer guide, "How Amazon Route 53 chooses records when health checking is configured".
Frankfurt is dead. Dublin lives, but its pages take 3 s, and a checker of pages waits for 2 s: everything is
unhealthy, and everybody is sent to Frankfurt. A check of the connection alone tells the two apart.
"""

from tests.small import played
from tests.traps.figures import kinds, success

TOPOLOGY = """
    topology: two regions, one of them slow
    regions: {eu-central-1: {}, eu-west-1: {}}
    services:
      api:
        regions: [eu-central-1, eu-west-1]
        operations: {view: [{compute: 10 ms}]}
    dns:
      api.example: {service: api, policy: failover, order: [eu-central-1, eu-west-1], health_check: alive}
    health_checks:
      alive: {protocol: https}
    """

EXPERIMENT = """
    experiment: one region dies while the other is slow
    topology: system.yaml
    duration: 15 min
    objective: {window: 10 s}
    users:
      people:
        {near: eu-central-1, sessions: 100, think_time: 5 s, actions: {view: 1}, resolvers: {extend_ttl: 0 %}}
    faults:
      - {region: eu-west-1, mode: slow, add: 3 s, at: 1 min}
      - {region: eu-central-1, mode: refused, at: 5 min}
    """

SETTLED_S = 600
"""Five minutes after the death: found in 90 s, propagated in 5 s, cached for at most 60 s in resolver and
browser each, and the last action begun by then is over.
"""


def test_trap_all_unhealthy_is_all_healthy() -> None:
    outcome = played(TOPOLOGY, EXPERIMENT)
    assert "health_unhealthy" in kinds(outcome)
    assert success(outcome, SETTLED_S) == 0


def test_remedy_a_check_that_tells_slow_from_dead() -> None:
    outcome = played(TOPOLOGY.replace("https", "tcp"), EXPERIMENT)
    assert success(outcome, SETTLED_S) == 1
