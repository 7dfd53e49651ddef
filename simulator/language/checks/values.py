"""Checks of values that stand in many sections: lists without repeats, distributions, rates."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from simulator.language.models.quantities import Constant, Exponential, LogNormal, Uniform
from simulator.language.reading.positions import Document, Path
from simulator.times import LONGEST_RUN_NS
from simulator.units import LONGEST_NS, Z99, format_duration

RATE_MOST = 10_000_000  # per second; a gap is at least some nanoseconds
_RATE_LEAST = 1 / 86_400
_LONGEST_SAMPLE_NS = 2**62
_EXTREME_OF_P99 = 8.3 / Z99  # the most extreme uniform number is 2^-54 from 1: 8.3 sigma
_LONGEST_MEAN_NS = 3 * LONGEST_RUN_NS  # the most extreme sample is -log(2^-54) = 37.4 times the mean


def check_repeats(names: Iterable[str], document: Document, path: Path) -> None:
    """Report what stands in a list a second time."""
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            document.problem(f"'{name}' stands here a second time", (*path, number))
        seen.add(name)


def check_longer_than_0(value_ns: int | None, what: str, document: Document, path: Path) -> None:
    """Report a duration, if there is one, of 0 s."""
    if value_ns == 0:
        document.problem(f"{what} must be longer than 0 s", path)


def check_rate(rate: float | None, document: Document, path: Path) -> bool:
    """Report a rate, if there is one, that no token bucket can have; tell whether it is fine."""
    if rate is None or _RATE_LEAST <= rate <= RATE_MOST:
        return True
    document.problem(f"this rate is at least one a day and at most {RATE_MOST:,} a second", path)
    return False


def check_fills(rate: float, burst: int, document: Document, path: Path) -> None:
    """Report a bucket that takes so long to fill that its times do not fit into a clock."""
    if burst / rate * 10**9 > LONGEST_NS:
        document.problem("at this rate the burst fills in more than a hundred years", path)


def is_always_0(distribution: Any) -> bool:
    """Tell a distribution all of whose samples are 0 s."""
    if isinstance(distribution, Constant):
        return distribution.root == 0
    if isinstance(distribution, Exponential):
        return distribution.mean == 0
    return isinstance(distribution, Uniform) and distribution.to == 0


def check_distributions(model: Any, document: Document, path: Path) -> None:
    """Report every distribution whose parameters contradict each other, wherever it stands."""
    if isinstance(model, LogNormal):
        check_log_normal(model.median, model.p99, document, path)
    elif isinstance(model, Exponential):
        if model.mean > _LONGEST_MEAN_NS:
            document.problem("a mean of more than three years is not supported", (*path, "mean"))
    elif isinstance(model, Uniform):
        if model.to < model.from_:
            document.problem("'to' is below 'from'", (*path, "to"))
    elif isinstance(model, dict):
        for key, value in model.items():
            check_distributions(value, document, (*path, key))
    elif isinstance(model, list):
        for number, value in enumerate(model):
            check_distributions(value, document, (*path, number))
    elif isinstance(model, BaseModel):
        for name, info in type(model).model_fields.items():
            here = (*path, info.alias or name) if name != "root" else path
            check_distributions(getattr(model, name), document, here)


def check_log_normal(median_ns: int, p99_ns: int, document: Document, path: Path) -> None:
    """Median and 99th percentile must be in order, and the most extreme sample must fit into a clock."""
    if median_ns == 0:
        document.problem("the median must be longer than 0 s", (*path, "median"))
    elif p99_ns < median_ns:
        p99, median = format_duration(p99_ns), format_duration(median_ns)
        document.problem(f"the 99th percentile ({p99}) is below the median ({median})", (*path, "p99"))
    elif median_ns * (p99_ns / median_ns) ** _EXTREME_OF_P99 > _LONGEST_SAMPLE_NS:
        document.problem("the 99th percentile is too far above the median to be sampled", (*path, "p99"))
