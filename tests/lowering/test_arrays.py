"""Every array of a plan has the shape and type with which it is declared."""

from pathlib import Path

import numpy as np
import pytest

from simulator.boundary.fields import NUMBER, fields_of
from simulator.language.files import read_experiment
from simulator.lowering.whole import lower
from simulator.plan.lowered import DataPlan
from tests.data_plane.test_memory import drawn

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "experiments").glob("*.yaml"))


def assert_as_declared(plan: DataPlan) -> None:
    for field in fields_of(DataPlan):
        value = getattr(plan, field.name)
        if field.axes == (NUMBER,):
            assert isinstance(value, int | float), field.name
            assert isinstance(value, float) == (field.dtype is np.float64), field.name
        else:
            assert value.shape == field.shape(plan), field.name
            assert value.dtype == field.dtype, field.name


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.stem))
def test_the_plan_of_every_shipped_experiment_is_as_declared(file: Path) -> None:
    loaded = read_experiment(file)
    assert_as_declared(lower(loaded.experiment, loaded.topology, 1).data)


@pytest.mark.parametrize(("regions", "names"), [(1, 1), (2, 3), (4, 2)])
def test_the_plan_of_a_small_system_is_as_declared(regions: int, names: int) -> None:
    assert_as_declared(drawn(regions, names).data)
