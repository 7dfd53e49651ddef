"""Faults of zones that break nothing, as nothing there is bound to a zone: notes for `simulator check`."""

from collections.abc import Iterator

from simulator.boundary.zones import place_of
from simulator.language.models.experiment import Experiment
from simulator.language.models.faults import ZoneFault
from simulator.language.models.topology import Topology
from simulator.lowering.sites import compute_of
from simulator.rules.table import Note

_DOWN = ("refused", "black_hole")  # modes; in others the zone is there, and so is a quorum
_QUORUM, _ZONES_OF_A_QUORUM = 2, 3  # docs/model-control-plane.md §7


def fault_notes(experiment: Experiment, topology: Topology) -> Iterator[Note]:
    """A note for each fault that strikes nothing, with what would make it strike."""
    faults = [fault for fault in experiment.faults if isinstance(fault, ZoneFault)]
    down = {fault.zone for fault in faults if fault.mode in _DOWN}
    for zone in dict.fromkeys(fault.zone for fault in faults):
        struck = sum(other[:-1] == zone[:-1] for other in down) if zone in down else 0
        if not (_breaks_compute(zone, topology) or _breaks_stores(zone, struck, topology)):
            number = next(n for n, one in enumerate(experiment.faults) if getattr(one, "zone", "") == zone)
            yield Note(
                "fault-strikes-nothing",
                f"the fault of zone {zone} strikes nothing: no service there runs on Lambda or on nodes, no "
                "cache has its primary or a replica there, and tables, databases and buckets work on in the "
                "other zones; give a service 'compute', or let the region break",
                ("faults", number),
                "experiment",
                zone,
            )


def _breaks_compute(zone: str, topology: Topology) -> bool:
    """Whether a service has nodes or environments in a zone: in each of its region's, if in any."""
    region = zone[:-1]
    served = (one for one in topology.services.values() if region in one.regions and one.cdn is None)
    return any(compute_of(one, region) != "unlimited" for one in served)


def _breaks_stores(zone: str, struck: int, topology: Topology) -> bool:
    """Whether a zone, with the others that are struck, takes the region, a quorum or a cache's node away."""
    region, number = place_of(zone)
    of = topology.regions[region].zones
    if struck == of:
        return True
    kept = [store.replicas for store in topology.tables.values()]
    kept += [store.replicas for store in topology.databases.values()]
    kept += [store.replicas for store in topology.buckets.values()]
    lacks_quorum = of >= _ZONES_OF_A_QUORUM and of - struck < _QUORUM
    if lacks_quorum and any(region in regions for regions in kept):
        return True
    caches = (cache for cache in topology.caches.values() if region in cache.regions)
    return any(number <= cache.failover.replicas for cache in caches)
