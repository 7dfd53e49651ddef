"""The steps of an operation: the service's own work, and its calls to tables, caches and buckets."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.language.models.quantities import Distribution, Model, RegionName

STEP_KINDS = {
    "compute": ":Compute",
    "read": ":Read",
    "write": ":Write",
    "delete": ":Delete",
    "cache": ":CacheGet",
    "increment": ":Increment",
    "get": ":Get",
    "put": ":Put",
    "call": ":Call",
}


class Compute(Model):
    """Work of the service itself; takes a sampled time."""

    compute: Distribution
    """How long the work takes."""


class Read(Model):
    """A read of one item: of the local replica, unless strong; of a database without one, at its writer."""

    read: str
    """The table or database."""
    key: Literal["any", "user"] = "any"
    """`any`: an item drawn by popularity, the same for all steps of one action; `user`: the session's own."""
    takes: Distribution | None = None
    """How long the read takes; by default the catalog's."""
    consistency: Literal["eventual", "strong"] = "eventual"
    """`strong`: twice the units. Of a strong table it returns the latest version, wherever it was written,
    and waits for another member; of an eventual table its own region's, and knows nothing of the others."""
    filters_expired: bool = False
    """It takes no item whose time to live is over, though it is not deleted yet; by default it does."""


class Write(Model):
    """A write of one item, in the local replica; of a database, at its writer, wherever that is."""

    write: str
    """The table or database."""
    key: Literal["any", "user"] = "any"
    """`any`: an item drawn by popularity, the same for all steps of one action; `user`: the session's own."""
    takes: Distribution | None = None
    """How long the write takes; by default the catalog's."""
    idempotent: bool = False
    """Carries a token that keeps a retry from applying it again where the first application is visible."""
    stands_alone: bool = False
    """It replaces the whole item whatever was there, as a setting does, instead of changing what was read:
    then it takes nothing from writes that it has not seen."""
    if_: Literal["absent", "unchanged"] | None = Field(default=None, alias="if")
    """Its condition. `absent`: the item is not there (`attribute_not_exists`); `unchanged`: nobody has
    written it since this request last read it (a version attribute). An eventual table looks at its own
    region only."""


class Delete(Model):
    """A delete of one item in the local replica, whatever was there."""

    delete: str
    """The table or database."""
    key: Literal["any", "user"] = "any"
    """`any`: an item drawn by popularity, the same for all steps of one action; `user`: the session's own."""
    takes: Distribution | None = None
    """How long the delete takes; by default the catalog's, as long as a write."""
    if_: Literal["unchanged"] | None = Field(default=None, alias="if")
    """Its condition. `unchanged`: nobody has written the item since this request last read it."""


class CacheGet(Model):
    """A look into the region's cache; on a miss, a read of the table behind it, which fills the cache."""

    cache: str
    """The cache."""
    miss: str | None = None
    """The table or database that is read on a miss, or when the cache fails."""
    key: Literal["any", "user"] = "any"
    """`any`: a key drawn by popularity, the same for all steps of one action; `user`: the session's own."""
    takes: Distribution | None = None
    """How long the look takes; by default the catalog's."""


class Increment(Model):
    """An increment of a counter in a multi-region cache."""

    increment: str
    """The cache."""
    key: Literal["any", "user"] = "any"
    """`any`: a key drawn by popularity, the same for all steps of one action; `user`: the session's own."""
    takes: Distribution | None = None
    """How long it takes; by default the catalog's."""
    idempotent: bool = False
    """Carries a token that keeps a retry from applying it again where the first application is visible."""


class Get(Model):
    """A read of one object in the region's bucket."""

    get: str
    """The bucket."""
    key: Literal["any", "user"] = "any"
    """`any`: an object drawn by popularity, one for all steps of an action; `user`: the session's own."""
    takes: Distribution | None = None
    """How long it takes; by default the catalog's."""


class Put(Model):
    """A write of one object in the region's bucket."""

    put: str
    """The bucket."""
    key: Literal["any", "user"] = "any"
    """`any`: an object drawn by popularity, one for all steps of an action; `user`: the session's own."""
    takes: Distribution | None = None
    """How long it takes; by default the catalog's."""
    idempotent: bool = False
    """Carries a token that keeps a retry from applying it again where the first application is visible."""
    stands_alone: bool = False
    """It replaces the whole object whatever was there, as a setting does, instead of changing what was read:
    then it takes nothing from writes that it has not seen."""


class Call(Model):
    """A call of an external dependency, or of an operation of another service of the system."""

    call: str
    """The external dependency; or an operation of another service: `service.operation`, or the operation
    alone where one service alone has it."""
    to: RegionName | None = None
    """Of a service: in which region it is called; by default in the caller's own."""
    takes: Distribution | None = None
    """Of an external: how long it works on the call; by default what the external says."""
    writes: bool = False
    """Of an external: the call has an effect there, which a retry may bring about a second time."""
    idempotent: bool = False
    """Of a call that writes: it carries a token that keeps a retry from having its effect again."""


def step_form(value: Any) -> str | None:
    """Tell the kind of a step from the keys that the user wrote; None if none of them says."""
    keys = value if isinstance(value, dict) else {}
    return next((tag for kind, tag in STEP_KINDS.items() if kind in keys), None)


Step = Annotated[
    Annotated[Compute, Tag(":Compute")]
    | Annotated[Read, Tag(":Read")]
    | Annotated[Write, Tag(":Write")]
    | Annotated[Delete, Tag(":Delete")]
    | Annotated[CacheGet, Tag(":CacheGet")]
    | Annotated[Increment, Tag(":Increment")]
    | Annotated[Get, Tag(":Get")]
    | Annotated[Put, Tag(":Put")]
    | Annotated[Call, Tag(":Call")],
    Discriminator(step_form),
]
