"""The plateau of a recovery: after the first improvement, the share that stays bad (docs/measures.md)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.causes import CAUSES
from simulator.measure.holding import Holding
from simulator.measure.service import Windows
from simulator.records import dataclass
from simulator.result.recovery import OnPlateau, Plateau

_IMPROVED = 0.9  # of the highest share
_LEVEL = 0.7  # of the share with which it begins
_WINDOWS_LEAST = 3
_PART_LEAST = 0.25  # of the recovery


@dataclass(frozen=True)
class _Shelf:
    first: int
    last: int  # behind it


def plateau(
    windows: Windows, holding: Holding, populations: Mapping[str, Windows], start_ns: int, end_ns: int
) -> Plateau | None:
    """The longest level stretch of a recovery below its peak; None if it lasts less than a quarter of it.

    `windows` are those of all people, `populations` those of each population.
    """
    first, last = windows.number_at(start_ns), windows.number_at(end_ns - 1) + 1
    found = _longest(_envelope(windows, first, last))
    if found is None:
        return None
    first, last = first + found.first, first + found.last
    held = holding.between(first, last)
    ranked = np.argsort(-held, kind="stable").tolist()
    return Plateau(
        start_s=windows.start_of(first) / 10**9,
        end_s=windows.end_of(last - 1) / 10**9,
        share=_share(windows, first, last),
        held_by={CAUSES[cause]: int(held[cause]) for cause in ranked if held[cause]},
        populations=_by_population(populations, first, last),
    )


def _share(windows: Windows, first: int, last: int) -> float:
    """The bad share of the windows from `first` up to `last`; who waits through several is in each."""
    waiting = int(windows.carried[first:last].sum())
    return (int(windows.bad[first:last].sum()) + waiting) / (int(windows.begun[first:last].sum()) + waiting)


def _by_population(populations: Mapping[str, Windows], first: int, last: int) -> Mapping[str, OnPlateau]:
    """Who sits on it, most first."""
    found: dict[str, OnPlateau] = {}
    for key, windows in populations.items():
        if windows.begun[first:last].any() or windows.carried[first:last].any():
            not_served = int(windows.carried[first] + windows.bad[first:last].sum())
            found[key] = OnPlateau(not_served, _share(windows, first, last))
    return dict(sorted(found.items(), key=lambda one: -one[1].not_served))


def _envelope(windows: Windows, first: int, last: int) -> NDArray[np.float64]:
    """The share that is bad in each window or will be in a later one of the recovery."""
    waiting = windows.carried[first:last]
    share = (windows.bad[first:last] + waiting) / np.maximum(windows.begun[first:last] + waiting, 1)
    highest: NDArray[np.float64] = np.maximum.accumulate(share[::-1])[::-1]
    return highest


def _longest(share: NDArray[np.float64]) -> _Shelf | None:
    """The longest run below the peak in which a share that never rises stays level."""
    best, last = _Shelf(0, 0), 0
    for first in np.flatnonzero(share <= _IMPROVED * share.max(initial=0.0)).tolist():
        last = max(last, first)
        while last < len(share) and share[last] >= _LEVEL * share[first] > 0.0:
            last += 1
        if last - first > best.last - best.first:
            best = _Shelf(first, last)
    return best if best.last - best.first >= max(_WINDOWS_LEAST, _PART_LEAST * len(share)) else None
