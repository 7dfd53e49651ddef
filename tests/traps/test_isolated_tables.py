"""A global table that is cut off has no replication latency: the alarm on it stays silent.

The metric is published for copies that arrive (Amazon DynamoDB developer guide, *DynamoDB metrics and
dimensions*, ReplicationLatency), every five minutes, and alarms on DynamoDB's metrics always ignore missing
data (CloudWatch API reference, *PutMetricAlarm*, TreatMissingData). So the worse it is the less is said.
Consumed capacity is always published, zeros included, and that of a replica counts what is copied to it.
"""

from simulator.measure.alarms import section
from simulator.outcome import Outcome
from simulator.result.alarms import Alarm
from tests.small import played

TOPOLOGY = """
    topology: a global table of which one region writes
    regions: {eu-central-1: {}, eu-west-1: {}}
    tables: {orders: {replicas: [eu-central-1, eu-west-1]}}
    services: {api: {regions: [eu-central-1], operations: {order: [{write: orders}]}}}
    dns: {api.example: {service: api, policy: simple}}
    alarms:
      lag:
        metric: dynamodb.replication_latency
        of: orders@eu-central-1→eu-west-1
        threshold: '> 1 min'
        period: 5 min
      said_to_breach:
        expression: FILL(lag, 3_600_000)
        metrics: {lag: {metric: dynamodb.replication_latency, of: orders@eu-central-1→eu-west-1}}
        threshold: '> 60_000'
        period: 5 min
        window: wall_clock
        datapoints: 2 of 2
      nothing_copied:
        metric: dynamodb.consumed_write_capacity_units
        of: orders@eu-west-1
        threshold: '< 1'
        period: 1 min
        datapoints: 3 of 3
    """

EXPERIMENT = """
    experiment: two regions cannot reach each other for an hour
    topology: system.yaml
    duration: 100 min
    users:
      people: {near: eu-central-1, sessions: 50, think_time: 5 s, actions: {order: 1}}
    faults:
      - {link: {between: [eu-central-1, eu-west-1]}, mode: cut, at: 20 min, for: 60 min}
    """


def alarms(outcome: Outcome) -> dict[str, Alarm]:
    return {one.alarm: one for one in section(outcome)}


def test_trap_the_alarm_on_replication_latency_says_nothing_for_an_hour() -> None:
    """At 80 min what waited for an hour arrives, and only then is there a latency of an hour.

    Its five minutes end at 85 min, are published 1 to 3 min later and looked at within 1 min.
    """
    first_s = alarms(played(TOPOLOGY, EXPERIMENT))["lag"].first_s
    assert first_s is not None
    assert 86 * 60 <= first_s <= 89 * 60


def test_trap_without_repair_it_never_speaks() -> None:
    for_good = EXPERIMENT.replace("at: 20 min, for: 60 min", "at: 20 min")
    assert alarms(played(TOPOLOGY, for_good))["lag"].alarms == 0


def test_remedy_what_is_missing_is_filled_in_as_long() -> None:
    """The periods of the clock from 20 and 25 min have no point: it speaks within 1 min of the second's end.

    Points are late by 3 min at most: of two periods that are over one is there while all is well.
    """
    first_s = alarms(played(TOPOLOGY, EXPERIMENT))["said_to_breach"].first_s
    assert first_s is not None
    assert 30 * 60 <= first_s <= 31 * 60


def test_trap_of_the_remedy_what_is_only_late_is_filled_in_too() -> None:
    """Of one period alone the point is not published yet while the next one begins."""
    one = TOPOLOGY.replace("datapoints: 2 of 2", "datapoints: 1 of 1")
    assert alarms(played(one, EXPERIMENT))["said_to_breach"].false_alarms > 0


def test_remedy_capacity_that_copies_no_longer_consume() -> None:
    """Three empty minutes, from 20 min to 23 min, published 1 to 3 min later and looked at within 1 min."""
    first_s = alarms(played(TOPOLOGY, EXPERIMENT))["nothing_copied"].first_s
    assert first_s is not None
    assert 24 * 60 <= first_s <= 27 * 60
