"""Where requests arrive: gateways, load balancers, URLs of functions; and what works behind each."""

from collections.abc import Iterable
from dataclasses import field

from simulator.exchange.draft.naming import name_of
from simulator.exchange.found import Found
from simulator.exchange.links import Links
from simulator.records import dataclass

APIS = ("rest_api", "http_api")
DOORS = (
    *APIS,
    "balancer",
    "domain",
    "cdn",
    "throttle",
    "stage",
    "function_url",
    "fleet",
    "record",
    "function",
)
_STEPS_MOST = 8


@dataclass(eq=False)
class Site:
    """What answers in one region behind one door."""

    door: Found
    functions: list[Found] = field(default_factory=list)
    fleets: list[Found] = field(default_factory=list)
    joints: list[Found] = field(default_factory=list)
    """What joins them: listeners, target groups, integrations."""

    @property
    def region(self) -> str | None:
        """Where it is."""
        return self.door.region

    @property
    def name(self) -> str:
        """What it is called by itself."""
        behind = {"balancer": self.fleets, "function_url": self.functions}.get(self.door.kind, [])
        workers = behind if len(behind) == 1 else []
        return name_of(workers[0] if workers else self.door)

    @property
    def found(self) -> list[Found]:
        """All its resources."""
        return [*dict.fromkeys([self.door, *self.functions, *self.fleets])]


def sites_of(links: Links) -> list[Site]:
    """Every site, first those with a door of their own."""
    sites = [_behind_api(one, links) for one in links.kind(*APIS)]
    hidden = {joint for site in sites for joint in site.joints}
    balancers = [one for one in links.kind("balancer") if one not in hidden or links.of(one, "record")]
    behind = [_behind_balancer(one, links) for one in balancers]
    sites += [site for site in behind if site.fleets or site.functions]
    sites += [
        Site(one, [function], joints=[one])
        for one in links.kind("function_url")
        for function in links.to(one, "function")[:1]
    ]
    sites += _clusters(links)
    taken = {one for site in sites for one in site.found}
    by_name = [one for one in links.kind("fleet") if one not in taken and links.of(one, "record")]
    sites += [Site(one, fleets=[one]) for one in by_name]
    if sites or links.kind("cdn"):
        return sites
    return [Site(one, [one]) for one in links.kind("function") if not at_edge(one, links)]


def at_edge(function: Found, links: Links) -> bool:
    """Whether a function works at the edges of a content network."""
    versions = [function, *links.of(function, "alias")]
    return any(links.of(one, "cdn") for one in versions)


def _behind_api(one: Found, links: Links) -> Site:
    """A gateway: functions by its integrations, or named in its own description; or a fleet by a link."""
    joints = links.of(one, "integration")
    functions = [worker for joint in [one, *joints] for worker in _functions_at(joint, links)]
    functions += [worker for worker in links.of(one, "function") if _is_behind(worker, one, links)]
    balancers = [two for joint in joints for two in links.to(joint, "balancer")]
    listeners = [two for joint in joints for two in links.to(joint, "listener")]
    balancers += [two for listener in listeners for two in links.to(listener, "balancer")]
    behind = [_behind_balancer(balancer, links) for balancer in dict.fromkeys(balancers)]
    fleets = [fleet for site in behind for fleet in site.fleets]
    more = [joint for site in behind for joint in (site.door, *site.joints)]
    return Site(one, [*dict.fromkeys(functions)], fleets, [*joints, *more])


def _is_behind(function: Found, api: Found, links: Links) -> bool:
    """Whether a function of AWS SAM has an event of this API; others that name it call it."""
    return api in links.at(function, function.raw("events"), api.kind)


def _functions_at(joint: Found, links: Links) -> list[Found]:
    """The functions that an integration names, itself or by an alias."""
    aliases = links.to(joint, "alias")
    return [*links.to(joint, "function"), *(one for alias in aliases for one in links.to(alias, "function"))]


def _behind_balancer(one: Found, links: Links) -> Site:
    listeners = links.of(one, "listener")
    listeners += [
        rule for listener in listeners for rule in links.of(listener, "listener") if rule not in listeners
    ]
    groups = _unique(group for listener in listeners for group in links.to(listener, "target_group"))
    joined = _unique(joint for group in groups for joint in links.beside(group, "attachment"))
    workers = _unique(
        worker for joint in [*groups, *joined] for worker in links.beside(joint, "fleet", "function")
    )
    functions = [worker for worker in workers if worker.kind == "function"]
    fleets = [worker for worker in workers if worker.kind == "fleet"]
    return Site(one, functions, fleets, [*listeners, *groups, *joined])


def _clusters(links: Links) -> list[Site]:
    """The node groups of a cluster are one fleet; what leads to it is made by the cluster itself."""
    sites: dict[Found, Site] = {}
    for one in links.kind("node_group"):
        for door in links.to(one, "cluster")[:1] or [one]:
            sites.setdefault(door, Site(door)).fleets.append(one)
    return [*sites.values()]


def _unique(found: Iterable[Found]) -> list[Found]:
    return [*dict.fromkeys(found)]


def doors_of(one: Found, links: Links) -> list[Found]:
    """What a record, a domain name or a content network leads to in the end, and what is on the way."""
    way = [one]
    for _ in range(_STEPS_MOST):
        more = [other for here in way for other in _next(here, links) if other not in way]
        if not more:
            break
        way += dict.fromkeys(more)
    return way[1:]


def _next(one: Found, links: Links) -> list[Found]:
    if one.kind == "record":
        values = [one.raw("alias"), one.raw("values")]
        return links.at(one, values, *DOORS, "bucket")
    if one.kind == "domain":
        joints = links.of(one, "mapping")
        return [api for joint in joints for api in links.to(joint, *APIS, "throttle", "stage")]
    if one.kind == "cdn":
        return links.at(one, one.raw("origins"), *DOORS)
    return links.to(one, *APIS) if one.kind in ("throttle", "stage") else []
