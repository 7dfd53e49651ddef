"""A connection kept alive for an hour outlives every TTL: mostly a trap, sometimes a blessing.

Elastic Load Balancing, client keep-alive duration: an Application Load Balancer keeps connections for an hour
(3,600 s). In October 2025 a name of DynamoDB lost its addresses: only new connections failed (AWS post-event
summary 101925).
"""

from tests.small import played
from tests.traps.figures import region_number, success

TOPOLOGY = """
    topology: two regions and a name that an operator moves
    regions: {eu-central-1: {}, eu-west-1: {}}
    services:
      api:
        regions: [eu-central-1, eu-west-1]
        operations: {view: [{compute: 10 ms}]}
    dns:
      api.example: {service: api, policy: weighted, weights: {eu-central-1: 1, eu-west-1: 0}, ttl: 60 s}
    defaults: {change_propagation: 0 s}
    """

PEOPLE = """
    experiment: what happens to connections that are open
    topology: system.yaml
    duration: 20 min
    objective: {window: 10 s}
    users:
      people:
        near: eu-central-1
        sessions: 100
        think_time: 10 s
        actions: {view: 1}
        client: {profile: browser, keep_alive: 1 h}
        resolvers: {extend_ttl: 0 %}
    """

MOVED = """
    operator:
      - {change: api.example, at: 5 min, weights: {eu-central-1: 0, eu-west-1: 1}}
    """

EMPTIED = """
    faults:
      - {dns: api.example, mode: empty_answer, at: 5 min}
    """


def _short(people: str) -> str:
    """Connections that do not live from one action to the next."""
    return people.replace("keep_alive: 1 h", "keep_alive: 5 s")


def _left_share(experiment: str) -> float:
    """Share of the attempts served in the old region from 8 min on.

    By then the answer has been wrong for 3 min: 60 s in the resolver, 60 s in the browser, and an action.
    """
    outcome = played(TOPOLOGY, experiment)
    served = outcome.tallies.window_served[48:].sum(0)
    return float(served[region_number(outcome, "eu-central-1")] / served.sum())


def test_trap_nobody_leaves_the_old_region() -> None:
    assert _left_share(PEOPLE + MOVED) == 1


def test_remedy_connections_shorter_than_the_pause_between_requests() -> None:
    assert _left_share(_short(PEOPLE) + MOVED) == 0


def test_sometimes_it_helps_open_connections_survive_an_empty_answer() -> None:
    assert success(played(TOPOLOGY, PEOPLE + EMPTIED)) == 1


def test_without_it_the_empty_answer_reaches_everybody() -> None:
    """From 8 min on, as above: cached answers have run out, and every lookup gets nothing."""
    assert success(played(TOPOLOGY, _short(PEOPLE) + EMPTIED), 480) == 0
