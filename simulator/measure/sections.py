"""All sections of a result that are measured, from one outcome."""

from typing import Any

from simulator.measure import (
    calls,
    capacity,
    continuity,
    dns,
    identity,
    loss,
    recovery,
    replication,
    requests,
)
from simulator.outcome import Outcome


def measure(outcome: Outcome, objective: float) -> dict[str, Any]:
    """The measured sections of a result; `objective` is the share of actions that makes a window OK."""
    return {
        "recovery": recovery.section(outcome, objective),
        "loss": loss.section(outcome),
        "continuity": continuity.section(outcome),
        "replication": replication.section(outcome),
        "requests": requests.section(outcome),
        "capacity": capacity.section(outcome),
        "calls": calls.section(outcome),
        "identity": identity.section(outcome),
        "dns": dns.section(outcome),
        "events": [_event(event) for event in outcome.events],
        "assumptions": [vars(assumption) for assumption in outcome.plan.assumptions],
    }


def _event(event: Any) -> dict[str, Any]:
    return {"at_s": event.at_ns / 10**9, "kind": event.kind, "target": event.target, "detail": event.detail}
