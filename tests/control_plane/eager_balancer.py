"""A load balancer as docs/model-control-plane.md §7 states it: a process per node that never sleeps.

It shares the plan and the draws with the control plane, and nothing else. What a check meets is worked out
from the faults' own intervals, not from the state that the control plane keeps.
"""

import math
from collections.abc import Generator
from typing import Any

import simpy

from simulator.boundary.looks import Look
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED
from simulator.control_plane.chance import uniform
from simulator.plan.balancers import BalancerPlan
from simulator.plan.faults.nodes import NodeFaultPlan
from simulator.plan.faults.regions import RegionFaultPlan, ZoneFaultPlan
from simulator.plan.faults.services import ServiceFaultPlan
from simulator.plan.lowered import Plan
from simulator.plan.timeline import FaultPlan
from simulator.randomness.draws import BALANCER

DOWN = {"refused", "black_hole"}

Turn = tuple[int, int, bool]
"""When (ns), which node, and whether it is now believed alive."""


class EagerBalancer:
    def __init__(self, plan: Plan, balancer: BalancerPlan) -> None:
        self.plan, self.balancer = plan, balancer
        self.env = simpy.Environment(initial_time=0)
        self.acting = [(fault, fault.intervals(plan.data.duration_ns)) for fault in plan.control.faults]
        self.found: list[Turn] = []

    def run(self) -> list[Turn]:
        first = int(self.plan.data.site_first[self.balancer.service, self.balancer.region])
        for number in range(int(self.plan.data.site_count[self.balancer.service, self.balancer.region])):
            zone = int(self.plan.data.instance_zone[first + number])
            self.env.process(self.node(number, zone))
        self.env.run(until=self.plan.data.duration_ns)
        return sorted(self.found)

    def modes(self, kind: str, at_ns: int, **which: Any) -> set[str]:
        """The modes of the faults of one target that act at an instant."""
        return {
            fault.mode
            for fault, intervals in self.acting
            if fault.kind == kind
            and all(getattr(fault, key) == value for key, value in which.items())
            and any(a <= at_ns < b for a, b in intervals)
        }

    def zone_modes(self, zone: int, at_ns: int) -> set[str]:
        return self.modes("zone", at_ns, zone=zone, region=self.balancer.region) & DOWN

    def node_modes(self, number: int, at_ns: int) -> set[str]:
        site = {"service": self.balancer.service, "region": self.balancer.region}
        return self.modes("node", at_ns, node=number, **site) & DOWN

    def looks_at(self, at_ns: int, number: int, zone: int) -> list[Look]:
        """What acts on a node at an instant: faults of its region, its service, its zone, and its own."""
        return [
            fault.look
            for fault, intervals in self.acting
            if self.strikes(fault, number, zone) and any(a <= at_ns < b for a, b in intervals)
        ]

    def strikes(self, fault: FaultPlan, number: int, zone: int) -> bool:
        """Whether a fault is one of the site, or of a node there."""
        service, region = self.balancer.service, self.balancer.region
        if isinstance(fault, ServiceFaultPlan):
            return fault.service == service and region in fault.regions
        if isinstance(fault, NodeFaultPlan):
            return (fault.service, fault.region, fault.node) == (service, region, number)
        if isinstance(fault, ZoneFaultPlan):
            return (fault.region, fault.zone) == (region, zone)
        return isinstance(fault, RegionFaultPlan) and fault.region == region

    def check_at(self, number: int, zone: int, check: int, at_ns: int) -> tuple[bool, int]:
        """Whether a node's check, the n-th of its own, fails, and after how long."""
        zone_modes, looks = self.zone_modes(zone, at_ns), self.looks_at(at_ns, number, zone)
        zone_modes, plan = zone_modes | self.node_modes(number, at_ns), self.balancer
        modes = [look.mode for look in looks]
        if zone_modes:
            return True, plan.timeout_ns if "black_hole" in zone_modes else 0
        well = 1.0
        for look in sorted(looks, key=lambda look: -look.error_share):
            well *= 1 - look.error_share
        capacity = math.prod(look.capacity for look in looks)
        add_ns = sum(look.add_ns for look in looks)
        workers = int(self.plan.data.node_workers[plan.service, plan.region])
        if (REFUSED in modes and BLACK_HOLE not in modes) or well == 0:
            return True, 0
        if BLACK_HOLE in modes or int(workers * capacity + 0.5) == 0 or add_ns > plan.timeout_ns:
            return True, plan.timeout_ns
        entity = plan.service * 1024 + plan.region
        fails = well < 1 and uniform(self.plan.data.seed, BALANCER, entity, number, 1 + check) < 1 - well
        return fails, 0 if fails else add_ns

    def down_at(self, at_ns: int) -> bool:
        """Whether the region, and with it the balancer, is down."""
        own = self.modes("region", at_ns, region=self.balancer.region) & {"refused", "black_hole", "lost"}
        zones = range(int(self.plan.data.zone_count[self.balancer.region]))
        return bool(own) or all(self.zone_modes(zone, at_ns) for zone in zones)

    def went_down(self, start_ns: int, end_ns: int) -> bool:
        """Whether the region is down at any instant after the first and up to the last."""
        edges = {edge for _, intervals in self.acting for pair in intervals for edge in pair}
        instants = [end_ns, *(edge for edge in edges if start_ns < edge <= end_ns)]
        return any(self.down_at(instant) for instant in instants if instant > start_ns)

    def node(self, number: int, zone: int) -> Generator[simpy.Event, Any, None]:
        """Check a node for ever. A result counts unless the region was down since the check before."""
        plan, entity = self.balancer, self.balancer.service * 1024 + self.balancer.region
        phase_ns = int(uniform(self.plan.data.seed, BALANCER, entity, number) * plan.interval_ns)
        alive, contrary, before_ns, check = True, 0, -1, 0
        yield self.env.timeout(phase_ns)
        while True:
            begin_ns = int(self.env.now)
            if self.went_down(before_ns, begin_ns):
                contrary = 0
            before_ns = begin_ns
            took_ns = 0
            if not self.down_at(begin_ns):
                fails, takes_ns = self.check_at(number, zone, check, begin_ns)
                contrary = contrary + 1 if fails == alive else 0
                threshold = plan.unhealthy_threshold if alive else plan.healthy_threshold
                if contrary == threshold:
                    took_ns = takes_ns
                    yield self.env.timeout(took_ns)
                    if not self.went_down(begin_ns, begin_ns + took_ns):
                        alive = not alive
                        self.found.append((int(self.env.now), number, alive))
                    contrary = 0
            check += 1
            yield self.env.timeout(plan.interval_ns - took_ns)
