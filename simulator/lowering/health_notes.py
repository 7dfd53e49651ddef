"""Health checks that follow alarms in a way that defeats their purpose: notes for their owner."""

from collections.abc import Iterator

from simulator.language.checks.subjects import home_of
from simulator.language.models.alarms import MetricAlarm
from simulator.language.models.health_checks import AlarmCheck
from simulator.language.models.topology import Topology
from simulator.rules.table import Note

_STAYS = {"healthy": "counts as healthy", "last_known": "stays as it was"}


def health_notes(topology: Topology) -> Iterator[Note]:
    """What keeps checks that follow alarms from telling what they should."""
    for name, check in topology.health_checks.items():
        if isinstance(check, AlarmCheck) and not check.disabled:
            yield from _dark(name, check, topology)
            yield from _policies(name, check, topology)


def _dark(name: str, check: AlarmCheck, topology: Topology) -> Iterator[Note]:
    """A region's own alarms say nothing while it is down."""
    if check.insufficient_data not in _STAYS:
        return
    alarms = ((region, topology.alarms[alarm]) for region, alarm in check.alarm.items())
    regions = [
        region
        for region, alarm in alarms
        if isinstance(alarm, MetricAlarm) and home_of(alarm, topology) == region
    ]
    if regions:
        where = " and ".join(regions)
        yield Note(
            "check-follows-own-region",
            f"health check {name} follows alarms of the region itself in {where}: while that is down "
            f"there are no data, and the check {_STAYS[check.insufficient_data]}; "
            "'insufficient_data: unhealthy' would turn it",
            ("health_checks", name, "alarm"),
        )


def _policies(name: str, check: AlarmCheck, topology: Topology) -> Iterator[Note]:
    """What an alarm does about missing data is its own matter."""
    for alarm in dict.fromkeys(check.alarm.values()):
        found = topology.alarms[alarm]
        if isinstance(found, MetricAlarm) and found.missing is not None:
            yield Note(
                "check-ignores-missing",
                f"health check {name} follows the data of alarm {alarm}, not its state: 'missing: "
                f"{found.missing}' counts for the alarm alone",
                ("health_checks", name, "alarm"),
            )
