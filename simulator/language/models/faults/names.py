"""The authoritative servers of a DNS name break."""

from typing import Annotated

from pydantic import Field

from simulator.boundary.modes import mode_text, share_text
from simulator.language.models.faults.base import Fault, ModeOf
from simulator.language.models.quantities import Share


class DnsFault(Fault):
    """The authoritative servers of a name err, lose queries, or give an empty answer."""

    target = "dns"

    dns: str
    """The name, one of the topology's `dns`."""
    mode: Annotated[str, ModeOf("dns")] = Field(description=mode_text("dns"))
    share: Share | None = Field(default=None, description=share_text("dns"))
