"""What breaks, when, and how it looks to a caller. One file a target, as in every layer below."""

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from simulator.language.models.faults.base import Fault, FaultOfUsers, LimitedFault
from simulator.language.models.faults.clocks import ClockFault
from simulator.language.models.faults.control_planes import ControlPlaneFault
from simulator.language.models.faults.keys import KeysFault
from simulator.language.models.faults.links import LinkEnds, LinkFault
from simulator.language.models.faults.names import DnsFault
from simulator.language.models.faults.nodes import NodeFault
from simulator.language.models.faults.regions import RegionFault, ZoneFault
from simulator.language.models.faults.replication import ReplicationFault, ReplicationScope
from simulator.language.models.faults.services import IssuerFault, ServiceFault
from simulator.language.models.faults.stores import (
    BucketFault,
    CacheFault,
    DatabaseFault,
    ExternalFault,
    TableFault,
)
from simulator.language.models.faults.surges import BotFault, Bots, SurgeFault

__all__ = [
    "FAULT_KINDS",
    "AnyFault",
    "BotFault",
    "Bots",
    "BucketFault",
    "CacheFault",
    "ClockFault",
    "ControlPlaneFault",
    "DatabaseFault",
    "DnsFault",
    "ExternalFault",
    "Fault",
    "FaultOfUsers",
    "IssuerFault",
    "KeysFault",
    "LimitedFault",
    "LinkEnds",
    "LinkFault",
    "NodeFault",
    "RegionFault",
    "ReplicationFault",
    "ReplicationScope",
    "ServiceFault",
    "SurgeFault",
    "TableFault",
    "ZoneFault",
    "fault_form",
]

FAULT_KINDS = {
    "zone": ":ZoneFault",
    "node": ":NodeFault",
    "service": ":ServiceFault",
    "table": ":TableFault",
    "database": ":DatabaseFault",
    "cache": ":CacheFault",
    "bucket": ":BucketFault",
    "external": ":ExternalFault",
    "issuer": ":IssuerFault",
    "keys": ":KeysFault",
    "surge": ":SurgeFault",
    "bots": ":BotFault",
    "control_plane": ":ControlPlaneFault",
    "region": ":RegionFault",
    "link": ":LinkFault",
    "replication": ":ReplicationFault",
    "clock": ":ClockFault",
    "dns": ":DnsFault",
}


def fault_form(value: Any) -> str | None:
    """Tell the kind of a fault from the keys that the user wrote; None if none of them says."""
    keys = value if isinstance(value, dict) else {}
    return next((tag for key, tag in FAULT_KINDS.items() if key in keys), None)


AnyFault = Annotated[
    Annotated[ZoneFault, Tag(":ZoneFault")]
    | Annotated[NodeFault, Tag(":NodeFault")]
    | Annotated[ServiceFault, Tag(":ServiceFault")]
    | Annotated[TableFault, Tag(":TableFault")]
    | Annotated[DatabaseFault, Tag(":DatabaseFault")]
    | Annotated[CacheFault, Tag(":CacheFault")]
    | Annotated[BucketFault, Tag(":BucketFault")]
    | Annotated[ExternalFault, Tag(":ExternalFault")]
    | Annotated[IssuerFault, Tag(":IssuerFault")]
    | Annotated[KeysFault, Tag(":KeysFault")]
    | Annotated[SurgeFault, Tag(":SurgeFault")]
    | Annotated[BotFault, Tag(":BotFault")]
    | Annotated[RegionFault, Tag(":RegionFault")]
    | Annotated[LinkFault, Tag(":LinkFault")]
    | Annotated[ReplicationFault, Tag(":ReplicationFault")]
    | Annotated[ClockFault, Tag(":ClockFault")]
    | Annotated[ControlPlaneFault, Tag(":ControlPlaneFault")]
    | Annotated[DnsFault, Tag(":DnsFault")],
    Discriminator(fault_form),
]
