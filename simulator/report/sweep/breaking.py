"""Where a system breaks, in sentences."""

from collections.abc import Iterator
from itertools import islice

from simulator.report import limits
from simulator.report.sweep.boundary import boundary_lines
from simulator.report.words import name, sentence
from simulator.result.breaking import Breaking

_LIMITS_MOST, _LOADS_MOST = 5, 4


def breaking_lines(found: Breaking, *, verbose: bool = False) -> Iterator[str]:
    """The load that is taken, the one that breaks, what fails there, and which limits are reached."""
    loads = [f"{name(population)} {said}" for population, said in islice(found.load.items(), _LOADS_MOST)]
    more = f" and {len(found.load) - _LOADS_MOST} more populations" if len(found.load) > _LOADS_MOST else ""
    head, _, *rest = boundary_lines(found.boundary, verbose=verbose)
    yield from (head, f"The load is {', '.join(loads)}{more}.", "", *rest)
    if found.failing:
        yield ""
        yield f"What fails at {found.boundary.fails_at}:"
        for one in found.failing:
            yield f"  {one.expectation}: missed in {one.runs} of {one.of} runs; {sentence(one.reason)}"
    yield from _limits(found)


def _limits(found: Breaking) -> Iterator[str]:
    """The limits that are reached where it breaks, first those that are not reached before."""
    if found.broken is None:
        return
    reached = [*limits.gist(found.broken)]
    places = set() if found.before is None else {_place(said) for said in limits.gist(found.before)}
    new = [said for said in reached if _place(said) not in places]
    yield ""
    if not reached:
        yield "No limit turned anything away there."
        return
    yield (
        "What gives way first, with what limits turned away there:"
        if new
        else "Limits that are reached there, as before:"
    )
    yield from (f"  {sentence(said)}" for said in (new or reached)[:_LIMITS_MOST])


def _place(said: str) -> str:
    """Which place a sentence is about: its words before the first number."""
    return next((said[:at] for at, one in enumerate(said) if one.isdigit() and said[at - 1] == " "), said)
