"""What expectations read of alarms (docs/monitoring.md, "Alarms")."""

from simulator.boundary.measures import Asked
from simulator.boundary.measures_of_alarms import NO_ALARM, NO_FAULT_TO_TELL
from simulator.measure.reading import Readers, Reasons
from simulator.result.alarms import Alarm
from simulator.result.whole import Sections


def _alarms(run: Sections, asked: Asked) -> list[Alarm]:
    """One alarm, or all."""
    found = () if run.monitoring is None else run.monitoring.alarms
    return [one for one in found if asked.alarm in (None, one.alarm)]


def _first_s(run: Sections, asked: Asked) -> float | None:
    times = (one.time_to_detect_s for one in _alarms(run, asked))
    return min((time for time in times if time is not None), default=None)


def _false(run: Sections, asked: Asked) -> float:
    return float(sum(one.false_alarms for one in _alarms(run, asked)))


READERS: Readers = {"alarm_time": _first_s, "false_alarms": _false}

REASONS: Reasons = {
    NO_ALARM: lambda run, asked: not _alarms(run, asked),
    NO_FAULT_TO_TELL: lambda run, _: not run.recovery.faults,
}
