"""DNS names whose authoritative servers break."""

from simulator.boundary.looks import Look, together
from simulator.boundary.outcomes import ANSWERING, EMPTY, FAILING, LOSING
from simulator.control_plane.faults.acting import Target, chosen
from simulator.plan.faults.names import NameFaultPlan
from simulator.plan.timeline import FaultPlan


class Names(Target):
    """The authoritative servers of each name."""

    struck_by = (NameFaultPlan,)

    def apply(self, switched: list[FaultPlan], _begun: list[FaultPlan]) -> None:
        """Set the servers that these faults strike."""
        acting = self._acting.of(NameFaultPlan)
        for name in sorted({fault.name for fault in chosen(switched, NameFaultPlan)}):
            here = [fault for fault in acting if fault.name == name]
            self._world.show("name", (name,), here)
            look = together(fault.look for fault in here)
            mode = _mode(look)
            answers = mode == ANSWERING or (mode == LOSING and look.loss < 1.0)
            (self._world.unanswered.discard if answers else self._world.unanswered.add)(name)
            self._world.touch().set_authoritative(name, mode, look.loss)


def _mode(look: Look) -> int:
    """Servers that lose every query answer nothing; else an error outweighs an empty answer."""
    if look.loss < 1.0 and look.error_share:
        return FAILING
    if look.loss < 1.0 and look.empty:
        return EMPTY
    return LOSING if look.loss else ANSWERING
