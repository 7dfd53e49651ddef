"""Amounts that are charged for, each in the unit of its price."""

from simulator.records import dataclass

MILLION, THOUSAND = 1e6, 1e3
GB = 2**30
"""AWS counts a GB as 2^30 bytes."""
HOURS_A_MONTH = 730.0
"""As AWS's own estimates do."""


@dataclass(frozen=True)
class Amount:
    """So much of something, in the time of a run."""

    price: str
    """The name of its price, one of `simulator.catalog.prices`."""
    region: str
    """Where it is charged."""
    of: str
    """What is charged for: a table, a service …"""
    quantity: float
    """In the unit of its price."""
    follows_load: bool
    """Whether it grows with what users do; if not, it is there whatever they do."""
