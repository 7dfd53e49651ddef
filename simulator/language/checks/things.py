"""Secrets, images and certificates checked: what services need, and what their regions have."""

from simulator.language.checks.values import check_repeats
from simulator.language.models.things import KINDS, Things
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import nearest
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names, is_whole


def check_things(topology: Topology, names: Names, document: Document) -> None:
    """Report what no region has, what no service needs, and what a region at work cannot be without."""
    for section, holders in (("regions", topology.regions), ("services", topology.services)):
        key = "has" if section == "regions" else "needs"
        for name, holder in holders.items():
            for kind in KINDS:
                _check_names(getattr(getattr(holder, key), kind), document, (section, name, key, kind))
    if is_whole(topology.regions, names.regions) and is_whole(topology.services, names.services):
        for kind, one in KINDS.items():
            _check_kind(kind, one, topology, document)


def _check_names(things: list[str], document: Document, path: Path) -> None:
    check_repeats(things, document, path)
    for number, thing in enumerate(things):
        if not thing.strip():
            document.problem("this name is empty; write it, or remove it", (*path, number))


def _check_kind(kind: str, one: str, topology: Topology, document: Document) -> None:
    had = {name: getattr(region.has, kind) for name, region in topology.regions.items()}
    needed = {name: getattr(service.needs, kind) for name, service in topology.services.items()}
    for region, things in had.items():
        for number, thing in enumerate(things):
            if thing.strip() and not any(thing in others for others in needed.values()):
                hint = nearest(thing, [each for others in needed.values() for each in others])
                document.problem(
                    f"no service needs the {one} '{thing}'{hint or _needs_it(kind, thing)}",
                    ("regions", region, "has", kind, number),
                )
    for service, things in needed.items():
        for number, thing in enumerate(things):
            here = ("services", service, "needs", kind, number)
            _check_need(service, kind, one, thing, topology, document, here)


def _needs_it(kind: str, thing: str) -> str:
    return f"; write 'needs: {{{kind}: [{thing}]}}' in the service that does, or leave it out"


def _check_need(
    service: str, kind: str, one: str, thing: str, topology: Topology, document: Document, path: Path
) -> None:
    """Each region in which the service works today must have it; a standby may lack it."""
    at_work = [
        name
        for name in topology.services[service].regions
        if name in topology.regions and topology.regions[name].role == "active"
    ]
    lacking = [name for name in at_work if thing not in _had(topology, name, kind)]
    if not lacking or not thing.strip():
        return
    had = [each for name in topology.regions for each in _had(topology, name, kind)]
    hint = nearest(thing, had) if had and thing not in had else ""
    remedy = hint or f"; write 'has: {{{kind}: [{thing}]}}' in that region"
    document.problem(
        f"service '{service}' works in {lacking[0]} today and needs the {one} '{thing}', which {lacking[0]} "
        f"does not have{remedy}",
        path,
    )


def _had(topology: Topology, region: str, kind: str) -> list[str]:
    things: Things = topology.regions[region].has
    found: list[str] = getattr(things, kind)
    return found
