"""The worst outage that was found, for a reader; and the experiment's file that has it."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from simulator.report.words import duration, folded, plural
from simulator.result.worst import Hurt, Worst


def lines_of(found: Worst, width: int) -> Iterator[str]:
    """What it is, what it does, and what the file's own faults do."""
    yield from folded(
        f"The worst of {plural(found.tried, 'outage')} that were played, by {found.measure}:", width
    )
    yield ""
    for fault in found.faults:
        yield from folded(f"- {_flow(fault)}", width)
    yield ""
    rows = [("this outage", found.kept), ("the worst, before it was made smaller", found.found)]
    rows = rows[:1] if found.kept == found.found else rows
    for name, hurt in [*rows, ("the file's own faults", found.as_written)]:
        yield from folded(f"{name}: {_figure(hurt, found.unit)}", width)
        for missed in hurt.missed:
            yield from folded(f"missed: {missed}", width, "  ")
    if found.dominated_by:
        yield from folded(f"Its recovery took longest for: {found.dominated_by.replace('_', ' ')}.", width)


def _figure(hurt: Hurt, unit: str) -> str:
    if hurt.state == "never":
        return f"never over, {hurt.user_minutes_lost:,.0f} user-minutes lost"
    if hurt.value is None:
        return f"not shown by this run, {hurt.user_minutes_lost:,.0f} user-minutes lost"
    if unit == "s":
        return duration(hurt.value)
    return f"{hurt.value:.3%}" if unit == "share" else f"{hurt.value:,.4g}"


def _flow(fault: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(dict(fault), default_flow_style=True, sort_keys=False, width=10_000)).strip()


def experiment_text(found: Worst, written: Mapping[str, Any], topology: str) -> str:
    """The text of an experiment with these faults: what the file says otherwise, its topology by a path.

    The seed stands in its first lines, since a file has none.
    """
    head = [
        f"# The worst of {plural(found.tried, 'outage')} that were played, by {found.measure}.",
        f"# The faults of {found.file} are replaced. Its seed: simulator run FILE --seed {found.seed}",
    ]
    faults = [dict(one) for one in found.faults]
    named = f"The worst that was found in place of: {written['experiment']}"
    body = yaml.safe_dump(
        {**written, "experiment": named, "topology": topology, "faults": faults},
        sort_keys=False,
        allow_unicode=True,
        width=100,
        default_flow_style=None,
    )
    return "\n".join([*head, str(body)])
