"""The part of the compiled plane in which instances go down, and nodes run out of memory."""

import numpy as np

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.looks import Look
from simulator.boundary.outcomes import UP
from simulator.data_plane.doors import put
from simulator.data_plane.queue_arrays import grown_queue
from simulator.data_plane.work.compute import lose_instances, lose_node
from simulator.kernels.blocks import Block
from simulator.plan.lowered import DataPlan


class Losing:
    """What is asked of a plane when instances are lost, and of those that its load has killed."""

    _spec: DataPlan
    _plan: Block
    _memory: Block
    _now_ns: int

    def out_of_memory(self) -> tuple[int, list[int]]:
        """The instant up to which events have been run, and who has run out of memory since the last look."""
        if self._memory.stop_ns[0] == NEVER_NS:
            return self._now_ns, []
        killed = np.flatnonzero(self._memory.instances.killed).tolist()
        self._memory.instances.killed[:], self._memory.stop_ns[0] = 0, NEVER_NS
        return self._now_ns, killed

    def set_zone(self, region: int, zone: int, mode: int) -> None:
        """A zone goes down or comes up, with the instances in it."""
        before = self._memory.world.zone_mode[region, zone]
        self._memory.world.zone_mode[region, zone] = mode
        if before == UP and mode != UP:
            self._lose_instances(region, zone, mode)

    def set_instance(self, place: tuple[int], look: Look) -> None:
        """An instance looks otherwise; a node that goes down loses what it works on."""
        world, (i,) = self._memory.world, place
        region, zone = int(self._spec.instance_region[i]), int(self._spec.instance_zone[i])
        was_up = UP == world.instance_mode[i] == world.region_mode[region] == world.zone_mode[region, zone]
        put(world, "instance", place, look)
        if was_up and look.mode != UP:
            self._make_room_for_waiting()
            lose_node(self._plan, self._memory, i, look.mode, self._now_ns)

    def _lose_instances(self, region: int, zone: int, mode: int) -> None:
        self._make_room_for_waiting()
        lose_instances(self._plan, self._memory, region, zone, mode, self._now_ns)

    def _make_room_for_waiting(self) -> None:
        """Whatever waits for a worker may get events at once."""
        memory = self._memory
        each = 8 if self._spec.service_calls else 3
        while len(memory.queue.what) < memory.queue.size[0] + each * len(memory.attempts.free):
            memory.replace("queue", grown_queue(memory.queue))
