"""Prices checked: each is of something that is charged for."""

import difflib

from simulator.catalog.prices import prices
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document
from simulator.units import shown


def check_prices(topology: Topology, document: Document) -> None:
    """Report every price of what nothing is charged for, and of regions that are not the system's."""
    known = prices()
    for name, written in topology.prices.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean '{close[0]}'?" if close else f"one of: {', '.join(known)}"
            document.problem(f"there is no price {shown(name)}; {hint}", ("prices", name), at_key=True)
        for region in written if isinstance(written, dict) else ():
            if region not in topology.regions and topology.regions:
                complaint = f"'{region}' is no region of this topology, where nothing is charged"
                document.problem(complaint, ("prices", name, region), at_key=True)
