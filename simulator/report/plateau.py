"""The sentence about the plateau of a recovery: how many stayed bad, who they were, and what held them."""

from collections.abc import Iterator, Mapping

from simulator.report.words import duration, name, parts_words, share
from simulator.result.recovery import OnPlateau, Recovery

_NAMED_MOST = 3


def sentence(recovery: Recovery) -> Iterator[str]:
    """Who was still not served after the first improvement; nothing if that was nobody for long."""
    if (found := recovery.plateau) is not None:
        since, until = (duration(at - recovery.phases[0].start_s) for at in (found.start_s, found.end_s))
        held = f"{share(found.share)} of actions stayed bad{_whose(found.populations)}"
        yield f"from {since} to {until} after the fault began {held}: {parts_words(found.held_by)}"


def _whose(populations: Mapping[str, OnPlateau]) -> str:
    """What each population has of its own actions, those of most bad ones first, if there are several."""
    if len(populations) < 2:
        return ""
    named = [*populations.items()][:_NAMED_MOST]
    return f" ({', '.join(f'{name(key)} {share(one.share)}' for key, one in named)})"
