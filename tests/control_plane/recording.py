"""A data plane that serves nobody and writes down what the control plane sets, and when."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.looks import Look, Place
from simulator.boundary.readings import Reader, Reading, Readings
from simulator.boundary.routes import Routes, Unshipped
from simulator.boundary.tallies import AtRisk, Restored, Tallies

Call = tuple[int, str, tuple[Any, ...]]
"""When (ns), which method, with which arguments."""


class RecordingPlane:
    """Records every change with the instant to which it had been advanced."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.now_ns = 0
        self.catching_up_ns = 0
        """How long a member of a strong table takes to catch up."""
        self.deaths: list[tuple[int, list[int]]] = []
        """When (ns) which instances run out of memory."""
        self._back_ns = dict[tuple[int, int], int]()

    def _note(self, method: str, *arguments: Any) -> None:
        self.calls.append((self.now_ns, method, arguments))

    def of(self, *methods: str) -> list[Call]:
        """The calls of some methods, in the order in which they were made."""
        return [call for call in self.calls if call[1] in methods]

    def advance(self, to_ns: int) -> None:
        assert to_ns >= self.now_ns, "time ran backwards"
        self.now_ns = min(to_ns, *(at_ns for at_ns, _ in self.deaths[:1]), to_ns)

    def out_of_memory(self) -> tuple[int, list[int]]:
        if self.deaths and self.deaths[0][0] == self.now_ns:
            return self.deaths.pop(0)
        return self.now_ns, []

    def begin_counting(self) -> None:
        self._note("begin_counting")

    def reader(self, readings: Readings) -> Reader:
        return EmptyReader(self, readings)

    def show(self, kind: str, place: tuple[int, ...], faults: frozenset[int]) -> None:
        self._note("show", kind, place, faults)

    def set_region(self, region: int, mode: int) -> None:
        self._note("set_region", region, mode)

    def set_site(self, site: Place, look: Look) -> None:
        self._note("set_site", *site, look)

    def set_zone(self, region: int, zone: int, mode: int) -> None:
        self._note("set_zone", region, zone, mode)

    def set_instance(self, place: tuple[int], look: Look) -> None:
        self._note("set_instance", *place, look)

    def set_shed(self, place: tuple[int, int, int, int], share: float) -> None:
        self._note("set_shed", *place, share)

    def set_targets(
        self, service: int, region: int, nodes: NDArray[np.int64], others: NDArray[np.int64]
    ) -> None:
        self._note("set_targets", service, region, tuple(int(node) for node in nodes))
        self.others = [*others.tolist()]

    def set_provisioned(self, service: int, region: int, count: int) -> None:
        self._note("set_provisioned", service, region, count)

    def set_reserved(self, service: int, region: int, count: int, bucket: tuple[int, int]) -> None:
        self._note("set_reserved", service, region, count, bucket)

    def set_throughput(self, store: int, region: int, way: int, rate: float) -> None:
        self._note("set_throughput", store, region, way, rate)

    def start_instance(self, service: int, region: int, number: int) -> None:
        self._note("start_instance", service, region, number)

    def set_endpoint(self, endpoint: Place, look: Look) -> None:
        self._note("set_endpoint", *endpoint, look)

    def over_limit(self, _rule: int) -> NDArray[np.int64]:
        """Nobody is."""
        return np.empty(0, np.int64)

    def set_limited(self, rule: int, keys: NDArray[np.int64], limited: bool) -> None:
        self._note("set_limited", rule, (*keys.tolist(),), limited)

    def set_flagged(self, rule: int, keys: NDArray[np.int64], flagged: bool) -> None:
        self._note("set_flagged", rule, (*keys.tolist(),), flagged)

    def flush(self, store: int, region: int) -> None:
        self._note("flush", store, region)

    def strike(self, place: Place, fault: int, share: float, deletes: bool) -> None:
        self._note("strike", *place, fault, share, deletes)

    def set_key(self, region: int, removed: bool) -> None:
        self._note("set_key", region, removed)

    def set_surge(self, population: int, factor: float) -> None:
        self._note("set_surge", population, factor)

    def mark_at_risk(self, region: int) -> list[AtRisk]:
        self._note("mark_at_risk", region)
        return [AtRisk(store=0, region=region, at_ns=self.now_ns, writes=3, oldest_ns=self.now_ns - 1)]

    def lose_region(self, region: int) -> None:
        self._note("lose_region", region)

    def fork_replica(self, store: int, region: int) -> int:
        self._note("fork_replica", store, region)
        return 4

    def add_replica(self, store: int, region: int, source: int) -> None:
        self._note("add_replica", store, region, source)

    def take_snapshot(self, number: int) -> None:
        self._note("take_snapshot", number)

    def changed_since(self, number: int) -> int:
        self._note("changed_since", number)
        return 8000

    def restore(self, number: int, merges: bool) -> Restored:
        self._note("restore", number, merges)
        return Restored(number, self.now_ns, 7, 0, self.now_ns - 5 * 10**9, 3)

    def set_link(self, link: Place, look: Look) -> None:
        self._note("set_link", *link, look)

    def set_replication(self, store: int, origin: int, target: int, running: bool) -> None:
        self._note("set_replication", store, origin, target, running)

    def set_routes(self, store: int, routes: Routes) -> None:
        self._note("set_routes", store, routes)

    def fork(self, store: int, old: int, new: int) -> Unshipped:
        self._note("fork", store, old, new)
        return Unshipped(writes=2, oldest_ns=self.now_ns - 1)

    def rejoin(self, store: int, region: int, writer: int) -> None:
        self._note("rejoin", store, region, writer)

    def rebuild(self, store: int, region: int) -> None:
        self._note("rebuild", store, region)

    def set_reach(self, store: int, one: int, other: int, reached: bool) -> None:
        self._note("set_reach", store, one, other, reached)

    def is_caught_up(self, store: int, region: int) -> bool:
        since_ns = self._back_ns.setdefault((store, region), self.now_ns)
        return self.now_ns >= since_ns + self.catching_up_ns

    def set_clock(self, region: int, skew_ns: int) -> None:
        self._note("set_clock", region, skew_ns)

    def set_answer(self, name: int, location: int, weights: NDArray[np.int64], every: bool) -> None:
        self._note("set_answer", name, location, tuple(int(weight) for weight in weights), every)

    def set_authoritative(self, name: int, mode: int, share: float) -> None:
        self._note("set_authoritative", name, mode, share)

    def finish(self) -> Tallies:
        return Tallies(**dict.fromkeys((field.name for field in fields(Tallies)), 0))  # type: ignore[arg-type]


class EmptyReader:
    """Nothing has ever happened."""

    def __init__(self, plane: RecordingPlane, readings: Readings) -> None:
        self._plane, self._readings = plane, readings

    def read(self) -> Reading:
        return Reading(self._plane.now_ns, self._readings, np.zeros(self._readings.width, np.int64))


def arguments(calls: Iterable[Call]) -> list[tuple[int, tuple[Any, ...]]]:
    """Calls of one method without its name: when, and with which arguments."""
    return [(at_ns, given) for at_ns, _, given in calls]
