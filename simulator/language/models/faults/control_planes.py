"""A control plane refuses: changes are impossible, what serves requests goes on."""

from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from simulator.boundary.control_planes import CONTROL_PLANES
from simulator.boundary.modes import mode_text, share_text
from simulator.language.models.faults.base import Fault, ModeOf
from simulator.language.models.quantities import RegionName, Share


class _NameOfOne:
    """Marks a text as the name of a control plane, as a `Literal` of them would."""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema([*CONTROL_PLANES])


class ControlPlaneFault(Fault):
    """A service refuses changes; what it serves goes on, such as answers and health checks of Route 53."""

    target = "control_plane"
    control_plane: Annotated[str, _NameOfOne()]
    """Whose control plane."""
    region: RegionName | None = None
    """Of a regional service: where; default everywhere. A global one's is in its home region alone."""
    mode: Annotated[str, ModeOf("control_plane")] = Field(
        default="frozen", description=mode_text("control_plane")
    )
    share: Share | None = Field(default=None, description=share_text("control_plane"))
