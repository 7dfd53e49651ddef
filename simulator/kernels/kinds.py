"""What kernels are given, described without the compiler: numbers, arrays by themselves, and blocks.

Running what was compiled takes no more than this; only `simulator.kernels.translation` imports Numba.
"""

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeAlias

from simulator.records import dataclass

CHECKS_BOUNDS = os.environ.get("SIMULATOR_BOUNDS_CHECK", "") not in ("", "0")
"""Whether kernels look for indices outside arrays."""

PART, ENTRY, HOT = "part", "entry", "hot entry"
"""What a kernel is compiled as: within others; for calls from Python; as one where a run spends its time."""


@dataclass(frozen=True)
class Number:
    """A number of eight bytes. `int64[:, ::1]` is an array of them, as Numba writes it."""

    name: str

    def __getitem__(self, axes: slice | tuple[slice, ...]) -> "Array":
        return Array(self.name, len(axes) if isinstance(axes, tuple) else 1)

    def __str__(self) -> str:
        return self.name


int64, float64, uint64 = Number("int64"), Number("float64"), Number("uint64")


@dataclass(frozen=True)
class Array:
    """An array by itself whose elements stand side by side; kernels may take rows of it."""

    dtype: str
    ndim: int

    def __str__(self) -> str:
        return f"{self.dtype}{self.ndim * '[]'}"


NO_COLUMN, MOVABLE = -2, -1
"""Of `BlockArray.column`."""


@dataclass(frozen=True)
class BlockArray:
    """An array in a block: of what, how many axes, and whether elements stand side by side.

    Its words in the block are its data address, its shape, and the bytes from one row to the next. Within a
    row elements stand side by side. Whole numbers that are stored in fewer than 64 bits have 64 in kernels.
    `name` is that of the array in a build with bounds checks, else empty: kernels are compiled once for all
    arrays of a type.

    `column`: it is one of several whose rows are those of the block's first field, which is `rows`. So the
    place of a row is reckoned once for all of them. It is the bytes from a row's begin to the array's
    elements, MOVABLE if another block of the type may have them elsewhere, and NO_COLUMN for all others.
    """

    dtype: str
    ndim: int
    packed: bool
    name: str = ""
    column: int = NO_COLUMN

    @property
    def words(self) -> int:
        """How many words of the block it takes."""
        return 2 + self.ndim

    def __str__(self) -> str:
        return f"BlockArray({self.dtype}, {self.ndim}, {self.packed}, {self.name}, {self.column})"


class BlockType:
    """The type of a block: the names and types of its fields, in order. See `block_type`.

    Its name is a digest of them: Numba writes it into the symbol of every function that takes a block, over
    and over, and the fields in full are most of the code that LLVM would have to read.
    """

    def __init__(self, kind: str, fields: tuple[tuple[str, Any], ...]) -> None:
        self.types = dict(fields)
        self.offsets: dict[str, int] = {}
        self.words = 0
        for name, of_field in fields:
            self.offsets[name] = self.words
            self.words += of_field.words if isinstance(of_field, BlockArray) else 1
        described = ", ".join(f"{name}: {of_field}" for name, of_field in fields)
        self.name = f"{kind}_{hashlib.sha256(described.encode()).hexdigest()[:16]}"

    def __str__(self) -> str:
        return self.name


@cache
def block_type(kind: str, fields: tuple[tuple[str, Any], ...]) -> BlockType:
    """The one type of all blocks of a kind with such fields."""
    return BlockType(kind, fields)


Kind: TypeAlias = str | type | Number | Array
"""An argument of an entry: the name of a kind of block, `int`, `float`, another number, or an array."""

Signature: TypeAlias = tuple[Number | Array | BlockType, ...]
"""The types of the arguments for which an entry is compiled."""

_PLAIN: dict[Any, Number] = {int: int64, float: float64}


def plain_kind(kind: Kind) -> str | Number | Array:
    """A kind of argument in one spelling; TypeError if there is no such kind."""
    found = _PLAIN.get(kind, kind)
    if isinstance(found, str | Number | Array):
        return found
    raise TypeError("an entry says of which kinds its arguments are: @entry(int, float)")


def described(signature: Signature) -> str:
    """A signature as text that differs if the machine code does."""
    return ", ".join(_texts(signature))


def _texts(signature: Signature) -> Iterator[str]:
    for one in signature:
        yield str(one)
