"""Scenarios that damage data, and what of a store comes back from a damage or a loss."""

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.explore.drill.moment import BEGINS, NOTICED, SHORT_NS, WRONG_SHARE, place
from simulator.language.checks.drills import LONG_NS
from simulator.language.models.data_steps import RestoreStep
from simulator.language.models.databases import Database
from simulator.language.models.plans import placed_steps
from simulator.language.models.quantities import Constant, Distribution
from simulator.language.models.restores import POINT_IN_TIME, SYSTEM_BACKUP
from simulator.language.models.stores import Bucket, Table
from simulator.language.models.topology import Topology
from simulator.readiness.afterwards import is_absent
from simulator.result.drill import NOT_APPLICABLE, UNTESTED, NotPlayed, Scenario

Store = Table | Database | Bucket
Written = dict[str, Any]


def lost_with(regions: set[str], topology: Topology) -> Iterator[tuple[str, str]]:
    """The stores that have no copy outside some regions, each with the sentence that says so."""
    for name, store in stores_of(topology).items():
        if all(one in regions or not _has_copy(name, one, topology) for one in store.replicas):
            yield name, f"{name} has no copy outside {' and '.join(sorted(regions))}"


def _has_copy(name: str, region: str, topology: Topology) -> bool:
    """Whether a store is in a region, or is restored there by a plan."""
    steps = (step for plan in topology.plans.values() for _, step in placed_steps(plan))
    restored = {(one.restore, one.region) for one in steps if isinstance(one, RestoreStep)}
    return not is_absent(name, region, topology) or (name, region) in restored


def stores_of(topology: Topology) -> Mapping[str, Store]:
    """Tables, databases and buckets by name."""
    return {**topology.tables, **topology.databases, **topology.buckets}


def damages(mode: str, topology: Topology) -> Iterator[Scenario | NotPlayed]:
    """Each store is damaged in one of the two ways."""
    for name, table in topology.tables.items():
        yield _restorable(mode, "table", name, table, topology)
    for name, database in topology.databases.items():
        yield _restorable(mode, "database", name, database, topology)
    for name in topology.buckets:
        yield _of_bucket(mode, name)
    if not stores_of(topology):
        yield NotPlayed(f"data-{mode}", f"Data is {mode}", NOT_APPLICABLE, "the topology keeps no data")


def _restorable(
    mode: str, kind: str, name: str, store: Table | Database, topology: Topology
) -> Scenario | NotPlayed:
    """A table or database is damaged, noticed after a while, and restored where it has a history."""
    key, title = f"data-{mode}:{name}", f"{kind.capitalize()} {name} {_what(mode)}"
    takes = _takes(kind, name, topology)
    if store.point_in_time_recovery is None and store.backups:
        reason = (
            "it has scheduled backups alone, made before a run of some hours begins; play it in an experiment"
        )
        return NotPlayed(key, title, UNTESTED, reason)
    if store.point_in_time_recovery is None:
        why = "nothing restores it: it has neither point-in-time recovery nor backups"
        gone = {name: f"{name} {_left(mode)}, and {why}"}
        return Scenario(
            key, f"data {mode}", f"{title}; {why}", "Software", (_fault(mode, kind, name),), gone=gone
        )
    if takes is None:
        place_for_it = f"'drill: {{database_restores: {{{name}: {{takes: …}}}}}}'"
        reason = f"nobody publishes how long a database takes to restore; say it in {place_for_it}"
        return NotPlayed(key, title, UNTESTED, reason)
    region = (store.point_in_time_recovery.regions or store.replicas)[0]
    restore = takes | {
        kind: name,
        "region": region,
        "from": SYSTEM_BACKUP if mode == "deleted" else POINT_IN_TIME,
        "after_damage": NOTICED,
        "written_since": "drop" if mode == "deleted" else "merge",
    }
    title = f"{title}, and restored in {place(region)} after {NOTICED}"
    faults = (_fault(mode, kind, name),)
    return Scenario(key, f"data {mode}", title, "Software", faults, (restore,), duration_ns=LONG_NS)


def _takes(kind: str, name: str, topology: Topology) -> Written | None:
    """What the restore of a database says of its times; of a table the catalog does."""
    if kind == "table":
        return {}
    said = topology.drill.database_restores.get(name)
    if said is None:
        return None
    times = {"takes": said.takes, "replica_takes": said.replica_takes}
    return {key: _as_written(time) for key, time in times.items() if time is not None}


def _as_written(time: Distribution) -> str | Written:
    """A distribution as a file says it."""
    if isinstance(time, Constant):
        return f"{time.root} ns"
    return {key: f"{value} ns" for key, value in time.model_dump(by_alias=True).items()}


def _fault(mode: str, kind: str, name: str) -> Written:
    fault: Written = {"at": BEGINS, kind: name, "mode": mode}
    return fault | ({"for": NOTICED, "share": WRONG_SHARE} if mode == "corrupted" else {})


def _what(mode: str) -> str:
    return "is deleted" if mode == "deleted" else f"has {WRONG_SHARE} of its writes corrupted for {NOTICED}"


def _left(mode: str) -> str:
    return "is gone" if mode == "deleted" else "stays wrong"


def _of_bucket(mode: str, name: str) -> Scenario:
    """A share of its objects is struck at once. Nothing brings them back: a bucket is not restored here."""
    fault = {"at": BEGINS, "bucket": name, "mode": mode, "items": WRONG_SHARE}
    title = f"Bucket {name} has {WRONG_SHARE} of its objects {mode} at once"
    left = "are gone" if mode == "deleted" else "stay wrong"
    why = f"{WRONG_SHARE} of the objects of {name} {left}, and nothing restores them"
    kind = f"data {mode}"
    return Scenario(
        f"data-{mode}:{name}", kind, title, "Software", (fault,), gone={name: why}, duration_ns=SHORT_NS
    )
