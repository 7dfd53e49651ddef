"""What is drawn for the twin: all that it is to compare happens in the systems of the quick tier."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from simulator.boundary.events import (
    CONCURRENCY_RAISED,
    FAULT_ON,
    MEMBER_CAUGHT_UP,
    MEMBER_LEFT,
    NODE_LAUNCHED,
    NODE_LEFT,
    REPLICA_FORKED,
    REPLICATION_STOPPED,
    SCALED,
    THROUGHPUT_RAISED,
    EventKind,
)
from simulator.boundary.events_of_data import PROMOTION_DONE, REPLICA_ADDED, SWAPPED
from simulator.boundary.events_of_reactions import ZONAL_SHIFT_BEGAN
from simulator.boundary.outcomes import BLOCKED
from simulator.data_plane.plane import CompiledPlane
from simulator.outcome import Outcome
from simulator.simulation import play
from tests.small import plan_of
from tests.twin.drawn import Spec
from tests.twin.strategies import QUICK_BLOCKS, each_drawn

GREY, DOWN = ("error", "slow"), ("refused", "black_hole")


def met(key: str, modes: tuple[str, ...]) -> Callable[[Outcome, list[Spec]], bool]:
    """Whether requests have met a fault of a target in one of some modes."""
    return lambda outcome, faults: any(
        outcome.tallies.fault_met[number] > 0
        for number, fault in enumerate(faults)
        if key in fault and fault["mode"] in modes
    )


def logged(kind: EventKind[Any]) -> Callable[[Outcome, list[Spec]], bool]:
    """Whether the log has an entry of a kind."""
    return lambda outcome, _: bool(outcome.events_of(kind))


def _scaled(outcome: Outcome, way: int) -> bool:
    return any((one.detail["to"] - one.detail["before"]) * way > 0 for one in outcome.events_of(SCALED))


def _added(outcome: Outcome) -> Iterator[bool]:
    """Of each replica that was made: whether there had been one before."""
    forked = [event.target for event in outcome.events_of(REPLICA_FORKED)]
    return (event.target in forked for event in outcome.events_of(REPLICA_ADDED))


def _paused_late(outcome: Outcome) -> bool:
    """Whether a replicator stood still some time after the beginning of the fault that was the cause."""
    stopped = [one for one in outcome.events_of(REPLICATION_STOPPED) if one.cause is not None]
    causes = [(outcome.events[one.cause or 0], one.at_ns) for one in stopped]
    return any(cause.kind == FAULT_ON.name and cause.at_ns < at_ns for cause, at_ns in causes)


KINDS: dict[str, Callable[[Outcome, list[Spec]], bool]] = {
    "a grey zone": met("zone", GREY),
    "a zone that is down": met("zone", DOWN),
    "a grey node": met("node", GREY),
    "a dying node": met("node", DOWN),
    "less capacity": met("service", ("capacity",)),
    "a request that a web ACL refuses": lambda outcome, _: outcome.tallies.attempts[BLOCKED] > 0,
    "a request that is shed": lambda outcome, _: outcome.tallies.shed.sum() > 0,
    "a zonal shift": logged(ZONAL_SHIFT_BEGAN),
    "scaling out": lambda outcome, _: _scaled(outcome, 1),
    "scaling in": lambda outcome, _: _scaled(outcome, -1),
    "a new node": logged(NODE_LAUNCHED),
    "a node that is taken away": logged(NODE_LEFT),
    "another concurrency": logged(CONCURRENCY_RAISED),
    "another throughput": logged(THROUGHPUT_RAISED),
    "a replica that is made anew": lambda outcome, _: any(_added(outcome)),
    "a replica that is made for the first time": lambda outcome, _: not all(_added(outcome)),
    "a pause that takes hold late": lambda outcome, _: _paused_late(outcome),
    "a writer that is promoted": logged(PROMOTION_DONE),
    "a restore": logged(SWAPPED),
    "a member that leaves": logged(MEMBER_LEFT),
    "a member that has caught up": logged(MEMBER_CAUGHT_UP),
}


@pytest.mark.middle
def test_everything_happens_in_what_is_drawn_for_the_quick_tier() -> None:
    found = Counter[str]()

    def count(topology: Spec, experiment: Spec) -> None:
        plan = plan_of(topology, experiment)
        outcome = play(plan, CompiledPlane(plan.data))
        found.update(kind for kind, has in KINDS.items() if has(outcome, experiment["faults"]))

    for block in range(QUICK_BLOCKS):
        each_drawn(block, count)
    assert [kind for kind in KINDS if not found[kind]] == []
