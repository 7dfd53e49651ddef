"""Which seeds are played in which tier: a few in the quick one, more in the middle one, all in the slow."""

from collections.abc import Sequence
from typing import Any

import pytest


def seeds(quick: int, middle: int = 6, every: int = 20) -> pytest.MarkDecorator:
    """Parametrize a test by `seed`, from 1: up to `quick`, up to `middle`, and up to `every`."""
    return pytest.mark.parametrize("seed", tiered(range(1, every + 1), quick, middle))


def tiered(values: Sequence[Any], quick: int, middle: int) -> list[Any]:
    """The first `quick` for the quick tier, those up to `middle` for the middle one, others for the slow."""
    return [
        *values[:quick],
        *(pytest.param(value, marks=pytest.mark.middle) for value in values[quick:middle]),
        *(pytest.param(value, marks=pytest.mark.slow) for value in values[middle:]),
    ]
