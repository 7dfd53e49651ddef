"""Nodes that take on more than their memory holds: they are killed, and a supervisor starts them anew.

Specification: docs/model-control-plane.md §7. Elsewhere the data plane is behind the control plane, and
catches up when it is looked at. Here the control plane has to hear from it: before each change the data plane
goes on to the instant of the change, and stops where it kills a node.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from simulator.boundary.events import NODE_KILLED, NODE_RESTARTED
from simulator.boundary.looks import Place
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import OfNode
from simulator.control_plane.causes import Cause, newest
from simulator.control_plane.chance import duration_ns, entity_of, uniform
from simulator.control_plane.fleets import zone_is_up
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.plan.faults.nodes import NodeFaultPlan
from simulator.plan.faults.services import IssuerFaultPlan, ServiceFaultPlan
from simulator.plan.lowered import DataPlan
from simulator.plan.node_memory import NodeMemoryPlan
from simulator.randomness.draws import NODE_RESTART


class Deaths:
    """The nodes of a run that are killed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._plans = {(one.service, one.region): one for one in world.plan.control.of(NodeMemoryPlan)}
        self._killed = Counter[Place]()
        self._near = {service: [*_faults_near(world, service)] for service, _ in self._plans}
        """Of each service the numbers of the faults that may concern it."""

    def follow(self, until_ns: int) -> bool:
        """Let the data plane go on to what is due next, maybe a death; whether that is before an end."""
        world = self._world
        next_ns = int(min(world.env.peek(), until_ns))
        at_ns, instances = world.look_ahead(next_ns)
        if instances:
            death = world.before(at_ns - world.now_ns)
            assert death.callbacks is not None
            death.callbacks.append(lambda _: self._begin(instances))
            next_ns = at_ns
        return next_ns < until_ns

    def _begin(self, instances: list[int]) -> None:
        for index in instances:
            self._world.begin(self._die(index))

    def _die(self, index: int) -> Process:
        """A node is down, until it has started anew; unless another one has its number by then."""
        world, data = self._world, self._world.plan.data
        site = int(data.instance_service[index]), int(data.instance_region[index])
        plan, node = self._plans[site], (*site, index - int(data.site_first[site]))
        subject = OfNode(world.plan.services[site[0]], world.plan.regions[site[1]], node[2])
        left = sum(world.mode_of_node(site, one) == UP for one in world.nodes[site] - {node[2]})
        world.record(NODE_KILLED, subject, self._cause(site), room=plan.room, left=left)
        number = self._killed[site]
        self._killed[site] += 1
        world.set_killed(node, number)
        world.changed()
        yield world.after(self._restart_ns(plan, number))
        if world.killed.get(node) == number:
            if node[2] in world.nodes[site] and zone_is_up(world, site, node[2]):  # else it is gone, or dark
                world.record(NODE_RESTARTED, subject)
            world.set_killed(node, None)
            world.changed()

    def _restart_ns(self, plan: NodeMemoryPlan, number: int) -> int:
        entity = entity_of(plan.service, plan.region)
        return duration_ns(plan.restart, uniform(self._world.plan.data.seed, NODE_RESTART, entity, number))

    def _cause(self, site: Place) -> Cause:
        """What has changed the load on a site last: a fault, answers, or a node that is sent nothing more."""
        causes, data = self._world.causes, self._world.plan.data
        names = {*data.op_name[data.op_service == site[0]].tolist()}
        moved = causes.newest([("site", site), ("targets", site), *(("answers", (one,)) for one in names)])
        return newest([moved, causes.of_faults(self._near[site[0]])])


def _faults_near(world: World, service: int) -> Iterator[int]:
    """The faults but those of services that have nothing to do with one, or of regions without any that has.

    Services have to do with each other that call, or are called, also through others.
    """
    data = world.plan.data
    related, steps = _related(data, service)
    stores = [int(one) for one in {*data.step_store[steps], *data.step_miss[steps]} if one >= 0]
    there = data.site_compute[related].any(axis=0) | data.store_replica[stores].any(axis=0)
    regions = {*np.flatnonzero(there).tolist()}
    for fault in world.plan.control.faults:
        is_apart = isinstance(fault, ServiceFaultPlan | NodeFaultPlan) and fault.service not in related
        is_away = bool(fault.places) and regions.isdisjoint(fault.places)
        if not (is_apart or is_away) or isinstance(fault, IssuerFaultPlan):
            yield fault.number


def _related(data: DataPlan, service: int) -> tuple[list[int], list[int]]:
    """The services that have to do with one, itself among them, and their steps."""
    of_step = np.repeat(data.op_service, data.op_step_count)  # steps stand in the order of operations
    calls = (data.step_operation >= 0).nonzero()[0]
    pairs = [{int(of_step[one]), int(data.op_service[data.step_operation[one]])} for one in calls]
    found = {service}
    while more := {other for pair in pairs if found & pair for other in pair - found}:
        found |= more
    return sorted(found), np.isin(of_step, sorted(found)).nonzero()[0].tolist()


def _start(world: World) -> Iterator[Process]:
    """Nothing is there to run until a node is killed."""
    if world.plan.control.of(NodeMemoryPlan):
        world.one(Deaths)
    yield from ()


SERVICE = Service("out of memory", _start, (NODE_KILLED, NODE_RESTARTED))
