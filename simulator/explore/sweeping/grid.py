"""Every combination of some values, on the same users."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Any

from simulator.errors import Problem, SpecError, UsageError
from simulator.explore.cells import Cell, Heard, Record, play_cells
from simulator.explore.comparing.asked import asked_keys, seeds_of
from simulator.explore.comparing.designs import Named, read_design
from simulator.explore.comparing.paired import CONFIDENCE, HEADLINES, by_figure, span_of, told_in
from simulator.explore.costs import money_of
from simulator.explore.workers import Workers
from simulator.language.files import Loaded
from simulator.language.reading.messages import nearest
from simulator.language.settings import Setting, as_yaml, parse_setting, set_by_program, split_setting
from simulator.pipeline import recipe_of
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
    said, loaded = read_design(experiment)
    points = points_of(loaded, axes_of(vary))
    played = partial(sweep_points, said, loaded, points, seeds=seeds_of(seeds), jobs=jobs, cache=cache)
    return played(figures=figures, cost=cost)


Points = dict[tuple[Setting, ...], Loaded]
"""What is played at each combination of values."""


def points_of(loaded: Loaded, axes: Sequence[Values]) -> Points:
    """The experiment at each combination; SpecError with what is wrong at any of them."""
    if not axes or not all(axes):
        raise UsageError("nothing is varied: give --vary PATH=VALUE,VALUE…")
    found, problems = Points(), dict[Problem, None]()
    for values in product(*axes):
        try:
            found[values] = loaded.with_settings(values)
        except SpecError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise SpecError(*problems)
    return found


def sweep_points(  # noqa: PLR0913
    said: str,
    loaded: Loaded,
    points: Points,
    *,
    seeds: Sequence[int],
    jobs: int = 1,
    cache: bool = True,
    figures: Sequence[str] = (),
    cost: bool = False,
    heard: Heard = lambda _number, _record: None,
) -> Sweep:
    """The same, of points that were read."""
    if len(points) * len(seeds) > CELLS_MOST:
        raise UsageError(f"{len(points):,} points × {len(seeds):,} seeds are more than {CELLS_MOST:,} runs")
    cells = [Cell(one, seed) for one in points.values() for seed in seeds]
    with Workers(min(jobs, len(cells))) as crew:
        records = play_cells(cells, cache=cache, heard=heard, crew=crew)
        money: list[Money | None] = [None] * len(points)
        if cost:
            money = [*crew.do(partial(money_of, seeds[0]), [*points.values()])]
    each = [records[number : number + len(seeds)] for number in range(0, len(records), len(seeds))]
    by_key = [by_figure(of) for of in each]
    told = told_in(by_key)
    like = {key: next(one for found in by_key for one in found.get(key, []) if one) for key in told}
    keys = _wanted(told, [*figures], [*HEADLINES, *asked_keys(loaded)])
    recipe = recipe_of(loaded, seeds[0])
    return Sweep(
        said=said,
        experiment=recipe.experiment,
        topology=recipe.topology,
        sha256=recipe.sha256,
        settings=recipe.settings or (),
        seeds=tuple(seeds),
        level=CONFIDENCE,
        axes=_axes([*points]),
        figures=tuple(_varied(like[key]) for key in keys),
        points=tuple(
            _point(
                values,
                of,
                {key: span_of(found.get(key, []), like[key].unit, CONFIDENCE) for key in keys},
                usd,
            )
            for values, of, found, usd in zip(points, each, by_key, money, strict=True)
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


def _point(
    values: tuple[Setting, ...], records: Sequence[Record], figures: Mapping[str, Any], cost: Money | None
) -> Point:
    verdicts: dict[str, int] = {}
    for record in records:
        verdicts[record.verdict] = verdicts.get(record.verdict, 0) + 1
    return Point(tuple(as_yaml(one.value) for one in values), verdicts, figures, cost)


def _run(point: int, record: Record, keys: Sequence[str]) -> Run:
    values = {figure.key: figure.value for figure in record.figures}
    return Run(point, record.seed, record.verdict, {key: values.get(key) for key in keys})
