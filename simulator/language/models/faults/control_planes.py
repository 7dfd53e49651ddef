"""The control plane of Route 53 refuses."""

from typing import Annotated, Literal

from pydantic import Field

from simulator.boundary.modes import mode_text
from simulator.language.models.faults.base import Fault, ModeOf


class ControlPlaneFault(Fault):
    """Route 53 refuses record changes; answers and health checks keep working."""

    target = "control_plane"

    control_plane: Literal["route53"]
    """Whose control plane."""
    mode: Annotated[str, ModeOf("control_plane")] = Field(
        default="frozen", description=mode_text("control_plane")
    )
