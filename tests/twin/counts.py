"""What the twin counts: the fields of `simulator.boundary.tallies.Tallies`, counted where things happen."""

from typing import Any

import numpy as np

from simulator.boundary.outcomes import (
    CALL_FAILURES,
    GATEWAY_LIMITS,
    HISTOGRAM_BINS,
    OUTCOMES,
    SESSION_CLASSES,
    TOKEN_KINDS,
)
from simulator.plan.lowered import DataPlan

OCTAVE = 128

_NUMBERS = """
attempts_started token_started actions_started gave_up sessions_started lookup_failures lookup_empties
double_applied deduplicated retries_denied call_retries_denied held_back_ns edge_hits edge_misses edge_errors
origin_failovers forced_logins
"""


def bin_of(value: int) -> int:
    """Bins of one up to 255, then 128 an octave."""
    if value < 2 * OCTAVE:
        return value
    exponent = value.bit_length() - OCTAVE.bit_length()
    return OCTAVE * exponent + (value >> exponent)


def _shapes_of_requests(regions: int, windows: int) -> dict[str, Any]:
    outcomes, classes = len(OUTCOMES), len(SESSION_CLASSES)
    shapes: dict[str, Any] = dict.fromkeys(("attempts", "token_attempts", "actions", "bot_actions"), outcomes)
    shapes |= dict.fromkeys(("sessions_ended", "sessions_alive", "sessions_during_fault"), classes)
    shapes |= dict.fromkeys(("action_latency", "attempt_latency", "queue_wait"), HISTOGRAM_BINS)
    shapes |= dict.fromkeys(("window_succeeded", "window_failed"), windows)
    by_region = "window_served window_failed_region window_fresh window_cached window_pinned window_rejected"
    shapes |= dict.fromkeys(by_region.split(), (windows, regions))
    shapes |= dict.fromkeys(("key_fetches", "key_fetches_failed", "tokens_rejected"), regions)
    shapes |= {"attempts_by_region": (regions, outcomes), "lookups": 3, "token_kinds": len(TOKEN_KINDS)}
    return shapes | {"sessions_by_cause": (classes, outcomes)}


def _shapes_of_sites(services: int, regions: int) -> dict[str, Any]:
    names = "lambda_throttled cold_starts overloaded unreachable started busy_ns compute_ns peak_in_use"
    names += " queued queue_wait_ns queue_integral_ns peak_queue"
    shapes: dict[str, Any] = dict.fromkeys(names.split(), (services, regions))
    return shapes | {"gateway_throttled": (len(GATEWAY_LIMITS), services, regions)}


def _shapes_of_stores(stores: int, regions: int, buckets: int) -> dict[str, Any]:
    names = "reads stale_reads ryw_violations monotonic_violations writes increments"
    shapes: dict[str, Any] = dict.fromkeys(names.split(), stores)
    names = "calls call_tries calls_failed connections_opened copies_delayed cache_hits cache_misses"
    shapes |= dict.fromkeys(names.split(), (stores, regions))
    shapes |= {
        "call_failures": (len(CALL_FAILURES), stores, regions),
        "store_throttled": (2, stores, regions),
    }
    names = "lag_step_count lag_step_sum_ns lag_step_max_ns"
    shapes |= dict.fromkeys(names.split(), (stores, regions, regions, buckets))
    return shapes | {"lag": (stores, regions, regions, HISTOGRAM_BINS)}


class Counts:
    """Named arrays of integers, all zero at first."""

    def __init__(self, plan: DataPlan) -> None:
        regions, stores = plan.region_count, len(plan.store_items)
        windows, buckets = -(-plan.duration_ns // plan.window_ns), plan.duration_ns // plan.lag_step_ns + 1
        shapes = _shapes_of_requests(regions, windows) | _shapes_of_sites(len(plan.site_compute), regions)
        shapes |= _shapes_of_stores(stores, regions, buckets)
        self.arrays = {name: np.zeros(shape, np.int64) for name, shape in shapes.items()}
        self.numbers = dict.fromkeys(_NUMBERS.split(), 0)

    def __getattr__(self, name: str) -> Any:
        return self.__dict__["arrays"][name]

    def __getitem__(self, name: str) -> int:
        return self.numbers[name]

    def __setitem__(self, name: str, value: int) -> None:
        self.numbers[name] = value
