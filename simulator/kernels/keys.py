"""What the machine code of an entry depends on, as a digest: its key in the cache.

Numba writes the globals that a kernel reads into its machine code, and the code of the kernels that it calls.
So the key covers, for every kernel that an entry reaches, its byte code and the value of every global that it
names, wherever that comes from; the sources of what translates kernels; and how often their lines run, as it
was counted. It covers nothing else: neither comments nor docstrings of kernels, nor files in which no kernel
is. A kernel may name nothing of which the key would know nothing: that is a TypeError, not stale code. The
compiler is not asked, and not imported.
"""

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from simulator.kernels.kinds import CHECKS_BOUNDS, Number
from simulator.kernels.processors import level
from simulator.kernels.profile import PROFILE, name_of
from simulator.kernels.remembered import REMEMBERED

_ROOM = Path(__file__).parent
_STAND_INS = (_ROOM / "bits.py", _ROOM / "translation" / "bits.py")
"""The functions that kernels may call although they are none, and what stands in for them."""

_OPTIONS = (
    "OPT",
    "LOOP_VECTORIZE",
    "SLP_VECTORIZE",
    "LLVM_REFPRUNE_PASS",
    "LLVM_REFPRUNE_FLAGS",
    "BOUNDSCHECK",
    "DEBUGINFO",
)
"""Numba's settings that decide what machine code a kernel becomes, as environment variables."""

COMPILERS = ("numba", "llvmlite", "numpy")
"""Whose versions tell apart what was compiled here; what was shipped serves with any of them."""


def key_of(entry: Any, signature: str) -> str:
    """The key of an entry compiled for argument types, as 32 hexadecimal digits, and that of the compilers.

    Raises TypeError if a kernel names something of which the key would know nothing.
    """
    kernels = REMEMBERED.of_function(entry.py_func, lambda: digest_of(entry))
    own = [kernels, entry.role, signature, _environment()]
    return f"{_digest(own)}-{_digest([_compilers()])[:8]}"


@cache
def _compilers() -> str:
    """The versions of the compilers, of which importing tells nothing more than what is installed."""
    return REMEMBERED.of("compilers", lambda: ", ".join(map(_version, COMPILERS)))


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


@cache
def digest_of(entry: Any) -> str:
    """A digest of all kernels that an entry reaches."""
    return _digest(sorted(_own_digest(each) for each in reached_by(entry)))


def reached_by(*entries: Any) -> list[Any]:
    """The kernels that entries call, directly or not, and the entries themselves."""
    return [*dict.fromkeys([*entries, *called_by(*entries)])]


def called_by(*entries: Any) -> list[Any]:
    """The kernels that entries call, directly or not."""
    found: dict[Any, None] = {}
    left = list(entries)
    while left:
        fresh = [callee for callee in _callees(left.pop()) if callee not in found]
        found |= dict.fromkeys(fresh)
        left += fresh
    return [*found]


@cache
def _environment() -> str:
    """What decides about all machine code: the platform, settings, what translates kernels, their profile."""
    platform = (
        sys.implementation.cache_tag,
        getattr(sys.implementation, "_multiarch", sys.platform),
        _machine(),
        level(),
    )
    options = [os.environ.get(f"NUMBA_{name}") for name in _OPTIONS]
    settings = Path(".numba_config.yaml")
    given = settings.read_bytes() if settings.is_file() else b""
    translators = [path.read_text(encoding="utf-8") for path in sorted((_ROOM / "translation").glob("*.py"))]
    kinds = (_ROOM / "kinds.py").read_text(encoding="utf-8")
    told = [kinds, *translators, PROFILE.read_text(encoding="utf-8")]
    return _digest([repr(platform), repr(options), repr(given), repr(CHECKS_BOUNDS), *told])


def _machine() -> str:
    return os.uname().machine if hasattr(os, "uname") else os.environ.get("PROCESSOR_ARCHITECTURE", "")


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
        raise TypeError(f"kernel {name_of(function)}: {error}") from None
    return _digest([name_of(function), *_code(function.__code__, function.__doc__), *values])


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
    if isinstance(value, np.generic):
        return f"{value.dtype.str} {value.tobytes().hex()}"
    if isinstance(value, Number):  # kernels cannot use it: an attribute has its name
        return str(value)
    if value is None or isinstance(value, bool | int | float | complex | str):
        return f"{type(value).__name__} {value!r}"
    if isinstance(value, tuple):
        return f"({', '.join(_description(each, package) for each in value)})"
    if isinstance(value, np.ndarray):
        return f"{value.dtype.str} {value.shape} {value.tobytes().hex()}"
    if _is_kernel(value):
        return f"kernel {name_of(value.py_func)}"
    home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    if isinstance(home, str) and home.partition(".")[0] != package:
        return f"{home} {getattr(value, '__qualname__', '')}"  # another's: its version stands for it
    if home == f"{__package__}.bits":  # with what stands in for it when it is compiled
        return f"{name_of(value)} {_digest(path.read_text(encoding='utf-8') for path in _STAND_INS)}"
    raise TypeError(f"it names {value!r}, of which the key of its machine code would know nothing")
