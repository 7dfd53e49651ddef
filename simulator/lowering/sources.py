"""Where lowered values come from: what the user wrote, else the catalog, noting the assumed defaults used."""

import math
from typing import Any

from pydantic import TypeAdapter

from simulator import catalog, units
from simulator.language.models.quantities import Constant, Distribution, Exponential, LogNormal, Uniform
from simulator.plan.lowered import Assumption
from simulator.plan.sources import Lowered
from simulator.randomness.distributions import CONSTANT, EXPONENTIAL, LOGNORMAL, UNIFORM

_DISTRIBUTION: TypeAdapter[Any] = TypeAdapter(Distribution)


def lower_distribution(written: Any) -> Lowered:
    """A distribution that a user wrote, as its kind and parameters."""
    if isinstance(written, LogNormal):
        return LOGNORMAL, math.log(written.median), math.log(written.p99 / written.median) / units.Z99
    if isinstance(written, Exponential):
        return EXPONENTIAL, float(written.mean), 0.0
    if isinstance(written, Uniform):
        return UNIFORM, float(written.from_), float(written.to)
    assert isinstance(written, Constant)
    return CONSTANT, float(written.root), 0.0


class Sources:
    """Reads catalog defaults and remembers which `assumed` ones a plan rests on."""

    def __init__(self) -> None:
        self._used: dict[str, Assumption] = {}

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """The assumed defaults used so far, by name."""
        return tuple(self._used[name] for name in sorted(self._used))

    def _entry(self, name: str) -> Any:
        entry = catalog.entry(name)
        if entry.label == "assumed":
            self._used[name] = Assumption(name, entry.text, entry.label, entry.source)
        return entry.value

    def number(self, name: str, written: float | None = None) -> float:
        """A plain number."""
        return float(self._entry(name)) if written is None else written

    def text(self, name: str, written: str | None = None) -> str:
        """A word."""
        return str(self._entry(name)) if written is None else written

    def duration_ns(self, name: str, written: int | None = None) -> int:
        """One duration."""
        return units.parse_duration(self._entry(name)) if written is None else written

    def rate(self, name: str, written: float | None = None) -> float:
        """Events per second."""
        return units.parse_rate(self._entry(name)) if written is None else written

    def size(self, name: str, written: int | None = None) -> int:
        """Bytes."""
        return units.parse_size(self._entry(name)) if written is None else written

    def share(self, name: str, written: float | None = None) -> float:
        """A share from 0 to 1."""
        return units.parse_share(self._entry(name)) if written is None else written

    def mapping(self, name: str) -> dict[str, str]:
        """Texts by text."""
        return dict(self._entry(name))

    def distribution(self, name: str, written: Any = None) -> Lowered:
        """A sampled duration."""
        return lower_distribution(
            _DISTRIBUTION.validate_python(self._entry(name)) if written is None else written
        )


class Distributions:
    """The table of distributions that a plan refers to by number."""

    def __init__(self) -> None:
        self.rows: list[Lowered] = []

    def number_of(self, lowered: Lowered) -> int:
        """The row of a distribution; equal ones share a row."""
        if lowered not in self.rows:
            self.rows.append(lowered)
        return self.rows.index(lowered)
