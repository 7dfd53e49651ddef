"""What a drill plays: scenarios that any topology has, made of the faults that there are (docs/drill.md)."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from simulator import catalog
from simulator.explore.drill.moment import start_of_run
from simulator.language.models.databases import Database
from simulator.language.models.experiment import Experiment
from simulator.language.models.plans import ChildPlanStep, placed_steps
from simulator.language.models.restores import POINT_IN_TIME, SYSTEM_BACKUP
from simulator.language.models.stores import Table
from simulator.language.models.topology import Topology
from simulator.result.drill import NOT_APPLICABLE, UNTESTED, NotPlayed, Scenario
from simulator.units import NS_PER_UNIT

MIN_NS = NS_PER_UNIT["min"]
HOUR_NS = 60 * MIN_NS
_BEGINS = "10 min"
_OUTAGE = "20 min"
_SHORT_NS, _LONG_NS = 45 * MIN_NS, 210 * MIN_NS
_NOTICED = "40 min"  # assumed: until somebody notices wrong or missing data, and stops what causes it
_WRONG_SHARE = "10 %"  # assumed: of the writes, as by a bad deployment
_STARTED_AFTER, _STARTED = "5 min", "15 min"  # assumed: until somebody starts a plan


def scenarios(topology: Topology) -> Iterator[Scenario | NotPlayed]:
    """The default set, in the order of the report; what is not tested stands where it would."""
    yield from _regions(topology)
    yield from _geographies(topology)
    yield from _zones(topology)
    yield from _cuts(topology)
    for mode in ("corrupted", "deleted"):
        yield from _damages(mode, topology)
    yield from _control_planes(topology)
    yield from _issuers(topology)
    yield from _plans(topology)


def experiment_of(scenario: Scenario, topology: Topology, duration_ns: int) -> Experiment:
    """The experiment that plays a scenario for so long."""
    day, time_ns = start_of_run(topology)
    written = {
        "experiment": scenario.title,
        "topology": "topology.yaml",
        "duration": f"{duration_ns} ns",
        "time_of_day": f"{time_ns // HOUR_NS:02}:{time_ns % HOUR_NS // MIN_NS:02}",
        "day": day,
        "faults": [*scenario.faults],
        "restores": [*scenario.restores],
        "operator": [*scenario.operator],
    }
    return Experiment.model_validate(written)


def place(region: str) -> str:
    """A region with its city."""
    return f"{region} ({catalog.regions()[region].city})"


def _dark(region: str) -> dict[str, Any]:
    return {"at": _BEGINS, "for": _OUTAGE, "region": region, "mode": "black_hole"}


def _regions(topology: Topology) -> Iterator[Scenario]:
    for region in topology.regions:
        title = f"Region {place(region)} is dark for {_OUTAGE}"
        yield Scenario(f"region-dark:{region}", "region dark", title, "Region", (_dark(region),))
    for region in topology.regions:
        lost = {"at": _BEGINS, "region": region, "mode": "lost"}
        title = f"Region {place(region)} is lost for good"
        gone = dict(_lost_with({region}, topology))
        yield Scenario(f"region-lost:{region}", "region lost", title, "Region", (lost,), gone=gone)


def _lost_with(regions: set[str], topology: Topology) -> Iterator[tuple[str, str]]:
    """The stores that have no copy outside some regions."""
    sections = (topology.tables, topology.databases, topology.buckets)
    copies = {name: store.replicas for section in sections for name, store in section.items()}
    for name, replicas in copies.items():
        if regions.issuperset(replicas):
            yield name, f"{name} has no copy outside {' and '.join(sorted(regions))}"


def _geographies(topology: Topology) -> Iterator[Scenario | NotPlayed]:
    info = catalog.regions()
    pairs = [
        pair
        for pair in combinations(topology.regions, 2)
        if info[pair[0]].continent == info[pair[1]].continent
    ]
    for one, other in pairs:
        title = f"Regions {one} and {other} are dark for {_OUTAGE}"
        key = f"geography-dark:{one}+{other}"
        yield Scenario(key, "two regions dark", title, "Region", (_dark(one), _dark(other)))
    if not pairs:
        reason = "no two regions of the topology are on one continent"
        title = "Two regions of one geography are dark"
        yield NotPlayed("geography-dark", title, NOT_APPLICABLE, reason)


def _zones(topology: Topology) -> Iterator[Scenario | NotPlayed]:
    from simulator.plan.struck_zones import fault_notes

    for region, one in topology.regions.items():
        for letter in "abcdef"[: one.zones]:
            fault = {"at": _BEGINS, "for": _OUTAGE, "zone": region + letter, "mode": "black_hole"}
            title = f"Zone {region}{letter} ({catalog.regions()[region].city}) is dark for {_OUTAGE}"
            found = Scenario(f"zone-dark:{region}{letter}", "zone dark", title, "AZ", (fault,))
            if notes := [*fault_notes(experiment_of(found, topology, _SHORT_NS), topology)]:
                yield NotPlayed(found.key, title, NOT_APPLICABLE, _after_colon(notes[0]))
            else:
                yield found


def _after_colon(note: str) -> str:
    """Why a fault strikes nothing, without the remedy for an experiment."""
    return note.partition(": ")[2].partition("; ")[0]


def _cuts(topology: Topology) -> Iterator[Scenario | NotPlayed]:
    pairs = [*combinations(topology.regions, 2)]
    for one, other in pairs:
        link = {"at": _BEGINS, "for": _OUTAGE, "link": {"between": [one, other]}, "mode": "cut"}
        title = f"Regions {one} and {other} are cut apart for {_OUTAGE}"
        yield Scenario(f"cut-apart:{one}+{other}", "regions cut apart", title, "Infrastructure", (link,))
    if not pairs:
        reason = "the topology has one region"
        yield NotPlayed("cut-apart", "Regions are cut apart", NOT_APPLICABLE, reason)


def _damages(mode: str, topology: Topology) -> Iterator[Scenario | NotPlayed]:
    for name, table in topology.tables.items():
        yield _damage(mode, name, table)
    for name in topology.databases:
        reason = "nobody publishes how long a database takes to restore; say so in an experiment"
        yield NotPlayed(f"data-{mode}:{name}", f"Database {name} is {mode}", UNTESTED, reason)
    for name in topology.buckets if mode == "corrupted" else ():
        reason = "a bucket has no restore in the simulator"
        yield NotPlayed(f"data-{mode}:{name}", f"Bucket {name} is {mode}", UNTESTED, reason)
    if not (topology.tables or topology.databases or topology.buckets):
        yield NotPlayed(f"data-{mode}", f"Data is {mode}", NOT_APPLICABLE, "the topology keeps no data")


def _damage(mode: str, name: str, table: Table | Database) -> Scenario | NotPlayed:
    """A table is damaged, noticed after a while, and restored where it has a history."""
    fault: dict[str, Any] = {"at": _BEGINS, "table": name, "mode": mode}
    what = "is deleted"
    if mode == "corrupted":
        fault |= {"for": _NOTICED, "share": _WRONG_SHARE}
        what = f"has {_WRONG_SHARE} of its writes corrupted for {_NOTICED}"
    key, title = f"data-{mode}:{name}", f"Table {name} {what}"
    history = table.point_in_time_recovery
    if history is None and table.backups:
        reason = (
            "it has scheduled backups alone, made before a run of some hours begins; play it in an experiment"
        )
        return NotPlayed(key, title, UNTESTED, reason)
    if history is None:
        why = "nothing restores it: it has neither point-in-time recovery nor backups"
        gone = {name: f"{name} {'is gone' if mode == 'deleted' else 'stays wrong'}, and {why}"}
        return Scenario(key, f"data {mode}", f"{title}; {why}", "Software", (fault,), gone=gone)
    region = (history.regions or table.replicas)[0]
    restore = {
        "table": name,
        "region": region,
        "from": SYSTEM_BACKUP if mode == "deleted" else POINT_IN_TIME,
        "after_damage": _NOTICED,
        "written_since": "drop" if mode == "deleted" else "merge",
    }
    title = f"{title}, and restored in {place(region)} after {_NOTICED}"
    return Scenario(key, f"data {mode}", title, "Software", (fault,), (restore,), duration_ns=_LONG_NS)


def _control_planes(topology: Topology) -> Iterator[Scenario]:
    frozen = {"at": _BEGINS, "control_plane": "route53", "mode": "frozen"}
    for region, one in topology.regions.items():
        if one.role == "active":
            title = f"Route 53's control plane is frozen while {place(region)} is dark for {_OUTAGE}"
            faults = (frozen, _dark(region))
            yield Scenario(f"control-plane-frozen:{region}", "frozen", title, "Infrastructure", faults)


def _issuers(topology: Topology) -> Iterator[Scenario | NotPlayed]:
    if topology.identity is None:
        reason = "the topology has no 'identity': nobody has to log in"
        yield NotPlayed("issuer-down", "The issuer of tokens is down", NOT_APPLICABLE, reason)
        return
    regions = topology.identity.issuer
    yield _issuer_down("all", regions)
    if len(regions) > 1:
        yield from (_issuer_down(one, [one]) for one in regions)


def _issuer_down(name: str, regions: list[str]) -> Scenario:
    faults = tuple({"at": _BEGINS, "for": _OUTAGE, "issuer": one, "mode": "black_hole"} for one in regions)
    ones = place(regions[0]) if len(regions) == 1 else f"all {len(regions)} regions"
    title = f"The issuer of tokens in {ones} is dark for {_OUTAGE}"
    return Scenario(f"issuer-down:{name}", "issuer down", title, "Software", faults)


def _plans(topology: Topology) -> Iterator[Scenario | NotPlayed]:
    """What people do by a plan. One with a trigger of its own begins wherever that is met."""
    if not topology.plans:
        reason = "the topology has no 'plans': nobody acts but those who restore"
        yield NotPlayed("standby-activation", "The standby is activated by its plan", UNTESTED, reason)
    children = {
        step.plan
        for plan in topology.plans.values()
        for _, step in placed_steps(plan)
        if isinstance(step, ChildPlanStep)
    }
    for name, plan in topology.plans.items():
        if plan.trigger is None and name not in children:
            yield _plan(name, topology)
    reason = "no plan leads back: records turn to a region as soon as it is healthy, as the timelines show"
    yield NotPlayed("failback", "Failing back by its plan", UNTESTED, reason)


def _plan(name: str, topology: Topology) -> Scenario:
    """The first active region is lost for good, and somebody starts a plan."""
    region = next(region for region, one in topology.regions.items() if one.role == "active")
    lost = {"at": _BEGINS, "region": region, "mode": "lost"}
    title = f"Region {place(region)} is lost for good, and plan {name} is started after {_STARTED_AFTER}"
    return Scenario(
        f"standby-activation:{name}",
        "standby activated",
        title,
        "Region",
        (lost,),
        operator=({"run": name, "at": _STARTED},),
        gone=dict(_lost_with({region}, topology)),
    )
