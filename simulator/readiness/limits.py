"""What bounds a region: how much of each resource is there, and how much a load needs (docs/readiness.md)."""

from collections.abc import Iterator

import numpy as np

from simulator.boundary.kinds import LAMBDA, READ
from simulator.language.models.stores import Popularity
from simulator.lowering.gateways import account_limit
from simulator.lowering.sites import account_limit as lambda_limit
from simulator.lowering.writing import steps_of
from simulator.readiness.load import Load
from simulator.readiness.today import Today
from simulator.result.readiness import Limit

_EXACT = 100_000  # terms of a sum that are added one by one
_WRITE, _READ = 0, 1


def limits_of(load: Load) -> tuple[Limit, ...]:
    """What bounds a region under a load; the narrowest first."""
    found = [*_gateways(load), *_functions(load), *_nodes(load), *_tables(load)]
    return tuple(sorted((one for one in found if one.needed > 0), key=lambda one: one.times))


def amount(value: float) -> str:
    """A quantity for a reader."""
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.2g}"


def _counted(value: float, noun: str, rest: str) -> str:
    """`1 execution at once`, `24 workers of shop`."""
    return f"{amount(value)} {noun}{'s' * (value != 1)}{rest}"


def _per_second(gap_ns: int) -> float:
    return 1e9 / gap_ns


def _gateways(load: Load) -> Iterator[Limit]:
    arrays, here, through = load.today.arrays, load.here, 0.0
    asked = load.by_service(load.rates)
    for number, name in enumerate(load.services):
        if not arrays["site_gateway"][number, here]:
            continue
        rate = float(asked[number])
        through += rate
        if gap_ns := int(arrays["stage_gap_ns"][number, here]):
            there = _per_second(gap_ns)
            yield Limit(_counted(there, "request", f"/s of the gateway of {name}"), there, rate)
    for number, (service, name) in enumerate(load.today.operations):
        if gap_ns := int(arrays["method_gap_ns"][number, here]):
            there = _per_second(gap_ns)
            said = _counted(there, "request", f"/s of the gateway for {service}.{name}")
            yield Limit(said, there, float(load.rates[number]))
    there, _ = account_limit(load.region, load.today.topology)
    yield Limit(_counted(there, "request", "/s of the account's gateways"), there, through)


def _functions(load: Load) -> Iterator[Limit]:
    """By Little's law as many executions run at once as begin in the time that one takes."""
    arrays, here, together = load.today.arrays, load.here, 0.0
    at_once, asked = load.by_service(load.busy), load.by_service(load.rates)
    is_cold = load.today.topology.regions[load.region].role == "standby"
    burst = 1 + arrays["lambda_scale_slack_ns"] // arrays["lambda_scale_gap_ns"]
    for number, name in enumerate(load.services):
        if arrays["site_compute"][number, here] != LAMBDA:
            continue
        together += at_once[number]
        if reserved := int(arrays["lambda_reserved"][number, here]):
            yield Limit(_counted(reserved, "execution", f" at once of {name}"), reserved, at_once[number])
        there = _per_second(int(arrays["lambda_rate_gap_ns"][number, here]))
        yield Limit(f"{amount(there)} invocations/s of {name}", there, asked[number])
        if is_cold:
            most = int(arrays["lambda_provisioned"][number, here]) + int(burst)
            said = f"{most:,} environments of {name} that are warm or start at once"
            yield Limit(said, most, at_once[number])
    there = lambda_limit(load.region, load.today.topology)
    yield Limit(_counted(there, "execution", " at once of the account's functions"), there, together)


def _nodes(load: Load) -> Iterator[Limit]:
    """By Little's law as many workers are busy as requests come in the time that one takes."""
    busy = load.by_service(load.busy)
    for number, name in enumerate(load.services):
        if fleet := load.fleet(name):
            workers = fleet.nodes * fleet.workers
            yield Limit(_counted(workers, "worker", f" of {name}"), workers, busy[number])
            if fleet.room is not None:
                held = fleet.nodes * fleet.room
                said = f" at once in the memory of {name}, beyond which its nodes are killed"
                yield Limit(_counted(held, "request", said), held, busy[number])


def _tables(load: Load) -> Iterator[Limit]:
    """Units of tables, and those of the partition whose items are asked for most."""
    arrays, names = load.today.arrays, [name for name, _ in load.today.context.stores]
    for store in np.flatnonzero(arrays["store_limited"]):
        if not any(arrays["store_rate"][store, load.here]):
            continue
        busiest = hottest_share(load.today, int(store))
        for way, word in ((_WRITE, "write"), (_READ, "read")):
            needed, popular = units_of(load, int(store), way)
            there = float(arrays["store_rate"][store, load.here, way])
            yield Limit(_counted(there, f"{word} unit", f"/s of {names[store]}"), there, needed)
            there = float(arrays["partition_rate"][way])
            said = f"{amount(there)} {word} units/s of the busiest partition of {names[store]}"
            yield Limit(said, there, popular * busiest)


def units_of(load: Load, store: int, way: int) -> tuple[float, float]:
    """Units a second that a load needs of a table: in all, and for items that are drawn by popularity."""
    arrays, needed, popular = load.today.arrays, 0.0, 0.0
    cost = float(arrays[f"store_{('write', 'read')[way]}_milli"][store]) / 1000
    for operation, rate in enumerate(load.rates):
        for step in steps_of(operation, arrays):
            units = rate * cost * _times(load.today, step, store, way)
            needed += units
            popular += 0.0 if arrays["step_own"][step] else units
    return float(needed), float(popular)


def _times(today: Today, step: int, store: int, way: int) -> int:
    """How often a step takes the units of one access; a strong read takes those of two."""
    arrays = today.arrays
    if way == _READ and arrays["step_miss"][step] == store:
        return int(today.misses(step))
    if arrays["step_store"][step] != store:
        return 0
    if way == _WRITE:
        return int(arrays["step_writes"][step])
    return int(arrays["step_kind"][step] == READ) * (1 + int(arrays["step_consistent"][step]))


def hottest_share(today: Today, store: int) -> float:
    """The share of what is asked for by popularity that the busiest partition of a table has."""
    _, one = today.context.stores[store]
    partitions = int(today.arrays["store_partitions"][store])
    if not isinstance(one.popularity, Popularity):
        return 1 / max(partitions, 1)
    exponent = one.popularity.zipf
    in_first = power_sum(partitions, -(-one.items // partitions), exponent)
    return in_first / power_sum(1, one.items, exponent)


def power_sum(step: int, count: int, exponent: float) -> float:
    """The sum of (1 + step · j) ** -exponent for j from 0 below count; a long end by its integral."""
    exact = min(count, _EXACT)
    total = float(((1.0 + step * np.arange(exact, dtype=np.float64)) ** -exponent).sum())
    if exact == count:
        return total
    low, high = 1 + step * (exact - 0.5), 1 + step * (count - 0.5)
    if abs(exponent - 1) < 1e-9:
        return total + float(np.log(high / low)) / step
    end = (high ** (1 - exponent) - low ** (1 - exponent)) / (step * (1 - exponent))
    return total + float(end)
