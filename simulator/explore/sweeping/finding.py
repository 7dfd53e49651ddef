"""Where a condition on a figure ends to hold, as one value of the files is changed."""

from collections.abc import Callable, Sequence

from simulator.errors import UsageError
from simulator.explore.cells import Heard
from simulator.explore.comparing.asked import seeds_of
from simulator.explore.comparing.designs import Named, read_design
from simulator.explore.sweeping.conditions import Condition, condition_of
from simulator.explore.sweeping.searching import SEEDS_MOST, Range, Search
from simulator.explore.workers import Workers
from simulator.language.files import Loaded
from simulator.language.settings import Setting, split_setting, value_of
from simulator.result.boundary import Boundary
from simulator.result.numbers import numbers_of
from simulator.units import format_duration


def range_of(text: str, option: str = "--over") -> Range:
    """A range as `PATH=A..B`; UsageError if it is none."""
    path, values = split_setting(text)
    first, dots, last = (values or "").partition("..")
    if not path.strip() or not dots:
        raise UsageError(f"{option} {text}: write PATH=A..B, such as dns.shop.example.ttl=1s..1h")
    texts = (first.strip(), last.strip())
    found = numbers_of(texts)
    if found is None or found.values[0] == found.values[1]:
        raise UsageError(f"{option} {text}: write two different values of one kind, such as 1s..1h")
    whole = not found.is_time and not found.unit and all(one.lstrip("+-").isdecimal() for one in texts)
    ends, write = found.values, _writer(found.is_time, found.unit, whole)
    return Range(path.strip(), f"{option} {text}", ends[0], ends[1], write, whole)


def _writer(is_time: bool, unit: str, whole: bool) -> Callable[[float], str]:
    if is_time:
        return lambda number: format_duration(round(number * 10**9))
    if whole:
        return lambda number: f"{number:.0f}"
    return lambda number: f"{number:.6g}{' %' if unit == '%' else unit}"


def find(
    experiment: Named,
    condition: str,
    over: str,
    *,
    share: str = "50 %",
    seeds: int | Sequence[int] = SEEDS_MOST,
    jobs: int = 1,
    cache: bool = True,
) -> Boundary:
    """Where a condition such as `recovery_time <= 5 min` ends to hold between two values (`PATH=A..B`).

    It holds at a value if it does in at least a `share` of all possible runs. Raises SpecError if a file or a
    value is invalid, UsageError if condition or range are none, DefectError if a law is broken.
    """
    said, loaded = read_design(experiment)
    asked, span = condition_of(condition, share), range_of(over, "over")
    return find_boundary(said, loaded, asked, span, seeds=seeds_of(seeds), jobs=jobs, cache=cache)


def find_boundary(
    said: str,
    loaded: Loaded,
    condition: Condition,
    span: Range,
    *,
    seeds: Sequence[int],
    jobs: int = 1,
    cache: bool = True,
    heard: Heard = lambda _number, _record: None,
) -> Boundary:
    """The same, of what was read."""

    def at(value: float) -> Loaded:
        text = span.write(value)
        setting = Setting(span.path, value_of(text, span.place), f"{span.place}, at {text}")
        return loaded.with_settings([setting])

    with Workers(jobs) as crew:
        search = Search(condition, span, at, seeds, crew, cache, heard)
        found = search.boundary(span.first, span.last)
    return search.told(said, *found)
