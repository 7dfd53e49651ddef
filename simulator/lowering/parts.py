"""A part of lowering: what one service of the control plane reads of an experiment."""

from collections.abc import Callable

from simulator.lowering.context import Context
from simulator.records import dataclass


@dataclass(frozen=True)
class Part:
    """Lowers what a service needs to plans of classes of its own, by which `ControlPlan.of` finds them."""

    service: str
    """The name under which `simulator.control_plane.registry` lists it."""
    lower: Callable[[Context], tuple[object, ...]]
