"""Two regions of one geography can be lost together: a pair that never fails together is an assumption.

In March 2026 regions of AWS in the Emirates and in Bahrain were struck within a day (InfoQ, 21 September
2026, quoting AWS). Of two copies in the Gulf each is enough for the loss of the other, and neither for
that of both.
"""

from tests.small import played
from tests.traps.figures import success

TOPOLOGY = """
    topology: two regions in the Gulf
    regions: {me-central-1: {}, me-south-1: {}}
    tables: {accounts: {replicas: [me-central-1, me-south-1], items: 1_000}}
    services:
      bank:
        regions: [me-central-1, me-south-1]
        operations: {pay: [{compute: 10 ms}, {write: accounts}]}
    dns: {bank.example: {service: bank, policy: latency, health_check: alive}}
    health_checks: {alive: {protocol: https, interval: 10 s}}
    """

EXPERIMENT = """
    experiment: the Gulf is lost
    topology: system.yaml
    duration: 20 min
    objective: {window: 10 s}
    users:
      people:
        {near: me-central-1, sessions: 50, think_time: 5 s, actions: {pay: 1}, resolvers: {extend_ttl: 0 %}}
    faults:
      - {region: me-central-1, mode: lost, at: 5 min}
      - {region: me-south-1, mode: lost, at: 5 min}
    """

ONE = EXPERIMENT.replace("      - {region: me-south-1, mode: lost, at: 5 min}\n", "")
FAR = TOPOLOGY.replace("me-south-1: {}}", "me-south-1: {}, eu-central-1: {role: standby}}").replace(
    "[me-central-1, me-south-1]", "[me-central-1, me-south-1, eu-central-1]"
)
SETTLED_S = 10 * 60


def written_and_lost(topology: str, experiment: str) -> tuple[float, float]:
    """Success once all has settled, and the share of the acknowledged writes that are gone."""
    outcome = played(topology, experiment)
    tallies = outcome.tallies
    return success(outcome, SETTLED_S), float(tallies.lost.sum() / tallies.writes.sum())


def test_either_of_the_two_is_enough_for_the_loss_of_the_other() -> None:
    good, lost = written_and_lost(TOPOLOGY, ONE)
    assert good == 1
    assert lost < 0.02


def test_trap_both_are_lost_and_every_write_with_them() -> None:
    good, lost = written_and_lost(TOPOLOGY, EXPERIMENT)
    assert (good, lost) == (0, 1)


def test_remedy_a_third_copy_on_another_continent() -> None:
    """What is lost is what had not arrived in Europe, about a second of five minutes."""
    good, lost = written_and_lost(FAR, EXPERIMENT)
    assert good == 1
    assert 0 < lost < 0.02
