"""Stores lowered (tables, buckets, caches): replicas, popularity of items, lag of each replicator."""

from typing import Any

import numpy as np

from simulator.boundary.fields import Floats, Ints
from simulator.boundary.kinds import NEVER_NS, SHARED_CACHE
from simulator.language.checks.databases import PRODUCTS
from simulator.language.models.databases import Database
from simulator.language.models.externals import External
from simulator.language.models.stores import Bucket, Cache, Popularity, Table
from simulator.lowering.context import Callee, Context, Store, kind_of, regions_of
from simulator.lowering.sources import Sources
from simulator.randomness.alias import make_alias_table, set_zipf_shares
from simulator.randomness.draws import GROWTH, uniform_of
from simulator.times import AGES_NS, HALF_HOUR_NS
from simulator.units import Z99

HELD_BACK_NS = 30 * 10**9
_NO_CATCH_UP = 100  # hundredths: what copies nothing has nothing to catch up with
_BILLIONTH = 5.997807  # quantile of the standard normal at 1 - 1e-9


def lower_tables(context: Context, rtt_ns: Ints) -> dict[str, Any]:
    """What stores are: all `table_` arrays but those of capacity, the alias tables, lags, caches' entries."""
    stores, regions = [store for _, store in context.stores], context.regions
    items = np.array([store.items for store in stores], np.int64)
    probability, alias = _popularity(stores)
    lags = [_lag(store, rtt_ns[: len(regions), : len(regions)], context.sources) for store in stores]
    shape = (len(stores), len(regions), len(regions))
    replicas = [[int(region in regions_of(store)) for region in regions] for store in stores]
    zipf = [int(isinstance(store.popularity, Popularity)) for store in stores]
    return {
        "store_kind": np.array([kind_of(store) for store in stores], np.int64),
        "store_items": items,
        "store_item_first": np.concatenate([[0], np.cumsum(items)[:-1]]).astype(np.int64)[: len(stores)],
        "store_replica": np.array(replicas, np.int64).reshape(shape[:2]),
        "store_writer": np.array([_writer(store, regions) for store in stores], np.int64),
        "strong_tables": sum(map(is_strong, stores)),
        "store_strong": np.array([int(is_strong(store)) for store in stores], np.int64),
        "store_witness": np.array([_witness(store, context.places) for store in stores], np.int64),
        "externals": len(context.topology.external),
        "callees": len(context.callees),
        "store_home": np.array([_home(store, context.places) for store in stores], np.int64),
        "store_way_ns": np.array([_way_ns(store) for store in stores], np.int64),
        "store_zipf": np.array(zipf, np.int64),
        "alias_probability": probability,
        "alias_item": alias,
        "lag_mu": np.array([mu for mu, _ in lags]).reshape(shape),
        "lag_sigma": np.array([sigma for _, sigma in lags]).reshape(shape),
        "lag_slot_ns": np.array([_slot_ns(*lag) for lag in lags], np.int64).reshape(shape),
        "lag_unusual_ns": np.array([_unusual_ns(*lag) for lag in lags], np.int64).reshape(shape),
        "lag_held_ns": HELD_BACK_NS,
        "catch_up_num": np.array([_catch_up(store, context.sources) for store in stores], np.int64),
        "growth_phase_ns": _growth_phases_ns(context),
        "store_empty": np.array([int(begins_empty(store)) for store in stores], np.int64),
        "store_live_ns": np.array([_live_ns(store) for store in stores], np.int64),
        "store_expired_ns": np.array([_expired_ns(store, context.sources) for store in stores], np.int64),
        "cache_ttl_ns": np.array([_time_to_live_ns(store) for store in stores], np.int64),
    }


def _growth_phases_ns(context: Context) -> Ints:
    """How much of a half hour of growth is gone at time zero, [table, region]."""
    stores = range(len(context.stores))
    numbers = [
        [
            float(uniform_of(context.seed, GROWTH, store, region, 0, 0))
            for region in range(len(context.regions))
        ]
        for store in stores
    ]
    shares = np.array(numbers, np.float64).reshape(len(stores), len(context.regions))
    return (shares * HALF_HOUR_NS).astype(np.int64)


def _popularity(stores: list[Store]) -> tuple[Floats, Ints]:
    """The alias tables of all stores in a row; empty if none is Zipf."""
    if not any(isinstance(store.popularity, Popularity) for store in stores):
        return np.empty(0), np.empty(0, np.int64)
    items = sum(store.items for store in stores)
    probability, alias, first = np.ones(items), np.empty(items, np.int64), 0
    for store in stores:
        row = slice(first, first := first + store.items)
        if isinstance(store.popularity, Popularity):
            set_zipf_shares(probability[row], store.popularity.zipf)
            make_alias_table(probability[row], alias[row])
        else:
            alias[row] = np.arange(store.items)
    return probability, alias


def is_strong(store: Store) -> bool:
    """Whether a write is acknowledged only when another member has it."""
    return isinstance(store, Table) and store.consistency == "strong"


def begins_empty(store: Store) -> bool:
    """Whether no item is there at first."""
    return isinstance(store, Table | Database) and store.initially == "empty"


def _witness(store: Store, places: tuple[str, ...]) -> int:
    """The place of a table's witness; -1 if it has none."""
    witness = store.witness if isinstance(store, Table) else None
    return -1 if witness is None else places.index(witness)


def _home(store: Store, places: tuple[str, ...]) -> int:
    """The place of an external; -1 if it has none, and for what is no external."""
    home = store.home if isinstance(store, External) else None
    return -1 if home is None else places.index(home)


def _way_ns(store: Store) -> int:
    """There and back to an external without a home."""
    return (store.latency or 0) if isinstance(store, External) else 0


def _has_copies(store: Store) -> bool:
    """Whether writes of a store are copied between regions."""
    alone = isinstance(store, Cache) and kind_of(store) != SHARED_CACHE
    return len(regions_of(store)) > 1 and not alone


def product_of(store: Store) -> str:
    """The product whose defaults a store has, as the catalog calls it."""
    assert not isinstance(store, External | Callee), "others run it, and it copies nothing"
    if isinstance(store, Database):
        return PRODUCTS[store.engine]
    if isinstance(store, Table):
        return "dynamodb"
    return "s3" if isinstance(store, Bucket) else "memorydb"


def _lag(store: Store, rtt_ns: Ints, sources: Sources) -> tuple[Floats, Floats]:
    """Log-normal of each pair: the store's median and 99th percentile, the one-way delay added to both."""
    if isinstance(store, External | Callee):
        return np.zeros(rtt_ns.shape), np.zeros(rtt_ns.shape)
    lags = sources if _has_copies(store) else Sources()  # without copies it rests on nothing about them
    control = isinstance(store, Bucket) and store.time_control
    name = f"{product_of(store)}.replication_lag{'.time_control' if control else ''}"
    written = store.replication_lag
    median_ns = lags.duration_ns(f"{name}.median", written.median) + rtt_ns / 2
    p99_ns = lags.duration_ns(f"{name}.p99", written.p99) + rtt_ns / 2
    mu = np.log(median_ns)
    return mu, (np.log(p99_ns) - mu) / Z99


def _slot_ns(mu: Floats, sigma: Floats) -> Ints:
    """A long lag of each pair, times sigma if that is above 1, and at least a second.

    Its 99th percentile, or that of most copies that are under way (a deviation above their median).
    """
    long_ns: Floats = np.exp(np.minimum(mu + sigma * np.maximum(Z99, sigma + 1), np.log(AGES_NS)))
    return np.clip(np.rint(np.maximum(1, sigma) * long_ns), 10**9, AGES_NS).astype(np.int64)


def _unusual_ns(mu: Floats, sigma: Floats) -> Ints:
    """What one in a billion copies of each pair exceeds, and at least what tells that one was held back."""
    return np.clip(np.rint(np.exp(mu + _BILLIONTH * sigma)), HELD_BACK_NS, NEVER_NS).astype(np.int64)


def _catch_up(store: Store, sources: Sources) -> int:
    if isinstance(store, External | Callee):
        return _NO_CATCH_UP
    lags = sources if _has_copies(store) else Sources()
    return round(100 * lags.number(f"{product_of(store)}.catch_up", store.catch_up))


def _writer(store: Store, regions: tuple[str, ...]) -> int:
    return regions.index(store.writer) if isinstance(store, Database) else -1


def _time_to_live_ns(store: Store) -> int:
    written = store.time_to_live if isinstance(store, Cache) else None
    return NEVER_NS if written is None else written


def _live_ns(store: Store) -> int:
    """How long after it was written an item of a table expires."""
    written = store.time_to_live if isinstance(store, Table) else None
    return NEVER_NS if written is None else written


def _expired_ns(store: Store, sources: Sources) -> int:
    """Within which time an expired item is deleted."""
    if _live_ns(store) == NEVER_NS or not isinstance(store, Table):
        return 0
    return sources.duration_ns("dynamodb.expired_within", store.expired_within)
