"""How kernels are compiled and kept.

A kernel is a free function over numbers, arrays and blocks. One that Python calls is an *entry*: its machine
code, with that of all kernels that it reaches, is kept in the cache, under a key of all that it depends on.
"""

import gc
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeAlias, TypeVar, cast

import numba
from numba import types
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from simulator.kernels import places
from simulator.kernels.blocks import Block, BlockType
from simulator.kernels.hooks import ENTRY, HOT, PART, compiling_as
from simulator.kernels.keys import key_of
from simulator.kernels.progress import watcher
from simulator.kernels.underway import COMPILATION

F = TypeVar("F", bound=Callable[..., Any])

Kind: TypeAlias = Any
"""An argument of an entry: the name of a kind of block, `int`, `float`, or a type of Numba's."""

_ENTRIES: list[tuple[Any, tuple[Kind, ...]]] = []


def compiles() -> bool:
    """Tell whether kernels are compiled: not while NUMBA_DISABLE_JIT is set, as Numba has it."""
    return not numba.config.DISABLE_JIT


def kernel(function: F) -> F:
    """Compile a free function over arrays, without the interpreter; for use by other kernels."""
    if not compiles():
        return function
    dispatcher = numba.njit(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)
    return cast(F, _as(PART, _for_any_number(dispatcher)))


def entry(*kinds: Kind, hot: bool = False) -> Callable[[F], F]:
    """Compile a kernel that Python calls too, with arguments of these kinds; its machine code is kept.

    `hot`: a run spends its time there, so what it calls is inlined more freely; that takes longer to compile.
    """

    def decorated(function: F) -> F:
        if not compiles():
            return function
        dispatcher = numba.njit(function, no_cfunc_wrapper=True)
        dispatcher._cache = _KernelCache(dispatcher)
        dispatcher.role = HOT if hot else ENTRY
        _ENTRIES.append((dispatcher, kinds))
        return cast(F, _as(dispatcher.role, _for_any_number(dispatcher)))

    if any(callable(kind) and not isinstance(kind, type | types.Type) for kind in kinds):
        raise TypeError("an entry says of which kinds its arguments are: @entry(int, float)")
    return decorated


def _for_any_number(dispatcher: Any) -> Any:
    """Have one version serve all constants; Numba would compile a kernel anew for each of them."""
    resolve = dispatcher.get_call_template

    def get_call_template(args: Any, kws: Any) -> Any:
        plain = {name: types.unliteral(kind) for name, kind in kws.items()}
        return resolve(tuple(types.unliteral(kind) for kind in args), plain)

    dispatcher.get_call_template = get_call_template
    return dispatcher


def _as(role: str, dispatcher: Any) -> Any:
    """Have a kernel compiled as an entry, or as a part that only entries contain."""
    compile_for = dispatcher.compile

    def compile_once(signature: Any) -> Any:
        if signature in dispatcher.overloads:
            return compile_for(signature)
        with COMPILATION.together(), _no_garbage(), compiling_as(role):
            code = compile_for(signature)
            COMPILATION.one_more()
            return code

    dispatcher.compile = compile_once
    return dispatcher


@contextmanager
def _no_garbage() -> Iterator[None]:
    """What compiling makes stays; searching it for garbage takes a tenth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def together() -> AbstractContextManager[None]:
    """What is missing meanwhile is compiled as one: by one process, with one beginning and one end."""
    return COMPILATION.together()


# the cache


class _KernelCache(_Cache):  # type: ignore[misc]
    """Where Numba looks for the machine code of an entry before it compiles it, and puts it afterwards."""

    def __init__(self, dispatcher: Any) -> None:
        self._dispatcher = dispatcher

    def name(self, signature: Any, target: Any) -> str:
        """The name of the file: for people, and the key."""
        function = self._dispatcher.py_func
        label = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        return f"{label}-{key_of(self._dispatcher, signature, target)}"

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What was compiled before; None if it has to be compiled."""
        target_context.refresh()
        name = self.name(sig, target_context.codegen())
        try:
            payload = places.read(name)
        except places.DamagedError:
            payload = None
        if payload is None:
            payload = self._look_again(name)
        return None if payload is None else CompileResult._rebuild(target_context, *pickle.loads(payload))

    def _look_again(self, name: str) -> bytes | None:
        """Once no other process compiles; whatever is still missing has to be compiled."""
        COMPILATION.alone()
        try:
            payload = places.read(name)
        except places.DamagedError as error:
            watcher().say(f"{error}; it is compiled anew.")
            payload = None
        if payload is None:
            COMPILATION.expect([self._dispatcher])
        return payload

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled. Code that holds addresses of this process would be of no use to others."""
        if data.library.has_dynamic_globals:
            raise TypeError(f"{self._dispatcher.py_func.__name__} has a global array that is too large")
        COMPILATION.keep(self.name(sig, data.codegen), dumps(data._reduce()))

    @property
    def cache_path(self) -> str:
        """Where the cache is."""
        return str(places.places()[0])

    def enable(self) -> None:
        """Numba's own switch; the cache of kernels is always on."""

    def disable(self) -> None:
        """See `enable`."""

    def flush(self) -> None:
        """See `enable`; a key is never of other code."""


# ahead


def entries() -> list[tuple[Any, tuple[Kind, ...]]]:
    """Every entry so far, and the kinds of its arguments."""
    return [*_ENTRIES]


def warm_up(blocks: Iterable[Block]) -> None:
    """Compile every entry that is not in the cache, for the types of these blocks and all blocks in them.

    So nothing is compiled in the middle of a run. Takes a moment if nothing is missing. An entry that takes
    a kind of block that is not among them is left alone.
    """
    if not compiles():
        return
    wanted = [*_signatures(dict(_kinds_in(blocks)))]
    if not any(_is_missing(*one) for one in wanted):
        return
    with COMPILATION.together():
        COMPILATION.alone()
        missing = [one for one in wanted if _is_missing(*one)]
        COMPILATION.expect(dispatcher for dispatcher, _ in missing)
        for dispatcher, signature in missing:
            dispatcher.compile(signature)


def _kinds_in(blocks: Iterable[Block]) -> Iterator[tuple[str, BlockType]]:
    for block in blocks:
        yield block.kind, block.numba_type
        yield from _kinds_in(value for value in vars(block).values() if isinstance(value, Block))


def _signatures(blocks: dict[str, BlockType]) -> Iterator[tuple[Any, tuple[types.Type, ...]]]:
    plain = {int: types.int64, float: types.float64}
    for dispatcher, kinds in _ENTRIES:
        found = [blocks.get(kind) if isinstance(kind, str) else plain.get(kind, kind) for kind in kinds]
        if None not in found:
            yield dispatcher, tuple(found)


def _is_missing(dispatcher: Any, signature: tuple[types.Type, ...]) -> bool:
    if signature in dispatcher.overloads:
        return False
    return not places.has(dispatcher._cache.name(signature, dispatcher.targetctx.codegen()))
