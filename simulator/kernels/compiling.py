"""How kernels are compiled and cached.

Numba keys a cached function by its own file only, so a caller would keep the old code of a helper that
changed in another file. The cache therefore lives in a directory named after a hash of every source of this
package.
"""

import gc
import hashlib
import os
import platform
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import event
from numba.core.codegen import CPUCodeLibrary, JITCodeLibrary, JITCPUCodegen

F = TypeVar("F", bound=Callable[..., Any])

_PACKAGE = Path(__file__).parent.parent


def _sources_hash() -> str:
    digest = hashlib.sha256(f"{numba.__version__} {platform.machine()}".encode())
    for source in sorted(_PACKAGE.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_home() -> Path:
    """The package's own cache where it may be written, else the user's cache directory."""
    if os.access(_PACKAGE, os.W_OK):
        return _PACKAGE / "__pycache__"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "multiregion-simulator"


CACHE_DIRECTORY = _cache_home() / f"kernels-{_sources_hash()}"


def is_cold() -> bool:
    """Tell whether the kernels must be compiled first (some ten seconds, once per machine and version)."""
    return not numba.config.DISABLE_JIT and not any(CACHE_DIRECTORY.glob("**/*.nbi"))


def kernel(function: F) -> F:
    """Compile a free function over arrays, without the interpreter; for use by other kernels."""
    if numba.config.DISABLE_JIT:
        return function
    dispatcher = numba.njit(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)
    return cast(F, _as_part(_for_any_number(dispatcher), part=True))


def entry(function: F) -> F:
    """Compile a kernel that Python calls too; the machine code is kept in the cache."""
    if numba.config.DISABLE_JIT:
        return function
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(CACHE_DIRECTORY)  # read by Numba while it decorates, so set only meanwhile
    try:
        dispatcher = numba.njit(function, cache=True, no_cfunc_wrapper=True)
    finally:
        numba.config.CACHE_DIR = before
    return cast(F, _as_part(_for_any_number(dispatcher), part=False))


def _for_any_number(dispatcher: Any) -> Any:
    """Numba would compile a kernel anew for each constant that it is called with; one version serves
    them all.
    """
    resolve = dispatcher.get_call_template

    def get_call_template(args: Any, kws: Any) -> Any:
        plain = {name: numba.types.unliteral(kind) for name, kind in kws.items()}
        return resolve(tuple(numba.types.unliteral(kind) for kind in args), plain)

    dispatcher.get_call_template = get_call_template
    return dispatcher


_parts = [False]
"""Whether what is being compiled is only a part of an entry, innermost last. Numba compiles under one
lock.
"""


def _as_part(dispatcher: Any, *, part: bool) -> Any:
    """Have a kernel compiled as an entry, or as a part that only entries contain."""
    compile_for = dispatcher.compile

    def compile_noting(signature: Any) -> Any:
        collects = gc.isenabled()
        gc.disable()  # what compiling makes stays; searching it for garbage takes a tenth of the time
        _parts.append(part)
        try:
            return compile_for(signature)
        finally:
            _parts.pop()
            if collects:
                gc.enable()

    dispatcher.compile = compile_noting
    return dispatcher


def _only_for_entries(owner: Any, name: str, instead: Callable[[], Any] = lambda: None) -> None:
    """Let a step of Numba's compilation be left out for parts. A Numba without the method compiles as
    ever, only longer.
    """
    step = getattr(owner, name, None)
    if step is None:
        return

    def for_entries(*args: Any) -> Any:
        return instead() if _parts[-1] else step(*args)

    setattr(owner, name, for_entries)


def _compile_entries_only() -> None:
    """Numba optimizes each function together with all that it calls, at every level of calls again, and
    makes machine code of it. Parts are optimized and made code of as parts of their entries; by
    themselves it would be in vain, and cost more than half of the compilation. There is no option for
    it, hence these hooks.
    """
    _only_for_entries(CPUCodeLibrary, "_optimize_final_module")
    _only_for_entries(JITCPUCodegen, "_add_module")
    _only_for_entries(JITCodeLibrary, "_finalize_specific")
    _only_for_entries(JITCPUCodegen, "set_env")  # which kernels do not use: they know no Python objects
    _only_for_entries(
        event, "install_timer", nullcontext
    )  # each would time every part below it, and those below


_compile_entries_only()
