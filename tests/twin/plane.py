"""The twin: a second data plane behind the seam, in plain SimPy.

Written from docs/model.md and docs/model-request-path.md. One process per session, one per request, one per
copied write; nothing is lazy, nothing is compiled. It shares with the compiled plane the lowered plan and the
draw functions only. Each subject of the specification is a file: users (`sessions`, `tries`, `requests`,
`names`), the way of a request (`network`, `journeys`, `gateway`, `identity`, `edge`), its work (`compute`,
`work`, `calls`, `effects`), where data are (`tables`, `databases`, `caches`, `capacity`), what several need
(`clients`, `buckets`).
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.causes import CALLED_SERVICES, DAMAGED_DATA, OVERTAKEN
from simulator.boundary.fields import MOST_SAMPLED
from simulator.boundary.kinds import NEVER_NS, SERVICE
from simulator.boundary.looks import Look, Place
from simulator.boundary.outcomes import ARRIVING, OVERLOADED, SIGNED_IN, SUCCEEDED, THROTTLED, UP
from simulator.boundary.readings import Latency, Readings, of_population, of_service
from simulator.boundary.routes import Routes, Unshipped
from simulator.boundary.tallies import AtRisk, Restored, Tallies, TracedAttempt
from simulator.plan.lowered import DataPlan
from tests.twin.asking import Asking
from tests.twin.caches import Caches
from tests.twin.capacity import Capacities
from tests.twin.clock import RankedEnvironment
from tests.twin.compute import make_sites
from tests.twin.counts import Counts, bin_of
from tests.twin.databases import Databases
from tests.twin.draws import Draws
from tests.twin.edge import Edges
from tests.twin.forks import Forks
from tests.twin.gateway import Gateways
from tests.twin.identity import Identity
from tests.twin.names import Names
from tests.twin.network import Network
from tests.twin.readers import TwinReader
from tests.twin.service_calls import ServiceCall
from tests.twin.sessions import ABANDONED, LOGGED_OUT, Session, begin_population
from tests.twin.tables import DISCARDED, LOST, PENDING, VISIBLE, Tables
from tests.twin.under_way import UnderWay
from tests.twin.web_acls import WebAcls


class TwinPlane:
    """Serves every request of a plan, slowly."""

    def __init__(self, plan: DataPlan, trace: bool = True) -> None:
        self.plan, self.draws, self.counts = plan, Draws(plan), Counts(plan)
        self.env = RankedEnvironment(-int(max(plan.pop_lead_ns, default=0)))
        self.network = Network(plan, self.draws)
        self.asking = Asking(self)
        self.names = Names(plan, self.draws, self.counts)
        self.databases = Databases(plan)
        self.capacities = Capacities(plan, self.network, self.counts)
        self.stores = Tables(
            self.env, plan, self.draws, self.network, self.counts, self.capacities, self.databases
        )
        self.forks = Forks(self, self.stores, self.databases)
        self.caches, self.edges = Caches(plan, self.stores), Edges()
        self.web_acls = WebAcls(self)
        self.gateways = Gateways(plan, self.counts)
        self.identity = Identity(plan, self.draws, self.network, self.counts)
        self.sites = make_sites(self)
        self.shed: dict[tuple[int, int, int, int], float] = {}
        self._killed = set[int]()
        self.surges = [float(factor) for factor in plan.pop_surge_base]
        self.shown: dict[tuple[str, tuple[int, ...]], frozenset[int]] = {}
        self._alive: dict[int, Session] = {}
        self.watched: dict[Latency, list[int]] = defaultdict(list)  # everything that ended, in order
        self._trace = trace
        self._names_begun = False
        self._traced: list[TracedAttempt] = []
        for population in range(len(plan.pop_near)):
            begin_population(self, population)

    def service_call(self, work: Any, step: int, row: int) -> ServiceCall:
        """A call of another service."""
        return ServiceCall(work, step, row)

    def advance(self, to_ns: int) -> None:
        """Run every event with time < `to_ns`."""
        if to_ns > 0 and not self._names_begun:
            self._names_begun = True
            self.names.begin()
            UnderWay(self.plan, self.draws, self.names, self.stores).begin(self.counts)
        self.env.advance(to_ns)

    def runs_out_of_memory(self, node: Any) -> None:
        """A node has more requests than it has room for."""
        self.env.end_ns = self.env.now + 1
        self._killed.add(node.index)

    def out_of_memory(self) -> tuple[int, list[int]]:
        """Up to when events have been run, and the nodes that have run out of memory."""
        killed, self._killed, self.env.end_ns = sorted(self._killed), set(), math.inf
        return int(self.env.now), killed

    def traced(self) -> list[TracedAttempt]:
        """Every finished attempt, in order of finish."""
        return self._traced

    def age_limit_ns(self, operation: int, region: int) -> int:
        """How old a client's connection to where an operation is served gets; edges have no limit."""
        service = int(self.plan.op_service[operation])
        return NEVER_NS if region < 0 else int(self.plan.site_keep_alive_ns[service, region])

    # what sessions and requests report

    def start_session(self, number: int, population: int, start_ns: int, length_ns: int) -> None:
        """A session starts, or is in progress when the run begins."""
        session = self._alive[number] = Session(self, number, population, start_ns, length_ns)
        self.counts["sessions_started"] += not session.is_bot
        self.env.process(session.life())

    def session_ended(self, session: Session, class_: int) -> None:
        """Count a session."""
        del self._alive[session.number]
        leaves_early = class_ in (LOGGED_OUT, ABANDONED)
        due_ns = min(max(session.due_end_ns, self.env.now), self.plan.duration_ns)
        self._end_trouble(session, due_ns if leaves_early else self.env.now)
        self._count_session(session, class_, self.counts.sessions_ended)

    def _count_session(self, session: Session, class_: int, counted: NDArray[np.int64]) -> None:
        if session.is_bot:
            return
        counted[class_] += 1
        lived_through = self._first_fault_lived_through_ns(session)
        if lived_through is not None:
            present = SIGNED_IN if session.start_ns < lived_through else ARRIVING
            self.counts.sessions_during_fault[class_] += 1
            self.counts.sessions_by_presence[session.population, present, class_] += 1
        if session.cause is not None:
            self.counts.sessions_by_cause[class_, session.cause] += 1

    def _first_fault_lived_through_ns(self, session: Session) -> int | None:
        """When the first of the times began in which a fault acted and the session was alive."""
        start_ns, now = max(session.start_ns, 0), self.env.now
        spans = self.plan.fault_windows_ns.tolist()
        return next((begin for begin, end in spans if start_ns < end and now > begin), None)

    def _window(self, t: int) -> int:
        return (max(t, self.plan.counts_from_ns) - self.plan.window_first_ns) // self.plan.window_ns

    def note_cold(self) -> None:
        """An environment has started, or a look has missed."""
        self.counts.window_cold[self._window(self.env.now)] += 1

    def note_external_failure(self, store: int) -> None:
        """A try of a call to an external has failed; externals are the last stores."""
        number = store - len(self.plan.store_kind) + self.plan.externals
        self.counts.window_external_failures[self._window(self.env.now), number] += 1

    def note_wrong(self, request: Any, store: int, region: int) -> None:
        """A request has read what is damaged, at a place."""
        now, place = self.env.now, (store, region)
        self.counts.damaged_reads[place] += 1
        self.counts.window_damaged_reads[self._window(now), region] += 1
        self.counts.first_damaged_ns[place] = self.counts.first_damaged_ns[place] or now + 1
        self.counts.last_damaged_ns[place] = now + 1
        request.be_misled(store)

    def _count_service(self, session: Session, end_ns: int, succeeded: bool) -> None:
        """Where the action began; while it waited and was not good, in each window that began meanwhile."""
        start_ns, row = session.action_start_ns, session.mix_row(session.operation)
        seen_ns = max(start_ns, self.plan.counts_from_ns)
        self._count_window("begun", self._window(start_ns), session)
        self.counts.begun_by_mix[row] += 1
        within_ns = int(self.plan.within_ns[session.population, session.operation])
        is_wrong, in_time = succeeded and session.request.is_wrong, end_ns - start_ns <= within_ns
        self.counts.wrong_by_mix[row] += is_wrong
        if succeeded and in_time and (self.plan.wrong_is_good or not is_wrong):
            self._end_trouble(session, end_ns)
            return
        self._count_window("bad", self._window(start_ns), session)
        self.counts.bad_by_mix[row] += 1
        self._count_held(session, end_ns, DAMAGED_DATA if is_wrong and in_time else session.held_by())
        session.trouble_since_ns = start_ns if session.trouble_since_ns is None else session.trouble_since_ns
        width_ns, first_ns = self.plan.window_ns, self.plan.window_first_ns
        waited = False
        for window in range(len(self.counts.window_begun)):
            waits = seen_ns < first_ns + window * width_ns < end_ns
            if waits != waited:
                self._count_window("waits_from" if waits else "waits_until", window, session)
            waited = waits

    def _count_window(self, kind: str, window: int, session: Session) -> None:
        """Once for all together, once for the population, once for the operation."""
        getattr(self.counts, f"window_{kind}")[window] += 1
        getattr(self.counts, f"population_{kind}")[window, session.population] += 1
        getattr(self.counts, f"operation_{kind}")[window, session.operation] += 1

    def _count_held(self, session: Session, end_ns: int, cause: int) -> None:
        """What held it: from the window of its begin, up to the first that starts when it has ended."""
        counts, first_ns, width_ns = self.counts, self.plan.window_first_ns, self.plan.window_ns
        begun = self._window(session.action_start_ns)
        counts.window_held_from[begun, cause] += 1
        later = range(begun + 1, len(counts.window_held_until))
        until = next((window for window in later if first_ns + window * width_ns >= end_ns), None)
        if until is not None:
            counts.window_held_until[until, cause] += 1
        if cause == CALLED_SERVICES:
            called = np.flatnonzero(self.plan.store_kind == SERVICE).tolist().index(session.held_by_callee())
            counts.window_called_from[begun, called] += 1
            if until is not None:
                counts.window_called_until[until, called] += 1

    def _end_trouble(self, session: Session, t: int) -> None:
        """The user is served well again, or leaves."""
        if session.trouble_since_ns is not None:
            lost_ms = (t - session.trouble_since_ns) // 10**6
            self.counts["lost_user_ms"] += lost_ms
            self.counts.lost_ms_by_population[session.population] += lost_ms
            session.trouble_since_ns = None
        if session.blocked_since_ns is not None:
            self.counts.blocked_ms[session.population] += (t - session.blocked_since_ns) // 10**6
            session.blocked_since_ns = None

    def action_begun(self, session: Session) -> None:
        """Count an action that has begun."""
        self.counts["actions_started"] += not session.is_bot

    def action_ended(self, session: Session, operation: int, outcome: int) -> None:
        """Count an action."""
        counts, now = self.counts, self.env.now
        counts.actions_by_mix[session.mix_row(operation), outcome] += 1
        self.watched[of_population(session.population)].append(now - session.action_start_ns)
        if session.is_bot:
            counts.bot_actions[outcome] += 1
            return
        counts.actions[outcome] += 1
        latency = bin_of(now - session.action_start_ns)
        counts.action_latency[latency] += 1
        counts.latency_by_mix[session.mix_row(operation), latency] += 1
        window = counts.window_succeeded if outcome == SUCCEEDED else counts.window_failed
        window[self._window(now)] += 1
        self._count_service(session, now, outcome == SUCCEEDED)

    def attempt_begun(self, request: Any, how: str) -> None:
        """Count an attempt that knows its region."""
        window = self._window(request.begin_ns)
        getattr(self.counts, how)[window, request.region] += 1
        self.counts.window_sent[window, request.population, request.region] += 1

    def attempt_ended(self, attempt: TracedAttempt, is_token: bool, turned_away: bool = False) -> None:
        """Count and trace an attempt."""
        counts, region = self.counts, attempt.region
        if self._trace:
            self._traced.append(attempt)
        if is_token:
            counts.token_attempts[attempt.outcome] += 1
            return
        counts.attempts[attempt.outcome] += 1
        self.asking.note(attempt)
        counts.attempt_latency[bin_of(attempt.end_ns - attempt.begin_ns)] += 1
        if region >= 0:
            where, outcome = (self._window(attempt.end_ns), region), attempt.outcome
            counts.attempts_by_region[region, outcome] += 1
            (counts.window_served if outcome == SUCCEEDED else counts.window_failed_region)[where] += 1
            service = int(self.plan.op_service[attempt.operation])
            self.watched[of_service(service, region)].append(attempt.end_ns - attempt.begin_ns)
            counts.window_rejected[where] += turned_away or outcome in (THROTTLED, OVERLOADED)

    def begin_counting(self) -> None:
        """The warm-up is over: all counts begin anew; what is under way counts as begun now."""
        self.stores.arrive_due()
        counts = self.counts
        begun = {name: counts[name] for name in ("attempts_started", "token_started", "actions_started")}
        ended = {name: int(getattr(counts, name).sum()) for name in ("attempts", "token_attempts", "actions")}
        asked, answered = counts.asked.copy(), counts.answered.sum(axis=1)
        counts.clear()
        for started, over in zip(begun, ended, strict=True):
            counts[started] = begun[started] - ended[over]
        counts["begun_before"] = begun["attempts_started"] + begun["token_started"] + int(asked.sum())
        counts.asked[:] = asked - answered
        for session in self._alive.values():
            session.begin_counting()
        counts["sessions_started"] = sum(not session.is_bot for session in self._alive.values())
        self.stores.begin_counting()
        for site in self.sites.values():
            site.begin_counting()

    # look

    def reader(self, readings: Readings) -> TwinReader:
        """Counters, gauges and latencies."""
        return TwinReader(self, readings)

    def asked_since(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """What each client has asked for since the last look."""
        return self.asking.asked_since()

    def alive(self) -> Iterable[Session]:
        """Sessions started and not ended."""
        return self._alive.values()

    # change

    def show(self, kind: str, place: tuple[int, ...], faults: frozenset[int]) -> None:
        """What reads the look of a place of a kind from now on meets these faults."""
        self.shown[kind, place] = faults

    def set_region(self, region: int, mode: int) -> None:
        """A region goes down or comes up."""
        if self.network.regions[region].change(self.env.now, mode):
            self._lose(region, None, mode)

    def _lose(self, region: int, zone: int | None, mode: int) -> None:
        for site in self.sites.values():
            if site.region == region:
                down = ("region", (region,)) if zone is None else ("zone", (region, zone))
                site.lose_all(zone, mode, self.shown.get(down, frozenset()))

    def set_site(self, site: Place, look: Look) -> None:
        """Set how a service in a region looks to a caller."""
        self.network.sites[site].change(look)
        if site in self.sites:
            self.sites[site].capacity_changed()

    def set_zone(self, region: int, zone: int, mode: int) -> None:
        """A zone goes down or comes up."""
        before, self.network.zones[region, zone] = self.network.zones[region, zone], mode
        if before == UP and mode != UP:
            self._lose(region, zone, mode)

    def set_instance(self, place: tuple[int], look: Look) -> None:
        """How an instance looks by itself."""
        (index,) = place
        region = int(self.plan.instance_region[index])
        site = self.sites[int(self.plan.instance_service[index]), region]
        instance = site.instance(index - int(self.plan.site_first[site.key]))
        is_up = self.network.regions[region].mode == UP == self.network.zones.get((region, instance.zone), UP)
        if instance.change(look) and is_up:
            site.lose(instance, look.mode, self.shown.get(("instance", (instance.index,)), frozenset()))

    def set_shed(self, place: tuple[int, int, int, int], share: float) -> None:
        """So large a share of a population's requests for an operation is turned away."""
        self.shed[place] = share

    def set_targets(
        self, service: int, region: int, nodes: NDArray[np.int64], others: NDArray[np.int64]
    ) -> None:
        """The nodes that the load balancer believes alive, and the others that are there."""
        site = self.sites[service, region]
        site.in_service, site.out_of_service = nodes.tolist(), others.tolist()

    def set_provisioned(self, service: int, region: int, count: int) -> None:
        """So many environments are kept warm."""
        self.sites[service, region].provision(count)

    def set_reserved(self, service: int, region: int, count: int, bucket: tuple[int, int]) -> None:
        """So many executions may run at once."""
        self.sites[service, region].reserve(count, bucket)

    def set_throughput(self, store: int, region: int, way: int, rate: float) -> None:
        """A table has so many units a second."""
        self.stores.arrive_due()
        self.capacities.rates[store, region, way] = rate
        self.stores.capacity_changes()

    def start_instance(self, service: int, region: int, number: int) -> None:
        """An instance has just been started."""
        self.sites[service, region].instance(number).forget()

    def set_endpoint(self, endpoint: Place, look: Look) -> None:
        """Set how a store's endpoint looks to the instances in its region."""
        self.stores.arrive_due()
        self.network.endpoints[endpoint].change(look)
        self.stores.capacity_changes()

    def flush(self, store: int, region: int) -> None:
        """A cache forgets everything in a region."""
        self.caches.flush((store, region), self.env.now)

    def set_key(self, region: int, removed: bool) -> None:
        """An issuer's key leaves, or returns to, the published set."""
        (self.identity.removed.add if removed else self.identity.removed.discard)(region)

    def set_surge(self, population: int, factor: float) -> None:
        """Set the factor of a population's load."""
        self.surges[population] = factor

    def over_limit(self, rule: int) -> NDArray[np.int64]:
        """The keys above a rule's limit."""
        return self.web_acls.over_limit(rule)

    def set_limited(self, rule: int, keys: NDArray[np.int64], limited: bool) -> None:
        """Some keys are limited, or no longer."""
        self.web_acls.set_limited(rule, keys, limited)

    def set_flagged(self, rule: int, keys: NDArray[np.int64], flagged: bool) -> None:
        """Some keys are flagged, or no longer."""
        self.web_acls.set_flagged(rule, keys, flagged)

    def mark_at_risk(self, region: int) -> list[AtRisk]:
        """A region's data has become unreachable."""
        self.stores.arrive_due()
        marks = []
        for store in np.flatnonzero(self.plan.store_replica[:, region]):
            times = [w.time_ns for w in self.stores.mark_at_risk(int(store), region)]
            marks.append(
                AtRisk(int(store), region, self.env.now, len(times), min(times, default=self.env.now))
            )
        return marks

    def lose_region(self, region: int) -> None:
        """The region is gone for good."""
        self.stores.arrive_due()
        self.stores.lose(region)

    def fork_replica(self, store: int, region: int) -> int:
        """A replica is a table of its own from now on."""
        self.stores.arrive_due()
        return self.stores.fork_replica(store, region)

    def add_replica(self, store: int, region: int, source: int) -> None:
        """A replica is of its table from now on."""
        self.stores.arrive_due()
        self.stores.add_replica(store, region, source)

    def strike(self, place: Place, fault: int, share: float, deletes: bool) -> None:
        """A share of a store's items becomes wrong, or is deleted, by a fault."""
        self.stores.arrive_due()
        self.stores.strike(*place, fault, share, deletes)
        self.stores.arrive_due()

    def take_snapshot(self, number: int) -> None:
        """What a replica holds now is kept."""
        self.stores.arrive_due()
        store, region = int(self.plan.snapshot_store[number]), int(self.plan.snapshot_region[number])
        self.stores.restores.take(number, store, region)

    def changed_since(self, number: int) -> int:
        """How many items have changed in a replica since."""
        self.stores.arrive_due()
        return len(self.stores.restores.snapshots[number].changed_ns)

    def restore(self, number: int, merges: bool) -> Restored:
        """A store becomes what it was."""
        self.stores.arrive_due()
        return self.stores.restores.restore(number, merges, self.env.now)

    def set_link(self, link: Place, look: Look) -> None:
        """Set one directed link between locations."""
        self.network.links[link] = look

    def set_replication(self, store: int, origin: int, target: int, running: bool) -> None:
        """Stop or resume one directed replicator."""
        down_ns = self.network.regions[origin].down_ns(self.env.now)
        self.stores.set_replication((store, origin, target), running, down_ns)

    def set_routes(self, store: int, routes: Routes) -> None:
        """Set where services of each region read and write a database."""
        self.forks.set_routes(store, routes)

    def fork(self, store: int, old: int, new: int) -> Unshipped:
        """A database gets a new writer."""
        return self.forks.fork(store, old, new)

    def rejoin(self, store: int, region: int, _writer: int) -> None:
        """An old writer gives up what it alone has."""
        self.forks.rejoin(store, region)

    def rebuild(self, store: int, region: int) -> None:
        """A region's copy of a database is made anew."""
        self.forks.rebuild(store, region)

    def set_reach(self, store: int, one: int, other: int, reached: bool) -> None:
        """Two members of a strong table do or do not reach each other."""
        self.stores.set_reach(store, one, other, reached)

    def is_caught_up(self, store: int, region: int) -> bool:
        """Whether a member of a strong table has all that had been acknowledged when it last returned."""
        self.stores.arrive_due()
        return self.stores.is_caught_up(store, region)

    def set_clock(self, region: int, skew_ns: int) -> None:
        """Set the error of a region's clock."""
        self.stores.skew_ns[region] = skew_ns

    def set_answer(self, name: int, location: int, weights: NDArray[np.int64], every: bool) -> None:
        """Set what Route 53 answers at a location."""
        authority = self.names.authorities[name]
        authority.weights[location], authority.every[location] = [int(w) for w in weights], every

    def set_authoritative(self, name: int, mode: int, share: float) -> None:
        """Set how a name's authoritative servers behave."""
        self.names.authorities[name].mode, self.names.authorities[name].share = mode, share

    # the end

    def by_fate(self) -> dict[str, NDArray[np.int64]]:
        """What has become of writes so far, per store."""
        fates = {"visible": VISIBLE, "pending": PENDING, "discarded": DISCARDED, "lost": LOST}
        found: dict[str, Any] = {name: self.stores.tally(fate) for name, fate in fates.items()}
        found["lost"] = found["lost"] + self.counts.fork_writes
        risks = {"late": VISIBLE, "pending": PENDING, "discarded": DISCARDED, "lost": LOST}
        found |= {f"risk_{name}": self.stores.tally(fate, True) for name, fate in risks.items()}
        found |= {"lost_increments": self.stores.lost_increments(), "missing": self.stores.missing()}
        return {name: np.array(counted, np.int64) for name, counted in found.items()}

    def _is_deleted(self, store: int) -> bool:
        """Whether a table is in none of its regions."""
        return all(self.network.endpoints[store, region].absent for region in self.stores.replicas(store))

    def _sample(self) -> None:
        """The first writes of each store that are gone, in order of writing."""
        gone = [(w, OVERTAKEN, w.overtaken) for _, w in self.stores.lost_updates()]
        gone += [(w, cause, None) for w, cause in self.stores.gone]
        counts, zero_ns = self.counts, self.plan.counts_from_ns
        for store in range(len(self.plan.store_items)):
            here = sorted((one for one in gone if one[0].store == store), key=lambda one: one[0].number)
            for place, (w, cause, by) in enumerate(here[:MOST_SAMPLED]):
                at = store, place
                counts.gone_item[at], counts.gone_origin[at] = w.item.number, w.origin
                counts.gone_ns[at], counts.gone_cause[at] = w.time_ns - zero_ns, cause
                if by is not None:
                    counts.gone_for[at], counts.gone_for_ns[at] = by[0] + 1, w.overtaken_ns - zero_ns

    def finish(self) -> Tallies:
        """Settle what is visible now and return the tallies."""
        self.stores.arrive_due()
        counts = self.counts
        for number, w in self.stores.lost_updates():
            assert w.overtaken is not None
            region, t = w.overtaken
            counts.lost_updates[w.store, w.origin, region, self._window(t)] += 1
            counts.lost_updates_of_item[self.plan.store_item_first[w.store] + number] += 1
        self._sample()
        deleted = {store for store in range(len(self.plan.store_items)) if self._is_deleted(store)}
        for store in self.stores.lose_deleted(deleted):
            counts.lost_with_table[store] += 1
        for session in self._alive.values():
            self._count_session(session, session.trouble, counts.sessions_alive)
            if session.acts and not session.is_bot:
                within_ns = int(self.plan.within_ns[session.population, session.operation])
                if self.env.now - session.action_start_ns > within_ns:
                    self._count_service(session, self.env.now, False)
            self._end_trouble(session, self.env.now)
        for site in self.sites.values():
            site.finish()
        in_flight = {
            "attempts_in_flight": counts["attempts_started"] - int(counts.attempts.sum()),
            "token_in_flight": counts["token_started"] - int(counts.token_attempts.sum()),
            "actions_in_flight": counts["actions_started"] - int(counts.actions.sum()),
        }
        return Tallies(**counts.arrays | counts.numbers | self.by_fate() | in_flight)
