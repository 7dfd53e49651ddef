"""From what held people, window by window, to stretches with a name (docs/measures.md, "Waterfall")."""

import heapq
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulator.records import dataclass

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
    return _joined(_prolonged(held, _without_slight_ones(held, _runs(held))))


def _runs(held: NDArray[np.int64]) -> list[Stretch]:
    """Runs of windows in which the same kind holds most; one without anybody goes with the one before."""
    kinds = held.argmax(axis=1)
    empty = held.sum(axis=1) == 0
    known = np.maximum.accumulate(np.where(empty, -1, np.arange(len(held))))
    kinds = kinds[np.where(known < 0, int(np.argmin(empty)), known)]
    edges = [0, *(np.flatnonzero(np.diff(kinds)) + 1).tolist(), len(held)]
    return [Stretch(a, b, int(kinds[a])) for a, b in pairwise(edges)]


def _without_slight_ones(held: NDArray[np.int64], found: list[Stretch]) -> list[Stretch]:
    """Give the slightest stretch to a neighbour until none is slight, and there are not too many.

    A heap finds the slightest, of equal ones the first, and links its neighbours: many stretches cost little
    more than their number.
    """
    up_to = np.append(0, held.sum(axis=1).cumsum()).tolist()
    chain = _Chain(found, up_to)
    while len(chain.links) > 1:
        weight, first = chain.slightest()
        if weight >= _LEAST * up_to[-1] and len(chain.links) <= _MOST:
            break
        chain.dissolve(first)
    return chain.stretches()


@dataclass
class _Link:
    """A stretch in a chain: its end, its kind, its weight, and where its neighbours begin."""

    last: int
    kind: int
    weight: int
    before: int | None
    behind: int | None


class _Chain:
    """Consecutive stretches by their first window."""

    def __init__(self, found: Sequence[Stretch], up_to: Sequence[int]) -> None:
        firsts = [None, *(one.first for one in found), None]
        self.links = {
            one.first: _Link(one.last, one.kind, up_to[one.last] - up_to[one.first], before, behind)
            for one, before, behind in zip(found, firsts, firsts[2:], strict=False)
        }
        self._heap = [(link.weight, first) for first, link in self.links.items()]
        heapq.heapify(self._heap)

    def stretches(self) -> list[Stretch]:
        """All of them, in order."""
        return [Stretch(first, link.last, link.kind) for first, link in sorted(self.links.items())]

    def slightest(self) -> tuple[int, int]:
        """Weight and first window of the one with the fewest people not served."""
        while not self._stands(*self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0]

    def _stands(self, weight: int, first: int) -> bool:
        return first in self.links and self.links[first].weight == weight

    def dissolve(self, first: int) -> None:
        """Join one to the neighbour in which more people were not served, as what the heavier of both is."""
        link = self.links[first]
        before = -1 if link.before is None else self.links[link.before].weight
        behind = -1 if link.behind is None else self.links[link.behind].weight
        if before >= behind and link.before is not None:
            first = link.before
        self._join(first)
        link = self.links[first]
        if link.behind is not None and self.links[link.behind].kind == link.kind:
            self._join(first)
        if link.before is not None and self.links[link.before].kind == link.kind:
            self._join(link.before)

    def _join(self, first: int) -> None:
        """Put a stretch and the one behind it together."""
        one = self.links[first]
        assert one.behind is not None
        other = self.links.pop(one.behind)
        one.kind = one.kind if one.weight >= other.weight else other.kind
        one.last, one.weight, one.behind = other.last, one.weight + other.weight, other.behind
        if other.behind is not None:
            self.links[other.behind].before = first
        heapq.heappush(self._heap, (one.weight, first))


def _joined(found: Sequence[Stretch]) -> list[Stretch]:
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
        so_far = held[first:last].sum(axis=0)
        while last < len(held) and held[last, one.kind] >= max(_STILL * whole[last], 1):
            so_far += held[last]
            if so_far.argmax() != one.kind:
                break
            last += 1
        prolonged.append(Stretch(first, last, one.kind))
    return prolonged
