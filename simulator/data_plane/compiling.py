"""How kernels are compiled and cached.

Numba keys a cached function by its own file only, so a caller would keep the old code of a helper that changed in
another file. The cache therefore lives in a directory named after a hash of every source of this package.
"""

import hashlib
import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])

_PACKAGE = Path(__file__).parent


def _sources_hash() -> str:
    digest = hashlib.sha256(f"{numba.__version__} {platform.machine()}".encode())
    for source in sorted(_PACKAGE.glob("*.py")):
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
    """Compile a free function over arrays, without the interpreter, cached beside its siblings."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(CACHE_DIRECTORY)  # read by Numba while it decorates, so set only meanwhile
    try:
        return numba.njit(cache=True)(function)
    finally:
        numba.config.CACHE_DIR = before
