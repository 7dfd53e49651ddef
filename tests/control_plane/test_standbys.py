"""Standbys that are switched off until a failover plan switches them on."""

from typing import Any

import pytest

from simulator.boundary.outcomes import REFUSED, UP
from simulator.outcome import Outcome
from tests.control_plane.building import (
    API,
    FRANKFURT,
    MILAN,
    NAME,
    REGIONS,
    SECOND,
    Written,
    events,
    plan_of,
    record,
    replay,
)
from tests.control_plane.recording import RecordingPlane, arguments

ON: Written = {"enable": "api", "in": REGIONS[FRANKFURT]}
MILAN_REFUSES: Written = {"at": "50 s", "region": REGIONS[MILAN], "mode": "refused"}
ORDER = [REGIONS[MILAN], REGIONS[FRANKFURT]]
CHECKED = record(policy="failover", order=ORDER, health_check="deep")


def with_standby(
    *faults: Written, compute: Any = "unlimited", steps: tuple[Written, ...] = (ON,), **changes: Any
) -> tuple[RecordingPlane, Outcome]:
    """A service that is switched off in Frankfurt; a plan begins its steps at 100 s."""
    service = {"regions": [*REGIONS], "operations": {"view": [{"compute": "1 ms"}]}, "compute": compute}
    plan = {"trigger": {"at": "100 s"}, "decision": "none", "steps": [*steps]}
    whole: Written = {"duration": "2 h", "services": {"api": service | {"dormant_in": [REGIONS[FRANKFURT]]}}}
    return replay(plan_of([*faults], **whole | {"plans": {"start": plan}} | CHECKED | changes))


def doors(plane: RecordingPlane) -> list[tuple[float, int]]:
    """When the standby's door was set, and to what."""
    told = arguments(plane.of("set_site"))
    return [(at / SECOND, look.mode) for at, (*site, look) in told if site == [API, FRANKFURT]]


def answered(plane: RecordingPlane) -> list[tuple[float, tuple[int, ...]]]:
    return [(at / SECOND, given[2]) for at, given in arguments(plane.of("set_answer"))]


def test_a_service_that_is_switched_off_refuses_until_a_plan_switches_it_on() -> None:
    plane, outcome = with_standby()
    assert doors(plane) == [(0, REFUSED), (100, UP)]
    assert events(outcome, "service_enabled") == [(100 * SECOND, "service_enabled", "api@eu-central-1")]


def test_what_is_switched_on_has_just_been_started() -> None:
    """Six nodes in three zones, none of which has connections, names or keys."""
    plane, _ = with_standby(compute={"nodes": {"per_zone": 2}})
    started = arguments(plane.of("start_instance"))
    assert started == [(100 * SECOND, (API, FRANKFURT, number)) for number in range(6)]


def test_health_checks_have_long_found_what_is_switched_off() -> None:
    """Nobody is told and nothing is detected: the trigger by detection never comes."""
    late = {"trigger": {"after_detection": "1 s"}, "decision": "none", "steps": [ON]}
    plane, outcome = with_standby(plans={"start": late})
    assert events(outcome, "health_unhealthy", "plan_triggered") == []
    assert answered(plane)[-1] == (0, (1, 0, 0))


def test_a_standby_answers_once_it_is_on_and_its_check_has_found_it() -> None:
    """Milan refuses from 50 s on; Frankfurt is switched on at 100 s, and found a while later."""
    plane, outcome = with_standby(MILAN_REFUSES)
    ((found_ns, _, target),) = events(outcome, "health_healthy")
    assert target == f"deep@{REGIONS[FRANKFURT]}"
    assert 100 * SECOND < found_ns < 250 * SECOND
    assert answered(plane)[-1] == (found_ns / SECOND + 2, (0, 1, 0))


@pytest.mark.parametrize("protocol", ["http", "tcp"])
def test_a_check_by_tcp_of_a_load_balancer_does_not_see_what_is_behind_it(protocol: str) -> None:
    """The balancer stands; its targets, which are switched off, answer 502."""
    changes = {"health_checks": {"deep": {"protocol": protocol}}, "compute": {"nodes": {}}}
    _, outcome = with_standby(MILAN_REFUSES, **changes)
    found = [target for _, _, target in events(outcome, "health_healthy")]
    assert found == ([f"deep@{REGIONS[FRANKFURT]}"] if protocol == "http" else [])


def test_a_load_balancer_begins_without_targets_and_takes_them_in_one_by_one() -> None:
    """Each of three nodes needs five good checks, 30 s apart, of which the first comes within 30 s."""
    alias = record(policy="failover", order=ORDER, evaluate_target_health=True)
    plane, outcome = with_standby(compute={"nodes": {}}, health_checks={}, **alias)
    told = [(at / SECOND, given[2]) for at, given in arguments(plane.of("set_targets"))]
    assert told[0] == (0, ())
    assert [len(nodes) for _, nodes in told] == [0, 1, 2, 3]
    assert all(100 + 4 * 30 <= at <= 100 + 5 * 30 for at, _ in told[1:])
    (well,) = events(outcome, "health_healthy")
    assert well == (told[1][0] * SECOND, "health_healthy", f"{NAME}@{REGIONS[FRANKFURT]}")


@pytest.mark.parametrize(
    ("compute", "control_plane", "why"),
    [
        ({"lambda": {}}, "lambda", "Lambda's control plane in eu-central-1 refuses changes"),
        ({"nodes": {}}, "ec2", "EC2's control plane in eu-central-1 refuses changes"),
        ({"nodes": {}}, "lambda", None),
        ("unlimited", "ec2", None),
    ],
)
def test_switching_on_needs_the_control_plane_of_what_it_runs_on(
    compute: Any, control_plane: str, why: str | None
) -> None:
    frozen = {"at": "0 s", "control_plane": control_plane, "region": REGIONS[FRANKFURT]}
    plane, outcome = with_standby(frozen, compute=compute)
    stranded = [event.detail["why"] for event in outcome.events if event.kind == "plan_step_stranded"]
    assert stranded == ([] if why is None else [why])
    assert doors(plane) == [(0, REFUSED)] + ([(100, UP)] if why is None else [])


def test_a_standby_that_is_switched_on_twice_goes_on() -> None:
    plane, outcome = with_standby(steps=(ON, {"custom": "look", "takes": "10 s"}, ON | {"name": "again"}))
    assert doors(plane) == [(0, REFUSED), (100, UP)]
    assert len(events(outcome, "plan_done")) == 1


def test_a_fault_that_ends_does_not_switch_a_standby_on() -> None:
    dark = {"at": "10 s", "for": "20 s", "region": REGIONS[FRANKFURT], "mode": "refused"}
    plane, _ = with_standby(dark)
    assert doors(plane) == [(0, REFUSED), (100, UP)]
