"""What a simulation leaves behind, before anything is computed from it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.tallies import AtRisk, Tallies
from simulator.plan.lowered import Plan


@dataclass(frozen=True)
class Event:
    """One entry of the structured event log.

    Kinds, by who says so:

    - faults: `fault_on`, `fault_off` (target: the fault's label; each flap is one pair),
      `replication_stopped`, `replication_resumed` (target "table origin→target"), `data_unreachable`
      (detail: `writes` at risk), `region_lost` (target: region);
    - Route 53: `health_unhealthy`, `health_healthy` (target "check@region", or "check (service)@region" if
      several services share the check; "name@region" where a name evaluates the health of its targets),
      `answer_changed` (target: name; detail: `cause` "health" or "operator", `regions` now answered at any
      location);
    - operators: `change_requested`, `change_refused`, `change_accepted`, `change_in_effect` (target: name);
    - load balancers: `target_unhealthy`, `target_healthy` (target "service@region node 3"; detail:
      `in_service`, how many nodes are now believed alive);
    - caches: `cache_failover` (target "cache@region"; detail: `zone` of the new primary).
    """

    at_ns: int
    kind: str
    target: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Samples:
    """Gauges sampled by an observer at equal steps; an observer changes nothing."""

    at_ns: NDArray[np.int64]  # [S]
    sessions: NDArray[np.int64]  # [S] in progress
    pending: NDArray[np.int64]  # [S, T, R, R] copies not yet visible
    true_lag_ns: NDArray[np.int64]  # [S, T, R, R] age of the oldest write not yet visible; 0 if none


@dataclass(frozen=True)
class Outcome:
    """One finished run."""

    plan: Plan
    tallies: Tallies
    events: tuple[Event, ...]
    at_risk: tuple[AtRisk, ...]
    samples: Samples | None
