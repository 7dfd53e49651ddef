"""The terminal's words about a run that begins cold: empty caches of data, no environments yet."""

from collections.abc import Iterator

from simulator.report.words import duration, share
from simulator.result.capacity import ColdBegin
from simulator.result.whole import Result


def sentence(begin: ColdBegin | None) -> Iterator[str]:
    """What the cold begin has to do with the run's figures, and the remedy."""
    if begin is not None:
        bad = f", and {share(begin.bad_share)} of the actions begun then were bad" if begin.bad_share else ""
        part = f"{share(begin.share)} of all new environments and misses are from the first"
        yield f"The run began cold: {part} {duration(begin.until_s)}{bad}; `warm_up: 10 min` leaves that out"


def gist(result: Result) -> Iterator[str]:
    """The same, where so many actions were bad that the objective did not hold."""
    begin, objective = result.capacity.cold_begin, result.recovery.objective
    if begin is not None and (begin.bad_share or 0) > 1 - objective.success:
        yield from sentence(begin)
