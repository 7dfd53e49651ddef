"""Steps of failover plans that wait checked: what is waited for can come."""

from simulator.language.checks.records import served_by
from simulator.language.checks.values import check_longer_than_0
from simulator.language.models.checked import checks_made
from simulator.language.models.draining import names_to_drain
from simulator.language.models.fenced import places_of
from simulator.language.models.health_checks import AlarmCheck
from simulator.language.models.topology import Topology
from simulator.language.models.waits import Awaited, DrainStep
from simulator.language.reading.positions import Document, Path

_OWNERS = {
    "within": ("replication",),
    "below": ("traffic",),
    "over": ("traffic", "success"),
    "region": ("replication", "healthy", "success"),
}
"""Keys, and what they belong to."""


def check_wait(awaited: Awaited, topology: Topology, document: Document, path: Path) -> None:
    """Report a wait for nothing, for several things, or for what cannot come."""
    ways = ("replication", "healthy", "traffic", "success", "time")
    if sum(getattr(awaited, way) is not None for way in ways) != 1:
        document.problem(f"a wait names one of {', '.join(ways)}", path, at_key=True)
    elif (awaited.replication or awaited.healthy) and awaited.region is None:
        document.problem("say in which 'region'", path, at_key=True)
    _check_amounts(awaited, document, path)
    if awaited.success == 0:
        document.problem("a success of 0 % is there at once; say how much must succeed", (*path, "success"))
    for key, owners in _OWNERS.items():
        if getattr(awaited, key) is not None and all(getattr(awaited, one) is None for one in owners):
            document.problem(f"'{key}' belongs to {' and '.join(owners)}", (*path, key), at_key=True)
    if awaited.healthy in topology.health_checks and awaited.region is not None:
        check_is_asked(awaited.healthy or "", awaited.region, topology, document, path, "healthy")
    _check_replica(awaited, topology, document, path)


def _check_replica(awaited: Awaited, topology: Topology, document: Document, path: Path) -> None:
    """Copies arrive where there is a replica."""
    sections = (topology.tables, topology.databases, topology.buckets, topology.caches)
    name = awaited.replication or ""
    for store in (section[name] for section in sections if name in section):
        if awaited.region in topology.regions and awaited.region not in places_of(store):
            has = ", ".join(places_of(store))
            complaint = f"'{awaited.replication}' has no replica in {awaited.region}; it has them in {has}"
            document.problem(complaint, (*path, "region"))


def _check_amounts(written: Awaited | DrainStep, document: Document, path: Path) -> None:
    """Report a share of which there is never less, and a look at no time."""
    if written.below == 0:
        complaint = "there is never less than none; leave it out, or say how little is enough"
        document.problem(complaint, (*path, "below"))
    check_longer_than_0(written.over, "'over'", document, (*path, "over"))


def check_drain(step: DrainStep, topology: Topology, document: Document, path: Path) -> None:
    """Report a drain of what no name leads to, or of names that lead nowhere else."""
    _check_amounts(step, document, path)
    check_longer_than_0(step.timeout, "'timeout'", document, (*path, "timeout"))
    possible = names_to_drain(step.drain, topology)
    if step.drain in topology.regions and not possible and step.names is None:
        complaint = f"no name that goes by health leads to {step.drain} and to other regions"
        document.problem(complaint, (*path, "drain"))
    for number, name in enumerate(step.names or []):
        if name in topology.dns and name not in possible and step.drain in topology.regions:
            served = ", ".join(served_by(topology.dns[name], topology) or [])
            complaint = (
                f"'{name}' is no name that goes by health and leads to {step.drain} and elsewhere; its "
                f"policy is {topology.dns[name].policy}, and it leads to {served}"
            )
            document.problem(complaint, (*path, "names", number))


def check_is_asked(
    check: str, region: str, topology: Topology, document: Document, path: Path, key: str = "unhealthy"
) -> None:
    """A check is made in the regions of the services whose names, or calculated checks, have it."""
    made = [one.region for one in checks_made(topology) if one.check == check]
    if not made and _is_known_who_asks(topology):
        complaint = f"no name follows health check '{check}', so nobody asks it; name it in 'dns'"
        document.problem(complaint, (*path, key))
    elif made and region in topology.regions and region not in made:
        there = ", ".join(dict.fromkeys(made))
        complaint = f"health check '{check}' is not made in {region}; it is in {there}"
        document.problem(complaint, (*path, "region"))


def _is_known_who_asks(topology: Topology) -> bool:
    """Whether the services and the checks of all records are sound, and the regions that checks name."""
    records = topology.dns.values()
    checks = {one.health_check for one in records} - {None}
    regions = {
        region
        for check in topology.health_checks.values()
        if isinstance(check, AlarmCheck)
        for region in check.alarm or [""]
    }
    known = checks <= {*topology.health_checks} and regions <= {*topology.regions}
    return known and all(one.service in topology.services for one in records)
