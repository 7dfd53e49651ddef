"""Which seeds are played in which tier: a few in the quick one, more in the middle one, all in the slow."""

from collections.abc import Iterable, Sequence
from itertools import cycle, product
from typing import Any

import pytest


def seeds(quick: int, middle: int = 6, every: int = 20) -> pytest.MarkDecorator:
    """Parametrize a test by `seed`, from 1: up to `quick`, up to `middle`, and up to `every`."""
    return pytest.mark.parametrize("seed", tiered(range(1, every + 1), quick, middle))


def tiered(values: Sequence[Any], quick: int, middle: int) -> list[Any]:
    """The first `quick` for the quick tier, those up to `middle` for the middle one, others for the slow.

    A tuple is the values of several arguments.
    """
    return [
        *values[:quick],
        *(_marked(value, pytest.mark.middle) for value in values[quick:middle]),
        *(_marked(value, pytest.mark.slow) for value in values[middle:]),
    ]


def _marked(value: Any, mark: pytest.MarkDecorator) -> Any:
    return pytest.param(*value, marks=mark) if isinstance(value, tuple) else pytest.param(value, marks=mark)


def crossed(columns: Iterable[str], rows: Iterable[str]) -> list[tuple[str, str]]:
    """All pairs of two lists of names: at first each row once, with the columns in turn, then the others."""
    first = list(zip(cycle(columns), rows, strict=False))
    return first + [pair for pair in product(columns, rows) if pair not in first]
