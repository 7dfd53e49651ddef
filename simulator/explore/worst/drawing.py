"""What a search draws: outages of what a topology has, within declared limits (docs/worst.md)."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from random import Random
from typing import Any

from simulator.boundary.zones import zone_names
from simulator.language.models.compute import NodesCompute
from simulator.language.models.topology import Topology
from simulator.lowering.sites import compute_of
from simulator.records import dataclass
from simulator.units import format_duration

Written = dict[str, Any]
"""A fault as a file writes it."""

KINDS = (
    "region", "zone", "link", "service", "table", "database", "cache", "bucket", "external", "issuer", "dns",
    "replication", "control_plane", "surge",
)  # fmt: skip
"""What may break, by the keys of faults. Nothing is lost or damaged for good: that always hurts most."""

_GREY: tuple[Written, ...] = ({"mode": "error", "share": "50 %"}, {"mode": "slow", "add": "3 s"})
_SURGES = (2, 5)
_STEPS = 10
"""Times are drawn in so many steps of the longest outage, and after the earliest beginning."""


@dataclass(frozen=True)
class Limits:
    """Within what is searched; times in nanoseconds."""

    kinds: tuple[str, ...]
    """What may break: some of `KINDS`."""
    at_once: int
    """How many faults at most."""
    longest_ns: int
    """How long each lasts at most."""
    shortest_ns: int
    """How long each lasts at least."""
    earliest_ns: int
    """When one begins at the earliest,"""
    latest_ns: int
    """and until when all are over."""


@dataclass(frozen=True)
class Outage:
    """Some faults, each with its begin and length in nanoseconds."""

    faults: tuple[tuple[Mapping[str, Any], int, int], ...]

    def written(self) -> list[Written]:
        """As a file writes them, in order of time."""
        ordered = sorted(self.faults, key=lambda one: (one[1], one[2], repr(one[0])))
        return [
            {"at": format_duration(at_ns), "for": format_duration(for_ns), **what}
            for what, at_ns, for_ns in ordered
        ]


def breakables(topology: Topology, kinds: Sequence[str]) -> list[Written]:
    """Each way in which something of a topology may break, of some kinds."""
    return [fault for fault in _all(topology) if next(iter(fault)) in kinds]


def _all(topology: Topology) -> Iterator[Written]:
    regions = [*topology.regions]
    for region in regions:
        yield from ({"region": region, **how} for how in _whole_or_grey())
    for region in _with_zones(topology):
        for zone in zone_names(region, topology.regions[region].zones):
            yield {"zone": zone, "mode": "black_hole"}
            yield {"zone": zone, **_GREY[0]}
    for one, other in combinations(regions, 2):
        yield {"link": {"between": [one, other]}, "mode": "cut"}
        yield {"link": {"between": [one, other]}, "mode": "lossy", "share": "20 %"}
    yield from _services(topology)
    yield from _stores(topology)
    if topology.identity is not None:
        yield from ({"issuer": region, "mode": "black_hole"} for region in topology.identity.issuer)
    for name in topology.dns:
        yield {"dns": name, "mode": "error"}
    if len(regions) > 1 and (topology.tables or topology.buckets or topology.databases):
        yield {"replication": {}}
    yield {"control_plane": "route53"}
    yield {"control_plane": "ec2"}


def surges(populations: Sequence[str]) -> list[Written]:
    """More load of each population."""
    return [{"surge": name, "factor": factor} for name in populations for factor in _SURGES]


def _whole_or_grey() -> Iterator[Written]:
    yield {"mode": "black_hole"}
    yield {"mode": "refused"}
    yield from _GREY


def _with_zones(topology: Topology) -> list[str]:
    """Regions in which something is bound to a zone: nodes, and caches."""
    nodes = {
        region
        for service in topology.services.values()
        for region in service.regions
        if service.cdn is None and isinstance(compute_of(service, region), NodesCompute)
    }
    nodes |= {region for cache in topology.caches.values() for region in cache.regions}
    return [region for region in topology.regions if region in nodes]


def _services(topology: Topology) -> Iterator[Written]:
    for name, service in topology.services.items():
        for region in service.regions if service.cdn is None else ():
            yield from ({"service": name, "region": region, **how} for how in _GREY)
            if compute_of(service, region) != "unlimited":
                yield {"service": name, "region": region, "mode": "capacity", "share": "30 %"}


def _stores(topology: Topology) -> Iterator[Written]:
    stores = (
        *(("table", name, one.replicas) for name, one in topology.tables.items()),
        *(("cache", name, one.regions) for name, one in topology.caches.items()),
        *(("bucket", name, one.replicas) for name, one in topology.buckets.items()),
        *(("database", name, [one.writer, *one.readers]) for name, one in topology.databases.items()),
    )
    for kind, name, regions in stores:
        for region in regions:
            yield {kind: name, "region": region, "mode": "black_hole"}
            yield {kind: name, "region": region, **_GREY[1]}
    for name in topology.external:
        yield {"external": name, "mode": "black_hole"}
        yield {"external": name, **_GREY[1]}


# drawing


def alone(what: Sequence[Written], limits: Limits) -> list[Outage]:
    """Each by itself, for as long as it may, at the earliest: where every search begins."""
    return [Outage(((one, limits.earliest_ns, limits.longest_ns),)) for one in what]


def drawn(what: Sequence[Written], limits: Limits, rng: Random) -> Outage:
    """Some at once, at drawn times for drawn lengths."""
    count = rng.randint(1, min(limits.at_once, len(what)))
    return Outage(tuple((one, *_times(limits, rng)) for one in _apart(rng.sample(what, len(what)), count)))


def changed(outage: Outage, what: Sequence[Written], limits: Limits, rng: Random) -> Outage:
    """An outage with one thing changed: a fault added, taken away, replaced, or moved in time."""
    faults = [*outage.faults]
    ways = ["replace", "move"] + ["add"] * (len(faults) < limits.at_once) + ["remove"] * (len(faults) > 1)
    way, place = rng.choice(ways), rng.randrange(len(faults))
    if way == "remove":
        del faults[place]
    elif way == "move":
        faults[place] = (faults[place][0], *_times(limits, rng))
    else:
        others = [one for number, (one, _, _) in enumerate(faults) if way == "add" or number != place]
        free = [one for one in what if not any(_is_same_thing(one, other) for other in others)]
        if not free:
            return outage
        fault = (rng.choice(free), *_times(limits, rng))
        faults = [*faults, fault] if way == "add" else [*faults[:place], fault, *faults[place + 1 :]]
    return Outage(tuple(faults))


def _times(limits: Limits, rng: Random) -> tuple[int, int]:
    """Begin and length, both in steps: what differs by less tells nothing more."""
    step_ns = max(limits.longest_ns // _STEPS, 1)
    length_ns = max(step_ns * rng.randint(1, _STEPS), limits.shortest_ns)
    room_ns = max(limits.latest_ns - limits.earliest_ns - length_ns, 0)
    return limits.earliest_ns + step_ns * rng.randint(0, room_ns // step_ns), length_ns


def _apart(shuffled: Sequence[Written], count: int) -> list[Written]:
    """The first of them that are not about the same thing: it is broken once."""
    chosen: list[Written] = []
    for one in shuffled:
        if len(chosen) < count and not any(_is_same_thing(one, other) for other in chosen):
            chosen.append(one)
    return chosen


def _is_same_thing(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    how = ("mode", "share", "add", "factor")
    return {key: one[key] for key in one if key not in how} == {
        key: other[key] for key in other if key not in how
    }
