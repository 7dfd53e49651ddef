"""The services of the control plane: each listed, with its part of the plan and all that it logs."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

import simulator
from simulator.boundary import events
from simulator.boundary.events import EventKind
from simulator.control_plane.registry import SERVICES
from simulator.control_plane.service import Service
from simulator.lowering.control import PARTS
from simulator.lowering.parts import Part

HOUSE = Path(simulator.__file__).parent


def ending_in(name: str, room: str) -> list[str]:
    """The modules of a room that assign a name at their top."""
    return [
        ".".join(("simulator", *path.relative_to(HOUSE).with_suffix("").parts))
        for path in sorted((HOUSE / room).rglob("*.py"))
        if any(name in ast.unparse(node.targets[0]) for node in ast.parse(path.read_text("utf-8")).body
               if isinstance(node, ast.Assign))
    ]  # fmt: skip


def making(kind: str, room: str) -> list[str]:
    """The modules of a room that make one of a kind at their top."""
    return [
        ".".join(("simulator", *path.relative_to(HOUSE).with_suffix("").parts))
        for path in sorted((HOUSE / room).rglob("*.py"))
        if any(ast.unparse(node.value.func) == kind for node in ast.parse(path.read_text("utf-8")).body
               if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call))
    ]  # fmt: skip


MODULES = ending_in("SERVICE", "control_plane")


def test_every_service_is_listed_once() -> None:
    found: list[Service] = [import_module(module).SERVICE for module in MODULES]
    assert sorted(found, key=lambda one: one.name) == sorted(SERVICES, key=lambda one: one.name)
    assert len({service.name for service in SERVICES}) == len(SERVICES)


def test_every_part_of_the_plan_is_listed_and_belongs_to_a_service() -> None:
    modules = [import_module(module) for module in making("Part", "lowering")]
    parts = [one for module in modules for one in vars(module).values() if isinstance(one, Part)]
    assert {*map(id, parts)} == {*map(id, PARTS)}
    assert {part.service for part in PARTS} <= {service.name for service in SERVICES}


def test_every_kind_of_event_is_logged_by_a_service() -> None:
    assert {kind.name for service in SERVICES for kind in service.events} == {k.name for k in events.KINDS}


@pytest.mark.parametrize("module", MODULES)
def test_a_service_says_all_that_it_logs(module: str) -> None:
    """The kinds that its file takes from the list; those of all the room's files for a room's process."""
    path = HOUSE.parent / Path(*module.split("."))
    files = [*path.parent.glob("*.py")] if path.name == "process" else [path.with_suffix(".py")]
    taken = [
        getattr(import_module(node.module or ""), alias.name)
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("simulator.boundary.events")
        for alias in node.names
    ]
    logged = {one.name for one in taken if isinstance(one, EventKind)}
    service: Service = import_module(module).SERVICE
    assert logged == {kind.name for kind in service.events}
