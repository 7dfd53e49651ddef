"""The tables of docs/performance.md, made of the newest figures: `python -m benchmarks.performance_page`.

Each stands between two marks, `<!-- NAME -->` and `<!-- /NAME -->`, and is a function of the newest figures.
What no section names stands in `others`, so that nothing that is kept is left out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import anatomy, growth
from benchmarks.records import Kept, newest
from benchmarks.rivals.racing import times, what_of
from benchmarks.rivals.workloads import W1, WORKLOADS, Rival, Workload
from tests.measure.pages import in_step

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
MISSING = "not measured yet"

Newest = Mapping[str, Kept]

TWIN = "requests a second against the twin"
WHOLE = "W3 as a whole process with --out, against SimPy"
REPLICATIONS = "W4, 20 replications of W3 by two processes, against SimPy"
GROWTH = (
    "time per request over length",
    "memory over length",
    growth.SESSIONS,
    "memory of a million concurrent sessions",
    growth.ITEMS,
    "ten million items with a popularity, lowered",
    "one more of regions",
    "one more of tables",
)
STARTS = (
    "`simulator --help`",
    "smallest experiment, warm",
    "one idle day, three regions",
    "first run ever, with the compilation",
)


# what is said


def sentences(kept: Newest) -> str:
    """What may be said, and what it is about."""
    rows = [
        (
            "the twin, which does all that the engine does, request by request",
            f"{_told(kept, TWIN)}{_of_day(kept, TWIN)}",
        ),
        ("a plain SimPy model of the same question", _by_workload(kept, lambda rival: rival.name == "SimPy")),
        ("the fastest other simulator on each", _by_workload(kept, _is_other)),
        *(
            (f"the loop in {rival.name}", _told(kept, what_of(W1, rival)))
            for rival in W1.rivals
            if _is_c(rival)
        ),
        ("SimPy, W3 as whole processes, ours with pictures and all files", _told(kept, WHOLE)),
        ("SimPy, twenty replications of W3 by two processes", _told(kept, REPLICATIONS)),
    ]
    return _table(("Against", "Requests a second, times theirs; whole processes, times shorter"), rows)


def _is_c(rival: Rival) -> bool:
    return rival.environment is None


def _is_other(rival: Rival) -> bool:
    return rival.name != "SimPy" and not _is_c(rival)


def _by_workload(kept: Newest, fits: Callable[[Rival], bool]) -> str:
    return "; ".join(filter(None, (_closest(kept, workload, fits) for workload in WORKLOADS))) or MISSING


def _closest(kept: Newest, workload: Workload, fits: Callable[[Rival], bool]) -> str:
    """The rival of these that comes closest."""
    found = [(rival, kept[what_of(workload, rival)].figure.values) for rival in workload.rivals
             if fits(rival) and what_of(workload, rival) in kept]  # fmt: skip
    if not found:
        return ""
    rival, values = min(found, key=lambda one: float(one[1]["ratio"]))
    return f"{workload.key} {times(values)}" + ("" if rival.name == "SimPy" else f", {rival.name}")


def _of_day(kept: Newest, what: str) -> str:
    """Of which day a figure is that is taken less often than the others, and maybe on another machine."""
    return f", on {kept[what].day}" if what in kept else ""


def _told(kept: Newest, what: str) -> str:
    return kept[what].figure.measured if what in kept else MISSING


# rivals


def rivals(kept: Newest) -> str:
    """Every rival on every workload that it does."""
    rates, whole, lines = "Requests a second, ours", "Whole process, ours", "Lines, ours"
    head = ("Workload", "Rival", "Python", rates, "Ratio", whole, "Peak MiB, ours", lines)
    rows = [
        (workload.key, *_race(kept, rival.name, what_of(workload, rival)))
        for workload in WORKLOADS
        for rival in workload.rivals
    ]
    return _table(head, rows)


def _race(kept: Newest, name: str, what: str) -> Sequence[str]:
    if what not in kept:
        return (name, "", MISSING, "", "", "", "")
    values = kept[what].figure.values
    return (
        f"{name} {values['version']}",
        str(values["python"]),
        f"{values['per_s']:,.0f}, {values['our_per_s']:,.0f}",
        times(values),
        f"{_whole(values, '')}, {_whole(values, 'our_')}",
        f"{values['mib']:.0f}, {values['our_mib']:.0f}",
        f"{values['lines']}, {values['our_lines']}" if values["lines"] else "",
    )


def _whole(values: Mapping[str, Any], prefix: str) -> str:
    return f"{values[f'{prefix}whole_s']:.1f} s for {values[f'{prefix}requests']:,}"


# what a request is made of


def parts(kept: Newest) -> str:
    """Events, draws and calls of one request of each workload, and how long it takes."""
    columns = {name: anatomy.what_of(name) for name in (*anatomy.SIZES, anatomy.DEMO)}
    counts = {name: kept[what].figure.values for name, what in columns.items() if what in kept}
    listed = (*_listed(counts, "event "), "blocks", *_listed(counts, "calls of ", _CALLS_LEAST))
    rows = [
        ("nanoseconds", *(_number(_ns(kept, name)) for name in columns)),
        ("nanoseconds an event", *(_number(_ns_an_event(kept, counts, name)) for name in columns)),
        ("events", *_numbers(counts, columns, "events")),
        *((_named(name), *_numbers(counts, columns, name)) for name in listed),
    ]
    head = (what.removeprefix("a request of ") for what in columns.values())
    return _table(("Of one request", *head), rows)


def _named(name: str) -> str:
    return "blocks of draws" if name == "blocks" else name.removeprefix("event ")


_CALLS_LEAST = 4
"""Of a part that is listed, in one of the columns."""


def _listed(counts: Mapping[str, Mapping[str, Any]], prefix: str, least: float = 0) -> Iterator[str]:
    """The names of what is counted, the most frequent of the first column first."""
    names = dict.fromkeys(name for one in counts.values() for name in one if name.startswith(prefix))
    return (name for name in names if max(one.get(name, 0) for one in counts.values()) >= least)


def _numbers(counts: Mapping[str, Mapping[str, Any]], columns: Mapping[str, str], name: str) -> Iterator[str]:
    return (_number(counts.get(column, {}).get(name)) for column in columns)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}" if value >= 20 else f"{value:.2f}"


def _ns(kept: Newest, name: str) -> float | None:
    """Nanoseconds of one request, as it was raced against SimPy."""
    raced = [f"{workload.key} against SimPy" for workload in WORKLOADS if workload.name == name]
    return next((1e9 / float(kept[what].figure.values["our_per_s"]) for what in raced if what in kept), None)


def _ns_an_event(kept: Newest, counts: Mapping[str, Mapping[str, Any]], name: str) -> float | None:
    whole = _ns(kept, name)
    return None if whole is None or name not in counts else whole / float(counts[name]["events"])


def loop_in_c(kept: Newest) -> str:
    """What an event of the loop in C costs: two events a customer."""
    found = [
        f"{rival.name} {1e9 / float(kept[what_of(W1, rival)].figure.values['per_s']) / 2:.0f} ns"
        for rival in W1.rivals
        if _is_c(rival) and what_of(W1, rival) in kept
    ]
    return f"An event of the loop in C: {'; '.join(found) or MISSING}."


# single figures


def figures(*names: str) -> Callable[[Newest], str]:
    """A section of these figures, each as it was told."""
    return lambda kept: _figures(kept, names)


def others(kept: Newest) -> str:
    """All that is kept and that no other section tells."""
    told = {TWIN, WHOLE, REPLICATIONS, *GROWTH, *STARTS, *_raced(), *_taken_apart()}
    return _figures(kept, [what for what in kept if what not in told])


def _raced() -> Iterator[str]:
    return (what_of(workload, rival) for workload in WORKLOADS for rival in workload.rivals)


def _taken_apart() -> Iterator[str]:
    return (anatomy.what_of(name) for name in (*anatomy.SIZES, anatomy.DEMO))


def _figures(kept: Newest, names: Sequence[str]) -> str:
    rows = [(what, kept[what].figure.budget, kept[what].figure.measured, kept[what].day) if what in kept
            else (what, "", MISSING, "") for what in names]  # fmt: skip
    return _table(("What", "Budget", "Measured", "Day"), rows)


def machines(kept: Newest) -> str:
    """On which machine the figures of a day were taken."""
    days = {one.day: one.machine for one in kept.values()}
    rows = [
        (
            day,
            facts["processor"],
            str(facts["cores"]),
            facts["python"],
            facts["numba"],
            str(facts["load_before"]),
        )
        for day, facts in sorted(days.items())
    ]
    return _table(("Day", "Processor", "Cores", "Python", "Numba", "Load before"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = "|" + "---|" * len(head)
    return "\n".join([_row(head), rule, *map(_row, rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


SECTIONS: Mapping[str, Callable[[Newest], str]] = {
    "sentences": sentences,
    "rivals": rivals,
    "parts": parts,
    "loop in C": loop_in_c,
    "growth": figures(*GROWTH),
    "starts": figures(*STARTS),
    "others": others,
    "machines": machines,
}


def filled(page: str, kept: Newest) -> str:
    """The page's text with every table as the figures give it."""
    for mark, section in SECTIONS.items():
        page = in_step(page, mark, section(kept))
    return page


def write() -> None:
    """Fill the page."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), newest()), encoding="utf-8")


if __name__ == "__main__":
    write()
