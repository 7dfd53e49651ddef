"""The list of all arrays, docs/arrays.md, made from their declarations and from the kernels that count.

`python -m tests.boundary.arrays` writes it.
"""

import ast
from collections.abc import Iterator
from inspect import getdoc
from pathlib import Path

from simulator.boundary.fields import Field, fields_of
from simulator.boundary.readings import Gauges
from simulator.boundary.tallies import Counters, Tallies
from simulator.boundary.world import World
from simulator.data_plane import layout
from simulator.data_plane.foreseen import Foreseen
from simulator.data_plane.stores import layout as stores
from simulator.data_plane.way import layout as way
from simulator.plan.lowered import DataPlan

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "arrays.md"
KERNELS = ROOT / "simulator" / "data_plane"

BLOCKS = {
    "world": World,
    "sessions": layout.Sessions,
    "attempts": layout.Attempts,
    "deeds": layout.Deeds,
    "tokens": layout.Tokens,
    "versions": stores.Versions,
    "lanes": stores.Lanes,
    "copies": stores.Copies,
    "replicators": stores.Replicators,
    "lineage": stores.Lineage,
    "snapshots": stores.Snapshots,
    "user_clients, call_clients": layout.Clients,
    "instances": layout.Instances,
    "populations": layout.Populations,
    "watched": layout.Watched,
    "sites": layout.Sites,
    "token_buckets": layout.TokenBuckets,
    "web_acls": way.WebAcls,
    "addresses": way.Addresses,
    "verifiers": layout.Verifiers,
    "caches": layout.Caches,
    "edges": layout.Edges,
    "resolvers": layout.Resolvers,
    "foreseen": Foreseen,
    "counts": layout.Unmarked,
}
"""The tables of the data plane's own arrays, by the name that kernels know them by."""

HEAD = """# Arrays

Every array that kernels work on or count in, as it is declared: once, in `simulator/boundary/tallies.py`
(what is counted), `simulator/plan/lowered.py` (the plan), `simulator/boundary/world.py`,
`simulator/data_plane/stores/layout.py` (versions and their copies),
`simulator/data_plane/way/layout.py` (web ACLs), `simulator/data_plane/foreseen.py` and
`simulator/data_plane/layout.py` (the rest). This page is written by `make arrays`.

A counter is lazy if it follows what becomes visible with time: it is brought up to date before it is read.
An array has a length of its own along each axis; a number is an array of length one, but in the plan.
"""


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of the data plane, with its module's name within it."""
    for source in sorted(KERNELS.rglob("*.py")):
        module = ".".join(source.relative_to(KERNELS).with_suffix("").parts)
        for node in ast.parse(source.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                yield module, node


def written(function: ast.FunctionDef, block: str) -> set[str]:
    """The arrays of a block of which a function writes elements, or to which it adds times."""
    found = set()
    for node in ast.walk(function):
        array = _changed(node)
        if isinstance(array, ast.Attribute) and ast.unparse(array.value).split(".")[-1] == block:
            found.add(array.attr)
    return found


def _changed(node: ast.AST) -> ast.AST | None:
    """The array that a statement or a call changes."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        return node.value
    is_sum = isinstance(node, ast.Call) and ast.unparse(node.func) == "add_times"
    return node.args[0] if isinstance(node, ast.Call) and is_sum else None


def counted_by() -> dict[str, list[str]]:
    """The kernels that count in each counter."""
    found: dict[str, list[str]] = {}
    for module, function in functions():
        for name in written(function, "counts"):
            found.setdefault(name, []).append(f"{module}.{function.name}")
    return found


def _row(field: Field) -> list[str]:
    axes = ", ".join(axis.name for axis in field.axes)
    start = (
        "by plan" if callable(field.start) else f"{field.start:g}" if field.start > -(2**62) else "long ago"
    )
    return [f"`{field.name}`", axes, field.dtype.__name__, start, field.says]


def _listing(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page() -> str:
    """The text of the page."""
    kernels, parts = counted_by(), [HEAD]
    counters = [
        [*_row(f)[:2], f.says + (" (lazy)" if f.lazy else ""), ", ".join(kernels.get(f.name, []))]
        for f in fields_of(Counters)
    ]
    parts += [
        f"## counts\n\n{getdoc(Counters)}\n",
        _listing(["name", "axes", "meaning", "counted by"], counters),
    ]
    names = {field.name for field in fields_of(Counters)}
    at_end = [[*_row(f)[:2], f.says] for f in fields_of(Tallies) if f.name not in names]
    parts += ["\nFound at the end of the run:\n", _listing(["name", "axes", "meaning"], at_end)]
    gauges = [[*_row(f)[:2], f.says] for f in fields_of(Gauges)]
    parts += [f"\n## gauges\n\n{getdoc(Gauges)} Computed when they are read.\n"]
    parts += [_listing(["name", "axes", "meaning"], gauges)]
    plan = [[*_row(f)[:3], f.says] for f in fields_of(DataPlan)]
    parts += [f"\n## plan\n\n{getdoc(DataPlan)}\n", _listing(["name", "axes", "type", "meaning"], plan)]
    for block, declared in BLOCKS.items():
        rows = [_row(field) for field in fields_of(declared)]
        title = f"\n## {block}\n\n{getdoc(declared)}\n"
        parts += [title, _listing(["name", "axes", "type", "starts at", "meaning"], rows)]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
