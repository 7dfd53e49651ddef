"""Clocks that are wrong."""

from simulator.control_plane.faults.acting import Target, chosen
from simulator.plan.faults.clocks import ClockFaultPlan
from simulator.plan.timeline import FaultPlan
from simulator.times import total_skew_ns


class Clocks(Target):
    """The clock of each region: skews add, with their signs."""

    struck_by = (ClockFaultPlan,)

    def apply(self, switched: list[FaultPlan], _begun: list[FaultPlan]) -> None:
        """Set the clocks that these faults strike."""
        acting = self._acting.of(ClockFaultPlan)
        for region in sorted({fault.region for fault in chosen(switched, ClockFaultPlan)}):
            here = [fault for fault in acting if fault.region == region]
            self._world.show("clock", (region,), here)
            self._world.touch().set_clock(region, total_skew_ns(fault.skew_ns for fault in here))
