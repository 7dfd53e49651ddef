"""Conditions such as `recovery_time <= 5 min`, held against figures of runs."""

import re
from collections.abc import Sequence
from contextlib import suppress
from math import isfinite

from simulator.boundary.measure_terms import Sense, Unit
from simulator.boundary.measures import BY_NAME
from simulator.errors import UsageError
from simulator.explore.cells import Record
from simulator.language.reading.messages import nearest
from simulator.records import dataclass
from simulator.units import parse_duration, parse_share

_CONDITION = re.compile(r"\s*(?P<key>[^<>=]+?)\s*(?P<sign><=|>=|<|>|≤|≥)\s*(?P<bound>[^<>=]+?)\s*\Z")
_SIGNS = {"<=": "at most", "≤": "at most", ">=": "at least", "≥": "at least", "<": "below", ">": "above"}
_EXAMPLE = "write one such as 'recovery_time <= 5 min'"


@dataclass(frozen=True)
class Condition:
    """A bound of a figure, which has to hold in a share of all runs."""

    said: str
    key: str
    at_most: bool
    strictly: bool
    bound: float
    """In the unit of the figure."""
    share: float

    def of(self, record: Record) -> bool | None:
        """Whether it holds in a run; None if the run does not tell."""
        figure = record.figure(self.key)
        if figure is None or figure.low is None or figure.high is None:
            return None
        if self._holds(figure.low) == self._holds(figure.high):
            return self._holds(figure.low)
        return None

    def check(self, records: Sequence[Record]) -> None:
        """Refuse a figure that no run has."""
        if not any(record.figure(self.key) for record in records):
            keys = dict.fromkeys(figure.key for record in records for figure in record.told)
            raise UsageError(f"no run tells a figure '{self.key}'{nearest(self.key, keys)}")

    def _holds(self, value: float) -> bool:
        if value == self.bound:
            return not self.strictly
        return (value < self.bound) == self.at_most


def condition_of(text: str, share: str = "50 %") -> Condition:
    """A condition as it is written; UsageError with the remedy if it is none."""
    found = _CONDITION.match(text)
    if found is None:
        raise UsageError(f"'{text}' is no condition; {_EXAMPLE}")
    key, sign = found["key"], found["sign"]
    bound = _bound(key, found["bound"])
    said = f"{key} {_SIGNS[sign]} {found['bound']}"
    return Condition(said, key, sign in ("<=", "<", "≤"), sign in ("<", ">"), bound, share_of(share))


def share_of(text: str) -> float:
    """A share of all runs as it is written; UsageError with the remedy if it is none."""
    try:
        share = parse_share(text)
    except ValueError as error:
        raise UsageError(f"--in: {error}") from None
    if not 0.0 < share < 1.0:
        raise UsageError(f"--in '{text}' has to lie between 0 % and 100 %: no number of runs shows all")
    return share


def _bound(key: str, text: str) -> float:
    unit = unit_of(key)
    try:
        if unit == "s":
            return parse_duration(text) / 10**9
        return parse_share(text) if unit == "share" else _number(text)
    except ValueError as error:
        raise UsageError(f"the bound of {key}: {error}") from None


def _number(text: str) -> float:
    with suppress(ValueError):
        if isfinite(found := float(text.replace("_", ""))):
            return found
    raise ValueError(f"'{text}' is not a number")


def sense_of(key: str) -> Sense:
    """Which values of a figure are better; UsageError if there is no such figure."""
    unit_of(key)
    return BY_NAME[key.partition("{")[0].partition(".")[0]].better


def unit_of(key: str) -> Unit:
    """The unit of a figure; UsageError if there is no such figure."""
    name, _, part = key.partition("{")[0].partition(".")
    if name not in BY_NAME:
        raise UsageError(f"there is no measure '{name}'{nearest(name, BY_NAME)}")
    parts = {one.name: one.unit for one in BY_NAME[name].parts}
    if part not in parts:
        raise UsageError(f"'{name}' has several figures; write {name}.{' or .'.join(parts)}")
    return parts[part]
