"""Steps of failover plans that restore, as a run has them: each starts when only the run tells."""

from typing import TYPE_CHECKING

from simulator.records import dataclass

if TYPE_CHECKING:  # only who has such a step needs the models
    from simulator.language.checks.restores import Store
    from simulator.language.models.data_steps import RestoreStep
    from simulator.language.models.experiment import Experiment
    from simulator.language.models.restores import Restore
    from simulator.language.models.topology import Topology


@dataclass(frozen=True)
class RestoreStepPlan:
    """A restore that starts when its step takes effect."""

    step: "RestoreStep"
    experiment: "Experiment"
    topology: "Topology"

    def refuses(self, at_ns: int) -> str:
        """Why it cannot start at a time of the run, in words, or nothing."""
        from simulator.language.checks.restores import why_not_now

        return why_not_now(self.starting(at_ns), self._store, self.experiment)

    def starting(self, at_ns: int) -> "Restore":
        """The restore, as if the experiment said when it starts."""
        return self.step.starting(at_ns, is_table=self.step.restore in self.topology.tables)

    @property
    def _store(self) -> "Store":
        return (self.topology.tables | self.topology.databases)[self.step.restore]
