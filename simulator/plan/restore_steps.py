"""Steps of failover plans that restore, lowered: each starts at an instant that only the run tells.

What a restore goes back to is kept while the run goes on, so it must be known before. A run is the same each
time, and what is kept changes nothing in it: it is played until a step starts a restore, and then again with
the restore that starts at that instant. Specification: docs/model-control-plane.md §8.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from simulator.language.checks.restores import Store, why_not_now
from simulator.language.models.data_steps import RestoreStep
from simulator.language.models.experiment import Experiment
from simulator.language.models.restores import Restore
from simulator.language.models.topology import Topology
from simulator.plan.context import Context
from simulator.plan.lowered import DataPlan, Plan
from simulator.plan.restores import RestorePlan, lower_restore, snapshots
from simulator.records import dataclass


@dataclass(frozen=True)
class RestoreStepPlan:
    """A restore that starts when its step takes effect."""

    step: RestoreStep
    experiment: Experiment
    topology: Topology

    def refuses(self, at_ns: int) -> str:
        """Why it cannot start at a time of the run, in words, or nothing."""
        return why_not_now(self.starting(at_ns), self._store, self.experiment)

    def starting(self, at_ns: int) -> Restore:
        """The restore, as if the experiment said when it starts."""
        return self.step.starting(at_ns, is_table=self.step.restore in self.topology.tables)

    @property
    def _store(self) -> Store:
        return (self.topology.tables | self.topology.databases)[self.step.restore]


def with_restore(plan: Plan, does: RestoreStepPlan, by: tuple[int, int], at_ns: int) -> Plan:
    """The plan of a run in which a step, by the numbers of run and step, starts a restore at an instant.

    The restore has the next number, so that the draws of those before it stay what they were.
    """
    context = Context(does.experiment, does.topology, plan.locations, plan.data.seed)
    warm_up_ns, number = plan.data.counts_from_ns, len(plan.control.of(RestorePlan))
    restore = does.starting(at_ns - warm_up_ns)
    lowered = lower_restore(number, restore, context, by).later(warm_up_ns)
    assumptions = {one.name: one for one in (*plan.assumptions, *context.sources.assumptions)}
    return replace(
        plan,
        data=_with_snapshot(plan.data, restore, context),
        control=replace(plan.control, plans=(*plan.control.plans, lowered)),
        assumptions=tuple(assumptions[name] for name in sorted(assumptions)),
    )


def _with_snapshot(data: DataPlan, restore: Restore, context: Context) -> DataPlan:
    """One more state is kept; its items follow those of the others."""
    changes: dict[str, Any] = {}
    for name, found in snapshots([restore], context).items():
        if name == "snapshot_first":
            found = found + data.store_items[data.snapshot_store].sum()
        changes[name] = np.append(getattr(data, name), found)
        changes[name].setflags(write=False)
    return replace(data, **changes)
