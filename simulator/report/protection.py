"""Sentences about protection: when a second outage would have taken more, and how much."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from simulator.report.words import duration, name, plural
from simulator.result.protection import Exposure
from simulator.result.whole import Result

_MOST = 20


def table(result: Result) -> RenderableType | None:
    """A sentence about each time in which a store was protected by less."""
    found = [Text(sentence(one)) for one in result.protection[:_MOST]]
    if len(result.protection) > _MOST:
        found.append(Text(f"and {len(result.protection) - _MOST} times more"))
    return Group(*found) if found else None


def sentence(one: Exposure) -> str:
    """From when to when, who was behind, and what a second outage would have taken."""
    until = "the end, and still not finalized" if one.to_s is None else duration(one.to_s)
    return f"{name(one.store)}, {duration(one.from_s)} to {until}: {'; '.join(_parts(one))}"


def _parts(one: Exposure) -> Iterator[str]:
    behind = " and ".join(one.behind) + (" was" if len(one.behind) == 1 else " were") + " behind"
    if not one.unprotected_s:
        yield f"fewer copies, as {behind}; at least one other was up to date"
        return
    yield f"unprotected for {duration(one.unprotected_s)}, as {behind}"
    old = "" if one.oldest_s is None else f", the oldest for {duration(one.oldest_s)}"
    taken = f"up to {plural(one.waited, 'write')} that only it had{old}" if one.waited else "no write"
    taken = "all that was written there meanwhile" if one.waited is None else taken
    yield f"losing {' or '.join(one.regions)} would have taken {taken}"
