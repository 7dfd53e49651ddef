"""What is counted by population or operation only, summed for all together at the end of a run."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.blocks import Block


def sums_over_populations(counts: Block, during: NDArray[np.int64]) -> dict[str, Any]:
    """Fields of `Tallies`; `during`: sessions that have not ended."""
    kinds = ("begun", "bad", "waits_from", "waits_until")
    return {
        **{f"window_{kind}": getattr(counts, f"population_{kind}").sum(axis=1) for kind in kinds},
        "action_latency": counts.latency_by_mix.sum(axis=0),
        "lost_user_ms": int(counts.lost_ms_by_population.sum()),
        "sessions_during_fault": (counts.sessions_by_presence + during).sum(axis=(0, 1)),
    }
