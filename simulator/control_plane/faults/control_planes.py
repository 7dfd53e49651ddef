"""Control planes that refuse."""

from simulator.control_plane.faults.acting import Target
from simulator.plan.faults.control_planes import ControlPlaneFaultPlan
from simulator.plan.timeline import FaultPlan


class ControlPlanes(Target):
    """The control plane of Route 53: frozen while any fault holds."""

    struck_by = (ControlPlaneFaultPlan,)

    def apply(self, _switched: list[FaultPlan], _begun: list[FaultPlan]) -> None:
        """Freeze it, or let it go."""
        self._world.route53_frozen = bool(self._acting.of(ControlPlaneFaultPlan))
