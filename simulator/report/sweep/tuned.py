"""What a search over several knobs found, in lines."""

from collections.abc import Iterator

from simulator.report.words import name, plural, title
from simulator.result.tuned import Tried, Tuned

_NEXT = 3


def tuned_lines(found: Tuned, *, verbose: bool = False) -> Iterator[str]:
    """The best values, what they are worth on seeds not seen before, and the next best; or every try."""
    figure = found.key.replace("_", " ")
    yield title(found.said)
    seeds = plural(len(found.seeds), "seed")
    sense, tries = "low" if found.better == "lower" else "high", plural(len(found.tries), "try", "tries")
    yield f"{figure}, as {sense} as {tries} of {seeds} each make it"
    if found.condition is not None:
        yield f"keeping {found.condition} in at least half of the runs"
    yield ""
    if found.best is None or found.as_it_is is None or found.difference is None:
        yield "No try keeps that; the nearest:"
        yield from _values(found.tries[0])
        return
    yield "Best:"
    yield from _values(found.tries[0])
    change = {"same": "the same", "unclear": "no clear change"}.get(
        found.difference.change, found.difference.change
    )
    yield f"On {plural(len(found.fresh), 'seed')} that the search did not see:"
    yield f"  {figure}: {found.as_it_is.said} as it is, {found.best.said} with these"
    yield f"  {change}: {found.difference.by.said}"
    others = found.tries[1:] if verbose else found.tries[1 : 1 + _NEXT]
    if others:
        yield ""
        yield "Other tries, the best first:" if verbose else "Next best:"
        yield from (f"  {_line(one)}" for one in others)


def _values(one: Tried) -> Iterator[str]:
    yield from (f"  {name(path, 60)} = {value}" for path, value in one.values.items())


def _line(one: Tried) -> str:
    kept = "" if one.keeps else ", does not keep it"
    return f"{one.figure.said}{kept}: {', '.join(one.values.values())}"
