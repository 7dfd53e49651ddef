"""Digests: of a plan, and of the program that plays it."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from simulator.kernels.remembered import REMEMBERED
from simulator.plan.lowered import Plan


def digest_of(plan: Plan) -> str:
    """The SHA-256 of everything that a run of a plan depends on."""
    found = sha256()
    _feed(found.update, plan)
    return found.hexdigest()


def _feed(take: Callable[[bytes], None], value: Any) -> None:
    """Hand a value over byte by byte: the same bytes for equal values, others for others."""
    if isinstance(value, np.ndarray):
        take(f"{value.dtype}{value.shape}".encode())
        take(np.ascontiguousarray(value).tobytes())
        return
    take(f"{type(value).__name__}(".encode())
    for part in _parts(value):
        _feed(take, part)
    take(b")")


def _parts(value: Any) -> Sequence[Any]:
    """What a value consists of; of what has no parts, its text, which nothing else is handed over as."""
    if is_dataclass(value):
        return [part for field in fields(value) for part in (field.name, getattr(value, field.name))]
    if isinstance(value, Mapping):
        return [part for item in value.items() for part in item]
    if isinstance(value, ast.AST):  # whose text says where in memory it lies
        return [ast.dump(value)]
    if isinstance(value, set | frozenset):
        return sorted(value)
    return value if isinstance(value, list | tuple) else [np.frombuffer(repr(value).encode(), np.uint8)]


@cache
def program_digest() -> str:
    """The digest of the program: what another version has made is not taken for what this one would."""
    return REMEMBERED.of("program", _program_digest)


def _program_digest() -> str:
    house = Path(__file__).parents[1]
    found = sha256()
    for path in sorted(house.rglob("*.py")) + sorted(house.rglob("*.yaml")):
        found.update(path.read_bytes())
    return found.hexdigest()
