"""How kernels are compiled and kept.

A kernel is a free function over numbers, arrays and blocks. One that Python calls is an *entry*: its machine
code, with that of all kernels that it reaches, is kept in the cache, under a key of all that it depends on.
Declaring kernels and running what was compiled need no compiler: Numba is imported once one has to be
compiled, which takes longer than all of a small run.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import update_wrapper
from pathlib import Path
from typing import Any, TypeVar, cast

from simulator.kernels import places
from simulator.kernels.blocks import Block
from simulator.kernels.calling import called
from simulator.kernels.keys import key_of
from simulator.kernels.kinds import (
    ENTRY,
    HOT,
    PART,
    BlockType,
    Kind,
    Signature,
    described,
    plain_kind,
)
from simulator.kernels.libraries import Code, UnusableError, function_of
from simulator.kernels.progress import watcher
from simulator.kernels.underway import COMPILATION

F = TypeVar("F", bound=Callable[..., Any])

_ENTRIES: list["Entry"] = []
_WARM = set[Any]()
"""For which kinds of blocks, and where, every entry has been found or compiled."""


def compiles() -> bool:
    """Tell whether kernels are compiled: not while NUMBA_DISABLE_JIT is set, as Numba has it."""
    if "numba" in sys.modules or Path(".numba_config.yaml").exists():
        import numba

        return not numba.config.DISABLE_JIT
    try:
        return not int(os.environ.get("NUMBA_DISABLE_JIT", "0"))
    except ValueError:
        return True


class Kernel:
    """A function that other kernels call, compiled as a part of them."""

    role = PART
    translated = False
    """Whether Numba has compiled it in this process."""

    __name__: str

    def __init__(self, function: Callable[..., Any]) -> None:
        self.py_func = function
        update_wrapper(self, function)

    @property
    def _numba_type_(self) -> Any:
        """What Numba asks of a global that a kernel names."""
        from simulator.kernels.translation.parts import type_of

        return type_of(self)

    def __call__(self, *_arguments: Any) -> Any:
        """Refuse: it has no machine code of its own."""
        raise TypeError(f"{self.__name__} is called by kernels alone; Python calls entries")


class Entry(Kernel):
    """A kernel that Python calls too: each call goes to the machine code for the types of its blocks."""

    def __init__(self, function: Callable[..., Any], kinds: tuple[Kind, ...], role: str = ENTRY) -> None:
        super().__init__(function)
        self.kinds, self.role = tuple(map(plain_kind, kinds)), role
        self._blocks_at = [place for place, kind in enumerate(self.kinds) if isinstance(kind, str)]
        self._ready: dict[tuple[BlockType, ...], Callable[..., Any]] = {}

    def __call__(self, *arguments: Any) -> Any:
        """Call its machine code, which is loaded, or else compiled, before the first time."""
        if len(arguments) != len(self.kinds):
            raise TypeError(f"{self.__name__} takes {len(self.kinds)} arguments, not {len(arguments)}")
        try:
            blocks = tuple([arguments[place].block_type for place in self._blocks_at])
        except AttributeError:
            raise TypeError(f"{self.__name__} needs a block for each of {self.kinds}") from None
        if blocks not in self._ready:
            self._ready[blocks] = _loaded(self, self._signature(blocks))
        return self._ready[blocks](*arguments)

    @property
    def signatures(self) -> list[Signature]:
        """The types of arguments with which it has been called."""
        return [self._signature(blocks) for blocks in self._ready]

    def _signature(self, blocks: tuple[BlockType, ...]) -> Signature:
        """The types of its arguments if those of its blocks are these, in order."""
        left = iter(blocks)
        return tuple(next(left) if isinstance(kind, str) else kind for kind in self.kinds)

    def signature_for(self, blocks: dict[str, BlockType]) -> Signature | None:
        """The types of its arguments, if those of blocks are these; None if a kind is not among them."""
        found = [blocks.get(kind) if isinstance(kind, str) else kind for kind in self.kinds]
        return None if None in found else cast(Signature, tuple(found))

    def file_for(self, signature: Signature) -> str:
        """The name of the file of its machine code: for people, and the key."""
        label = f"{self.py_func.__module__.rpartition('.')[2]}.{self.py_func.__name__}"
        return f"{label}-{key_of(self, described(signature))}"


def kernel(function: F) -> F:
    """Compile a free function over arrays, without the interpreter; for use by other kernels."""
    return cast(F, Kernel(function)) if compiles() else function


def entry(*kinds: Kind, hot: bool = False) -> Callable[[F], F]:
    """Compile a kernel that Python calls too, with arguments of these kinds; its machine code is kept.

    `hot`: a run spends its time there, so LLVM is told how often each kernel and each line of it runs
    (`simulator.kernels.profile`).
    """
    plain = tuple(map(plain_kind, kinds))

    def decorated(function: F) -> F:
        if not compiles():
            return function
        made = Entry(function, plain, HOT if hot else ENTRY)
        _ENTRIES.append(made)
        return cast(F, made)

    return decorated


def together() -> AbstractContextManager[None]:
    """What is missing meanwhile is compiled as one: by one process, with one beginning and one end."""
    return COMPILATION.together()


# the cache


def _loaded(entry: Entry, signature: Signature) -> Callable[..., Any]:
    """The machine code of an entry as a function of Python's; it is compiled if it has to be."""
    name = entry.file_for(signature)
    try:
        found = places.load(name)
    except UnusableError:
        found = None
    if found is None:
        with COMPILATION.together():
            found = _look_again(name) or _compiled(entry, signature, name)
    return called(*found, signature)


def _look_again(name: str) -> tuple[Any, str] | None:
    """Once no other process compiles; whatever is still missing has to be compiled."""
    COMPILATION.alone()
    try:
        return places.load(name)
    except UnusableError as error:
        watcher().say(f"{error}; it is compiled anew.")
        return None


def _compiled(entry: Entry, signature: Signature, name: str) -> tuple[Any, str]:
    """Compile an entry, and keep it if that can be done."""
    code = _compile(entry, signature, name)
    try:
        return places.load(name) or (function_of(code), code.returns)
    except UnusableError:  # the very file that was written: a place from which nothing can be loaded
        return function_of(code), code.returns


def _compile(entry: Entry, signature: Signature, name: str) -> Code:
    from simulator.kernels.translation.parts import machine_code

    COMPILATION.expect([entry])
    code = machine_code(entry, signature)
    COMPILATION.keep(name, code)
    return code


# ahead


def entries() -> list[Entry]:
    """Every entry so far."""
    return [*_ENTRIES]


def warm_up(blocks: Iterable[Block]) -> None:
    """Compile every entry that is not in the cache, for the types of these blocks and all blocks in them.

    So nothing is compiled in the middle of a run. Takes a moment if nothing is missing. An entry that takes
    a kind of block that is not among them is left alone.
    """
    if not compiles():
        return
    kinds = dict(_kinds_in(blocks))
    warm = (frozenset(kinds.items()), len(_ENTRIES), *places.places())
    if warm in _WARM:
        return
    wanted = [*_signatures(kinds)]
    if any(_is_missing(*one) for one in wanted):
        _compile_missing(wanted)
    _WARM.add(warm)


def _compile_missing(wanted: list[tuple[Entry, Signature]]) -> None:
    with COMPILATION.together():
        COMPILATION.alone()
        missing = [one for one in wanted if _is_missing(*one)]
        COMPILATION.expect(entry for entry, _ in missing)
        for entry, signature in missing:
            _compile(entry, signature, entry.file_for(signature))


def _kinds_in(blocks: Iterable[Block]) -> Iterator[tuple[str, BlockType]]:
    for block in blocks:
        yield block.kind, block.block_type
        yield from _kinds_in(value for value in vars(block).values() if isinstance(value, Block))


def _signatures(blocks: dict[str, BlockType]) -> Iterator[tuple[Entry, Signature]]:
    for one in _ENTRIES:
        if (signature := one.signature_for(blocks)) is not None:
            yield one, signature


def _is_missing(entry: Entry, signature: Signature) -> bool:
    return not places.has(entry.file_for(signature))
