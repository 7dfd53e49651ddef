"""A key covers all that machine code depends on, and nothing else."""

import types

import numba
import pytest

from simulator.data_plane.loop import advance
from simulator.kernels.keys import digest_of, reached_by
from tests.kernels.copies import Copy

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")


@pytest.fixture
def before(copy: Copy) -> dict[str, str]:
    return copy.digests()


def changed(copy: Copy, before: dict[str, str]) -> set[str]:
    """The entries whose key is another after an edit."""
    return {name for name, digest in copy.digests().items() if digest != before[name]}


def test_a_constant_of_another_room_changes_the_entries_that_reach_it(
    copy: Copy, before: dict[str, str]
) -> None:
    copy.edit("boundary/kinds.py", "LAMBDA = 2", "LAMBDA = 3")
    copy.edit("boundary/kinds.py", "NODES = 3", "NODES = 2")
    edited = changed(copy, before)
    assert "advance" in edited
    assert not edited & {"words", "sample", "settle_all"}


def test_a_kernel_changes_the_entries_that_reach_it(copy: Copy, before: dict[str, str]) -> None:
    copy.edit("data_plane/stores/versions.py", "marked += counts", "marked -= counts")
    assert changed(copy, before) == {"mark_at_risk"}


def test_what_stands_in_for_a_function_when_it_is_compiled_is_covered(
    copy: Copy, before: dict[str, str]
) -> None:
    copy.edit(
        "kernels/translation/bits.py", "lambda a, b: lambda a, b: a + b", "lambda a, b: lambda a, b: b + a"
    )
    assert {"words", "uniform_of", "advance"} <= changed(copy, before)


def test_comments_docstrings_and_files_without_kernels_change_nothing(
    copy: Copy, before: dict[str, str]
) -> None:
    copy.edit("data_plane/plane.py", "_TRACE_ROWS = 65_536", "_TRACE_ROWS = 65_535")
    copy.edit("boundary/kinds.py", "# kinds of step", "# what a step may be")
    copy.edit(
        "data_plane/queue.py",
        '"""Put an event where it belongs between place i and the top."""',
        '"""Let an event rise to its place."""',
    )
    assert changed(copy, before) == set()


def of(**names: object) -> str:
    """The digest of a kernel `f` that returns the global `x`."""
    here = {"__name__": __name__} | names
    function = types.FunctionType((lambda: x).__code__, here, "f")  # type: ignore[name-defined]  # noqa: F821
    return digest_of(numba.njit(function))


@pytest.mark.parametrize(
    ("one", "other"), [(1, 2), (1, 1.0), (1, True), ((1, 2), (1, 3)), ("a", "b"), (0.0, -0.0)]
)
def test_values_of_globals_are_told_apart(one: object, other: object) -> None:
    assert of(x=one) == of(x=one)
    assert of(x=one) != of(x=other)


def test_what_a_key_cannot_describe_is_refused() -> None:
    with pytest.raises(TypeError, match=r"kernel .*: it names \{\}, of which the key"):
        of(x={})


def test_an_entry_reaches_kernels_of_all_wings() -> None:
    wings = {kernel.py_func.__module__.split(".")[2] for kernel in reached_by(advance)}
    assert {"queue", "clients", "way", "work", "stores", "draws"} <= wings
