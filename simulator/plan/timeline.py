"""Faults with every name resolved to a number, of a kind for each target."""

from dataclasses import dataclass
from typing import ClassVar


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

    def intervals(self, until_ns: int) -> list[tuple[int, int]]:
        """The times in which the fault acts, clipped to the run, as (start, end)."""
        end = min(self.end_ns, until_ns)
        if not self.period_ns:
            return [(self.start_ns, end)] if self.start_ns < end else []
        starts = range(self.start_ns, end, self.period_ns)
        return [(start, min(start + self.on_ns, end)) for start in starts]

    @property
    def places(self) -> tuple[int, ...]:
        """The regions in which it strikes something that requests to them meet."""
        return ()

    def shunned(self, region_count: int) -> set[int]:
        """The regions that users had better leave: those that it strikes, unless they are all there are."""
        struck = {*self.places}
        return struck if len(struck) < region_count else set()
