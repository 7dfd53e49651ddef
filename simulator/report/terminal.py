"""The terminal, in two layers: the summary, and all details of recovery, writes, sessions, copies, requests.

No figure is ever cut: a narrow terminal gets shorter bars or none, and in the end one figure a line.
"""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from simulator.boundary.causes import MARKS
from simulator.report import (
    alarms,
    countermeasures,
    damage,
    detectors,
    faults,
    monitoring,
    plans,
    plateau,
    protection,
    restores,
    scaling,
    slices,
    web_acls,
)
from simulator.report.levers import levers
from simulator.report.request_path import amplification_line, capacity, causes
from simulator.report.summary import summary
from simulator.report.tables import Rows, Sentences
from simulator.report.words import (
    SESSION_WORDS,
    duration,
    failed_regions,
    held_words,
    name,
    phase_durations,
    phase_word,
    plural,
    share,
    title,
    whole_duration,
)
from simulator.result.continuity import Continuity
from simulator.result.dns import Dns
from simulator.result.loss import Fates, Loss
from simulator.result.recovery import Episode, Phase, Recovery, Rung
from simulator.result.replication import Metric, Pair
from simulator.result.requests import Actions, Consistency
from simulator.result.whole import Assumption, Result, Sections

_ALL = "all"
_DISCARDED = "Discarded: a replica threw them away, for a later one made without them in view."


def print_result(result: Result, console: Console, *, verbose: bool = False) -> None:
    """Print what a reader must know, in 24 lines of 80 columns; with `verbose`, everything."""
    console.print(summary(result, console, whole=verbose))
    if verbose:
        for part in _details(result, console.width):
            console.print(part)
        if result.assumptions:
            console.print(_assumptions(result.assumptions))


def _details(result: Result, width: int) -> Iterator[RenderableType]:
    yield Text(f"\n{title(result.recipe.topology)}", style="italic")
    yield from _titled("Faults, and the requests that met them", faults.table(result))
    yield from _titled("Recovery", _recovery(result.recovery, result.dns, width))
    yield from _titled("What would have shortened the recovery", levers(result))
    yield from _titled("What countermeasures changed", countermeasures.table(result))
    yield from _titled("Acknowledged writes", _loss(result.loss, result.requests.consistency))
    yield from _titled("Writes out of reach when a region went down", _at_risk(result.loss))
    yield from _titled("When a second outage would have taken more", protection.table(result))
    yield from _titled("Damaged data, and who read it", damage.table(result))
    yield from _titled("Restores", restores.table(result))
    yield from _titled("Failover plans", plans.table(result))
    yield from _titled("Alarms", alarms.table(result))
    yield from _titled("Unusual usage", detectors.table(result))
    yield from _titled("Web ACLs", web_acls.table(result))
    yield from _titled("Auto-scaling", scaling.table(result))
    yield from _titled("What metrics showed", monitoring.table(result))
    yield from _titled("Sessions alive during the fault", _continuity(result.continuity, width))
    yield from _titled(
        "Replication lag, and what the ReplicationLatency metric showed",
        _replication(result.replication),
    )
    yield from _titled("Requests", _requests(result))
    yield from _titled("Capacity", capacity(result))
    yield from _titled("Populations and operations that were served otherwise", slices.table(result))
    yield from _titled("Where requests were sent", slices.traffic(result))
    yield from _titled("What first went wrong in sessions", causes(result.requests))


def _titled(head: str, body: RenderableType | None) -> Iterator[RenderableType]:
    if body is not None:
        yield Text(f"\n{head}", style="bold")
        yield Padding(Sentences(body), (0, 0, 0, 2))


# recovery


def _recovery(recovery: Recovery, dns: Dns, width: int) -> RenderableType | None:
    if not recovery.faults:
        return Text("No fault acted.")
    lines: list[RenderableType] = [_recovery_line(recovery)]
    if recovery.phases:
        lines += [_waterfall(recovery.phases, width), *_held(recovery.phases)]
        lines += [*_ladder(recovery), *_plateau(recovery)]
    lines += [Text(note, style="italic") for note in _recovery_notes(recovery, dns)]
    return Group(*lines)


def _recovery_line(recovery: Recovery) -> Text:
    took, goal = recovery.recovery_time_s, share(recovery.objective.success)
    within, hold = _within(recovery), duration(recovery.objective.hold_s)
    if took is None:
        return Text("Nobody used the service, so nothing can be said about its recovery.", style="yellow")
    if not recovery.shown:
        return _unsure_line(recovery, f"{goal} of actions succeeded {within}")
    if took == 0:
        stayed = f"The service stayed OK: at least {goal} of actions succeeded {within}."
        return Text(stayed, style="green")
    count = len(recovery.episodes)
    which = f" (the longest of {count})" if count > 1 else ""
    text = f"{which} until {goal} of actions succeeded {within} again, and held for {hold}."
    return Text.assemble("Recovery time ", (whole_duration(recovery.phases), "bold"), text)


def _within(recovery: Recovery) -> str:
    """How long an action may take; where operations or populations differ, each its own time."""
    objective = recovery.objective
    if objective.within_operations_s or objective.within_populations_s:
        return "each within its time"
    return f"within {duration(objective.within_s)}"


def _unsure_line(recovery: Recovery, good: str) -> Text:
    """Of a recovery that the run does not show."""
    if recovery.recovery_time_s == 0:
        told = "nothing tells that the service was not OK, but too little that it was"
        return Text(f"Not shown to have stayed OK ({recovery.not_shown}): {told}.", style="yellow")
    last = f"fewer than {good} until {whole_duration(recovery.phases)} after the fault began"
    return Text(f"Not shown to have recovered ({recovery.not_shown}): {last}.", style="yellow")


def _ladder(recovery: Recovery) -> Iterator[RenderableType]:
    """When each share of the actions was good again: one line, and what users lost."""
    rungs = [f"{share(one.share)} after {_rung(one)}" for one in recovery.ladder]
    yield Text(f"Good again: {', '.join(rungs)}.")
    yield Text(f"Users lost {plural(round(recovery.user_minutes_lost), 'minute')} in all.")


def _plateau(recovery: Recovery) -> Iterator[RenderableType]:
    """Who was still not served after the first improvement."""
    yield from (Text(f"{said[0].upper()}{said[1:]}.") for said in plateau.sentence(recovery))


def _rung(rung: Rung) -> str:
    took = duration(rung.recovery_time_s)
    return took if rung.shown else f"{took} (not shown)"


def _waterfall(phases: Sequence[Phase], width: int) -> RenderableType:
    start, end = phases[0].start_s, phases[-1].end_s
    whole = min(max(width - 46, 16), 60)
    rows = Rows()
    for phase, took in zip(phases, phase_durations(phases), strict=True):
        part = (phase.end_s - phase.start_s) / (end - start)
        before = min(round(whole * (phase.start_s - start) / (end - start)), whole - 1)
        bar = Text(" " * before + "█" * max(min(round(whole * part), whole - before), 1), style="blue")
        rows.add(phase_word(phase), took, f"{100 * part:.0f} %", bar=bar)
    rows.add(Text("sum", style="bold"), Text(whole_duration(phases), style="bold"), "")
    return rows


def _held(phases: Sequence[Phase]) -> Iterator[RenderableType]:
    """What held people in each phase, how many, and what ended it."""
    rows = Rows("", "not served", text="held, over the whole phase, by")
    for phase in phases:
        if phase.held_by and phase.phase not in MARKS:
            rows.add(phase_word(phase), f"{phase.not_served:,}", text=held_words(phase))
    if rows:
        yield rows


def _recovery_notes(recovery: Recovery, dns: Dns) -> Iterator[str]:
    cut_over = dns.cut_over
    if cut_over and cut_over.below_50_percent_s is not None and len(failed_regions(dns.health)) == 1:
        rest = cut_over.below_1_percent_s
        tail = (
            "never fewer than 1 % in this run" if rest is None else f"fewer than 1 % after {duration(rest)}"
        )
        half = duration(cut_over.below_50_percent_s)
        yield f"After DNS changed, half of the attempts still went to the failed region for {half}; {tail}."
    for episode in recovery.episodes if len(recovery.episodes) > 1 else []:
        yield f"Fault at {duration(episode.start_s)}: {_episode_words(episode)}."


def _episode_words(episode: Episode) -> str:
    if not episode.service_was_not_ok:
        return "the service stayed OK"
    took = duration(episode.recovery_time_s)
    return f"recovered in {took}" if episode.shown else f"not shown to have recovered; not OK for {took}"


# data


def _loss(loss: Loss, consistency: Consistency) -> RenderableType | None:
    if not loss.written:
        return None
    before = ("before zero",) if loss.under_way else ()
    rows = Rows("table", *before, "acknowledged", "visible everywhere", "discarded", "lost", "pending")
    visible = {table: fates.visible for table, fates in loss.tables.items()}
    visible |= {_ALL: sum(visible.values())}
    for table, row in _with_total(loss):
        earlier = (row.under_way,) if before else ()
        counts = (*earlier, row.acknowledged, visible[table], row.discarded, row.lost, row.pending)
        rows.add(name(table), *(f"{count:,}" for count in counts))
    note = _reading_note(consistency)
    if loss.lost_increments:
        counted = plural(loss.increments, "increment")
        note += f" Of {counted}, {loss.lost_increments:,} were lost to concurrent ones."
    return Group(rows, Text(note, style="italic"))


def _with_total(loss: Loss) -> Iterable[tuple[str, Fates]]:
    """The tables, buckets and caches to which anything was written, and if they are several, all together."""
    written = [(table, fates) for table, fates in loss.tables.items() if fates.written]
    return [*written, (_ALL, loss)] if len(written) > 1 else written


def _reading_note(consistency: Consistency) -> str:
    stale = consistency.stale_share
    if stale is None:
        return _DISCARDED
    missed = consistency.read_your_writes_violations
    return (
        f"{_DISCARDED} {share(stale)} of {plural(consistency.reads, 'read')} were stale, "
        f"{missed:,} missed the reader's own write."
    )


def _at_risk(loss: Loss) -> RenderableType | None:
    """The recovery point, and what became of the writes that no other region had."""
    if loss.recovery_point_s is None:
        return None
    rows = Rows("table", "recovery point", "writes", "came late", "discarded", "lost", "pending")
    for table, row in _with_total(loss):
        late, discarded, pending = row.late, row.discarded_at_risk, row.pending_at_risk
        point = _or_dash(row.recovery_point_s)
        counts = (row.at_risk, late, discarded, row.at_risk - late - discarded - pending, pending)
        rows.add(name(table), point, *(f"{count:,}" for count in counts))
    return rows


# sessions


def _continuity(continuity: Continuity, width: int) -> RenderableType | None:
    if not continuity.sessions:
        return None
    whole = min(max(width - 74, 6), 30)
    rows = Rows()
    for kind, word in SESSION_WORDS.items():
        part = getattr(continuity, kind)
        length = max(round(whole * part), 1 if part else 0)
        bar = Text("█" * length, style="green" if kind in ("undisturbed", "recovered") else "red")
        rows.add(kind.replace("_", " "), share(part), f"{continuity.counts[kind]:,}", bar=bar, text=word)
    return rows


# replication and requests


def _replication(pairs: Sequence[Pair]) -> RenderableType | None:
    moving = [pair for pair in pairs if pair.true.count]
    if not moving:
        return None
    rows = Rows("from → to", "median", "99 %", "worst", "metric", "silent")
    table = None
    for pair in moving:
        if pair.table != table:
            table = pair.table
            rows.add(Text(name(table), style="bold"))
        lags = (pair.true.p50_s, pair.true.p99_s, pair.true.max_s)
        rows.add(f"  {pair.from_} → {pair.to}", *map(_or_dash, lags), *_metric_words(pair.metric))
    note = (
        "Metric: its highest 5 min average. Silent: periods in which nothing arrived, so that it had no data."
    )
    return Group(rows, Text(note, style="italic"))


def _or_dash(seconds: float | None) -> str:
    return "–" if seconds is None else duration(seconds)


def _metric_words(metric: Metric | None) -> tuple[str, str]:
    """The highest average, and in how many of its periods the metric had no data."""
    if metric is None:
        return "none", "–"
    silent = metric.periods_without_data
    return (
        _or_dash(metric.highest_average_s),
        f"{silent} of {silent + metric.datapoints}",
    )


def _requests(sections: Sections) -> RenderableType | None:
    requests, dns = sections.requests, sections.dns
    if requests.success is None:
        return Text("No user action finished.")
    latency, causes = requests.action_latency, _causes(requests.actions)
    wrong = sections.damage.wrong_answers
    lines = [
        f"{latency.count:,} actions, {share(requests.success)} succeeded"
        + (f"; failed: {causes}" if causes else "")
        + (f"; answered wrongly: {wrong:,}" if wrong else ""),
        f"{requests.attempts.started:,} attempts; "
        f"an action took {_or_dash(latency.p50_s)} (median), {_or_dash(latency.p99_s)} (99 %)",
        f"{sum(dns.lookups.values()):,} DNS lookups answered by: "
        + ", ".join(f"{source} {count:,}" for source, count in dns.lookups.items()),
        *_by_themselves(dns),
        *amplification_line(requests),
        *damage.absent_line(sections),
    ]
    return Text("\n".join(lines))


def _by_themselves(dns: Dns) -> list[str]:
    """What clients did by themselves, unseen by their users; only what occurred."""
    deeds = {
        "next addresses of an answer tried within a request": dns.next_addresses,
        "requests that clients repeated after a reset": dns.repeated,
    }
    return [f"{deed}: {count:,}" for deed, count in deeds.items() if count]


def _causes(actions: Actions) -> str:
    failed = {one: count for one, count in actions.by_outcome.items() if count and one != "succeeded"}
    return ", ".join(f"{count:,} {one.replace('_', ' ')}" for one, count in failed.items())


def _assumptions(assumptions: Sequence[Assumption]) -> RenderableType:
    table = Rows()
    for one in assumptions:
        table.add(one.name, text=one.value)
    head = Text("\nDefaults that no source backs, used here", style="bold")
    note = Text("Override them in the topology; `simulator defaults NAME` tells more.", style="italic")
    return Group(head, Padding(Group(table, note), (0, 0, 0, 2)))
