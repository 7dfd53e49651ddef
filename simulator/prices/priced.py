"""Amounts with their prices: what a topology says, or the catalog's list price."""

from collections.abc import Iterable, Iterator

from simulator.catalog.prices import Price, prices
from simulator.language.models.topology import Topology
from simulator.prices.amounts import HOURS_A_MONTH, Amount
from simulator.result.costs import WRITTEN, Cost


def priced(amounts: Iterable[Amount], topology: Topology, hours: float, load: float) -> Iterator[Cost]:
    """What amounts of some hours come to in a month.

    `load`: how many times as much users do in an hour of the month as in one of those, on the average.
    """
    for one in amounts:
        month = HOURS_A_MONTH / hours
        quantity = one.quantity * month * (load if one.follows_load else 1.0)
        found = _price(prices()[one.price], topology, one.region)
        each, whose = (None, "") if found is None else found
        yield Cost(
            price=one.price,
            region=one.region,
            of=one.of,
            per=prices()[one.price].per,
            quantity=quantity,
            usd_each=each,
            price_of=whose,
            usd=None if each is None else quantity * each,
        )


def _price(price: Price, topology: Topology, region: str) -> tuple[float, str] | None:
    """US dollars, and whose price it is."""
    written = topology.prices.get(price.name)
    if isinstance(written, dict):
        if region in written:
            return written[region], WRITTEN
    elif written is not None:
        return written, WRITTEN
    return price.in_region(region)
