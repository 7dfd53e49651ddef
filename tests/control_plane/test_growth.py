"""Capacity that failover plans add: when it is there, and what keeps it from coming."""

from statistics import NormalDist
from typing import Any

import pytest

from simulator.boundary.outcomes import REFUSED, UP
from simulator.control_plane.chance import uniform
from simulator.outcome import Outcome
from simulator.randomness.draws import BALANCER, PLAN
from simulator.simulation import simulate
from tests.control_plane.building import (
    API,
    FRANKFURT,
    MILAN,
    ORDERS,
    REGIONS,
    SECOND,
    Written,
    events,
    plan_of,
    record,
    replay,
)
from tests.control_plane.recording import RecordingPlane, arguments

HERE = REGIONS[FRANKFURT]
ORDER = [REGIONS[MILAN], HERE]
NODES: Written = {"per_zone": 1, "launch": "20 s", "image": "15 s", "warm_up": "5 s"}


def grown(
    *faults: Written,
    compute: Any = None,
    steps: tuple[Written, ...] = ({"scale": "api", "in": HERE, "to": {"per_zone": 2}},),
    **changes: Any,
) -> tuple[RecordingPlane, Outcome]:
    """A service that is small in Frankfurt; a plan begins its steps at 100 s."""
    small = {"nodes": NODES} if compute is None else compute
    service = {"regions": [*REGIONS], "operations": {"view": [{"compute": "1 ms"}]}}
    service |= {"compute": {"nodes": {}}, "compute_in": {HERE: small}}
    plan = {"trigger": {"at": "100 s"}, "decision": "none", "steps": [*steps]}
    whole: Written = {"duration": "2 h", "services": {"api": service}, "plans": {"grow": plan}}
    return replay(plan_of([*faults], **whole | record(policy="failover", order=ORDER) | {"health_checks": {}}
                          | changes))  # fmt: skip


def ended(outcome: Outcome) -> dict[str, float]:
    """When each step was done, in seconds."""
    done = (event for event in outcome.events if event.kind == "plan_step_done")
    return {event.subject.step: event.at_ns / SECOND for event in done}  # type: ignore[attr-defined]


def stranded(outcome: Outcome) -> list[str]:
    return [event.detail["why"] for event in outcome.events if event.kind == "plan_step_stranded"]


def launched(outcome: Outcome) -> list[tuple[float, str]]:
    return [(at / SECOND, target) for at, _, target in events(outcome, "node_launched")]


def first_check_s(node: int, from_s: float) -> float:
    """The first of a node's checks, 30 s apart, from an instant on."""
    phase = uniform(1, BALANCER, API * 1024 + FRANKFURT, node) * 30
    return phase + 30 * -(-(from_s - phase) // 30)


def test_nodes_are_there_after_launch_image_and_warm_up_and_serve_after_a_good_check() -> None:
    """20 + 15 + 5 s; then each has its own check, of which one is enough. The step ends with the last."""
    plane, outcome = grown()
    assert launched(outcome) == [(140, f"api@{HERE} node {number}") for number in (3, 4, 5)]
    passed = [first_check_s(node, 140) for node in (3, 4, 5)]
    told = [(at / SECOND, given[2]) for at, given in arguments(plane.of("set_targets"))]
    assert told[:3] == 3 * [(140, (0, 1, 2))]  # one for each new node, out of service
    assert [at for at, _ in told[3:]] == pytest.approx(sorted(passed), abs=1e-6)
    assert told[-1][1] == (0, 1, 2, 3, 4, 5)
    assert ended(outcome) == {f"scale api in {HERE}": pytest.approx(max(passed), abs=1e-6)}


def test_a_new_node_has_nothing_cached() -> None:
    plane, _ = grown()
    assert arguments(plane.of("start_instance")) == [
        (140 * SECOND, (API, FRANKFURT, number)) for number in (3, 4, 5)
    ]


def test_each_node_takes_its_own_time() -> None:
    """Word 1 of lane n + 1 of the step's draws, uniform from 30 s to 60 s."""
    _, outcome = grown(compute={"nodes": NODES | {"image": {"from": "30 s", "to": "60 s"}}})
    took = {f"api@{HERE} node {n}": 125 + 30 + 30 * uniform(1, PLAN, 0, 1, n + 1, 1) for n in (3, 4, 5)}
    assert {target: at for at, target in launched(outcome)} == pytest.approx(took, abs=1e-6)


def test_a_step_that_does_not_wait_is_done_once_it_has_asked() -> None:
    step = {"scale": "api", "in": HERE, "to": {"per_zone": 2}, "waits": False}
    _, outcome = grown(steps=(step, {"custom": "look", "takes": "1 s"}))
    assert ended(outcome) == {f"scale api in {HERE}": 100, "look": 101}
    assert len(launched(outcome)) == 3


def test_a_pilot_light_recovers_after_the_sum_of_its_parts() -> None:
    """No node in Frankfurt: 2 min of decision, 40 s until nodes are there, a check of each, 2 s more."""
    dark = {"at": "50 s", "region": REGIONS[MILAN], "mode": "black_hole"}
    decision = {"owner": "on call", "acknowledge": "1 min", "takes": "1 min"}
    step = {"scale": "api", "in": HERE, "to": {"per_zone": 1}}
    plan = {"trigger": {"at": "100 s"}, "decision": decision, "steps": [step]}
    plane, outcome = grown(
        dark,
        compute={"nodes": NODES | {"per_zone": 0}},
        plans={"grow": plan},
        **record(policy="failover", order=ORDER, evaluate_target_health=True),
    )
    there = 100 + 120 + 40
    assert {at for at, _ in launched(outcome)} == {there}
    passed = [first_check_s(node, there) for node in range(3)]
    assert ended(outcome) == {f"scale api in {HERE}": pytest.approx(max(passed), abs=1e-6)}
    (well, *_) = events(outcome, "health_healthy")
    assert well[0] / SECOND == pytest.approx(min(passed), abs=1e-6)
    answers = [(at / SECOND, given[2]) for at, given in arguments(plane.of("set_answer"))]
    assert (0, (1, 0, 0)) in answers
    assert answers[-1] == (pytest.approx(min(passed) + 2, abs=1e-6), (0, 1, 0))


def test_launches_strand_where_ec2_is_frozen() -> None:
    frozen = {"at": "0 s", "control_plane": "ec2", "region": HERE}
    plane, outcome = grown(frozen)
    assert stranded(outcome) == [f"EC2's control plane in {HERE} refuses changes"]
    assert launched(outcome) == []
    assert plane.of("set_targets") == []


def test_a_zone_that_is_down_has_its_node_launched_once_it_is_back() -> None:
    """Nodes 3 and 5 come at once; node 4 of the second zone at the first try, a minute apart, after 250 s."""
    dark = {"at": "90 s", "until": "250 s", "zone": f"{HERE}b", "mode": "refused"}
    _, outcome = grown(
        dark, steps=({"scale": "api", "in": HERE, "to": {"per_zone": 2}, "retry_every": "1 min"},)
    )
    found = launched(outcome)
    assert found[:2] == [(140, f"api@{HERE} node 3"), (140, f"api@{HERE} node 5")]
    assert found[2][1] == f"api@{HERE} node 4"
    assert found[2][0] == 140 + 2 * 60 + 40  # tries at 140 s (after the others), 200 s, 260 s
    (refused, *_) = [event for event in outcome.events if event.kind == "plan_step_refused"]
    assert refused.detail["why"] == f"nodes cannot be launched in {HERE}b, which is down"
    assert list(ended(outcome)) == [f"scale api in {HERE}"]


def test_a_zone_that_goes_down_fails_the_launches_in_it() -> None:
    dark = {"at": "120 s", "zone": f"{HERE}c", "mode": "black_hole"}
    _, outcome = grown(dark, steps=({"scale": "api", "in": HERE, "to": {"per_zone": 2}, "timeout": "5 min"},))
    assert [target for _, _, target in events(outcome, "launch_failed")] == [f"api@{HERE} node 5"]
    assert stranded(outcome) == [f"nodes cannot be launched in {HERE}c, which is down"]


def test_nodes_beyond_the_accounts_quota_are_refused() -> None:
    """`side` has three nodes there as well: three more of `api` would be nine, where eight may be."""
    both = [*REGIONS[:2]]
    side = {"regions": both, "compute": {"nodes": {}}, "operations": {"look": [{"compute": "1 ms"}]}}
    service = {"regions": both, "operations": {"view": [{"compute": "1 ms"}]}, "compute": {"nodes": NODES}}
    regions: Written = {region: {} for region in REGIONS} | {HERE: {"quotas": {"nodes": 8}}}
    _, outcome = grown(regions=regions, services={"api": service, "side": side})
    assert stranded(outcome) == [f"3 more nodes beside 6 are above the account's quota of 8 in {HERE}"]


def test_what_is_there_already_is_not_launched_again() -> None:
    steps = tuple({"scale": "api", "in": HERE, "to": {"per_zone": per_zone}} for per_zone in (3, 2))
    _, outcome = grown(steps=steps)
    assert len(launched(outcome)) == 6
    last, again = ended(outcome).values()
    assert last == again


# Lambda


def function(**more: Any) -> Written:
    return {"lambda": {"provisioned": 10} | more}


def provision(**to: int) -> tuple[Written, ...]:
    return ({"scale": "api", "in": HERE, "to": to},)


def test_provisioned_concurrency_comes_at_6000_a_minute_after_a_minute_or_two() -> None:
    """100 a second, from 10 to 260: in three seconds."""
    plane, outcome = grown(compute=function(), steps=provision(provisioned=260))
    begins = 100 + 60 + 60 * uniform(1, PLAN, 0, 1, 0, 1)
    told = [(at / SECOND, given[2]) for at, given in arguments(plane.of("set_provisioned"))]
    assert told == [
        (pytest.approx(begins + 1, abs=1e-6), 110),
        (pytest.approx(begins + 2, abs=1e-6), 210),
        (pytest.approx(begins + 3, abs=1e-6), 260),
    ]
    assert ended(outcome) == {f"scale api in {HERE}": pytest.approx(begins + 3, abs=1e-6)}


def test_reserved_concurrency_is_there_at_once_with_its_bucket_of_invocations() -> None:
    """50 at once may begin 500 times a second: 2 ms a token, 499 of them saved up."""
    plane, outcome = grown(compute=function(reserved=20), steps=provision(reserved=50))
    assert arguments(plane.of("set_reserved")) == [
        (100 * SECOND, (API, FRANKFURT, 50, (2_000_000, 499 * 2_000_000)))
    ]
    assert ended(outcome) == {f"scale api in {HERE}": 100}


def test_what_does_not_fit_the_account_is_refused() -> None:
    """`side` has 600 provisioned of the account's 1,000, of which 100 stay unreserved."""
    both = [*REGIONS[:2]]
    side = {
        "regions": both,
        "compute": function(provisioned=600),
        "operations": {"look": [{"compute": "1 ms"}]},
    }
    service = {"regions": both, "operations": {"view": [{"compute": "1 ms"}]}, "compute": function()}
    _, outcome = grown(services={"api": service, "side": side}, steps=provision(provisioned=301))
    (why,) = stranded(outcome)
    assert why == (
        f"301 executions beside 600 of other functions are more than the 900 of the account in {HERE} that "
        "may be reserved or provisioned"
    )


# tables


def test_the_throughput_of_a_table_is_raised_in_all_replicas_to_write_and_there_to_read() -> None:
    """Word 1 of the step's draws; the median is 3 min, and 99 % are there within 15."""
    capacity = {"provisioned": {"write": "100/s", "read": "100/s"}}
    tables = {"orders": {"replicas": [*REGIONS], "capacity": capacity}}
    step = {"throughput": "orders", "in": HERE, "to": {"write": "300/s", "read": "200/s"}}
    plane, outcome = grown(tables=tables, steps=(step,))
    told = arguments(plane.of("set_throughput"))
    assert [given for _, given in told] == [
        (ORDERS, 0, 0, 300), (ORDERS, 1, 0, 300), (ORDERS, 2, 0, 300), (ORDERS, FRANKFURT, 1, 200)
    ]  # fmt: skip
    u = uniform(1, PLAN, 0, 1, 0, 1)
    ((done_ns, _, _),) = events(outcome, "throughput_raised")
    z = NormalDist().inv_cdf(u)
    expected = 100 + 180 * (900 / 180) ** (z / NormalDist().inv_cdf(0.99))
    assert done_ns / SECOND == pytest.approx(expected, rel=1e-6)
    assert {at for at, _ in told} == {done_ns}


def test_a_tables_throughput_needs_its_control_plane() -> None:
    capacity = {"provisioned": {"write": "100/s", "read": "100/s"}}
    tables = {"orders": {"replicas": [*REGIONS], "capacity": capacity}}
    frozen = {"at": "0 s", "control_plane": "dynamodb", "region": HERE}
    step = {"throughput": "orders", "in": HERE, "to": {"write": "300/s"}}
    _, outcome = grown(frozen, tables=tables, steps=(step,))
    assert stranded(outcome) == [f"DynamoDB's control plane in {HERE} refuses changes"]


def test_a_node_that_is_launched_does_not_wait_for_the_restart_of_one_that_had_its_number() -> None:
    """One of number 3, which had been taken away and still had work, is killed 10 s before that."""
    little = NODES | {"memory": "10 MB", "request_memory": "9 MB", "restart": "1 min"}
    service = {"regions": [HERE], "operations": {"view": [{"compute": "1 ms"}]}, "compute": {"nodes": little}}
    steps = [{"scale": "api", "in": HERE, "to": {"per_zone": 2}}]
    plan = plan_of(
        duration="10 min",
        services={"api": service},
        plans={"grow": {"trigger": {"at": "100 s"}, "decision": "none", "steps": steps}},
        **record(policy="simple"),
    )
    index, plane = int(plan.data.site_first[API, FRANKFURT]) + 3, RecordingPlane()
    plane.deaths = [(130 * SECOND, [index])]
    outcome = simulate(plan, plane)
    modes = [(at_ns / SECOND, given[1].mode) for at_ns, given in arguments(plane.of("set_instance"))]
    assert modes == [(130, REFUSED), (140, UP)]
    assert launched(outcome)[0] == (140, f"api@{HERE} node 3")
    assert not events(outcome, "node_restarted")
