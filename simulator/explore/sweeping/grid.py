"""Every combination of some values, on the same users."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from simulator.errors import Problem, SpecError, UsageError
from simulator.explore.cells import Heard, Record, play_each, verdicts_of
from simulator.explore.comparing.asked import asked_keys, seeds_of
from simulator.explore.comparing.designs import Named, read_design
from simulator.explore.comparing.paired import CONFIDENCE, HEADLINES, ByFigure, by_figure, span_of, told_in
from simulator.explore.costs import money_of_each
from simulator.explore.workers import Workers
from simulator.language.files import Loaded
from simulator.language.reading.messages import nearest
from simulator.language.settings import Setting, as_yaml, parse_setting, set_by_program, split_setting
from simulator.pipeline import recipe_of
from simulator.records import dataclass
from simulator.result.comparison import Span
from simulator.result.costs import Money
from simulator.result.sweep import Axis, Point, Run, Sweep, Varied
from simulator.verdict.figures import Figure

SEEDS = 5
CELLS_MOST = 100_000
"""Runs of a sweep, over all points and seeds."""

Values = Sequence[Setting]
"""One axis: the same path with one value after the other."""


def parse_axis(text: str, option: str = "--vary") -> list[Setting]:
    """An axis as `PATH=VALUE,VALUE…`, each value in YAML; SpecError if it is none."""
    path, values = split_setting(text)
    if values is None:
        raise SpecError(Problem(f"{option} {text}", 0, 0, "write PATH=VALUE,VALUE…, as dns.x.ttl=10s,60s"))
    found = [parse_setting(f"{path}={value}", option) for value in split_values(values)]
    if len({as_yaml(one.value) for one in found}) < len(found):
        raise SpecError(Problem(f"{option} {text}", 0, 0, "a value stands here twice"))
    return found


def split_values(text: str) -> list[str]:
    """What stands between commas, but for those within brackets and quotes."""
    parts, depth, quote = [""], 0, ""
    for one in text:
        if quote:
            quote = "" if one == quote else quote
        elif one in "\"'":
            quote = one
        depth += 0 if quote else (one in "[{") - (one in "]}")
        if one == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += one
    return parts


def axes_of(vary: Mapping[str, Iterable[Any]]) -> list[list[Setting]]:
    """The axes that a program gives: by path, the values."""
    if not isinstance(vary, Mapping):
        raise UsageError("what is varied is a mapping of paths to values, such as {'dns.x.ttl': […]}")
    return [[set_by_program(path, value) for value in values] for path, values in vary.items()]


def sweep(
    experiment: Named,
    vary: Mapping[str, Iterable[Any]],
    *,
    seeds: int | Iterable[int] = SEEDS,
    jobs: int = 1,
    cache: bool = True,
    figures: Sequence[str] = (),
    cost: bool = False,
) -> Sweep:
    """Play an experiment at every combination of some values, on the same users.

    `vary` has the values of each path, as `with_` takes them. `figures`: keys that are told besides those
    that count. `cost` also tells what each point costs, by list prices; that takes two more runs of each. The
    same for any number of `jobs`. Raises SpecError if a file or a value is invalid,
    UsageError for an unknown figure, or if nothing is varied, DefectError if a law is broken.
    """
    grid = grid_of(*read_design(experiment), axes_of(vary), seeds_of(seeds))
    return played(grid, jobs=jobs, cache=cache, figures=figures, cost=cost)


Points = Mapping[tuple[Setting, ...], Loaded]
"""What is played at each combination of values."""


@dataclass(frozen=True)
class Grid:
    """An experiment at every combination of some values, to be played under the same seeds."""

    said: str
    """The file as it was named, and what is set in it."""
    loaded: Loaded
    points: Points
    seeds: Sequence[int]

    @property
    def count(self) -> int:
        """How many runs that are."""
        return len(self.points) * len(self.seeds)


def grid_of(said: str, loaded: Loaded, axes: Sequence[Values], seeds: Sequence[int]) -> Grid:
    """The experiment at each combination.

    SpecError with what is wrong at any of them, UsageError if that is nothing, too much, or if one axis
    overwrites another.
    """
    if not axes or not all(axes):
        raise UsageError("nothing is varied: give --vary PATH=VALUE,VALUE…")
    count = prod(map(len, axes))
    if count * len(seeds) > CELLS_MOST:
        raise UsageError(f"{count:,} points × {len(seeds):,} seeds are more than {CELLS_MOST:,} runs")
    found, problems = dict[tuple[Setting, ...], Loaded](), dict[Problem, None]()
    for values in product(*axes):
        try:
            found[values] = loaded.with_settings(values)
        except SpecError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise SpecError(*problems)
    _check_apart(axes, found)
    return Grid(said, loaded, found, seeds)


def _check_apart(axes: Sequence[Values], points: Points) -> None:
    """Refuse an axis that another overwrites, as where two paths lead to the same place."""
    firsts = tuple(axis[0] for axis in axes)
    for number, axis in enumerate(axes):
        along = [points[*firsts[:number], one, *firsts[number + 1 :]].digests for one in axis]
        if len(axes) > 1 and len(axis) > 1 and all(one == along[0] for one in along):
            raise UsageError(
                f"the values of {axis[0].path} make no difference: another axis sets the same place, "
                "or they are one value written in several ways"
            )


def played(
    grid: Grid,
    *,
    jobs: int = 1,
    cache: bool = True,
    figures: Sequence[str] = (),
    cost: bool = False,
    heard: Heard = lambda _number, _record: None,
) -> Sweep:
    """What a grid tells once it has been played; arguments as of `sweep`."""
    designs, seeds = [*grid.points.values()], grid.seeds
    with Workers(min(jobs, grid.count)) as crew:
        each = play_each(designs, seeds, cache=cache, heard=heard, crew=crew)
        money = [*money_of_each(designs, seeds[0], crew)] if cost else [None] * len(designs)
    by_key = [by_figure(of) for of in each]
    told = told_in(by_key)
    like = {key: next(one for found in by_key for one in found.get(key, []) if one) for key in told}
    keys = _wanted(told, [*figures], [*HEADLINES, *asked_keys(grid.loaded)])
    recipe = recipe_of(grid.loaded, seeds[0])
    return Sweep(
        said=grid.said,
        experiment=recipe.experiment,
        topology=recipe.topology,
        sha256=recipe.sha256,
        settings=recipe.settings or (),
        seeds=tuple(seeds),
        level=CONFIDENCE,
        axes=_axes([*grid.points]),
        figures=tuple(_varied(like[key]) for key in keys),
        points=tuple(
            _point(values, of, _spans(found, [like[key] for key in keys]), usd)
            for values, of, found, usd in zip(grid.points, each, by_key, money, strict=True)
        ),
        versions=recipe.versions,
        runs=tuple(_run(number, one, told) for number, of in enumerate(each) for one in of),
    )


def _wanted(told: Sequence[str], asked: Sequence[str], counting: Sequence[str]) -> list[str]:
    """The keys to tell: first those that somebody asked for."""
    for key in asked:
        if key not in told:
            raise UsageError(f"no run tells a figure '{key}'{nearest(key, told)}")
    return [key for key in dict.fromkeys([*asked, *counting]) if key in told]


def _axes(points: Sequence[tuple[Setting, ...]]) -> tuple[Axis, ...]:
    return tuple(
        Axis(column[0].path, tuple(dict.fromkeys(as_yaml(one.value) for one in column)))
        for column in zip(*points, strict=True)
    )


def _varied(figure: Figure) -> Varied:
    return Varied(figure.key, figure.measure, figure.unit, figure.better)


def _spans(found: ByFigure, told: Sequence[Figure]) -> dict[str, Span]:
    return {one.key: span_of(found.get(one.key, []), one.unit, CONFIDENCE) for one in told}


def _point(
    values: tuple[Setting, ...], records: Sequence[Record], figures: Mapping[str, Span], cost: Money | None
) -> Point:
    return Point(tuple(as_yaml(one.value) for one in values), verdicts_of(records), figures, cost)


def _run(point: int, record: Record, keys: Sequence[str]) -> Run:
    values = {figure.key: figure.value for figure in record.told}
    return Run(point, record.seed, record.verdict, {key: values.get(key) for key in keys})
