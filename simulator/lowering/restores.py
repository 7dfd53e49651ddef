"""Restores lowered: the states that must be kept for them, and what each takes (docs/model-stores.md §2)."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulator.boundary.kinds import NEVER_NS
from simulator.language.models.databases import Database
from simulator.language.models.points import damage_of, deleted_ns, latest_lag_ns, point_ns, start_ns
from simulator.language.models.restores import SYSTEM_BACKUP, Restore
from simulator.language.models.stores import Table
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.lowering.sources import Sources
from simulator.lowering.throughput import UNLIMITED, write_and_read_rates
from simulator.plan.restores import RestorePlan, StrongTable, Time

_S_NS = 10**9


def lower_snapshots(context: Context) -> dict[str, Any]:
    """The states that the restores of an experiment need."""
    return snapshots(context.experiment.restores, context)


def snapshots(restores: Sequence[Restore], context: Context) -> dict[str, Any]:
    """The states that restores need, of which replica: the `snapshot_` arrays."""
    stores = np.array([context.store_number(one.store) for one in restores], np.int64)
    items = np.array([_store(one, context).items for one in restores], np.int64)
    return {
        "snapshot_store": stores,
        "snapshot_region": np.array([_captured_in(one, context) for one in restores], np.int64),
        "snapshot_first": (np.cumsum(items) - items).astype(np.int64),
    }


def _captured_in(restore: Restore, context: Context) -> int:
    """The region of the replica whose state it is; of a copied backup, that in which it was made."""
    backup = _store(restore, context).backups.get(restore.from_)
    return context.regions.index(restore.region if backup is None else backup.region)


def lower_restores(context: Context) -> tuple[RestorePlan, ...]:
    """The restores in file order."""
    restores = context.experiment.restores
    return tuple(lower_restore(number, one, context) for number, one in enumerate(restores))


def _store(restore: Restore, context: Context) -> Table | Database:
    topology = context.topology
    return topology.tables[restore.table] if restore.table else topology.databases[restore.store]


def lower_restore(
    number: int, restore: Restore, context: Context, by: tuple[int, int] | None = None
) -> RestorePlan:
    """One of them; its number is that of its snapshot and of its draws."""
    table, experiment = _store(restore, context), context.experiment
    backup, sources = table.backups.get(restore.from_), context.sources
    if backup is not None:  # what their captures and copies take decides which of them is the last
        sources.duration_ns("dynamodb.backup.takes", backup.takes)
        if restore.region != backup.region:
            sources.duration_ns("dynamodb.backup.copy", backup.copy_takes)
    damage, start = damage_of(restore, experiment), start_ns(restore, experiment)
    assert start is not None
    point = point_ns(restore, table, experiment)
    others = [region for region in table.replicas if region != restore.region]
    recent = backup is None and restore.from_ != SYSTEM_BACKUP
    lag_ns = latest_lag_ns(table) if recent else 0
    return RestorePlan(
        snapshot=number,
        store=context.store_number(restore.store),
        region=context.regions.index(restore.region),
        source=restore.from_,
        point_ns=point,
        damage_ns=NEVER_NS if damage is None else damage.at,
        deleted_ns=_deleted_ns(restore, context),
        start_ns=start,
        waits_until_ns=point + lag_ns,
        has_history=table.point_in_time_recovery is not None,
        size=table.items * table.item_size if isinstance(table, Table) else 0,
        merges=restore.written_since == "merge",
        same_name=restore.swap == "same_name",
        others=context.region_numbers(others),
        refused=context.region_numbers([one for one in others if not is_allowed(one, table, context)]),
        strong=_strong_table(restore, table, context),
        merge_rate=sources.rate("dynamodb.restore.merge_rate", restore.merge_rate),
        at_once=int(sources.number("dynamodb.restore.at_once")),
        bytes_at_once=sources.size("dynamodb.restore.bytes_at_once"),
        by=by,
        **_times(restore, table, context),
    )


def _strong_table(restore: Restore, table: Table | Database, context: Context) -> StrongTable | None:
    """What a strong table is made anew from; None of another one."""
    if isinstance(table, Database) or table.consistency != "strong":
        return None
    members = [*table.replicas, *([table.witness] if table.witness else [])]
    return StrongTable(
        regions=context.region_numbers([one for one in members if one in context.regions]),
        made=len(members) - 1,
        items=table.items,
        copy_ns=round(table.items / _copy_rate(restore, table, context.sources) * _S_NS),
    )


def _copy_rate(restore: Restore, table: Table, sources: Sources) -> float:
    """Items a second that can be written into a table: by its replica that takes fewest."""
    if restore.copy_rate is not None:
        return restore.copy_rate
    capacities = [table.capacity_in.get(region, table.capacity) for region in table.replicas]
    rates = [write_and_read_rates(one, sources)[0] for one in capacities if one != UNLIMITED]
    least = min(rates, default=sources.rate("dynamodb.on_demand.write"))
    units = -(-table.item_size // sources.size("dynamodb.write_unit"))
    return least * sources.share("dynamodb.restore.copy_share") / units


def is_allowed(region: str, table: Table | Database, context: Context) -> bool:
    """Whether the account's quota for a table there is at least what the table is warm for."""
    if isinstance(table, Database):
        return True
    quota = context.topology.regions[region].quotas.table_write
    warm, _ = write_and_read_rates(table.capacity, Sources())
    return warm <= context.sources.rate("dynamodb.table_quota.write", quota)


def _times(restore: Restore, table: Table | Database, context: Context) -> dict[str, Time]:
    """What each step takes."""
    sources, same_name = context.sources, restore.swap == "same_name"
    least_ns = sources.duration_ns("dynamodb.restore.least")
    swap = "delete" if same_name else "configuration"
    return {
        "takes": _by_size("takes", restore.takes, least_ns, table, sources),
        "replica": time_of_replica(restore.replica_takes, table, sources),
        "settings": Time(sources.distribution("dynamodb.restore.settings", restore.settings_take)),
        "swap": Time(sources.distribution(f"dynamodb.restore.{swap}", restore.swap_takes)),
    }


def time_of_replica(written: Any, table: Table | Database, sources: Sources) -> Time:
    """A replica is a copy of the whole table; the members of a strong one are empty."""
    if isinstance(table, Table) and table.consistency == "strong":
        return Time(sources.distribution("dynamodb.restore.replica", written))
    return _by_size("replica", written, 0, table, sources)


def _by_size(step: str, written: Any, least_ns: int, table: Table | Database, sources: Sources) -> Time:
    """What the user says; else the catalog's, and more for the largest partition, once for each index."""
    name = f"dynamodb.restore.{step}"
    if written is not None or isinstance(table, Database):
        return Time(sources.distribution(name, written))
    largest = min(table.items, sources.size("dynamodb.partition.size") // table.item_size)
    seconds = (1 + table.secondary_indexes) * largest / sources.number(f"{name}.items_per_second")
    return Time(sources.distribution(name), least_ns, round(seconds * _S_NS))


def _deleted_ns(restore: Restore, context: Context) -> int:
    """When a fault deletes the table before the restore starts; NEVER_NS if none does."""
    found = deleted_ns(restore, context.experiment)
    return NEVER_NS if found is None else found


PART = Part("restores", lower_restores)
