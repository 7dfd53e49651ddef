"""What leaves: a region with its replicas, for good; or one replica. And replicas that join again.

All that is due must have been delivered.
"""

import numpy as np

from simulator.boundary.looks import Place
from simulator.data_plane.stores.delivery import leave_behind, stop_waiting_for
from simulator.data_plane.stores.forked_replicas import lose_forked
from simulator.data_plane.stores.joining import join
from simulator.data_plane.stores.snapshots import keep_all
from simulator.data_plane.stores.strong_losses import lose_member
from simulator.data_plane.stores.survivors import settle_last
from simulator.data_plane.stores.under_way import make_room_in
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


def join_anew(spec: DataPlan, plan: Block, memory: Block, replica: Place, source: int, now_ns: int) -> None:
    """A replica (store, region) joins its table as a copy of its source."""
    store, region = replica
    lanes = memory.lanes
    used = int(np.count_nonzero((lanes.item >= 0) & (lanes.store == store)))
    make_room_in("copies", spec, memory, used * spec.region_count)
    join(plan, memory, store, region, source, now_ns)
