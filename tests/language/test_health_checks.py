# ruff: noqa: E501
"""What is said of health checks that follow alarms or count others: each complaint with place and remedy."""

from pathlib import Path

import pytest

from tests.language.writing import changed, complaints, framed

TOPOLOGY = """\
topology: health checks of every kind
regions: {eu-south-1: {}, eu-central-1: {}, eu-west-1: {}}
services:
  api:
    regions: [eu-south-1, eu-central-1]
    compute: {lambda: {}}
    operations: {act: [{compute: 1 ms}]}
dns:
  api.example: {service: api, policy: failover, health_check: both}
health_checks:
  deep: {inverted: true, disabled: true}
  errors: {alarm: {eu-south-1: busy}, insufficient_data: last_known}
  both: {children: [deep, errors@eu-south-1], at_least: 1}
alarms:
  busy: {metric: lambda.errors, of: api@eu-south-1, threshold: '> 100', datapoints: 5 of 5}
  other: {metric: lambda.errors, of: api@eu-central-1, threshold: '> 100', datapoints: 2 of 3}
  slow: {metric: lambda.duration, of: api@eu-south-1, statistic: p99, threshold: '> 200 ms'}
  page: {rule: ALARM(busy)}
plans:
  move: {trigger: {unhealthy: errors, region: eu-south-1}, steps: [{approve: the move}]}
"""

EXPERIMENT = framed("health checks")

CASES = [
    ("eu-south-1: busy}", "eu-south-1: bussy}", "t.yaml:12:32: unknown alarm 'bussy'; did you mean 'busy'?"),
    ("eu-south-1: busy}", "eu-north-1: busy}", "t.yaml:12:20: unknown region 'eu-north-1'; one of: eu-south-1, eu-central-1, eu-west-1"),
    ("{eu-south-1: busy}", "busy", "t.yaml:12:19: this must be a mapping, not 'busy'"),
    ("{eu-south-1: busy}", "{}", "t.yaml:12:12: 'alarm' is empty; it needs at least one entry"),
    ("eu-south-1: busy}", "eu-south-1: page}", "t.yaml:12:32: a health check cannot follow alarm 'page': it watches one metric against a threshold; name an alarm with 'metric' and 'threshold'"),
    ("eu-south-1: busy}", "eu-south-1: other}", "t.yaml:12:32: a health check cannot follow alarm 'other': all of its data points must breach; write 'datapoints: 3 of 3'"),
    ("eu-south-1: busy}", "eu-south-1: slow}", "t.yaml:12:32: a health check cannot follow alarm 'slow': statistic p99 is a percentile; choose average, minimum, maximum, sum or sample_count"),
    (", insufficient_data: last_known", "", "t.yaml:12:3: missing key 'insufficient_data'"),
    ("last_known", "last", "t.yaml:12:58: 'last' is not allowed here; one of: healthy, unhealthy, last_known"),
    ("last_known}", "last_known, interval: 10 s}", "t.yaml:12:70: unknown key 'interval'; one of: alarm, disabled, insufficient_data, inverted"),
    ("[deep,", "[deap,", "t.yaml:13:21: unknown health check 'deap'; did you mean 'deep'?"),
    ("[deep,", "[both,", "t.yaml:13:21: 'both' is a calculated check; a child is none: name the checks that it counts"),
    ("[deep,", "[errors@eu-south-1,", "t.yaml:13:40: 'errors@eu-south-1' stands here a second time"),
    ("[deep,", "[deep@eu-west-1,", "t.yaml:13:21: 'deep' asks api, which is not in eu-west-1; it is in eu-south-1, eu-central-1"),
    ("errors@eu-south-1]", "errors]", "t.yaml:13:27: 'errors' has no alarm in eu-central-1; name one of errors@eu-south-1"),
    ("at_least: 1", "at_least: 257", "t.yaml:13:57: this must be at most 256, not 257"),
    ("region: eu-south-1}, steps", "region: eu-central-1}, steps", "t.yaml:20:47: health check 'errors' is not made in eu-central-1; it is in eu-south-1"),
    ("health_check: both}", "health_check: deep}", "t.yaml:20:31: no name follows health check 'errors', so nobody asks it; name it in 'dns'"),
    ("health_check: both}", "health_check: both, heeds_health: false, failback: manual}", "t.yaml:9:90: with 'heeds_health: false' no region is ever left out; leave one of both out"),
]  # fmt: skip


def test_health_checks_that_make_sense_are_taken(tmp_path: Path) -> None:
    assert complaints(tmp_path, EXPERIMENT, TOPOLOGY) == []


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_each_mistake_has_its_place_and_its_remedy(old: str, new: str, expected: str, tmp_path: Path) -> None:
    assert complaints(tmp_path, EXPERIMENT, changed(TOPOLOGY, old, new)) == [expected]
