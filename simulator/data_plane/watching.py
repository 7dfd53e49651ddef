"""The part of the compiled plane that detectors ask (docs/monitoring.md §7)."""

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.blocks import Block


class Watching:
    """What is asked of a plane to tell unusual clients from others."""

    _memory: Block

    def asked_since(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The clients that have asked for something since the last look, and what [clients, counts]."""
        shared, sessions = self._memory.addresses.asked, self._memory.sessions
        places = np.flatnonzero(shared.any(axis=1))
        slots = np.flatnonzero((sessions.number >= 0) & sessions.asked.any(axis=1))
        slots = slots[np.argsort(sessions.number[slots])]
        keys = np.concatenate([places, len(shared) + sessions.number[slots]])
        counts = np.concatenate([shared[places], sessions.asked[slots]])
        shared[:], sessions.asked[:] = 0, 0
        return keys, counts
