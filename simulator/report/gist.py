"""Sentences of the first layer: the recovery, why it took so long, and the sessions."""

from collections.abc import Iterator, Sequence

from simulator.boundary.phases import ENDS
from simulator.report import plateau
from simulator.report.levers import closing
from simulator.report.words import (
    SESSION_WORDS,
    duration,
    parts_words,
    phase_durations,
    phase_word,
    plural,
    share,
    whole_duration,
)
from simulator.result.recovery import Phase, Recovery, Rung
from simulator.result.whole import Result

_PHASES_MOST = 5
_NEARLY_WHOLE = 0.995


def recovery(result: Result) -> Iterator[str]:
    """The recovery time and its phases."""
    found = result.recovery
    if not found.faults:
        yield "no fault acted"
        return
    yield _recovery_time(found)
    if found.phases:
        yield _phases(found.phases)


def _recovery_time(found: Recovery) -> str:
    good = f"{share(found.objective.success)} of actions succeed"
    if found.recovery_time_s is None:
        return "nobody used the service, so nothing can be said about it"
    if not found.recovery_time_s:
        return (
            f"OK throughout: {good} in time"
            if found.shown
            else f"not shown to have stayed OK: {found.not_shown}"
        )
    took = whole_duration(found.phases)
    if not found.shown:
        return f"not OK for {took}; not shown to have recovered: {found.not_shown}"
    which = f" (the longest of {len(found.episodes)})" if len(found.episodes) > 1 else ""
    return f"{took}{which} until {good} again"


def _phases(phases: Sequence[Phase]) -> str:
    """What the time went to, as a sum; of many phases, the longest."""
    took = [phase.end_s - phase.start_s for phase in phases]
    kept = sorted(took, reverse=True)[:_PHASES_MOST]
    named = [
        f"{phase_word(phase)} {shown}"
        for phase, shown, length in zip(phases, phase_durations(phases), took, strict=True)
        if length in kept
    ]
    rest = f", {plural(len(phases) - len(named), 'shorter phase')}" if len(named) < len(phases) else ""
    return f"{' + '.join(named)}{rest}"


def ladder(result: Result) -> Iterator[str]:
    """When each share of the actions was good again, and what users lost."""
    found = result.recovery
    if found.phases:
        yield ", ".join(_rungs(found.ladder))
        yield f"{plural(round(found.user_minutes_lost), 'minute')} of users lost"
        yield from plateau.sentence(found)


def _rungs(ladder: Sequence[Rung]) -> Iterator[str]:
    """The rungs, those of one time together."""
    together: dict[str, list[str]] = {}
    for rung in ladder:
        when = f"after {duration(rung.recovery_time_s)}{'' if rung.shown else ' (not shown)'}"
        together.setdefault(when, []).append(share(rung.share).removesuffix(" %"))
    for when, shares in together.items():
        yield f"{' and '.join([', '.join(shares[:-1]), shares[-1]] if shares[:-1] else shares)} % {when}"


def why(result: Result) -> Iterator[str]:
    """What the recovery time mostly went to; what would have shortened it most, if that was looked for."""
    phases = result.recovery.phases
    if phases:
        most = plateau.held_most(result.recovery)
        part = (most.end_s - most.start_s) / (phases[-1].end_s - phases[0].start_s)
        of_it = "all the time" if part > _NEARLY_WHOLE else f"for {100 * part:.0f} % of it"
        held = parts_words(most.held_by, most.names)
        yield f"{of_it} {most.who} were held by {held}; {ENDS[most.ended_by].said}"
        yield from filter(None, closing(result))


def sessions(result: Result) -> Iterator[str]:
    """What became of the sessions alive during a fault, and of all actions."""
    found, is_wrong = result.continuity, result.damage.wrong_answers > 0
    if found.sessions:
        kinds = [kind for kind in SESSION_WORDS if found.counts[kind]]
        classes = [f"{share(getattr(found, kind))} {_CLASSES[kind]}" for kind in kinds]
        yield ", ".join(classes) + (" (no wrong answer is noticed)" if is_wrong else "")
        yield f"{plural(found.sessions, 'session')} during the fault"
    requests = result.requests
    if requests.success is None:
        yield "no user action finished"
    else:
        yield f"{share(requests.success)} of {requests.action_latency.count:,} actions succeeded in time"


_CLASSES = {
    "undisturbed": "noticed nothing",
    "recovered": "needed a retry",
    "interrupted": "saw a failure",
    "logged_out": "were logged out",
    "abandoned": "lost patience",
}
