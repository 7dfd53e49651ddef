"""What was simulated of quiet weeks, kept beside the compiled kernels by the digest of what it depends on."""

import json
from hashlib import sha256

import numpy as np

from simulator.history.stretches import Found
from simulator.kernels.shelves import Shelf
from simulator.language.models.experiment import Experiment
from simulator.language.models.topology import Topology
from simulator.plan.digests import program_digest

SHELF = Shelf(".history", 32 * 2**20)


def key_of(calm: Experiment, topology: Topology) -> str:
    """The digest of a quiet system and of the program that simulates it."""
    texts = (repr(calm), repr(topology), program_digest())
    return sha256("\n".join(texts).encode()).hexdigest()[:32]


def read(key: str) -> Found | None:
    """What was kept; None if nothing was, or if it cannot be read."""
    content = SHELF.read(key)
    if content is None:
        return None
    try:
        kept = json.loads(content)
        return Found(
            {name: [np.array(one, np.float64) for one in loads] for name, loads in kept["alarms"].items()},
            {
                name: np.array(counts, np.int64).reshape(len(counts), -1)
                for name, counts in kept["clients"].items()
            },
        )
    except (ValueError, KeyError, AttributeError, TypeError):
        return None


def keep(key: str, found: Found) -> None:
    """Keep it for later runs; what cannot be kept is simulated again."""
    alarms = {
        name: [[None if np.isnan(one) else one for one in load.tolist()] for load in loads]
        for name, loads in found.alarms.items()
    }
    clients = {name: counts.tolist() for name, counts in found.clients.items()}
    if SHELF.keep(key, json.dumps({"alarms": alarms, "clients": clients}).encode()):
        SHELF.prune()
