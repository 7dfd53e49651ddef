"""A boundary in sentences."""

from collections.abc import Iterator

from simulator.report.words import plural, share, title
from simulator.result.boundary import Boundary, Tried


def boundary_lines(found: Boundary, *, verbose: bool = False) -> Iterator[str]:
    """What was found; with `verbose`, every value that was tried."""
    yield title(found.said)
    yield ""
    yield from _found(found)
    yield (
        f"With {share(found.confidence)} confidence in all of it: {plural(len(found.tried), 'value')}, "
        f"{plural(found.runs, 'run')} on the same users."
    )
    tried = found.tried if verbose or not found.is_found else _around(found)
    if tried:
        yield ""
        width = max(len(one.value) for one in tried)
        yield from (f"  {one.value:<{width}}  {_state(one)}" for one in tried)


def _found(found: Boundary) -> Iterator[str]:
    yield f"{found.condition}, in at least {share(found.share)} of all runs:"
    if found.is_found:
        yield f"  holds at {found.path} = {found.holds_at},"
        yield f"  fails at {found.path} = {found.fails_at}."
        return
    first, last = found.tried[0], found.tried[-1]
    unclear = [one.value for one in dict.fromkeys((first, last)) if one.state == "undecided"]
    if unclear:
        ends = " and at ".join(unclear)
        yield f"  the runs do not tell at {ends}; give more --seeds, or ends that are clearer."
    elif first is last:
        yield f"  {first.state} already at {found.path} = {first.value}."
    else:
        ends = f"{first.value} and {last.value}"
        yield f"  {first.state} at both ends, {ends}; there is no boundary between them to find."


def _around(found: Boundary) -> list[Tried]:
    """The values from the last that holds to the first that fails."""
    values = [one.value for one in found.tried]
    first, last = sorted((values.index(str(found.holds_at)), values.index(str(found.fails_at))))
    return [*found.tried[first : last + 1]]


def _state(one: Tried) -> str:
    runs = one.met + one.missed + one.unknown
    unknown = f", {one.unknown} not known" if one.unknown else ""
    return f"{one.state:<9}  met in {one.met} of {plural(runs, 'run')}{unknown}"
