"""A comparison on the terminal: what differs, what that changes, for whom and why."""

from collections.abc import Iterator, Sequence
from typing import get_args

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from simulator.report.costs import usd
from simulator.report.tables import Rows, Sentences
from simulator.report.words import SESSION_WORDS, name, parts_words, plural, seeds_words, share, title
from simulator.result.comparison import Change, Changed, Comparison, Design, Difference, Moved, Row

_STYLES = {"better": "green", "worse": "red", "unclear": "yellow"}
_CHANGES_MOST, _MOVES_MOST = 12, 6
_VALUE_MOST = 60
_SEEDS_LEAST = 6


def print_comparison(found: Comparison, console: Console, *, verbose: bool = False) -> None:
    """Print the figures that count; with `verbose`, every figure that differs, and all of every list."""
    for part in parts(found, verbose=verbose):
        console.print(part)


def parts(found: Comparison, *, verbose: bool = False) -> Iterator[RenderableType]:
    """All that is said of a comparison, in order."""
    yield Text(heading(found), style="bold")
    for design in found.designs:
        yield _indented(Text(f"{design.name}  {title(design.said)}{_verdicts(design)}"))
    yield from _titled("What differs in the files", _changes(found, verbose))
    together, each = f"{share(found.confidence)} confidence together", f"{share(found.level)} confidence each"
    yield from _titled("What it changes", _figures(found.counting, found, together))
    yield from _titled("What it costs, by list prices", _costs(found))
    if verbose:
        others = [row for row in found.rows if not row.counts and _differs(row)]
        yield from _titled("Other figures that differ", _figures(others, found, each))
    yield from _titled(f"Sessions that changed fate (seed {found.seeds[0]})", _sessions(found, verbose))
    yield from _titled(f"Fates of acknowledged writes (seed {found.seeds[0]})", _writes(found))
    yield Text(f"\n{conclusion(found)}", style="bold")


def heading(found: Comparison) -> str:
    """How much was compared."""
    return f"{plural(len(found.designs), 'design')} on the same users ({seeds_words(found.seeds)})"


def _verdicts(design: Design) -> str:
    seeds = sum(design.verdicts.values())
    told = [
        f"{verdict}{'' if count == seeds else f' in {count} of {seeds}'}"
        for verdict, count in design.verdicts.items()
        if verdict != "no_expectations"
    ]
    return f": {', '.join(told)}" if told else ""


def _changes(found: Comparison, verbose: bool) -> RenderableType | None:
    if not found.changes:
        has_texts = all(len(one.sha256) == 2 for one in found.designs)
        return Text("nothing" if has_texts else "a program has changed a design, so no text tells")
    kept = found.changes if verbose else found.changes[:_CHANGES_MOST]
    lines = [_change(one, several=len(found.designs) > 2) for one in kept]
    if len(found.changes) > len(kept):
        lines.append(Text(f"… and {len(found.changes) - len(kept)} more; -v lists all", style="dim"))
    return Group(*lines)


def _change(one: Changed, *, several: bool) -> Text:
    before, after = (_value(value) for value in (one.before, one.after))
    what = f"{name(one.path, 60)}: {before} → {after}"
    if one.before is None:
        what = f"{name(one.path, 60)}: {after} (not written before)"
    if one.after is None:
        what = f"{name(one.path, 60)}: {before} is gone"
    return Text(f"{one.design}  {what}" if several else what)


def _value(text: str | None) -> str:
    return "nothing" if text is None else name(text, _VALUE_MOST)


def _figures(rows: Sequence[Row], found: Comparison, sure: str) -> RenderableType | None:
    if not rows:
        return None
    names = [design.name for design in found.designs]
    table = Rows("", *names, text=f"against {names[0]}, with {sure}" if _has_intervals(rows) else "")
    for row in rows:
        values = [span.said for span in row.values]
        table.add(figure_words(row), *values, text=_differences(row.differences))
    return table


def _costs(found: Comparison) -> RenderableType | None:
    """A month in peace, and what the sums leave out, where that was asked for."""
    first = found.designs[0].cost
    if first is None:
        return None
    names = [design.name for design in found.designs]
    table = Rows("", *names)
    costs = [design.cost or first for design in found.designs]
    table.add("a month in peace", *(usd(one.usd_month) for one in costs))
    table.add("an hour of this run in peace", *(usd(one.usd_hour_in_peace) for one in costs))
    table.add("an hour of it with its outage", *(usd(one.usd_hour_of_outage) for one in costs))
    missing = ", ".join(dict.fromkeys(price for one in costs for price in one.unpriced))
    return Group(table, Text(f"In no sum, for want of a price: {missing}", style="dim")) if missing else table


def _has_intervals(rows: Sequence[Row]) -> bool:
    return any(one.by.low is not None and one.by.high is not None for row in rows for one in row.differences)


def figure_words(row: Row) -> str:
    """A figure for a reader."""
    return name(row.key.replace("_", " "), 44)


def _differences(differences: Sequence[Difference]) -> Text:
    text = Text()
    for one in differences:
        text.append("; " if text.plain else "")
        if len(differences) > 1:
            text.append(f"{one.design} ")
        text.append(difference_words(one), style=_STYLES.get(one.change, ""))
    return text


def difference_words(one: Difference) -> str:
    """What came of a difference, and how large it is."""
    if one.change in ("same", "no_data"):
        return "the same" if one.change == "same" else "no data"
    word = "no clear change" if one.change == "unclear" else one.change
    return f"{word}: {one.by.said}"


def _differs(row: Row) -> bool:
    return any(one.change not in ("same", "no_data") for one in row.differences)


def _sessions(found: Comparison, verbose: bool) -> RenderableType | None:
    lines = [line for design in found.designs[1:] for line in _moves(design.name, found, verbose)]
    return Group(*lines) if lines else None


def _moves(design: str, found: Comparison, verbose: bool) -> Iterator[Text]:
    moves = [one for one in found.sessions if one.design == design]
    kept = moves if verbose else moves[:_MOVES_MOST]
    for one in kept:
        prefix = f"{design}  " if len(found.designs) > 2 else ""
        yield Text(f"{prefix}{_move(one)}")
    if rest := sum(one.sessions for one in moves[len(kept) :]):
        yield Text(f"… and {plural(rest, 'more session')}; -v lists all", style="dim")


def _move(one: Moved) -> str:
    why = f" ({parts_words(one.because)})" if one.because else ""
    return f"{one.sessions:,}: {_fate(one.was)} → {_fate(one.became)}{why}"


def _fate(fate: str) -> str:
    return "took no place" if fate == "absent" else SESSION_WORDS[fate]  # type: ignore[index]


def _writes(found: Comparison) -> RenderableType | None:
    if not found.writes:
        return None
    several = len(found.designs) > 2
    lines = [
        Text(
            f"{f'{one.design}  ' if several else ''}{name(one.store)}: {one.fate.replace('_', ' ')} "
            f"{one.was:,} → {one.became:,}"
        )
        for one in found.writes
    ]
    return Group(*lines)


def conclusion(found: Comparison) -> str:
    """What came of it, in a sentence for each design."""
    return "\n".join(_conclusion(design, found) for design in found.designs[1:])


def _conclusion(design: Design, found: Comparison) -> str:
    counts = {change: found.count(change, design.name) for change in get_args(Change)}
    said = [f"{change} in {counts[change]}" for change in ("better", "worse") if counts[change]]
    figures = plural(len(found.counting), "figure")
    words = f"{' and '.join(said) or 'not clearly better or worse in any'} of {figures}"
    if counts["same"] == len(found.counting):
        words = f"the same as {found.designs[0].name} in all {figures}"
    if other := counts["higher"] + counts["lower"]:
        words += f"; {other} clearly higher or lower, which is neither"
    if counts["no_data"]:
        words += f"; {counts['no_data']} without data"
    if counts["unclear"]:
        words += f"; {counts['unclear']} not clear" + _too_few(found)
    return f"{design.name} is {words}."


def _too_few(found: Comparison) -> str:
    if len(found.seeds) < _SEEDS_LEAST:
        return f": {plural(len(found.seeds), 'seed')} cannot tell, give --seeds 10 or more"
    return f" with {share(found.confidence)} confidence: more seeds may tell"


def _titled(head: str, body: RenderableType | None) -> Iterator[RenderableType]:
    if body is not None:
        yield Text(f"\n{head}", style="bold")
        yield _indented(Sentences(body))


def _indented(body: RenderableType) -> RenderableType:
    return Padding(body, (0, 0, 0, 2))
