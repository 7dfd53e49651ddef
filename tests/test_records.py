"""Data classes that wait are what `dataclasses` makes of the same classes, and made when they are needed."""

import copy
import dataclasses
import threading
from collections.abc import Callable
from dataclasses import field, fields, replace
from inspect import signature
from typing import Any, ClassVar

import pytest

from simulator import records

Maker = Callable[..., Any]


def family(dataclass: Maker) -> dict[str, Any]:
    """The same classes by either decorator."""

    @dataclass(frozen=True)
    class Point:
        """A base, with a default and what is no field."""

        kind: ClassVar[str] = "point"
        x: int
        y: int = 2

    @dataclass(frozen=True)
    class Named(Point):
        """Inherits, and has a default of its own for each instance."""

        name: str = field(default="nameless", repr=False)
        tags: list[str] = field(default_factory=list, compare=False)

    @dataclass(frozen=True, kw_only=True)
    class Dated(Named):
        """Gives a field of its base another default, and adds one that is named."""

        day: int
        y: int = 5

    @dataclass(frozen=True, order=True)
    class Ranked:
        """Has an order, and says itself how it is shown."""

        rank: int
        note: str = field(default="", compare=False)

        def __repr__(self) -> str:
            return f"number {self.rank}"

    @dataclass
    class Tally:
        """Changes, and reckons after it is made."""

        of: list[int]
        total: int = field(init=False, default=0)
        self_made: set[int] = field(init=False, default_factory=set)

        def __post_init__(self) -> None:
            self.total = sum(self.of)

    @dataclass(eq=False)
    class Thing:
        """Is itself and nothing else."""

        weight: float

    @dataclass
    class Alike:
        """Compares itself."""

        weight: float

        def __eq__(self, other: object) -> bool:
            return True

    found = [Point, Named, Dated, Ranked, Tally, Thing, Alike]
    return {one.__name__: one for one in found}


OURS, THEIRS = family(records.dataclass), family(dataclasses.dataclass)
GIVEN: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "Point": ((1,), {}),
    "Named": ((1, 3), {"name": "it"}),
    "Dated": ((1,), {"day": 4}),
    "Ranked": ((3, "third"), {}),
    "Tally": (([1, 2],), {}),
    "Thing": ((2.5,), {}),
    "Alike": ((2.5,), {}),
}


def outcome(act: Callable[[], Any]) -> Any:
    """What comes of something: its value, or the kind and the words of what it raises."""
    try:
        return act()
    except Exception as error:
        return type(error), str(error).replace("family.<locals>.", "")


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize(
    "told",
    [
        pytest.param(repr, id="shown"),
        pytest.param(lambda one: one == copy.copy(one), id="equal to a copy"),
        pytest.param(lambda one: one == object(), id="not equal to another thing"),
        pytest.param(lambda one: one < copy.copy(one), id="before itself"),
        pytest.param(lambda one: one <= copy.copy(one), id="not after itself"),
        pytest.param(lambda one: hash(one) == hash(copy.copy(one)), id="hashed"),
        pytest.param(dataclasses.asdict, id="as a dictionary"),
        pytest.param(lambda one: [*vars(one)], id="order of what is set"),
        pytest.param(lambda one: setattr(one, "added", 1), id="added to"),
        pytest.param(lambda one: setattr(one, fields(one)[0].name, 1), id="changed"),
        pytest.param(lambda one: delattr(one, fields(one)[0].name), id="taken from"),
        pytest.param(lambda one: type(one)(), id="made of nothing"),
        pytest.param(lambda one: type(one)(1, 2, 3, 4, 5, 6, 7), id="made of too much"),
        pytest.param(lambda one: type(one)(wibble=1), id="made of what is no field"),
        pytest.param(lambda one: repr(replace(one)), id="replaced"),
        pytest.param(lambda one: type(one).__match_args__, id="matched"),
        pytest.param(lambda one: type(one).__hash__ is None, id="whether hashed"),
        pytest.param(lambda one: list(signature(type(one)).parameters), id="parameters"),
        pytest.param(
            lambda one: [(f.name, f.type, f.init, f.repr, f.compare, f.kw_only) for f in fields(one)],
            id="fields",
        ),
        pytest.param(
            lambda one: {f.name: getattr(type(one), f.name, None) for f in fields(one)}, id="defaults"
        ),
    ],
)
def test_it_is_what_the_standard_library_makes(name: str, told: Callable[[Any], Any]) -> None:
    given, named = GIVEN[name]
    ours, theirs = (outcome(lambda of=of: told(of[name](*given, **named))) for of in (OURS, THEIRS))
    assert repr(ours).replace(" at 0x", "") == repr(theirs).replace(" at 0x", "") or ours == theirs


def test_nothing_is_made_before_it_is_needed() -> None:
    @records.dataclass(frozen=True)
    class Waits:
        value: int = field(default=3)

    assert isinstance(vars(Waits)["value"], dataclasses.Field)
    assert Waits().value == 3
    assert vars(Waits)["value"] == 3
    assert hasattr(vars(Waits)["__eq__"], "stands_in")
    assert Waits() == Waits(3)
    assert not hasattr(vars(Waits)["__eq__"], "stands_in")


@pytest.mark.parametrize("told", [repr, hash, lambda one: one == 1, lambda one: setattr(one, "value", 2)])
def test_an_instance_that_was_unpickled_is_whole(told: Callable[[Any], Any]) -> None:
    """Nobody calls `__init__` of it, and in a new process nobody has before."""
    ours, theirs = (
        dataclass(frozen=True)(type("Kept", (), {"__annotations__": {"value": int}, "__doc__": "one"}))
        for dataclass in (records.dataclass, dataclasses.dataclass)
    )
    said = []
    for cls in (ours, theirs):
        one = cls.__new__(cls)
        vars(one).update(value=1)
        said.append(outcome(lambda one=one: told(one)))
    assert said[0] == said[1]


def test_threads_that_need_a_class_at_once_all_have_it() -> None:
    @records.dataclass(frozen=True)
    class Shared:
        first: int
        second: int = 2

    start, made = threading.Barrier(8), []

    def make() -> None:
        start.wait()
        made.append(Shared(1))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [Shared(1, 2)] * 8


def test_a_class_with_slots_is_made_at_once() -> None:
    @records.dataclass(frozen=True, slots=True)
    class Slotted:
        value: int

    assert Slotted(1) == Slotted(1)
    assert not hasattr(Slotted(1), "__dict__")
