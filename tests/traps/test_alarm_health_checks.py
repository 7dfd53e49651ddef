"""A health check that follows an alarm follows its data: it knows no M of N, and no state of the alarm.

Amazon Route 53 developer guide, *Values that you specify when you create or update health checks*: Route 53
monitors the data stream of the alarm instead of its state; alarms that need M out of N data points, metric
maths or percentiles are not supported. Without data it is as `InsufficientDataHealthStatus` says. So an alarm
that treats missing data as breaching shouts, and a health check that follows it stays as it was.
"""

import pytest

from simulator.errors import SpecError
from simulator.outcome import Outcome
from tests.small import played, read
from tests.traps.figures import first_s, kinds, success

TOPOLOGY = """
    topology: two regions, a check that follows an alarm of requests that come in
    regions: {eu-central-1: {}, eu-west-1: {}}
    services:
      api:
        regions: [eu-central-1, eu-west-1]
        compute: {lambda: {}}
        operations: {view: [{compute: 10 ms}]}
    dns:
      api.example: {service: api, policy: failover, ttl: 60 s, health_check: busy}
    metrics:
      - {metric: lambda.invocations, of: api@eu-central-1, copied_to: eu-west-1}
    alarms:
      quiet:
        metric: lambda.invocations
        of: api@eu-central-1
        in: eu-west-1
        threshold: '< 100'
        datapoints: 3 of 3
        missing: breaching
    health_checks:
      busy: {alarm: {eu-central-1: quiet}, insufficient_data: last_known}
    """

EXPERIMENT = """
    experiment: a region goes dark
    topology: system.yaml
    duration: 40 min
    objective: {window: 10 s}
    users:
      people:
        near: eu-central-1
        sessions: 100
        think_time: 5 s
        actions: {view: 1}
        client: {keep_alive: 0 s}
        resolvers: {extend_ttl: 0 %}
    faults:
      - {region: eu-central-1, mode: black_hole, at: 10 min}
    """

SETTLED_S = 20 * 60


def with_data(what: str) -> Outcome:
    return played(TOPOLOGY.replace("last_known", what), EXPERIMENT)


@pytest.mark.parametrize("what", ["last_known", "healthy"])
def test_trap_the_alarm_shouts_and_the_check_that_follows_it_stays(what: str) -> None:
    outcome = with_data(what)
    assert "alarm_changed" in kinds(outcome)
    assert "health_data_missing" in kinds(outcome)
    assert "health_unhealthy" not in kinds(outcome)
    assert success(outcome, SETTLED_S) == 0


def test_trap_it_knows_no_m_of_n() -> None:
    with pytest.raises(SpecError, match="write 'datapoints: 3 of 3'"):
        read(TOPOLOGY.replace("3 of 3", "2 of 3"), EXPERIMENT)


def test_remedy_to_count_as_unhealthy_without_data() -> None:
    """The last points are those of the minute before the fault; six periods later none is left to look at.

    Then it turns at the next look: by 17 min; with its delay and two TTL of a minute all is well by 20 min.
    """
    outcome = with_data("unhealthy")
    assert 10 * 60 < first_s(outcome, "health_unhealthy") <= 17 * 60
    assert success(outcome, SETTLED_S) == 1


def test_trap_of_the_remedy_a_quiet_night_is_no_outage() -> None:
    """Hardly anybody comes: a metric that exists only when something arrives is gone, and the region too."""
    night = EXPERIMENT.replace("sessions: 100", "sessions: 1").replace(
        "think_time: 5 s", "think_time: 20 min"
    )
    quiet = night[: night.index("    faults:")]
    outcome = played(TOPOLOGY.replace("last_known", "unhealthy"), quiet)
    assert "health_unhealthy" in kinds(outcome)


def test_remedy_a_check_of_the_endpoint_beside_it() -> None:
    """Unhealthy as soon as one of the two is: the endpoint's after about 97 s."""
    both = TOPOLOGY.replace("health_check: busy", "health_check: both").replace(
        "health_checks:\n",
        "health_checks:\n      door: {}\n      both: {children: [door, busy@eu-central-1]}\n",
    )
    outcome = played(both, EXPERIMENT)
    assert 600 + 75 < first_s(outcome, "health_unhealthy") < 600 + 120
