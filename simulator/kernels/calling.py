"""Calls of machine code from Python, by the calling convention of Numba's functions.

A function is given the address of its result, the address at which it puts that of an exception, and its
arguments; it returns zero if all went well. Numbers and addresses of blocks are words; an array by itself is
two references to owners, here none, then its size, the bytes of an element, its data, its shape and strides.
See `numba.core.callconv.CPUCallConv`.
"""

import ctypes
import pickle
from collections.abc import Callable, Iterator
from operator import index
from typing import Any, NoReturn

import numpy as np

from simulator.kernels.kinds import Array, BlockType, Number, Signature

_NUMBERS: dict[str, Any] = {
    "int64": ctypes.c_int64,
    "uint64": ctypes.c_uint64,
    "float64": ctypes.c_double,
    "bool": ctypes.c_bool,
    "none": ctypes.c_void_p,
}
"""Numba's name of each type that an entry may return, alone or in a tuple."""


class _Exception(ctypes.Structure):
    """What a kernel tells of an exception: its class and arguments, pickled when it was compiled."""

    _fields_ = (
        ("pickled", ctypes.c_void_p),
        ("size", ctypes.c_int32),
        ("digest", ctypes.c_void_p),
        ("unwrap", ctypes.c_void_p),
        ("values", ctypes.c_int32),
    )


def called(native: Any, returns: str, signature: Signature) -> Callable[..., Any]:
    """A native function as one of Python's. `returns`: the types of its results, by Numba's names."""
    native.restype = ctypes.c_int32
    native.argtypes = [ctypes.c_void_p, ctypes.c_void_p, *_native_types(signature)]
    result, value_of = _result(returns)
    flat = _flat(signature)

    def call(*arguments: Any) -> Any:
        value, raised = result(), ctypes.c_void_p()
        try:
            failed = native(ctypes.byref(value), ctypes.byref(raised), *flat(arguments))
        except ctypes.ArgumentError as error:  # before it was called
            raise TypeError(str(error)) from None
        if failed:
            _raise(raised)
        return value_of(value)

    return call


# results


def _result(returns: str) -> tuple[Any, Callable[[Any], Any]]:
    """The type of room for a result, and what Python makes of it."""
    if returns == "none":
        return ctypes.c_void_p, _nothing
    if "," not in returns:
        return _NUMBERS[returns], _value
    names = [name for name in returns.split(",") if name]
    fields = [(f"_{place}", _NUMBERS[name]) for place, name in enumerate(names)]
    return type("_Tuple", (ctypes.Structure,), {"_fields_": fields}), _values


def _nothing(_room: Any) -> None:
    return None


def _value(room: Any) -> Any:
    return room.value


def _values(room: Any) -> tuple[Any, ...]:
    return tuple([getattr(room, name) for name, _ in room._fields_])


def can_return(returns: str) -> bool:
    """Tell whether calls know what to do with a result."""
    return all(name in _NUMBERS for name in returns.split(",") if name)


# arguments


class _Whole:
    """A whole number, also one of NumPy's."""

    @staticmethod
    def from_param(value: Any) -> Any:
        return ctypes.c_int64(index(value))


class _Natural:
    """A number without a sign."""

    @staticmethod
    def from_param(value: Any) -> Any:
        return ctypes.c_uint64(index(value))


_ARGUMENTS: dict[str, Any] = {"int64": _Whole, "uint64": _Natural, "float64": ctypes.c_double}


def _native_types(signature: Signature) -> Iterator[Any]:
    for kind in signature:
        if isinstance(kind, Array):
            yield from (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p)
            yield from (2 * kind.ndim) * [ctypes.c_int64]
        else:
            yield ctypes.c_void_p if isinstance(kind, BlockType) else _ARGUMENTS[_number(kind)]


def _number(kind: Number) -> str:
    return kind.name


def _flat(signature: Signature) -> Callable[[tuple[Any, ...]], Any]:
    """What makes the native arguments of those that Python gives: only arrays take several."""
    if not any(isinstance(kind, Array) for kind in signature):
        return _as_they_are

    def flat(arguments: tuple[Any, ...]) -> Iterator[Any]:
        for kind, value in zip(signature, arguments, strict=True):
            if isinstance(kind, Array):
                yield from _words_of(kind, value)
            else:
                yield value

    return flat


def _as_they_are(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return arguments


def _words_of(kind: Array, array: Any) -> Iterator[Any]:
    """The words of an array; TypeError if it is another than its kernel was compiled for."""
    there = isinstance(array, np.ndarray) and array.dtype == kind.dtype and array.ndim == kind.ndim
    if not (there and array.flags.c_contiguous and array.flags.writeable):
        raise TypeError(f"an array of type {kind} is needed")
    yield from (None, None, array.size, array.itemsize, array.ctypes.data)
    yield from array.shape
    yield from array.strides


# exceptions


def _raise(raised: ctypes.c_void_p) -> NoReturn:
    """Raise what a kernel has raised."""
    if not raised.value:
        raise RuntimeError("machine code has failed without saying why")
    told = _Exception.from_address(raised.value)
    if told.values:
        raise RuntimeError("machine code has raised an exception with values of its own")
    kind, arguments, _where = pickle.loads(ctypes.string_at(told.pickled, told.size))
    raise kind(*arguments)
