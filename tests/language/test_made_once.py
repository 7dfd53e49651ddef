"""What nearly every section has in many places is made ready once."""

import pytest
from pydantic import BaseModel

from simulator.language.models.faults.base import AnyTime, Flapping
from simulator.language.models.quantities import Exponential, LogNormal, Uniform


@pytest.mark.parametrize("model", [LogNormal, Exponential, Uniform, AnyTime, Flapping])
def test_it_is_ready_before_anybody_asks(model: type[BaseModel]) -> None:
    assert model.__pydantic_complete__
