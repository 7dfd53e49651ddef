"""The best values of several knobs that a search found."""

import json
from collections.abc import Mapping
from typing import Any

from simulator.boundary.measure_terms import Sense
from simulator.errors import EXIT_MET, EXIT_MISSED
from simulator.records import dataclass
from simulator.result.comparison import Difference, Span
from simulator.result.plain import plain


@dataclass(frozen=True)
class Tried:
    """One combination of values."""

    values: Mapping[str, str]
    """Path → value, as one writes it in YAML."""
    figure: Span
    """What is sought, over the seeds of the search."""
    keeps: bool
    """Whether it keeps the condition."""


@dataclass(frozen=True)
class Tuned:
    """What a search over several knobs found."""

    said: str
    """The file as it was named, and what is set in it."""
    key: str
    """The figure that is to be as good as it can be."""
    better: Sense
    """Which values of it are better."""
    condition: str | None
    """What has to be kept; null if nothing."""
    seeds: tuple[int, ...]
    """The seeds of the search,"""
    fresh: tuple[int, ...]
    """and others, which it did not see, by which the best is judged."""
    tries: tuple[Tried, ...]
    """All of them: those that keep the condition first, the best first."""
    as_it_is: Span | None
    """The figure of the files as they are, under the fresh seeds; null if nothing keeps the condition,"""
    best: Span | None
    """that of the best values,"""
    difference: Difference | None
    """and the difference, seed by seed."""

    @property
    def exit_code(self) -> int:
        """0 if the best values are clearly better than what is there, else 1."""
        return EXIT_MET if self.difference is not None and self.difference.change == "better" else EXIT_MISSED

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        found: dict[str, Any] = plain(self)
        return found

    def to_json(self) -> str:
        """Canonical text."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
