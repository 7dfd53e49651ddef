"""List prices: data with unit, date, label and source."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from simulator.records import dataclass

_DATA = Path(__file__).parent / "data"

EVERYWHERE = "*"
STAND_IN = "us-east-1"
"""The region whose price stands in where that of a region is not known."""


@dataclass(frozen=True)
class Price:
    """One list price."""

    name: str
    per: str
    """What it is a price of: a unit, such as million requests."""
    usd: Mapping[str, float]
    """US dollars by region; of '*' everywhere. Empty: there is none here."""
    label: str
    """documented, or unpriced."""
    source: str
    as_of: str = ""
    """Its date."""

    @property
    def text(self) -> str:
        """The price for a reader."""
        where = {EVERYWHERE: "everywhere"}
        known = ", ".join(f"{usd} USD in {where.get(region, region)}" for region, usd in self.usd.items())
        return f"{self.per}: {known.replace('in everywhere', 'everywhere') or 'no price'}"

    @property
    def dated_source(self) -> str:
        """Its source, with its date if it has one."""
        return f"{self.source}; {self.as_of}" if self.as_of else self.source

    def in_region(self, region: str) -> tuple[float, str] | None:
        """US dollars there, and the region whose price that is; None if there is none at all."""
        for of in (region, EVERYWHERE, STAND_IN):
            if of in self.usd:
                return self.usd[of], region if of == EVERYWHERE else of
        return None


@cache
def prices() -> dict[str, Price]:
    """The list prices by name."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    raw = yaml.load((_DATA / "prices.yaml").read_text(encoding="utf-8"), Loader=loader)
    return {name: Price(name, **fields) for name, fields in raw.items()}
