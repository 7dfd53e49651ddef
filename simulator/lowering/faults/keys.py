"""Signing keys that vanish."""

from simulator.language.models.faults import KeysFault
from simulator.language.models.quantities import EVERYWHERE
from simulator.lowering.context import Context
from simulator.lowering.faults.saying import said
from simulator.plan.faults.keys import KeysFaultPlan


def lower_keys(fault: KeysFault, context: Context) -> KeysFaultPlan:
    """The signing key of one issuer, or of every issuer."""
    identity = context.topology.identity
    issuers = [] if identity is None else identity.issuer
    everywhere = fault.keys == EVERYWHERE
    regions = context.region_numbers(issuers if everywhere else [fault.keys])
    what = f"signing key of {'every issuer' if everywhere else fault.keys}"
    return KeysFaultPlan(regions=regions, **said(fault, what, fault.keys))
