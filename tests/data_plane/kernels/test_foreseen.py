"""What is taken at once, and what has its instant (docs/model.md §1, *Foreseen*).

The instants are far from each other, so that a test says which of them counts.
"""

import pytest

from simulator.data_plane.clients.names import knows_address
from simulator.data_plane.clients.sessions import acts_alone, push_act, start_session
from simulator.data_plane.foreseen import NOTHING, is_foreseeable, look_ahead, may_foresee, take_foreseen
from simulator.data_plane.plane import CompiledPlane
from simulator.data_plane.queue import ACT
from simulator.data_plane.tracing import TRACE_ALL
from simulator.kernels.blocks import Block
from simulator.randomness.draws import SESSION, words
from tests.small import HERE, memory_of, plan_of, topology

S = 10**9
CONTROL_NS = 60 * S
"""The next control instant."""


@pytest.fixture
def plan_and_memory() -> tuple[Block, Block]:
    plan, memory = memory_of(plan_of(topology()))
    look_ahead(memory.foreseen, CONTROL_NS)
    return plan, memory


def new_session(plan: Block, memory: Block, length_ns: int) -> int:
    """The slot of one that has started at 1 s, and whose first act, which is then, has been taken."""
    memory.foreseen.now_ns[0] = 1 * S
    own = words(plan.seed, SESSION, 0, 0, 0)
    s = int(start_session(plan, memory, 0, own, 1 * S, length_ns))
    assert take_foreseen(memory.foreseen)[2:] == (ACT, s)
    return s


def test_a_session_acts_as_it_starts(plan_and_memory: tuple[Block, Block]) -> None:
    queue = plan_and_memory[1].queue
    queued = queue.size[0]
    new_session(*plan_and_memory, 30 * S)
    assert queue.size[0] == queued


@pytest.mark.parametrize(("act_ns", "queued"), [(CONTROL_NS - 1, 0), (CONTROL_NS, 1)])
def test_what_happens_with_control_or_later_waits(
    plan_and_memory: tuple[Block, Block], act_ns: int, queued: int
) -> None:
    """At one time control acts first."""
    plan, memory = plan_and_memory
    s, before = new_session(plan, memory, 100 * S), int(memory.queue.size[0])
    push_act(plan, memory, s, act_ns)
    assert memory.queue.size[0] == before + queued
    assert (memory.foreseen.event[0] == NOTHING) == bool(queued)


def test_one_event_is_foreseen_at_a_time(plan_and_memory: tuple[Block, Block]) -> None:
    plan, memory = plan_and_memory
    s, before = new_session(plan, memory, 100 * S), int(memory.queue.size[0])
    push_act(plan, memory, s, 5 * S)
    push_act(plan, memory, s, 4 * S)
    assert memory.queue.size[0] == before + 1
    assert take_foreseen(memory.foreseen)[0] == 5 * S
    assert is_foreseeable(memory.foreseen, 4 * S)


def test_a_session_ends_before_its_time_only_if_no_request_of_it_can_be_left(
    plan_and_memory: tuple[Block, Block],
) -> None:
    plan, memory = plan_and_memory
    s = new_session(plan, memory, 10 * S)
    assert acts_alone(plan, memory, s, 11 * S)
    memory.sessions.trouble[s] = 1
    assert acts_alone(plan, memory, s, 11 * S - 1)
    assert not acts_alone(plan, memory, s, 11 * S)


def test_an_address_is_known_as_long_as_device_or_resolver_keep_it(
    plan_and_memory: tuple[Block, Block],
) -> None:
    plan, memory = plan_and_memory
    s = new_session(plan, memory, 10 * S)
    resolver = memory.sessions.resolver[s]
    memory.sessions.device_expiry_ns[s, 0], memory.resolvers.expiry_ns[resolver, 0] = 2 * S, 3 * S
    known = [bool(knows_address(memory, s, 0, t)) for t in (2 * S - 1, 2 * S, 3 * S - 1, 3 * S)]
    assert known == [True, True, True, False]


def test_nothing_is_foreseen_while_sessions_are_followed() -> None:
    memory = CompiledPlane(plan_of(topology()).data, trace=TRACE_ALL)._memory
    look_ahead(memory.foreseen, CONTROL_NS)
    assert not is_foreseeable(memory.foreseen, 0)


@pytest.mark.parametrize(("nodes", "foresees"), [({}, True), ({"memory": "100 MB"}, False)])
def test_nothing_is_foreseen_where_load_may_kill_a_node(nodes: dict[str, str], foresees: bool) -> None:
    fleet = {"per_zone": 1, "workers": 50, "queue": 50, **nodes}
    service = {
        "regions": [HERE],
        "operations": {"view": [{"compute": "1 ms"}]},
        "compute": {"nodes": fleet},
    }
    assert may_foresee(plan_of(topology(services={"api": service})).data) == foresees
