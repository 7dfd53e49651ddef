"""The load at which a system breaks, and what gives way."""

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from simulator.records import dataclass
from simulator.result.boundary import Boundary
from simulator.result.plain import UNWRITTEN, plain
from simulator.result.whole import Result


@dataclass(frozen=True)
class Failing:
    """An expectation that fails where the system breaks."""

    expectation: str
    """As a reader would say it."""
    runs: int
    """Runs at that load in which it is missed,"""
    of: int
    """of so many."""
    reason: str
    """Why, in the first of these."""


@dataclass(frozen=True)
class Breaking:
    """The boundary between the loads that a system takes and those that break it."""

    load: Mapping[str, str]
    """Population → what the files say of it: its sessions at once, or those that arrive in a unit of time."""
    boundary: Boundary
    """The factors of the load that were tried, and where it breaks."""
    failing: tuple[Failing, ...]
    """What fails at the least load that is known to break it; none if none was found."""
    before: Result | None = field(metadata=UNWRITTEN)
    """A run at the highest load that it is known to take; None if there is none."""
    broken: Result | None = field(metadata=UNWRITTEN)
    """A run at the least load that is known to break it, in which something fails; None if there is none."""

    @property
    def exit_code(self) -> int:
        """0 if both are known, else 1."""
        return self.boundary.exit_code

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        found: dict[str, Any] = plain(self)
        return found

    def to_json(self) -> str:
        """Canonical text."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
