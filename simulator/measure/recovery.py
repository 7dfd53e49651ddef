"""Recovery time, isolation, and whether each fault was felt (docs/measures.md, "Recovery").

The clock and the rule "stays OK" are AWS Resilience Hub's *recovery*; "OK through the whole fault" is its
*isolation*.
"""

from collections.abc import Iterable, Iterator
from typing import cast

from simulator.boundary.control_planes import EVERYWHERE, ROUTE53
from simulator.boundary.events import CHANGE_REFUSED, CONTROL_PLANE_REFUSED, LAUNCH_FAILED
from simulator.boundary.measures import NO_FAULT, NOT_MET, Asked
from simulator.boundary.subjects import OfNode
from simulator.measure.episodes import Episode, Watched
from simulator.measure.holding import Holding
from simulator.measure.narrowed import asked_slice, is_narrowed
from simulator.measure.plateau import plateau
from simulator.measure.reading import NotShown, Readers, Reasons
from simulator.measure.waterfall import Phase, phases
from simulator.measure.windows import Windows
from simulator.outcome import Event, Outcome
from simulator.plan.faults.control_planes import ControlPlaneFaultPlan
from simulator.plan.timeline import FaultPlan
from simulator.result import recovery as result
from simulator.result.slices import SliceRecovery
from simulator.result.whole import Sections

Objective = result.Objective


def section(outcome: Outcome, objective: Objective, shares: Iterable[float] = ()) -> result.Recovery:
    """The `recovery` section: the worst episode's time and waterfall, all episodes, and the faults."""
    watched = Watched.of_all(outcome, objective)
    worst = watched.worst_episode()
    complaint = "" if worst is None else watched.why_not_shown(worst)
    return result.Recovery(
        recovery_time_s=None if worst is None else worst.found.took_ns / 10**9,
        shown=None if worst is None else not complaint,
        not_shown=complaint,
        isolation=watched.is_isolated(),
        ladder=() if worst is None else watched.ladder(worst, shares),
        user_minutes_lost=outcome.tallies.lost_user_ms / 60_000,
        phases=() if worst is None else waterfall(outcome, worst),
        plateau=None if worst is None else _plateau(outcome, watched, worst),
        episodes=tuple(map(_episode_section, watched.episodes())) if watched.acts else (),
        faults=tuple(_faults(outcome)),
        objective=objective,
    )


def waterfall(outcome: Outcome, worst: Episode) -> tuple[result.Phase, ...]:
    """The waterfall of an episode; none if nobody noticed the fault."""
    return tuple(map(_phase, _phases(outcome, worst)))


def _phases(outcome: Outcome, worst: Episode) -> list[Phase]:
    found = worst.found
    if not found.was_not_ok:
        return []
    is_over = found.held_until_ns > found.recovered_ns
    return phases(outcome, Windows.of(outcome), found.start_ns, found.recovered_ns, is_over=is_over)


def _phase(phase: Phase) -> result.Phase:
    times = phase.start_ns / 10**9, phase.end_ns / 10**9
    held = sum(phase.held_by.values())
    return result.Phase(
        phase.phase,
        *times,
        phase.ended_by,
        held,
        phase.held_by,
        step=phase.step,
        externals=phase.externals,
        callees=phase.callees,
    )


def _plateau(outcome: Outcome, watched: Watched, worst: Episode) -> result.Plateau | None:
    """That of the worst episode."""
    if not worst.found.was_not_ok:
        return None
    span_ns = worst.found.start_ns, worst.found.recovered_ns
    populations = {
        name: Watched.of_population(outcome, watched.objective, number).windows
        for number, name in enumerate(outcome.plan.populations)
        if not outcome.plan.data.pop_bots[number]
    }
    return plateau(watched.windows, Holding.of(outcome.tallies), populations, *span_ns)


def _episode_section(episode: Episode) -> result.Episode:
    found = episode.found
    return result.Episode(
        start_s=found.start_ns / 10**9,
        horizon_s=episode.horizon_ns / 10**9,
        recovered_s=found.recovered_ns / 10**9,
        recovery_time_s=found.took_ns / 10**9,
        held_until_s=found.held_until_ns / 10**9,
        shown=found.is_shown,
        missing_s=found.missing_ns / 10**9,
        missing_actions=found.missing_actions,
        service_was_not_ok=found.was_not_ok,
    )


def _faults(outcome: Outcome) -> Iterator[result.Fault]:
    duration_ns = outcome.plan.data.duration_ns
    for fault in outcome.plan.control.faults:
        yield result.Fault(
            fault=fault.label,
            start_s=fault.start_ns / 10**9,
            end_s=min(fault.end_ns, duration_ns) / 10**9,
            requests=_requests_that_met(outcome, fault),
            is_random=fault.bad is not None,
            intervals_s=tuple(
                (start_ns / 10**9, end_ns / 10**9) for start_ns, end_ns in fault.intervals(duration_ns)
            ),
        )


def _requests_that_met(outcome: Outcome, fault: FaultPlan) -> int:
    """Requests that met a fault: users', and calls of people that a control plane refused."""
    met = int(outcome.tallies.fault_met[fault.number])
    if not isinstance(fault, ControlPlaneFaultPlan):
        return met
    spans = fault.intervals(outcome.plan.data.duration_ns)
    refused = (event.at_ns for event in _refusals(outcome, fault))
    return met + sum(any(start <= at < end for start, end in spans) for at in refused)


def _refusals(outcome: Outcome, fault: ControlPlaneFaultPlan) -> Iterator[Event]:
    """The calls that a control plane refused, or that failed: record changes, steps of plans, launches."""
    if fault.control_plane == ROUTE53:
        yield from outcome.events_of(CHANGE_REFUSED)
    region = "" if fault.region == EVERYWHERE else outcome.plan.regions[fault.region]
    if fault.failing_launches:
        launches = ((event, cast(OfNode, event.subject)) for event in outcome.events_of(LAUNCH_FAILED))
        yield from (event for event, node in launches if region in ("", node.region))
        return
    for event in outcome.events_of(CONTROL_PLANE_REFUSED):
        if event.target == fault.control_plane and region in ("", event.detail["region"]):
            yield event


# what expectations ask for


def _none_met(run: Sections) -> bool:
    """Faults that no request met tell nothing about who noticed."""
    return not any(fault.requests for fault in run.recovery.faults)


def _recovery_of(run: Sections, asked: Asked) -> result.Recovery | SliceRecovery | None:
    """That of the actions that an expectation asks for; None if nobody asks for those."""
    if not is_narrowed(asked):
        return run.recovery
    found = asked_slice(run, asked)
    return None if found is None else found.recovery


def _isolation(run: Sections, asked: Asked) -> float | None:
    found = _recovery_of(run, asked)
    return None if found is None or found.isolation is None else float(found.isolation)


def _rung(found: result.Recovery | SliceRecovery, asked: Asked) -> result.Rung | None:
    """The step of the ladder that an expectation asks for."""
    return next((one for one in found.ladder if one.share == asked.share), None)


def _recovery_time(run: Sections, asked: Asked) -> float | None:
    found = _recovery_of(run, asked)
    if found is None or asked.share is None:
        return None if found is None else found.recovery_time_s
    rung = _rung(found, asked)
    return None if rung is None else rung.recovery_time_s


def _recovery_not_shown(run: Sections, asked: Asked) -> str:
    """Why a recovery time is not shown; empty if it is."""
    found = _recovery_of(run, asked)
    if found is None:
        return ""
    rung = _rung(found, asked)
    if rung is None or found.not_shown.startswith("the service was not OK before"):
        return found.not_shown
    return "" if rung.shown else "it did not hold for long enough, or too few actions tell"


def _open_isolation(run: Sections, asked: Asked) -> str:
    found = _recovery_of(run, asked)
    is_open = found is not None and found.isolation is None
    return "too few actions during the fault to tell" if is_open else ""


def _user_minutes_lost(run: Sections, asked: Asked) -> float | None:
    if asked.population is None:
        return run.recovery.user_minutes_lost
    found = run.slices.populations[asked.population]
    return found.user_minutes_lost if found.actions else None


READERS: Readers = {
    "recovery_time": _recovery_time,
    "isolation": _isolation,
    "user_minutes_lost": _user_minutes_lost,
}

NOT_SHOWN: NotShown = {"recovery_time": _recovery_not_shown, "isolation": _open_isolation}

REASONS: Reasons = {
    NO_FAULT: lambda run, _: not run.recovery.faults,
    NOT_MET: lambda run, _: _none_met(run),
}
