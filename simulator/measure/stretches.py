"""From what held people, window by window, to stretches with a name (docs/measures.md, "Waterfall")."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_STILL = 0.05  # of those not served: what holds less has ended
_LEAST = 0.01  # of all that were not served, over the whole: less is no stretch of its own
_MOST = 10  # stretches


@dataclass(frozen=True)
class Stretch:
    """Windows from `first` up to `last`, and what held most of those not served there."""

    first: int
    last: int
    kind: int


def stretches(held: NDArray[np.int64]) -> list[Stretch]:
    """Consecutive stretches of all windows of `held` [window, kind]: those not served, by what held them.

    A stretch goes on while its kind holds one in twenty of those not served, and has held most of them since
    it began.
    """
    if not held.any():
        return []
    found = _without_slight_ones(held, _runs(held))
    return _joined(held, _prolonged(held, found))


def _runs(held: NDArray[np.int64]) -> list[Stretch]:
    """Runs of windows in which the same kind holds most; one without anybody goes with the one before."""
    kinds = held.argmax(axis=1)
    empty = held.sum(axis=1) == 0
    known = np.maximum.accumulate(np.where(empty, -1, np.arange(len(held))))
    kinds = kinds[np.where(known < 0, int(np.argmin(empty)), known)]
    edges = [0, *(np.flatnonzero(np.diff(kinds)) + 1).tolist(), len(held)]
    return [Stretch(a, b, int(kinds[a])) for a, b in pairwise(edges)]


def _weight(held: NDArray[np.int64], one: Stretch) -> int:
    return int(held[one.first : one.last].sum())


def _named(held: NDArray[np.int64], first: int, last: int) -> Stretch:
    return Stretch(first, last, int(held[first:last].sum(axis=0).argmax()))


def _without_slight_ones(held: NDArray[np.int64], found: list[Stretch]) -> list[Stretch]:
    """Give the slightest stretch to a neighbour until none is slight, and there are not too many."""
    whole = held.sum()
    found = _joined(held, found)
    while len(found) > 1:
        weights = [_weight(held, one) for one in found]
        slightest = int(np.argmin(weights))
        if weights[slightest] >= _LEAST * whole and len(found) <= _MOST:
            break
        found = _joined(held, _dissolved(held, found, slightest))
    return found


def _dissolved(held: NDArray[np.int64], found: list[Stretch], number: int) -> list[Stretch]:
    """Without one stretch: its windows go to the neighbour in which more people were not served."""
    before = _weight(held, found[number - 1]) if number else -1
    behind = _weight(held, found[number + 1]) if number + 1 < len(found) else -1
    first = number - 1 if before >= behind else number
    one, other = found[first], found[first + 1]
    heavier = one if _weight(held, one) >= _weight(held, other) else other
    return [*found[:first], Stretch(one.first, other.last, heavier.kind), *found[first + 2 :]]


def _joined(_held: NDArray[np.int64], found: Sequence[Stretch]) -> list[Stretch]:
    """Neighbours of one kind put together."""
    joined: list[Stretch] = []
    for one in found:
        if joined and joined[-1].kind == one.kind:
            joined[-1] = Stretch(joined[-1].first, one.last, one.kind)
        else:
            joined.append(one)
    return joined


def _prolonged(held: NDArray[np.int64], found: Sequence[Stretch]) -> list[Stretch]:
    """Let each stretch reach into those behind it while its kind still holds people."""
    whole, prolonged, last = held.sum(axis=1), list[Stretch](), 0
    for one in found:
        if one.last <= last:
            continue
        first, last = max(one.first, last), one.last
        while last < len(held) and held[last, one.kind] >= max(_STILL * whole[last], 1):
            so_far = held[first : last + 1].sum(axis=0)
            if so_far.argmax() != one.kind:
                break
            last += 1
        prolonged.append(Stretch(first, last, one.kind))
    return prolonged
