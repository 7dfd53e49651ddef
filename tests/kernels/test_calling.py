"""Calls of machine code from Python: what goes in, what comes out, what is refused and what is raised."""

import numpy as np
import pytest

from simulator.kernels.blocks import Block
from simulator.kernels.compiling import compiles, entry, kernel
from simulator.kernels.kinds import float64, int64, uint64

pytestmark = pytest.mark.skipif(not compiles(), reason="nothing is compiled")


@entry(int, float, uint64)
def everything(i, x, u):  # type: ignore[no-untyped-def]
    return i - 1, x / 2.0, u >> np.uint64(1), i > 0


@entry(float64[:, ::1], int64[::1])
def take(rows, counts):  # type: ignore[no-untyped-def]
    for row in rows:
        for i in range(len(counts)):
            counts[i] += np.int64(row[1])
    rows[1, 0] = len(counts)


@entry(int, int)
def rest(a, b):  # type: ignore[no-untyped-def]
    return a % b


@entry("block", int)
def number_of(block, i):  # type: ignore[no-untyped-def]
    return block.numbers[i]


@kernel
def part(x):  # type: ignore[no-untyped-def]
    return x


def test_numbers_of_all_kinds_go_in_and_come_out_in_a_tuple() -> None:
    given = np.int64(-(2**62)), np.float64(3.0), np.uint64(2**64 - 1)
    assert everything(*given) == (-(2**62) - 1, 1.5, 2**63 - 1, False)
    assert everything(7, 3, 4) == (6, 1.5, 2, True)


def test_arrays_by_themselves_are_read_and_written() -> None:
    rows, counts = np.arange(6.0).reshape(3, 2), np.zeros(4, np.int64)
    assert take(rows, counts) is None
    assert counts.tolist() == 4 * [1 + 3 + 5]
    assert rows[1].tolist() == [4.0, 3.0]


@pytest.mark.parametrize(
    "rows",
    [np.zeros((3, 2), np.int64), np.zeros(3), np.zeros((2, 3)).T, [[1.0, 2.0]], np.broadcast_to(1.0, (2, 2))],
    ids=["of another type", "of fewer axes", "turned", "a list", "not writeable"],
)
def test_an_array_that_does_not_fit_is_refused(rows: object) -> None:
    with pytest.raises(TypeError, match=r"an array of type float64\[\]\[\] is needed"):
        take(rows, np.zeros(1, np.int64))


def test_what_a_kernel_raises_is_raised() -> None:
    assert rest(7, 4) == 3
    with pytest.raises(ZeroDivisionError):
        rest(7, 0)


@pytest.mark.parametrize("arguments", [(7,), (7, 4, 1), (7.5, 4), ("7", 4)])
def test_arguments_that_do_not_fit_are_refused(arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        rest(*arguments)


def test_what_is_no_block_is_refused() -> None:
    assert number_of(Block("block", numbers=np.arange(3)), 2) == 2
    for other in (5, np.arange(3), None):
        with pytest.raises(TypeError, match="number_of needs a block"):
            number_of(other, 2)


def test_python_calls_no_part() -> None:
    with pytest.raises(TypeError, match="part is called by kernels alone"):
        part(1)


def test_kinds_of_arguments_are_said() -> None:
    with pytest.raises(TypeError, match="says of which kinds its arguments are"):
        entry(lambda x: x)  # type: ignore[arg-type]
