"""Nodes behind a load balancer: turns, workers, the queue (docs/model-request-path.md §2)."""

from functools import cache

import pytest

from simulator.boundary.kinds import NEVER_NS
from simulator.data_plane.owners import NOBODY
from simulator.data_plane.queue import is_due
from simulator.data_plane.work.nodes import dequeue, enqueue, next_node, run_out_of_memory, workers_of
from simulator.kernels.blocks import Block
from tests.small import HERE, memory_of, plan_of, topology

S = 10**9
API, REGION, FIRST = 0, 0, 0


@cache
def _plan():  # type: ignore[no-untyped-def]
    service = {
        "regions": [HERE],
        "operations": {"view": [{"compute": "1 ms"}]},
        "compute": {"nodes": {"per_zone": 1, "workers": 5, "queue": 3}},
    }
    return plan_of(topology(regions={HERE: {"zones": 3}}, services={"api": service}))


@pytest.fixture
def plan_and_memory() -> tuple[Block, Block]:
    plan, memory = memory_of(_plan())
    memory.attempts.owner[:] = NOBODY  # so nobody sets a timer for these
    return plan, memory


def turns(plan_and_memory: tuple[Block, Block], count: int) -> list[int]:
    return [int(next_node(*plan_and_memory, API, REGION)) for _ in range(count)]


def test_nodes_take_turns(plan_and_memory: tuple[Block, Block]) -> None:
    assert turns(plan_and_memory, 5) == [0, 1, 2, 0, 1]


def test_those_believed_dead_have_no_turn(plan_and_memory: tuple[Block, Block]) -> None:
    world = plan_and_memory[1].world
    world.targets[:2], world.target_count[API, REGION] = [0, 2], 2
    assert turns(plan_and_memory, 4) == [0, 2, 0, 2]


def test_all_have_if_all_are_believed_dead(plan_and_memory: tuple[Block, Block]) -> None:
    """Elastic Load Balancing user guide, target groups: with no healthy target, it fails open."""
    plan_and_memory[1].world.target_count[API, REGION] = 0
    assert turns(plan_and_memory, 4) == [0, 1, 2, 0]


@pytest.mark.parametrize(("share", "workers"), [(1.0, 5), (0.5, 3), (0.2, 1), (0.05, 0), (0.0, 0)])
def test_a_share_of_the_workers_is_rounded_to_the_nearest(
    plan_and_memory: tuple[Block, Block], share: float, workers: int
) -> None:
    plan, memory = plan_and_memory
    memory.world.site_capacity[API, REGION] = share
    assert workers_of(plan, memory, API, REGION) == workers


def test_a_queue_is_first_come_first_served(plan_and_memory: tuple[Block, Block]) -> None:
    plan, memory = plan_and_memory
    for a in (7, 3, 5):
        enqueue(plan, memory, a, FIRST, API, REGION, 0)
    assert [int(dequeue(memory, FIRST, API, REGION, 0)) for _ in range(3)] == [7, 3, 5]
    assert memory.instances.length[FIRST] == 0


def test_waits_and_the_length_over_time_are_counted(plan_and_memory: tuple[Block, Block]) -> None:
    """One waits from 1 s to 4 s, another from 2 s to 9 s: 10 s in all, and so is the integral."""
    plan, memory = plan_and_memory
    enqueue(plan, memory, 0, FIRST, API, REGION, 1 * S)
    enqueue(plan, memory, 1, FIRST, API, REGION, 2 * S)
    dequeue(memory, FIRST, API, REGION, 4 * S)
    dequeue(memory, FIRST, API, REGION, 9 * S)
    counts, site = memory.counts, (API, REGION)
    assert counts.queue_wait_time[site].tolist() == counts.queue_integral_time[site].tolist() == [10, 0]
    assert counts.peak_queue[site] == 2


def test_time_stops_behind_the_instant_at_which_a_node_runs_out_of_memory(
    plan_and_memory: tuple[Block, Block],
) -> None:
    _, memory = plan_and_memory
    assert memory.stop_ns[0] == NEVER_NS
    events = int(memory.queue.size[0])
    for node in (2, 1):
        run_out_of_memory(memory, FIRST + node, 0)
    assert memory.instances.killed.tolist()[:3] == [0, 1, 1]
    assert memory.queue.size[0] == events + 1
    assert not is_due(memory.queue, 1)
    assert is_due(memory.queue, 2)
    assert memory.stop_ns[0] == memory.queue.time_ns[0] == 1
