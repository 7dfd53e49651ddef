import numpy as np
import pytest

from simulator.kernels.bits import prefetch
from simulator.kernels.blocks import Block
from simulator.kernels.compiling import compiles, entry, kernel
from simulator.kernels.kinds import MOVABLE


@entry("outer")
def total(block):  # type: ignore[no-untyped-def]
    inner = block.inner
    found = 0.0
    for i in range(len(inner.column)):
        found += inner.column[i] * block.factor + inner.wide[i, 1]
    inner.column[0] = 99
    return found


def block_of(rows: np.ndarray, factor: float = 10.0) -> Block:  # type: ignore[type-arg]
    return Block("outer", inner=Block("inner", column=rows[:, 0], wide=rows[:, 1:3]), factor=factor)


@pytest.mark.parametrize("columns", [3, 5])
def test_a_kernel_reads_and_writes_the_very_arrays(columns: int) -> None:
    rows = np.arange(4 * columns, dtype=np.int64).reshape(4, columns)
    expected = 10.0 * rows[:, 0].sum() + rows[:, 2].sum()
    assert total(block_of(rows)) == expected
    assert rows[0, 0] == 99


def test_an_array_gives_way_to_a_longer_one() -> None:
    block = block_of(np.zeros((2, 3), np.int64))
    block.inner.replace("column", np.ones((6, 3), np.int64)[:, 0])
    block.inner.replace("wide", np.ones((6, 3), np.int64)[:, 1:3])
    assert total(block) == 66.0


@pytest.mark.parametrize("other", [np.zeros(3), np.zeros(3, np.int64), np.zeros((3, 3), np.int64)[:, :2], 7])
def test_but_not_to_one_of_another_type(other: object) -> None:
    block = block_of(np.zeros((2, 3), np.int64))
    with pytest.raises(TypeError, match=r"inner\.column cannot become"):
        block.inner.replace("column", other)


def test_kernels_take_no_array_with_gaps_within_a_row() -> None:
    with pytest.raises(TypeError, match="contiguous arrays, or columns"):
        Block("gaps", array=np.zeros((4, 4), np.int64)[:, ::2])


@entry("narrow", int)
def moved(block, by):  # type: ignore[no-untyped-def]
    """Each number by so much further, and what they would be as whole numbers of 64 bits."""
    for i in range(len(block.bytes)):
        block.bytes[i] += by
        block.words[i] = (block.bytes[i] << 40) + block.shorts[i, 1]
    return block.bytes[0]


@pytest.mark.parametrize("bits", [8, 16, 32])
def test_narrow_numbers_have_64_bits_in_kernels(bits: int) -> None:
    if not compiles():
        pytest.skip("Python's arithmetic on narrow numbers overflows, so no array is narrow there")
    rows = np.zeros((2, 24), np.uint8)
    narrow = rows[:, : bits // 8].view(f"i{bits // 8}")[:, 0]
    shorts = rows[:, 8:16].view(f"i{bits // 8}")[:, :2]
    narrow[:], shorts[:, 1] = [-100, 100], [7, -7]
    block = Block("narrow", bytes=narrow, shorts=shorts, words=rows[:, 16:].view(np.int64)[:, 0])
    assert moved(block, 1) == -99
    assert narrow.tolist() == [-99, 101]
    assert block.words.tolist() == [(-99 << 40) + 7, (101 << 40) - 7]


@kernel
def sum_of(array):  # type: ignore[no-untyped-def]
    found = 0
    for i in range(len(array)):
        found += array[i]
    return found


@entry("pool", int)
def shifted(pool, which):  # type: ignore[no-untyped-def]
    """Columns by name, as either of two, given to another kernel, and a whole row at once."""
    for i in range(len(pool.first)):
        pool.first[i] += pool.second[i] * pool.wide[i, 1]
    pool.wide[1] = 5
    either = pool.first if which == 1 else pool.second
    return either[0] + 1000 * sum_of(pool.first) + 1_000_000 * sum_of(pool.last)


@pytest.mark.parametrize("gap", [0, 2])
def test_columns_of_the_same_rows_are_arrays_like_others(gap: int) -> None:
    """Wherever the movable ones are: `first` and `second` lie where the type says."""
    rows = np.arange(3 * (5 + gap), dtype=np.int64).reshape(3, 5 + gap).view(np.uint8)
    words = rows.view(np.int64)
    fields = {"first": words[:, 0], "second": words[:, 1], "wide": words[:, 2 + gap : 4 + gap]}
    places = {"first": 0, "second": 8, "wide": MOVABLE, "last": MOVABLE}
    pool = Block("pool", places, rows=rows, **fields, last=words[:, 4 + gap])
    before = words.copy()
    first = before[:, 0] + before[:, 1] * before[:, 3 + gap]
    last = before[:, 4 + gap].sum()
    assert shifted(pool, 1) == first[0] + 1000 * first.sum() + 1_000_000 * last
    assert words[:, 0].tolist() == first.tolist()
    assert words[1, 2 + gap : 4 + gap].tolist() == [5, 5]
    assert shifted(pool, 2) % 1000 == before[0, 1]
    if compiles():
        assert len(shifted.signatures) == 1


@entry("outer")
def first_brought_nearer(block):  # type: ignore[no-untyped-def]
    prefetch(block.inner.column, 0)
    prefetch(block.inner.wide, 1_000_000)  # which is not there
    return block.inner.column[0]


def test_what_comes_nearer_stays_as_it_is() -> None:
    rows = np.arange(12, dtype=np.int64).reshape(4, 3)
    assert first_brought_nearer(block_of(rows)) == 0
    assert (rows == np.arange(12).reshape(4, 3)).all()


def test_columns_need_their_rows_first() -> None:
    rows = np.zeros((2, 16), np.uint8)
    with pytest.raises(TypeError, match="first field"):
        Block("pool", {"one": 0}, one=rows.view(np.int64)[:, 0], rows=rows)
