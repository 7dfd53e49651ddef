"""What control processes share: clock, data plane, event log, and the physical state that checkers see."""

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any, TypeVar, cast
from weakref import proxy

import numpy as np
import simpy
from simpy.events import NORMAL, URGENT, EventPriority

from simulator.boundary.events import EventKind, S
from simulator.boundary.kinds import LAMBDA, NEVER_NS, NODES
from simulator.boundary.looks import WELL, Look, Looks, Place, together
from simulator.boundary.outcomes import REFUSED, UP
from simulator.boundary.protocol import DataPlane
from simulator.control_plane.causes import ACTING, Cause, Causes, newest
from simulator.control_plane.state import State
from simulator.outcome import Event
from simulator.plan.lowered import Plan
from simulator.plan.replicas import AbsentPlan
from simulator.plan.standbys import DormantPlan
from simulator.plan.timeline import FaultPlan

Process = Generator[simpy.Event, Any, None]
"""What a control process yields."""

Doing = Generator[simpy.Event, Any, str]
"""A try of something that may be refused: why it came to nothing, in words, or nothing."""

T = TypeVar("T")

_DEAD = Look(mode=REFUSED)
"""A node whose process is gone."""

_LATE, _LAST = EventPriority(NORMAL + 1), EventPriority(NORMAL + 2)


class _Timeout(simpy.Event):
    """A timeout with a priority: it comes before, or behind, everything else of its instant."""

    def __init__(self, env: simpy.Environment, delay_ns: int, priority: EventPriority) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, priority, delay_ns)


class World(State):
    """One clock, one data plane. Whoever looks at the data plane or changes it lets it catch up: `touch`."""

    def __init__(self, env: simpy.Environment, plan: Plan, plane: DataPlane) -> None:
        super().__init__()
        self.env, self.plan, self._plane = env, plan, plane
        self._lent: DataPlane = proxy(plane)
        self.causes = Causes(env)
        self.first_detection, self._change, self._vote = env.event(), env.event(), env.event()
        self.region_mode = [UP] * plan.data.region_count
        self.zone_mode = [[UP] * int(count) for count in plan.data.zone_count]
        self.dormant = {(one.service, one.region) for one in plan.control.of(DormantPlan)}
        """Sites (service, region) that are switched off."""
        self.nodes = _nodes_at_first(plan)
        """The numbers of the nodes that are there, by site that runs on nodes."""
        self.away = {(one.store, one.region) for one in plan.control.of(AbsentPlan)}
        """Replicas (store, region) that are not of their tables: not made yet, or forked."""
        self._forgotten = 0
        """How many entries of the log have been forgotten."""
        self._turned_by: dict[tuple[str, int, int], Cause] = {}
        """The entry by which each health check has turned last."""
        self._by_faults = Looks()
        """What their own faults make of nodes."""
        self._shared: dict[Callable[[World], object], object] = {}

    @property
    def now_ns(self) -> int:
        """The present instant."""
        return int(self.env.now)

    def one(self, make: Callable[["World"], T]) -> T:
        """The one of its kind that several services share; made for the first of them that asks."""
        if make not in self._shared:
            self._shared[make] = make(self)
        return cast(T, self._shared[make])

    def made(self, make: Callable[["World"], T]) -> T | None:
        """The one that services share, if any has asked for it."""
        return cast(T | None, self._shared.get(make))

    def touch(self) -> DataPlane:
        """The data plane, advanced to the present: it has run every event before it."""
        self._plane.advance(self.now_ns)
        return self._lent

    def look_ahead(self, to_ns: int) -> tuple[int, list[int]]:
        """Let the data plane go on to what is due next: how far it has come, and whom it has killed."""
        self._plane.advance(to_ns)
        return self._plane.out_of_memory()

    def record(self, kind: EventKind[S], subject: S, because: Cause = ACTING, /, **detail: Any) -> int:
        """Add an entry to the event log. `because`: the entry from which it follows. Returns the entry."""
        kind.check(subject, detail)
        because = self.causes.acting if because == ACTING else because
        cause = None if because is None or because < self._forgotten else because - self._forgotten
        number = len(self.events)
        self.events.append(Event(self.now_ns, kind.name, subject, detail, number, cause))
        entry = self._forgotten + number
        if kind.leads:
            self.causes.act_on(entry)
        return entry

    def forget(self) -> None:
        """What was logged so far counts for nothing."""
        self._forgotten += len(self.events)
        self.events.clear()
        self.at_risk.clear()

    def begin(self, process: Generator[simpy.Event, Any, T], because: Cause = ACTING) -> simpy.Process:
        """Begin a process. `because`: the entry on which it acts."""
        begun = self.env.process(process)
        self.causes.begin(begun, self.causes.acting if because == ACTING else because)
        return begun

    def after(self, delay_ns: int) -> simpy.Event:
        """An event after some time and, at its instant, after the faults that begin and end there."""
        return _Timeout(self.env, delay_ns, _LATE)

    def behind(self, delay_ns: int) -> simpy.Event:
        """An event after some time and, at its instant, after all that `after` lets happen there."""
        return _Timeout(self.env, delay_ns, _LAST)

    def before(self, delay_ns: int) -> simpy.Event:
        """An event after some time and, at its instant, before all else that happens there."""
        return _Timeout(self.env, delay_ns, URGENT)

    def show(self, kind: str, place: tuple[int, ...], faults: Iterable[FaultPlan]) -> None:
        """A place of a kind shows these faults from now on: requests that consult it meet them."""
        numbers = frozenset(fault.number for fault in faults)
        before: frozenset[int] = self.shown.get((kind, place), frozenset())
        if numbers != before:
            self.shown[kind, place] = numbers
            self.causes.strike(numbers ^ before)
            self.causes.change((kind, place))
            self.touch().show(kind, place, numbers)

    def part(self) -> None:
        """Let go of the data plane when all is over: whoever has touched it has only borrowed it.

        Processes, events and this world refer to each other, so they stay until Python looks for such cycles,
        which it does by the number of objects: hundreds of runs later. The data plane is few, and large.
        """
        del self._plane

    # what things look like: kept here, and handed to the data plane, when they change

    def set_region(self, region: int, mode: int) -> None:
        """A region goes down or comes up."""
        if mode != self.region_mode[region]:
            self.region_mode[region] = mode
            self.causes.change(("region", (region,)))
            self.touch().set_region(region, mode)

    def set_zone(self, zone: tuple[int, int], mode: int) -> None:
        """A zone (region, zone) goes down or comes up."""
        region, number = zone
        if mode != self.zone_mode[region][number]:
            self.zone_mode[region][number] = mode
            self.causes.change(("zone", zone))
            self.touch().set_zone(region, number, mode)

    def set_zone_look(self, zone: tuple[int, int], look: Look) -> None:
        """A zone (region, zone) becomes grey, or is so no more."""
        if look != self.zone_looks[zone]:
            self.zone_looks[zone] = look
            self.causes.change(("zone", zone))

    def set_node_look(self, node: tuple[int, int, int], look: Look) -> None:
        """Faults of its own break a node (service, region, number), or it is well again."""
        self._by_faults[node] = look
        self._see_node(node)

    def set_killed(self, node: tuple[int, int, int], number: int | None) -> None:
        """A node has run out of memory, as the death of this number; None: it is there again."""
        if number is None:
            del self.killed[node]
        else:
            self.killed[node] = number
        self._see_node(node)
        index = int(self.plan.data.site_first[node[:2]]) + node[2]
        self.touch().set_instance((index,), self.instance_look(node[:2], node[2]))

    def _see_node(self, node: tuple[int, int, int]) -> None:
        by_faults = self._by_faults[node]
        look = together([by_faults, _DEAD]) if node in self.killed else by_faults
        if look != self.node_looks[node]:
            self.node_looks[node] = look
            self.causes.change(("node", node))

    def struck_nodes(self, site: Place) -> list[int]:
        """The nodes of a site that have ever been struck by themselves, by number."""
        return [node[2] for node in self.node_looks if node[:2] == site]

    def is_grey(self, site: Place) -> bool:
        """Whether some of what a site runs on is slow or errs, and the rest is not touched by that.

        What is in no zone, as what has no limits, never is.
        """
        kind = self.plan.data.site_compute[site]
        by_zones = kind in (LAMBDA, NODES) and any(
            look != WELL for (region, _), look in self.zone_looks.items() if region == site[1]
        )
        return by_zones or any(self.node_looks[(*site, one)] != WELL for one in self.struck_nodes(site))

    def instance_look(self, site: Place, number: int) -> Look:
        """What an instance of a site looks like by its own faults and those that make its zone grey."""
        return together(
            [self.zone_looks[site[1], self.zone_of(site, number)], self.node_looks[(*site, number)]]
        )

    def set_site(self, site: Place, look: Look) -> None:
        """Set what a service in a region looks like."""
        if look != self.site_looks[site]:
            self.site_looks[site] = look
            self.causes.change(("site", site))
            self.touch().set_site(site, look)

    def set_endpoint(self, endpoint: Place, look: Look) -> None:
        """Set what the endpoint of a store in a region looks like."""
        if look != self.endpoint_looks[endpoint]:
            self.endpoint_looks[endpoint] = look
            self.causes.change(("endpoint", endpoint))
            self.touch().set_endpoint(endpoint, look)

    def set_link(self, link: Place, look: Look) -> None:
        """Set what the link from one place to another looks like."""
        if look != self.link_looks[link]:
            self.link_looks[link] = look
            self.causes.change(("link", link))
            self.touch().set_link(link, look)

    def is_asleep(self, site: Place) -> bool:
        """Whether a site is switched off, or runs on nodes of which none is there yet."""
        return site in self.dormant or (site in self.nodes and not self.nodes[site])

    def has_node(self, site: Place) -> bool:
        """Whether any node of a site is really up, as far as zones and its own faults say."""
        return any(self.mode_of_node(site, number) == UP for number in self.nodes[site])

    def zone_of(self, site: Place, number: int) -> int:
        """The zone of an instance of a site; -1 for what is in none."""
        return int(self.plan.data.instance_zone[int(self.plan.data.site_first[site]) + number])

    def mode_of_node(self, site: Place, number: int) -> int:
        """How a node of a site is by its zone, or else by its own faults."""
        zone = self.zone_of(site, number)
        by_zone = UP if zone < 0 else self.zone_mode[site[1]][zone]
        return max(by_zone, self.node_looks[(*site, number)].mode)

    def zones(self, region: int) -> list[int]:
        """The mode of each zone of a region."""
        return self.zone_mode[region]

    def is_reachable(self, service: int, region: int) -> bool:
        """Whether a site's gateway, or else its load balancer with any healthy target, is there."""
        behind_gateway = bool(self.plan.data.site_gateway[service, region])
        has_target = behind_gateway or (service, region) not in self.without_targets
        return self.region_mode[region] == UP and has_target

    def changed(self) -> None:
        """Tell whoever waits that regions, zones, sites or links have changed, or a site's last target."""
        self.version += 1
        self._change.succeed()
        self._change = self.env.event()

    def next_change(self) -> simpy.Event:
        """An event that fires when `changed` is called next."""
        return self._change

    def set_health(self, check: tuple[str, int, int], healthy: bool) -> None:
        """A health check has become healthy or unhealthy."""
        (self.unhealthy.discard if healthy else self.unhealthy.add)(check)
        self._turned_by[check] = self.causes.acting
        if not healthy and not self.first_detection.triggered:
            self.first_detection.succeed(self.causes.acting)
        self._vote.succeed()
        self._vote = self.env.event()

    def next_vote(self) -> simpy.Event:
        """An event that fires when the next health check becomes healthy or unhealthy."""
        return self._vote

    def is_unhealthy(self, check: str, region: int) -> bool:
        """Whether a health check of any service in a region is unhealthy."""
        return any(one[:2] == (check, region) for one in self.unhealthy)

    def turned_by_key(self, check: tuple[str, int, int]) -> Cause:
        """By which entry a health check has turned last."""
        return self._turned_by.get(check)

    def turned_by(self, check: str, region: int) -> Cause:
        """By which entry a health check of any service in a region has turned last."""
        return newest(cause for one, cause in self._turned_by.items() if one[:2] == (check, region))


def _nodes_at_first(plan: Plan) -> dict[Place, set[int]]:
    kinds, there = plan.data.site_compute, plan.data.site_there
    sites = [(int(service), int(region)) for service, region in zip(*np.nonzero(kinds == NODES), strict=True)]
    return {site: {*range(int(there[site]))} for site in sites}


def wait_for_start(world: World, at_ns: int, after_detection_ns: int) -> Process:
    """Wait for a time; NEVER_NS: for detection, and so much longer."""
    if at_ns != NEVER_NS:
        yield world.after(at_ns - world.now_ns)
        return
    if not world.first_detection.triggered:
        yield world.first_detection
    world.causes.act_on(world.first_detection.value)
    yield world.after(after_detection_ns)


def mode_of_zones(zones: Sequence[int]) -> int:
    """A region is up while any of its zones is; without one it refuses if all of them do."""
    return UP if UP in zones else max(zones)
