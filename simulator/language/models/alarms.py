"""Alarms: on a threshold, a band of what is expected, the burn of an error budget, or other alarms."""

import re
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.boundary.alarm_rules import BadRule, alarms_in, read_rule
from simulator.boundary.metrics import BY_NAME
from simulator.boundary.thresholds import TRAINED_NS, Threshold, read_threshold
from simulator.language.models.quantities import (
    Distribution,
    Duration,
    Model,
    RegionName,
    Share,
    SignedDuration,
)

_MINUTE_NS = 60 * 10**9


class AlarmedMetric(Model):
    """A metric of one thing, and which statistic of it is looked at."""

    metric: str
    """Its name, such as `lambda.errors`."""
    of: str
    """What it is of, such as `api@eu-south-1`."""
    in_: RegionName | None = Field(default=None, alias="in")
    """The region to which it is copied (`copied_to` in `metrics`); by default where it lives."""
    statistic: str | None = None
    """`sum`, `average`, `minimum`, `maximum`, `sample_count` or a percentile such as `p99`; by default
    the one that says most."""


class Told(Model):
    """Who hears of an alarm, and how soon."""

    tells: str | None = None
    """Who is told when it goes into ALARM; without it nobody is, and only plans may follow it."""
    acknowledge: Distribution | None = None
    """Only with `tells`: how long until they have seen it; by default the catalog's."""


class Evaluated(Told):
    """When data points make an alarm."""

    period: Duration = _MINUTE_NS
    """The time that each data point stands for: whole minutes."""
    datapoints: str = "1 of 1"
    """`M of N`: so many of the newest N data points must breach."""
    missing: Literal["missing", "ignore", "breaching", "not_breaching"] | None = None
    """What a missing data point counts as, by default `missing`. Alarms on DynamoDB's own metrics
    always ignore it."""
    window: Literal["sliding", "wall_clock"] = "sliding"
    """`sliding`: periods that end at each evaluation, some more of them than N; `wall_clock`: those of the
    clock (full minutes, five minutes, hours, days), each seen once it is over, and no more than N."""


class Thresholded(Evaluated):
    """A threshold, which is the same at all times."""

    threshold: str
    """What breaches, such as `> 5 %`, `>= 100` or `> 200 ms`: > >= < <= and a value in the metric's unit."""


class Excluded(Model):
    """A time of which a band learns nothing."""

    from_: SignedDuration = Field(alias="from")
    """When it begins, from the start of the run on; `-3 d` is before it."""
    to: SignedDuration
    """When it ends."""


class Banded(Evaluated):
    """A band of what is expected at each time of the week, learned from the past (*anomaly detection*)."""

    band: Annotated[float, Field(gt=0, le=1000)]
    """Half its width, in standard deviations."""
    threshold: Literal["outside", "above", "below"] = "outside"
    """On which side of the band a data point breaches."""
    history: Duration = TRAINED_NS
    """For how long it has watched its metric when the run begins: at most 14 d, of which it learns. `0 s`: it
    is new, and its band appears later."""
    exclude: list[Excluded] = Field(default=[], max_length=10)
    """Times that it does not learn from, such as a deployment."""


class Expressed(Model):
    """An expression of metrics."""

    expression: str
    """Metric maths, such as `100 * errors / FILL(requests, 0)`."""
    metrics: Annotated[dict[str, AlarmedMetric], Field(min_length=1, max_length=10)]
    """The metrics by the names that the expression uses."""


class MetricAlarm(AlarmedMetric, Thresholded):
    """A threshold of one metric."""


class MathsAlarm(Expressed, Thresholded):
    """A threshold of an expression of metrics."""


class BandAlarm(AlarmedMetric, Banded):
    """A band of one metric."""


class BandMathsAlarm(Expressed, Banded):
    """A band of an expression of metrics."""


class BurnRateAlarm(Told):
    """An error budget that is spent too fast, over a long window and still over a short one."""

    burn_rate: Annotated[float, Field(gt=0, le=1_000_000)]
    """How many times as fast as a budget that would last exactly as long as its period."""
    objective: Share
    """The share of requests that must succeed, such as 99.9 %."""
    errors: AlarmedMetric
    """What counts the failed requests."""
    requests: AlarmedMetric
    """What counts all of them."""
    long: Duration
    """The long window, such as 1 h."""
    short: Duration | None = None
    """The short window; by default a twelfth of the long one."""


class Suppressor(Model):
    """An alarm during which a composite one does nothing, such as that of a maintenance."""

    alarm: str
    """The other alarm."""
    wait: Duration = 0
    """How long a composite alarm that goes into ALARM waits for the suppressor to do so, too."""
    extension: Duration = 0
    """For how long it goes on doing nothing once the suppressor is over."""


class CompositeAlarm(Told):
    """An alarm on other alarms."""

    rule: str
    """Such as `ALARM(errors) AND NOT ALARM(deployment)`."""
    suppressor: Suppressor | None = None
    """What keeps it from telling anybody."""


ALARM_KINDS = {"rule": ":CompositeAlarm", "burn_rate": ":BurnRateAlarm", "expression": ":MathsAlarm"}


def alarm_form(value: Any) -> str:
    """Tell the kind of an alarm from the keys that the user wrote."""
    keys = value if isinstance(value, dict) else {}
    if "band" in keys:
        return ":BandMathsAlarm" if "expression" in keys else ":BandAlarm"
    return next((tag for key, tag in ALARM_KINDS.items() if key in keys), ":MetricAlarm")


Alarm = Annotated[
    Annotated[MetricAlarm, Tag(":MetricAlarm")]
    | Annotated[MathsAlarm, Tag(":MathsAlarm")]
    | Annotated[BandAlarm, Tag(":BandAlarm")]
    | Annotated[BandMathsAlarm, Tag(":BandMathsAlarm")]
    | Annotated[BurnRateAlarm, Tag(":BurnRateAlarm")]
    | Annotated[CompositeAlarm, Tag(":CompositeAlarm")],
    Discriminator(alarm_form),
]
"""Any alarm."""


def metrics_of(alarm: "AnyAlarm") -> dict[str, AlarmedMetric]:
    """The metrics that an alarm looks at, by the keys under which they are written; of its own, by ''."""
    if isinstance(alarm, AlarmedMetric):
        return {"": alarm}
    if isinstance(alarm, Expressed):
        return alarm.metrics
    return {"errors": alarm.errors, "requests": alarm.requests} if isinstance(alarm, BurnRateAlarm) else {}


ThresholdAlarm = MetricAlarm | MathsAlarm
AnyBandAlarm = BandAlarm | BandMathsAlarm
EvaluatedAlarm = ThresholdAlarm | AnyBandAlarm
AnyAlarm = EvaluatedAlarm | BurnRateAlarm | CompositeAlarm

_DATAPOINTS = re.compile(r"\s*(\d{1,6})\s+of\s+(\d{1,6})\s*")


def read_datapoints(text: str) -> tuple[int, int]:
    """M and N of `M of N`. Raises ValueError if the text is none, or M is not from 1 to N."""
    found = _DATAPOINTS.fullmatch(text)
    if found is None:
        raise ValueError("write 'M of N', such as '3 of 5'")
    points, periods = int(found[1]), int(found[2])
    if not 1 <= points <= periods:
        raise ValueError(f"of {periods} data points between 1 and {periods} can breach, not {points}")
    return points, periods


def threshold_of(alarm: ThresholdAlarm) -> Threshold:
    """The threshold in the unit of what it is compared with. Raises BadThreshold."""
    if isinstance(alarm, MathsAlarm):
        return read_threshold(alarm.threshold)
    return read_threshold(alarm.threshold, BY_NAME[alarm.metric], alarm.statistic)


def short_window_ns(alarm: BurnRateAlarm) -> int:
    """The short window of a burn-rate alarm: its own, or a twelfth of the long one, in whole minutes."""
    if alarm.short is not None:
        return alarm.short
    return max(alarm.long // 12 // _MINUTE_NS, 1) * _MINUTE_NS


def alarms_of(alarm: AnyAlarm) -> list[str]:
    """The other alarms that an alarm follows: those of a rule, and its suppressor."""
    if not isinstance(alarm, CompositeAlarm):
        return []
    suppressor = [] if alarm.suppressor is None else [alarm.suppressor.alarm]
    try:
        named = [*alarms_in(read_rule(alarm.rule))]
    except BadRule:
        named = []
    return [*dict.fromkeys([*named, *suppressor])]
