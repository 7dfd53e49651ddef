"""What a drill keeps of a scenario that was played; small enough to be a file."""

from collections.abc import Iterable, Iterator

from simulator.boundary.causes import CAUSES
from simulator.boundary.events import ANSWER_CHANGED, FAULT_OFF, HEALTH_UNHEALTHY
from simulator.boundary.events_of_data import PROMOTION_DONE, RESTORE_STARTED, SWAPPED
from simulator.boundary.phases import phase_of
from simulator.measure.episodes import Watched
from simulator.measure.holding import Holding
from simulator.measure.recovery import waterfall
from simulator.measure.sections import measure
from simulator.outcome import Outcome
from simulator.plan.faults.surges import SurgeFaultPlan
from simulator.result.drill import Function, Measured, Moment, OfFunction, OfStore
from simulator.result.plans import PlanRun
from simulator.result.recovery import Objective
from simulator.result.whole import Sections

_SETTLED_S = 3_600.0  # for so long nothing has changed any more
_INSTANT_S = 1.0  # what lasts no longer has struck at once: what it did stays
_LEVEL = 0.5  # of the share of bad actions before; what falls below is getting better


def measured(functions: tuple[Function, ...], objective: Objective, outcome: Outcome) -> Measured:
    """What a drill keeps of an outcome."""
    found = measure(outcome, objective)
    disrupted_s = _disrupted_s(outcome)
    took = [one.restore_time_s for one in found.restores if one.restore_time_s is not None]
    sent = {region: one["succeeded"] for region, one in found.requests.attempts_by_region.items()}
    return Measured(
        duration_s=outcome.plan.data.duration_ns / 10**9,
        disrupted_s=disrupted_s,
        functions={one.name: _function(outcome, one, objective, found) for one in functions},
        stores={name: _store(found, name) for name in found.loss.tables},
        timeline=tuple(sorted(_timeline(outcome, found, disrupted_s), key=lambda one: one.at_s)),
        user_minutes_lost=found.recovery.user_minutes_lost,
        sessions=found.continuity.sessions,
        sessions_disturbed=found.continuity.sessions - found.continuity.counts["undisturbed"],
        wrong_answers=found.damage.wrong_answers,
        traffic={one: count / max(sum(sent.values()), 1) for one, count in sent.items()},
        plans=found.plans,
        restore_time_s=max(took, default=None),
        assumptions=tuple(f"{one.name} {one.value}" for one in found.assumptions),
    )


def _disrupted_s(outcome: Outcome) -> float:
    """When the first fault begins that is more than many users; or else the first."""
    faults = outcome.plan.control.faults
    broken = [one for one in faults if not isinstance(one, SurgeFaultPlan)] or faults
    return min(one.start_ns for one in broken) / 10**9


def _watched(outcome: Outcome, one: Function, objective: Objective) -> Watched:
    """The actions of a function."""
    if one.operations:
        names = outcome.plan.operations
        return Watched.of_operation(outcome, objective, *(names.index(name) for name in one.operations))
    if one.populations:
        users = outcome.plan.populations
        return Watched.of_population(outcome, objective, *(users.index(name) for name in one.populations))
    return Watched.of_all(outcome, objective)


def _function(outcome: Outcome, one: Function, objective: Objective, run: Sections) -> OfFunction:
    watched = _watched(outcome, one, _with_level(objective, one.service_level))
    worst = watched.worst_episode()
    windows, first = watched.windows, watched.starts_ns[0]
    since = max((first - windows.first_ns) // windows.width_ns, 0)
    begun, bad = int(windows.begun[since:].sum()), int(windows.bad[since:].sum())
    if worst is None:
        return _UNUSED
    complaint = watched.why_not_shown(worst)
    half = next((rung for rung in watched.ladder(worst) if rung.share == 0.5), None)
    return OfFunction(
        actions=begun,
        success=1 - bad / begun if begun else None,
        recovery_time_s=worst.found.took_ns / 10**9,
        shown=not complaint,
        not_shown=complaint,
        settled=_is_settled(watched, outcome, run),
        first_good_s=half.recovery_time_s if half is not None and half.shown else None,
        phases=waterfall(outcome, worst),
        from_s=worst.found.start_ns / 10**9,
    )


_UNUSED = OfFunction(0, None, None, shown=False, not_shown="", settled=False, first_good_s=None, phases=())


def _with_level(objective: Objective, level: float) -> Objective:
    return Objective(**(vars(objective) | {"success": level}))


def has_open(plans: Iterable[PlanRun]) -> bool:
    """Whether a plan was under way when the run ended."""
    return any(one.state == "open" for one in plans)


def _is_settled(watched: Watched, outcome: Outcome, run: Sections) -> bool:
    """Whether what is bad stays so: nothing is to come, nothing has changed for long, nothing gets better."""
    end_s = outcome.plan.data.duration_ns / 10**9
    changes_s = [fault.start_s for fault in run.recovery.faults]
    changes_s += [fault.end_s for fault in run.recovery.faults if fault.end_s < end_s]
    changes_s += [event.at_s for event in run.events if event.at_s < end_s]
    since_s = max(changes_s, default=0.0)
    is_open = any(one.complete_s is None for one in run.restores) or has_open(run.plans)
    if is_open or end_s - since_s < _SETTLED_S:
        return False
    windows = watched.windows
    middle_s = (since_s + end_s) / 2
    edges = [round(at_s * 10**9 - windows.first_ns) // windows.width_ns for at_s in (since_s, middle_s)]
    before, after = slice(edges[0], edges[1]), slice(edges[1], None)
    shares = [
        float(windows.bad[part].sum()) / max(float(windows.begun[part].sum()), 1.0)
        for part in (before, after)
    ]
    lasting = shares[1] * (1 - _held_by_old_answers(outcome, after))
    return lasting > 1 - watched.objective.success and shares[1] >= _LEVEL * shares[0]


def _held_by_old_answers(outcome: Outcome, windows: slice) -> float:
    """Of all who are held then, the share that an old DNS answer holds: some resolvers keep it for days."""
    held = Holding.of(outcome.tallies).held[windows].sum(axis=0)
    old = [phase_of(cause) == "caches_expire" for cause in CAUSES]
    return float(held[old].sum()) / max(float(held.sum()), 1.0)


def _store(run: Sections, name: str) -> OfStore:
    fate = run.loss.tables[name]
    restores = [one for one in run.restores if one.table == name]
    points = [fate.recovery_point_s, *(one.recovery_point_s for one in restores)]
    points += [one.recovery_point_s for one in run.databases.promotions if one.database == name]
    return OfStore(
        recovery_point_s=max((one for one in points if one is not None), default=None),
        acknowledged=fate.acknowledged,
        missing=fate.missing,
        lost=fate.lost,
        overwritten=fate.lost_updates,
        restores_open=sum(one.swapped_s is None for one in restores),
    )


# the timeline


def _timeline(outcome: Outcome, run: Sections, disrupted_s: float) -> Iterator[Moment]:
    yield Moment(disrupted_s, "the disruption begins")
    end_s = outcome.plan.data.duration_ns / 10**9
    firsts = (
        (HEALTH_UNHEALTHY.name, "detected by health check {}"),
        (RESTORE_STARTED.name, "somebody has noticed, decides and starts a restore: {}"),
        (ANSWER_CHANGED.name, "activated: other answers for {}"),
        (SWAPPED.name, "the restored table is in use: {}"),
        (PROMOTION_DONE.name, "the new writer is active: {}"),
    )
    for kind, said in firsts:
        found = next((one for one in run.events if one.kind == kind and one.at_s >= disrupted_s), None)
        if found is not None:
            yield Moment(found.at_s, said.format(found.target))
    for plan in run.plans:
        yield from _plan(plan)
    yield from _service(run, disrupted_s, end_s)
    ended_s = max((one.at_s for one in run.events if one.kind == FAULT_OFF.name), default=None)
    if ended_s is not None and disrupted_s + _INSTANT_S < ended_s < end_s:
        yield Moment(ended_s, "the disruption ends")
        back = [one for one in run.events if one.kind == ANSWER_CHANGED.name and one.at_s > ended_s]
        if back:
            yield Moment(back[-1].at_s, f"failed back: the last answer that changes is {back[-1].target}")


def _plan(one: PlanRun) -> Iterator[Moment]:
    """Who was reached and decided, and how the plan ended."""
    who = one.owner or "whoever decides"
    where = f" at {', '.join(one.stranded_at)}" if one.stranded_at else ""
    instants = (
        (one.triggered_s, f"plan {one.plan} is triggered by {one.by}"),
        (one.acknowledged_s, f"acknowledged: {who} has been reached for plan {one.plan}"),
        (one.decided_s, f"decided by {who}: plan {one.plan} is carried out"),
        (
            one.ended_s,
            f"plan {one.plan} is {one.state}{where}",
        ),
    )
    yield from (Moment(at_s, what) for at_s, what in instants if at_s is not None)


def _service(run: Sections, disrupted_s: float, end_s: float) -> Iterator[Moment]:
    """When users were served again, all together."""
    found = run.recovery
    if not found.recovery_time_s:
        yield Moment(disrupted_s, "users are served throughout")
        return
    worst = next(one for one in found.episodes if one.recovery_time_s == found.recovery_time_s)
    half = next((rung for rung in found.ladder if rung.share == 0.5), None)
    if half is not None and half.shown and half.recovery_time_s:
        yield Moment(
            worst.start_s + half.recovery_time_s, "first service: half of all actions are good again"
        )
    if found.shown:
        yield Moment(worst.recovered_s, "full service: nearly all actions are good, and stay so")
    else:
        yield Moment(end_s, "the run ends; nearly all actions being good was not seen to last")
