"""Populations of users and bots lowered: how many, how they act, their clients and resolvers."""

import math
from collections.abc import Mapping
from dataclasses import field, fields
from typing import Any

import numpy as np

from simulator.boundary.fields import Floats
from simulator.boundary.kinds import NEVER_NS
from simulator.language.checks.faults.surges import highest_factor
from simulator.language.models.clients import as_client
from simulator.language.models.monitoring import Canary
from simulator.language.models.users import Population
from simulator.lowering.context import Context
from simulator.lowering.resolvers import lower_resolvers, phases
from simulator.lowering.retry_policies import lower_policy
from simulator.lowering.services import operation_numbers
from simulator.lowering.sources import Sources, lower_distribution
from simulator.lowering.surges import as_population, as_runs
from simulator.plan.lowered import DataPlan
from simulator.plan.sources import Lowered
from simulator.randomness.distributions import CONSTANT, EXPONENTIAL, LOGNORMAL
from simulator.randomness.draws import CANARY, uniform_of
from simulator.records import dataclass
from simulator.times import AGES_NS

ENDLESS_NS = float(AGES_NS)
"""Length of a closed session without a `session_length`: 36 years."""

_REAL = ("pop_gap_ns", "pop_profile", "pop_sign_up", "pop_surge_base", "pop_surge_most")
_DAY_NS = 86_400 * 10**9
_HOURS = 7 * 24
_LEAD_QUANTILE = 0.999
_Z999 = 3.090232306167813  # quantile of the standard normal at 99.9 %


@dataclass
class LoweredPopulations:
    """Columns as in `simulator.plan.lowered.DataPlan`, one entry per population, and the resolvers."""

    columns: dict[str, list[Any]] = field(default_factory=dict)
    mix: list[tuple[float, int]] = field(default_factory=list)
    extensions_ns: list[int] = field(default_factory=list)
    users_upto: list[float] = field(default_factory=list)
    phases: list[float] = field(default_factory=list)

    def add(self, **values: Any) -> None:
        """Append one population's row."""
        for name, value in values.items():
            self.columns.setdefault(f"pop_{name}", []).append(value)

    def arrays(self) -> dict[str, Any]:
        """The columns as arrays."""
        arrays: dict[str, Any] = {
            n: np.array(v, np.float64 if n in _REAL else np.int64) for n, v in self.columns.items()
        }
        arrays["pop_address_first"] = np.cumsum(arrays["pop_addresses"]) - arrays["pop_addresses"]
        return arrays | {
            "mix_cumulative": np.array([share for share, _ in self.mix], np.float64),
            "mix_operation": np.array([operation for _, operation in self.mix], np.int64),
            "resolver_extend_ns": np.array(self.extensions_ns, np.int64),
            "resolver_users_upto": np.array(self.users_upto, np.float64),
            "resolver_phase": np.array(self.phases, np.float64),
        }


def no_populations() -> dict[str, Any]:
    """The arrays of an experiment without users."""
    columns = [one.name for one in fields(DataPlan) if one.name.startswith("pop_")]
    arrays: dict[str, Any] = {name: np.empty(0, np.int64) for name in columns}
    arrays |= {name: np.empty(0) for name in _REAL} | {"mix_cumulative": np.empty(0)}
    arrays["pop_profile"] = np.empty((0, _HOURS))
    arrays |= {"mix_operation": np.empty(0, np.int64), "resolver_extend_ns": np.empty(0, np.int64)}
    return arrays | {"resolver_users_upto": np.empty(0), "resolver_phase": np.empty(0)}


def lower_mix(actions: dict[str, float], operations: Mapping[str, int]) -> list[tuple[float, int]]:
    """Cumulative shares and operations; the last share is exactly 1."""
    weights: Floats = np.array([*actions.values()], np.float64)
    cumulative = np.cumsum(weights) / weights.sum()
    cumulative[-1] = 1.0
    return [(float(c), operations[a]) for c, a in zip(cumulative, actions, strict=True)]


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


def shares_by_hour(population: Population) -> list[float]:
    """A population's profiles: by hour of the week, from Monday 00:00, as a share of the busiest."""
    days, hours = population.weekly_profile or [1.0] * 7, population.daily_profile or [1.0] * 24
    return [day / max(days) * (hour / max(hours)) for day in days for hour in hours]


def _arrivals(population: Population, length: Lowered) -> dict[str, Any]:
    profile = shares_by_hour(population)
    if population.sessions is not None:
        none = {"gap_ns": 0.0, "gap_kind": EXPONENTIAL, "lead_ns": 0}
        return {"sessions": population.sessions, "profile": profile, **none}
    assert population.arrivals is not None
    gap_ns = 1e9 / population.arrivals if population.arrivals else float(NEVER_NS)
    lead = {"gap_ns": gap_ns, "gap_kind": EXPONENTIAL, "lead_ns": lead_ns(length)}
    return {"sessions": 0, "profile": profile, **lead}


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


def _resolvers(
    number: int, population: Population, context: Context, lowered: LoweredPopulations
) -> dict[str, int]:
    """Append a population's resolvers; which they are."""
    users_upto, extensions_ns = lower_resolvers(population, context)
    first, count = len(lowered.extensions_ns), len(extensions_ns)
    lowered.extensions_ns += extensions_ns
    lowered.users_upto += users_upto.tolist()
    lowered.phases += phases(context.seed, number, count)
    return {"resolver_first": first, "resolver_count": count}


def _last_mile(population: Population, sources: Sources) -> Lowered:
    if isinstance(population.last_mile, str):
        return sources.distribution(f"network.last_mile.{population.last_mile}")
    return lower_distribution(population.last_mile)


def _length(population: Population) -> Lowered:
    if population.session_length is None:
        return CONSTANT, ENDLESS_NS, 0.0
    return lower_distribution(population.session_length)


def _client(population: Population, context: Context) -> dict[str, int]:
    client, sources = as_client(population.client), context.sources
    policy = context.policies.number_of(lower_policy(client, sources))
    cache = sources.text(f"client.{client.profile}.dns_cache", client.dns_cache)
    return {"policy": policy} | _device_cache(cache, sources)


def _add(population: Population, context: Context, lowered: LoweredPopulations, **special: Any) -> None:
    """Append a population; `special` columns stand in the place of its own."""
    number, length, first = len(lowered.columns.get("pop_near", [])), _length(population), len(lowered.mix)
    lowered.mix += lower_mix(population.actions, operation_numbers(context))
    distributions = context.distributions
    columns = {
        "near": context.places.index(population.near),
        "length": distributions.number_of(length),
        "think": distributions.number_of(lower_distribution(population.think_time)),
        "last_mile": distributions.number_of(_last_mile(population, context.sources)),
        "mix_first": first,
        "mix_count": len(lowered.mix) - first,
        "patience_ns": NEVER_NS if population.patience is None else population.patience,
        "sign_up": population.sign_up,
        "addresses": population.addresses or 0,
        **_arrivals(population, length),
        **_client(population, context),
        **_resolvers(number, population, context, lowered),
    }
    lowered.add(**columns | special)


def lower_populations(context: Context) -> dict[str, Any]:
    """The `pop_`, `mix_` and `resolver_extend_ns` arrays of a plan: users, then bots, then canaries."""
    lowered = LoweredPopulations()
    for name, population in context.experiment.users.items():
        most = highest_factor(name, context.experiment.faults)
        _add(population, context, lowered, bots=0, surge_base=1.0, surge_most=most)
    for bots in context.bots:
        _add(as_population(bots), context, lowered, lead_ns=0, bots=1, surge_base=0.0, surge_most=1.0)
    for number, canary in enumerate(context.topology.canaries.values()):
        _add_canary(number, canary, context, lowered)
    return lowered.arrays() if lowered.columns else no_populations()


def _add_canary(number: int, canary: Canary, context: Context, lowered: LoweredPopulations) -> None:
    """Runs at equal times, the first within a gap after the start, at a phase of its own."""
    phase = uniform_of(context.seed, CANARY, number, 0, 0, 0)
    special = {"gap_kind": CONSTANT, "gap_ns": float(canary.every), "lead_ns": int(phase * canary.every)}
    _add(as_runs(canary), context, lowered, bots=1, surge_base=1.0, surge_most=1.0, **special)
