"""What the twin counts: the fields of `simulator.seam.Tallies`, counted where things happen."""

from typing import Any

import numpy as np

from simulator.plan.lowered import DataPlan
from simulator.seam import HISTOGRAM_BINS, OUTCOMES, SESSION_CLASSES

OCTAVE = 128


def bin_of(value: int) -> int:
    """Bins of one up to 255, then 128 an octave."""
    if value < 2 * OCTAVE:
        return value
    exponent = value.bit_length() - OCTAVE.bit_length()
    return OCTAVE * exponent + (value >> exponent)


class Counts:
    """Named arrays of integers, all zero at first."""

    def __init__(self, plan: DataPlan) -> None:
        regions, tables, outcomes = plan.region_count, len(plan.table_items), len(OUTCOMES)
        windows, buckets = -(-plan.duration_ns // plan.window_ns), plan.duration_ns // plan.bucket_ns + 1
        shapes: dict[str, Any] = {}
        shapes |= dict.fromkeys(("attempts", "token_attempts", "actions"), outcomes)
        shapes |= dict.fromkeys(
            ("sessions_ended", "sessions_alive", "sessions_during_fault"), len(SESSION_CLASSES)
        )
        shapes |= dict.fromkeys(("action_latency", "attempt_latency"), HISTOGRAM_BINS)
        shapes |= dict.fromkeys(("window_succeeded", "window_failed"), windows)
        per_region = (
            "window_served",
            "window_failed_region",
            "window_fresh",
            "window_cached",
            "window_pinned",
        )
        shapes |= dict.fromkeys(per_region, (windows, regions))
        shapes |= dict.fromkeys(
            ("reads", "stale_reads", "ryw_violations", "monotonic_violations", "writes"), tables
        )
        lags = ("lag_bucket_count", "lag_bucket_sum_ns", "lag_bucket_max_ns")
        shapes |= dict.fromkeys(lags, (tables, regions, regions, buckets))
        shapes |= {"attempts_by_region": (regions, outcomes), "lookups": 3}
        shapes |= {"lag": (tables, regions, regions, HISTOGRAM_BINS)}
        self.arrays = {name: np.zeros(shape, np.int64) for name, shape in shapes.items()}
        numbers = "attempts_started token_started actions_started gave_up sessions_started lookup_failures"
        self.numbers = dict.fromkeys(f"{numbers} lookup_empties double_applied".split(), 0)

    def __getattr__(self, name: str) -> Any:
        return self.__dict__["arrays"][name]

    def __getitem__(self, name: str) -> int:
        return self.numbers[name]

    def __setitem__(self, name: str, value: int) -> None:
        self.numbers[name] = value
