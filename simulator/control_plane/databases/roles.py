"""Who is the writer of a database, who follows, and where services of each region read and write.

Specification: docs/model-stores.md §4. The processes that change it are in
`simulator.control_plane.databases.promotions`.
"""

from itertools import permutations

from simulator.boundary.events_of_data import SPLIT_BRAIN_BEGAN, SPLIT_BRAIN_ENDED
from simulator.boundary.outcomes import UP
from simulator.boundary.routes import NOWHERE, Routes
from simulator.boundary.subjects import OfStore
from simulator.control_plane.causes import Cause
from simulator.control_plane.faults.process import Faults
from simulator.control_plane.world import World
from simulator.plan.promotions import DatabasePlan


class Database:
    """One database, as its control plane knows it."""

    def __init__(self, world: World, plan: DatabasePlan) -> None:
        self.world, self.plan, self.store = world, plan, plan.store
        self.writer = plan.writer
        self.coming: int | None = None
        """The region that is being made the writer."""
        self.readable_coming = False
        """Whether other regions read there already."""
        self.untold: set[int] = set()
        """Old writers that do not know of a new one, or have not stepped down."""
        self.going_on: set[int] = set()
        """Those of them that take writes."""
        self.rebuilding: set[int] = set()
        self.left_behind: set[int] = set()
        self.were_writers = {plan.writer}
        self.epochs = [0] * world.plan.data.region_count
        self.forks = 0
        self.split = False
        self.blocked = False
        """Whether commits wait, as every reader is further behind than the database's bound."""
        self.down_since_ns: dict[int, int] = {}
        self.subject = OfStore(world.plan.stores[plan.store])
        self._routes = self.routes()
        world.writers[plan.store] = plan.writer

    @property
    def replicas(self) -> tuple[int, ...]:
        """The regions that hold a copy."""
        return (self.plan.writer, *self.plan.readers)

    def name_of(self, region: int) -> str:
        """A region's name."""
        return self.world.plan.regions[region]

    def is_up(self, region: int) -> bool:
        """Whether a region is."""
        return self.world.region_mode[region] == UP

    def reaches(self, a: int, b: int) -> bool:
        """Whether both are up and neither link between them is cut."""
        links = self.world.link_looks
        return self.is_up(a) and self.is_up(b) and not links[a, b].cut and not links[b, a].cut

    def reach_changed_by(self) -> Cause:
        """What has changed last of whether replicas are up and reach each other."""
        pairs = permutations(self.replicas, 2)
        spots = [*(("region", (region,)) for region in self.replicas), *(("link", pair) for pair in pairs)]
        return self.world.causes.newest(spots)

    def follows(self, region: int) -> bool:
        """Whether a region holds a copy that follows the writer, or is the writer's own."""
        return region in self.replicas and not self._is_detached(region)

    def _is_detached(self, region: int) -> bool:
        return region in self.rebuilding | self.left_behind | self.untold

    def followers(self) -> list[int]:
        """The readers that follow, in listed order, the first writer's region before all others."""
        return [region for region in self.replicas if region != self.writer and self.follows(region)]

    def routes(self) -> Routes:
        """Where services read and write now."""
        regions = range(self.world.plan.data.region_count)
        return Routes(
            tuple(self._reads_at(region) for region in regions),
            tuple(self._writes_at(region) for region in regions),
            tuple(self.epochs),
            self.coming is not None,
            self.split,
            self.blocked and self.coming is None,
        )

    def _reads_at(self, region: int) -> int:
        if region in self.untold or self.follows(region):
            return region
        return self.coming if self.coming is not None and self.readable_coming else self.writer

    def _writes_at(self, region: int) -> int:
        if region in self.going_on:
            return region
        return self.writer if self.coming is None and not self.blocked else NOWHERE

    def settle(self) -> None:
        """Tell the data plane, the replicators and the log what has changed."""
        self._note_split()
        world, routes = self.world, self.routes()
        world.writers[self.store] = self.writer
        for region in self.replicas:
            detached = self._is_detached(region)
            (world.detached.add if detached else world.detached.discard)((self.store, region))
        if routes != self._routes:
            self._routes = routes
            world.touch().set_routes(self.store, routes)
        world.one(Faults).replicators.refresh(self.store)

    def _note_split(self) -> None:
        """Two writers: an old one goes on in a region that is up, while another is the writer."""
        split = self.coming is None and any(self.is_up(region) for region in self.going_on)
        if split != self.split:
            self.split = split
            self.world.record(SPLIT_BRAIN_BEGAN if split else SPLIT_BRAIN_ENDED, self.subject)
