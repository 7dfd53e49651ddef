"""What was simulated of quiet weeks, kept beside the compiled kernels by the digest of what it depends on."""

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import numpy as np

from simulator.history.stretches import Found
from simulator.kernels.places import places, writable
from simulator.language.models.experiment import Experiment
from simulator.language.models.topology import Topology
from simulator.plan.digests import program_digest

_SUFFIX = ".history"
_KEPT = 100
"""Files beyond these go, those first that were used longest ago."""


def key_of(calm: Experiment, topology: Topology) -> str:
    """The digest of a quiet system and of the program that simulates it."""
    texts = (repr(calm), repr(topology), program_digest())
    return sha256("\n".join(texts).encode()).hexdigest()[:32]


def read(key: str) -> Found | None:
    """What was kept; None if nothing was, or if it cannot be read."""
    for place in places():
        path = place / (key + _SUFFIX)
        try:
            kept = json.loads(path.read_bytes())
            found = Found(
                {
                    name: [np.array(one, np.float64) for one in loads]
                    for name, loads in kept["alarms"].items()
                },
                {
                    name: np.array(counts, np.int64).reshape(len(counts), -1)
                    for name, counts in kept["clients"].items()
                },
            )
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            continue
        with suppress(OSError):
            os.utime(path)
        return found
    return None


def keep(key: str, found: Found) -> None:
    """Keep it for later runs; what cannot be kept is simulated again."""
    place, _ = writable()
    if place is None:
        return
    alarms = {
        name: [[None if np.isnan(one) else one for one in load.tolist()] for load in loads]
        for name, loads in found.alarms.items()
    }
    kept = {
        "alarms": alarms,
        "clients": {name: counts.tolist() for name, counts in found.clients.items()},
    }
    with suppress(OSError):
        unfinished = place / f".{key}.{os.getpid()}"
        unfinished.write_text(json.dumps(kept), encoding="utf-8")
        unfinished.replace(place / (key + _SUFFIX))
        _prune(place)


def _prune(place: Path) -> None:
    kept = sorted(place.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[_KEPT:]:
        path.unlink(missing_ok=True)
