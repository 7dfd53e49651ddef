"""Bands checked: that there will be one, and that it can learn from what it is told to."""

import numpy as np

from simulator.boundary.metric_maths import BadExpression, evaluate, names_in, read_expression
from simulator.boundary.metrics import BY_NAME
from simulator.boundary.thresholds import TRAINED_NS
from simulator.language.models.alarms import AlarmedMetric, AnyBandAlarm, Expressed, metrics_of
from simulator.language.reading.positions import Document, Path
from simulator.units import format_duration

LONGEST_PERIOD_NS = 1_800 * 10**9
"""The history before a run is simulated in stretches that hold a period."""


def check_band(alarm: AnyBandAlarm, document: Document, path: Path) -> None:
    """Report a band that could never be, and times that none is."""
    if alarm.period > LONGEST_PERIOD_NS:
        document.problem("a band is of periods of at most 30 min", (*path, "period"))
    if alarm.history > TRAINED_NS:
        complaint = f"a band learns from {format_duration(TRAINED_NS)} at most"
        document.problem(complaint, (*path, "history"))
    for number, excluded in enumerate(alarm.exclude):
        if excluded.to <= excluded.from_:
            document.problem("it ends before it begins", (*path, "exclude", number, "to"))
    _check_values(alarm, document, path)


def _check_values(alarm: AnyBandAlarm, document: Document, path: Path) -> None:
    """Report a band of what is only there when something is wrong: it has no usual value."""
    metrics = metrics_of(alarm)
    absent = [key for key, one in metrics.items() if _says_nothing_when_well(one)]
    if isinstance(alarm, AlarmedMetric) and absent:
        complaint = (
            f"{alarm.metric} has no data points while it is zero, and so no band; "
            "write 'expression: FILL(m, 0)' with it as m in 'metrics'"
        )
        document.problem(complaint, (*path, "metric"))
    elif isinstance(alarm, Expressed) and absent and _is_missing_without(absent, alarm):
        complaint = (
            f"while {metrics[absent[0]].metric} is zero it has no data points, and this no value, and so no "
            f"band; write 'FILL({absent[0]}, 0)'"
        )
        document.problem(complaint, (*path, "expression"))


def _says_nothing_when_well(one: AlarmedMetric) -> bool:
    return one.metric in BY_NAME and BY_NAME[one.metric].emission == "when_non_zero"


def _is_missing_without(absent: list[str], alarm: Expressed) -> bool:
    """Whether an expression has no value while some of its metrics are missing; the others are 1."""
    try:
        tree = read_expression(alarm.expression)
    except BadExpression:
        return False
    if not {*names_in(tree)} <= alarm.metrics.keys():
        return False
    series = {name: np.full(2, np.nan if name in absent else 1.0) for name in alarm.metrics}
    return bool(np.isnan(evaluate(tree, series)[-1]))
