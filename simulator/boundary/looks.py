"""What a place looks like to a caller: a site, an endpoint of a store, a link between places.

One record says it all. A new attribute is a new field here, with how several of them add up, and its name in
the list of the places that have it.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import field, fields
from functools import reduce
from typing import Any

from simulator.boundary.outcomes import BLACK_HOLE, UP
from simulator.records import dataclass
from simulator.times import total_add_ns, total_factor

Place = tuple[int, int]
"""A site (service, region), an endpoint (store, region), or a link (origin, target)."""


def share_of_any(shares: Iterable[float]) -> float:
    """The share of what suffers at least one of several independent shares, whatever their order."""
    return reduce(lambda some, more: some + more * (1.0 - some), sorted(shares, reverse=True), 0.0)


def share_left(shares: Iterable[float]) -> float:
    """What several losses leave of a capacity, whatever their order."""
    return math.prod(sorted(shares), start=1.0)


def _attribute(well: Any, add_up: Callable[[Any], Any]) -> Any:
    """An attribute of a look: its value where nothing is wrong, and what several values come to."""
    return field(default=well, metadata={"add_up": add_up})


@dataclass(frozen=True, slots=True)
class Look:
    """How a place looks. Where nothing is said, nothing is wrong with it."""

    mode: int = _attribute(UP, max)
    """A black hole outweighs refusing, which outweighs all that leaves a place up. A link that is cut is a
    black hole."""
    error_share: float = _attribute(0.0, share_of_any)
    """The share of requests that are answered with an error."""
    factor: float = _attribute(1.0, total_factor)
    """Times take this many times as long."""
    add_ns: int = _attribute(0, total_add_ns)
    """This much longer."""
    capacity: float = _attribute(1.0, share_left)
    """The share of its capacity that is left."""
    empty: bool = _attribute(False, any)
    """Its name leads nowhere."""
    throttle_share: float = _attribute(0.0, share_of_any)
    """The share of calls, of those not answered with an error, that are throttled."""
    loss: float = _attribute(0.0, share_of_any)
    """The share of messages that are lost."""
    absent: bool = _attribute(False, any)
    """It is not there: calls are told so."""
    fenced: bool = _attribute(False, any)
    """Writes are refused there."""
    corrupt_share: float = _attribute(0.0, share_of_any)
    """The share of writes that become wrong."""

    @property
    def cut(self) -> bool:
        """Whether nothing gets through a link."""
        return self.mode == BLACK_HOLE


WELL = Look()
"""A place at which nothing is wrong."""

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "site": ("mode", "error_share", "factor", "add_ns", "capacity"),
    "instance": ("mode", "error_share", "factor", "add_ns"),
    "endpoint": (
        "mode",
        "error_share",
        "throttle_share",
        "factor",
        "add_ns",
        "empty",
        "capacity",
        "absent",
        "fenced",
        "corrupt_share",
    ),
    "link": ("cut", "loss", "factor", "add_ns"),
}
"""What matters at each kind of place; the compiled plane has an array `site_mode`, and so on, for each."""


def together(looks: Iterable[Look]) -> Look:
    """What several looks of one place add up to; their order does not matter."""
    found = [*looks]
    if not found:
        return WELL
    return Look(**{name: add_up([getattr(look, name) for look in found]) for name, add_up in _ADD_UP.items()})


_ADD_UP = {one.name: one.metadata["add_up"] for one in fields(Look)}


class Looks(dict[tuple[int, ...], Look]):
    """What places look like, by place; nothing is wrong with those that nobody has set."""

    def __missing__(self, place: tuple[int, ...]) -> Look:
        return WELL
