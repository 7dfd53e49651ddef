"""Nodes that break, and zones that are grey: what a single node or environment looks like.

Specification: docs/model-control-plane.md §2.
"""

from simulator.boundary.looks import together
from simulator.control_plane.faults.acting import Target, chosen
from simulator.plan.faults.nodes import NodeFaultPlan
from simulator.plan.faults.regions import ZoneFaultPlan
from simulator.plan.timeline import FaultPlan


class Instances(Target):
    """Nodes and environments, each as its own faults and those that make its zone grey let it look."""

    struck_by = (ZoneFaultPlan, NodeFaultPlan)
    seen = True

    def apply(self, switched: list[FaultPlan], _begun: list[FaultPlan]) -> None:
        """Set the zones and the nodes that look different now, then every instance that does."""
        grey = (fault for fault in chosen(switched, ZoneFaultPlan) if fault.is_grey)
        zones = {(fault.region, fault.zone) for fault in grey}
        nodes = {(one.service, one.region, one.node) for one in chosen(switched, NodeFaultPlan)}
        for zone in sorted(zones):
            self._world.set_zone_look(zone, together(fault.look for fault in self._of_zone(*zone)))
        for node in sorted(nodes):
            self._world.set_node_look(node, together(fault.look for fault in self._of_node(*node)))
        first = self._world.plan.data.site_first
        struck = {int(first[service, region]) + number for service, region, number in nodes}
        for index in sorted(struck.union(*(self._in_zone(*zone) for zone in zones))):
            self._set(index)

    def _in_zone(self, region: int, zone: int) -> set[int]:
        """The instances in a zone, by their numbers among all."""
        data = self._world.plan.data
        here = (data.instance_region == region) & (data.instance_zone == zone)
        return {*here.nonzero()[0].tolist()}

    def _of_zone(self, region: int, zone: int) -> list[ZoneFaultPlan]:
        acting = self._acting.of(ZoneFaultPlan)
        return [one for one in acting if one.is_grey and (one.region, one.zone) == (region, zone)]

    def _of_node(self, *node: int) -> list[NodeFaultPlan]:
        acting = self._acting.of(NodeFaultPlan)
        return [one for one in acting if (one.service, one.region, one.node) == node]

    def _set(self, index: int) -> None:
        world, data = self._world, self._world.plan.data
        site = int(data.instance_service[index]), int(data.instance_region[index])
        number, zone = index - int(data.site_first[site]), int(data.instance_zone[index])
        shown: list[FaultPlan] = [*self._of_zone(site[1], zone), *self._of_node(*site, number)]
        world.show("instance", (index,), shown)
        world.touch().set_instance((index,), world.instance_look(site, number))
