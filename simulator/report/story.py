"""The story of one session, for a reader: what it did, request by request, and what happened meanwhile."""

import math
import textwrap
from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import groupby

from simulator.boundary.events import ANSWER_CHANGED, FAULT_OFF
from simulator.boundary.outcomes import AttemptOutcome
from simulator.boundary.phases import HOLDS
from simulator.report.words import SESSION_WORDS, duration, name, plural, sentence
from simulator.result.story import Act, Happening, Story, Try
from simulator.units import format_duration

_OUTCOMES: dict[AttemptOutcome, str] = {
    "succeeded": "served",
    "refused": "connection refused",
    "reset": "connection reset",
    "error": "5xx",
    "throttled": "429, throttled",
    "overloaded": "503, overloaded",
    "unauthorized": "401, token not accepted",
    "timeout": "no answer in time",
    "gateway_timeout": "the gateway gave up",
    "circuit_open": "held back by the client's own circuit breaker",
    "dns_failure": "the name could not be resolved",
    "dns_empty": "the name led to no address",
    "blocked": "403, blocked",
    "unknown": "no answer, or an error, after which it may have been applied",
}
_WAYS = {
    "connection": "over a kept-alive connection",
    "device": "by an answer that the device had kept",
    "resolver": "by an answer that the resolver had kept",
    "authoritative": "by an answer of Route 53",
}
_TENTH_NS = 10**8
_EDGE = "at a content network's edge"


def story_lines(story: Story, width: int, *, every: bool = False) -> Iterator[str]:
    """The story in lines of at most `width` columns; `every`: each action that was served well by itself."""
    yield from _head(story, width)
    yield ""
    told = [(_when(at_s), text) for at_s, text in _told(story, every)]
    left = 2 + max((len(when) for when, _ in told), default=0)
    for when, text in told:
        for line in textwrap.wrap(text, max(width - left, 20), break_on_hyphens=False):
            yield f"{when:<{left}}{line}"
            when = ""


def _when(at_s: float) -> str:
    return format_duration(math.floor(max(at_s, 0.0) * 10) * _TENTH_NS)


def _head(story: Story, width: int) -> Iterator[str]:
    bad = [act for act in story.acts if not act.is_good]
    begun = "In progress when the run began" if story.begin_s < 0 else f"Began at {duration(story.begin_s)}"
    ended = "there to the end" if story.end_s is None else f"ended at {duration(story.end_s)}"
    lines = [
        f"Session {story.session:,} of {name(story.population)}, near {name(story.near)}, "
        f"seed {story.recipe.seed}: {SESSION_WORDS[story.ended_as]}.",
        f"{begun}, {ended}. {plural(len(story.acts), 'action')}, {_well(story.acts, bad)}"
        + (f"; {duration(story.lost_s)} without service." if story.lost_s else "."),
    ]
    if story.resolver_extends_s:
        longer = duration(story.resolver_extends_s)
        lines.append(f"Its resolver keeps answers for {longer} at least, whatever their TTL says.")
    for line in lines:
        yield from textwrap.wrap(line, width, break_on_hyphens=False)


def _well(acts: Sequence[Act], bad: Sequence[Act]) -> str:
    if not bad:
        return "all of them served well"
    return "none of them served well" if len(bad) == len(acts) else f"{len(bad):,} of them not served well"


def _told(story: Story, every: bool) -> Iterator[tuple[float, str]]:
    """When, and what, in order of time."""
    lines = [*_acts(story, every), *_happenings(story.happenings)]
    return iter(sorted(lines, key=lambda line: line[0]))


def _is_smooth(act: Act) -> bool:
    return act.is_good and all(one.outcome == "succeeded" for one in act.tries)


def _acts(story: Story, every: bool) -> Iterator[tuple[float, str]]:
    """The actions; in a row that went alike they are told together, unless each is asked for.

    Nothing that happened stands between those that are told together: it might be why they went so.
    """
    happened_s = [one.at_s for one in story.happenings]

    def alike(act: Act) -> object:
        return act.number if every else (bisect(happened_s, act.begin_s), _alike(act))

    for _, group in groupby(story.acts, alike):
        same = [*group]
        if every or same[0].end_s is None or (same[0].is_good and not _is_smooth(same[0])):
            yield from (line for act in same for line in _one(act))
        elif same[0].is_good:
            yield same[0].begin_s, _well_served(same)
        else:
            yield same[0].begin_s, _badly_served(same)


def _alike(act: Act) -> object:
    """What actions have in common that are told together."""
    if _is_smooth(act):
        return _place(act)
    return act.number if act.is_good or act.end_s is None else (_place(act), _result(act), _held(act))


def _place(act: Act) -> str:
    """Where its tries went, each place once, in their order; a token is asked for by itself."""
    asked = [one for one in act.tries if one.operation == act.operation] or act.tries
    return " and ".join(dict.fromkeys(map(_place_of, asked)))


def _place_of(one: Try) -> str:
    if one.outcome in ("dns_failure", "dns_empty"):
        return "without an address"
    if one.outcome == "circuit_open":
        return "held back by a circuit breaker"
    return _EDGE if one.region is None else f"in {name(one.region)}"


def _took(acts: Sequence[Act]) -> str:
    took = [act.end_s - act.begin_s for act in acts if act.end_s is not None]
    first, last = duration(min(took)), duration(max(took))
    return first if first == last else f"{first} to {last}"


def _well_served(acts: Sequence[Act]) -> str:
    who = name(acts[0].operation) if len(acts) == 1 else f"{len(acts):,} actions"
    return f"{who} served {_place(acts[0])}, {_took(acts)}{'' if len(acts) == 1 else ' each'}"


def _badly_served(acts: Sequence[Act]) -> str:
    who = name(acts[0].operation) if len(acts) == 1 else f"{len(acts):,} actions"
    tries = sum(len(act.tries) for act in acts)
    where = f"{plural(tries, 'try', 'tries')} {_place(acts[0])}"
    each = "" if len(acts) == 1 else " each"
    return f"{who} {_result(acts[0])}, {_took(acts)}{each}: {where}, {_held(acts[0])}"


def _result(act: Act) -> str:
    if act.outcome != "succeeded":
        return "not served"
    return "served wrongly" if act.held_by == "damaged_data" else "served too late"


def _one(act: Act) -> Iterator[tuple[float, str]]:
    """An action with each of its tries."""
    for operation, group in groupby(act.tries, lambda one: one.operation):
        tries = [*group]
        for number, one in enumerate(tries, 1):
            count = f", try {number} of {len(tries)}" if len(tries) > 1 else ""
            yield one.begin_s, f"{name(operation)}{count}: {_try(one)}"
    if act.end_s is None:
        yield act.begin_s, f"{name(act.operation)}: not over when the run ended; {_held(act)}"
    elif not act.is_good:
        yield act.end_s, f"{name(act.operation)} {_result(act)}, {_took([act])}: {_held(act)}"


def _try(one: Try) -> str:
    took = duration(one.end_s - one.begin_s)
    where = _WAYS[one.found_by] if one.region is None else f"{name(one.region)} {_WAYS[one.found_by]}"
    if one.region is None and _place_of(one) != _EDGE:
        where = ""
    outdated = ", when Route 53 led elsewhere" if one.is_outdated else ""
    result = f"{_OUTCOMES[one.outcome]} after {took}"
    wrong = ", with a wrong answer" if one.is_wrong and one.outcome == "succeeded" else ""
    why = f": {_held(one)}" if one.held_by not in (None, "slow") else ""
    return f"{where}{outdated}: {result}{wrong}{why}" if where else f"{result}{wrong}{why}"


def _held(one: Try | Act) -> str:
    if one.callee is not None:
        return f"slow or failed calls of {name(one.callee)}"
    return HOLDS[one.held_by].said if one.held_by is not None else "nothing that a request met"


def _happenings(happenings: Sequence[Happening]) -> Iterator[tuple[float, str]]:
    for one in happenings:
        yield one.at_s, f"── {_happened(one)} ──"


def _happened(one: Happening) -> str:
    if one.kind == ANSWER_CHANGED.name:
        return f"Route 53 answers for {name(one.target)}: {sentence(one.detail or 'nothing')}"
    return f"{sentence(one.target)}: over" if one.kind == FAULT_OFF.name else sentence(one.target)
