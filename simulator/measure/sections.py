"""All sections of a result that are measured, from one outcome."""

from collections.abc import Iterable

from simulator.measure import (
    calls,
    capacity,
    continuity,
    damage,
    databases,
    detectors,
    dns,
    identity,
    loss,
    monitoring,
    out_of_memory,
    plans,
    protection,
    recovery,
    replication,
    requests,
    restores,
    scaling,
    shedding,
    slices,
    web_acls,
)
from simulator.measure.series import series
from simulator.outcome import Event, Outcome
from simulator.result.recovery import Objective
from simulator.result.whole import Event as LoggedEvent
from simulator.result.whole import Sections


def measure(outcome: Outcome, objective: Objective, shares: Iterable[float] = ()) -> Sections:
    """The measured sections of a result; the ladders of recovery have these shares, too."""
    shares = [*shares]
    return Sections(
        recovery=recovery.section(outcome, objective, shares),
        loss=loss.section(outcome),
        restores=restores.section(outcome),
        protection=protection.section(outcome),
        damage=damage.section(outcome),
        databases=databases.section(outcome),
        plans=plans.section(outcome),
        continuity=continuity.section(outcome),
        slices=slices.section(outcome, objective, shares),
        replication=replication.section(outcome),
        requests=requests.section(outcome),
        capacity=capacity.section(outcome),
        calls=calls.section(outcome),
        externals=calls.externals(outcome),
        identity=identity.section(outcome),
        dns=dns.section(outcome),
        monitoring=monitoring.section(outcome),
        web_acls=web_acls.section(outcome),
        shedding=shedding.section(outcome),
        scaling=scaling.section(outcome),
        out_of_memory=out_of_memory.section(outcome),
        detectors=detectors.section(outcome),
        events=tuple(_logged(event) for event in outcome.events),
        assumptions=outcome.plan.assumptions,
        series=series(outcome),
    )


def _logged(event: Event) -> LoggedEvent:
    return LoggedEvent(event.number, event.at_ns / 10**9, event.kind, event.target, event.detail, event.cause)
