"""What every fault says: when it acts; and its mode, which is one of a table."""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, Discriminator, Field, GetCoreSchemaHandler, Tag
from pydantic_core import CoreSchema, core_schema

from simulator.boundary.modes import modes_of
from simulator.language.models.quantities import MADE_ONCE, Duration, Model, OneOrMore, Share, text_or_mapping

_S_NS = 10**9

Factor = Annotated[float, Field(ge=1, le=1_000_000)]
"""How many times slower."""


class ModeOf:
    """Marks a text as one of the modes of a target, as a `Literal` of them would."""

    def __init__(self, target: str) -> None:
        self._modes = [*modes_of(target)]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(self._modes)


class Flapping(Model):
    """The fault comes and goes, starting on: for `duty` of each `period`, or in whole ones at random."""

    model_config = MADE_ONCE

    period: Duration
    """From one beginning to the next; with `bad`, how long it stays as it is at least."""
    duty: Share | None = None
    """The share of each period in which the fault is on."""
    bad: Share | None = None
    """In place of a `duty`: each period after the first is one in which the fault is on throughout, or off
    throughout, and this is the probability that it is on."""


def _one_or_two(value: object) -> object:
    return value if isinstance(value, list) else [value]


class AnyTime(Model):
    """A time that the seed draws, evenly, to the second."""

    model_config = MADE_ONCE

    any: Annotated[
        list[Duration],
        BeforeValidator(_one_or_two, json_schema_input_type=Duration | list[Duration]),
        Field(min_length=1, max_length=2),
    ]
    """Between what: `24 h` is from 0 s to 24 h, `[8 h, 18 h]` from 8 h to 18 h, without the end itself."""

    @property
    def earliest(self) -> int:
        """The first instant that may be drawn (ns)."""
        return self.any[0] if len(self.any) == 2 else 0

    @property
    def latest(self) -> int:
        """The last instant that may be drawn (ns)."""
        return self.earliest + max(self.seconds - 1, 0) * _S_NS

    @property
    def seconds(self) -> int:
        """Among how many instants is drawn, each a second after the one before."""
        return -(-(self.any[-1] - self.earliest) // _S_NS)


if TYPE_CHECKING:
    Begin = int
else:
    Begin = Annotated[
        Annotated[Duration, Tag(":Word")] | Annotated[AnyTime, Tag(":Mapping")],
        Discriminator(text_or_mapping),
    ]
"""When something begins. All that reads it reads an experiment in which its time is drawn, or one of those
that may be: see `simulator.language.models.drawn`."""


class Fault(Model):
    """When a fault acts. Neither `for` nor `until`: to the end of the run."""

    target: ClassVar[str]  # the key that names what breaks, as in `simulator.boundary.modes.TARGETS`

    at: Begin
    """When it begins, counted from the start of the run; `{any: 24 h}` or `{any: [8 h, 18 h]}`: drawn by the
    seed."""
    for_: Duration | None = Field(default=None, alias="for")
    """How long it lasts; or say `until`."""
    until: Duration | None = None
    """When it ends, counted from the start of the run; or say `for`."""
    flapping: Flapping | None = None
    """The fault comes and goes while it lasts."""


class FaultOfUsers(Fault):
    """A fault that may touch some populations only."""

    populations: OneOrMore | None = None
    """Whom it touches: requests of these populations of users alone, and no check; default everybody's."""

    @property
    def is_limited(self) -> bool:
        """Whether it touches some requests only."""
        return self.populations is not None

    def is_by(self, user: str | None) -> bool:
        """Whether it touches the requests of a population; None: of bots, or of a check."""
        return self.populations is None or user in self.populations

    def is_for(self, service: str, operation: str | None) -> bool:
        """Whether it touches the requests for an operation of a service; None: those for tokens."""
        raise NotImplementedError


class LimitedFault(FaultOfUsers):
    """A fault that may touch some operations only, too."""

    operations: OneOrMore | None = None
    """What it touches: requests for these operations alone (`checkout`, or `web.checkout`), and no check but
    one that names such an `operation`; default all."""

    @property
    def is_limited(self) -> bool:
        """Whether it touches some requests only."""
        return self.populations is not None or self.operations is not None

    def names(self, service: str, operation: str | None) -> bool:
        """Whether it names an operation of a service; all are named where it names none."""
        return self.operations is None or not {operation, f"{service}.{operation}"}.isdisjoint(
            self.operations
        )
