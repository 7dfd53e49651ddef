"""Signing keys that vanish."""

from simulator.language.models.faults import KeysFault
from simulator.language.models.quantities import EVERYWHERE
from simulator.plan.context import Context
from simulator.plan.faults.saying import said
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class KeysFaultPlan(FaultPlan):
    """The keys of the issuers in some regions."""

    kind = "keys"

    regions: tuple[int, ...]


def lower_keys(fault: KeysFault, context: Context) -> KeysFaultPlan:
    """The signing key of one issuer, or of every issuer."""
    identity = context.topology.identity
    issuers = [] if identity is None else identity.issuer
    everywhere = fault.keys == EVERYWHERE
    regions = context.region_numbers(issuers if everywhere else [fault.keys])
    what = f"signing key of {'every issuer' if everywhere else fault.keys}"
    return KeysFaultPlan(regions=regions, **said(fault, what, fault.keys))
