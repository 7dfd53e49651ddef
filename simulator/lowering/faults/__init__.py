"""The experiment's faults lowered: one file a target, as in `language.models.faults`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from simulator.language.models import faults as written
from simulator.lowering.context import Context
from simulator.lowering.faults.clocks import lower_clock
from simulator.lowering.faults.control_planes import lower_control_plane
from simulator.lowering.faults.keys import lower_keys
from simulator.lowering.faults.links import lower_link
from simulator.lowering.faults.names import lower_dns
from simulator.lowering.faults.nodes import lower_node
from simulator.lowering.faults.regions import lower_region, lower_zone
from simulator.lowering.faults.replication import lower_replication
from simulator.lowering.faults.services import lower_issuer, lower_service
from simulator.lowering.faults.stores import lower_store
from simulator.lowering.faults.surges import lower_bots, lower_surge
from simulator.plan.timeline import FaultPlan
from simulator.randomness.draws import FLAPPING, uniform_of

_LOWER: dict[type[written.Fault], Callable[[Any, Context], FaultPlan]] = {
    written.RegionFault: lower_region,
    written.ZoneFault: lower_zone,
    written.NodeFault: lower_node,
    written.ServiceFault: lower_service,
    written.IssuerFault: lower_issuer,
    written.TableFault: lower_store,
    written.DatabaseFault: lower_store,
    written.CacheFault: lower_store,
    written.BucketFault: lower_store,
    written.ExternalFault: lower_store,
    written.LinkFault: lower_link,
    written.ReplicationFault: lower_replication,
    written.ClockFault: lower_clock,
    written.ControlPlaneFault: lower_control_plane,
    written.DnsFault: lower_dns,
    written.KeysFault: lower_keys,
    written.SurgeFault: lower_surge,
    written.BotFault: lower_bots,
}


def lower_faults(context: Context) -> tuple[FaultPlan, ...]:
    """The faults of the experiment, in file order."""
    return tuple(_lower(number, fault, context) for number, fault in enumerate(context.experiment.faults))


def _lower(number: int, fault: written.Fault, context: Context) -> FaultPlan:
    plan = replace(_LOWER[type(fault)](fault, context), number=number)
    if fault.flapping is None or fault.flapping.bad is None:
        return plan
    return replace(plan, bad=_bad_periods(plan, fault.flapping.bad, context))


def _bad_periods(plan: FaultPlan, share: float, context: Context) -> frozenset[int]:
    """Those in which a fault that flaps at random is on; it begins with one."""
    until_ns = min(plan.end_ns, context.experiment.duration)
    count = -(-(until_ns - plan.start_ns) // plan.period_ns)
    draws = (
        (number, uniform_of(context.seed, FLAPPING, plan.number, number, 0, 0)) for number in range(count)
    )
    return frozenset(number for number, u in draws if not number or u < share)
