"""Sentences about alarms: which told first, whom, and which were silent and why."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from simulator.report.tables import Rows
from simulator.report.words import duration, name
from simulator.result.alarms import Alarm
from simulator.result.whole import Result

_WHY = {
    "threshold_not_reached": "its threshold was not reached",
    "too_short": "too few of its data points breached",
    "missing_data": "its metric had no data points",
    "in_the_lost_region": "its region was down itself",
    "rule_not_met": "its rule was never met",
    "no_band": "it had no band",
    "within_the_band": "its metric stayed within its band",
}
_TELLING = ("in_the_lost_region", "missing_data", "no_band", "too_short")
"""Reasons that may surprise; that a threshold was not reached, of most alarms, does not."""
_MOST_NAMED = 3


def _alarms(result: Result) -> tuple[Alarm, ...]:
    return () if result.monitoring is None else result.monitoring.alarms


def gist(result: Result) -> Iterator[str]:
    """The first layer's: which alarm told first, and which were silent."""
    alarms = _alarms(result)
    spoke = sorted((one for one in alarms if one.first_s is not None), key=_first)
    silent = [one for one in alarms if one.missed]
    if spoke:
        yield _first_told(spoke[0], len(spoke), len(alarms), len(result.recovery.faults))
    elif silent:
        which = f"none of {len(alarms)} alarms" if len(alarms) > 1 else "no alarm"
        yield f"{which} told of it"
    for why in _TELLING:
        if some := [one for one in silent if one.silent_because == why]:
            yield f"silent: {_named(some)}, since {_WHY[why]}"
    if false := sum(one.false_alarms for one in alarms):
        yield f"{false} false alarm{'s' if false > 1 else ''}, while no fault acted"


def _first(alarm: Alarm) -> float:
    assert alarm.first_s is not None
    return alarm.first_s


def _first_told(alarm: Alarm, spoke: int, all_of_them: int, faults: int) -> str:
    assert alarm.time_to_detect_s is not None
    fault = "fault" if faults == 1 else "first fault"
    told = f"'{name(alarm.alarm)}' told first, {duration(alarm.time_to_detect_s)} after the {fault} began"
    if alarm.acknowledged_s is not None and alarm.first_s is not None:
        told += f"; seen by somebody {duration(alarm.acknowledged_s - alarm.first_s)} later"
    return told + (f"; {spoke} of {all_of_them} alarms spoke" if all_of_them > 1 else "")


def _named(alarms: Sequence[Alarm]) -> str:
    more = f" and {len(alarms) - _MOST_NAMED} more" if len(alarms) > _MOST_NAMED else ""
    return ", ".join(f"'{name(one.alarm)}'" for one in alarms[:_MOST_NAMED]) + more


def table(result: Result) -> RenderableType | None:
    """Each alarm: when it first spoke because of the faults, when it was OK again, and what became of it."""
    if not _alarms(result):
        return None
    rows = Rows("alarm", "first", "after fault", "OK again", text="")
    for one in _alarms(result):
        times = map(_time, (one.first_s, one.time_to_detect_s, one.returned_s))
        rows.add(name(one.alarm), *times, text=_told(one))
    return rows


def _time(at_s: float | None) -> str:
    return "–" if at_s is None else duration(at_s)


def _told(alarm: Alarm) -> str:
    parts = [f"silent: {_WHY[alarm.silent_because]}"] if alarm.missed else []
    if alarm.told_s is not None:
        seen = "" if alarm.acknowledged_s is None else f", seen at {duration(alarm.acknowledged_s)}"
        parts.append(f"told at {duration(alarm.told_s)}{seen}")
    if alarm.false_alarms:
        parts.append(f"{alarm.false_alarms} false")
    if alarm.state != "OK":
        parts.append(f"{alarm.state} at the end")
    return "; ".join(parts)
