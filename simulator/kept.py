"""Runs that are ready to begin, kept for the next time: to read files takes longer than many a run.

A run is kept under the name of its experiment, what was set, its seed, and the program with the versions of
what it uses, together with the texts that it was made of. If any of these is another today, or the sources of
the program may be newer than it is, it is made anew.
"""

import os
import pickle
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from simulator.kernels.remembered import REMEMBERED
from simulator.kernels.shelves import Shelf
from simulator.plan.digests import program_digest
from simulator.ready import Ready
from simulator.records import dataclass
from simulator.versions import versions

SHELF = Shelf(".ready", 64 * 2**20)

_LARGEST = 8 * 2**20
"""What takes more room is made anew: reading it would take as long."""


@dataclass(frozen=True)
class Kept:
    """A run, and what it was made of."""

    texts: Mapping[str, str]
    """The text of each file, by the path under which it was read."""
    ready: Ready


def read(experiment: str, settings: Sequence[str], seed: int) -> Kept | None:
    """The run of an experiment's file, if its texts are those of which one was kept; else None."""
    if not (REMEMBERED.is_sound and os.path.isfile(experiment)):
        return None
    if (body := SHELF.read(_key(experiment, settings, seed))) is None:
        return None
    kept: Kept = pickle.loads(body)  # of a place that nobody else can write, as machine code is
    return kept if all(_is_there(*one) for one in kept.texts.items()) else None


def keep(ready: Ready, experiment: str, settings: Sequence[str], texts: Mapping[str, str]) -> None:
    """Keep a run that was made of some texts, by path."""
    if not REMEMBERED.is_sound:
        return
    body = pickle.dumps(Kept(texts, ready), pickle.HIGHEST_PROTOCOL)
    if len(body) <= _LARGEST and SHELF.keep(_key(experiment, settings, ready.recipe.seed), body):
        SHELF.prune()


def _key(experiment: str, settings: Sequence[str], seed: int) -> str:
    place = os.path.abspath(experiment)  # folders have files of the same names
    told = (place, experiment, tuple(settings), seed, versions(), program_digest())
    return sha256(repr(told).encode()).hexdigest()[:32]


def _is_there(path: str, text: str) -> bool:
    """Whether a file still has a text."""
    try:
        return Path(path).read_text(encoding="utf-8") == text
    except (OSError, ValueError):
        return False
