"""The house keeps its shape: imports never point right, public names exist, every room says what it is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import simulator

HOUSE = Path(simulator.__file__).parent
SOURCES = sorted(HOUSE.rglob("*.py"))
NAMES = [str(path.relative_to(HOUSE)) for path in SOURCES]
LINES_MOST = 400

ROOMS = (
    ("units", "texts", "times", "records", "versions"),
    ("errors",),
    ("catalog",),
    ("kernels",),
    ("randomness",),
    ("boundary", "rules.table", "rules.listed"),
    ("language.models",),
    ("language.reading",),
    ("language.checks", "language.schema"),
    ("language",),
    ("plan",),
    ("lowering",),
    ("outcome",),
    ("data_plane", "control_plane"),
    ("simulation",),
    ("history",),
    ("result",),
    ("measure", "readiness", "exchange", "starting"),
    ("prices", "rules"),
    ("verdict",),
    ("ready",),
    ("kept",),
    ("pipeline",),
    ("explore",),
    ("report",),
    ("gate",),
    ("cli", "pytest_plugin"),
    ("__init__",),
)
"""From left to right. A room may import itself and what stands to its left, not what stands beside it."""

WINGS = (
    ("data_plane.retrying", "data_plane.stores"),
    ("data_plane.work",),
    ("data_plane.way",),
    ("data_plane.clients",),
)
"""The same within the data plane, whose ground (queue, network, tallies …) all of them stand on."""

RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}
WING = {wing: rank for rank, wings in enumerate(WINGS) for wing in wings}


def module_of(path: Path) -> str:
    """The dotted name of a source within the package."""
    return ".".join(path.relative_to(HOUSE).with_suffix("").parts)


def imports(path: Path) -> Iterator[str]:
    """The modules of this package that a source imports, anywhere in it, by names within the package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not any(alias.name.split(".")[0] == "simulator" for alias in node.names), path
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            package, _, module = (node.module or "").partition(".")
            if package == "simulator":
                is_package = not module or (HOUSE / module.replace(".", "/")).is_dir()
                yield from (f"{module}.{a.name}".lstrip(".") for a in node.names) if is_package else [module]


def room_of(module: str, rooms: dict[str, int]) -> str | None:
    """The room in which a module is: the longest of the names that it begins with."""
    parts = module.split(".")
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in rooms), None)


def may_import(importer: str, imported: str) -> bool:
    """Whether one module may import another."""
    for rooms in (WING, RANK):
        here, there = room_of(importer, rooms), room_of(imported, rooms)
        if here == there:
            continue
        if here is not None and there is not None and rooms[there] >= rooms[here]:
            return False
    return True


def test_every_room_has_its_place() -> None:
    placeless = [name for name in map(module_of, SOURCES) if room_of(name, RANK) is None]
    assert not placeless


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_imports_never_point_right(path: Path) -> None:
    wrong = [name for name in imports(path) if not may_import(module_of(path), name)]
    assert not wrong, f"{module_of(path)} imports {', '.join(wrong)}"


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("lowering.whole", "language.models.topology", True),
        ("language.models.topology", "lowering.whole", False),
        ("control_plane.world", "data_plane.plane", False),
        ("control_plane.world", "randomness.draws", True),
        ("data_plane.plane", "control_plane.world", False),
        ("result.whole", "measure.laws", False),
        ("measure.laws", "result.whole", True),
        ("lowering.whole", "plan.lowered", True),
        ("language.models.faults", "language.checks.faults", False),
        ("data_plane.work.calls", "data_plane.stores.handlers", True),
        ("data_plane.stores.handlers", "data_plane.work.calls", False),
        ("data_plane.work.calls", "data_plane.queue", True),
        ("lowering.whole", "data_plane.queue", False),
    ],
)
def test_rule_of_imports(importer: str, imported: str, allowed: bool) -> None:
    assert may_import(importer, imported) is allowed


def test_no_two_modules_import_each_other() -> None:
    left = {module_of(path): {*imports(path)} for path in SOURCES}
    while free := [module for module, needs in left.items() if not needs & left.keys() - {module}]:
        for module in free:
            del left[module]
    assert left == {}


def test_reports_read_the_result_and_share_words_but_nothing_else() -> None:
    allowed = ("report", "result", "errors", "records", "units", "catalog", "boundary")
    reports = [path for path in SOURCES if module_of(path).startswith("report.")]
    assert not {name for path in reports for name in imports(path) if name.split(".")[0] not in allowed}


def test_strings_and_models_end_at_the_plan() -> None:
    planes = [path for path in SOURCES if module_of(path).startswith(("data_plane.", "control_plane."))]
    assert not {module_of(path) for path in planes for name in imports(path) if name.startswith("language")}


def test_what_a_run_is_given_needs_no_model() -> None:
    """Not before something happens that is lowered in the middle of a run: see `plan/restore_steps.py`."""
    plans = [path for path in SOURCES if module_of(path).startswith("plan.")]
    first = {
        f"{module_of(path)}: {node.module}"
        for path in plans
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom)
    }
    assert not {one for one in first if "simulator.language" in one or "pydantic" in one}


def test_the_methods_of_data_classes_are_made_when_they_are_needed() -> None:
    """What makes them at once is imported by `simulator.records` alone."""
    at_once = "from dataclasses import dataclass"
    eager = [path for path in SOURCES if at_once in path.read_text(encoding="utf-8")]
    assert {module_of(path) for path in eager} <= {"records", "kernels.shelves"}


def test_importing_the_package_imports_nothing_heavy() -> None:
    tree = ast.parse((HOUSE / "__init__.py").read_text(encoding="utf-8"))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in top] == ["import time"]  # a part of Python, as sys is


@pytest.mark.parametrize("name", simulator.__all__)
def test_public_names_exist_and_are_explained(name: str) -> None:
    assert (getattr(simulator, name).__doc__ or "").strip()


def test_public_names_are_these() -> None:
    assert sorted(simulator.__all__) == simulator.__all__
    assert dir(simulator) == simulator.__all__
    with pytest.raises(AttributeError, match="no attribute 'simulate_everything'"):
        simulator.simulate_everything  # noqa: B018


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_every_source_says_what_it_is_and_stays_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text or ast.get_docstring(ast.parse(text)), (
        "no docstring"
    )  # an empty __init__ says nothing wrong
    assert len(text.splitlines()) <= LINES_MOST


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_nothing_below_the_command_line_prints_or_asks_the_wall_clock(path: Path) -> None:
    if module_of(path).startswith("cli"):
        return
    calls = [
        ast.unparse(n.func)
        for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(n, ast.Call)
    ]
    forbidden = {"print", "time.time", "time.monotonic", "time.perf_counter", "datetime.now", "random.random"}
    assert not forbidden & {*calls}
