"""What control processes tell of the members of strong tables, and ask when one is gone."""

import numpy as np

from simulator.boundary.tallies import AtRisk
from simulator.data_plane.stores.strong import is_caught_up
from simulator.data_plane.stores.strong_losses import keeps_members, mark_member_at_risk
from simulator.data_plane.stores.versions import mark_at_risk
from simulator.kernels.blocks import Block
from simulator.plan.lowered import DataPlan


def set_reach(
    spec: DataPlan, plan: Block, memory: Block, pair: tuple[int, int, int], reached: bool, now_ns: int
) -> None:
    """Two members (`pair`: store and locations) do or do not reach each other."""
    store, one, other = pair
    for region, place in ((one, other), (other, one)):
        if region < spec.region_count and spec.store_replica[store, region]:
            _reach(plan, memory, (store, region), place, reached, now_ns)


def _reach(
    plan: Block, memory: Block, member: tuple[int, int], place: int, reached: bool, now_ns: int
) -> None:
    """A replica that had no quorum, and has one again, is behind what has been acknowledged."""
    is_caught_up(plan, memory, *member, now_ns)
    reaches = memory.world.reaches[member]
    returns = reached and not reaches.any()
    reaches[place] = reached
    if returns:
        memory.replicators.catching_up[member] = memory.replicators.written[member[0]]


def mark_writes(spec: DataPlan, plan: Block, memory: Block, region: int, now_ns: int) -> list[AtRisk]:
    """Mark and count the writes that only a region has, by store; all that is due has been delivered."""
    marks = []
    for store in np.flatnonzero(spec.store_replica[:, region]).tolist():
        strong = spec.store_strong[store] and keeps_members(plan, memory, store, region)
        mark = mark_member_at_risk if strong else mark_at_risk
        writes, oldest_ns = mark(plan, memory, store, region, now_ns)
        marks.append(AtRisk(store, region, now_ns, int(writes), int(oldest_ns)))
    return marks
