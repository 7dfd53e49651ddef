"""Who was not served for longest: the plateau of a recovery, or its longest phase, and what held them."""

from collections.abc import Iterator, Mapping, Sequence

from simulator.boundary.causes import WELL_BETWEEN
from simulator.records import dataclass
from simulator.report.words import duration, name, named_by, parts_words, share
from simulator.result.recovery import OnPlateau, Phase, Plateau, Recovery

_NAMED_MOST = 3
_MOST_OF_A_PHASE = 0.5


@dataclass(frozen=True)
class Held:
    """Those who were not served for longest."""

    who: str
    start_s: float
    end_s: float
    held_by: Mapping[str, int]  # by cause, most first
    ended_by: str
    names: Mapping[str, Sequence[str]]  # of externals and called services, by cause


def held_most(recovery: Recovery) -> Held:
    """Of the longest phase; of its plateau, if that takes most of it: fewer people, whom others things hold.

    So what is said of the longest time is never the mixture of a short blackout and its long tail.
    """
    longest = max(
        recovery.phases, key=lambda phase: (phase.phase != WELL_BETWEEN, phase.end_s - phase.start_s)
    )
    found = recovery.plateau
    if found is None or _overlap_s(found, longest) < _MOST_OF_A_PHASE * (longest.end_s - longest.start_s):
        times = longest.start_s, longest.end_s
        return Held("people", *times, longest.held_by, longest.ended_by, named_by([longest]))
    last = next(phase for phase in recovery.phases if phase.end_s >= min(found.end_s, longest.end_s))
    whose = f"{share(found.share)} of actions"
    return Held(whose, found.start_s, found.end_s, found.held_by, last.ended_by, named_by(recovery.phases))


def _overlap_s(found: Plateau, phase: Phase) -> float:
    return min(found.end_s, phase.end_s) - max(found.start_s, phase.start_s)


def sentence(recovery: Recovery) -> Iterator[str]:
    """Who was still not served after the first improvement; nothing if that was nobody for long."""
    if (found := recovery.plateau) is not None:
        since, until = (duration(at - recovery.phases[0].start_s) for at in (found.start_s, found.end_s))
        held = f"{share(found.share)} of actions stayed bad{_whose(found.populations)}"
        by = parts_words(found.held_by, named_by(recovery.phases))
        yield f"from {since} to {until} after the fault began {held}: {by}"


def _whose(populations: Mapping[str, OnPlateau]) -> str:
    """What each population has of its own actions, those of most bad ones first, if there are several."""
    if len(populations) < 2:
        return ""
    named = [*populations.items()][:_NAMED_MOST]
    return f" ({', '.join(f'{name(key)} {share(one.share)}' for key, one in named)})"
