"""Populations lowered: how many, how they act, what client they use, which resolvers they share."""

import math
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from simulator.data_plane.draws import RESOLVER, sample, uniform_of
from simulator.plan.lowered import CONSTANT, EXPONENTIAL, LOGNORMAL, NEVER_NS, DataPlan, Floats
from simulator.plan.sources import Distributions, Lowered, Sources, log_uniform, lower_distribution
from simulator.spec.topology import Topology
from simulator.spec.users import Client, Population

ENDLESS_NS = 2.0**60
"""Length of a closed session without a `session_length`: 36 years."""

_DAY_NS = 86_400 * 10**9
_LEAD_QUANTILE = 0.999
_Z999 = 3.090232306167813  # quantile of the standard normal at 99.9 %


@dataclass
class LoweredPopulations:
    """Columns as in `simulator.plan.lowered.DataPlan`, one entry per population, and the resolvers."""

    columns: dict[str, list[Any]] = field(default_factory=dict)
    mix: list[tuple[float, int]] = field(default_factory=list)
    extensions_ns: list[int] = field(default_factory=list)

    def add(self, **values: Any) -> None:
        """Append one population's row."""
        for name, value in values.items():
            self.columns.setdefault(f"pop_{name}", []).append(value)

    def arrays(self) -> dict[str, Any]:
        """The columns as arrays."""
        real = {"pop_gap_ns", "pop_profile"}
        arrays = {n: np.array(v, np.float64 if n in real else np.int64) for n, v in self.columns.items()}
        return arrays | {
            "mix_cumulative": np.array([share for share, _ in self.mix], np.float64),
            "mix_operation": np.array([operation for _, operation in self.mix], np.int64),
            "resolver_extend_ns": np.array(self.extensions_ns, np.int64),
        }


def no_populations() -> dict[str, Any]:
    """The arrays of an experiment without users."""
    columns = [one.name for one in fields(DataPlan) if one.name.startswith("pop_")]
    arrays: dict[str, Any] = {name: np.empty(0, np.int64) for name in columns}
    arrays |= {"pop_gap_ns": np.empty(0), "pop_profile": np.empty((0, 24)), "mix_cumulative": np.empty(0)}
    return arrays | {"mix_operation": np.empty(0, np.int64), "resolver_extend_ns": np.empty(0, np.int64)}


def operation_number(action: str, operations: tuple[str, ...]) -> int:
    """The operation that an action names, as `operation` or `service.operation`."""
    return next(n for n, name in enumerate(operations) if action in (name, name.partition(".")[2]))


def lower_mix(actions: dict[str, float], operations: tuple[str, ...]) -> list[tuple[float, int]]:
    """Cumulative shares and operations; the last share is exactly 1."""
    weights: Floats = np.array([*actions.values()], np.float64)
    cumulative = np.cumsum(weights) / weights.sum()
    cumulative[-1] = 1.0
    return [(float(c), operation_number(a, operations)) for c, a in zip(cumulative, actions, strict=True)]


def lead_ns(length: Lowered) -> int:
    """How long before time zero arrivals begin: the 99.9th percentile of session lengths, at most a day."""
    kind, a, b = length
    if kind == LOGNORMAL:
        longest = math.exp(a + b * _Z999)
    elif kind == EXPONENTIAL:
        longest = -a * math.log(1 - _LEAD_QUANTILE)
    else:
        longest = a if kind == CONSTANT else b
    return min(int(longest) + 1, _DAY_NS)


def _profile(population: Population) -> list[float]:
    written = population.daily_profile or [1.0] * 24
    return [hour / max(written) for hour in written]


def _arrivals(population: Population, length: Lowered) -> dict[str, Any]:
    if population.sessions is not None:
        return {"sessions": population.sessions, "gap_ns": 0.0, "lead_ns": 0, "profile": [1.0] * 24}
    assert population.arrivals is not None
    gap_ns = 1e9 / population.arrivals if population.arrivals else float(NEVER_NS)
    return {"sessions": 0, "gap_ns": gap_ns, "lead_ns": lead_ns(length), "profile": _profile(population)}


def _device_cache(kind: str, sources: Sources) -> dict[str, int]:
    if kind == "browser":
        return {
            "dns_fixed_ns": -1,
            "dns_floor_ns": sources.duration_ns("dns.browser_floor"),
            "dns_negative_ns": 0,
        }
    if kind == "jvm":
        fixed_ns, negative_ns = (
            sources.duration_ns("dns.jvm_lifetime"),
            sources.duration_ns("dns.jvm_negative"),
        )
        return {"dns_fixed_ns": fixed_ns, "dns_floor_ns": 0, "dns_negative_ns": negative_ns}
    return {"dns_fixed_ns": 0, "dns_floor_ns": 0, "dns_negative_ns": 0}


def _client(written: str | Client, sources: Sources) -> dict[str, int]:
    client = Client(profile=written) if isinstance(written, str) else written
    profile, backoff = f"client.{client.profile}", client.backoff
    base_ns = cap_ns = None
    if backoff is not None:
        base_ns, cap_ns = backoff.base, backoff.cap
    attempts = int(sources.number(f"{profile}.attempts", client.attempts))
    retrying = sources if attempts > 1 else Sources()  # without retries no figure of theirs is used
    return {
        "timeout_ns": sources.duration_ns(f"{profile}.timeout", client.timeout),
        "attempts": attempts,
        "backoff_base_ns": retrying.duration_ns(f"{profile}.backoff_base", base_ns),
        "backoff_cap_ns": retrying.duration_ns(f"{profile}.backoff_cap", cap_ns),
        "keep_alive_ns": sources.duration_ns(f"{profile}.keep_alive", client.keep_alive),
    } | _device_cache(sources.text(f"{profile}.dns_cache", client.dns_cache), sources)


def extension_ns(seed: int, population: int, resolver: int, share: float, by_how_much: Lowered) -> int:
    """By how much a resolver extends TTLs; 0 if it is honest (docs/model.md §2, stream RESOLVER)."""
    if uniform_of(seed, RESOLVER, population, resolver, 0, 0) >= share:
        return 0
    return int(sample(*by_how_much, uniform_of(seed, RESOLVER, population, resolver, 0, 1)) + 0.5)


def _resolvers(
    number: int,
    population: Population,
    topology: Topology,
    lowered: LoweredPopulations,
    seed: int,
    sources: Sources,
) -> dict[str, int]:
    defaults, written = topology.defaults, population.resolvers
    count = int(sources.number("dns.resolver_count", written.count))
    chosen = defaults.resolver_extends_ttl if written.extend_ttl is None else written.extend_ttl
    share = sources.share("dns.resolver_extends_ttl", chosen)
    how_much: Lowered = (CONSTANT, 0.0, 0.0)
    if share > 0:
        how_much = sources.distribution("dns.resolver_extension", defaults.resolver_extension)
        how_much = log_uniform(how_much) if defaults.resolver_extension is None else how_much
    first = len(lowered.extensions_ns)
    lowered.extensions_ns += [extension_ns(seed, number, i, share, how_much) for i in range(count)]
    return {"resolver_first": first, "resolver_count": count}


def _last_mile(population: Population, sources: Sources) -> Lowered:
    if isinstance(population.last_mile, str):
        return sources.distribution(f"network.last_mile.{population.last_mile}")
    return lower_distribution(population.last_mile)


def _length(population: Population) -> Lowered:
    if population.session_length is None:
        return CONSTANT, ENDLESS_NS, 0.0
    return lower_distribution(population.session_length)


def lower_populations(
    users: dict[str, Population],
    topology: Topology,
    places: tuple[str, ...],
    operations: tuple[str, ...],
    distributions: Distributions,
    sources: Sources,
    seed: int,
) -> dict[str, Any]:
    """The `pop_`, `mix_` and `resolver_extend_ns` arrays of a plan."""
    lowered = LoweredPopulations()
    for number, population in enumerate(users.values()):
        length, first = _length(population), len(lowered.mix)
        lowered.mix += lower_mix(population.actions, operations)
        lowered.add(
            near=places.index(population.near),
            length=distributions.number_of(length),
            think=distributions.number_of(lower_distribution(population.think_time)),
            last_mile=distributions.number_of(_last_mile(population, sources)),
            mix_first=first,
            mix_count=len(lowered.mix) - first,
            patience_ns=NEVER_NS if population.patience is None else population.patience,
            **_arrivals(population, length),
            **_client(population.client, sources),
            **_resolvers(number, population, topology, lowered, seed, sources),
        )
    return lowered.arrays() if users else no_populations()
