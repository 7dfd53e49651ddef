"""One row of the table of published and closed-form results."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A quantity, what it should be, what the simulator says, and how far apart they may be."""

    what: str
    expected: float
    ours: float
    tolerance: float
    source: str
    unit: str = ""  # "%": shares from 0 to 1 shown as percentages

    @property
    def holds(self) -> bool:
        """Whether ours is within the tolerance."""
        return abs(self.ours - self.expected) <= self.tolerance

    def shown(self, number: float) -> str:
        """A number of this quantity for a reader."""
        return f"{100 * number:.2f} %" if self.unit == "%" else f"{number:.4g}"
