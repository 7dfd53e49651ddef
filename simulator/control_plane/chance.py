"""Keyed draws for the control plane: the kernels of `simulator.randomness`, with their types."""

from collections.abc import Callable

from simulator.randomness import draws, losses

_uniform_of: Callable[[int, int, int, int, int, int], float] = draws.uniform_of
_sample: Callable[[int, float, float, float], float] = draws.sample
_nanoseconds: Callable[[float], int] = draws.nanoseconds
_losses_in_a_row: Callable[[float, float, int], int] = losses.losses_in_a_row

_LOSSES_MOST = 30  # of one message, in a row
_REGIONS_MOST = 1024


def uniform(seed: int, stream: int, entity: int, counter: int, lane: int = 0, word: int = 0) -> float:
    """A uniform number in (0, 1), a pure function of its key (docs/model.md §2)."""
    return float(_uniform_of(seed, stream, entity, counter, lane, word))


def entity_of(thing: int, region: int) -> int:
    """The entity of draws of a service, or a store, in a region, by their numbers."""
    return thing * _REGIONS_MOST + region


def duration_ns(distribution: tuple[int, float, float], u: float) -> int:
    """The duration of a distribution (kind and parameters) that belongs to a uniform number."""
    return int(_nanoseconds(_sample(*distribution, u)))


def retransmissions_ns(loss: float, first_timeout_ns: int, u: float) -> int:
    """Time until a message gets through, when a share of messages is lost (docs/model.md §4.2)."""
    return ((1 << int(_losses_in_a_row(loss, u, _LOSSES_MOST))) - 1) * first_timeout_ns
