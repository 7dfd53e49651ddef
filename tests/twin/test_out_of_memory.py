"""Twin equality while nodes die of what they hold, in a system in which much is under way."""

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from simulator.boundary.events import NODE_KILLED, NODE_RESTARTED
from simulator.data_plane.plane import CompiledPlane
from simulator.simulation import simulate
from tests.small import plan_of
from tests.twin import crowded
from tests.twin.strategies import Spec, experiments
from tests.twin.test_equality import assert_equal

MEMORY = {"memory": "10 MB", "idle_memory": "1 MB", "request_memory": "3 MB", "restart": "4 s"}


LONGER = (pytest.param(fault, marks=pytest.mark.middle) for fault in ("region refuses", "node is silent"))


@pytest.mark.parametrize("fault", ["zone errs", *LONGER])
def test_they_agree_on_nodes_that_die_of_what_they_hold(fault: str) -> None:
    compute = {"nodes": crowded.COMPUTE["nodes"]["nodes"] | MEMORY}
    plan = plan_of(crowded.topology(compute), crowded.experiment(fault))
    assert assert_equal(plan) > 300
    outcome = simulate(plan, CompiledPlane(plan.data))
    assert len(outcome.events_of(NODE_KILLED)) >= len(outcome.events_of(NODE_RESTARTED)) > 5


def check_memory(block: int, most: int) -> None:
    """A block of drawn experiments with nodes that may run out of memory, on both planes."""

    @seed(block)
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=[*HealthCheck],
    )
    @given(experiments().filter(has_little_memory))
    def agree(drawn: tuple[Spec, Spec]) -> None:
        assert_equal(plan_of(*drawn))

    agree()


def has_little_memory(drawn: tuple[Spec, Spec]) -> bool:
    """Whether nodes of any service may run out of memory."""
    services = drawn[0]["services"].values()
    computes = [
        compute for one in services for compute in (one.get("compute"), *one.get("compute_in", {}).values())
    ]
    return any("memory" in one["nodes"] for one in computes if isinstance(one, dict) and "nodes" in one)


@pytest.mark.middle
def test_they_agree_on_drawn_systems_whose_nodes_have_little_memory() -> None:
    check_memory(1, 4)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(100, 140))
def test_they_agree_on_many_drawn_systems_whose_nodes_have_little_memory(block: int) -> None:
    check_memory(block, 8)
