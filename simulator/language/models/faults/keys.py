"""Signing keys vanish."""

from typing import Annotated

from pydantic import Field

from simulator.boundary.modes import mode_text
from simulator.language.models.faults.base import Fault, ModeOf
from simulator.language.models.quantities import PlaceName


class KeysFault(Fault):
    """The signing key disappears from the published set; tokens signed with it are still issued."""

    target = "keys"

    keys: PlaceName
    """The issuer's region, or `everywhere`."""
    mode: Annotated[str, ModeOf("keys")] = Field(default="removed", description=mode_text("keys"))
