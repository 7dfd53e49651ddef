"""Changes of the shipped platform that would spoil its recovery are found in it before anything is run."""

from pathlib import Path

import pytest

from simulator.errors import SpecError
from simulator.language.files import read
from simulator.language.sources import DISK
from simulator.rules.finding import checked
from tests.language.writing import changed

AWORLD = (Path(__file__).parents[2] / "topologies" / "aworld.yaml").read_text(encoding="utf-8")
GATE = """\
experiment: Milan is lost, and its users are served within ten minutes
topology: aworld.yaml
duration: 60 min
users:
  italy: {near: eu-south-1, sessions: 800, think_time: {median: 8 s, p99: 60 s}, actions: {view_profile: 1}}
  hesse: {near: eu-central-1, sessions: 99, think_time: {median: 8 s, p99: 60 s}, actions: {view_profile: 1}}
faults:
  - {at: 10 min, region: eu-south-1, mode: black_hole}
expect:
  - {recovery_time: {at_most: 10 min}}
"""


def warnings(directory: Path, topology: str) -> dict[str, str]:
    """The warnings of the gate on a topology: message by rule."""
    (directory / "aworld.yaml").write_text(topology, encoding="utf-8")
    path = directory / "gate.yaml"
    path.write_text(GATE, encoding="utf-8")
    found = checked(str(path), read(path), DISK).findings
    return {one.rule: one.message for one in found if one.severity != "note"}


@pytest.mark.parametrize(
    ("old", "new", "rule", "said"),
    [
        (
            "ttl: 60 s             # Stockholm",
            "ttl: 1 h              # Stockholm",
            "ttl-longer-than-objective",
            "the TTL of api.aworld.example is 1 h, and a recovery within 10 min is asked for",
        ),
        (
            "{protocol: https, interval: 30 s, failure_threshold: 3}",
            "{protocol: https, interval: 30 s, checker_regions: [us-east-1, us-west-1, eu-west-1]}",
            "few-checker-regions",
            "health check api asks from 3 regions alone (us-east-1, us-west-1, eu-west-1)",
        ),
        (
            "  eu-central-1: {}               # assumed",  # of some 80 actions a second in all
            "  eu-central-1: {quotas: {gateway: {rate: 10/s, burst: 5}}}   # assumed",
            "standby-quota-too-small",
            "standby eu-central-1: gateways: 10 requests/s, ",
        ),
        (
            "    verifies_tokens: gateway     # assumed",
            "    verifies_tokens: gateway\n    calls: {timeout: 20 s, attempts: 2}",
            "retries-outlast-gateway",
            "api may try leaderboards-cache for 2 × 20 s, and its gateway gives up after 29 s",
        ),
    ],
)
def test_a_change_that_spoils_the_recovery_is_named(
    tmp_path: Path, old: str, new: str, rule: str, said: str
) -> None:
    before, after = warnings(tmp_path, AWORLD), warnings(tmp_path, changed(AWORLD, old, new))
    assert {*after} - {*before} == {rule}
    assert after[rule].startswith(said)


@pytest.mark.parametrize("table", ["progress", "leaderboards"])
def test_a_standby_without_its_replica_is_refused(tmp_path: Path, table: str) -> None:
    start, end = f"  {table}:", "replicas: [eu-south-1, eu-central-1, eu-north-1]"
    before, _, after = AWORLD.partition(start)
    without = before + start + after.replace(end, "replicas: [eu-south-1, eu-central-1]", 1)
    with pytest.raises(SpecError, match=f"'api' runs in eu-north-1, where table '{table}' has no replica"):
        warnings(tmp_path, without)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ttl: 60 s             # Stockholm", "ttl: 30 s             # Stockholm"),
        ("items: 200_000", "items: 300_000"),
        ("  eu-central-1: {}               # assumed", "  eu-central-1: {zones: 3}       # assumed"),
    ],
)
def test_a_change_without_effect_finds_nothing_new(tmp_path: Path, old: str, new: str) -> None:
    assert warnings(tmp_path, changed(AWORLD, old, new)) == warnings(tmp_path, AWORLD)
