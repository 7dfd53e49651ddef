"""How often each kernel, and each of its lines, runs: what the compiler is told of a run before there is one.

`profile.json` has it for all kernels that the loop reaches, in runs for a million requests on the average of
the workloads that `python -m benchmarks.profile` plays while the compiler is off; that command writes it. It
decides about speed alone. With it stands a digest of each kernel's source: of one that has changed since
nothing is known, and it is compiled as if all its branches were alike, until somebody counts again. Lines are
counted where code stands, so that comments and docstrings change nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

from simulator.records import dataclass

if TYPE_CHECKING:
    import ast

PROFILE = Path(__file__).parent / "profile.json"


@dataclass(frozen=True)
class Source:
    """A kernel's source: a digest of its code, and the lines of its file on which any of it stands."""

    digest: str
    lines: list[int]


@dataclass(frozen=True)
class Runs:
    """How often a kernel is called, and each line of its file runs."""

    calls: int
    lines: Mapping[int, int]


def name_of(function: FunctionType) -> str:
    """The name of a kernel, with its module."""
    return f"{function.__module__}.{function.__qualname__}"


@cache
def source_of(function: FunctionType) -> Source | None:
    """The source of a kernel; None if it is no function of a module."""
    import ast

    found = _functions(function.__code__.co_filename).get(function.__qualname__)
    if found is None:
        return None
    code = found.body[1:] if ast.get_docstring(found, clean=False) is not None else found.body
    at = [node.lineno for part in code for node in ast.walk(part) if isinstance(node, ast.expr | ast.stmt)]
    lines = sorted(set(at))
    told = "\n".join([*map(ast.unparse, code), *(str(lines.index(line)) for line in at)])
    return Source(hashlib.sha256(told.encode()).hexdigest()[:8], lines)


@cache
def _functions(path: str) -> "dict[str, ast.FunctionDef]":
    """The functions of a file that are not within others."""
    import ast

    tree = ast.parse(Path(path).read_bytes())
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


@cache
def runs_of(function: FunctionType) -> Runs | None:
    """What was counted of a kernel; None if nothing was, or its source was another one then."""
    found = _profile().get(name_of(function))
    source = source_of(function) if found else None
    if found is None or source is None or found["source"] != source.digest:
        return None
    return Runs(found["calls"], dict(zip(source.lines, found["lines"], strict=True)))


@cache
def every_run() -> list[int]:
    """How often each line of all kernels runs that ever does, the most frequent first."""
    runs = (one for kernel in _profile().values() for one in kernel["lines"])
    return sorted(filter(None, runs), reverse=True)


@cache
def _profile() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PROFILE.read_text(encoding="utf-8"))
    return found
