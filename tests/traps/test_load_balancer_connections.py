"""Busy clients stay with the load balancer that they reached first, for its keepalive duration: an hour.

Application Load Balancers guide, *HTTP client keepalive duration*: one more request is answered then.
"""

from tests.small import played
from tests.traps.figures import region_number

TOPOLOGY = """
    topology: a name that is moved by hand
    regions: {{eu-west-1: {{}}, eu-central-1: {{}}}}
    services:
      api:
        regions: [eu-west-1, eu-central-1]
        compute: {{nodes: {{per_zone: 1{limit}}}}}
        operations: {{view: [{{compute: 1 ms}}]}}
    dns: {{api.example: {{service: api, policy: failover, order: [eu-west-1, eu-central-1], ttl: 60 s}}}}
    """

EXPERIMENT = """
    experiment: the order changes while the clients are busy
    topology: system.yaml
    duration: 90 min
    users:
      busy: {near: eu-west-1, sessions: 60, think_time: 1 min, actions: {view: 1},
             client: {profile: script, keep_alive: 10 min}, resolvers: {extend_ttl: 0 %}}
    operator:
      - {at: 5 min, change: api.example, order: [eu-central-1, eu-west-1]}
    """


def left_behind(limit: str, at_s: int) -> int:
    """Attempts that still go to the first region, in the minute that begins at an instant."""
    outcome = played(TOPOLOGY.format(limit=limit), EXPERIMENT)
    first = at_s * 10**9 // outcome.plan.data.window_ns
    count = 60 * 10**9 // outcome.plan.data.window_ns
    served = outcome.tallies.window_served[first : first + count, region_number(outcome, "eu-west-1")]
    return int(served.sum())


def test_trap_half_of_the_busy_clients_are_left_behind_for_half_an_hour() -> None:
    """Of 60 clients, each of which acts once a minute, 18 to 52 in the minute from 1,860 s on.

    The ages of connections are uniform in an hour. The name moves between 300 s and 480 s (propagation, and
    the resolver's TTL); so 55 to 62 % are left: 33 to 37 clients, give or take four binomial standard
    deviations of 3.9. The last of them makes its last request at most a minute after its 3,600 s.
    """
    assert 18 <= left_behind("", 1860) <= 52
    assert left_behind("", 480 + 3600 + 120) == 0


def test_remedy_a_shorter_limit() -> None:
    """All are gone a minute, and the request after it, behind the last cached answer."""
    assert left_behind(", client_keep_alive: 60 s", 480 + 60 + 120) == 0
