"""Figures that are kept in a repository, and what has become of them."""

from collections.abc import Mapping
from typing import Any, Literal

from simulator.errors import EXIT_MET, EXIT_MISSED
from simulator.records import dataclass
from simulator.result.comparison import Difference, Span
from simulator.result.plain import plain

State = Literal["worse", "better", "changed", "within", "same", "unclear", "gone"]
"""Clearly worse or better, and outside what was kept; clearly changed and outside it, of a figure of which
neither more nor less is better; clearly changed, yet within it; the same under every seed; not clear; or no
run tells the figure any more."""


@dataclass(frozen=True)
class Held:
    """A figure held against what was kept of it."""

    key: str
    """Measure, part and scope, as expectations write them."""
    state: State
    """What has become of it."""
    kept: Span
    """What was kept, with its interval."""
    now: Span
    """What it is now."""
    difference: Difference
    """The difference, seed by seed."""


@dataclass(frozen=True)
class Checked:
    """A file held against what was kept of it."""

    file: str
    """As it is named in the baseline."""
    has_changed: bool
    """Whether the texts of its experiment or topology are others than they were."""
    figures: tuple[Held, ...]
    """Every figure that was kept, in order."""

    def of(self, *states: State) -> list[Held]:
        """The figures of some states."""
        return [one for one in self.figures if one.state in states]


@dataclass(frozen=True)
class BaselineCheck:
    """Files held against a baseline."""

    seeds: tuple[int, ...]
    """Those of the baseline."""
    confidence: float
    """With which all intervals of a file hold together."""
    made_by: Mapping[str, str]
    """The versions by which the baseline was made."""
    versions: Mapping[str, str]
    """Those of now."""
    files: tuple[Checked, ...]
    """In the order in which they were asked for."""

    @property
    def exit_code(self) -> int:
        """1 if a figure is worse, or gone."""
        return EXIT_MISSED if any(one.of("worse", "gone") for one in self.files) else EXIT_MET

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        found: dict[str, Any] = plain(self)
        return found
