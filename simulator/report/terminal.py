"""The terminal summary: verdict first, then recovery, loss, continuity, replication, requests, and what was assumed."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from simulator.report.words import PHASE_WORDS, SESSION_WORDS, VERDICT_WORDS, duration, share
from simulator.result import Result

_COLOURS = {
    "met": "green",
    "missed": "red",
    "not_exercised": "yellow",
    "inconclusive": "yellow",
    "no_expectations": "cyan",
}
_SIGNS = {"met": "✓", "missed": "✗", "not_exercised": "?"}
_BAR = 44


def print_result(result: Result, console: Console, *, verbose: bool = True) -> None:
    """Print the whole summary."""
    for part in _parts(result):
        console.print(part)
    if verbose:
        console.print(_assumptions(result))


def _parts(result: Result) -> Iterator[RenderableType]:
    sections = result.sections
    yield _verdict(result)
    yield from _titled("Recovery", _recovery(sections["recovery"], sections["dns"]))
    yield from _titled("Data", _loss(sections["loss"], sections["requests"]["consistency"]))
    yield from _titled("Sessions alive during the fault", _continuity(sections["continuity"]))
    yield from _titled("Replication lag", _replication(sections["replication"]))
    yield from _titled("Requests", _requests(sections))


def _titled(title: str, body: RenderableType | None) -> Iterator[RenderableType]:
    if body is not None:
        yield Text(f"\n{title}", style="bold")
        yield Padding(body, (0, 0, 0, 2))


def _verdict(result: Result) -> RenderableType:
    recipe, colour = result.recipe, _COLOURS[result.verdict]
    rows = Table.grid(padding=(0, 2))
    for one in result.judgements:
        sign = Text(_SIGNS[one.verdict], style=_COLOURS[one.verdict])
        rows.add_row(sign, one.expectation.replace("_", " "), Text(one.shown, style="bold"), _reason(one))
    run = f"{duration(recipe['duration_s'])} simulated, seed {recipe['seed']}"
    head = Text.assemble((recipe["experiment"], "bold"), f"  ({run})\n{recipe['topology']}\n")
    title = Text(f" {VERDICT_WORDS[result.verdict]} ", style=f"bold {colour}")
    return Panel(Group(head, rows), title=title, title_align="left", border_style=colour)


def _reason(judgement: Any) -> Text:
    return Text(judgement.reason if judgement.verdict == "not_exercised" else "", style="yellow")


# recovery


def _recovery(recovery: dict[str, Any], dns: dict[str, Any]) -> RenderableType | None:
    if not recovery["episodes"]:
        return Text("No fault acted.")
    lines: list[RenderableType] = [_recovery_line(recovery)]
    if recovery["phases"]:
        lines.append(_waterfall(recovery["phases"]))
    lines += [Text(note, style="italic") for note in _recovery_notes(recovery, dns)]
    return Group(*lines)


def _recovery_line(recovery: dict[str, Any]) -> Text:
    took, goal = recovery["recovery_time_s"], share(recovery["objective"]["success"])
    if took is None:
        return Text("The service had not recovered when the run ended.", style="red")
    if took == 0:
        return Text(
            f"The service stayed OK: at least {goal} of actions succeeded in every window.", style="green"
        )
    return Text.assemble(
        ("Recovery time ", ""), (duration(took), "bold"), f"  until {goal} of actions succeeded again"
    )


def _waterfall(phases: list[dict[str, Any]]) -> RenderableType:
    start, end = phases[0]["start_s"], phases[-1]["end_s"]
    rows = Table.grid(padding=(0, 1))
    for phase in phases:
        took = phase["end_s"] - phase["start_s"]
        before = round(_BAR * (phase["start_s"] - start) / (end - start))
        length = max(round(_BAR * took / (end - start)), 1)
        bar = Text(" " * min(before, _BAR - 1) + "█" * length, style="blue")
        part = f"{100 * took / (end - start):.0f} %"
        rows.add_row(
            PHASE_WORDS[phase["phase"]],
            Text(duration(took), justify="right"),
            Text(part, justify="right"),
            bar,
        )
    rows.add_row(
        Text("sum", style="bold"), Text(duration(end - start), style="bold", justify="right"), "", ""
    )
    return rows


def _recovery_notes(recovery: dict[str, Any], dns: dict[str, Any]) -> Iterator[str]:
    for phase in recovery["phases"]:
        if phase.get("ended_by") == "repair":
            yield "Cached answers did not run out in time: the repair of the region brought the last users back."
        elif phase["phase"] == "repair":
            yield "Nothing diverted the users: the service came back when the fault itself ended."
    cut_over = dns["cut_over"]
    if cut_over and cut_over["below_50%_s"] is not None:
        rest = cut_over["below_1%_s"]
        tail = (
            "within this run never fewer than 1 %"
            if rest is None
            else f"fewer than 1 % after {duration(rest)}"
        )
        half = duration(cut_over["below_50%_s"])
        yield f"After DNS changed, half of the attempts still went to the failed region for {half}; {tail}."
    for episode in recovery["episodes"] if len(recovery["episodes"]) > 1 else []:
        took = episode["recovery_time_s"]
        said = "not recovered" if took is None else f"recovered in {duration(took)}"
        yield f"Fault at {duration(episode['start_s'])}: {said}."


# data


def _loss(loss: dict[str, Any], consistency: dict[str, Any]) -> RenderableType | None:
    if not loss["acknowledged"]:
        return None
    table = _grid(
        "table", "acknowledged", "recovery point", "at risk", "late", "suppressed", "lost", "pending"
    )
    for name, row in [*loss["tables"].items(), ("all", loss)]:
        point = "–" if row["recovery_point_s"] is None else duration(row["recovery_point_s"])
        keys = ("at_risk", "late", "suppressed", "lost", "pending")
        table.add_row(name, f"{row['acknowledged']:,}", point, *(f"{row[key]:,}" for key in keys))
    return Group(table, Text(_reading_note(consistency), style="italic"))


def _reading_note(consistency: dict[str, Any]) -> str:
    stale = consistency["stale_share"]
    if stale is None:
        return "Suppressed: acknowledged, then overwritten by a concurrent writer that had not seen them."
    return (
        f"{share(stale)} of {consistency['reads']:,} reads were stale, "
        f"{consistency['read_your_writes_violations']:,} missed the reader's own write. "
        "Suppressed: acknowledged, then overwritten by a writer that had not seen them."
    )


def _grid(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", no_wrap=True)
    return table


# sessions


def _continuity(continuity: dict[str, Any]) -> RenderableType | None:
    if not continuity["sessions"]:
        return None
    rows = Table.grid(padding=(0, 2))
    for name, word in SESSION_WORDS.items():
        part = continuity[name]
        bar = Text("█" * round(30 * part), style="green" if name in ("undisturbed", "recovered") else "red")
        count = f"{continuity['counts'][name]:,}"
        rows.add_row(
            name.replace("_", " "),
            Text(share(part), justify="right"),
            Text(count, justify="right"),
            bar,
            word,
        )
    return rows


# replication and requests


def _replication(pairs: list[dict[str, Any]]) -> RenderableType | None:
    moving = [pair for pair in pairs if pair["true"]["count"]]
    if not moving:
        return None
    table = _grid(
        "table, from → to", "median", "99 %", "worst", "metric's worst average", "periods without metric"
    )
    for pair in moving:
        true, metric = pair["true"], pair["metric"]
        shown = "–" if metric["highest_average_s"] is None else duration(metric["highest_average_s"])
        lags = (duration(true[key]) for key in ("p50_s", "p99_s", "max_s"))
        label = f"{pair['table']}, {pair['from']} → {pair['to']}"
        table.add_row(label, *lags, shown, str(metric["periods_without_data"]))
    return table


def _requests(sections: dict[str, Any]) -> RenderableType | None:
    requests, dns = sections["requests"], sections["dns"]
    if requests["success"] is None:
        return Text("No user action finished.")
    actions, latency = requests["actions"], requests["action_latency"]
    failed = {
        name: actions[name]
        for name in actions
        if name not in ("started", "in_flight", "gave_up", "succeeded")
    }
    causes = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in failed.items() if count)
    lines = [
        f"{latency['count']:,} actions, {share(requests['success'])} succeeded"
        + (f"; failed: {causes}" if causes else ""),
        f"{requests['attempts']['started']:,} attempts; an action took {duration(latency['p50_s'])} (median), "
        f"{duration(latency['p99_s'])} (99 %)",
        f"{sum(dns['lookups'].values()):,} DNS lookups: "
        + ", ".join(f"{count:,} {source}" for source, count in dns["lookups"].items()),
    ]
    return Text("\n".join(lines))


def _assumptions(result: Result) -> RenderableType:
    names = result.sections["assumptions"]
    if not names:
        return Text("")
    table = _grid("", "")
    table.show_header = False
    for one in names:
        table.add_row(one["name"], Text(one["value"], justify="left"))
    table.columns[1].justify = "left"
    head = Text("\nDefaults that no source backs, used here", style="bold")
    note = Text("Override them in the topology; `simulator defaults NAME` tells more.", style="italic")
    return Group(head, Padding(Group(table, note), (0, 0, 0, 2)))
