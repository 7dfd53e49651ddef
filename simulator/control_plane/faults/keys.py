"""Signing keys that vanish from the published set."""

from simulator.control_plane.faults.acting import Target, chosen
from simulator.plan.faults.keys import KeysFaultPlan
from simulator.plan.timeline import FaultPlan


class Keys(Target):
    """The key of each issuer: missing while any fault holds."""

    struck_by = (KeysFaultPlan,)

    def apply(self, switched: list[FaultPlan], _begun: list[FaultPlan]) -> None:
        """Set the keys that these faults strike."""
        acting = self._acting.of(KeysFaultPlan)
        for region in sorted({r for fault in chosen(switched, KeysFaultPlan) for r in fault.regions}):
            here = [fault for fault in acting if region in fault.regions]
            self._world.show("key", (region,), here)
            self._world.touch().set_key(region, bool(here))
