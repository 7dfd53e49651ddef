"""Links between places that break."""

from simulator.boundary.looks import together
from simulator.control_plane.faults.acting import Target, chosen
from simulator.plan.faults.links import LinkFaultPlan
from simulator.plan.timeline import FaultPlan


class Links(Target):
    """The directed links between places."""

    struck_by = (LinkFaultPlan,)
    seen = True

    def apply(self, switched: list[FaultPlan], _begun: list[FaultPlan]) -> None:
        """Set the links that these faults strike."""
        acting = self._acting.of(LinkFaultPlan)
        for link in sorted({link for fault in chosen(switched, LinkFaultPlan) for link in fault.pairs}):
            here = [fault for fault in acting if link in fault.pairs]
            self._world.show("link", link, here)
            self._world.set_link(link, together(fault.look for fault in here))
