"""What each expectation is about: the measured value, its bounds, and whether the run exercised it at all."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from simulator.language.models.expectations import Expectation
from simulator.verdict.measured import Reader, Sections, Value, no_actions, pair_text, value
from simulator.verdict.path_values import PATH_READERS


def values_of(expectation: Expectation, sections: Sections) -> Iterator[Value]:
    """The values that an expectation bounds."""
    (measure,) = expectation.model_fields_set
    bounds = getattr(expectation, measure)
    yield from _READERS[measure](measure, bounds, sections)


# recovery


def _no_fault(sections: Sections) -> str:
    return "" if sections["recovery"]["episodes"] else "no fault acted"


def _nothing_reached(sections: Sections) -> str:
    """Faults of regions to which no request was sent while they acted tell nothing about who noticed."""
    sent = [fault["requests"] for fault in sections["recovery"]["faults"]]
    return "" if any(count is None or count > 0 for count in sent) else "no request reached a faulted place"


def _fault_never_bit(sections: Sections) -> str:
    """A fault that no caller noticed tells nothing about recovery."""
    bit = any(episode["service_was_not_ok"] for episode in sections["recovery"]["episodes"])
    return "" if bit else "the service stayed OK, so there was nothing to recover from"


def _recovery_time(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    why = _no_fault(sections) or no_actions(sections) or _fault_never_bit(sections)
    measured = sections["recovery"]["recovery_time_s"]
    yield value(measure, bounds, "s", measured, why, "the service had not recovered when the run ended")


def _detection_time(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    measured = sections["dns"]["detection_time_s"]
    yield value(measure, bounds, "s", measured, _no_fault(sections), "no health check noticed")


def _isolation(_measure: str, expected: Any, sections: Sections) -> Iterator[Value]:
    measured = sections["recovery"]["isolation"]
    why = _no_fault(sections) or _nothing_reached(sections)
    why = why or ("" if measured is not None else "no user action finished during a fault")
    text = "isolation: OK through the whole fault" if expected else "no isolation: the fault is noticed"
    wanted = float(bool(expected))
    yield Value(text, "bool", None if measured is None else float(measured), wanted, wanted, why)


# loss


def _no_mark(loss: Sections) -> str:
    return "" if loss["recovery_point_s"] is not None else "no region's data became unreachable"


def _no_writes(loss: Sections) -> str:
    return "" if loss["acknowledged"] else "nothing was written"


def _nothing_served(sections: Sections) -> str:
    """Regions that never served a request had no data of their own to lose."""
    dark = {event["target"] for event in sections["events"] if event["kind"] == "data_unreachable"}
    served = sum(sections["requests"]["attempts_by_region"][region]["succeeded"] for region in dark)
    return "" if served or not dark else "no request was served where the data became unreachable"


def _loss(bounds: Any, sections: Sections) -> Sections:
    table = bounds.table
    found: Sections = sections["loss"] if table is None else sections["loss"]["tables"][table]
    return found


def _recovery_point(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    loss = _loss(bounds, sections)
    why = _no_mark(loss) or _no_writes(loss) or _nothing_served(sections)
    yield value(measure, bounds, "s", loss["recovery_point_s"], why)


def _loss_count(field: str, *, needs_mark: bool) -> Reader:
    def read(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
        loss = _loss(bounds, sections)
        why = _no_fault(sections) or _no_writes(loss) or (_no_mark(loss) if needs_mark else "")
        why = why or _nothing_served(sections)
        yield value(measure, bounds, "count", loss[field], why)

    return read


# replication


def _pairs(bounds: Any, sections: Sections) -> list[Sections]:
    wanted = {"table": bounds.table, "from": bounds.from_, "to": bounds.to}
    return [
        pair
        for pair in sections["replication"]
        if all(value is None or pair[key] == value for key, value in wanted.items())
    ]


def _lag(field: str) -> Reader:
    def read(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
        lags = [pair["true"][field] for pair in _pairs(bounds, sections) if pair["true"][field] is not None]
        why = "" if lags else "no copy became visible"
        yield value(measure, bounds, "s", max(lags, default=None), why)

    return read


def _catch_up(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    events = [event["target"] for event in sections["events"] if event["kind"] == "replication_stopped"]
    chosen = [p for p in _pairs(bounds, sections) if f"{p['table']} {p['from']}→{p['to']}" in events]
    moving = [pair for pair in chosen if pair["true"]["count"]]
    why = "replication never stopped" if not chosen else "" if moving else "no copy became visible"
    times = [pair["catch_up_time_s"] for pair in moving]
    measured = None if None in times else max(times, default=None)
    yield value(measure, bounds, "s", measured, why, "replication had not caught up when the run ended")


def _lag_peaks(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    pairs = _pairs(bounds, sections)
    moving = [pair for pair in pairs if pair["true"]["count"]]
    why = "" if moving else "no copy became visible"
    scope = f" ({pair_text(bounds)})" if bounds.from_ else ""
    if bounds.count is not None:
        counts: list[int | None] = [*sorted({len(pair["peaks"]) for pair in moving})]
        for count in counts or [None]:
            text = f"{measure}{scope} count {bounds.count}"
            yield Value(text, "count", count, bounds.count, bounds.count, why)
    if bounds.apart is not None:
        gaps = [b["at_s"] - a["at_s"] for pair in moving for a, b in pairwise(pair["peaks"])]
        why = why or ("" if gaps else "there were no two peaks")
        for gap in sorted({min(gaps), max(gaps)}) if gaps else [None]:
            yield value(f"{measure}{scope} apart", bounds.apart, "s", gap, why)


# sessions and requests


def _continuity(field: str) -> Reader:
    def read(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
        share = sections["continuity"][field]
        why = _no_fault(sections) or _nothing_reached(sections)
        why = why or ("" if share is not None else "no session was alive during a fault")
        yield value(measure, bounds, "share", share, why)

    return read


def _success(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    yield value(measure, bounds, "share", sections["requests"]["success"], no_actions(sections))


def _stale_reads(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    share = sections["requests"]["consistency"]["stale_share"]
    yield value(measure, bounds, "share", share, "" if share is not None else "nothing was read")


def _reads(field: str) -> Reader:
    def read(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
        consistency = sections["requests"]["consistency"]
        yield value(
            measure, bounds, "count", consistency[field], "" if consistency["reads"] else "nothing was read"
        )

    return read


def _unknown_outcomes(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    yield value(measure, bounds, "count", sections["requests"]["actions"]["unknown"], no_actions(sections))


def _double_applied(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    count = sections["requests"]["consistency"]["double_applied"]
    yield value(measure, bounds, "count", count, _no_writes(sections["loss"]))


_READERS: dict[str, Reader] = {
    "recovery_time": _recovery_time,
    "detection_time": _detection_time,
    "isolation": _isolation,
    "recovery_point": _recovery_point,
    "at_risk_writes": _loss_count("at_risk", needs_mark=True),
    "late_writes": _loss_count("late", needs_mark=True),
    "suppressed_writes": _loss_count("suppressed", needs_mark=False),
    "lost_writes": _loss_count("lost", needs_mark=False),
    "replication_lag_max": _lag("max_s"),
    "replication_lag_p50": _lag("p50_s"),
    "replication_lag_p99": _lag("p99_s"),
    "catch_up_time": _catch_up,
    "lag_peaks": _lag_peaks,
    "sessions_undisturbed": _continuity("undisturbed"),
    "sessions_recovered": _continuity("recovered"),
    "sessions_interrupted": _continuity("interrupted"),
    "sessions_logged_out": _continuity("logged_out"),
    "sessions_abandoned": _continuity("abandoned"),
    "success": _success,
    "stale_reads": _stale_reads,
    "read_your_writes_violations": _reads("read_your_writes_violations"),
    "monotonic_reads_violations": _reads("monotonic_reads_violations"),
    "unknown_outcomes": _unknown_outcomes,
    "double_applied": _double_applied,
} | PATH_READERS
