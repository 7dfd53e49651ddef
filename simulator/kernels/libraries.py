"""Machine code as files that the operating system loads: shared libraries, linked where there is a linker.

Where there is none, the object that the compiler makes is loaded by llvmlite: without Numba too, but that
takes a tenth of a second and a hundred megabytes.
"""

import ctypes
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from simulator.records import dataclass

SYMBOL = "entry"
"""The name of the one function that can be called."""

_LINKERS = ("cc", "gcc", "clang")
_LINK = {
    "linux": ["-shared", "-s", "-Wl,--no-undefined", "{object}", "-lm", "-o", "{library}"],
    "darwin": ["-dynamiclib", "{object}", "-o", "{library}"],
}
"""How a compiler of C makes a library, in which nothing may be missing but what libm and libc have."""


@dataclass(frozen=True)
class Code:
    """An entry's machine code: an object of the compiler's, or the file of a shared library made of it."""

    returns: str
    """What its function returns: Numba's names of types, each with a comma behind it if it is a tuple."""
    content: bytes = b""
    library: Path | None = None


class UnusableError(Exception):
    """Machine code that is damaged, or that this machine cannot load."""


def linked(content: bytes, library: Path) -> bool:
    """Make a shared library of an object; tell whether that could be done."""
    if (linker := _linker()) is None:
        return False
    unlinked = library.with_suffix(".o")
    try:
        unlinked.write_bytes(content)
        words = [word.format(object=unlinked, library=library) for word in _LINK[sys.platform]]
        done = subprocess.run([linker, *words], capture_output=True, check=False)
        return done.returncode == 0 and library.is_file()
    finally:
        unlinked.unlink(missing_ok=True)


@cache
def _linker() -> str | None:
    if sys.platform not in _LINK:
        return None
    return next((found for name in _LINKERS if (found := shutil.which(name))), None)


def function_of(code: Code) -> Any:
    """The function in machine code. UnusableError if a library does not fit this machine."""
    if code.library is None:
        return ctypes.PYFUNCTYPE(ctypes.c_int32)(_address_in_object(code.content))
    try:
        return ctypes.PyDLL(str(code.library))[SYMBOL]
    except (OSError, AttributeError) as error:
        raise UnusableError(f"{code.library} cannot be loaded: {error}") from None


_loaded: list[Any] = []
"""What must outlive every call."""


def _address_in_object(content: bytes) -> int:
    """Where the function of an object is, once it is loaded."""
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    machine = binding.Target.from_triple(binding.get_process_triple()).create_target_machine()
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
    engine.add_object_file(binding.ObjectFileRef.from_data(content))
    engine.finalize_object()
    _loaded.append(engine)
    return int(engine.get_function_address(SYMBOL))
