"""One session's story: what it did and met, how long it lost, and which session lost most."""

from typing import Any

import pytest

from simulator.boundary.kinds import ORDINAL_BITS
from simulator.data_plane.plane import TRACE_ALL, CompiledPlane
from simulator.errors import UsageError
from simulator.explore.losses import Losses
from simulator.explore.stories import story_of, worst_session
from simulator.language.files import Loaded
from simulator.result.story import Act, Story
from simulator.simulation import play
from tests.small import HERE, THERE, Written, experiment, plan_of, read, topology

SILENCE: Written = {"at": "1 min", "until": "3 min", "region": HERE, "mode": "black_hole"}
FAILOVER: Written = {
    "health_checks": {"api-up": {"interval": "10 s", "failure_threshold": 3}},
    "dns": {
        "api.example": {
            "service": "api",
            "policy": "failover",
            "order": [HERE, THERE],
            "ttl": "30 s",
            "health_check": "api-up",
        }
    },
}


def shop(**changes: Any) -> Loaded:
    """Eight sessions near a region that is silent for two minutes, and a standby."""
    people = {"near": HERE, "sessions": 8, "think_time": "4 s", "actions": {"view": 1}}
    run = experiment(users={"people": people}, faults=[SILENCE], duration="6 min")
    return read(topology(**FAILOVER), run | changes)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return shop()


@pytest.fixture(scope="module")
def story(loaded: Loaded) -> Story:
    population, number = worst_session(loaded)
    return story_of(loaded, number, population)


def lost_s(acts: tuple[Act, ...], until_s: float) -> float:
    """From the begin of each first bad action to the end of the next good one, by hand."""
    lost, since = 0.0, None
    for act in acts:
        if not act.is_good:
            since = act.begin_s if since is None else since
        elif since is not None:
            assert act.end_s is not None
            lost, since = lost + act.end_s - since, None
    return lost if since is None else lost + until_s - since


def test_a_story_tells_each_action_with_its_tries_in_order(story: Story) -> None:
    assert [act.number for act in story.acts] == [*range(1, len(story.acts) + 1)]
    for before, after in zip(story.acts, story.acts[1:], strict=False):
        assert before.end_s is not None
        assert after.begin_s >= before.end_s
    for act in story.acts:
        assert act.tries[0].begin_s == act.begin_s
        assert act.tries[-1].end_s == act.end_s
        assert act.outcome == act.tries[-1].outcome or act.outcome == "unknown"


def test_what_it_met_is_told_by_its_cause_and_place(story: Story) -> None:
    bad = [one for act in story.acts if not act.is_good for one in act.tries]
    assert bad
    first = bad[0]
    assert (first.region, first.outcome, first.held_by) == (HERE, "timeout", "no_other_answer")
    assert 60 - 10 <= first.begin_s <= 180
    outdated = [one for one in bad if one.is_outdated and one.outcome != "succeeded"]
    assert {one.held_by for one in outdated} <= {"resolver_answers", "device_answers"}
    assert outdated


def test_its_lost_time_is_that_between_bad_actions_and_the_next_good_ones(story: Story) -> None:
    assert story.lost_s == pytest.approx(lost_s(story.acts, 360), abs=1e-6)
    assert 60 < story.lost_s < 240


def test_the_losses_of_all_sessions_are_those_that_the_run_measures() -> None:
    """The kernel adds up whole milliseconds of each trouble; the trace knows nanoseconds."""
    surge = {"at": "1 min", "until": "5 min", "surge": "people", "factor": 3}
    people = {"near": HERE, "arrivals": "1/s", "session_length": "1 min", "think_time": "4 s"}
    users = {"people": people | {"actions": {"view": 1}}}
    run = experiment(users=users, faults=[SILENCE, surge], warm_up="1 min", duration="6 min")
    plan = plan_of(topology(**FAILOVER), run)
    losses = Losses(plan.data)
    plane = CompiledPlane(plan.data, trace=TRACE_ALL).told(losses.hear)
    outcome = play(plan, plane)
    assert len(plane.rows()) == 0  # all were handed on
    losses.end(plane.in_progress())
    in_trouble = len(losses.lost_ns)
    assert in_trouble > 50
    found_ms = sum(losses.lost_ns.values()) / 10**6
    assert outcome.tallies.lost_user_ms <= found_ms <= outcome.tallies.lost_user_ms + 4 * in_trouble


def test_the_worst_session_lost_no_less_than_any_other(loaded: Loaded, story: Story) -> None:
    others = [story_of(loaded, number).lost_s for number in range(8)]
    assert max(others) == story.lost_s
    assert others.index(max(others)) == story.session


def test_a_user_who_waits_when_the_run_ends_has_an_action_that_is_not_over() -> None:
    people = {"near": HERE, "sessions": 3, "think_time": "1 s", "actions": {"view": 1}}
    endless = {key: value for key, value in SILENCE.items() if key != "until"}
    run = shop(users={"people": people}, faults=[endless], duration="65 s")
    told = [story_of(run, number) for number in range(3)]
    assert all(one.acts[-1].end_s is None for one in told)
    assert all(one.end_s is None and one.acts[-1].held_by is not None for one in told)


def test_a_story_counts_from_the_end_of_the_warm_up(story: Story) -> None:
    warm = shop(warm_up="2 min")
    told = story_of(warm, worst_session(warm)[1])
    assert told.acts[0].begin_s < told.acts[-1].begin_s < 360
    assert (told.acts[0].end_s or -1) >= 0
    assert [one.at_s for one in told.happenings if one.kind == "fault_on"] == [60.0]
    assert told.lost_s == pytest.approx(lost_s(told.acts, 360), abs=1e-6)
    assert story.happenings[0].at_s == 60.0


def test_there_must_be_such_a_session(loaded: Loaded) -> None:
    with pytest.raises(UsageError, match="no session 8 of people took place in this run; --worst finds one"):
        story_of(loaded, 8)
    with pytest.raises(UsageError, match="there is no population 'lions'; there is people"):
        story_of(loaded, 0, "lions")
    calm = shop(faults=[])
    with pytest.raises(UsageError, match="every user was served well"):
        worst_session(calm)


def test_the_number_of_a_session_is_that_of_its_population() -> None:
    people = {"near": HERE, "sessions": 2, "think_time": "4 s", "actions": {"view": 1}}
    two = shop(users={"first": people, "second": people | {"near": THERE}})
    assert story_of(two, 1, "second").near == THERE
    assert story_of(two, 1, "first").session == 1
    with pytest.raises(UsageError, match="--session needs the population, too, such as first:1"):
        story_of(two, 1)
    assert 1 << ORDINAL_BITS > 2
