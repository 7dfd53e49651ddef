"""Whatever is done to a file, it ends in a run or in problems with places: no traceback, no hang, no crash.

More of them: `python -m tests.fuzz 10000 1`, or SIMULATOR_FUZZ=10000 for the test of the middle tier.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from simulator import Loaded
from simulator.language.models.quantities import Model
from tests import tiers
from tests.fuzz import limits
from tests.fuzz.__main__ import main

CASES = int(os.environ.get("SIMULATOR_FUZZ", "1000"))


def test_a_few_spoiled_files_end_well(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(20, 1_000_000) == 0, capfd.readouterr().out


def test_a_few_values_at_their_limits_end_well(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(4, 1_000_000, "limits") == 0, capfd.readouterr().out


def test_every_model_with_numbers_has_an_entry() -> None:
    """What is new is covered once an entry of its model stands in `everything`."""
    loaded = limits.read({})
    assert isinstance(loaded, Loaded), loaded
    held = {type(one).__name__ for one in _models(loaded.experiment)} | {
        type(one).__name__ for one in _models(loaded.topology)
    }
    assert _with_numbers() <= held


def _models(value: Any) -> Iterator[Model]:
    """Every model at or below a value."""
    if isinstance(value, Model):
        yield value
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _models(one)


def _with_numbers(model: type[Model] = Model) -> set[str]:
    """The written models that have a key for a number; those of expectations are made of the measures."""
    below = {name for one in model.__subclasses__() for name in _with_numbers(one)}
    is_ours = model.__module__.startswith("simulator.")  # not one that another test has made
    is_written = is_ours and "expectations" not in model.__module__ and not model.__subclasses__()
    return below | ({model.__name__} if is_written and limits.numeric_keys(model) else set())


@pytest.mark.parametrize("eighth", tiers.tiered(range(8), 0, 2))
def test_every_value_at_its_limits_ends_well_alone_and_together(
    eighth: int, capfd: pytest.CaptureFixture[str]
) -> None:
    cases = len(limits.limits()) + 200
    first, behind = cases * eighth // 8, cases * (eighth + 1) // 8
    assert main(behind - first, first, "limits") == 0, capfd.readouterr().out


@pytest.mark.middle
def test_many_spoiled_files_end_well(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(CASES, 1) == 0, capfd.readouterr().out
