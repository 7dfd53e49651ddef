"""The faults that act now, and what each kind of target makes of them.

Specification: docs/model-control-plane.md §2.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar, TypeVar, cast

from simulator.control_plane.world import World
from simulator.plan.timeline import FaultPlan

P = TypeVar("P", bound=FaultPlan)


def timeline(faults: Iterable[FaultPlan], until_ns: int) -> dict[int, tuple[list[int], list[int]]]:
    """The instants at which faults change, in order: the numbers of those that end and those that begin."""
    instants: dict[int, tuple[list[int], list[int]]] = {}
    for number, fault in enumerate(faults):
        for start_ns, end_ns in fault.intervals(until_ns):
            if start_ns == end_ns:
                continue  # flapping so little that it rounds to nothing
            instants.setdefault(start_ns, ([], []))[1].append(number)
            if end_ns < until_ns:
                instants.setdefault(end_ns, ([], []))[0].append(number)
    return dict(sorted(instants.items()))


def chosen(faults: Iterable[FaultPlan], kind: type[P]) -> list[P]:
    """Those of some faults that are of a kind."""
    return [fault for fault in faults if isinstance(fault, kind)]


class Acting:
    """The faults that act now."""

    def __init__(self, plans: tuple[FaultPlan, ...]) -> None:
        self._plans = plans
        self._numbers: list[int] = []
        self._by_kind: dict[type[FaultPlan], list[FaultPlan]] = {}  # of those that act, as far as asked

    def switch(self, ends: list[int], begins: list[int]) -> None:
        """Let faults, by number, end and begin; what acts is kept in file order."""
        for number in ends:
            self._numbers.remove(number)
        self._numbers = sorted([*self._numbers, *begins])
        self._by_kind.clear()

    def of(self, kind: type[P]) -> list[P]:
        """The acting faults of a kind."""
        if kind not in self._by_kind:
            self._by_kind[kind] = [*chosen((self._plans[number] for number in self._numbers), kind)]
        return cast(list[P], self._by_kind[kind])


class Target(ABC):
    """Something that faults strike: it is brought to what those that act add up to, where they change."""

    struck_by: ClassVar[tuple[type[FaultPlan], ...]]
    """The kinds of fault on which it depends."""
    seen: ClassVar[bool] = False
    """Whether who follows the world (`World.changed`) sees it."""

    def __init__(self, world: World, acting: Acting) -> None:
        self._world = world
        self._acting = acting

    @abstractmethod
    def apply(self, switched: list[FaultPlan], begun: list[FaultPlan]) -> None:
        """Set what these faults strike; `begun` are those of them that have just begun."""
