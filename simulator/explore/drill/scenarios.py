"""What a drill plays: scenarios that any topology has, made of the faults that there are (docs/drill.md)."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from simulator import catalog
from simulator.boundary.zones import zone_names
from simulator.explore.drill.activations import activations, failbacks
from simulator.explore.drill.damages import damages, lost_with
from simulator.explore.drill.moment import (
    BEGINS,
    HOUR_NS,
    MIN_NS,
    SHORT_NS,
    earlier_ns,
    place,
    start_of_run,
)
from simulator.language.models.experiment import Experiment
from simulator.language.models.topology import Topology
from simulator.result.drill import NOT_APPLICABLE, NotPlayed, Scenario
from simulator.units import parse_duration

_OUTAGE = "20 min"


def scenarios(topology: Topology) -> Iterator[Scenario | NotPlayed]:
    """The default set, in the order of the report; what is not tested stands where it would."""
    yield from _regions(topology)
    yield from _geographies(topology)
    yield from _zones(topology)
    yield from _cuts(topology)
    for mode in ("corrupted", "deleted"):
        yield from damages(mode, topology)
    yield from _control_planes(topology)
    yield from _issuers(topology)
    yield from activations(topology)
    yield from failbacks(topology)


def experiment_of(scenario: Scenario, topology: Topology, duration_ns: int) -> Experiment:
    """The experiment that plays a scenario for so long, and begins early enough for backups."""
    by_ns = earlier_ns(topology)
    day, time_ns = start_of_run(topology, by_ns)
    written = {
        "experiment": scenario.title,
        "topology": "topology.yaml",
        "duration": f"{duration_ns + by_ns} ns",
        "time_of_day": f"{time_ns // HOUR_NS:02}:{time_ns % HOUR_NS // MIN_NS:02}",
        "day": day,
        "faults": [_later(one, by_ns) for one in scenario.faults],
        "restores": [_later(one, by_ns) for one in scenario.restores],
        "operator": [_later(one, by_ns) for one in scenario.operator],
    }
    return Experiment.model_validate(written)


def _later(entry: Mapping[str, Any], by_ns: int) -> dict[str, Any]:
    """What is said to begin at a time of the run, later by so much."""
    return {key: f"{parse_duration(one) + by_ns} ns" if key == "at" else one for key, one in entry.items()}


def _dark(region: str) -> dict[str, Any]:
    return {"at": BEGINS, "for": _OUTAGE, "region": region, "mode": "black_hole"}


def _regions(topology: Topology) -> Iterator[Scenario]:
    for region in topology.regions:
        title = f"Region {place(region)} is dark for {_OUTAGE}"
        yield Scenario(f"region-dark:{region}", "region dark", title, "Region", (_dark(region),))
    for region in topology.regions:
        lost = {"at": BEGINS, "region": region, "mode": "lost"}
        title = f"Region {place(region)} is lost for good"
        gone = dict(lost_with({region}, topology))
        yield Scenario(f"region-lost:{region}", "region lost", title, "Region", (lost,), gone=gone)


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
    from simulator.lowering.struck_zones import fault_notes

    for region, one in topology.regions.items():
        for zone in zone_names(region, one.zones):
            fault = {"at": BEGINS, "for": _OUTAGE, "zone": zone, "mode": "black_hole"}
            title = f"Zone {zone} ({catalog.regions()[region].city}) is dark for {_OUTAGE}"
            found = Scenario(f"zone-dark:{zone}", "zone dark", title, "AZ", (fault,))
            if notes := [*fault_notes(experiment_of(found, topology, SHORT_NS), topology)]:
                yield NotPlayed(found.key, title, NOT_APPLICABLE, _after_colon(notes[0].said))
            else:
                yield found


def _after_colon(note: str) -> str:
    """Why a fault strikes nothing, without the remedy for an experiment."""
    return note.partition(": ")[2].partition("; ")[0]


def _cuts(topology: Topology) -> Iterator[Scenario | NotPlayed]:
    pairs = [*combinations(topology.regions, 2)]
    for one, other in pairs:
        link = {"at": BEGINS, "for": _OUTAGE, "link": {"between": [one, other]}, "mode": "cut"}
        title = f"Regions {one} and {other} are cut apart for {_OUTAGE}"
        yield Scenario(f"cut-apart:{one}+{other}", "regions cut apart", title, "Infrastructure", (link,))
    if not pairs:
        reason = "the topology has one region"
        yield NotPlayed("cut-apart", "Regions are cut apart", NOT_APPLICABLE, reason)


def _control_planes(topology: Topology) -> Iterator[Scenario]:
    frozen = {"at": BEGINS, "control_plane": "route53", "mode": "frozen"}
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
    faults = tuple({"at": BEGINS, "for": _OUTAGE, "issuer": one, "mode": "black_hole"} for one in regions)
    ones = place(regions[0]) if len(regions) == 1 else f"all {len(regions)} regions"
    title = f"The issuer of tokens in {ones} is dark for {_OUTAGE}"
    return Scenario(f"issuer-down:{name}", "issuer down", title, "Software", faults)
