"""The replicators, which stand still for pauses, for links that are cut, and for regions that are down."""

from itertools import combinations, permutations, product

from simulator.boundary.events import (
    REPLICATION_RESUMED,
    REPLICATION_STOPPED,
)
from simulator.boundary.kinds import CACHE
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import OfReplicator
from simulator.control_plane.causes import Cause, Spot
from simulator.control_plane.faults.acting import Acting, Target, chosen
from simulator.control_plane.faults.forks import is_shut_out
from simulator.control_plane.faults.members import Members
from simulator.control_plane.faults.pauses import Pauses
from simulator.control_plane.world import World
from simulator.plan.faults.links import LinkFaultPlan
from simulator.plan.faults.regions import RegionFaultPlan, ZoneFaultPlan
from simulator.plan.faults.replication import ReplicationFaultPlan
from simulator.plan.faults.stores import StoreFaultPlan
from simulator.plan.timeline import FaultPlan

_OTHER_MEMBERS = 2  # of a strong table


class Replicators(Target):
    """The directed replicators of every store; they stop and resume, and the log says so.

    Those to a member of a strong table go on while it reaches any other, which hands on what it holds.
    """

    struck_by = (RegionFaultPlan, ZoneFaultPlan, LinkFaultPlan, ReplicationFaultPlan, StoreFaultPlan)

    def __init__(self, world: World, acting: Acting) -> None:
        super().__init__(world, acting)
        self._stopped: set[tuple[int, int, int]] = set()
        writers = world.plan.data.store_writer
        self._writers = {store: int(writers[store]) for store in range(len(writers)) if writers[store] >= 0}
        self._apart: set[tuple[int, int, int]] = set()  # members that do not reach each other
        self._members = Members(world)
        self._pauses = Pauses(world, acting, self._take_hold)
        self._not_begun = {(store, *pair) for store, region in world.away for pair in self._pairs(region)}
        """What has never been copied: it stands still untold, and so it begins."""

    def _pairs(self, region: int) -> set[tuple[int, int]]:
        others = range(self._world.plan.data.region_count)
        return {*product([region], others), *product(others, [region])}

    def apply(self, switched: list[FaultPlan], begun: list[FaultPlan]) -> None:
        """Stop and resume what regions, links and pauses now call for. Those must be set before."""
        if all(isinstance(fault, StoreFaultPlan) and not fault.excludes for fault in switched):
            return
        for fault in chosen(begun, ReplicationFaultPlan):
            self._pauses.begin(fault)
        self._note(chosen(switched, ReplicationFaultPlan))
        self._apply_to_all()

    def _take_hold(self, pauses: list[ReplicationFaultPlan]) -> None:
        self._note(pauses)
        self._apply_to_all()

    def _apply_to_all(self) -> None:
        data = self._world.plan.data
        for store in range(len(data.store_items)):
            if data.store_kind[store] != CACHE:  # each region's is by itself
                self._apply_to(store)

    def _note(self, pauses: list[ReplicationFaultPlan]) -> None:
        """Pauses have begun or ended."""
        causes = self._world.causes
        for fault in pauses:
            causes.strike([fault.number])
            for store, pair in product(fault.stores, fault.pairs):
                causes.change(("replicator", (store, *pair)))

    def _apply_to(self, store: int) -> None:
        data = self._world.plan.data
        replicas = [region for region in range(data.region_count) if data.store_replica[store, region]]
        witness = int(data.store_witness[store])
        members = replicas if witness < 0 else [*replicas, witness]
        if data.store_strong[store]:
            self._join(store, members)
            alone = {member for member in members if self._is_alone(store, member)}
            because = self._because(store, *members)
            self._members.tell(store, frozenset(alone & {*replicas}), len(alone) < len(members), because)
        for origin, target in permutations(replicas, 2):
            self._set(store, origin, target)
        for region in replicas:
            self._world.show("replica", (store, region), self._shown(store, region, members))

    def follow(self, store: int) -> None:
        """A replica has left its table, or joined it."""
        self._apply_to(store)

    def refresh(self, store: int) -> None:
        """Another replica of a database is its writer, or another one follows."""
        self._world.causes.change(("followers", (store,)))
        self._apply_to(store)
        writer = self._world.writers[store]
        if writer != self._writers[store]:
            self._writers[store] = writer
            for pair in sorted(self._stopped):
                if pair[:2] == (store, writer):
                    self._record(pair, running=False)

    def _join(self, store: int, members: list[int]) -> None:
        """Which members of a strong table reach each other now."""
        for one, other in combinations(members, 2):
            pair = (store, one, other)
            reached = not (self._is_stopped(*pair) or self._is_stopped(store, other, one))
            if reached == (pair in self._apart):
                (self._apart.discard if reached else self._apart.add)(pair)
                self._world.touch().set_reach(*pair, reached)

    def _is_alone(self, store: int, region: int) -> bool:
        """Whether a member of a strong table reaches no other: of three, it is apart from two."""
        return sum(region in pair for table, *pair in self._apart if table == store) == _OTHER_MEMBERS

    def _shown(self, store: int, region: int, members: list[int]) -> list[FaultPlan]:
        """What acts on the pairs of a replica: on their links, on the region of the other, on themselves."""
        others = [other for other in members if other != region]
        pairs = {*product([region], others), *product(others, [region])}
        shown: list[FaultPlan] = []
        shown += [fault for fault in self._acting.of(LinkFaultPlan) if pairs.intersection(fault.pairs)]
        downs = set().union(*(self._world.shown.get(("region", (other,)), ()) for other in others))
        for kind in (RegionFaultPlan, ZoneFaultPlan):
            shown += [fault for fault in self._acting.of(kind) if fault.number in downs]
        for fault in self._pauses.holding():
            if store in fault.stores and pairs.intersection(fault.pairs):
                shown.append(fault)
        keys_and_roles = self._acting.of(StoreFaultPlan)
        return shown + [fault for fault in keys_and_roles if fault.excludes and fault.store == store]

    def _set(self, store: int, origin: int, target: int) -> None:
        world, pair = self._world, (store, origin, target)
        strong = world.plan.data.store_strong[store]
        running = not (self._is_alone(store, target) if strong else self._is_stopped(*pair))
        if running == (pair not in self._stopped):
            return
        (self._stopped.discard if running else self._stopped.add)(pair)
        world.touch().set_replication(*pair, running)
        if origin == self._writers.get(store, origin) and pair not in self._not_begun:
            self._record(pair, running=running)
        if running:
            self._not_begun.discard(pair)

    def _record(self, pair: tuple[int, int, int], *, running: bool) -> None:
        kind, plan = REPLICATION_RESUMED if running else REPLICATION_STOPPED, self._world.plan
        store, origin, target = pair
        subject = OfReplicator(plan.stores[store], plan.regions[origin], plan.regions[target])
        self._world.record(kind, subject, self._because(*pair))

    def _because(self, store: int, *members: int) -> Cause:
        """What has changed last of all that replication between these members depends on."""
        spots: list[Spot] = [("followers", (store,))]
        for member in members:
            spots += [("region", (member,)), ("endpoint", (store, member))]
        for pair in permutations(members, 2):
            spots += [("link", pair), ("replicator", (store, *pair))]
        return self._world.causes.newest(spots)

    def _is_stopped(self, store: int, origin: int, target: int) -> bool:
        """Down or shut out at either end, cut, or paused; or the target does not follow a writer."""
        pair = (origin, target)
        world, modes = self._world, self._world.region_mode
        if (store, target) in world.detached:
            return True
        if any((store, end) in world.away or is_shut_out(self._acting, (store, end)) for end in pair):
            return True
        if any(modes[end] != UP for end in (origin, target) if end < len(modes)):
            return True
        if world.link_looks[origin, target].cut:
            return True
        pauses = self._pauses.holding()
        return any(store in fault.stores and (origin, target) in fault.pairs for fault in pauses)
