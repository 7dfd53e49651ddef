"""The report of a drill for people: what a manager reads first, and what an auditor files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from simulator.report.drill.said import asked, margin, measured
from simulator.report.words import duration, region_name
from simulator.result.drill import Judged
from simulator.units import printable

_VERDICTS = {
    "met": "Every objective holds in every scenario that was played.",
    "missed": "At least one objective does not hold.",
    "inconclusive": "No objective was seen to be missed, and not all were shown to hold.",
    "no_expectations": "The topology declares no objectives; the figures are measured and not judged.",
}
_BLANK = "________________"

Record = Mapping[str, Any]


def markdown(record: Record) -> str:
    """The report as Markdown; the same record gives the same bytes."""
    parts: Iterable[Iterator[str]] = (
        _head(record),
        _summary(record),
        _objectives(record),
        _matrix(record),
        _not_tested(record),
        _scenarios(record),
        _data(record),
        _standbys(record),
        _singles(record),
        _findings(record),
        _comparison(record),
        _assumptions(record),
        _controls(record),
        _limits(record),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def _cell(text: object) -> str:
    """Text in a table: no pipe, no line end, nothing that steers a terminal."""
    return printable(str(text)).replace("|", "\\|")


def _rows(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"
    yield ""


def _head(record: Record) -> Iterator[str]:
    scope = record["scope"]
    yield f"# Disaster-recovery test: {printable(scope['topology'])}"
    yield ""
    yield "## Scope"
    yield ""
    regions = ", ".join(f"{name} ({role})" for name, role in scope["regions"].items())
    load = "; ".join(
        f"{name} near {one['near']}: "
        + (
            f"{one['sessions']:,} sessions"
            if one["sessions"]
            else f"{one['arrivals_a_second']:g} arrivals a second"
        )
        for name, one in scope["usual_load"].items()
    )
    yield from _rows(
        ("", ""),
        (
            ("Kind of test", "simulation; it replaces no switchover and no restore in the real system"),
            ("Date", scope["date"] or _BLANK),
            ("Topology", f"{scope['file']}, SHA-256 {scope['sha256']}"),
            *([("Set beyond it", "; ".join(scope["settings"]))] if scope["settings"] else []),
            ("Regions", regions),
            ("Usual load", load),
            ("Simulator", f"version {scope['simulator']}, seed {scope['seed']}"),
            ("Run by", scope["run_by"] or _BLANK),
            ("Observed by", scope["observed_by"] or _BLANK),
            ("Approved by (management sign-off)", scope["approved_by"] or _BLANK),
            ("Retained until", scope["retained_until"] or _BLANK),
            ("Next test", f"{record['next_date'] or _BLANK}, and after each substantive change"),
        ),
    )


def _load(one: Record) -> str:
    if one["sessions"] is not None:
        return f"{one['sessions']:,} sessions at once"
    return f"{one['arrivals_a_second']:g} arrivals a second"


def _summary(record: Record) -> Iterator[str]:
    yield "## Summary"
    yield ""
    cells = [cell for one in record["scenarios"] for cell in one["functions"]]
    counts = ", ".join(
        f"{sum(cell['verdict'] == verdict for cell in cells)} {verdict}"
        for verdict in ("met", "missed", "not shown", "untested", "no objective")
        if any(cell["verdict"] == verdict for cell in cells)
    )
    untested = sum(one["status"] == "untested" for one in record["not_tested"])
    yield f"**{_VERDICTS[record['verdict']]}**"
    gaps = {0: "none is untested", 1: "1 is untested"}.get(untested, f"{untested} are untested")
    yield (
        f"{len(record['scenarios'])} scenarios were played, {gaps}. "
        f"Of {len(cells)} pairs of function and scenario: {counts}."
    )
    yield ""
    for one in record["findings"]:
        if one["severity"] == "high":
            yield f"- {printable(one['finding'])}."
    yield ""
    yield "The worst verdict by kind of disruption (the columns of AWS Resilience Hub):"
    yield ""
    kinds = record["kinds_of_disruption"]
    names = [one["name"] for one in record["objectives"]]
    yield from _rows(("Function", *kinds), ((name, *(kinds[kind][name] for kind in kinds)) for name in names))


def _time(seconds: float | None) -> str:
    return "–" if seconds is None else duration(seconds)


def _objectives(record: Record) -> Iterator[str]:
    yield "## Objectives"
    yield ""
    heads = (
        "Function",
        "Critical",
        "Recovery time",
        "Recovery point",
        "Tolerable outage",
        "Service level",
        "Origin",
    )
    yield from _rows(
        heads,
        (
            (
                one["name"],
                "yes" if one["critical"] else "no",
                _time(one["recovery_time_s"]),
                _time(one["recovery_point_s"]),
                _time(one["tolerable_outage_s"]),
                f"{100 * one['service_level']:g} % of actions",
                one["origin"] or "not said",
            )
            for one in record["objectives"]
        ),
    )


def _judged(one: Record) -> Judged:
    return Judged(one["objective_s"], one["measured_s"], one["endless"], one["verdict"], one["reason"])


def _figures(one: Record) -> str:
    judged = _judged(one)
    left = f", margin {margin(judged)}" if judged.margin_s is not None else ""
    if judged.objective_s is None:
        return measured(judged)
    return f"{measured(judged)} of {asked(judged)}{left}: {judged.verdict}"


def _matrix(record: Record) -> Iterator[str]:
    yield "## Function × scenario"
    yield ""
    yield "Measured of the objective, the margin that is left, and the verdict; – where nothing was at stake."
    yield ""
    heads = ("Scenario", "Function", "Recovery time", "Recovery point", "What dominated", "Verdict")
    rows = [
        (
            one["title"] if number == 0 else "",
            cell["function"],
            _figures(cell["recovery_time"]),
            _figures(cell["recovery_point"]),
            cell["dominated_by"] or "–",
            cell["verdict"],
        )
        for one in record["scenarios"]
        for number, cell in enumerate(one["functions"])
    ]
    yield from _rows(heads, rows)


def _not_tested(record: Record) -> Iterator[str]:
    yield "## Scenarios not tested"
    yield ""
    if not record["not_tested"]:
        yield "Every scenario of the default set was played."
        yield ""
        return
    rows = ((one["title"], one["status"], one["reason"]) for one in record["not_tested"])
    yield from _rows(("Scenario", "Status", "Why"), rows)


def _scenarios(record: Record) -> Iterator[str]:
    yield "## What happened, scenario by scenario"
    yield ""
    for one in record["scenarios"]:
        yield f"### {printable(one['title'])}"
        yield ""
        yield printable(one["summary"])
        yield ""
        yield f"Decided by: {one['decided_by']}. Played for {duration(one['played_s'])}."
        yield ""
        yield from _rows(("Clock", "What"), ((moment["clock"], moment["what"]) for moment in one["timeline"]))


def _data(record: Record) -> Iterator[str]:
    yield "## Data"
    yield ""
    yield f"Reconciliation after recovery was checked by: {_BLANK}"
    yield ""
    usual, overwritten = _overwritten(record)
    if overwritten:
        yield overwritten
        yield ""
    rows = [
        (
            one["title"],
            name,
            _time(store["recovery_point_s"]),
            f"{store['acknowledged']:,}",
            f"{store['lost']:,}",
            f"{store['overwritten']:,}",
            f"{store['missing']:,}",
        )
        for one in record["scenarios"]
        for name, store in one["data"].items()
        if store["lost"] or store["recovery_point_s"] or _overwritten_share(store) > 1.5 * usual[name] + 5e-4
    ]
    heads = ("Scenario", "Store", "Recovery point", "Acknowledged", "Lost", "Overwritten", "Missing")
    yield from _rows(heads, rows)


def _overwritten_share(store: Record) -> float:
    return float(store["overwritten"] / max(store["acknowledged"], 1))


def _overwritten(record: Record) -> tuple[dict[str, float], str]:
    """The share of each store's writes that half of the scenarios overwrite or more; what to make of it."""
    shares: dict[str, list[float]] = {}
    for one in record["scenarios"]:
        for name, store in one["data"].items():
            shares.setdefault(name, []).append(_overwritten_share(store))
    usual = {name: median(found) for name, found in shares.items()}
    said = ", ".join(
        f"{100 * share:.1f} % of those of {name}" for name, share in usual.items() if share > 5e-4
    )
    if not said:
        return usual, ""
    return usual, (
        "Overwritten counts writes that somebody overwrote unseen. That happens on quiet days, "
        f"too, where several regions write the same items: {said}, in the middle one of the "
        "scenarios. Those in which it was hardly more, and nothing was lost or out of reach, are left out "
        "here."
    )


def _standbys(record: Record) -> Iterator[str]:
    yield "## Readiness of the standby"
    yield ""
    yield "By arithmetic before anything was played, against today's load of the whole system at once."
    yield ""
    if not record["standbys"]:
        yield "Nothing turns to another region: no region of the topology is a standby."
        yield ""
    for one in record["standbys"]:
        yield f"### {region_name(one['region'])}"
        yield ""
        yield f"Why it stands by: {printable(', '.join(one['why']))}."
        yield f"It {printable(one['says'])}."
        share = one["largest_share_of_attempts"] or 0.0
        where = f" ({one['in_scenario']})" if one["in_scenario"] else ""
        yield f"It answered at most {100 * share:.1f} % of the attempts of a scenario{where}."
        yield f"Degradations accepted: {_BLANK}. Third parties involved: {_BLANK}."
        yield ""
        yield from _rows(("", "What it needs", "What there is, or is lacking (✗)"), one["lines"])


def _singles(record: Record) -> Iterator[str]:
    yield "## What is single"
    yield ""
    if not record["single"]:
        yield "Nothing that the topology declares."
    yield from (f"- {printable(one['said'])}." for one in record["single"])
    yield ""


def _findings(record: Record) -> Iterator[str]:
    yield "## Findings"
    yield ""
    heads = ("No.", "Severity", "Finding", "Owner", "Due", "Re-test")
    rows = (
        (one["number"], one["severity"], one["finding"], _BLANK, _BLANK, f"`{one['retest']}`")
        for one in record["findings"]
    )
    yield from _rows(heads, rows)


def _comparison(record: Record) -> Iterator[str]:
    yield "## Comparison with earlier drills"
    yield ""
    rows = (
        (
            one["date"] or "no date",
            one["verdict"],
            f"{one['missed']} of {one['cells']}",
            _time(one["longest_recovery_s"]),
            one["never_recovered"],
        )
        for one in record["trend"]
    )
    yield from _rows(("Date", "Verdict", "Missed", "Longest recovery", "Never recovered"), rows)
    if record["last_drill"] is None:
        yield "No earlier drill of this topology is known."
    elif not record["changes"]:
        yield "Nothing has changed since the last drill."
    else:
        yield f"Since the last drill ({record['last_drill']['date'] or 'no date'}):"
        yield ""
        yield from (f"- {printable(one)}" for one in record["changes"])
    yield ""


def _assumptions(record: Record) -> Iterator[str]:
    yield "## Assumptions that carry the result"
    yield ""
    yield "Defaults that no source backs; a topology may replace each (`simulator defaults`)."
    yield ""
    yield from (f"- {printable(one)}" for one in record["assumptions"])
    yield ""


def _controls(record: Record) -> Iterator[str]:
    yield "## Mapping to controls"
    yield ""
    yield from _rows(("Control", "Evidence here"), record["controls"].items())


def _limits(record: Record) -> Iterator[str]:
    yield "## What this does not prove"
    yield ""
    yield from (f"- {one}" for one in record["limits"])
