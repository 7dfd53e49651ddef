"""Twin equality while nodes die of what they hold, in a system in which much is under way."""

import pytest

from simulator.boundary.events import NODE_KILLED, NODE_RESTARTED
from tests.small import plan_of
from tests.tiers import tiered
from tests.twin import crowded
from tests.twin.strategies import Spec, each_drawn, experiments
from tests.twin.test_equality import agree, assert_equal, attempts

MEMORY = {"memory": "10 MB", "idle_memory": "1 MB", "request_memory": "3 MB", "restart": "4 s"}


LONGER = (pytest.param(fault, marks=pytest.mark.middle) for fault in ("region refuses", "node is silent"))


@pytest.mark.parametrize("fault", ["zone errs", *LONGER])
def test_they_agree_on_nodes_that_die_of_what_they_hold(fault: str) -> None:
    compute = {"nodes": crowded.COMPUTE["nodes"]["nodes"] | MEMORY}
    outcome = assert_equal(plan_of(crowded.topology(compute), crowded.experiment(fault)))
    assert attempts(outcome) > 300
    assert len(outcome.events_of(NODE_KILLED)) >= len(outcome.events_of(NODE_RESTARTED)) > 5


def has_little_memory(drawn: tuple[Spec, Spec]) -> bool:
    """Whether nodes of any service may run out of memory."""
    services = drawn[0]["services"].values()
    computes = [
        compute for one in services for compute in (one.get("compute"), *one.get("compute_in", {}).values())
    ]
    return any("memory" in one["nodes"] for one in computes if isinstance(one, dict) and "nodes" in one)


DRAWN = experiments().filter(has_little_memory)


@pytest.mark.parametrize("block", tiered([1, *range(100, 180)], 0, 1))
def test_they_agree_on_drawn_systems_whose_nodes_have_little_memory(block: int) -> None:
    each_drawn(block, agree, DRAWN, 4)
