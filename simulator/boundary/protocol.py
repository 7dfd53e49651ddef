"""The seam between the planes: what the control plane and the measures may ask of a data plane.

Two data planes stand behind it: the compiled one in `simulator.data_plane`, and a plain SimPy one in
`tests/twin` that shares with it the draws and what is declared in this package, and no other code.
Every call happens at a control instant `t`, after `advance(t)`: the data plane has run all its events with
time < t, so at equal times control acts first.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.looks import Look, Place
from simulator.boundary.readings import Reader, Readings
from simulator.boundary.routes import Routes, Unshipped
from simulator.boundary.tallies import AtRisk, Restored, Tallies


class DataPlane(Protocol):
    """Advance, look, change."""

    def advance(self, to_ns: int) -> None:
        """Run every event with time < `to_ns`.

        Where a node runs out of memory at a time before that, the plane stops behind the events of that time,
        and goes on once `out_of_memory` has been asked.
        """

    def begin_counting(self) -> None:
        """The warm-up is over, to which the plane has been advanced: all counters begin anew.

        What is under way counts as begun now (docs/model.md §1).
        """

    # look
    def reader(self, readings: Readings) -> Reader:
        """A reader of counters since the start, gauges, and latencies since the reading before.

        Reading changes nothing: the run goes on as if nobody had looked.
        """

    def asked_since(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The clients that asked for something since the last look, by number; and [clients, counts] what.

        Numbers are those of `over_limit`. Only where the plan says that clients are watched; the next look
        begins with this one.
        """

    def out_of_memory(self) -> tuple[int, list[int]]:
        """The instant up to which events have been run, and the instances that have run out of memory.

        Those since this was asked last, by their numbers in the plan, in order.
        """

    # change
    def show(self, kind: str, place: tuple[int, ...], faults: frozenset[int]) -> None:
        """What reads the look of a place of a kind from now on meets these faults, by number.

        The kinds are those of the arrays `…_faults` of `simulator.boundary.world`.
        """

    def set_region(self, region: int, mode: int) -> None:
        """A region goes down or comes up: its replicators, its instances' work and its origins follow.

        Leaving UP loses the work of every instance in it. Its sites are set one by one.
        """

    def set_site(self, site: Place, look: Look) -> None:
        """Set how a service in a region looks to a caller, and the share of its capacity that is there.

        `site`: service, region. Refusing breaks its connections. Or a face, region: how the service whose
        face it is looks to those requests that limited faults touch; the first faces are the services.
        """

    def set_zone(self, region: int, zone: int, mode: int) -> None:
        """A zone goes down or comes up. Leaving UP loses the work of its instances."""

    def set_instance(self, place: tuple[int], look: Look) -> None:
        """Set how an instance looks by faults of its own and by those that make its zone grey.

        `place`: its number in the plan. Leaving UP loses its work, unless its region or zone is down already.
        """

    def set_shed(self, place: tuple[int, int, int, int], share: float) -> None:
        """So large a share of a population's requests for an operation is turned away before its service.

        `place`: at the door or at CloudFront (`FRONTS`), operation, region (at the edges of a content network
        0), population.
        """

    def set_targets(
        self, service: int, region: int, nodes: NDArray[np.int64], others: NDArray[np.int64]
    ) -> None:
        """The nodes (numbers within the site, in order) that the load balancer believes alive.

        `others`: those that are there as well.
        """

    def start_instance(self, service: int, region: int, number: int) -> None:
        """An instance of a site, by its number there, has just been started: it has nothing cached."""

    def set_provisioned(self, service: int, region: int, count: int) -> None:
        """So many environments of a function are kept warm from now on; those that are not there start."""

    def set_reserved(self, service: int, region: int, count: int, bucket: tuple[int, int]) -> None:
        """So many executions of a function may run at once from now on.

        `bucket`: the token bucket of its invocations, nanoseconds of a token and of the burst.
        """

    def set_throughput(self, store: int, region: int, way: int, rate: float) -> None:
        """A table has so many units a second in a region from now on: 0 to write, 1 to read."""

    def set_endpoint(self, endpoint: Place, look: Look) -> None:
        """Set how a store's endpoint looks to the instances in its region. `endpoint`: store, region."""

    def flush(self, store: int, region: int) -> None:
        """A cache forgets everything in a region."""

    def strike(self, place: Place, fault: int, share: float, deletes: bool) -> None:
        """A share of a store's items becomes wrong, or is deleted, by a fault: written in a region now.

        `place`: store, region.
        """

    def set_key(self, region: int, removed: bool) -> None:
        """An issuer's key leaves, or returns to, the published set."""

    def set_surge(self, population: int, factor: float) -> None:
        """Set the factor of a population's load."""

    def over_limit(self, rule: int) -> NDArray[np.int64]:
        """The keys that are above the limit of a web ACL's rule now, in order.

        A shared address is its number, among all of the plan; what is a session's own the number of the
        session, plus how many addresses are shared.
        """

    def set_limited(self, rule: int, keys: NDArray[np.int64], limited: bool) -> None:
        """The rule takes its action on requests of these keys from now on, or no longer."""

    def set_flagged(self, rule: int, keys: NDArray[np.int64], flagged: bool) -> None:
        """A detector has flagged these keys for a rule that concerns those whom it has, or lets them go."""

    def mark_at_risk(self, region: int) -> list[AtRisk]:
        """A region's data has become unreachable: mark and count writes visible nowhere else, by table."""

    def lose_region(self, region: int) -> None:
        """The region is gone for good: its undelivered writes are lost."""

    def fork_replica(self, store: int, region: int) -> int:
        """A replica of a table leaves it, and is a table of its own: how many writes that loses."""

    def add_replica(self, store: int, region: int, source: int) -> None:
        """A replica that has left, or was never there, joins its table as a copy of another one.

        The replicators to and from it stand still until `set_replication`, with nothing to catch up with.
        """

    def take_snapshot(self, number: int) -> None:
        """What a replica holds now is kept from now on, for restores; of which one, the plan says."""

    def changed_since(self, number: int) -> int:
        """How many items have changed in a replica since a snapshot of it."""

    def restore(self, number: int, merges: bool) -> Restored:
        """A store becomes what a snapshot of it holds, in all its replicas.

        Where it merges, items whose last version is well keep that.
        """

    def set_link(self, link: Place, look: Look) -> None:
        """Set one directed link between locations. `link`: origin, target."""

    def set_replication(self, store: int, origin: int, target: int, running: bool) -> None:
        """Stop or resume one directed replicator."""

    def set_routes(self, store: int, routes: Routes) -> None:
        """Set where services of each region read and write a database with one writer."""

    def fork(self, store: int, old: int, new: int) -> Unshipped:
        """A database gets a new writer: what that has not seen is lost, and seen by the old one alone.

        Until `rejoin`, what is written at the old one is lost at once. Returns what was lost now.
        """

    def rejoin(self, store: int, region: int, writer: int) -> None:
        """An old writer of a database gives up what it has and the writer has not."""

    def rebuild(self, store: int, region: int) -> None:
        """All that has been written to a database, and is not lost, becomes visible in a region now."""

    def set_reach(self, store: int, one: int, other: int, reached: bool) -> None:
        """Two members of a strong table, by location, do or do not reach each other."""

    def is_caught_up(self, store: int, region: int) -> bool:
        """Whether a member of a strong table has all that had been acknowledged when it last returned."""

    def set_clock(self, region: int, skew_ns: int) -> None:
        """Set the error of a region's clock."""

    def set_answer(self, name: int, location: int, weights: NDArray[np.int64], every: bool) -> None:
        """Set what Route 53 answers at a location: one region drawn by weight [R], or all of weight > 0."""

    def set_authoritative(self, name: int, mode: int, share: float) -> None:
        """Set how a name's authoritative servers behave."""

    def finish(self) -> Tallies:
        """After `advance(duration)`: settle what is visible at the end and return the tallies."""
