"""Single nodes break."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from simulator import units
from simulator.boundary.modes import add_text, factor_text, mode_text, share_text
from simulator.language.models.faults.base import Factor, Fault, ModeOf
from simulator.language.models.quantities import Duration, Share

PATTERN = r"^\d+ of [^@\s]+@[^@\s]+$"


def _named(value: object) -> object:
    if not isinstance(value, str) or re.fullmatch(PATTERN, value.strip()) is None:
        raise ValueError(
            "name a node by its number, from 0, its service and its region, as '2 of api@eu-west-1', not "
            f"{units.shown(value)}"
        )
    return value.strip()


NodeName = Annotated[
    str,
    BeforeValidator(_named),
    WithJsonSchema({"type": "string", "pattern": PATTERN, "examples": ["2 of api@eu-west-1"]}),
]
"""A node, by its number, the service that runs on it, and its region."""


class NodeFault(Fault):
    """A node of a service in a region: dead, erring, or slow."""

    target = "node"

    node: NodeName
    """Its number, from 0 as in the event log, service and region: `2 of api@eu-west-1`. Node n is in zone
    number n modulo the region's zones."""
    mode: Annotated[str, ModeOf("node")] = Field(description=mode_text("node"))
    share: Share | None = Field(default=None, description=share_text("node"))
    factor: Factor | None = Field(default=None, description=factor_text("node"))
    add: Duration | None = Field(default=None, description=add_text("node"))

    @property
    def number(self) -> int:
        """Its number among those of its service in the region, from 0."""
        return int(self.node.partition(" of ")[0])

    @property
    def site(self) -> tuple[str, str]:
        """Its service, and its region."""
        service, _, region = self.node.partition(" of ")[2].partition("@")
        return service, region
