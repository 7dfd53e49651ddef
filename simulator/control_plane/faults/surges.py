"""Load that grows: of users, or of bots."""

from simulator.control_plane.faults.acting import Target, chosen
from simulator.plan.faults.surges import SurgeFaultPlan
from simulator.plan.timeline import FaultPlan
from simulator.times import total_factor


class Surges(Target):
    """The load of each population: factors of users' multiply; bots are there, or not."""

    struck_by = (SurgeFaultPlan,)

    def apply(self, switched: list[FaultPlan], _begun: list[FaultPlan]) -> None:
        """Set the loads that these faults strike."""
        for population in sorted({fault.population for fault in chosen(switched, SurgeFaultPlan)}):
            here = [fault for fault in self._acting.of(SurgeFaultPlan) if fault.population == population]
            self._world.show("population", (population,), here)
            self._world.touch().set_surge(population, self._factor(population, here))

    def _factor(self, population: int, acting: list[SurgeFaultPlan]) -> float:
        data, factors = self._world.plan.data, [fault.factor for fault in acting]
        if data.pop_bots[population]:
            return 1.0 if factors else 0.0
        return float(data.pop_surge_base[population]) * total_factor(factors)
