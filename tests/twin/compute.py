"""What requests run on: instances without limits, Lambda's environments, nodes behind a load balancer.

Specification: docs/model-request-path.md §2.
"""

from collections import deque
from collections.abc import Sequence
from typing import Any

from simulator.boundary.causes import COLD_STARTS, DEAD_NODES, ERRORS, LAMBDA_LIMITS, NO_NODES, QUEUES
from simulator.boundary.kinds import LAMBDA, NODES, UNLIMITED
from simulator.boundary.looks import WELL, Look
from simulator.boundary.outcomes import ERROR, OVERLOADED, REFUSED, UP
from simulator.plan.lowered import DataPlan
from simulator.randomness.draws import ATTEMPT
from tests.twin.buckets import limit
from tests.twin.clients import Client, Policy
from tests.twin.counts import add_time, bin_of
from tests.twin.fronts import minute_of
from tests.twin.identity import Keys
from tests.twin.past import Past


class Instance:
    """One process: what it works on, and what it remembers while it lives."""

    def __init__(self, plan: DataPlan, site: "Site", index: int) -> None:
        self._plan, self.site, self.index = plan, site, index
        self.number = index - int(plan.site_first[site.service, site.region])
        self.zone = int(plan.instance_zone[index])
        self.generation = 0
        self.by_refusing_zone = False  # how it was last lost
        self.lost_by: frozenset[int] = frozenset()
        self.in_use = 0
        self.look = WELL  # by faults of its own and those that make its zone grey
        self._clients: dict[int, Client] = {}
        self.forget()
        self.past: Past | None = Past(site.plane.draws, index)
        self.keys = self.past.keys()

    def change(self, look: Look) -> bool:
        """Look otherwise; whether it has just gone down by itself."""
        before, self.look = self.look, look
        return before.mode == UP and look.mode != UP

    def error_share(self, face: Any) -> float:
        """The share of requests that it answers with a 5xx, of those for which its site looks so."""
        of_site = float(face.error_share)
        return of_site + self.look.error_share * (1.0 - of_site)

    def forget(self) -> None:
        """Be as new."""
        self.past = None
        self.keys = Keys()
        self.connections: dict[int, Any] = {}  # by store
        self.names: dict[int, tuple[bool, int]] = {}  # by store: whether the answer is empty, and its expiry
        for client in self._clients.values():
            client.renew()
        self._recalled: set[int] = set()  # stores

    def client(self, store: int) -> Client:
        """The client object with which it calls a store."""
        if store not in self._clients:
            policy = int(self._plan.call_policy[self.site.service, store])
            new = Client if self.past is None else self.past.client
            self._clients[store] = new(Policy(self._plan, policy))
        return self._clients[store]

    def recall(self, store: int, t: int) -> None:
        """Find, at the first need, what it has from before the run of a store's connection and name."""
        if self.past is not None and store not in self._recalled:
            self._recalled.add(store)
            policy = self.client(store).policy
            connection = self.past.connection(store, policy, t)
            if connection is not None:
                self.connections[store] = connection
            self.names[store] = False, self.past.name_until_ns(store, policy)


class Site:
    """A service in a region, on an instance without limits."""

    def __init__(self, plane: Any, service: int, region: int) -> None:
        self.plane, self.service, self.region = plane, service, region
        self.key = service, region
        self.instances: dict[int, Instance] = {}  # those that there have been, by number
        self._peak = -1, 0  # minute of the clock, and the most at work in it
        self.in_service = [*range(int(plane.plan.site_there[self.key]))]  # as its load balancer believes
        self.out_of_service: list[int] = []  # the others that are there
        if plane.plan.site_compute[self.key] == UNLIMITED:
            self.instance(0)

    @property
    def in_use(self) -> int:
        """Requests at work."""
        return sum(instance.in_use for instance in self.instances.values())

    def note_peak(self) -> None:
        """So many requests are at work now; the minute's highest number is kept."""
        minute = minute_of(self.plane.plan, self.plane.env.now)
        self._peak = minute, max(self.in_use, self._peak[1] if self._peak[0] == minute else 0)

    @property
    def peak_at_work(self) -> int:
        """The most at work in the minute that is just over, or under way."""
        minute, peak = self._peak
        return peak if minute == minute_of(self.plane.plan, self.plane.env.now - 1) else self.in_use

    @property
    def door(self) -> Any:
        """How it looks to callers."""
        return self.plane.network.sites[self.key]

    def instance(self, number: int) -> Instance:
        """An instance by its number."""
        if number not in self.instances:
            index = int(self.plane.plan.site_first[self.key]) + number
            self.instances[number] = Instance(self.plane.plan, self, index)
        return self.instances[number]

    def dispatch(self, journey: Any) -> None:
        """Give a request to an instance, let it wait, or turn it away."""
        if not self._is_balanced or self._reaches(journey, self.instance(0), UP):
            self._take(journey, self.instance(0))

    @property
    def _is_balanced(self) -> bool:
        return bool(self.plane.plan.site_balanced[self.key])

    def _reaches(self, journey: Any, target: Instance, own_mode: int) -> bool:
        """Whether the load balancer gets through to a target and its application; if not, it has answered."""
        look = journey.face.targets
        journey.request.meet("instance", target.index)
        if own_mode != UP or look.mode != UP:
            self._miss(journey, own_mode if own_mode != UP else look.mode)
            return False
        if journey.request.uniform(ATTEMPT, 0, 2) < target.error_share(look):
            journey.request.note(ERRORS)
            self.plane.counts.door_errors[self.key] += bool(self.plane.plan.metered)
            journey.answer(ERROR)
            return False
        return True

    def _miss(self, journey: Any, mode: int) -> None:
        """The target is down."""
        self.plane.counts.unreachable[self.key] += 1
        journey.request.note(DEAD_NODES)
        if mode == REFUSED:
            journey.answer(ERROR, by_front=True)
        else:
            journey.time_out_at(self.plane.env.now + self.plane.plan.balancer_timeout_ns)

    def _take(self, journey: Any, instance: Instance, init_ns: int = 0) -> None:
        self.note_peak()
        counts, instance.in_use = self.plane.counts, instance.in_use + 1
        self.note_peak()
        counts.started[self.key] += 1
        counts.peak_in_use[self.key] = max(counts.peak_in_use[self.key], self.in_use)
        journey.begin_work(instance, init_ns)

    def release(self, instance: Instance) -> None:
        """A request has ended."""
        self.note_peak()
        instance.in_use -= 1

    def lose_all(self, zone: int | None, mode: int, by: frozenset[int]) -> None:
        """Lose what is in a zone, or (None) in the whole region."""
        for _, instance in sorted(self.instances.items()):
            if zone in (None, instance.zone):
                instance.lost_by = by
                self._lose(instance, zone is None, mode)

    def _lose(self, instance: Instance, by_region: bool, mode: int) -> None:
        self.note_peak()
        instance.generation += 1
        instance.by_refusing_zone = not by_region and mode == REFUSED
        instance.in_use = 0
        instance.forget()

    def lose(self, instance: Instance, mode: int, by: frozenset[int]) -> None:
        """Lose what an instance works on, which has gone down by itself."""
        instance.lost_by = by
        self._lose(instance, False, mode)

    def errs(self, journey: Any, instance: Instance) -> bool:
        """Whether an instance that has taken a request fails it before its first step."""
        return False

    def begin_counting(self) -> None:
        """What is at work counts as begun now."""
        counts = self.plane.counts
        counts.started[self.key] = counts.peak_in_use[self.key] = self.in_use

    def capacity_changed(self) -> None:
        """Another share of the capacity is there."""

    def finish(self) -> None:
        """The run is over."""


class Function(Site):
    """A Lambda function in a region."""

    def __init__(self, plane: Any, service: int, region: int) -> None:
        super().__init__(plane, service, region)
        plan, key = plane.plan, self.key
        provisioned = int(plan.lambda_provisioned[key])
        self._provisioned, self._reserved = provisioned, int(plan.lambda_reserved[key])
        self._rate = limit(plan.lambda_rate_gap_ns[key], plan.lambda_rate_slack_ns[key])
        self._scaling = limit(plan.lambda_scale_gap_ns, plan.lambda_scale_slack_ns)
        self._idle = [(number, 0, 0) for number in reversed(range(provisioned))]  # generation, since when
        self._free = [*reversed(range(provisioned, int(plan.site_count[key])))]
        for number in range(provisioned):
            self.instance(number)

    def dispatch(self, journey: Any) -> None:
        """Run in an idle environment or in a new one, or throttle."""
        if not self._rate.take(self.plane.env.now) or not self._is_below_limits():
            self._throttle(journey)
            return
        idle = self._pop_idle()
        if idle is not None:
            self._take(journey, idle)
        elif self._scaling.take(self.plane.env.now):
            self._start(journey)
        else:
            self._throttle(journey)

    def errs(self, journey: Any, instance: Instance) -> bool:
        """What the door has let in fails in an environment that errs."""
        if not instance.look.error_share:
            return False
        return bool(journey.request.uniform(ATTEMPT, 0, 2) < instance.error_share(journey.face))

    def _throttle(self, journey: Any) -> None:
        self.plane.counts.lambda_throttled[self.key] += 1
        journey.request.note(LAMBDA_LIMITS)
        journey.request.turned_away = not journey.is_over
        journey.answer(int(self.plane.plan.lambda_throttled[self.key]), by_front=True)

    def _is_below_limits(self) -> bool:
        most = int(self.plane.plan.lambda_limit[self.region])
        functions = [site for site in self.plane.sites.values() if isinstance(site, Function)]
        if sum(site.in_use for site in functions if site.region == self.region) >= most:
            return False
        return self.in_use < int((self._reserved or most) * self.door.capacity)

    def provision(self, count: int) -> None:
        """Keep the first environments warm; those that are free are started, in the order of the stack."""
        self._provisioned = count
        for number in [number for number in self._free if number < count]:
            self.instance(number).forget()
            self._idle.append((number, self.instance(number).generation, self.plane.env.now))
        self._free = [number for number in self._free if number >= count]

    def reserve(self, count: int, bucket: tuple[int, int]) -> None:
        """So many may run at once."""
        self._reserved = count
        self._rate.gap_ns, self._rate.slack_ns = bucket

    @property
    def idle(self) -> int:
        """Environments that would take a request now."""
        return sum(self._is_kept(*place) for place in self._idle)

    def _is_kept(self, number: int, generation: int, since_ns: int) -> bool:
        idle_ns = self.plane.env.now - since_ns
        is_kept = number < self._provisioned or idle_ns <= self.plane.plan.lambda_idle_ns[self.key]
        return bool(is_kept) and generation == self.instance(number).generation

    def _pop_idle(self) -> Instance | None:
        while self._idle:
            number, generation, since_ns = self._idle.pop()
            if self._is_kept(number, generation, since_ns):
                return self.instance(number)
            self._free.append(number)
        return None

    def _start(self, journey: Any) -> None:
        instance = self.instance(self._free.pop())
        instance.forget()
        self.plane.counts.cold_starts[self.key] += 1
        journey.request.note(COLD_STARTS)
        self.plane.note_cold()
        self._take(journey, instance, journey.initialization_ns(int(self.plane.plan.lambda_init[self.key])))

    def release(self, instance: Instance) -> None:
        """An environment is idle again."""
        super().release(instance)
        self._idle.append((instance.number, instance.generation, self.plane.env.now))

    def _lose(self, instance: Instance, by_region: bool, mode: int) -> None:
        if instance.in_use:
            self._free.append(instance.number)
        super()._lose(instance, by_region, mode)


class Queues:
    """The queues of a site's nodes, and what is counted of them."""

    def __init__(self, plane: Any, key: tuple[int, int], nodes: int) -> None:
        self._plane, self._key = plane, key
        self._lines: list[deque[tuple[Any, int]]] = [deque() for _ in range(nodes)]  # request, since when
        self._changed_ns = 0

    def __getitem__(self, node: int) -> Sequence[tuple[Any, int]]:
        return self._lines[node]

    def _note_integral(self) -> None:
        length, now = sum(map(len, self._lines)), self._plane.env.now
        add_time(self._plane.counts.queue_integral_time[self._key], length * (now - self._changed_ns))
        self._changed_ns = now

    def begin_counting(self) -> None:
        """Who waits begins to wait now."""
        self._changed_ns = now = self._plane.env.now
        self._lines = [deque((journey, now) for journey, _ in line) for line in self._lines]
        self._plane.counts.peak_queue[self._key] = sum(map(len, self._lines))

    def push(self, node: int, journey: Any) -> None:
        """A request joins the end of a node's queue."""
        self._note_integral()
        self._lines[node].append((journey, self._plane.env.now))
        peak, length = self._plane.counts.peak_queue, sum(map(len, self._lines))
        peak[self._key] = max(peak[self._key], length)

    def pop(self, node: int, taken: bool) -> Any:
        """The head of a node's queue leaves it."""
        self._note_integral()
        counts, (journey, since_ns) = self._plane.counts, self._lines[node].popleft()
        waited_ns = self._plane.env.now - since_ns
        add_time(counts.queue_wait_time[self._key], waited_ns)
        if taken:
            counts.queued[self._key] += 1
            counts.queue_wait[bin_of(waited_ns)] += 1
        return journey

    def finish(self) -> None:
        """Count those who still wait."""
        self._note_integral()
        for line in self._lines:
            waited_ns = sum(self._plane.env.now - since_ns for _, since_ns in line)
            add_time(self._plane.counts.queue_wait_time[self._key], waited_ns)


class Fleet(Site):
    """Nodes behind a load balancer."""

    def __init__(self, plane: Any, service: int, region: int) -> None:
        super().__init__(plane, service, region)
        self._nodes = [self.instance(number) for number in range(int(plane.plan.site_count[self.key]))]
        self._queues = Queues(plane, self.key, len(self._nodes))
        self._turn = 0

    @property
    def waiting(self) -> int:
        """Requests in all queues."""
        return sum(len(self._queues[node.number]) for node in self._nodes)

    def _workers(self) -> int:
        return int(int(self.plane.plan.node_workers[self.key]) * self.door.capacity + 0.5)

    def dispatch(self, journey: Any) -> None:
        """Send a request to the node whose turn it is."""
        targets = self.in_service or self.out_of_service
        if not targets:
            self.plane.counts.overloaded[self.key] += 1
            journey.request.note(NO_NODES)
            journey.answer(OVERLOADED)
            return
        node = self._nodes[targets[self._turn % len(targets)]]
        self._turn += 1
        zone_mode = UP if node.zone < 0 else self.plane.network.zones[self.region, node.zone]
        if not self._reaches(journey, node, max(zone_mode, node.look.mode)):
            return
        if node.in_use < self._workers():
            self._take(journey, node)
        elif len(self._queues[node.number]) < self.plane.plan.node_queue[self.key]:
            journey.request.note(QUEUES)
            self._queues.push(node.number, journey)
        else:
            self.plane.counts.overloaded[self.key] += 1
            journey.request.note(QUEUES)
            journey.answer(OVERLOADED)
            return
        if node.in_use + len(self._queues[node.number]) > self.plane.plan.node_room[self.key]:
            self.plane.runs_out_of_memory(node)

    def release(self, instance: Instance) -> None:
        """A worker is free and takes whoever waits first."""
        super().release(instance)
        self._serve(instance)

    def _serve(self, node: Instance) -> None:
        while self._queues[node.number] and node.in_use < self._workers():
            self._take(self._queues.pop(node.number, taken=True), node)

    def begin_counting(self) -> None:
        """What is at work, and what waits."""
        super().begin_counting()
        self._queues.begin_counting()

    def _lose(self, instance: Instance, by_region: bool, mode: int) -> None:
        super()._lose(instance, by_region, mode)
        while self._queues[instance.number]:
            self._queues.pop(instance.number, taken=False).lose_in_queue(by_region, mode, instance.lost_by)

    def capacity_changed(self) -> None:
        """There may be workers for those who wait."""
        for node in self._nodes:
            self._serve(node)

    def finish(self) -> None:
        """The run is over."""
        self._queues.finish()


_KINDS = {UNLIMITED: Site, LAMBDA: Function, NODES: Fleet}


def make_sites(plane: Any) -> dict[tuple[int, int], Site]:
    """Every site of a plan in which something runs, by service and region."""
    kinds = plane.plan.site_compute
    return {
        (service, region): _KINDS[int(kinds[service, region])](plane, service, region)
        for service in range(len(kinds))
        for region in range(plane.plan.region_count)
        if int(kinds[service, region]) in _KINDS
    }
