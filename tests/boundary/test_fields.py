"""Every array is declared once, with its axes; what is declared is made, used, counted and listed."""

import ast
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulator.boundary.fields import NUMBER, REGION, STORE, Floats, Ints, by, fields_of, table, zeros
from simulator.boundary.tallies import Counters, Tallies
from simulator.boundary.world import World
from simulator.data_plane import foreseen, layout, pools
from simulator.data_plane.stores import layout as stores
from simulator.data_plane.way import layout as way
from simulator.kernels.compiling import compiles
from simulator.plan.lowered import DataPlan
from tests.boundary.arrays import BLOCKS, KERNELS, PAGE, counted_by, functions, page, written
from tests.data_plane.test_memory import drawn
from tests.twin.counts import Counts


@pytest.fixture(scope="module")
def plan() -> DataPlan:
    """Three regions, four services with identity, one store: no two axes can be taken for each other."""
    return drawn(regions=3, names=4).data


def declaring(annotation: Any, value: Any) -> dict[str, Any]:
    return {"__annotations__": {"tokens_refused": annotation}, "tokens_refused": value}


@pytest.mark.parametrize(
    ("annotation", "value", "what"),
    [
        (Ints, dataclasses.field(), "Refused.tokens_refused has no axes"),
        (Ints, 0, "has no axes"),
        (Ints, by(says="tokens"), "has no axes"),
        (Ints, by(REGION, says=""), "does not say what it means"),
        (Ints, by(NUMBER, says="tokens"), "has the axis NUMBER, and only that"),
        (int, by(REGION, says="tokens"), "has the axis NUMBER, and only that"),
        (list, by(REGION, says="tokens"), "arrays hold int, float, Ints or Floats"),
    ],
)
def test_a_field_that_is_not_wholly_declared_is_refused(annotation: Any, value: Any, what: str) -> None:
    with pytest.raises(TypeError, match=what):
        table(type("Refused", (), declaring(annotation, value)))


def test_an_annotation_alone_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Refused\.tokens_refused has no axes"):
        table(type("Refused", (), {"__annotations__": {"tokens_refused": Ints}}))


def test_a_counter_that_is_declared_has_the_shape_of_its_axes(
    plan: DataPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = table(type("More", (Counters,), declaring(Ints, by(STORE, REGION, says="tokens refused"))))
    monkeypatch.setattr(pools, "Counters", more)
    assert pools.new_counts(plan).tokens_refused.shape == (1, 3)
    assert zeros(more, plan).tokens_refused.shape == (1, 3)  # type: ignore[attr-defined]


def test_every_counter_has_the_shape_of_its_axes_in_the_kernels_and_in_the_twin(plan: DataPlan) -> None:
    counts, twin = pools.new_counts(plan), Counts(plan)
    for field in fields_of(Counters):
        assert getattr(counts, field.name).shape == field.shape(plan)
        if field.axes == (NUMBER,):
            assert twin[field.name] == 0
        else:
            assert getattr(twin, field.name).shape == field.shape(plan)


def test_a_field_starts_with_what_its_plan_gives_and_no_other_shape(plan: DataPlan) -> None:
    short = table(
        type("Short", (), declaring(Ints, by(REGION, start=lambda _plan: np.ones(2), says="too short")))
    )
    with pytest.raises(ValueError, match=r"tokens_refused starts with shape \(2,\) instead of \(3,\)"):
        pools.new_block("short", short, plan)


def test_a_pool_has_no_length_of_its_own(plan: DataPlan) -> None:
    with pytest.raises(TypeError, match="session slots"):
        pools.new_block("sessions", layout.Sessions, plan)


POOLS = {
    "sessions": (pools.new_sessions, layout.Sessions),
    "attempts": (pools.new_attempts, layout.Attempts),
    "versions": (pools.new_versions, stores.Versions),
    "lanes": (pools.new_lanes, stores.Lanes),
    "copies": (pools.new_copies, stores.Copies),
}


@pytest.mark.parametrize("name", POOLS)
def test_a_pool_lies_slot_by_slot(plan: DataPlan, name: str) -> None:
    """All fields of a slot side by side and apart from each other, in lines of the cache of their own."""
    new, declared = POOLS[name]
    pool = new(plan, 5)
    for number, field in enumerate(fields_of(declared), 1):
        array = getattr(pool, field.name)
        assert array.shape == (5, *(axis.length(plan) for axis in field.axes[1:]))
        assert array.strides[0] == pool.rows.strides[0]
        assert array.dtype.itemsize == (field.bits // 8 if compiles() else 8)
        assert not array.size or array.ctypes.data % array.dtype.itemsize == 0
        array[3] = number
    for number, field in enumerate(fields_of(declared), 1):
        assert (getattr(pool, field.name)[3] == number).all()
        assert (getattr(pool, field.name)[[2, 4]] == field.start).all()
    line, row = 64, pool.rows.strides[0]
    assert pool.rows.ctypes.data % line == 0
    assert row % line == 0 or line % row == 0


def test_a_larger_pool_keeps_what_the_smaller_one_held(plan: DataPlan) -> None:
    small = pools.new_sessions(plan, 3)
    small.number[:], small.region[1], small.own_item[2] = [7, 8, 9], 2, 0.25
    large = pools.grown(small, pools.new_sessions(plan, 6))
    assert large.number.tolist() == [7, 8, 9, -1, -1, -1]
    assert large.region.tolist()[:3] == [0, 2, 0]
    assert large.own_item[2] == 0.25


def test_whole_numbers_have_bits_that_exist_and_others_all(plan: DataPlan) -> None:
    for annotation, bits in ((Ints, 12), (Floats, 32)):
        with pytest.raises(TypeError, match="whole numbers have 8, 16, 32 or 64"):
            table(type("Odd", (), declaring(annotation, by(REGION, bits=bits, says="odd"))))


def test_every_counter_is_counted_by_a_kernel() -> None:
    """Some in `plane.py` would be too late: what is declared is counted where it happens."""
    declared = {field.name for field in (*fields_of(Counters), *fields_of(layout.Unmarked))}
    assert declared == counted_by().keys()


def test_only_writing_an_element_of_a_counter_counts() -> None:
    function = ast.parse("def f(counts, other):\n counts.a[0] += 1\n other.b[0] += 1\n x = counts.c[0]").body[
        0
    ]
    assert isinstance(function, ast.FunctionDef)
    assert written(function, "counts") == {"a"}


def test_every_field_of_every_block_is_used_by_a_kernel() -> None:
    used = {
        node.attr
        for _, function in functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute)
    }
    for block, declared in BLOCKS.items():
        assert {field.name for field in fields_of(declared)} <= used, block


def test_no_array_is_declared_in_two_places_of_one_block() -> None:
    counters = [field.name for field in fields_of(Tallies)] + [f.name for f in fields_of(layout.Unmarked)]
    assert len(counters) == len(set(counters))


def test_the_tables_are_all_listed() -> None:
    declared = {
        node
        for place in (foreseen, layout, stores, way)
        for node in vars(place).values()
        if dataclasses.is_dataclass(node) and node.__module__ == place.__name__
    }
    assert declared == set(BLOCKS.values()) - {World}


def test_the_page_of_arrays_is_as_they_are_declared() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "out of date: make arrays"


def test_no_kernel_names_an_array_that_is_not_declared() -> None:
    """What a kernel reads of a block exists there; the compiler would say so only for entries that run."""
    blocks = {name: declared for names, declared in BLOCKS.items() for name in names.split(", ")}
    known = {
        name: {f.name for f in fields_of(declared)} | {"free", "free_count"}
        for name, declared in blocks.items()
    }
    known["counts"] |= {field.name for field in fields_of(Counters)}
    for source in sorted(Path(KERNELS).rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                block, memory = node.value.attr, ast.unparse(node.value.value)
                if memory == "memory" and block in known:
                    assert node.attr in known[block], f"{source.name}: memory.{block}.{node.attr}"
