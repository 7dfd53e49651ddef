"""Faults with every name resolved to a number, of a kind for each target."""

from collections.abc import Iterator
from typing import ClassVar

from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class FaultPlan:
    """One fault action: what all of them have, whatever they strike.

    Each target's own class, in `simulator.plan.faults`, adds what it strikes and how.
    """

    kind: ClassVar[str]
    """What is struck."""

    label: str  # as the user would recognise it: "eu-south-1 black_hole"
    mode: str
    start_ns: int
    end_ns: int  # NEVER_NS: to the end of the run
    number: int = 0  # in file order
    faces: frozenset[int] | None = None
    """Of a fault that is limited to some requests: how services look to these (`simulator.plan.faces`).

    By number; None: it strikes everybody.
    """
    period_ns: int = 0  # flapping; 0: steady
    on_ns: int = 0  # flapping: how long it is on in each period
    bad: frozenset[int] | None = None  # flapping at random: the numbers of the periods in which it is on

    def intervals(self, until_ns: int) -> list[tuple[int, int]]:
        """The times in which the fault acts, clipped to the run, as (start, end)."""
        end = min(self.end_ns, until_ns)
        if not self.period_ns:
            return [(self.start_ns, end)] if self.start_ns < end else []
        starts = range(self.start_ns, end, self.period_ns)
        if self.bad is not None:
            return [*self._joined(starts, end)]
        return [(start, min(start + self.on_ns, end)) for start in starts]

    def _joined(self, starts: range, end: int) -> Iterator[tuple[int, int]]:
        """Periods that are bad throughout; those that follow each other as one."""
        bad = {number for number in self.bad or () if number < len(starts)}
        for number in sorted(bad):
            if number - 1 in bad:
                continue
            last = number
            while last + 1 in bad:
                last += 1
            yield starts[number], min(starts[last] + self.period_ns, end)

    @property
    def places(self) -> tuple[int, ...]:
        """The regions in which it strikes something that requests to them meet."""
        return ()

    def shunned(self, region_count: int) -> set[int]:
        """The regions that users had better leave: those that it strikes, unless they are all there are."""
        struck = {*self.places}
        return struck if len(struck) < region_count else set()
