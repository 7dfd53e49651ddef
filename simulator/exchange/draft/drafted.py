"""What a draft is made of: sections that fill up, and what is to be told of the files beside them."""

from dataclasses import field

from simulator.exchange.draft.writing import Entry
from simulator.exchange.found import Found
from simulator.exchange.links import Links
from simulator.records import dataclass


@dataclass
class Drafted:
    """A draft on its way."""

    links: Links
    regions: dict[str, list[Found]] = field(default_factory=dict)
    """The regions in use, each with what was found there."""
    zones: dict[str, int] = field(default_factory=dict)
    """How many zones a region's fleets are spread over."""
    sections: dict[str, list[Entry]] = field(default_factory=dict)
    """The sections of the topology but for the regions."""
    used: set[Found] = field(default_factory=set)
    """The resources that the draft has read,"""
    stores: dict[Found, str] = field(default_factory=dict)
    """the names of stores by their resources,"""
    places: dict[str, list[str]] = field(default_factory=dict)
    """and the regions of stores by name."""
    store_kinds: dict[str, str] = field(default_factory=dict)
    """The section of each store."""
    services: dict[Found, str] = field(default_factory=dict)
    """The services by the resources that are parts of them."""
    unread: list[str] = field(default_factory=list)
    """What was found and is not in the draft, with the reason."""
    assumed: list[str] = field(default_factory=list)
    """What the draft says and no file does."""

    def add(self, section: str, one: Entry) -> None:
        """Add an entry to a section."""
        self.sections.setdefault(section, []).append(one)

    def names(self, section: str) -> list[str]:
        """The names of a section's entries."""
        return [one.key for one in self.sections.get(section, ())]

    def use(self, *found: Found) -> None:
        """Note that resources have been read."""
        self.used |= {*found}

    def here(self, region: str, one: Found) -> str:
        """Note that the system is in a region because of a resource."""
        known = self.regions.setdefault(region, [])
        if one not in known:
            known.append(one)
        return region

    def add_store(self, section: str, one: Entry, regions: list[str], found: list[Found]) -> None:
        """Add a store, which is what some resources are, in some regions."""
        self.add(section, one)
        self.places[one.key] = regions
        self.store_kinds[one.key] = section
        self.stores |= dict.fromkeys(found, one.key)
        self.use(*found)
        for region in regions:
            there = [resource for resource in found if resource.region == region]
            for resource in there or found[:1]:
                self.here(region, resource)
