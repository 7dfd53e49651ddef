"""What leaves for good: a region with its replicas, or one replica that becomes a table of its own.

All that is due must have been delivered.
"""

from simulator.data_plane.stores.delivery import leave_behind, stop_waiting_for
from simulator.data_plane.stores.forked_replicas import lose_forked
from simulator.data_plane.stores.snapshots import keep_all
from simulator.data_plane.stores.strong_losses import lose_member
from simulator.data_plane.stores.survivors import settle_last
from simulator.data_plane.stores.versions import lose_origin
from simulator.kernels.blocks import Block
from simulator.plan.lowered import DataPlan


def lose_replicas(spec: DataPlan, plan: Block, memory: Block, region: int) -> None:
    """A region is gone for good: its undelivered writes are lost."""
    keep_all(plan, memory, region)
    lose_origin(plan, memory, region)
    if spec.store_strong.any():
        lose_member(plan, memory, region)
    settle_last(plan, memory, region)
    memory.world.region_lost[region] = 1
    memory.world.replica_lost[:, region] = 1
    stop_waiting_for(plan, memory, region)


def fork_off(plan: Block, memory: Block, store: int, region: int) -> int:
    """A replica leaves its table: what is there alone is lost, and nothing arrives there any more."""
    lost = int(lose_forked(plan, memory, store, region))
    memory.world.replica_lost[store, region] = 1
    leave_behind(plan, memory, store, region)
    return lost
