"""What verbs that run one experiment have in common: reading it, what is said beforehand, the bar."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from simulator.cli.failing import cleaning_up
from simulator.cli.saying import say
from simulator.units import format_duration

_LONG_S = 30
"""What takes longer is said beforehand,"""
_LARGE = 2**30
"""and what needs more memory (bytes)."""


def read(file: str, settings: Sequence[str] = (), source: Any = None) -> Any:
    """Read an experiment, from the disk or a source, values set as `--set` has them; raises SpecError."""
    from simulator.language.files import read_experiment
    from simulator.language.settings import parse_settings
    from simulator.language.sources import DISK

    return read_experiment(file, parse_settings(settings), source or DISK)


def say_if_much(loaded: Any) -> None:
    """Say beforehand what will take long, or much memory."""
    if not is_much(loaded):
        return
    from simulator.language.checks.cost import about

    seconds, size = _costs(loaded)
    unit = 60 if seconds > 2 * 60 else 10 if seconds > _LONG_S else 1
    took = format_duration(max(round(seconds / unit) * unit, 1) * 10**9)
    room = f", and {about(size / 2**30)} GB of memory" if size > _LARGE else ""
    say(f"note: this will take about {took}{room}", err=True)


def is_much(loaded: Any) -> bool:
    """Whether a run takes so long, or so much memory, that one says so beforehand."""
    seconds, size = _costs(loaded)
    return seconds > _LONG_S or size > _LARGE


def _costs(loaded: Any) -> tuple[float, float]:
    """About how many seconds, and bytes of memory."""
    return sum(cost.seconds for cost in loaded.costs), sum(cost.bytes for cost in loaded.costs)


def say_if_long(what: str, seconds: float, more: str = "") -> None:
    """Say beforehand that many runs will take long: about so many seconds, on all processes together."""
    if seconds > _LONG_S:
        took = format_duration(max(round(seconds / 10), 1) * 10 * 10**9)
        say(f"note: {what} will take about {took}{more}", err=True)


def simulate(loaded: Any, seed: int, *, sampled: bool) -> Any:
    """Run what has been read, with a bar; `sampled` also samples gauges."""
    from simulator.cli.progress import shown
    from simulator.pipeline import run

    with cleaning_up(), shown(loaded.experiment.duration + loaded.experiment.warm_up) as progress:
        return run(loaded, seed=seed, metrics=sampled, progress=progress)


class Run:
    """A run of an experiment's files, which are not read where what they come to has been kept."""

    def __init__(self, experiment: str, settings: Sequence[str], seed: int, *, cache: bool) -> None:
        """Read the files, unless the run was kept, and say what will take long; raises SpecError."""
        self._named, self._seed, self._cache = (experiment, settings), seed, cache
        self._kept = self._from_cache() if cache else None
        if self._kept is None:
            say_if_much(self.loaded)

    @cached_property
    def loaded(self) -> Any:
        """What the files say; raises SpecError."""
        if self._kept is None:
            return read(*self._named)
        from simulator.language.sources import Kept

        return read(*self._named, Kept(self._kept.texts))  # whatever has become of the files meanwhile

    def play(self, *, sampled: bool, begins: Callable[[Any], None]) -> Any:
        """The result, with a bar meanwhile; `sampled` also samples gauges, `begins` is told of the run."""
        from simulator.cli.progress import shown
        from simulator.ready import played

        make, duration_ns = self._anew() if self._kept is None else self._again(self._kept.ready)
        with cleaning_up(), shown(duration_ns) as progress:
            return played(make, metrics=sampled, progress=progress, begins=begins)

    def _anew(self) -> tuple[Callable[[], Any], int]:
        """What makes the run of what the files say, and its duration."""
        from simulator.pipeline import prepared, ready_of

        loaded = prepared(self.loaded, self._seed)

        def make() -> Any:
            ready = ready_of(loaded, self._seed)
            if self._cache and not is_much(loaded):
                self._to_cache(ready)
            return ready

        return make, loaded.experiment.duration + loaded.experiment.warm_up

    def _again(self, kept: Any) -> tuple[Callable[[], Any], int]:
        """The same of what was kept."""
        return lambda: kept, kept.plan.data.duration_ns

    def _from_cache(self) -> Any:
        from simulator.kept import read

        return read(*self._named, self._seed)

    def _to_cache(self, ready: Any) -> None:
        from simulator.kept import keep

        keep(ready, *self._named, self.loaded.source.texts)
