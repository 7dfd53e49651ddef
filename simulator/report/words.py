"""The words of the reports."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from itertools import pairwise

from simulator import catalog
from simulator.boundary.events import HEALTH_UNHEALTHY
from simulator.boundary.phases import ENDS, HOLDS, PHASES
from simulator.result.dns import HealthChange
from simulator.result.recovery import Phase, Recovery
from simulator.result.requests import SessionClass
from simulator.units import format_duration, printable, shortened

VERDICT_WORDS = {
    "met": "MET: every expectation holds",
    "missed": "MISSED",
    "inconclusive": "INCONCLUSIVE: not everything was shown or exercised",
    "no_expectations": "No expectations declared",
}

SESSION_WORDS: Mapping[SessionClass, str] = {
    "undisturbed": "noticed nothing",
    "recovered": "a retry hid the fault",
    "interrupted": "an action failed before the user's eyes",
    "logged_out": "no issuer gave a new token",
    "abandoned": "the user's patience ended",
}

_LONG_S = 600.0
_NAME_MOST = 40
_FAULT_MOST = 100
_STEP_MOST = 24
_NAMED_MOST = 3
_BY_NAME = {"externals": "failed calls to", "called_services": "slow or failed calls of"}
_NEARLY_ALL = 0.9
_LONG_WORD = re.compile(rf"\S{{{_NAME_MOST + 1},}}")


def title(text: str) -> str:
    """A title for a reader: its beginning if it is long, and nothing in it that steers a terminal."""
    return printable(shortened(text.strip()))


def name(text: str, most: int = _NAME_MOST) -> str:
    """A name for a reader: both ends if it is long, and nothing in it that steers a terminal."""
    if len(text) > most:
        half = most // 2
        text = f"{text[: half - 1]}…{text[-half:]}"
    return printable(text)


def fault_name(label: str) -> str:
    """What is wrong, for a reader: both ends of it if it is long."""
    return name(sentence(label), _FAULT_MOST)


def sentence(text: str) -> str:
    """A sentence in which names may stand: these are shortened, and nothing steers a terminal."""
    return printable(_LONG_WORD.sub(lambda found: name(found[0]), text))


_MINUTE_NS = 60 * 10**9
_HOUR_NS = 60 * _MINUTE_NS
_STEPS_NS = (
    (_HOUR_NS, _MINUTE_NS),
    (_MINUTE_NS, 10**9),
    (10**10, 10**8),
    (10**9, 10**7),
    (10**8, 10**6),
    (10**7, 10**5),
    (10**6, 10**4),
    (10**3, 10),
)
"""(from, to a multiple of): three or four places, and no more than two units."""


def duration(seconds: float) -> str:
    """Seconds for a reader, rounded: `412 ms`, `9.65 s`, `20 min 7 s`, `1 h 8 min`."""
    ns = round(seconds * 10**9)
    step = next((step for limit, step in _STEPS_NS if ns >= limit), 1)
    return format_duration(_rounded(ns, step))


def _rounded(ns: int, step: int) -> int:
    return (ns + step // 2) // step * step


def phase_durations(phases: Sequence[Phase]) -> list[str]:
    """How long each phase of a waterfall took, so rounded that the parts sum to `whole_duration`."""
    edges_ns = [round(edge * 10**9) for edge in (phases[0].start_s, *(phase.end_s for phase in phases))]
    since_ns = [_rounded(edge - edges_ns[0], _phase_step(phases)) for edge in edges_ns]
    return [format_duration(end - start) for start, end in pairwise(since_ns)]


def whole_duration(phases: Sequence[Phase]) -> str:
    """The sum of `phase_durations`."""
    took_ns = round(phases[-1].end_s * 10**9) - round(phases[0].start_s * 10**9)
    return format_duration(_rounded(took_ns, _phase_step(phases)))


def _phase_step(phases: Sequence[Phase]) -> int:
    """To what phases are rounded (ns): seconds, of short recoveries tenths."""
    return 10**9 if phases[-1].end_s - phases[0].start_s >= _LONG_S else 10**8


def phase_word(phase: Phase) -> str:
    """The name of a phase; while DNS leads to what is down, whether another answer came in the end."""
    if phase.phase == "no_other_answer" and phase.ended_by in ("detection", "operator", "answer"):
        return "DNS as before"
    if phase.phase == "externals" and phase.externals:
        first, *others = phase.externals
        return f"{len(phase.externals)} externals fail" if others else f"{name(first, _STEP_MOST - 6)} fails"
    if phase.phase == "called_services" and phase.callees:
        first, *others = _dominating(phase.callees)
        return f"calls of {len(others) + 1} services" if others else f"calls of {name(first, _STEP_MOST - 9)}"
    return name(phase.step, _STEP_MOST) if phase.step else PHASES[phase.phase].label


def held_words(phase: Phase) -> str:
    """What held most of those whom a phase did not serve, and what ended it."""
    return f"{parts_words(phase.held_by, named_by([phase]))}; {ENDS[phase.ended_by].said}"


def named_by(phases: Sequence[Phase]) -> Mapping[str, tuple[str, ...]]:
    """By cause, what some phases name: the externals that failed, the services that others called."""
    return {
        "externals": tuple(dict.fromkeys(one for phase in phases for one in phase.externals)),
        "called_services": tuple(
            dict.fromkeys(one for phase in phases for one in _dominating(phase.callees))
        ),
    }


def _dominating(callees: Mapping[str, int]) -> list[str]:
    """The called service that held nearly all of those whom called services held; or else each of them."""
    nearly_all = _NEARLY_ALL * sum(callees.values())
    return next(([one] for one, count in callees.items() if count >= nearly_all), [*callees])


def parts_words(held_by: Mapping[str, int], names: Mapping[str, Sequence[str]] | None = None) -> str:
    """What held most of some people: one cause, or the first two with their parts; like ones together.

    `names`: by cause, what has a name, by which it is said (`named_by`).
    """
    parts: dict[str, float] = {}
    for cause, count in held_by.items():
        word = HOLDS[cause].said
        if named := (names or {}).get(cause, ()):
            word = f"{_BY_NAME[cause]} {' and '.join(map(name, named[:_NAMED_MOST]))}"
        parts[word] = parts.get(word, 0.0) + count / sum(held_by.values())
    if not parts or max(parts.values()) >= _NEARLY_ALL:
        return max(parts, key=lambda word: parts[word], default="nobody")
    most = sorted(parts, key=lambda word: -parts[word])[:2]
    return ", ".join(f"{word} ({100 * parts[word]:.0f} %)" for word in most)


def share(part: float) -> str:
    """A share as a percentage that never rounds to 0 or 100 what is not."""
    percent = 100 * part
    if abs(percent - round(percent)) < 1e-9:
        return f"{percent:.0f} %"
    text = f"{percent:.1f}" if 0.1 <= percent <= 99.9 else f"{percent:.3f}"
    return text.replace("100.000", "> 99.999").replace("0.000", "< 0.001") + " %"


def plural(count: int, noun: str, many: str = "") -> str:
    """A count with its noun: `1 write`, `7 writes`; `many` where that takes more than an s."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def seeds_words(seeds: Sequence[int]) -> str:
    """Which seeds: `seed 3`, `5 seeds, 1 to 5`."""
    return f"seed {seeds[0]}" if len(seeds) == 1 else f"{len(seeds)} seeds, {min(seeds)} to {max(seeds)}"


def failed_regions(health: Sequence[HealthChange]) -> list[str]:
    """The regions that a health check found unhealthy, in order of name."""
    return sorted({one.region for one in health if one.event == HEALTH_UNHEALTHY.name})


def region_name(region: str) -> str:
    """A region with its city: `eu-west-1 (Dublin)`."""
    return f"{region} ({catalog.regions()[region].city})"


def recovery_words(recovery: Recovery) -> str:
    """The finding about the recovery, in a line."""
    if not recovery.faults:
        return "no fault acted"
    if recovery.recovery_time_s is None:
        return "nobody used the service"
    if not recovery.phases:
        return "OK throughout" if recovery.shown else f"not shown to stay OK: {recovery.not_shown}"
    longest = "" if len(recovery.episodes) == 1 else " at the longest"
    took = whole_duration(recovery.phases)
    return f"OK again after {took}{longest}" if recovery.shown else f"not shown to recover; not OK for {took}"


def folded(text: str, width: int, indent: str = "") -> list[str]:
    """The lines of a text, those after its first set in; words with hyphens stay whole."""
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False
    )
