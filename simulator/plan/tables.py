"""Tables lowered: replicas, popularity of items, lag of each replicator."""

from dataclasses import dataclass

import numpy as np

from simulator.plan.lowered import Floats, Ints
from simulator.plan.sources import Z99, Sources
from simulator.spec.topology import Popularity, Table, Topology


@dataclass(frozen=True)
class LoweredTables:
    """Arrays as in `simulator.plan.lowered.DataPlan`."""

    table_items: Ints
    table_item_first: Ints
    table_replica: Ints
    table_zipf: Ints
    alias_probability: Floats
    alias_item: Ints
    lag_mu: Floats
    lag_sigma: Floats
    catch_up_num: Ints


def alias_table(weights: Floats) -> tuple[Floats, Ints]:
    """Walker's alias table (Vose's construction): each item's probability and alias; the weights sum to 1."""
    scaled = weights * len(weights)
    probability, alias = np.ones(len(weights)), np.arange(len(weights), dtype=np.int64)
    small = [int(i) for i in np.flatnonzero(scaled < 1)]
    large = [int(i) for i in np.flatnonzero(scaled >= 1)]
    left = scaled.tolist()
    while small and large:
        low, high = small.pop(), large[-1]
        probability[low], alias[low] = left[low], high
        left[high] -= 1.0 - left[low]
        if left[high] < 1.0:
            small.append(large.pop())
    return probability, alias


def zipf_shares(items: int, exponent: float) -> Floats:
    """Share of requests that each item gets, most popular first: proportional to 1 / rank^exponent."""
    weights: Floats = np.arange(1, items + 1, dtype=np.float64) ** -exponent
    shares: Floats = weights / weights.sum()
    return shares


def lower_tables(
    topology: Topology, regions: tuple[str, ...], rtt_ns: Ints, sources: Sources
) -> LoweredTables:
    """Lower every table."""
    tables = [*topology.tables.values()]
    items = np.array([table.items for table in tables], np.int64)
    probability, alias = _popularity(tables)
    lags = [_lag(table, rtt_ns[: len(regions), : len(regions)], sources) for table in tables]
    shape = (len(tables), len(regions), len(regions))
    return LoweredTables(
        table_items=items,
        table_item_first=np.concatenate([[0], np.cumsum(items)[:-1]]).astype(np.int64)[: len(tables)],
        table_replica=np.array([[int(r in t.replicas) for r in regions] for t in tables], np.int64).reshape(
            shape[:2]
        ),
        table_zipf=np.array([int(isinstance(table.popularity, Popularity)) for table in tables], np.int64),
        alias_probability=probability,
        alias_item=alias,
        lag_mu=np.array([mu for mu, _ in lags]).reshape(shape),
        lag_sigma=np.array([sigma for _, sigma in lags]).reshape(shape),
        catch_up_num=np.array([_catch_up(table, sources) for table in tables], np.int64),
    )


def _popularity(tables: list[Table]) -> tuple[Floats, Ints]:
    if not any(isinstance(table.popularity, Popularity) for table in tables):
        return np.empty(0), np.empty(0, np.int64)
    rows = [_alias_rows(table) for table in tables]
    return np.concatenate([row[0] for row in rows]), np.concatenate([row[1] for row in rows])


def _alias_rows(table: Table) -> tuple[Floats, Ints]:
    if isinstance(table.popularity, Popularity):
        return alias_table(zipf_shares(table.items, table.popularity.zipf))
    return np.ones(table.items), np.arange(table.items, dtype=np.int64)


def _lag(table: Table, rtt_ns: Ints, sources: Sources) -> tuple[Floats, Floats]:
    """Log-normal of each pair: the table's median and 99th percentile, the one-way delay added to both."""
    written, several = table.replication_lag, len(table.replicas) > 1
    lags = sources if several else Sources()  # a table without copies rests on no assumption about them
    median_ns = lags.duration_ns("dynamodb.replication_lag.median", written.median) + rtt_ns / 2
    p99_ns = lags.duration_ns("dynamodb.replication_lag.p99", written.p99) + rtt_ns / 2
    mu = np.log(median_ns)
    return mu, (np.log(p99_ns) - mu) / Z99


def _catch_up(table: Table, sources: Sources) -> int:
    return round(100 * sources.number("dynamodb.catch_up", table.catch_up))
