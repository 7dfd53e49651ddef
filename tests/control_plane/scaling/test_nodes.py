"""Nodes that follow their CPU, alarms, or the clock: when they come and go, by arithmetic."""

from itertools import pairwise
from typing import Any

import pytest

from simulator.outcome import Outcome
from tests.control_plane.building import REGIONS, SECOND, Written
from tests.control_plane.scaling.busy import (
    HALF,
    HERE,
    MINUTE,
    Load,
    actions,
    fleet,
    from_20,
    of_kind,
    refusals,
)


def steady(_: float) -> float:
    """179 s a minute, a little less than half of what six nodes can do."""
    return 179


def test_at_its_target_nothing_happens() -> None:
    assert actions(fleet(steady, **HALF)) == []


def test_it_scales_out_after_three_minutes_and_their_delay_to_the_load_at_the_target() -> None:
    """From minute 20 on 269 s of 360: 75 %. Nine nodes would be at 50 %.

    The third minute ends at 23; it is published one to three minutes later and seen within another: 24 to 27.
    """
    outcome = fleet(from_20(179, 269), **HALF)
    ((at, before, to),) = actions(outcome)
    assert 24 <= at <= 27
    assert (before, to) == (6, 9)
    launched = of_kind(outcome, "node_launched")
    assert [event.at_ns / SECOND for event in launched] == pytest.approx([at * 60 + 40] * 3)


def test_a_look_multiplies_by_no_more_than_the_inverse_of_the_target() -> None:
    """The CPU ends at 100 %, however high the load: of six nodes at 100 % twelve would be at 50 %."""
    outcome = fleet(from_20(179, 359), **HALF)
    assert [(before, to) for _, before, to in actions(outcome)] == [(6, 12)]


def test_it_scales_in_after_fifteen_minutes_by_a_tenth_at_a_time() -> None:
    """From minute 20 on 60 s of 360: 17 %, for which two nodes would do; never fewer than three.

    One is taken away at 35 to 39 min, when 15 minutes are published; it counts while it leaves, 300 s, so
    that the next one goes five minutes later.
    """
    found = actions(fleet(from_20(179, 59), **HALF))
    assert [(before, to) for _, before, to in found] == [(6, 5), (5, 4), (4, 3)]
    times = [at for at, _, _ in found]
    assert 36 <= times[0] <= 39
    assert [after - before for before, after in pairwise(times)] == pytest.approx([5, 5])


def test_within_a_tenth_below_the_target_nothing_is_taken_away() -> None:
    """165 s of 360 is 46 %, above 45 %; at 44.4 % six nodes are still wanted: five would be at 53 %."""
    assert actions(fleet(from_20(179, 165), **HALF)) == []
    assert actions(fleet(from_20(179, 160), **HALF)) == []


def test_scale_in_that_is_switched_off_takes_nothing_away() -> None:
    assert actions(fleet(from_20(179, 0), track={"target": "50 %", "scale_in": False})) == []


def test_of_several_metrics_any_adds_and_all_must_agree_to_take_away() -> None:
    """The CPU is at 50 %; 716 answers (179 of each of four statuses) are 119 a node."""
    both = [{"target": "90 %"}, {"metric": "load_balancer.request_count_per_target", "target": "120"}]
    assert actions(fleet(steady, track=both)) == []
    assert actions(fleet(steady, track=both[:1])) != []
    more = [{"target": "90 %"}, {"metric": "load_balancer.request_count_per_target", "target": "80"}]
    assert [to for _, _, to in actions(fleet(steady, track=more))] == [9]


def test_what_leaves_gets_no_request_from_the_zone_that_has_most() -> None:
    outcome = fleet(from_20(179, 59), **HALF)
    gone = [event.target for event in of_kind(outcome, "node_left")]
    assert gone == [f"api@{HERE} node {number}" for number in (5, 4, 3)]


@pytest.mark.parametrize(("node", "back"), [(5, []), (0, [45])])
def test_one_that_is_taken_away_while_it_is_dead_does_not_come_back(node: int, back: list[float]) -> None:
    """Killed in minute 35 for ten minutes; node 5 is taken away in the 36th to 39th, node 0 stays."""
    small = {"memory": "50 MB", "request_memory": "1 MB", "restart": "10 min"}
    outcome = fleet(from_20(179, 59), nodes=small, deaths=[(35, node)], **HALF)
    assert [event.target for event in of_kind(outcome, "node_killed")] == [f"api@{HERE} node {node}"]
    assert 36 <= of_kind(outcome, "node_left")[0].at_ns / MINUTE <= 39
    assert [event.at_ns / MINUTE for event in of_kind(outcome, "node_restarted")] == back


def test_the_most_is_the_most_and_it_says_so_once() -> None:
    outcome = fleet(from_20(179, 359), max=8, **HALF)
    assert [(before, to) for _, before, to in actions(outcome)] == [(6, 8)]
    assert refusals(outcome) == ["8 nodes are the most"]


def test_nothing_is_changed_while_the_control_plane_refuses() -> None:
    """Frozen from 10 to 60 min: told once; done at the first look after that."""
    frozen = {"at": "10 min", "until": "60 min", "control_plane": "auto_scaling", "region": HERE}
    outcome = fleet(from_20(179, 269), frozen, **HALF)
    ((at, _, to),) = actions(outcome)
    assert to == 9
    assert 60 <= at <= 61
    assert refusals(outcome) == [f"Auto Scaling's control plane in {HERE} refuses changes"]


def test_what_has_been_asked_for_is_launched_once_ec2_does() -> None:
    frozen = {"at": "10 min", "until": "60 min", "control_plane": "ec2", "region": HERE}
    outcome = fleet(from_20(179, 269), frozen, **HALF)
    ((at, _, _),) = actions(outcome)
    assert at <= 27
    assert refusals(outcome) == [f"EC2's control plane in {HERE} refuses changes"]
    launched = of_kind(outcome, "node_launched")
    assert len(launched) == 3
    assert all(60 <= event.at_ns / MINUTE - 40 / 60 <= 61 for event in launched)


def test_a_region_that_is_down_is_not_looked_at() -> None:
    dark = {"at": "15 min", "until": "60 min", "region": HERE, "mode": "black_hole"}
    ((at, before, to),) = actions(fleet(from_20(179, 269), dark, **HALF))
    assert (before, to) == (6, 9)
    assert 60 <= at <= 67  # three minutes that begin before or after its end, their delay, and a look


def test_a_zone_that_is_down_gets_no_new_node() -> None:
    """Numbers 6 and 8 are in the zones that are up, and so are 9, 11 and 12."""
    dark = {"at": "10 min", "zone": f"{HERE}b", "mode": "refused"}
    outcome = fleet(from_20(179, 269), dark, **HALF)
    launched = {event.target for event in of_kind(outcome, "node_launched")}
    assert launched == {f"api@{HERE} node {number}" for number in (6, 8, 9)}


def test_the_log_says_from_what_it_follows() -> None:
    """From the newest fault, as an alarm on a metric does; the nodes follow from the scaler."""
    surge = {"at": "19 min", "surge": f"near {REGIONS[0]}", "factor": 2}
    outcome = fleet(from_20(179, 269), surge, **HALF)
    (asked,) = of_kind(outcome, "scaled")
    assert asked.cause is not None
    assert outcome.events[asked.cause].kind == "fault_on"
    assert {event.cause for event in of_kind(outcome, "node_launched")} == {asked.number}
    assert asked.detail["countermeasure"] == "web"


# steps


BUSY = {"metric": "nodes.cpu_utilization", "of": f"api@{HERE}", "threshold": "> 60 %"}


def stepped(load: Load, bounds: list[Written], alarm: Written = BUSY, **more: Any) -> Outcome:
    policy = {"on": {"alarm": "cpu"}, "bounds": bounds} | more.pop("policy", {})
    return fleet(load, alarms={"cpu": alarm}, steps=[policy], **more)


def test_steps_follow_the_alarm_each_minute_and_count_what_is_on_its_way() -> None:
    """From minute 20 on 75 %, 15 beyond: two nodes. They warm up for 10 min, during which no more are added.

    Once they count, the CPU is at 270 / 480 = 56 %: the alarm is over.
    """
    outcome = stepped(from_20(179, 269), [{"by": 2}, {"from": 20, "by": 10}], warm_up="10 min")
    ((at, before, to),) = actions(outcome)
    assert (before, to) == (6, 8)
    assert 22 <= at <= 25
    (asked,) = of_kind(outcome, "scaled")
    assert asked.detail["policy"] == "steps on alarm cpu"
    assert outcome.events[asked.cause or 0].kind == "alarm_changed"


def test_a_step_that_takes_away_waits_until_what_it_took_has_left() -> None:
    """50 % of six are three; while these leave, 50 % of all are no more than that; then 50 % of three."""
    idle = BUSY | {"threshold": "< 20 %"}
    outcome = stepped(from_20(179, 30), [{"by": -50}], idle, policy={"change": "percent"}, min=0)
    found = actions(outcome)
    assert [(before, to) for _, before, to in found][:2] == [(6, 3), (3, 2)]
    assert found[1][0] - found[0][0] == pytest.approx(5)


# the clock


def test_the_clock_sets_limits_and_capacity() -> None:
    """The run begins at 07:30. At 08:00 nine at least; at 08:30 at most five; at 09:00 four."""
    schedule = [{"at": "08:00", "min": 9}, {"at": "08:30", "min": 3, "max": 5}, {"at": "09:00", "desired": 4}]
    outcome = fleet(steady, schedule=schedule, time_of_day="07:30")
    assert actions(outcome) == [(30, 6, 9), (60, 9, 5), (90, 5, 4)]
    assert {event.cause for event in of_kind(outcome, "scaled")} == {None}
    assert len(of_kind(outcome, "node_left")) == 5


def test_what_the_clock_asks_for_is_done_once_it_can_be() -> None:
    frozen = {"at": "10 min", "until": "40 min", "control_plane": "auto_scaling"}
    outcome = fleet(steady, frozen, schedule=[{"at": "00:30", "min": 9}])
    ((at, _, to),) = actions(outcome)
    assert to == 9
    assert 40 <= at <= 41


def test_a_plan_that_adds_nodes_is_not_undone() -> None:
    """It raises what is asked for, and the most; then the CPU, at 180 of 900, is too low for a while."""
    step = {"scale": "api", "in": HERE, "to": {"per_zone": 5}}
    plan = {"trigger": {"at": "10 min"}, "decision": "none", "steps": [step]}
    outcome = fleet(steady, max=12, plans={"grow": plan}, **HALF)
    found = actions(outcome)
    assert found[0][1:] == (15, 14)
    assert 25 <= found[0][0] <= 32


def test_the_quota_of_nodes_counts_those_of_other_services() -> None:
    """Twelve are asked for, six more; with the three of another service there would be fifteen."""
    regions: Written = {region: {} for region in REGIONS} | {HERE: {"quotas": {"nodes": 12}}}
    other: Written = {"regions": [HERE], "operations": {"ask": [{"compute": "1 ms"}]}}
    other |= {"compute": {"nodes": {"per_zone": 1}}}
    outcome = fleet(from_20(179, 359), max=12, regions=regions, services={"other": other}, **HALF)
    assert [(before, to) for _, before, to in actions(outcome)] == [(6, 12)]
    assert refusals(outcome)[0] == f"6 more nodes beside 9 are above the account's quota of 12 in {HERE}"
    assert of_kind(outcome, "node_launched") == []
