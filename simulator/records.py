"""Data classes whose methods are made when the first of them is needed.

`dataclasses.dataclass` takes a third of a millisecond to make the methods of a class, there are hundreds of
classes, and a program that runs one small experiment makes instances of few and compares fewer. The decorator
of this module has the name, the options and the outcome of that one; it only waits: for the fields until
somebody asks for them, for `__init__` until there is an instance, for the others until one is called.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING
from functools import cache, partial
from inspect import get_annotations
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: type | None = None, /, **options: bool) -> Any:
        """A class with the methods that `dataclasses.dataclass` makes, once they are needed."""
        return (lambda one: _waiting(one, options)) if cls is None else _waiting(cls, options)


__all__ = ["dataclass"]

_FIELDS, _PARAMS, _MATCH = "__dataclass_fields__", "__dataclass_params__", "__match_args__"
_ORDER = ("__lt__", "__le__", "__gt__", "__ge__")
_MAKING = RLock()

Options = dict[str, bool]


def _waiting(cls: Any, options: Options) -> Any:
    """The class, with stand-ins for its fields and for the methods that are made of them."""
    if options.get("slots"):  # makes another class
        return dataclasses.dataclass(**options)(cls)
    written = {name for name, value in cls.__dict__.items() if value is not None}
    init, others = partial(_make_init, cls, options), partial(_make_others, cls, options)
    for name in _methods(options):
        if name not in written:
            setattr(cls, name, _stand_in(cls, name, init if name == "__init__" else others))
    if options.get("eq", True) and not options.get("frozen") and "__hash__" not in written:
        cls.__hash__ = None
    if options.get("frozen"):
        _freeze(cls)
    setattr(cls, _FIELDS, _Waiting(cls, _FIELDS, partial(_make_fields, cls, options)))
    setattr(cls, _MATCH, _Waiting(cls, _MATCH, others))
    setattr(cls, _PARAMS, _noted(*options.items()))
    return cls


@cache
def _noted(*options: tuple[str, bool]) -> Any:
    """What `dataclasses` notes of options, which differs among Pythons."""
    return dataclasses.make_dataclass("Any", (), **dict(options)).__dict__[_PARAMS]  # type: ignore[arg-type]


def _methods(options: Options) -> tuple[str, ...]:
    """The methods that are made of the fields."""
    if not options.get("eq", True):
        return "__init__", "__repr__"
    hashed = ("__hash__",) if options.get("frozen") else ()
    return "__init__", "__repr__", "__eq__", *hashed, *(_ORDER if options.get("order") else ())


class _Waiting:
    """Stands where an attribute of a class will be; has it made when somebody asks for it."""

    def __init__(self, cls: type, name: str, make: Callable[[], None]) -> None:
        self._cls, self._name, self._make = cls, name, make

    def __get__(self, _instance: object, _owner: type) -> Any:
        with _MAKING:
            if self._cls.__dict__[self._name] is self:
                self._make()
        return self._cls.__dict__[self._name]


def _stand_in(cls: type, name: str, make: Callable[[], None]) -> Any:
    """A method that has the real one made, and calls it."""

    def method(self: Any, *given: Any, **named: Any) -> Any:
        with _MAKING:
            if cls.__dict__[name] is method:
                make()
        return cls.__dict__[name](self, *given, **named)

    method.stands_in = True  # type: ignore[attr-defined]
    return method


def _freeze(cls: Any) -> None:
    """Let nobody set or delete fields, nor anything else of an instance of this very class."""

    def refuse(self: object, name: str, what: str) -> None:
        if type(self) is cls or name in getattr(cls, _FIELDS):
            raise dataclasses.FrozenInstanceError(f"cannot {what} field {name!r}")

    def set_(self: object, name: str, value: object) -> None:
        refuse(self, name, "assign to")
        super(cls, self).__setattr__(name, value)

    def delete(self: object, name: str) -> None:
        refuse(self, name, "delete")
        super(cls, self).__delattr__(name)

    cls.__setattr__, cls.__delattr__ = set_, delete


def _made(cls: type, written: dict[str, Any], fields: dict[str, Any], options: Options) -> Any:
    """The attributes that `dataclasses` gives a class of the same name, of what is written and of fields."""
    noted = {_FIELDS: fields, _PARAMS: _noted(*options.items())}
    names = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, "__doc__": "made"}
    made = type(cls.__name__, (type("Above", (), noted),), names | written)
    return dataclasses.dataclass(init=False, **options)(made).__dict__


def _make_fields(cls: Any, options: Options) -> None:
    """The fields: those of the bases, and those that are written here; defaults stay in the class."""
    above: dict[str, Any] = {}
    for base in cls.__mro__[-1:0:-1]:
        above |= getattr(base, _FIELDS, {})
    annotations = get_annotations(cls)
    written = {name: getattr(cls, name) for name in annotations if hasattr(cls, name)}
    kept = {"kw_only": options.get("kw_only", False), "repr": False, "eq": False, "match_args": False}
    made = _made(cls, {"__annotations__": annotations, **written}, above, kept)
    for name in written:
        if name in made:
            setattr(cls, name, made[name])
        elif name in cls.__dict__:
            delattr(cls, name)
    setattr(cls, _FIELDS, made[_FIELDS])


def _make_init(cls: Any, options: Options) -> None:
    """Sets every field, in the order of their parameters; then what the class does after it."""
    scope: dict[str, Any] = {"_set": object.__setattr__, "_MISSING": MISSING}
    parameters: dict[bool, list[str]] = {False: [], True: []}
    body = []
    for one in dataclasses.fields(cls):
        parameter, value = _parameter(one, scope)
        if one.init:
            parameters[one.kw_only is True].append(parameter)
        if one.init or one.default_factory is not MISSING:
            frozen = options.get("frozen")
            body.append(f"_set(self, {one.name!r}, {value})" if frozen else f"self.{one.name} = {value}")
    named = ["*", *parameters[True]] if parameters[True] else []
    after = ["self.__post_init__()"] if hasattr(cls, "__post_init__") else []
    lines = "\n    ".join([*body, *after]) or "pass"
    exec(f"def __init__({', '.join(['self', *parameters[False], *named])}):\n    {lines}", scope)
    cls.__init__ = scope["__init__"]
    cls.__init__.__qualname__ = f"{cls.__qualname__}.__init__"
    cls.__init__.__annotations__ = {one.name: one.type for one in dataclasses.fields(cls) if one.init}


def _parameter(one: "dataclasses.Field[Any]", scope: dict[str, Any]) -> tuple[str, str]:
    """How a field stands among the parameters, and what it is set to."""
    if one.default_factory is not MISSING:
        scope[f"_make_{one.name}"] = one.default_factory
        made = f"_make_{one.name}()"
        value = f"{made} if {one.name} is _MISSING else {one.name}" if one.init else made
        return f"{one.name}=_MISSING", value
    if one.default is not MISSING:
        scope[f"_default_{one.name}"] = one.default
        return f"{one.name}=_default_{one.name}", one.name
    return one.name, one.name


def _make_others(cls: Any, options: Options) -> None:
    """How instances are shown, compared, hashed, ordered and matched."""
    there = cls.__dict__
    waiting = [one for one in (*_methods(options), _MATCH) if _waits(there.get(one)) and one != "__init__"]
    written = {one: there[one] for one in _methods(options) if one in there and not _waits(there[one])}
    made = _made(cls, written, getattr(cls, _FIELDS), options)
    for name in waiting:
        setattr(cls, name, made[name])


def _waits(attribute: object) -> bool:
    return isinstance(attribute, _Waiting) or hasattr(attribute, "stands_in")
