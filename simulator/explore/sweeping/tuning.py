"""The best values of several knobs: tried where earlier tries were good, and judged on seeds not seen before.

Which values are tried is decided by Optuna's tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and
Kégl, Algorithms for hyper-parameter optimization, NeurIPS 2011), from a fixed seed: the same search tries the
same values. The best of many tries is partly luck; so it is played again, with the files as they are, under
seeds that the search did not see.
"""

import warnings
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

from simulator.errors import UsageError
from simulator.explore.cells import Cell, Heard, Record, play_cells
from simulator.explore.comparing.asked import seeds_of
from simulator.explore.comparing.designs import Named, read_design
from simulator.explore.comparing.paired import CONFIDENCE, by_figure, difference_of, span_of
from simulator.explore.sweeping.conditions import Condition, condition_of, sense_of, unit_of
from simulator.explore.sweeping.finding import range_of
from simulator.explore.sweeping.grid import split_values
from simulator.explore.sweeping.searching import Range
from simulator.explore.workers import Crew, Workers
from simulator.language.files import Loaded
from simulator.language.reading.messages import nearest
from simulator.language.settings import Setting, as_yaml, parse_setting, split_setting, value_of
from simulator.records import dataclass
from simulator.result.tuned import Tried, Tuned
from simulator.verdict.figures import Figure

SEEDS, TRIES = 5, 40
FRESH = 10
"""Seeds by which the best is judged."""
_ENDLESS = 1e12
"""What the search is told of what never happens: it only ranks values."""
_WIDE = 10.0
_SEARCH_SEED = 1


@dataclass(frozen=True)
class Knob:
    """A path, and the values that it may have: between two, or some."""

    path: str
    place: str
    span: Range | None
    choices: tuple[str, ...]

    def asked_of(self, trial: Any) -> str:
        """A value for a trial."""
        if self.span is None:
            return str(trial.suggest_categorical(self.path, self.choices))
        low, high = sorted((self.span.first, self.span.last))
        is_wide = low > 0 and high / low >= _WIDE
        if self.span.whole:
            return self.span.write(float(trial.suggest_int(self.path, int(low), int(high), log=is_wide)))
        return self.span.write(float(f"{trial.suggest_float(self.path, low, high, log=is_wide):.3g}"))


def knob_of(text: str, option: str = "--over") -> Knob:
    """A knob as `PATH=A..B` or `PATH=VALUE,VALUE…`; UsageError or SpecError if it is none."""
    path, values = split_setting(text)
    written = split_values(values or "")
    if len(written) == 1 and ".." in written[0]:
        span = range_of(text, option)
        return Knob(span.path, span.place, span, ())
    choices = [parse_setting(f"{path}={value}", option) for value in written]
    if len(choices) < 2:
        raise UsageError(f"{option} {text}: write PATH=A..B, or several values with commas between them")
    return Knob(path.strip(), f"{option} {text}", None, tuple(as_yaml(one.value) for one in choices))


def tune(
    experiment: Named,
    over: Sequence[str],
    best: str,
    *,
    keep: str | None = None,
    tries: int = TRIES,
    seeds: int | Iterable[int] = SEEDS,
    jobs: int = 1,
    cache: bool = True,
) -> Tuned:
    """The values of several knobs at which a figure is best.

    `over`: the knobs, as `PATH=A..B` or `PATH=VALUE,VALUE…`. `best`: the key of a figure, whose median is
    made as good as it can be. `keep`: a condition that has to hold in at least half of the runs. Raises
    SpecError if a file or a value is invalid, UsageError for knobs or a figure that are none, or without the
    extra that searches, DefectError if a law is broken.
    """
    said, loaded = read_design(experiment)
    condition = None if keep is None else condition_of(keep)
    knobs = [knob_of(one, "over") for one in over]
    return tuned(
        said, loaded, knobs, best, condition, tries=tries, seeds=seeds_of(seeds), jobs=jobs, cache=cache
    )


def tuned(  # noqa: PLR0913
    said: str,
    loaded: Loaded,
    knobs: Sequence[Knob],
    key: str,
    condition: Condition | None,
    *,
    tries: int,
    seeds: Sequence[int],
    jobs: int = 1,
    cache: bool = True,
    heard: Heard = lambda _number, _record: None,
) -> Tuned:
    """The same, of what was read."""
    better, unit = sense_of(key), unit_of(key)
    if better == "neither":
        raise UsageError(f"of {key} neither more nor less is better; seek a figure that has a sense")
    if len({knob.path for knob in knobs}) < max(len(knobs), 1):
        raise UsageError("give each knob once: --over PATH=A..B")
    if tries < 1:
        raise UsageError(f"there must be at least one try, not {tries}")
    with Workers(jobs) as crew:
        search = _Search(loaded, knobs, key, condition, seeds, crew, cache, heard)
        found = search.run(tries, 1.0 if better == "lower" else -1.0)
        fresh = range(max(seeds) + 1, max(seeds) + 1 + FRESH)
        judged = search.judged(found[0][1], fresh) if found and found[0][0].keeps else None
    base, best_ = judged or ([], [])
    return Tuned(
        said=said,
        key=key,
        better=better,
        condition=None if condition is None else condition.said,
        seeds=tuple(seeds),
        fresh=tuple(fresh),
        tries=tuple(one for one, _ in found),
        as_it_is=span_of(base, unit, CONFIDENCE) if judged else None,
        best=span_of(best_, unit, CONFIDENCE) if judged else None,
        difference=difference_of("best", base, best_, CONFIDENCE) if judged else None,
    )


@dataclass
class _Search:
    loaded: Loaded
    knobs: Sequence[Knob]
    key: str
    condition: Condition | None
    seeds: Sequence[int]
    crew: Crew
    cache: bool
    heard: Heard

    def run(self, tries: int, sign: float) -> list[tuple[Tried, Loaded]]:
        """All tries, the best first: those that keep the condition before those that do not."""
        study, found = _study(), list[tuple[float, float, Tried, Loaded]]()
        for _ in range(tries):
            trial = study.ask()
            values = {knob.path: knob.asked_of(trial) for knob in self.knobs}
            loaded = self.loaded.with_settings([_setting(knob, values[knob.path]) for knob in self.knobs])
            records = self._play(loaded, self.seeds)
            figures = self._figures(records)
            cost, excess = sign * _median(figures, sign), self._excess(records)
            trial.set_user_attr("excess", excess)
            study.tell(trial, cost)
            span = span_of(figures, unit_of(self.key), CONFIDENCE)
            found.append((max(excess, 0.0), cost, Tried(values, span, excess <= 0.0), loaded))
        found.sort(key=lambda one: one[:2])
        return [(one, loaded) for _, _, one, loaded in found]

    def judged(self, best: Loaded, seeds: Sequence[int]) -> tuple[list[Figure | None], list[Figure | None]]:
        """The figure of the files as they are, and with the best values, by seeds not seen before."""
        base, found = (self._figures(self._play(one, seeds)) for one in (self.loaded, best))
        return base, found

    def _play(self, loaded: Loaded, seeds: Sequence[int]) -> list[Record]:
        cells = [Cell(loaded, seed) for seed in seeds]
        return play_cells(cells, cache=self.cache, heard=self.heard, crew=self.crew)

    def _figures(self, records: Sequence[Record]) -> list[Figure | None]:
        found = by_figure(records)
        if self.key not in found:
            raise UsageError(f"no run tells a figure '{self.key}'{nearest(self.key, found)}")
        return found[self.key]

    def _excess(self, records: Sequence[Record]) -> float:
        """By how much too large a share of the runs does not keep the condition; none if that is well."""
        if self.condition is None:
            return 0.0
        self.condition.check(records)
        kept = sum(self.condition.of(record) is True for record in records)
        return self.condition.share - kept / len(records)


def _setting(knob: Knob, text: str) -> Setting:
    return Setting(knob.path, value_of(text, knob.place), f"{knob.place}, at {text}")


def _median(figures: Sequence[Figure | None], sign: float) -> float:
    """The median, what a run does not tell counted as worst."""
    worst = sign * _ENDLESS
    values = sorted(
        worst if one is None or one.low is None or not isfinite(one.low) else one.low for one in figures
    )
    return values[(len(values) - 1) // 2]


def _study() -> Any:
    """A search that always tries the same values."""
    try:
        import optuna
    except ImportError:
        raise UsageError("tuning needs optuna: pip install 'multiregion-simulator[search]'") from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler = optuna.samplers.TPESampler(
            seed=_SEARCH_SEED, constraints_func=lambda trial: (trial.user_attrs["excess"],)
        )
    return optuna.create_study(sampler=sampler)
