"""The compiled data plane behind the seam: advance, look, change.

A kernel that has nothing to do is not called, so that it need not be loaded: an idle system starts faster.
"""

from typing import Any
from weakref import proxy

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.fields import NUMBER, Field, fields_of
from simulator.boundary.kinds import NEVER_NS, NODES
from simulator.boundary.looks import ATTRIBUTES, Look, Place
from simulator.boundary.outcomes import BLACK_HOLE, OUTCOMES, REFUSED, SESSION_CLASSES, UP
from simulator.boundary.readings import Readings
from simulator.boundary.tallies import AtRisk, Counters, Restored, Tallies
from simulator.boundary.world import World
from simulator.data_plane import layout, loop, meeting, pools, room
from simulator.data_plane.clients.names import begin_names
from simulator.data_plane.clients.sessions import count_alive, count_waiting
from simulator.data_plane.counting import begin_counting, what_lines_lack, with_what_is_deleted
from simulator.data_plane.doors import put
from simulator.data_plane.following import Following
from simulator.data_plane.foreseen import Foreseen
from simulator.data_plane.growing import Growing
from simulator.data_plane.guarding import Guarding
from simulator.data_plane.losing import Losing
from simulator.data_plane.promoting import Promoting
from simulator.data_plane.queue_arrays import new_queue
from simulator.data_plane.reader import CompiledReader, reader_block
from simulator.data_plane.stores import members
from simulator.data_plane.stores.delivery import deliver, deliver_all
from simulator.data_plane.stores.layout import Lineage, Replicators, Snapshots
from simulator.data_plane.stores.leaving import lose_replicas
from simulator.data_plane.stores.replication import replication_clock_ns
from simulator.data_plane.stores.restoring import restored
from simulator.data_plane.stores.snapshots import changed_since, take_snapshot
from simulator.data_plane.stores.striking import hits, strike_items
from simulator.data_plane.stores.strong import is_caught_up
from simulator.data_plane.stores.survivors import settle_lines
from simulator.data_plane.stores.under_way import begin_under_way, make_room
from simulator.data_plane.stores.versions import LIVE
from simulator.data_plane.sums import sums_over_populations
from simulator.data_plane.tracing import TRACE_ALL as TRACE_ALL
from simulator.data_plane.tracing import TRACE_OFF
from simulator.data_plane.way.layout import Addresses, WebAcls
from simulator.data_plane.work.compute import EVERY_ZONE, settle_queues
from simulator.data_plane.work.nodes import use_capacity
from simulator.kernels.blocks import Block
from simulator.kernels.compiling import warm_up
from simulator.plan.lowered import DataPlan

_TRACE_ROWS = 65_536
_NO_TRACE_ROWS = 8
_SMALLEST_POOL = 8192
_VERSIONS_AT_FIRST = 8 * _SMALLEST_POOL  # a pool of versions grows after a search for those that are over


class CompiledPlane(Promoting, Growing, Guarding, Following, Losing):
    """Serves every request of a plan in compiled code. `trace` follows one session's number, all, or none."""

    def __init__(self, plan: DataPlan, trace: int = TRACE_OFF) -> None:
        self._spec = plan
        self._plan = pools.plan_arrays(plan)
        self._now_ns = 0
        self._settled = False  # whether all versions are settled at the present instant
        self._names_begun = False
        self._traced = []
        self._down_ns = np.zeros(plan.region_count, np.int64)  # how long each region was down, past outages
        self._down_since_ns = np.full(plan.region_count, -1, np.int64)  # -1: it is up
        self._down_at_stop_ns: dict[tuple[int, int, int], int] = {}
        self._memory = self._new_memory(trace)
        warm_up([self._plan, self._memory, reader_block(self._memory, Readings(plan))])
        if len(plan.pop_near):
            loop.begin(self._plan, self._memory)

    def _new_memory(self, trace: int) -> Block:
        plan, closed = self._spec, int(self._spec.pop_sessions.sum())
        users, calls = pools.stateful(plan, plan.pop_policy), pools.stateful(plan, plan.call_policy)
        instances, stores = len(plan.instance_region), len(plan.store_items)
        # some sessions outlive the start of their successors; a pool that has to grow is there twice
        sessions = pools.new_sessions(plan, closed + closed // 8 + _SMALLEST_POOL)
        return Block(
            "memory",
            world=pools.new_block("world", World, plan),
            queue=new_queue(2 * closed + _SMALLEST_POOL),
            sessions=sessions,
            attempts=pools.new_attempts(plan, _SMALLEST_POOL),
            deeds=pools.new_deeds(plan, len(sessions.free)),
            tokens=pools.new_tokens(plan, _SMALLEST_POOL),
            versions=pools.new_versions(plan, _VERSIONS_AT_FIRST),
            lanes=pools.new_lanes(plan, 2 * _SMALLEST_POOL),
            copies=pools.new_copies(plan, max(_SMALLEST_POOL, 4 * plan.region_count)),
            replicators=pools.new_block("replicators", Replicators, plan),
            lineage=pools.new_block("lineage", Lineage, plan),
            snapshots=pools.new_block("snapshots", Snapshots, plan),
            item_lane=np.full(int(plan.store_items.sum()), -1, np.int64),
            resolvers=pools.new_block("resolvers", layout.Resolvers, plan),
            instances=pools.new_block("instances", layout.Instances, plan),
            populations=pools.new_block("populations", layout.Populations, plan),
            watched=pools.new_block("watched", layout.Watched, plan),
            sites=pools.new_block("sites", layout.Sites, plan),
            token_buckets=pools.new_block("token_buckets", layout.TokenBuckets, plan),
            web_acls=pools.new_block("web_acls", WebAcls, plan),
            addresses=pools.new_block("addresses", Addresses, plan),
            verifiers=pools.new_block("verifiers", layout.Verifiers, plan),
            caches=pools.new_block("caches", layout.Caches, plan),
            edges=pools.new_block("edges", layout.Edges, plan),
            user_clients=pools.new_clients(plan, len(sessions.free) if users else 1),
            call_clients=pools.new_clients(plan, instances * stores if calls else 1),
            stop_ns=np.array([NEVER_NS], np.int64),
            stateful_users=np.array([users], np.int64),
            stateful_calls=np.array([calls], np.int64),
            counts=pools.new_counts(plan),
            foreseen=self._new_foreseen(trace),
            trace=pools.new_trace(trace, _NO_TRACE_ROWS if trace == TRACE_OFF else _TRACE_ROWS),
        )

    def _new_foreseen(self, trace: int) -> Block:
        """Rows of a trace are told in order of finish: then nothing is taken before its time."""
        foreseen = pools.new_block("foreseen", Foreseen, self._spec)
        foreseen.is_on[0] &= trace == TRACE_OFF
        return foreseen

    # advance

    def advance(self, to_ns: int) -> None:
        """Run every event with time < `to_ns`, none behind the death of a node."""
        if to_ns == self._now_ns and self._settled:
            return
        if to_ns > 0 and not self._names_begun:
            begin_names(self._plan, self._memory)
            self._names_begun = True
            begin_under_way(self._spec, self._plan, self._memory)
        while self._is_due(to_ns := min(to_ns, int(self._memory.stop_ns[0]))):
            short = loop.advance(self._plan, self._memory, to_ns)
            if short not in (loop.ARRIVED, loop.DIED):
                self._make_room(short)
        self._settled = self._settled and to_ns == self._now_ns
        self._now_ns = to_ns

    def _is_due(self, to_ns: int) -> bool:
        """Whether the next event may be: a call of a kernel costs ten times as much as this look."""
        queue = self._memory.queue
        return bool(
            queue.time_ns[0] < to_ns or (queue.horizon_ns[0] < to_ns and queue.near[0] < queue.size[0])
        )

    def _make_room(self, short: int) -> None:
        if short == loop.TRACE_FULL:
            self._flush_trace()
        else:
            room.make_room(self._spec, self._plan, self._memory, short)

    def begin_counting(self) -> None:
        """The warm-up is over: all counters begin anew; what is under way counts as begun now."""
        self._settle()
        begin_counting(self._spec, self._plan, self._memory, self._now_ns)

    # look

    def reader(self, readings: Readings) -> CompiledReader:
        """A reader of counters, gauges and latencies, which keeps nothing of this plane alive."""
        here = proxy(self)
        return CompiledReader(
            self._plan, proxy(self._memory), readings, lambda: here._now_ns, lambda: here._settle()
        )

    # change

    def show(self, kind: str, place: tuple[int, ...], faults: frozenset[int]) -> None:
        """What reads the look of a place of a kind from now on meets these faults."""
        meeting.show(self._memory.world, kind, place, faults)

    def set_region(self, region: int, mode: int) -> None:
        """A region goes down or comes up: its data, and the work of its instances."""
        before = self._memory.world.region_mode[region]
        self._keep_down_time(region, mode)
        self._memory.world.region_mode[region] = mode
        if before != REFUSED and mode == REFUSED:  # connections to load balancers break with their region
            self._memory.world.site_resets[:, region] += self._spec.site_balanced[:, region]
        if before == UP and mode != UP:
            self._lose_instances(region, EVERY_ZONE, mode)

    def set_site(self, site: Place, look: Look) -> None:
        """Set how a service in a region looks to a caller; a door that refuses breaks connections."""
        if site[0] >= len(self._spec.site_compute):  # as it looks to those whom limited faults touch
            put(self._memory.world, "site", site, look)
            return
        world = self._memory.world
        grows, resets = look.capacity > world.site_capacity[site], world.site_resets[site]
        self._show("site", site, look)
        if self._spec.site_balanced[site]:  # what is behind the load balancer breaks none of its connections
            world.site_resets[site] = resets
        if grows and self._spec.site_compute[site] == NODES:
            self._make_room_for_waiting()
            use_capacity(self._plan, self._memory, *site, self._now_ns)

    def _show(self, kind: str, place: Place, look: Look) -> None:
        """Let a place of a kind look as it now does."""
        world = self._memory.world
        if "mode" in ATTRIBUTES[kind]:
            before = getattr(world, f"{kind}_mode")[place]
            getattr(world, f"{kind}_resets")[place] += before != REFUSED and look.mode == REFUSED
        put(world, kind, place, look)

    def set_endpoint(self, endpoint: Place, look: Look) -> None:
        """Set how a store's endpoint looks to the instances in its region; refusing breaks connections."""
        if self._spec.store_limited[endpoint[0]]:
            deliver(self._plan, self._memory, *endpoint, self._now_ns)  # with the capacity so far
            self._look_again(*endpoint)
        self._show("endpoint", endpoint, look)

    def _look_again(self, store: int, target: int) -> None:
        """More may be delivered to a replica at this very instant."""
        self._memory.replicators.next_ns[store, target] = self._now_ns
        self._settled = False

    def flush(self, store: int, region: int) -> None:
        """A cache forgets everything in a region."""
        self._memory.world.flush_ns[store, region] = self._now_ns

    def strike(self, place: Place, fault: int, share: float, deletes: bool) -> None:
        """A share of a store's items becomes wrong, or is deleted, by a fault: written in a region now."""
        store, region = place
        make_room(self._spec, self._memory, int(hits(self._plan, store, fault, share)))
        strike_items(self._plan, self._memory, store, region, fault, share, int(deletes), self._now_ns)
        self._settled = False

    def set_key(self, region: int, removed: bool) -> None:
        """An issuer's key leaves, or returns to, the published set."""
        self._memory.world.key_removed[region] = removed

    def set_surge(self, population: int, factor: float) -> None:
        """Set the factor of a population's load."""
        self._memory.world.surge[population] = factor

    def _keep_down_time(self, region: int, mode: int) -> None:
        since_ns = self._down_since_ns[region]
        if mode != UP and since_ns < 0:
            self._down_since_ns[region] = self._now_ns
        elif mode == UP and since_ns >= 0:
            self._down_ns[region] += self._now_ns - since_ns
            self._down_since_ns[region] = -1

    def _time_down_ns(self, region: int) -> int:
        """For how long a region has been down in all."""
        since_ns = int(self._down_since_ns[region])
        return int(self._down_ns[region]) + (self._now_ns - since_ns if since_ns >= 0 else 0)

    def mark_at_risk(self, region: int) -> list[AtRisk]:
        """A region's data has become unreachable: mark and count writes visible nowhere else, by table."""
        self._settle()
        return members.mark_writes(self._spec, self._plan, self._memory, region, self._now_ns)

    def lose_region(self, region: int) -> None:
        """The region is gone for good: its undelivered writes are lost."""
        self._settle()
        lose_replicas(self._spec, self._plan, self._memory, region)
        self.set_region(region, BLACK_HOLE)

    def take_snapshot(self, number: int) -> None:
        """What a replica holds now is kept from now on."""
        self._settle()
        take_snapshot(self._plan, self._memory, number)

    def changed_since(self, number: int) -> int:
        """How many items have changed in a replica since a snapshot."""
        self._settle()
        return int(changed_since(self._plan, self._memory, number))

    def restore(self, number: int, merges: bool) -> Restored:
        """A store becomes what a snapshot holds, in all replicas."""
        self._settle()
        return restored(self._plan, self._memory, number, merges, self._now_ns)

    def set_link(self, link: Place, look: Look) -> None:
        """Set one directed link between locations."""
        self._show("link", link, look)

    def set_replication(self, store: int, origin: int, target: int, running: bool) -> None:
        """Stop or resume one directed replicator."""
        world, pair, now_ns = self._memory.world, (store, origin, target), self._now_ns
        if bool(world.replicating[pair]) == running:
            return
        deliver(self._plan, self._memory, store, target, now_ns)  # at the pace so far
        clock_ns = int(replication_clock_ns(self._plan, world, *pair, now_ns))
        if running:  # while its origin was down nothing was written that would have to be caught up with
            clock_ns += self._time_down_ns(origin) - self._down_at_stop_ns.pop(pair)
        else:
            self._down_at_stop_ns[pair] = self._time_down_ns(origin)
        world.replicating[pair] = running
        world.resumed_ns[pair] = now_ns
        world.resumed_clock_ns[pair] = clock_ns
        faster = int(self._spec.catch_up_num[store]) - 100
        world.caught_up_ns[pair] = now_ns - (clock_ns - now_ns) * 100 // faster if running else now_ns
        self._look_again(store, target)

    def set_reach(self, store: int, one: int, other: int, reached: bool) -> None:
        """Two members of a strong table do or do not reach each other."""
        members.set_reach(self._spec, self._plan, self._memory, (store, one, other), reached, self._now_ns)

    def is_caught_up(self, store: int, region: int) -> bool:
        """Whether a member of a strong table has all that had been acknowledged when it last returned."""
        return bool(is_caught_up(self._plan, self._memory, store, region, self._now_ns))

    def set_clock(self, region: int, skew_ns: int) -> None:
        """Set the error of a region's clock."""
        self._memory.world.region_skew_ns[region] = skew_ns

    def set_answer(self, name: int, location: int, weights: NDArray[np.int64], every: bool) -> None:
        """Set what Route 53 answers at a location: one region drawn by weight, or all of weight > 0."""
        self._memory.world.answer_weight[name, location] = weights
        self._memory.world.answer_every[name, location] = every

    def set_authoritative(self, name: int, mode: int, share: float) -> None:
        """Set how a name's authoritative servers behave."""
        self._memory.world.authoritative_mode[name] = mode
        self._memory.world.authoritative_share[name] = share

    # the end

    def _settle(self) -> None:
        versions = self._memory.versions
        if not self._settled and versions.free_count[0] < len(versions.free):
            deliver_all(self._plan, self._memory, self._now_ns)
        self._settled = True

    def finish(self) -> Tallies:
        """Settle what is visible now and return the tallies."""
        self._settle()
        if (self._spec.site_compute == NODES).any():
            settle_queues(self._plan, self._memory, self._now_ns)
        counts, versions = self._memory.counts, self._memory.versions
        live = versions.state == LIVE
        alive, during, by_cause = self._sessions_at_end()
        if self._memory.sessions.free_count[0] < len(self._memory.sessions.free):
            count_waiting(self._plan, self._memory, self._now_ns)
        plain = {field.name: _value(field, getattr(counts, field.name)) for field in fields_of(Counters)}
        plain |= {
            "pending": self._per_table(live),
            "risk_pending": self._per_table(live & (versions.at_risk == 1)),
        }
        return Tallies(
            **with_what_is_deleted(self._spec, self._memory, plain)
            | {"sessions_by_presence": counts.sessions_by_presence + during}
            | {"sessions_by_cause": counts.sessions_by_cause + by_cause},
            **sums_over_populations(counts, during),
            attempts_in_flight=int(counts.attempts_started[0] - counts.attempts.sum()),
            token_in_flight=int(counts.token_started[0] - counts.token_attempts.sum()),
            actions_in_flight=int(counts.actions_started[0] - counts.actions.sum()),
            sessions_alive=alive,
            **self._lineage(),
        )

    def _lineage(self) -> dict[str, Any]:
        """Lost updates and what else the last versions lack."""
        if self._memory.counts.writes.any():
            settle_lines(self._plan, self._memory)
        return what_lines_lack(self._spec, self._memory)

    def _per_table(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        stores = self._memory.versions.store[chosen]
        return np.bincount(stores, minlength=len(self._spec.store_items)).astype(np.int64)

    def _sessions_at_end(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Sessions still alive by class so far: all, those alive during a fault by presence, by cause."""
        alive = np.zeros(len(SESSION_CLASSES), np.int64)
        during = np.zeros_like(self._memory.counts.sessions_by_presence)
        by_cause = np.zeros((len(SESSION_CLASSES), len(OUTCOMES)), np.int64)
        if self._memory.populations.sessions.any():
            count_alive(self._plan, self._memory, self._now_ns, alive, during, by_cause)
        return alive, during, by_cause


def _value(field: Field, array: NDArray[np.int64]) -> Any:
    """A counter as its tally: an array, or a plain number where the tally is one."""
    return int(array[0]) if field.axes == (NUMBER,) else array.copy()
