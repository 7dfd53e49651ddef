"""Where a condition ends to hold: bisection that asks runs until they tell, and says what they do not.

At each value the same users are played, seed by seed, until it is known whether the condition holds in at
least a share of all possible runs (`verdict.gates`), or the seeds are used up. The confidence is divided
among the values that may be tried. Two boundaries are sought: that of what is known to hold, and that of
what is known to fail; what lies between them is not known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import sqrt

from simulator.errors import UsageError
from simulator.explore.cells import Cell, Heard, Record, play_cells
from simulator.explore.comparing.asked import seeds_of
from simulator.explore.comparing.designs import Named, read_design
from simulator.explore.sweeping.conditions import Condition, condition_of
from simulator.explore.workers import Crew, Workers
from simulator.language.files import Loaded
from simulator.language.reading.messages import nearest
from simulator.language.settings import Setting, split_setting, value_of
from simulator.result.boundary import Boundary, State, Tried
from simulator.result.numbers import numbers_of
from simulator.units import format_duration
from simulator.verdict.gates import Gate, looks

SEEDS_MOST = 40
CONFIDENCE = 0.95
_VALUES_MOST = 24
"""Values that are tried at most, among which the confidence is divided."""
_NEAR = 0.01
"""Values that differ by less are one: a share of the larger one."""
_WIDE = 10.0
"""From this ratio on, the middle between two values is the geometric one."""


@dataclass(frozen=True)
class Range:
    """A path, and two values between which one is sought."""

    path: str
    place: str
    """Where it was written."""
    first: float
    last: float
    write: Callable[[float], str]
    """A number as the value that a file would say."""
    whole: bool
    """Whether values are whole numbers."""

    def middle(self, one: float, other: float) -> float | None:
        """A value between two; None if they are next to each other."""
        low, high = sorted((one, other))
        if high - low <= max(_NEAR * high, 1.0 if self.whole else 0.0):
            return None
        middle = sqrt(low * high) if low > 0 and high / low >= _WIDE else (low + high) / 2
        middle = float(round(middle)) if self.whole else float(f"{middle:.3g}")
        return middle if low < middle < high else None


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
    with Workers(jobs) as crew:
        search = _Search(loaded, condition, span, seeds, crew, cache, heard)
        found = search.boundary()
    tried = tuple(search.tried[value] for value in sorted(search.tried, reverse=span.first > span.last))
    write = span.write
    return Boundary(
        said=said,
        condition=condition.said,
        share=condition.share,
        confidence=CONFIDENCE,
        path=span.path,
        tried=tried,
        holds_at=None if found[0] is None else write(found[0]),
        fails_at=None if found[1] is None else write(found[1]),
    )


@dataclass
class _Search:
    loaded: Loaded
    condition: Condition
    span: Range
    seeds: Sequence[int]
    crew: Crew
    cache: bool
    heard: Heard
    tried: dict[float, Tried] = field(default_factory=dict)

    def boundary(self) -> tuple[float | None, float | None]:
        """The last value that holds and the first that fails, each None if it is so at no end."""
        ends = {self._state(value): value for value in (self.span.last, self.span.first)}
        holds, fails = ends.get("holds"), ends.get("fails")
        if holds is None or fails is None:
            return holds, fails
        last = self._edge(holds, fails, "holds")
        known = [value for value, one in self.tried.items() if one.state == "fails"]
        nearest = min(known, key=lambda value: abs(value - last))
        return last, self._edge(nearest, last, "fails")

    def _edge(self, inside: float, outside: float, state: State) -> float:
        """The last value of a state on the way from one that has it to one that has not."""
        while len(self.tried) < _VALUES_MOST and (middle := self.span.middle(inside, outside)) is not None:
            if self._state(middle) == state:
                inside = middle
            else:
                outside = middle
        return inside

    def _state(self, value: float) -> State:
        if value not in self.tried:
            self.tried[value] = self._try(value)
        return self.tried[value].state

    def _try(self, value: float) -> Tried:
        text = self.span.write(value)
        loaded = self.loaded.with_settings(
            [Setting(self.span.path, value_of(text, self.span.place), f"{self.span.place}, at {text}")]
        )
        gate = Gate(self.condition.share, 1.0 - (1.0 - CONFIDENCE) / _VALUES_MOST)
        found: list[Record] = []
        for look in looks(len(self.seeds)):
            cells = [Cell(loaded, seed) for seed in self.seeds[len(found) : look]]
            found += play_cells(cells, cache=self.cache, heard=self.heard, crew=self.crew)
            said = [self.condition.of(record) for record in found]
            met, missed, unknown = (said.count(one) for one in (True, False, None))
            decided = gate.decides(met, missed, unknown)
            if decided != "undecided":
                break
        self._check_known(found)
        states: dict[str, State] = {"met": "holds", "missed": "fails"}
        return Tried(text, states.get(decided, "undecided"), met, missed, unknown)

    def _check_known(self, records: Sequence[Record]) -> None:
        """Refuse a figure that no run has."""
        if not any(record.figure(self.condition.key) for record in records):
            keys = dict.fromkeys(figure.key for record in records for figure in record.figures)
            key = self.condition.key
            raise UsageError(f"no run tells a figure '{key}'{nearest(key, keys)}")
