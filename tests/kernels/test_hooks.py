"""What this package takes hold of in Numba is there, in the version that is installed."""

import numba
import pytest
from numba.core.compiler import CompileResult
from numba.core.dispatcher import Dispatcher

from simulator.kernels import hooks
from simulator.kernels.compiling import entry, kernel

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")


@pytest.mark.parametrize(("owner", "name"), hooks.HOOKED, ids=[name for _, name in hooks.HOOKED])
def test_a_hook_has_found_its_target(owner: object, name: str) -> None:
    assert getattr(owner, name).__module__ == hooks.__name__


@pytest.mark.parametrize("name", ["compile", "get_call_template"])
def test_a_kernel_takes_the_place_of_a_method(name: str) -> None:
    assert callable(getattr(Dispatcher, name))
    assert name in vars(kernel(lambda x: x))


def test_an_entry_takes_the_place_of_the_cache() -> None:
    assert hasattr(numba.njit(lambda x: x), "_cache")
    assert all(hasattr(CompileResult, name) for name in ("_reduce", "_rebuild"))


@kernel
def _twice(x):  # type: ignore[no-untyped-def]
    return 2 * x


@entry(int)
def _four_times(x):  # type: ignore[no-untyped-def]
    return _twice(_twice(x))


@pytest.mark.parametrize(("role", "bonus"), [(hooks.HOT, True), (hooks.ENTRY, False)])
def test_calls_in_a_hot_entry_have_a_bonus(role: str, bonus: bool) -> None:
    fresh = numba.njit(lambda x: 2 * x)  # which no cache knows
    with hooks.compiling_as(role):
        fresh.compile((numba.types.int64,))
    (compiled,) = fresh.overloads.values()
    assert ("call-threshold-bonus" in str(compiled.library._final_module)) == bonus


def test_a_part_has_no_machine_code_of_its_own_and_is_nobody_elses() -> None:
    assert _four_times(3) == 12
    (compiled,) = _four_times.overloads.values()
    assert "twice" not in "".join(one.name for one in compiled.library.get_defined_functions())
