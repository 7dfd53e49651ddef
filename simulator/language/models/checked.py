"""Where health checks are made: in which regions of which services."""

from collections.abc import Iterable
from typing import NamedTuple

from simulator.language.models.health_checks import AlarmCheck, CalculatedCheck, child_of
from simulator.language.models.topology import DnsRecord, Topology


class Made(NamedTuple):
    """A health check as Route 53 has it: one for each region of a service whose name has it."""

    check: str
    service: str
    region: str


def checks_made(topology: Topology) -> list[Made]:
    """Every health check that may be made: those of records, then the others that calculated ones count.

    A record may be changed to lead to any region of its service.
    """
    followed = [made for record in topology.dns.values() for made in _of_record(record, topology)]
    children = [child for made in followed for child in children_of(made, topology)]
    return [*dict.fromkeys([*followed, *children])]


def label_of(made: Made, among: Iterable[Made]) -> str:
    """What it is called: by its check, and by its service if several have that check."""
    several = any(one.check == made.check and one.service != made.service for one in among)
    return f"{made.check} ({made.service})" if several else made.check


def children_of(made: Made, topology: Topology) -> list[Made]:
    """What a calculated check counts, as far as it is there; nothing for other checks."""
    check = topology.health_checks.get(made.check)
    if not isinstance(check, CalculatedCheck):
        return []
    named = (Made(name, made.service, where or made.region) for name, where in map(child_of, check.children))
    return [one for one in named if _is_made(one, topology)]


def _of_record(record: DnsRecord, topology: Topology) -> list[Made]:
    """The checks of a record set, by region."""
    service = topology.services.get(record.service)
    if record.health_check is None or record.policy == "simple" or service is None:
        return []
    found = (Made(record.health_check, record.service, region) for region in service.regions)
    return [one for one in found if _is_made(one, topology)]


def _is_made(made: Made, topology: Topology) -> bool:
    """Whether there is such a check; one of alarms is there where it has an alarm."""
    check = topology.health_checks.get(made.check)
    return check is not None and not (isinstance(check, AlarmCheck) and made.region not in check.alarm)
