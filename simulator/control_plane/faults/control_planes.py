"""Control planes that refuse."""

from simulator.control_plane.faults.acting import Target
from simulator.plan.faults.control_planes import ControlPlaneFaultPlan
from simulator.plan.timeline import FaultPlan


class ControlPlanes(Target):
    """Control planes, by name and region: each frozen while any fault holds; and launches that fail."""

    struck_by = (ControlPlaneFaultPlan,)

    def apply(self, _switched: list[FaultPlan], _begun: list[FaultPlan]) -> None:
        """Freeze them, or let them go."""
        acting = self._acting.of(ControlPlaneFaultPlan)
        frozen = (fault for fault in acting if not fault.failing_launches)
        self._world.frozen = {(fault.control_plane, fault.region) for fault in frozen}
        self._world.failing_launches = [
            (fault.region, fault.failing_launches) for fault in acting if fault.failing_launches
        ]
