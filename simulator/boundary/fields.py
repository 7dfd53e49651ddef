"""How arrays are declared: each once, with its axes, type, start value and meaning.

A table is a class whose attributes are its fields:

    @table
    class World:
        flush_ns: Ints = by(STORE, REGION, start=-1, says="when a cache was last emptied")

Everything else follows from it: the kernels' blocks and pools (`simulator.data_plane.layout`), the tallies
(`simulator.boundary.tallies`), what the tests' second data plane counts, and docs/arrays.md. A field that
does not say its axes, or whose type does not fit them, is refused when its module is imported.
"""

import dataclasses
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast, dataclass_transform

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.causes import CAUSES
from simulator.boundary.kinds import CACHE, FRONTS
from simulator.boundary.outcomes import (
    CALL_FAILURES,
    GATEWAY_LIMITS,
    HISTOGRAM_BINS,
    LOOKUP_SOURCES,
    OUTCOMES,
    PRESENCES,
    SESSION_CLASSES,
    STATUSES,
    TOKEN_KINDS,
)
from simulator.records import dataclass

T = TypeVar("T")
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_TYPES: dict[Any, type[np.generic]] = {int: np.int64, Ints: np.int64, float: np.float64, Floats: np.float64}


@dataclass(frozen=True)
class Axis:
    """What one axis of an array counts through, and how long it is in a lowered plan (`DataPlan`)."""

    name: str
    length: Callable[[Any], int]


def _always(name: str, length: int) -> Axis:
    return Axis(name, lambda _plan: length)


def _edge_items(plan: Any) -> int:
    """Items of content networks: each caches all objects of the store that it serves from."""
    served = np.flatnonzero(plan.op_cdn >= 0)
    objects = plan.step_store[plan.op_step_first[served]]
    ends = plan.cdn_entry_first[plan.op_cdn[served]] + plan.store_items[objects]
    return int(ends.max(initial=1))


# who and where
REGION = Axis("region", lambda plan: int(plan.region_count))
LOCATION = Axis("location", lambda plan: len(plan.rtt_ns))
POPULATION = Axis("population", lambda plan: len(plan.pop_near))
MIX = Axis("population's operation", lambda plan: len(plan.mix_operation))
NAME = Axis("name", lambda plan: len(plan.name_ttl_ns))
RESOLVER = Axis("resolver", lambda plan: len(plan.resolver_extend_ns))
SERVICE = Axis("service", lambda plan: len(plan.site_compute))
OPERATION = Axis("operation", lambda plan: len(plan.op_service))
CLIENT_COUNT = Axis(
    "what is counted of a client", lambda plan: len(plan.op_service) + 2 if plan.watches_clients else 0
)  # requests by operation, then answers 4xx and 5xx
FACE = Axis("face", lambda plan: len(plan.face_service))
"""How services look: first each to everybody, then to those whom limited faults touch."""
INSTANCE = Axis("instance", lambda plan: len(plan.instance_region))
ZONE = Axis("zone", lambda plan: int(plan.zone_count.max(initial=1)))
VERIFIER = Axis("verifier", lambda plan: int(plan.verifier_count))
STORE = Axis("store", lambda plan: len(plan.store_kind))
EXTERNAL = Axis("external", lambda plan: plan.externals)
CALLEE = Axis("called service", lambda plan: plan.callees)
ITEM = Axis("item", lambda plan: int(plan.store_items.sum()))
SNAPSHOT = Axis("snapshot", lambda plan: len(plan.snapshot_store))
MOST_SAMPLED = 10  # writes told of each store
SAMPLE = Axis("sampled write", lambda _: MOST_SAMPLED)
RECORD = Axis("kept item", lambda plan: int(plan.store_items[plan.snapshot_store].sum()))
PARTITION = Axis("partition", lambda plan: int(plan.store_partitions.sum()))
CACHED_ITEM = Axis("cached item", lambda plan: max(int(plan.store_items[plan.store_kind == CACHE].sum()), 1))
EDGE_ITEM = Axis("edge item", _edge_items)

# web ACLs (docs/model-request-path.md §1.1)
WEB_ACL = Axis("web ACL in a place", lambda plan: len(plan.acl_rule_first))
RULE = Axis("rule of one", lambda plan: len(plan.rule_limit))
SLICES = 7  # of a window and of what is left of the one before, which are kept
RULE_SLICE = Axis("rule and slice", lambda plan: SLICES * len(plan.rule_limit))
ADDRESS = Axis(
    "shared address",
    lambda plan: int(plan.pop_addresses.sum()) if len(plan.rule_limit) or plan.watches_clients else 0,
)
SHEDDABLE = Axis("population, if load is shed", lambda plan: len(plan.pop_near) if plan.sheds else 0)
GUARDED = Axis("one, if there are web ACLs", lambda plan: int(len(plan.acl_rule_first) > 0))

# what is counted apart
OUTCOME = _always("outcome", len(OUTCOMES))
HELD_BY = _always("cause", len(CAUSES))
FRONT = _always("before a service", len(FRONTS))
SESSION_CLASS = _always("session class", len(SESSION_CLASSES))
PRESENCE = _always("presence", len(PRESENCES))
LOOKUP_SOURCE = _always("lookup source", len(LOOKUP_SOURCES))
GATEWAY_LIMIT = _always("gateway limit", len(GATEWAY_LIMITS))
CALL_FAILURE = _always("call failure", len(CALL_FAILURES))
TOKEN_KIND = _always("token kind", len(TOKEN_KINDS))
UNIT_KIND = _always("unit kind", 2)  # writes, reads
TIME_PART = _always("part of a time", 2)
"""Whole seconds and the nanoseconds below one: a sum of times that no run is long enough to overflow."""
STATUS = _always("status", len(STATUSES))
MINUTE = _always("minute", 32)
"""Minutes of the clock, of which a function that has run for a quarter of an hour is not mistaken."""
HISTOGRAM_BIN = _always("histogram bin", HISTOGRAM_BINS)
WINDOW = Axis("window", lambda plan: int(-(-(plan.duration_ns - plan.window_first_ns) // plan.window_ns)))
LAG_STEP = Axis(
    "lag step", lambda plan: int((plan.duration_ns - plan.counts_from_ns) // plan.lag_step_ns + 1)
)
WATCHED = Axis(
    "watched",
    lambda plan: (
        POPULATION.length(plan) + (4 * SERVICE.length(plan) + 3 * STORE.length(plan)) * REGION.length(plan)
    ),
)
"""Whose latencies may be watched: see `simulator.boundary.readings.WATCHES`."""
FAULTS_A_WORD = 62
"""Faults that a word of bits holds."""
FAULT = Axis("fault", lambda plan: max(int(plan.fault_count), 1))
FAULT_WORD = Axis("word of faults", lambda plan: max(int(plan.fault_words), 1))
NUMBER = _always("number", 1)
"""The axis of a plain number; kernels keep it in an array of length one."""


def slots(name: str) -> Axis:
    """The first axis of a pool, which grows: its length is the pool's capacity, not in the plan."""

    def refuse(_plan: Any) -> int:
        raise TypeError(f"the number of {name} slots is the pool's, not the plan's")

    return Axis(name, refuse)


Start = float | Callable[[Any], NDArray[Any]]
"""What a field holds at first: a number, or the array that a plan gives."""


@dataclass(frozen=True)
class Field:
    """One array: its name, axes, type, start value and meaning."""

    name: str
    axes: tuple[Axis, ...]
    dtype: type[np.generic]
    start: Start
    says: str
    lazy: bool  # a counter that is brought up to date before it is read
    bits: int  # of a number that a pool keeps

    def shape(self, plan: Any) -> tuple[int, ...]:
        """The lengths of its axes in a plan."""
        return tuple(axis.length(plan) for axis in self.axes)

    def new(self, plan: Any) -> NDArray[Any]:
        """The array at its start. Zeros are not written, so untouched memory costs nothing."""
        shape = self.shape(plan)
        if callable(self.start):
            made = np.ascontiguousarray(self.start(plan), self.dtype)
            if made.shape != shape:
                raise ValueError(f"{self.name} starts with shape {made.shape} instead of {shape}")
            return made
        return np.full(shape, self.start, self.dtype) if self.start else np.zeros(shape, self.dtype)


def by(*axes: Axis, says: str, start: Start = 0, lazy: bool = False, bits: int = 64) -> Any:
    """Declare a field of a table: what its axes count through, what it means, and what it holds at first.

    A counter is lazy if it follows what becomes visible with time: kernels count that when they next look.
    A field of a pool whose whole numbers fit into fewer `bits` (8, 16 or 32, with a sign) keeps them in so
    many: what a run touches fits into fewer cache lines.
    """
    given = {"axes": axes, "says": says, "start": start, "lazy": lazy, "bits": bits}
    return dataclasses.field(metadata=given)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(by,))
def table(declared: type[T]) -> type[T]:
    """Make a class of fields a frozen dataclass.

    Raises:
        TypeError: if a field was declared without axes or meaning, or with a type that does not fit its axes.
    """
    made = dataclass(frozen=True, kw_only=True)(declared)
    fields_of(made)
    return made


def fields_of(made: type) -> tuple[Field, ...]:
    """The fields of a table, in order of declaration."""
    return _fields_of(made)


@cache
def _fields_of(made: type) -> tuple[Field, ...]:
    return tuple(_field(made.__name__, declared) for declared in dataclasses.fields(cast(Any, made)))


def _field(owner: str, declared: "dataclasses.Field[Any]") -> Field:
    name, axes = f"{owner}.{declared.name}", declared.metadata.get("axes")
    if not axes or not all(isinstance(axis, Axis) for axis in axes):
        raise TypeError(f"{name} has no axes: declare it with by(REGION, says=...), a number by(NUMBER, ...)")
    if declared.type not in _TYPES:
        raise TypeError(f"{name} is {declared.type}; arrays hold int, float, Ints or Floats")
    if (declared.type in (int, float)) != (axes == (NUMBER,)):
        raise TypeError(f"{name}: a plain number has the axis NUMBER, and only that")
    if not declared.metadata["says"]:
        raise TypeError(f"{name} does not say what it means")
    start, says, lazy, bits = (declared.metadata[key] for key in ("start", "says", "lazy", "bits"))
    if bits not in ((8, 16, 32, 64) if declared.type == Ints else (64,)):
        raise TypeError(f"{name} has {bits} bits: whole numbers have 8, 16, 32 or 64, others 64")
    return Field(declared.name, axes, _TYPES[declared.type], start, says, lazy, bits)


def zeros(made: type[T], plan: Any) -> T:
    """A table with an array for each field and 0 for each number: nothing has happened."""
    arrays = {field.name: np.zeros(field.shape(plan), field.dtype) for field in fields_of(made)}
    plain = {field.name for field in fields_of(made) if field.axes == (NUMBER,)}
    return made(
        **{name: array.dtype.type(0).item() if name in plain else array for name, array in arrays.items()}
    )
