"""What the machine code of an entry depends on, as a digest: its key in the cache.

Numba writes the globals that a kernel reads into its machine code, and the code of the kernels that it calls.
So the key covers, for every kernel that an entry reaches, its byte code and the value of every global that it
names, wherever that comes from; and the sources of what translates kernels. It covers nothing else: neither
comments nor docstrings of kernels, nor files in which no kernel is. A kernel may name nothing of which the
key would know nothing: that is a TypeError, not stale code.
"""

import ast
import hashlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import llvmlite
import numba
import numpy as np

_TRANSLATORS = ("arrays", "blocks", "compiling", "hooks")
"""The modules of this room that decide what machine code a kernel becomes."""

_OPTIONS = (
    "OPT",
    "LOOP_VECTORIZE",
    "SLP_VECTORIZE",
    "LLVM_REFPRUNE_PASS",
    "BOUNDSCHECK",
    "DEBUGINFO_DEFAULT",
)
"""Numba's settings that do the same; the processor is told apart by the target's own description."""


def key_of(entry: Any, signature: Any, target: Any) -> str:
    """The key of an entry compiled for argument types, as 32 hexadecimal digits.

    `entry` is a Numba dispatcher, `target` Numba's code generator. Raises TypeError if a kernel names
    something of which the key would know nothing.
    """
    return _digest([digest_of(entry), entry.role, str(signature), _environment(target.magic_tuple())])


@cache
def digest_of(entry: Any) -> str:
    """A digest of all kernels that an entry reaches."""
    return _digest(sorted(_own_digest(each) for each in reached_by(entry)))


def reached_by(*entries: Any) -> list[Any]:
    """The kernels that entries call, directly or not, and the entries themselves."""
    found, left = dict.fromkeys(entries), list(entries)
    while left:
        fresh = [callee for callee in _callees(left.pop()) if callee not in found]
        found |= dict.fromkeys(fresh)
        left += fresh
    return [*found]


@cache
def _environment(target: tuple[Any, ...]) -> str:
    versions = (sys.implementation.cache_tag, numba.__version__, llvmlite.__version__, np.__version__)
    options = [getattr(numba.config, name, None) for name in _OPTIONS]
    translators = [
        (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8") for name in _TRANSLATORS
    ]
    return _digest([repr(versions), repr(target), repr(options), *translators])


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:32]


# one kernel


def _is_kernel(value: Any) -> bool:
    return isinstance(getattr(value, "py_func", None), FunctionType)


@cache
def _globals_of(function: FunctionType) -> list[tuple[str, Any]]:
    """The globals that a function names, and some that only share their name with an attribute."""
    there = function.__globals__
    return [(name, there[name]) for name in sorted(_names(function.__code__)) if name in there]


def _names(code: CodeType) -> set[str]:
    within = [_names(each) for each in code.co_consts if isinstance(each, CodeType)]
    return set(code.co_names).union(*within)


@cache
def _callees(kernel: Any) -> tuple[Any, ...]:
    return tuple(value for _, value in _globals_of(kernel.py_func) if _is_kernel(value))


@cache
def _own_digest(kernel: Any) -> str:
    function = kernel.py_func
    package = function.__module__.partition(".")[0]
    free = [cell.cell_contents for cell in function.__closure__ or ()]
    given = [("default", function.__defaults__), ("closure", tuple(free)), *_globals_of(function)]
    try:
        values = [f"{name} = {_description(value, package)}" for name, value in given]
    except TypeError as error:
        raise TypeError(f"kernel {_full_name(function)}: {error}") from None
    return _digest([_full_name(function), *_code(function.__code__, function.__doc__), *values])


def _full_name(value: Any) -> str:
    return f"{value.__module__}.{getattr(value, '__qualname__', repr(value))}"


def _code(code: CodeType, doc: str | None) -> Iterator[str]:
    """What a function does, without where it stands and what its docstring says."""
    constants = code.co_consts[1:] if doc is not None and code.co_consts[:1] == (doc,) else code.co_consts
    yield repr((code.co_code.hex(), code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars))
    for constant in constants:
        if isinstance(constant, CodeType):
            yield from _code(constant, None)
        else:
            yield f"{type(constant).__name__} {constant!r}"


def _description(value: Any, package: str) -> str:
    """A global as text that differs if its value does; TypeError for what would not."""
    if value is None or isinstance(value, bool | int | float | complex | str | np.generic):
        return f"{type(value).__name__} {value!r}"
    if isinstance(value, tuple):
        return f"({', '.join(_description(each, package) for each in value)})"
    if isinstance(value, np.ndarray):
        return f"{value.dtype.str} {value.shape} {value.tobytes().hex()}"
    if _is_kernel(value):
        return f"kernel {_full_name(value.py_func)}"
    home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    if isinstance(home, str) and home.partition(".")[0] != package:
        return f"{home} {getattr(value, '__qualname__', '')}"  # another's: its version stands for it
    if isinstance(home, str) and callable(value):  # with what stands in for it when it is compiled
        return f"{_full_name(value)} {_digest(map(_tree_digest, _sources_of(home)))}"
    raise TypeError(f"it names {value!r}, of which the key of its machine code would know nothing")


# sources


def _sources_of(module: str) -> list[str]:
    """A module and those of its package that it imports, directly or not, but for the translators' room."""
    found, left = {module}, [module]
    while left:
        tree = _tree(left.pop())
        named = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
        ours = {name for name in named if name.partition(".")[0] == module.partition(".")[0]}
        fresh = {name for name in ours - found if not name.startswith(str(__package__))}
        found |= fresh
        left += fresh
    return sorted(found)


@cache
def _tree(module: str) -> ast.Module:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise TypeError(f"{module} has no source")
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))


@cache
def _tree_digest(module: str) -> str:
    """A digest of a module's source, but for comments and docstrings."""
    tree = _tree(module)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not _is_text(one)]  # type: ignore[attr-defined]
    return _digest([ast.dump(tree)])


def _is_text(node: Any) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
