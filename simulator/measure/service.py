"""When the service is OK: windows joined into blocks that can be decided (docs/measures.md, "Service is OK").

A window of thirty actions cannot tell 99 % from 98 %. So windows are added until the actions in them decide:
a block is OK or not OK with a chance of error below 1 in 10,000, or stays open.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from simulator.records import dataclass

_ENOUGH_FAILURES = 30  # expected ones, from which the count itself decides
_ERROR = 1e-4
_LEAST_OTHER_SHARE = 1e-3  # an objective of 100 % is told apart from 99.9 %


class State(Enum):
    """What the actions of a block say of the service."""

    OK = "ok"
    NOT_OK = "not_ok"
    OPEN = "open"


@dataclass(frozen=True)
class Block:
    """A run of windows: those with data from one that begins it to one that decides it."""

    start_ns: int
    end_ns: int
    actions: int
    bad: int
    state: State


_END = attrgetter("end_ns")


@dataclass(frozen=True)
class Windows:
    """Actions of people by window. Window i lasts from `first_ns + i · width_ns`, cut to [0, `end_ns`).

    `begun` in it; `bad` of these; `carried`: bad ones begun earlier that had not ended when it starts.
    """

    first_ns: int
    width_ns: int
    end_ns: int
    begun: NDArray[np.int64]
    bad: NDArray[np.int64]
    carried: NDArray[np.int64]

    def start_of(self, number: int) -> int:
        """When a window starts (ns)."""
        return max(self.first_ns + number * self.width_ns, 0)

    def end_of(self, number: int) -> int:
        """When a window ends (ns)."""
        return min(self.first_ns + (number + 1) * self.width_ns, self.end_ns)

    def number_at(self, at_ns: int) -> int:
        """The window that holds an instant."""
        return (at_ns - self.first_ns) // self.width_ns


def at_least(bad: int, actions: int, share: float) -> float:
    """The chance of at least `bad` failures of `actions`, each with chance `share`."""
    return 1.0 - _at_most(bad - 1, actions, share)


def _at_most(bad: int, actions: int, share: float) -> float:
    """The binomial distribution function; the terms follow from one another."""
    if bad < 0:
        return 0.0
    if share <= 0.0 or bad >= actions:
        return 1.0
    term = math.exp(actions * math.log1p(-share))
    total, odds = term, share / (1.0 - share)
    for number in range(bad):
        term *= (actions - number) / (number + 1) * odds
        total += term
    return min(total, 1.0)


@lru_cache(maxsize=100_000)
def decide(actions: int, bad: int, failures: float) -> State:
    """What `bad` of `actions` say, if a share of `failures` is allowed."""
    allowed = failures * actions
    if failures >= 1.0 or allowed >= _ENOUGH_FAILURES:
        return State.OK if bad <= allowed else State.NOT_OK
    if bad > allowed:
        return State.NOT_OK if at_least(bad, actions, failures) < _ERROR else State.OPEN
    other = _other_share(failures)
    return State.OK if _at_most(bad, actions, other) < _ERROR else State.OPEN


@cache
def flawless_actions(failures: float) -> int:
    """How many actions without a failure show that the service is OK: 456 at 99 %."""
    if failures >= 1.0:
        return 1
    return math.floor(math.log(_ERROR) / math.log1p(-_other_share(failures))) + 1


def _other_share(failures: float) -> float:
    """The share of failures from which what is allowed, and less than all, must be told apart."""
    return min(2 * failures, (1 + failures) / 2) or _LEAST_OTHER_SHARE


@lru_cache(maxsize=100_000)
def actions_missing(actions: int, bad: int, failures: float) -> int:
    """How many more actions without a failure would show that the service is OK."""
    most = 1
    while decide(actions + most, bad, failures) is not State.OK:
        most *= 2
    least = most // 2
    while most - least > 1:
        middle = (least + most) // 2
        if decide(actions + middle, bad, failures) is State.OK:
            most = middle
        else:
            least = middle
    return most


def blocks(windows: Windows, failures: float, cuts: Sequence[int]) -> list[Block]:
    """The blocks of a run, in order: from time zero and from each cut (a fault's start, ns) anew.

    Neighbours of one kind that were decided by a window each are put together.
    """
    numbers = [0, *sorted({windows.number_at(cut) for cut in cuts if 0 < cut < windows.end_ns})]
    ends = [*numbers[1:], len(windows.begun)]
    return [
        block
        for start, end in zip(numbers, ends, strict=True)
        for block in _part(windows, failures, start, end)
    ]


def _part(windows: Windows, failures: float, start: int, end: int) -> Iterator[Block]:
    """The blocks of the windows from `start` up to `end`, which a fault or the run's end cuts."""
    has_data = windows.begun[start:end] + windows.carried[start:end] > 0
    numbers = np.flatnonzero(has_data) + start
    alone = _is_flawless_alone(windows, failures, numbers)
    others = np.append(np.flatnonzero(~alone), len(numbers))  # where a row of flawless windows ends
    counts = windows.begun[numbers], windows.bad[numbers]
    (begun, bad), carried = (one.tolist() for one in counts), windows.carried[numbers].tolist()
    sums = [np.append(0, np.cumsum(one)).tolist() for one in counts]
    where: list[int] = numbers.tolist()
    at = 0
    while at < len(numbers):
        if alone[at]:
            stop, state = int(others[np.searchsorted(others, at)]), State.OK
        else:
            stop, state = _grow(begun, bad, carried[at], failures, at)
        actions, failed = sums[0][stop] - sums[0][at], sums[1][stop] - sums[1][at]
        span_ns = windows.start_of(where[at]), windows.end_of(where[stop - 1])
        yield Block(*span_ns, carried[at] + actions, carried[at] + failed, state)
        at = stop


def _is_flawless_alone(windows: Windows, failures: float, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Windows that are OK by themselves because nothing went wrong in so many actions."""
    is_flawless = windows.bad[numbers] + windows.carried[numbers] == 0
    enough: NDArray[np.bool_] = is_flawless & (windows.begun[numbers] >= flawless_actions(failures))
    return enough


def _grow(begun: list[int], bad: list[int], carried: int, failures: float, at: int) -> tuple[int, State]:
    """Add windows until their actions decide: behind the last one, and what they say."""
    actions, failed, enough = carried, carried, flawless_actions(failures)
    for stop in range(at, len(begun)):
        actions += begun[stop]
        failed += bad[stop]
        if failed == 0 and actions < enough:
            continue  # open, as so few can be no more
        state = decide(actions, failed, failures)
        if state is not State.OPEN:
            return stop + 1, state
    return len(begun), State.OPEN


@dataclass(frozen=True)
class Recovery:
    """What the blocks from a fault's start to the next fault (or the run's end) say."""

    start_ns: int
    recovered_ns: int  # end of the last block that was not OK; the start if there was none
    held_until_ns: int  # end of the last block since then that was OK
    is_shown: bool  # whether the service stayed OK for the hold, and nothing speaks against it
    was_not_ok: bool
    missing_ns: int  # of the hold; 0 if it is there
    missing_actions: int  # without a failure so many would decide the last block; 0 if it is decided

    @property
    def took_ns(self) -> int:
        """The recovery time, shown or not."""
        return self.recovered_ns - self.start_ns


def _last_end_ns(found: Sequence[Block], state: State) -> int | None:
    """When the last block of a kind ends; None if there is none. A block ends after time zero."""
    return next((block.end_ns for block in reversed(found) if block.state is state), None)


def recovery(
    found: Sequence[Block],
    start_ns: int,
    horizon_ns: int,
    hold_ns: int,
    failures: float,
    not_before_ns: int = 0,
) -> Recovery:
    """The recovery from a fault that starts at `start_ns`, by the blocks up to `horizon_ns`.

    `not_before_ns`: until when it is known not to have recovered, by a smaller share of the actions.
    """
    first, last = (bisect_right(found, at_ns, key=_END) for at_ns in (start_ns, horizon_ns))
    here = found[first:last]
    bad_until_ns = _last_end_ns(here, State.NOT_OK)
    recovered_ns = max(start_ns, not_before_ns, bad_until_ns or 0)
    since = here[bisect_right(here, recovered_ns, key=_END) :]
    held_until_ns = _last_end_ns(since, State.OK) or recovered_ns
    open_ones = [block for block in since if block.state is State.OPEN]
    speaks_against = any(block.bad > failures * block.actions for block in open_ones)
    missing_ns = max(recovered_ns + hold_ns - held_until_ns, 0)
    return Recovery(
        start_ns,
        recovered_ns,
        held_until_ns,
        missing_ns == 0 and not speaks_against,
        bad_until_ns is not None,
        missing_ns,
        max((actions_missing(one.actions, one.bad, failures) for one in open_ones), default=0),
    )


def is_isolated(found: Sequence[Block], spans: Sequence[tuple[int, int]]) -> bool | None:
    """Whether the service was OK through every span in which a fault acted; None if that is open."""
    met = [b for b in found if any(start < b.end_ns and end > b.start_ns for start, end in spans)]
    if any(block.state is State.NOT_OK for block in met):
        return False
    return None if not met or any(block.state is State.OPEN for block in met) else True
