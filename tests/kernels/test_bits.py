"""Bits and divisions of whole numbers, in machine code as in Python."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.kernels.bits import quotient, remainder
from simulator.kernels.compiling import entry

WHOLE, POSITIVE = st.integers(0, 2**63 - 1), st.integers(1, 2**63 - 1)


@entry(int, int)
def divided(a, b):  # type: ignore[no-untyped-def]
    return quotient(a, b), remainder(a, b)


@settings(deadline=None)  # it is compiled first
@given(WHOLE, POSITIVE | st.integers(1, 100))
def test_a_division_of_what_is_not_negative_is_pythons(a: int, b: int) -> None:
    assert divided(a, b) == divmod(a, b)


@pytest.mark.parametrize(("a", "b"), [(-1, 10), (1, 0), (1, -10)])
def test_python_tells_of_signs_that_machine_code_would_not_see(a: int, b: int) -> None:
    for divide in (quotient, remainder):
        with pytest.raises(ValueError, match="know of signs"):
            divide(a, b)
