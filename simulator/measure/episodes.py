"""When some actions were good again after each fault: those of all people, of a population, an operation.

The rules are those of docs/measures.md, "Service is OK" and "Recovery", whosever the actions are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import field
from itertools import pairwise

import numpy as np

from simulator.measure import service
from simulator.measure.service import Block, State
from simulator.outcome import Outcome
from simulator.records import dataclass
from simulator.result.recovery import Objective, Rung
from simulator.units import format_duration

LEVELS = (0.5, 0.9, 0.95, 0.99, 0.999)
"""The shares of the ladder."""


_NEVER_OK = "too little followed"


@dataclass(frozen=True)
class Episode:
    """From the start of a fault to the service being OK again and staying OK, or to the end of the run."""

    horizon_ns: int  # the next declared fault, or the end of the run
    found: service.Recovery


@dataclass(frozen=True)
class Watched:
    """Actions by the window in which they began, the faults that they lived through, and what is OK."""

    windows: service.Windows
    starts_ns: Sequence[int]  # of the faults
    spans_ns: Sequence[tuple[int, int]]  # in which a fault acted
    objective: Objective
    _found: dict[float, list[Block]] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def of_all(outcome: Outcome, objective: Objective) -> "Watched":
        """The actions of all people."""
        return _watched(outcome, objective, "window", None)

    @staticmethod
    def of_population(outcome: Outcome, objective: Objective, *numbers: int) -> "Watched":
        """Those of one population, or of several together."""
        return _watched(outcome, objective, "population", numbers)

    @staticmethod
    def of_operation(outcome: Outcome, objective: Objective, *numbers: int) -> "Watched":
        """Those of one operation, or of several together."""
        return _watched(outcome, objective, "operation", numbers)

    @property
    def acts(self) -> bool:
        """Whether there is any action."""
        return bool(self.windows.begun.any())

    @property
    def hold_ns(self) -> int:
        """How long the service must stay OK."""
        return round(self.objective.hold_s * 10**9)

    def blocks(self, share: float) -> list[Block]:
        """The blocks of the run, if so large a share of the actions must be good."""
        if share not in self._found:
            self._found[share] = service.blocks(self.windows, failures_of(share), self.starts_ns)
        return self._found[share]

    def episodes(self) -> list[Episode]:
        """The episodes of the run, in order.

        A fault that begins before the service is known to have recovered belongs to the earlier fault's
        episode.
        """
        failures, end_ns = failures_of(self.objective.success), self.windows.end_ns
        blocks, first = self.blocks(self.objective.success), None
        found: list[Episode] = []
        for start, horizon in pairwise([*self.starts_ns, end_ns]):
            first = start if first is None else first
            one = service.recovery(blocks, first, horizon, self.hold_ns, failures)
            if one.is_shown or horizon == end_ns:
                found.append(Episode(horizon, one))
                first = None
        return found

    def worst_episode(self) -> Episode | None:
        """One that is not shown to have recovered, else the longest; None without a fault or an action."""
        found = self.episodes() if self.acts else []
        return max(found, key=_badness) if found else None

    def is_isolated(self) -> bool | None:
        """Whether the service was OK through every fault; None without a fault, or if that is open."""
        return service.is_isolated(self.blocks(self.objective.success), self.spans_ns)

    def ladder(self, worst: Episode, shares: Iterable[float] = ()) -> tuple[Rung, ...]:
        """When each share of the actions was good again, counted from the start of the worst episode.

        What is not good enough for the objective is not good enough for a larger share.
        """
        rungs, span_ns = [], (worst.found.start_ns, worst.horizon_ns)
        for share in sorted({*LEVELS, *shares, self.objective.success}):
            not_before_ns = worst.found.recovered_ns if share > self.objective.success else 0
            failures = failures_of(share)
            one = service.recovery(self.blocks(share), *span_ns, self.hold_ns, failures, not_before_ns)
            rungs.append(Rung(share, one.took_ns / 10**9, one.is_shown))
        return tuple(rungs)

    def why_not_shown(self, worst: Episode) -> str:
        """Why the recovery is not shown, and what would show it; empty if it is."""
        found = worst.found
        undisturbed_ns = self.starts_ns[0] - round(_longest_s(self.objective) * 10**9)
        if not _held_before(self.blocks(self.objective.success), undisturbed_ns):
            return "the service was not OK before the first fault"
        if found.is_shown:
            return ""
        if found.recovered_ns == worst.horizon_ns:
            return "it was not OK when the run ended"
        if found.missing_ns:
            return self._what_is_missing(worst)
        return "the last actions of the run speak against it"

    def _what_is_missing(self, worst: Episode) -> str:
        """Whether the run can show the hold; if so, how much of it is there, and what would decide it."""
        found, hold = worst.found, _to_the_millisecond(self.hold_ns)
        held_ns, left_ns = found.held_until_ns - found.recovered_ns, worst.horizon_ns - found.recovered_ns
        if left_ns < self.hold_ns:
            left, short = format_duration(left_ns), _to_the_millisecond(self.hold_ns - left_ns)
            began = f"the run ended {left} after the fault began"
            until = f"not OK until {left} before the run ended" if found.was_not_ok else began
            return f"{until}: the run is {short} too short for the hold of {hold}"
        said = f"held for {format_duration(held_ns)} of {hold}" if held_ns else _NEVER_OK
        more = f"; {found.missing_actions:,} more actions without a failure would decide"
        return said + (more if found.missing_actions else "")


def _to_the_millisecond(ns: int) -> str:
    """A duration in words; a sixth of a run may have no end of digits."""
    return format_duration(round(ns, -6))


def failures_of(success: float) -> float:
    """The share of bad actions that is allowed; 99 % leave 1 %, to the last digit that people write."""
    return round(1 - success, 12)


def _watched(outcome: Outcome, objective: Objective, whose: str, numbers: Sequence[int] | None) -> Watched:
    """The windows of some actions: of these populations or operations together, or of all."""
    t, data = outcome.tallies, outcome.plan.data
    kinds = ("begun", "bad", "waits_from", "waits_until")
    counts = (getattr(t, f"{whose}_{kind}") for kind in kinds)
    begun, bad, from_, until = (one if numbers is None else one[:, [*numbers]].sum(axis=1) for one in counts)
    span = data.window_first_ns, data.window_ns, data.duration_ns
    windows = service.Windows(*span, begun, bad, np.cumsum(from_ - until))
    starts_ns = sorted({fault.start_ns for fault in outcome.plan.control.faults})
    spans_ns = [(int(start), int(end)) for start, end in data.fault_windows_ns]
    return Watched(windows, starts_ns, spans_ns, objective)


def _badness(episode: Episode) -> tuple[bool, int]:
    """What is not shown, though the service was not OK, is worse than the longest recovery."""
    return episode.found.was_not_ok and not episode.found.is_shown, episode.found.took_ns


def _longest_s(objective: Objective) -> float:
    """The longest time within which any action is asked to succeed (s)."""
    own = [*objective.within_operations_s.values(), *objective.within_populations_s.values()]
    return max([objective.within_s, *own])


def _held_before(blocks: Sequence[Block], until_ns: int) -> bool:
    """Whether the last decided block that ends by then is OK, if there is one.

    What begins later, though before the first fault, may be under way when that begins and suffer from it.
    """
    before = [one for one in blocks if one.end_ns <= until_ns and one.state is not State.OPEN]
    return not before or before[-1].state is State.OK
