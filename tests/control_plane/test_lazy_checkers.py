"""Checkers that sleep while nothing can change find the same as checkers that never do, to the nanosecond."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.catalog import CHECKER_REGIONS
from simulator.plan.faults.regions import RegionFaultPlan
from simulator.plan.faults.services import ServiceFaultPlan
from simulator.plan.lowered import Plan
from simulator.plan.timeline import FaultPlan
from tests.control_plane.building import REGIONS, Written, events, plan_of, replay
from tests.control_plane.eager_checkers import Status, statuses
from tests.small import check_named

PLACES = ("everywhere", *REGIONS, *CHECKER_REGIONS[1:])
DURATION_S = 1200


def of_service(fault: RegionFaultPlan, service: int) -> ServiceFaultPlan:
    """The same of one service in that region."""
    alike = {field.name: getattr(fault, field.name) for field in fields(FaultPlan)}
    return ServiceFaultPlan(service=service, regions=(fault.region,), look=fault.look, **alike)


def some_of_services(plan: Plan) -> Plan:
    """Every second fault of a region strikes a service there instead: the one that is checked, or another."""
    faults = [
        of_service(fault, number // 2 % 2) if isinstance(fault, RegionFaultPlan) and number % 2 else fault
        for number, fault in enumerate(plan.control.faults)
    ]
    return replace(plan, control=replace(plan.control, faults=tuple(faults)))


def compared(
    faults: list[Written], check: Written, seed: int
) -> dict[int, tuple[list[Status], list[Status]]]:
    """For each region: what the engine's health check said, and what the eager one says."""
    plan = some_of_services(
        plan_of(faults, duration=f"{DURATION_S} s", seed=seed, health_checks={"deep": check})
    )
    _, outcome = replay(plan)
    said = events(outcome, "health_unhealthy", "health_healthy")
    deep = check_named(plan, "deep")
    return {
        region: (
            [event for event in said if event[2] == f"deep@{name}"],
            statuses(plan, deep, region, region),
        )
        for region, name in enumerate(REGIONS)
    }


seconds = st.integers(0, 10 * DURATION_S - 1).map(lambda tenths: tenths / 10)  # within the run
shares = st.sampled_from(["5 %", "30 %", "70 %", "95 %", "99 %"])
slownesses = st.fixed_dictionaries(
    {},
    optional={
        "factor": st.sampled_from([1.5, 2.0, 4.0]),
        "add": st.sampled_from(["300 ms", "700 ms", "1.1 s", "1.9 s", "2.1 s", "6 s"]),
    },
).filter(bool)
modes_of_regions = st.one_of(
    st.sampled_from([{"mode": "refused"}, {"mode": "black_hole"}, {"mode": "error"}]),
    shares.map(lambda share: {"mode": "error", "share": share}),
    slownesses.map(lambda slow: {"mode": "slow"} | slow),
)
modes_of_links = st.one_of(
    st.just({"mode": "cut"}),
    shares.map(lambda share: {"mode": "lossy", "share": share}),
    slownesses.map(lambda slow: {"mode": "slow"} | slow),
)


@st.composite
def links(draw: st.DrawFn) -> Written:
    ends = draw(st.lists(st.sampled_from(PLACES), min_size=2, max_size=2, unique=True))
    return {"between": ends} if draw(st.booleans()) else {"from": ends[0], "to": ends[1]}


@st.composite
def faults(draw: st.DrawFn) -> Written:
    of_region: Written = {"region": draw(st.sampled_from(REGIONS))} | draw(modes_of_regions)
    of_link: Written = {"link": draw(links())} | draw(modes_of_links)
    target = of_region if draw(st.booleans()) else of_link
    target["at"] = f"{draw(seconds)} s"
    if draw(st.integers(0, 3)):
        target["for"] = f"{draw(st.sampled_from([1, 7, 30, 61.3, 90, 120, 240, 500]))} s"
    if not draw(st.integers(0, 3)):
        period, duty = draw(st.sampled_from([("11 s", "50 %"), ("95.5 s", "70 %"), ("3 min", "55 %")]))
        target["flapping"] = {"period": period, "duty": duty}
    return target


@st.composite
def checks(draw: st.DrawFn) -> Written:
    check: Written = {
        "protocol": draw(st.sampled_from(["http", "https", "tcp"])),
        "interval": draw(st.sampled_from(["10 s", "30 s"])),
        "failure_threshold": draw(st.integers(1, 4)),
    }
    if draw(st.booleans()):
        chosen = st.lists(st.sampled_from(CHECKER_REGIONS), min_size=3, max_size=8, unique=True)
        check["checker_regions"] = draw(chosen)
    return check


def agree(timeline: list[Written], check: Written, seed: int) -> None:
    """Nobody finds anything at another time."""
    for said, expected in compared(timeline, check, seed).values():
        assert said == expected


timelines = st.lists(faults(), min_size=1, max_size=6)
seeds = st.integers(0, 2**32)


@settings(max_examples=3, deadline=None, derandomize=True)
@given(timelines, checks(), seeds)
def test_lazy_and_eager_checkers_agree_event_for_event(
    timeline: list[Written], check: Written, seed: int
) -> None:
    agree(timeline, check, seed)


@pytest.mark.middle
@settings(max_examples=30, deadline=None, derandomize=True)
@given(timelines, checks(), seeds)
def test_lazy_and_eager_checkers_agree_on_more_timelines(
    timeline: list[Written], check: Written, seed: int
) -> None:
    agree(timeline, check, seed)


@pytest.mark.slow
@settings(max_examples=800, deadline=None)
@given(st.lists(faults(), min_size=1, max_size=8), checks(), seeds)
def test_lazy_and_eager_checkers_agree_on_many_more_timelines(
    timeline: list[Written], check: Written, seed: int
) -> None:
    agree(timeline, check, seed)


MILAN_DOWN: Written = {"region": REGIONS[0], "mode": "black_hole"}
LOSES_HALF: Written = {"link": {"between": [REGIONS[0], "everywhere"]}, "mode": "lossy", "share": "50 %"}
FLAPS: Written = {"flapping": {"period": "250 s", "duty": "50 %"}}


@pytest.mark.parametrize(
    ("timeline", "changes_at_least"),
    [
        ([MILAN_DOWN | {"at": "100 s", "for": "5 min"}], 2),
        ([MILAN_DOWN | {"at": "0 s", "for": "5 min"}], 2),
        ([MILAN_DOWN | FLAPS | {"at": "33 s"}], 8),
        ([MILAN_DOWN | FLAPS | {"at": "33 s", "mode": "error", "share": "97 %"}], 4),
        ([LOSES_HALF | {"at": "9 s"}], 5),
        ([{"link": {"from": REGIONS[0], "to": "everywhere"}, "mode": "cut", "at": "9 s", "for": "200 s"}], 2),
    ],
)
@pytest.mark.parametrize("protocol", ["http", "https"])
def test_agreement_is_about_statuses_that_do_change(
    timeline: list[Written], changes_at_least: int, protocol: str
) -> None:
    check = {"protocol": protocol, "interval": "10 s", "failure_threshold": 2}
    said, expected = compared(timeline, check, seed=3)[0]
    assert said == expected
    assert len(said) >= changes_at_least
