"""External dependencies: what the system calls and others run."""

from typing import ClassVar, Literal

from simulator.language.models.quantities import Distribution, Duration, Model, RegionName


class External(Model):
    """Something that others run and that services call: a payment provider, a store of secrets."""

    home: RegionName | None = None
    """The AWS region in which it runs. It goes down with that region if that is one of the system's, and is
    out of reach where the link there is cut."""
    latency: Duration | None = None
    """In place of a `home`: the round trip to it from any region; no region's outage and no link touch it."""
    takes: Distribution | None = None
    """How long it works on a call; by default the catalog's."""
    kind: Literal["payment", "secrets", "images", "feature_flags", "other"] = "other"
    """What it is."""

    # as a store it holds one thing, and copies nothing
    items: ClassVar[int] = 1
    replicas: ClassVar[list[RegionName]] = []
    popularity: ClassVar[Literal["uniform"]] = "uniform"
