"""Kernels as Numba compiles them, and an entry's machine code, for any processor of a level."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numba
from llvmlite import binding, ir
from llvmlite.binding import Linkage
from numba import types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target

from simulator.kernels.calling import can_return
from simulator.kernels.kinds import PART, Signature
from simulator.kernels.libraries import SYMBOL, Code
from simulator.kernels.processors import level
from simulator.kernels.translation import bits as bits
from simulator.kernels.translation.arrays import ArrayInBlock
from simulator.kernels.translation.blocks import numba_type
from simulator.kernels.translation.hooks import KERNELS, compiling_as
from simulator.kernels.underway import COMPILATION

_DESTRUCTOR = "NRT_MemInfo_call_dtor"
_RUNTIMES = ("Py", "_Py", "NRT_", "numba_", "_ZN5numba")
"""How the names of functions begin that a kernel must not need."""


def type_of(kernel: Any) -> Any:
    """The type of a kernel that another one names."""
    return types.Dispatcher(_part(kernel))


@cache
def _part(kernel: Any) -> Any:
    return _dispatcher(kernel, PART)


def machine_code(entry: Any, signature: Signature) -> Code:
    """Compile an entry, with all that it reaches, for arguments of these types."""
    with global_compiler_lock:
        return _code_of(entry, _compiled(entry, signature))


def _compiled(entry: Any, signature: Signature) -> Any:
    wanted = tuple(map(numba_type, signature))
    dispatcher = _dispatcher(entry, entry.role)
    dispatcher.compile(wanted)
    return dispatcher.overloads[wanted]


def _dispatcher(kernel: Any, role: str) -> Any:
    made = numba.njit(kernel.py_func, no_cpython_wrapper=True, no_cfunc_wrapper=True)
    return _as(role, _for_any_number(made), kernel)


def _for_any_number(dispatcher: Any) -> Any:
    """Have one version serve all constants and columns; Numba would compile a kernel anew for each."""
    resolve = dispatcher.get_call_template

    def get_call_template(args: Any, kws: Any) -> Any:
        plain = {name: _plain(kind) for name, kind in kws.items()}
        return resolve(tuple(map(_plain, args)), plain)

    dispatcher.get_call_template = get_call_template
    return dispatcher


def _plain(kind: Any) -> Any:
    return kind.by_itself if isinstance(kind, ArrayInBlock) else types.unliteral(kind)


def _as(role: str, dispatcher: Any, kernel: Any) -> Any:
    """Have a kernel compiled as an entry, or as a part that only entries contain."""
    compile_for = dispatcher.compile

    def compile_once(signature: Any) -> Any:
        if signature in dispatcher.overloads:
            return compile_for(signature)
        with COMPILATION.together(), _no_garbage(), _for_the_level(), compiling_as(role):
            code = compile_for(signature)
            kernel.translated = kernel.translated or role == PART
            KERNELS[dispatcher.overloads[signature].fndesc.llvm_func_name] = kernel.py_func
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


# the processor


@contextmanager
def _for_the_level() -> Iterator[None]:
    """Have LLVM optimize for all processors of the level, not for the one at hand."""
    generator = cpu_target.target_context.codegen()
    ours, generator._tm = generator._tm, _target_machine()
    try:
        yield
    finally:
        generator._tm = ours


@cache
def _target_machine() -> Any:
    target = binding.Target.from_triple(binding.get_process_triple())
    return target.create_target_machine(
        cpu=level(), features="", opt=int(numba.config.OPT), reloc="pic", codemodel="default"
    )


# the object


def _code_of(entry: Any, compiled: Any) -> Code:
    """The object of what Numba has compiled: one function to be called, and nothing that others see."""
    library = compiled.library
    if library.has_dynamic_globals:  # addresses of this process, of no use to others
        raise TypeError(f"{entry.py_func.__name__} has a global array that is too large")
    returns = _returned(compiled.signature.return_type)
    if not can_return(returns):
        raise TypeError(f"{entry.py_func.__name__} returns {compiled.signature.return_type}")
    module = library._final_module
    for function in [one for one in module.functions if not one.is_declaration]:
        if function.name == compiled.fndesc.llvm_func_name:
            function.name = SYMBOL
        else:
            function.linkage = Linkage.internal
    _without_runtime(module)
    _check_runtime(entry, module)
    return Code(returns, _target_machine().emit_object(module))


def _returned(kind: Any) -> str:
    if isinstance(kind, types.BaseTuple):
        return "".join(f"{types.unliteral(one)}," for one in kind.types)
    return str(types.unliteral(kind))


def _without_runtime(module: Any) -> None:
    """Numba counts references to arrays, and calls a destructor after the last; no array of ours has any."""
    if any(one.name == _DESTRUCTOR and one.is_declaration for one in module.functions):
        module.link_in(binding.parse_assembly(_empty(_DESTRUCTOR)))


def _check_runtime(entry: Any, module: Any) -> None:
    """Machine code is loaded where neither Numba nor its runtime is, and knows nothing of Python."""
    foreign = [one.name for one in module.functions if one.is_declaration and one.name.startswith(_RUNTIMES)]
    if foreign:
        raise TypeError(f"{entry.__name__} needs {', '.join(foreign)}")


def _empty(name: str) -> str:
    """A function of an address that does nothing."""
    module = ir.Module()
    pointer = ir.IntType(8).as_pointer()
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [pointer]), name)
    ir.IRBuilder(function.append_basic_block()).ret_void()
    return str(module)
