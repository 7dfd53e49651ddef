"""Services: where they run, the gateway before them, what they run on, and a first operation of each."""

from collections import Counter
from dataclasses import field
from typing import Any

from simulator.exchange.draft.computes import compute_of
from simulator.exchange.draft.drafted import Drafted
from simulator.exchange.draft.naming import free, name_of, origin_of, paths_of, plain
from simulator.exchange.draft.reach import stores_of
from simulator.exchange.draft.sites import APIS, Site
from simulator.exchange.draft.writing import Entry, entry, exact
from simulator.exchange.found import Found
from simulator.records import dataclass

WORK = {"median": "20 ms", "p99": "200 ms"}
"""What a drafted operation computes, assumed."""
_MOST_STORES = 7
_EVERYTHING = (None, "/*", "*/*")
"""How the limit of a stage says that it is for all its methods."""
_KEYS = {"tables": ("read", "write"), "databases": ("read", "write"), "buckets": ("get", "put")}


@dataclass(eq=False)
class Service:
    """The sites that are one service in several regions."""

    name: str
    sites: list[Site] = field(default_factory=list)

    @property
    def regions(self) -> list[str]:
        """Where it runs."""
        return [*dict.fromkeys(site.region for site in self.sites if site.region)]

    @property
    def found(self) -> list[Found]:
        """All its resources."""
        return [*dict.fromkeys(one for site in self.sites for one in site.found)]


def services_of(sites: list[Site], named: list[list[Site]], draft: Drafted) -> list[Service]:
    """The sites by service: those of one name, and those that one name of the DNS leads to."""
    groups: list[list[Site]] = []
    by_name: dict[tuple[str, int], list[Site]] = {}
    seen: Counter[tuple[str, str]] = Counter()  # of several of one name in a region each is a service
    for site in sites:
        if site.region is None:
            draft.unread.append(f"{origin_of([site.door])}: its region is not in the file")
        else:
            by_name.setdefault((site.name, seen[site.name, site.region]), []).append(site)
            seen[site.name, site.region] += 1
    together = [*by_name.values(), *([one for one in some if one.region] for some in named)]
    for some in together:
        joined = [group for group in groups if any(site in group for site in some)]
        groups = [group for group in groups if group not in joined]
        groups.append([*dict.fromkeys(site for group in [*joined, some] for site in group)])
    order = {id(site): number for number, site in enumerate(sites)}
    services: list[Service] = []
    for group in sorted(
        (group for group in groups if group), key=lambda group: min(order[id(s)] for s in group)
    ):
        group.sort(key=lambda site: order[id(site)])
        name = plain(group[0].name)
        services.append(Service(free(name, [*draft.places, *(one.name for one in services)]), group))
    return services


def draft_services(services: list[Service], draft: Drafted) -> None:
    """Add each service."""
    for service in services:
        draft.services |= dict.fromkeys(service.found, service.name)
        draft.use(*service.found, *(one for site in service.sites for one in site.joints))
        for site in service.sites:
            draft.here(str(site.region), site.door)
    for service in services:
        lines = [entry("regions", service.regions, "where it is declared")]
        lines += _gateway(service, draft)
        lines += compute_of(service.sites, service.name, draft)
        lines += _tokens(service, draft)
        lines.append(Entry("operations", _operations(service, draft)))
        draft.add("services", Entry(service.name, lines, origin_of([site.door for site in service.sites])))


def _gateway(service: Service, draft: Drafted) -> list[Entry]:
    """The gateway, with the limit of its stage."""
    apis = [site.door for site in service.sites if site.door.kind in APIS]
    if not apis:
        return []
    value: dict[str, Any] = {"kind": "http"} if apis[0].kind == "http_api" else {}
    limits = [_limit(api, draft) for api in apis]
    todo = []
    if limits[0] is not None:
        value["limit"] = limits[0][0]
    if any((one and one[0]) != (limits[0] and limits[0][0]) for one in limits):
        todo.append("the stages of its regions have different limits; this is that of the first")
    if apis[0].text("protocol") == "WEBSOCKET":
        todo.append("an API of WebSockets is drafted as one of requests; nothing holds connections here")
    said = [paths_of(limits[0][1], "rate", "burst")] if limits[0] else []
    return [entry("gateway", value, ", ".join([origin_of(apis), *said]), *todo)]


def _limit(api: Found, draft: Drafted) -> tuple[dict[str, Any], Found] | None:
    for stage in draft.links.of(api, "throttle"):
        rate, burst = stage.number("rate"), stage.number("burst")
        draft.use(stage)
        if rate is not None and burst is not None and rate > 0 and burst > 0:
            if stage.text("resource") not in _EVERYTHING or stage.text("method") not in (None, "*"):
                draft.unread.append(f"{origin_of([stage])}: a limit of one method; write it under 'methods'")
                continue
            return {"rate": f"{exact(rate)}/s", "burst": int(burst)}, stage
    return None


def _tokens(service: Service, draft: Drafted) -> list[Entry]:
    """Tokens are verified by a gateway that has an authorizer of a user pool."""
    doors = [site.door for site in service.sites if site.door.kind in APIS]
    found = [one for door in doors for one in draft.links.beside(door, "authorizer")]
    pools = [one for one in found if draft.links.to(one, "user_pool", "pool_client")]
    draft.use(*pools)
    return [entry("verifies_tokens", "gateway", origin_of(pools))] if pools else []


# operations


def _operations(service: Service, draft: Drafted) -> list[Entry]:
    """One operation for each function; of nodes one for each fleet."""
    workers: dict[str, list[Found]] = {}
    for site in service.sites:
        for one in site.functions or site.fleets or [site.door]:
            workers.setdefault(plain(name_of(one)).replace("-", "_").lower(), []).append(one)
    if all(one.kind == "node_group" for found in workers.values() for one in found):
        workers = {
            service.name.replace("-", "_").lower(): [one for found in workers.values() for one in found]
        }
    draft.assumed.append(
        f"operations of {service.name}: one for each function or fleet, with the stores that it refers to; "
        "steps and times are assumed"
    )
    todo = "no file tells what users ask for, nor its steps and times; write them instead of these"
    return [
        Entry(name, _steps(found, service, draft), origin_of(found), [todo] if not number else [])
        for number, (name, found) in enumerate(workers.items())
    ]


def _steps(found: list[Found], service: Service, draft: Drafted) -> list[Entry]:
    stores: dict[str, bool] = {}
    for one in found:
        for name, writes in stores_of(one, draft).items():
            stores[name] = stores.get(name, False) or writes
    steps = [entry("", {"compute": WORK}, "assumed")]
    for name in [*stores][:_MOST_STORES]:
        steps += _steps_at(name, stores[name], service, draft, steps)
    for name in [*stores][_MOST_STORES:]:
        draft.unread.append(f"service {service.name}: its steps at {name}, since it refers to many stores")
    return steps


def _steps_at(name: str, writes: bool, service: Service, draft: Drafted, steps: list[Entry]) -> list[Entry]:
    section, regions = draft.store_kinds[name], draft.places[name]
    missing = [one for one in service.regions if one not in regions]
    if missing and section != "databases":
        todo = (
            f"it refers to {name}, which is in {', '.join(regions)} and not in {', '.join(missing)}; add the "
            "step once it is there, or take the region out of the service"
        )
        steps[-1].todo.append(todo)
        return []
    if section == "caches":
        return [entry("", {"cache": name}, "refers to it")]
    keys = _KEYS[section] if writes else _KEYS[section][:1]
    said = "refers to it, and may write" if writes else "refers to it, and may read only"
    return [entry("", {key: name}, said) for key in keys]
