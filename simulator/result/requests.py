"""Requests: what was tried, what became of it, how long it took, and what readers saw."""

from collections.abc import Mapping
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.outcomes import AttemptOutcome
from simulator.boundary.outcomes import SessionClass as SessionClass
from simulator.records import dataclass
from simulator.result.plain import FLAT, UNWRITTEN
from simulator.result.summaries import Summary

ByOutcome = Mapping[AttemptOutcome, int]
"""A count for each outcome."""


@dataclass(frozen=True)
class Attempts:
    """Attempts begun, and those finished by outcome."""

    started: int
    """Begun."""
    in_flight: int
    """Not finished when the run ended."""
    by_outcome: ByOutcome = field(metadata=FLAT)
    """Finished, by outcome."""


@dataclass(frozen=True)
class Actions:
    """User actions begun, and those finished by the outcome of their last attempt."""

    started: int
    """Begun."""
    in_flight: int
    """Not finished when the run ended."""
    gave_up: int
    """Of those that did not succeed, the ones that the user's patience ended."""
    by_outcome: ByOutcome = field(metadata=FLAT)
    """Finished, by outcome; unknown if any attempt was and none succeeded."""


@dataclass(frozen=True)
class Amplification:
    """How much retries multiply the load; null where there was none."""

    attempts_per_action: float | None
    """Attempts of clients per action of users and bots."""
    tries_per_call: float | None
    """Tries per call of services' clients to stores."""
    total: float | None
    """The product; a hop that was not used counts as 1."""


@dataclass(frozen=True)
class Bots:
    """Automatic traffic: its actions are not among those of users."""

    finished: int
    """Actions finished."""
    success: float | None
    """The share of them that succeeded; null if there was none."""
    by_outcome: ByOutcome = field(metadata=FLAT)
    """Finished, by outcome."""


@dataclass(frozen=True)
class Consistency:
    """Anomalies that readers and writers met."""

    reads: int
    """Reads of tables and buckets that were judged."""
    stale_reads: int
    """Reads that missed a newer version written elsewhere."""
    stale_share: float | None
    """Their share of the reads; null without reads."""
    read_your_writes_violations: int
    """Reads that missed the reader's own write."""
    monotonic_reads_violations: int
    """Reads that went back behind what the reader had seen before."""
    lost_updates: int
    """Acknowledged writes of which nothing is left: what survives was made without them in view."""
    lost_update_share: float | None
    """Their share of the acknowledged writes; null without writes."""
    conflicts: int
    """Writes at which others, or they themselves, were discarded."""
    double_applied: int
    """Writes that a retry applied a second time."""
    deduplicated: int
    """Second applications that an idempotent step left out."""


@dataclass(frozen=True)
class Action:
    """One operation, as one population of users asks for it."""

    population: str
    """The population."""
    operation: str
    """The operation, as `service.operation`."""


@dataclass(frozen=True)
class Latency(Summary):
    """How long something took, failed ones until they ended."""

    p99_9_s: float | None
    """The 99.9th percentile."""
    histogram: NDArray[np.int64] = field(metadata=UNWRITTEN)
    """[bin] counts, as `simulator.measure.histogram` reads them."""


@dataclass(frozen=True)
class ActionLatency(Latency, Action):
    """How long such actions took, failed ones until they ended. (Fields of the last base stand first.)"""


@dataclass(frozen=True)
class Requests:
    """What users' clients tried. Latencies include failures: a dying service must not look fast."""

    success: float | None
    """The share of the finished user actions that succeeded; null if none finished."""
    actions: Actions
    """User actions."""
    action_latency: Latency
    """How long user actions took, failed ones too."""
    action_latencies: tuple[ActionLatency, ...]
    """The same, apart for each operation of each population of users."""
    attempts: Attempts
    """Attempts, those of bots too."""
    attempt_latency: Latency
    """How long attempts took, failed ones too."""
    throttled_share: float | None
    """The share of the finished attempts that were throttled (429) or found a full queue (503)."""
    retry_amplification: Amplification
    """How much retries multiplied the load."""
    retries_denied: int
    """Retries that clients' quotas held back."""
    held_back_s: float
    """The time for which adaptive clients held attempts back, summed, in seconds."""
    token_requests: Attempts
    """Requests for tokens."""
    attempts_by_region: Mapping[str, ByOutcome]
    """Attempts finished by the region that they were sent to."""
    causes: Mapping[SessionClass, ByOutcome]
    """Sessions by class and by the outcome of their first failed attempt; only what occurred."""
    bots: Bots
    """Automatic traffic."""
    consistency: Consistency
    """What readers and writers met."""
