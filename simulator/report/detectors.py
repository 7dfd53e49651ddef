"""Sentences about detectors of unusual usage: whom each flagged, how soon, and the honest among them."""

from collections.abc import Iterator

from rich.console import RenderableType

from simulator.report.tables import Rows
from simulator.report.words import duration, name, plural
from simulator.result.detectors import Detector
from simulator.result.whole import Result


def gist(result: Result) -> Iterator[str]:
    """The first layer's: whom each flagged."""
    for one in result.detectors or ():
        if one.first_s is not None and one.time_to_detect_s is not None:
            yield (
                f"'{name(one.detector)}' flagged bots {duration(one.time_to_detect_s)} after they came: "
                f"{_whom(one)}"
            )
        elif one.missed:
            yield f"'{name(one.detector)}' flagged no bots"
        if one.false_flags:
            yield f"{plural(one.false_flags, 'honest client')} flagged by '{name(one.detector)}'"


def _whom(detector: Detector) -> str:
    return ", ".join(f"{count:,} of {name(who)}" for who, count in detector.flagged.items())


def table(result: Result) -> RenderableType | None:
    """Each detector: when it first flagged bots, how many clients it looked at, and whom it flagged."""
    if not result.detectors:
        return None
    rows = Rows("detector", "first", "looked at", "honest", "system", text="flagged")
    for one in result.detectors:
        rows.add(
            name(one.detector), "–" if one.first_s is None else duration(one.first_s), f"{one.looked_at:,}",
            f"{one.false_flags:,}", f"{one.system_periods:,}", text=_whom(one) or "nobody",
        )  # fmt: skip
    return rows
