"""What verbs that run one experiment have in common: reading it, what is said beforehand, the bar."""

from collections.abc import Callable, Sequence
from typing import Any

from simulator.cli.failing import cleaning_up
from simulator.cli.saying import say
from simulator.units import format_duration

_LONG_S = 30
"""What takes longer is said beforehand,"""
_LARGE = 2**30
"""and what needs more memory (bytes)."""


def read(file: str, settings: Sequence[str] = ()) -> Any:
    """Read an experiment, with values set as `--set` has them; raises SpecError."""
    from simulator.language.files import read_experiment
    from simulator.language.settings import parse_settings

    return read_experiment(file, parse_settings(settings))


def say_if_much(loaded: Any) -> None:
    """Say beforehand what will take long, or much memory."""
    from simulator.language.checks.cost import about

    seconds, size = sum(cost.seconds for cost in loaded.costs), sum(cost.bytes for cost in loaded.costs)
    if seconds <= _LONG_S and size <= _LARGE:
        return
    unit = 60 if seconds > 2 * 60 else 10 if seconds > _LONG_S else 1
    took = format_duration(max(round(seconds / unit) * unit, 1) * 10**9)
    room = f", and {about(size / 2**30)} GB of memory" if size > _LARGE else ""
    say(f"note: this will take about {took}{room}", err=True)


def say_if_long(what: str, seconds: float, more: str = "") -> None:
    """Say beforehand that many runs will take long: about so many seconds, on all processes together."""
    if seconds > _LONG_S:
        took = format_duration(max(round(seconds / 10), 1) * 10 * 10**9)
        say(f"note: {what} will take about {took}{more}", err=True)


def simulate(
    loaded: Any, seed: int, *, sampled: bool, begins: Callable[[Any], None] = lambda _plan: None
) -> Any:
    """Run what has been read, with a bar; `sampled` also samples gauges, `begins` is told of its plan."""
    from simulator.cli.progress import shown
    from simulator.pipeline import run

    with cleaning_up(), shown(loaded.experiment.duration + loaded.experiment.warm_up) as progress:
        return run(loaded, seed=seed, metrics=sampled, progress=progress, begins=begins)
