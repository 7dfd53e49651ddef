"""Where the compilation of kernels takes hold of Numba, because Numba has no option for it.

Numba optimizes each function together with all that it calls, at every level of calls again, and makes
machine code of it. Kernels that only others call are *parts*: they are optimized and made code of within
their *entry*; by themselves it would be in vain, and cost more than half of the compilation. And within an
entry parts are its own, so that LLVM may drop those that it has inlined, and inlines those with one caller.
In a *hot* entry, where a run spends its time, LLVM knows how often each function runs, as it knows of each
branch everywhere which way it mostly goes (`weights.py`). What is left of calls there saves no registers.
A Numba without one of these methods compiles as ever, only longer; a test tells.
"""

import platform
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FunctionType
from typing import Any

from llvmlite.binding import Linkage, llvm_version_info, parse_assembly
from numba.core import event, ir
from numba.core.codegen import CPUCodeLibrary, JITCodeLibrary, JITCPUCodegen
from numba.core.lowering import Lower

from simulator.kernels.kinds import ENTRY, HOT, PART
from simulator.kernels.translation.weights import weigh, with_counts

_SAVES_NOTHING = sys.platform == "linux" and platform.machine() == "x86_64" and llvm_version_info >= (19,)
"""Whether LLVM knows functions here that save no registers for their callers."""

_NAME = r"@(\"[^\"]+\"|[\w.$-]+)"
_OWN = rf"^(define internal )([^@\n]*{_NAME}\()"
_CALL = rf"(\bcall )([^@\n]*{_NAME}\()"

HOOKED = (
    (CPUCodeLibrary, "_optimize_final_module"),
    (JITCPUCodegen, "_add_module"),
    (JITCodeLibrary, "_finalize_specific"),
    (JITCPUCodegen, "set_env"),  # which kernels do not use: they know no Python objects
    (event, "install_timer"),  # each would time every part below it, and those below
    (Lower, "lower_inst"),
)
"""What is left out for parts, and what lowers a branch. Entries are loaded whence they are kept, not here."""

_roles: list[str | None] = [None]
"""What is being compiled, innermost last; None: nothing of ours. Numba compiles under one lock."""

KERNELS: dict[str, FunctionType] = {}
"""Kernels by what LLVM calls them."""


@contextmanager
def compiling_as(role: str) -> Iterator[None]:
    """Compile a part, an entry, or a hot one, meanwhile."""
    _roles.append(role)
    try:
        yield
    finally:
        _roles.pop()


def _left_out_for_parts(step: Callable[..., Any]) -> Callable[..., Any]:
    def hooked(*args: Any) -> Any:
        role = _roles[-1]
        if role == PART and step is install_timer:
            return nullcontext()
        if role == PART or (role in (ENTRY, HOT) and step in loading):
            return None
        if role in (ENTRY, HOT) and step is optimize:
            _make_parts_internal(args[0])
        if role == HOT and step is optimize and _has_kernels(args[0]):
            _tell_what_runs(args[0])
        return step(*args)

    return hooked


def _weighed(step: Callable[..., Any]) -> Callable[..., Any]:
    def hooked(lowered: Any, instruction: Any) -> Any:
        done = step(lowered, instruction)
        if _roles[-1] is not None and isinstance(instruction, ir.Branch):
            weigh(lowered, instruction)
        return done

    return hooked


def _make_parts_internal(library: Any) -> None:
    """What an entry was linked with is nobody else's."""
    for function in library._final_module.functions:
        if function.linkage == Linkage.linkonce_odr and not function.is_declaration:
            function.linkage = Linkage.internal


def _has_kernels(library: Any) -> bool:
    """Whether it is the entry's; Numba may have to compile some of its own for it."""
    return any(function.name in KERNELS for function in library._final_module.functions)


def _tell_what_runs(library: Any) -> None:
    """Rewrite a hot entry's module as text, for what llvmlite has no function for."""
    text = with_counts(str(library._final_module), KERNELS)
    library._final_module = parse_assembly(_saving_nothing(text) if _SAVES_NOTHING else text)


def _saving_nothing(text: str) -> str:
    """Have a module's own functions save no registers: most of their callers have nothing in them to keep.

    In an M/M/1 queue one in twelve instructions saved or restored them. A function that is not only called
    by its name, but elsewhere through its address, stays as it is.
    """
    own, calls = (Counter(one[3] for one in re.finditer(each, text, re.MULTILINE)) for each in (_OWN, _CALL))
    mentions = Counter(re.findall(_NAME, text))
    only_called = {name for name in own if own[name] + calls[name] == mentions[name]}

    def changed(found: re.Match[str]) -> str:
        return f"{found[1]}preserve_nonecc {found[2]}" if found[3] in only_called else found[0]

    return re.sub(_CALL, changed, re.sub(_OWN, changed, text, flags=re.MULTILINE))


install_timer = getattr(event, "install_timer", None)
optimize = getattr(CPUCodeLibrary, "_optimize_final_module", None)
loading = [getattr(owner, name, None) for owner, name in HOOKED[1:4]]

for _owner, _name in HOOKED:
    if (_step := getattr(_owner, _name, None)) is not None:
        setattr(_owner, _name, (_weighed if _owner is Lower else _left_out_for_parts)(_step))
