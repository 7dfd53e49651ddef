"""What each countermeasure that acted was good for: sentences, a table, and a page of Markdown."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from simulator.report.tables import Rows
from simulator.report.words import duration, plural
from simulator.result.countermeasures import Countermeasures, Figures, Pair
from simulator.result.whole import Result
from simulator.units import printable

_HEADS = ("recovery time", "user-minutes lost", "good actions", "writes overwritten", "writes lost")


def gist(result: Result) -> Iterator[str]:
    """The first layer's: a sentence for each, first of what users felt most, and which were not tried."""
    found = result.countermeasures
    if found is None:
        return
    changed = [pair for pair in found.pairs if _changed(pair, found.as_it_is)]
    for pair in sorted(changed, key=lambda one: -abs(one.difference.user_minutes_lost)):
        yield sentence(pair, found.as_it_is)
    if same := [pair.what for pair in found.pairs if pair not in changed]:
        yield f"{', '.join(same)}: changed nothing that is compared"
    if not found.pairs:
        yield "no countermeasure acted, so that there is nothing to compare"
    if found.not_tried:
        yield f"not tried, though they acted: {', '.join(found.not_tried)}"


def sentence(pair: Pair, as_it_is: Figures) -> str:
    """What one changed, with its sign; what users feel first."""
    said = [*_recovery(pair, as_it_is), *_counts(pair)]
    return f"{pair.what}: {'; '.join(said) or 'changed hardly anything that is compared'}"


def _changed(pair: Pair, as_it_is: Figures) -> bool:
    return any(vars(pair.difference).values()) or as_it_is.shown != pair.without.shown


def _recovery(pair: Pair, as_it_is: Figures) -> Iterator[str]:
    if pair.difference.recovery_time_s or as_it_is.shown != pair.without.shown:
        yield f"recovery {_took(as_it_is)} instead of {_took(pair.without)}"
    elif as_it_is.recovery_time_s:
        yield f"recovery {_took(as_it_is)} either way"


def _counts(pair: Pair) -> Iterator[str]:
    found = pair.difference
    if found.good_actions:
        what = "saved" if found.good_actions > 0 else "spoiled"
        yield f"{plural(abs(found.good_actions), 'action')} {what}"
    elif round(found.user_minutes_lost):
        yield f"{abs(round(found.user_minutes_lost)):,} {_more(found.user_minutes_lost)} user-minutes lost"
    elif found.bad_actions:
        yield f"{plural(abs(found.bad_actions), f'{_more(found.bad_actions)} action')} failed"
    writes = (
        (found.overwritten_writes, "overwritten"),
        (found.lost_writes, "lost"),
        (found.double_applied, "applied twice"),
    )
    for count, what in writes:
        if count:
            yield f"{plural(abs(count), f'{_more(count)} acknowledged write')} {what}"


def _more(by: float) -> str:
    return "more" if by > 0 else "fewer"


def _took(figures: Figures) -> str:
    took = duration(figures.recovery_time_s) if figures.recovery_time_s else "none needed"
    return took if figures.shown else f"{took} (not shown)"


def table(result: Result) -> RenderableType | None:
    """All figures side by side, the run as it is first."""
    found = result.countermeasures
    if found is None:
        return None
    rows = Rows("with the same users", *_HEADS)
    for what, *figures in _rows(found):
        rows.add(what, *figures)
    never = f"Never acted: {', '.join(found.idle)}." if found.idle else ""
    return Group(rows, Text(never)) if never else rows


def _rows(found: Countermeasures) -> Iterator[tuple[str, ...]]:
    yield ("as it is", *_cells(found.as_it_is))
    for pair in found.pairs:
        yield (f"without {pair.what}", *_cells(pair.without))


def _cells(figures: Figures) -> Iterator[str]:
    yield _took(figures)
    yield f"{figures.user_minutes_lost:,.0f}"
    yield f"{figures.good_actions:,}"
    yield f"{figures.overwritten_writes:,}"
    yield f"{figures.lost_writes:,}"


def markdown(result: Result) -> str | None:
    """The same as a page; None if nothing was compared. The same result gives the same bytes."""
    found = result.countermeasures
    if found is None:
        return None
    return "\n".join(_page(result, found)) + "\n"


def _page(result: Result, found: Countermeasures) -> Iterator[str]:
    yield f"# Countermeasures: {printable(result.recipe.experiment)}"
    yield ""
    yield f"Each was left out in a run of its own, with the same users (seed {result.recipe.seed})."
    yield ""
    yield from (f"- {_cell(said)}" for said in gist(result))
    if found.idle:
        yield f"- never acted: {_cell(', '.join(found.idle))}"
    yield ""
    yield f"| with the same users | {' | '.join(_HEADS)} |"
    yield f"|{'---|' * (1 + len(_HEADS))}"
    for row in _rows(found):
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(text: str) -> str:
    return printable(text).replace("|", "\\|")
