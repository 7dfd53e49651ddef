"""Resolvers lowered: who shares which, and which of them keep answers beyond their TTL (docs/model.md §5).

The share of *users* behind resolvers that extend TTLs is exact, not the outcome of some coins: users are laid
out over the resolvers of their population from 0 to 1, honest ones first.
"""

import numpy as np

from simulator import units
from simulator.boundary.fields import Floats
from simulator.language.models.users import Population
from simulator.lowering.context import Context
from simulator.lowering.sources import lower_distribution
from simulator.plan.sources import Lowered
from simulator.randomness.draws import RESOLVER, sample, uniform_of

_UNEVENNESS = 0.5  # the r-th of the honest resolvers has users in proportion to r^-0.5
_HONEST_FOR_EACH_EXTENDING = 4
_GOLDEN = 0.6180339887498949  # multiples of it, modulo 1, fill the unit interval evenly


def phases(seed: int, population: int, count: int) -> list[float]:
    """How much of an answer's life is left to each resolver of a population at time zero, evenly spread."""
    first = float(uniform_of(seed, RESOLVER, population, 0, 0, 0))
    return [(first + number * _GOLDEN) % 1.0 for number in range(count)]


def lower_resolvers(population: Population, context: Context) -> tuple[Floats, list[int]]:
    """Cumulative share of a population's users by resolver, and by how much each extends TTLs (ns)."""
    defaults, written, sources = context.topology.defaults, population.resolvers, context.sources
    count = int(sources.number("dns.resolver_count", written.count))
    chosen = defaults.resolver_extends_ttl if written.extend_ttl is None else written.extend_ttl
    share = sources.share("dns.resolver_extends_ttl", chosen)
    honest = 0 if share == 1 else count
    extending = 0 if share == 0 else max(1, -(-count // _HONEST_FOR_EACH_EXTENDING))
    extensions_ns = [0] * honest
    if extending:
        extensions_ns += _extensions_ns(extending, defaults.resolver_extension, context)
    return _cumulative(honest, extending, share), extensions_ns


def _cumulative(honest: int, extending: int, share: float) -> Floats:
    """Honest resolvers are used unevenly, extending ones evenly; the last number is exactly 1."""
    weights = np.arange(1, honest + 1, dtype=np.float64) ** -_UNEVENNESS
    parts = [weights / weights.sum() * (1 - share)] if honest else []
    parts += [np.full(extending, share / extending)] if extending else []
    cumulative: Floats = np.cumsum(np.concatenate(parts))
    cumulative[-1] = 1.0
    return cumulative


def _extensions_ns(count: int, written: object, context: Context) -> list[int]:
    """The extensions of resolvers used evenly: the quantiles in the middle of their users' shares."""
    quantiles = [(number + 0.5) / count for number in range(count)]
    if written is None:
        classes = _classes(context)
        return [next(ns for upto, ns in classes if quantile < upto) for quantile in quantiles]
    lowered: Lowered = lower_distribution(written)
    return [int(sample(*lowered, quantile) + 0.5) for quantile in quantiles]


def _classes(context: Context) -> list[tuple[float, int]]:
    """The catalog's extensions: up to which share of the users behind such resolvers, and how long (ns)."""
    classes = context.sources.mapping("dns.resolver_extension")
    upto = np.cumsum([units.parse_share(share) for share in classes.values()])
    upto[-1] = 1.0
    return [(float(one), units.parse_duration(length)) for one, length in zip(upto, classes, strict=True)]
