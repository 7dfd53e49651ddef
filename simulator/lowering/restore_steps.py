"""Steps of failover plans that restore, lowered: each starts at an instant that only the run tells.

What a restore goes back to is kept while the run goes on, so it must be known before. A run is the same each
time, and what is kept changes nothing in it: it is played until a step starts a restore, and then again with
the restore that starts at that instant. Specification: docs/model-control-plane.md §8.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from simulator.language.models.restores import Restore
from simulator.lowering.context import Context
from simulator.lowering.restores import lower_restore, snapshots
from simulator.plan.lowered import DataPlan, Plan
from simulator.plan.restore_steps import RestoreStepPlan
from simulator.plan.restores import RestorePlan


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
